#include "engine/guard/guard_wait.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "platform/plat_proc.h"
#include "platform/plat_sig.h"
#include "platform/plat_time.h"

/* Who is waited for may be joined by others, or close its files. */
enum { LOOK_NAMES_MS = 5000, LOOK_FILES_MS = 1000 };

void
guard_await(const struct guard_matches *who, unsigned ms)
{
	struct plat_proc_id *ids = mem_zero(who->n, sizeof(*ids));
	for (size_t i = 0; i < who->n; i++)
		ids[i] =
		    (struct plat_proc_id){who->v[i].pid, who->v[i].started};
	plat_proc_await(ids, who->n, ms);
	free(ids);
}

static bool
same(const struct guard_matches *a, const struct guard_matches *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].pid != b->v[i].pid ||
		    a->v[i].started != b->v[i].started)
			return false;
	return true;
}

static uint64_t
look_again_in(const struct guard_matches *who)
{
	for (size_t i = 0; i < who->n; i++)
		if (who->v[i].kind == GUARD_HOLDER ||
		    who->v[i].kind == GUARD_UNKNOWN)
			return LOOK_FILES_MS;
	return LOOK_NAMES_MS;
}

static int
look(struct guard_matches *out, const struct guard_wait *w, struct err *e)
{
	struct plat_dir *root = NULL;
	/* Where there is no folder, nobody holds anything in it. */
	if (w->root != NULL)
		(void)plat_dir_open(&root, w->root, NULL);
	int rc = guard_look(out, w->config, root, e);
	plat_dir_close(root);
	return rc;
}

/* What is there now takes the place of what was told of last. */
static void
tell(struct guard_matches *told, struct guard_matches *now,
    const struct guard_wait *w)
{
	if (w->waiting != NULL && !same(told, now))
		w->waiting(w->arg, now);
	guard_matches_free(told);
	*told = *now;
	*now = (struct guard_matches){.v = NULL};
}

int
guard_wait(
    struct guard_matches *left, const struct guard_wait *w, struct err *e)
{
	uint64_t end = w->seconds < 0
	    ? UINT64_MAX
	    : plat_ticks() + (uint64_t)w->seconds * 1000;
	struct guard_matches now = {.v = NULL};
	int rc = 0;
	for (;;) {
		rc = look(&now, w, e);
		if (rc == 0 && now.n > 0)
			rc = plat_sig_check(e);
		uint64_t time = plat_ticks();
		if (rc != 0 || now.n == 0)
			break;
		tell(left, &now, w);
		if (time >= end) {
			rc = 1;
			break;
		}
		uint64_t ms = look_again_in(left);
		guard_await(
		    left, (unsigned)(end - time < ms ? end - time : ms));
	}
	if (rc == 0)
		guard_matches_clear(left);
	guard_matches_free(&now);
	return rc;
}
