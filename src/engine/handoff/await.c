#include "engine/handoff/await.h"

#include "platform/plat_sig.h"
#include "platform/plat_time.h"
#include "store/marker.h"

enum { POLL_MS = 1000 };

static int64_t
seconds_since(uint64_t start)
{
	return (int64_t)((plat_ticks() - start) / 1000);
}

/* How long what ended a run may still be waited for. */
static int64_t
patience(const struct await *a, const struct run *run)
{
	if (a->give_up != NULL && *a->give_up)
		return 0;
	switch (run->refusal) {
	case RUN_REFUSED_MARKER:
	case RUN_REFUSED_MANIFEST:
	case RUN_REFUSED_TIME:
	case RUN_REFUSED_INCOMPLETE:
	case RUN_REFUSED_EDITED:
	case RUN_REFUSED_OTHER:
		return a->seconds;
	case RUN_NOT_REFUSED:
	case RUN_REFUSED_TWIN:
		break;
	}
	return 0;
}

static int
run_once(struct run *out, const struct config *c,
    const struct run_options *options, const struct await *a, struct err *e)
{
	int rc = run_profile(out, c, options, e);
	if (rc == 0 && a->ready != NULL && !a->ready(a->ready_arg, out, e)) {
		out->refusal = RUN_REFUSED_OTHER;
		rc = -1;
	}
	return rc;
}

/* What comes is looked at first; only when it is what is waited for is the
   run itself tried. */
static int
try_again(struct run *out, const struct config *c,
    const struct run_options *options, const struct await *a, struct err *e)
{
	struct run_options look = *options;
	run_free(out);
	look.apply = false;
	int rc = run_once(out, c, &look, a, e);
	if (rc != 0 || !options->apply)
		return rc;
	run_free(out);
	return run_profile(out, c, options, e);
}

int
await_run(struct run *out, const struct config *c,
    const struct run_options *options, const struct await *a, struct err *e)
{
	uint64_t start = plat_ticks();
	struct run_options first = *options;
	int64_t left;
	/* What must be something in particular is looked for before it is
	   touched. */
	if (a->ready != NULL)
		first.apply = false;
	int rc = run_once(out, c, &first, a, e);
	if (rc == 0 && a->ready != NULL && options->apply) {
		run_free(out);
		rc = run_profile(out, c, options, e);
	}
	while (rc != 0 && !plat_sig_asked() &&
	    (left = patience(a, out) - seconds_since(start)) > 0) {
		if (a->tell != NULL)
			a->tell(a->tell_arg, e, left);
		plat_sleep(POLL_MS);
		if (!plat_sig_asked())
			rc = try_again(out, c, options, a, e);
	}
	return plat_sig_asked() && rc != 0 ? plat_sig_check(e) : rc;
}

/* How many markers; the folder itself may have to be delivered yet. */
static int
count_markers(size_t *out, const char *cloud, struct err *e)
{
	struct plat_dir *d;
	struct strlist found = STRLIST_INIT;
	*out = 0;
	if (plat_dir_open(&d, cloud, e) != 0)
		return e->code == ERR_NOTFOUND ? 0 : -1;
	int rc = marker_list(&found, d, e);
	*out = found.n;
	strlist_free(&found);
	plat_dir_close(d);
	return rc;
}

int
await_marker(const char *cloud, int64_t seconds, struct err *e)
{
	uint64_t start = plat_ticks();
	for (;;) {
		size_t n;
		int rc = count_markers(&n, cloud, e);
		if (rc != 0 || n > 0)
			return rc;
		if (seconds_since(start) >= seconds)
			return 1;
		plat_sleep(POLL_MS);
		if (plat_sig_check(e) != 0)
			return -1;
	}
}
