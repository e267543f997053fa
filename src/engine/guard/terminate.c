#include "engine/guard/terminate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "engine/guard/guard_wait.h"
#include "platform/plat_proc.h"
#include "platform/plat_sig.h"
#include "platform/plat_time.h"

/* What was killed is gone after a moment; a longer list than this helps nobody
   who has to say yes or no. */
enum { DEATH_MS = 5000, LISTED = 10 };

/* ---- may it be? ---- */

struct kinship {
	struct plat_kin {
		int64_t pid, parent;
	} * v;
	size_t n, cap;
};

static int
note_kin(void *arg, const struct plat_proc *p)
{
	struct kinship *k = arg;
	k->v = mem_grow(k->v, &k->cap, k->n + 1, sizeof(*k->v));
	k->v[k->n].pid = p->pid;
	k->v[k->n++].parent = p->parent;
	return 0;
}

static int64_t
parent_of(const struct kinship *k, int64_t pid)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->v[i].pid == pid)
			return k->v[i].parent;
	return 0;
}

/* Do we run below *pid*? Its end could be ours. */
static bool
is_ancestor(const struct kinship *k, int64_t pid)
{
	uint64_t started;
	int64_t at = plat_proc_self(&started);
	for (size_t steps = 0; at > 0 && steps < k->n; steps++) {
		at = parent_of(k, at);
		if (at == pid)
			return true;
	}
	return false;
}

static const char *
objection(const struct guard_match *m, const struct kinship *k)
{
	switch (m->kind) {
	case GUARD_BACKGROUND:
		return "is a background process";
	case GUARD_HOLDER:
		return "only has a file open";
	case GUARD_UNKNOWN:
		return "may be something else";
	case GUARD_APPLICATION:
		break;
	}
	if (m->foreign)
		return "belongs to another user";
	if (m->spared)
		return "is a program the system or the session stands on";
	return is_ancestor(k, m->pid) ? "is what coldsync runs in" : NULL;
}

/* One that may not be ended would be there afterwards: then nobody is. */
static bool
all_may(struct str *why, const struct guard_matches *who)
{
	struct kinship k = {.v = NULL};
	const char *no = NULL;
	if (plat_proc_list(note_kin, &k, NULL) != 0)
		no = "may be what coldsync runs in";
	for (size_t i = 0; i < who->n && no == NULL; i++)
		no = objection(&who->v[i], &k);
	if (no != NULL)
		str_addf(why, "it is not terminated: one %s", no);
	free(k.v);
	return no == NULL;
}

/* ---- is it wanted? ---- */

static void
add_question(
    struct str *out, const struct guard_matches *who, const struct config *c)
{
	str_addf(out,
	    "coldsync cannot sync '%s' while its application is running:\n",
	    c->profile);
	for (size_t i = 0; i < who->n && i < LISTED; i++) {
		const struct guard_match *m = &who->v[i];
		str_add(out, "  ");
		text_show(out, m->name, strlen(m->name));
		str_addf(out, " (pid %" PRId64 ")\n", m->pid);
	}
	if (who->n > LISTED)
		str_addf(out, "  and %zu more\n", who->n - LISTED);
	str_addf(out,
	    "Terminate %s now? Unsaved work in %s would be lost after "
	    "%" PRId64 " seconds.",
	    who->n == 1 ? "it" : "them", who->n == 1 ? "it" : "them",
	    c->process.terminate_timeout_seconds);
}

static bool
is_wanted(struct str *why, const struct guard_matches *who,
    const struct terminate *how)
{
	bool ask = how->confirm == TERMINATE_CONFIGURED
	    ? how->config->process.manual_terminate_confirmation
	    : how->confirm == TERMINATE_ASK;
	if (!ask)
		return true;
	struct str question = STR_INIT;
	add_question(&question, who, how->config);
	bool yes = how->agreed != NULL && how->agreed(how->arg, question.p);
	str_free(&question);
	if (!yes)
		str_add(why, "it is not terminated: nobody said yes");
	return yes;
}

/* ---- doing it ---- */

static size_t
count_alive(const struct guard_matches *who)
{
	size_t n = 0;
	for (size_t i = 0; i < who->n; i++)
		n += plat_proc_alive(who->v[i].pid, who->v[i].started);
	return n;
}

/* Until all have ended or *ms* are over. */
static int
await_all(const struct guard_matches *who, uint64_t ms, struct err *e)
{
	uint64_t end = plat_ticks() + ms;
	struct guard_matches alive = {.v = mem_zero(who->n, sizeof(*alive.v))};
	int rc = 0;
	for (;;) {
		uint64_t now = plat_ticks();
		alive.n = 0;
		for (size_t i = 0; i < who->n; i++)
			if (plat_proc_alive(who->v[i].pid, who->v[i].started))
				alive.v[alive.n++] = who->v[i];
		rc = plat_sig_check(e);
		if (rc != 0 || alive.n == 0 || now >= end)
			break;
		guard_await(&alive, (unsigned)(end - now));
	}
	free(alive.v);
	return rc;
}

static void
stop_all(const struct guard_matches *who, bool hard, struct err *why)
{
	for (size_t i = 0; i < who->n; i++)
		(void)plat_proc_stop(
		    who->v[i].pid, who->v[i].started, hard, why);
}

int
terminate(const struct guard_matches *who, const struct terminate *how,
    struct str *why, struct err *e)
{
	const struct config *c = how->config;
	struct err trouble = {.code = ERR_NONE};
	if (!c->process.allow_terminate_if_running || !all_may(why, who) ||
	    !is_wanted(why, who, how))
		return 1;
	uint64_t patience =
	    (uint64_t)c->process.terminate_timeout_seconds * 1000;
	stop_all(who, false, &trouble);
	if (await_all(who, patience, e) != 0)
		return -1;
	if (count_alive(who) == 0)
		return 0;
	err_clear(&trouble);
	stop_all(who, true, &trouble);
	if (await_all(who, DEATH_MS, e) != 0)
		return -1;
	if (count_alive(who) == 0)
		return 0;
	err_pass(e, &trouble);
	if (trouble.nframes == 0)
		err_set(e, ERR_REFUSED, "it does not end");
	err_wrap(e, "the application could not be terminated");
	e->code = ERR_REFUSED;
	return -1;
}
