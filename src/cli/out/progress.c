#include "cli/out/progress.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "cli/cli.h"
#include "platform/plat_thread.h"
#include "platform/plat_time.h"

enum {
	REDRAW_MS = 100,
	SETTLED_MS = 1000, /* before that a rate is a guess */
	WIDTH_DEFAULT = 80
};

/* Thirty years: who sees that need not be told. */
#define FOR_EVER_MS 1e12

struct progress {
	struct plat_mutex *mutex; /* guards everything below */
	struct progress_state state;
	uint64_t begun, drawn; /* plat_ticks */
	size_t width;
	size_t shown; /* columns of the line that stands there */
	bool told;    /* the totals are known */
};

/* ---- the line ---- */

static void
add_steps(struct str *out, const struct progress_state *s)
{
	num_count(out, s->steps);
	str_add(out, " of ");
	num_count(out, s->all_steps);
	str_add(out, " files");
}

static void
add_bytes(struct str *out, const struct progress_state *s)
{
	if (s->all_bytes == 0)
		return;
	num_size(out, s->bytes);
	str_add(out, " of ");
	num_size(out, s->all_bytes);
}

static void
add_rate(struct str *out, const struct progress_state *s)
{
	if (s->elapsed < SETTLED_MS || s->bytes == 0)
		return;
	num_size(out, (uint64_t)((double)s->bytes * 1000 / (double)s->elapsed));
	str_add(out, "/s");
}

/* Bytes, where there are any to copy, else steps, tell how far it is. */
static void
add_left(struct str *out, const struct progress_state *s)
{
	bool by_bytes = s->all_bytes > 0;
	double done = by_bytes ? (double)s->bytes : (double)s->steps;
	double all = by_bytes ? (double)s->all_bytes : (double)s->all_steps;
	if (s->elapsed < SETTLED_MS || done <= 0 || done >= all)
		return;
	double left = (double)s->elapsed * (all - done) / done;
	if (left >= FOR_EVER_MS)
		return;
	num_duration(out, (uint64_t)left / 1000 * 1000);
	str_add(out, " left");
}

/* The first parts matter most: what does not fit ends the line. */
void
progress_line(struct str *out, const struct progress_state *s, size_t width)
{
	typedef void part_fn(struct str * out, const struct progress_state *s);
	static part_fn *const parts[] = {
	    add_steps, add_bytes, add_rate, add_left};
	struct str part = STR_INIT;
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		str_clear(&part);
		str_add(&part, out->len > 0 ? "  " : "");
		size_t gap = part.len;
		parts[i](&part, s);
		if (part.len == gap)
			continue;
		if (text_width(out->p, out->len) +
			text_width(part.p, part.len) >
		    width)
			break;
		str_addn(out, part.p, part.len);
	}
	str_free(&part);
}

/* ---- drawing it ---- */

struct progress *
progress_new(int wanted, bool quiet)
{
	bool terminal = plat_is_terminal(PLAT_STDERR);
	if (wanted == CLI_PROGRESS_NEVER ||
	    (wanted != CLI_PROGRESS_ALWAYS && (quiet || !terminal)))
		return NULL;
	int columns = plat_terminal_width(PLAT_STDERR);
	struct progress *p = mem_zero(1, sizeof(*p));
	p->mutex = plat_mutex_new();
	/* The last column stays free: some terminals break the line there. */
	p->width = columns > 1 ? (size_t)columns - 1 : WIDTH_DEFAULT - 1;
	return p;
}

/* Write *text* over the line that stands there. */
static void
put(struct progress *p, const struct str *text)
{
	struct str line = STR_INIT;
	struct err ignored; /* who cannot see it misses nothing else */
	size_t width = text_width(text->p, text->len);
	str_addc(&line, '\r');
	str_addn(&line, text->p, text->len);
	for (size_t i = width; i < p->shown; i++)
		str_addc(&line, ' ');
	if (width < p->shown || width == 0)
		str_addc(&line, '\r');
	p->shown = width;
	(void)plat_out(PLAT_STDERR, line.p, line.len, &ignored);
	str_free(&line);
}

static void
draw(struct progress *p)
{
	struct str line = STR_INIT;
	uint64_t now = plat_ticks();
	if (!p->told || now - p->drawn < REDRAW_MS)
		return;
	p->drawn = now;
	p->state.elapsed = now - p->begun;
	progress_line(&line, &p->state, p->width);
	put(p, &line);
	str_free(&line);
}

void
progress_total(void *arg, size_t steps, uint64_t bytes)
{
	struct progress *p = arg;
	if (p == NULL)
		return;
	plat_mutex_lock(p->mutex);
	if (!p->told) {
		p->begun = plat_ticks();
		p->drawn = p->begun - REDRAW_MS;
	}
	p->told = true;
	p->state.all_steps += steps;
	p->state.all_bytes += bytes;
	draw(p);
	plat_mutex_unlock(p->mutex);
}

void
progress_step(void *arg, size_t steps, uint64_t bytes)
{
	struct progress *p = arg;
	if (p == NULL)
		return;
	plat_mutex_lock(p->mutex);
	p->state.steps += steps;
	p->state.bytes += bytes;
	draw(p);
	plat_mutex_unlock(p->mutex);
}

void
progress_end(struct progress *p)
{
	struct str nothing = STR_INIT;
	if (p == NULL)
		return;
	if (p->shown > 0)
		put(p, &nothing);
	plat_mutex_destroy(p->mutex);
	free(p);
}
