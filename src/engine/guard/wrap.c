#include "engine/guard/wrap.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/guard/guard_wait.h"
#include "platform/plat_env.h"
#include "platform/plat_proc.h"
#include "platform/plat_sig.h"

/* How often to see who is left, for people; waiting itself needs no looks. */
enum { LOOK_MS = 2000, LEFT_MAX = 16 };

struct naming {
	const struct plat_proc_id *ids;
	size_t n;
	struct guard_matches *out;
};

static int
name_one(void *arg, const struct plat_proc *p)
{
	struct naming *s = arg;
	for (size_t i = 0; i < s->n; i++) {
		if (s->ids[i].pid != p->pid || p->zombie)
			continue;
		struct guard_matches *m = s->out;
		m->v = mem_grow(m->v, &m->cap, m->n + 1, sizeof(*m->v));
		m->v[m->n++] = (struct guard_match){.pid = p->pid,
		    .started = p->started,
		    .name = mem_string(p->name),
		    .why = mem_string("started by it")};
	}
	return 0;
}

/* Say who is left of it, unless that was said already. */
static void
tell_left(struct plat_child *child, const struct wrap *w, int64_t *told)
{
	struct plat_proc_id ids[LEFT_MAX];
	struct guard_matches left = {.v = NULL};
	size_t n = plat_child_left(child, ids, LEFT_MAX);
	struct naming s = {ids, n, &left};
	if (n == 0 || w->waiting == NULL || ids[0].pid == *told)
		return;
	(void)plat_proc_list(name_one, &s, NULL);
	if (left.n > 0) {
		*told = ids[0].pid;
		w->waiting(w->arg, &left);
	}
	guard_matches_free(&left);
}

int
wrap_run(int *code, const struct wrap *w, struct err *e)
{
	const struct plat_spawn how = {.argv = w->argv,
	    .output = w->to_error ? PLAT_OUT_ERROR : PLAT_OUT_SHARED,
	    .pass_signals = true};
	struct plat_child *child;
	int64_t told = 0;
	struct plat_terminal *terminal = plat_terminal_keep();
	int rc = plat_spawn(&child, &how, e);
	if (rc != 0) {
		plat_terminal_restore(terminal);
		return -1;
	}
	plat_child_pass_signals(child);
	while ((rc = plat_child_wait(child, LOOK_MS, code, NULL, 0, e)) > 0) {
		if (plat_sig_check(e) != 0) {
			rc = -1;
			break;
		}
		tell_left(child, w, &told);
	}
	plat_child_leave(child);
	plat_terminal_restore(terminal);
	return rc;
}

int
wrap_await(const struct wrap *w, struct err *e)
{
	struct guard_matches left = {.v = NULL};
	const struct guard_wait how = {
	    .config = w->config,
	    .root = w->config->paths.local_state_dir,
	    .seconds = -1,
	    .waiting = w->waiting,
	    .arg = w->arg,
	};
	int rc = guard_wait(&left, &how, e);
	guard_matches_free(&left);
	return rc;
}
