#include "engine/log/log.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "engine/log/log_files.h"
#include "engine/log/log_keep.h"
#include "engine/log/log_name.h"
#include "engine/log/log_private.h"
#include "engine/log/log_record.h"
#include "engine/log/log_writer.h"
#include "platform/plat_thread.h"
#include "platform/plat_time.h"

/* After a failure the log rests that long: a directory on a dead server may
   take seconds to say no, and the sync is not to wait for it each time. */
enum { REST_SECONDS = 5 };

enum { MEGABYTE = 1000 * 1000 };

/* Bytes of records held at most. */
enum { HELD_MAX = 64 * 1024 };

struct log {
	struct plat_mutex *mutex; /* guards everything below */
	char *dir, *profile, *machine, *run_id;
	struct stamp (*now)(void);
	int (*zone)(struct stamp t);
	int level, format;
	struct log_origin origin;
	struct log_place place;
	struct log_writer writer;
	struct str line; /* scratch: the record being written */
	bool gathering;  /* records wait in *held* … */
	struct str held; /* … whole ones, all of one day */
	uint64_t nheld;
	int64_t held_day;
	uint64_t missed;     /* records not written since the last that was */
	struct stamp failed; /* when writing was last tried, if missed > 0 */
	struct str trouble;  /* "" while nothing has gone wrong */
	bool told;
};

/* ---- trouble ---- */

static void
note_trouble(struct log *l, struct err *e)
{
	if (l->trouble.len > 0)
		return;
	char text[ERR_TEXT_SIZE];
	err_wrap(e, "log directory '%s'", l->place.dir);
	str_add(&l->trouble, err_text(e, text, sizeof(text)));
}

const char *
log_trouble(struct log *l)
{
	if (l == NULL)
		return NULL;
	plat_mutex_lock(l->mutex);
	const char *text = NULL;
	if (l->trouble.len > 0 && !l->told) {
		l->told = true;
		text = l->trouble.p;
	}
	plat_mutex_unlock(l->mutex);
	return text;
}

/* ---- writing ---- */

static void
keep(struct log *l, int64_t today)
{
	struct err e;
	if (log_keep(&l->place, &l->writer, today, &e) != 0)
		note_trouble(l, &e);
}

static int
write_lines(
    struct log *l, int64_t today, const struct str *lines, struct err *e)
{
	int rc = log_writer_put(&l->writer, today, lines, e);
	if (rc == 1)
		keep(l, today);
	return rc < 0 ? -1 : 0;
}

/* All of what is held is written, or missed. */
static void
flush(struct log *l)
{
	struct err e;
	if (l->nheld > 0 && write_lines(l, l->held_day, &l->held, &e) != 0) {
		l->missed += l->nheld;
		l->failed = l->now();
		note_trouble(l, &e);
	}
	str_clear(&l->held);
	l->nheld = 0;
}

/* Together they must find room in one file, as each would alone. */
static void
hold(struct log *l, int64_t today)
{
	size_t len = l->held.len + l->line.len;
	if (today != l->held_day || len > HELD_MAX || len > l->place.max_bytes)
		flush(l);
	str_addn(&l->held, l->line.p, l->line.len);
	l->held_day = today;
	l->nheld++;
}

/* Made, in *line*; returns its day. */
static int64_t
make_line(struct log *l, struct log_record *r)
{
	r->offset = l->zone(r->time);
	r->origin = &l->origin;
	str_clear(&l->line);
	log_record_put(&l->line, l->format, r);
	return log_day(r->time, r->offset);
}

static int
put(struct log *l, struct log_record *r, struct err *e)
{
	int64_t today = make_line(l, r);
	return write_lines(l, today, &l->line, e);
}

static bool
is_resting(const struct log *l, struct stamp now)
{
	return l->missed > 0 && stamp_near(now, l->failed, REST_SECONDS - 1);
}

/* The first record after a pause says that there was one. */
static int
put_gap(struct log *l, struct stamp now, struct err *e)
{
	if (l->missed == 0)
		return 0;
	struct str reason = STR_INIT;
	str_addf(
	    &reason, "records that could not be written: %" PRIu64, l->missed);
	struct log_fields fields = {.reason = reason.p};
	struct log_record r = {.time = now,
	    .level = CONFIG_LOG_WARNING,
	    .event = "log_gap",
	    .fields = &fields};
	int rc = put(l, &r, e);
	str_free(&reason);
	if (rc == 0)
		l->missed = 0;
	return rc;
}

static void
put_or_miss(struct log *l, struct log_record *r)
{
	struct err e;
	if (is_resting(l, r->time)) {
		l->missed++;
	} else if (l->gathering && l->missed == 0) {
		hold(l, make_line(l, r));
	} else if (put_gap(l, r->time, &e) != 0 || put(l, r, &e) != 0) {
		l->missed++;
		l->failed = r->time;
		note_trouble(l, &e);
	}
}

void
log_event(
    struct log *l, int level, const char *event, const struct log_fields *f)
{
	if (l == NULL || level < l->level)
		return;
	struct log_record r = {.level = level, .event = event, .fields = f};
	plat_mutex_lock(l->mutex);
	r.time = l->now(); /* here, so that times never go back */
	put_or_miss(l, &r);
	plat_mutex_unlock(l->mutex);
}

void
log_reason(struct log *l, int level, const char *event, const char *fmt, ...)
{
	if (l == NULL || level < l->level)
		return;
	struct str reason = STR_INIT;
	va_list ap;
	va_start(ap, fmt);
	str_vaddf(&reason, fmt, ap);
	va_end(ap);
	struct log_fields f = {.reason = reason.p};
	log_event(l, level, event, &f);
	str_free(&reason);
}

void
log_gather(struct log *l)
{
	if (l == NULL)
		return;
	plat_mutex_lock(l->mutex);
	l->gathering = true;
	plat_mutex_unlock(l->mutex);
}

void
log_let_go(struct log *l)
{
	if (l == NULL)
		return;
	plat_mutex_lock(l->mutex);
	flush(l);
	l->gathering = false;
	plat_mutex_unlock(l->mutex);
}

/* ---- life ---- */

static struct log_place
make_place(const struct log_setup *s, char *dir)
{
	struct str stem = STR_INIT;
	log_stem(&stem, s->profile, s->machine);
	return (struct log_place){.dir = dir,
	    .stem = str_take(&stem),
	    .max_bytes = s->max_bytes,
	    .keep_days = s->keep_days,
	    .pack = s->pack};
}

struct log *
log_start(const struct log_setup *s)
{
	struct log *l = mem_zero(1, sizeof(*l));
	l->mutex = plat_mutex_new();
	l->dir = mem_string(s->dir);
	l->profile = mem_string(s->profile);
	l->machine = mem_string(s->machine);
	l->run_id = mem_string(s->run_id);
	l->now = s->now;
	l->zone = s->zone;
	l->level = s->level;
	l->format = s->format;
	l->origin = (struct log_origin){
	    .run_id = l->run_id, .profile = l->profile, .machine = l->machine};
	l->place = make_place(s, l->dir);
	log_writer_init(&l->writer, &l->place);
	l->line = STR_INIT;
	l->held = STR_INIT;
	l->trouble = STR_INIT;

	struct stamp now = l->now();
	keep(l, log_day(now, l->zone(now)));
	return l;
}

struct log *
log_open(const struct config *c, const char *run_id)
{
	uint64_t mb = (uint64_t)c->logging.max_file_size_mb;
	bool limited = mb > 0 && mb <= UINT64_MAX / MEGABYTE;
	struct log_setup s = {.dir = c->logging.dir,
	    .profile = c->profile,
	    .machine = c->identity.machine_id,
	    .run_id = run_id,
	    .level = c->logging.level,
	    .format = c->logging.format,
	    .max_bytes = limited ? mb * MEGABYTE : UINT64_MAX,
	    .keep_days = c->logging.retention_days,
	    .pack = c->logging.archive_mode == CONFIG_ARCHIVE_ZIP,
	    .now = plat_now,
	    .zone = plat_zone_offset};
	return log_start(&s);
}

void
log_close(struct log *l)
{
	if (l == NULL)
		return;
	flush(l);
	log_writer_free(&l->writer);
	plat_mutex_destroy(l->mutex);
	free(l->place.stem);
	free(l->dir);
	free(l->profile);
	free(l->machine);
	free(l->run_id);
	str_free(&l->line);
	str_free(&l->held);
	str_free(&l->trouble);
	free(l);
}
