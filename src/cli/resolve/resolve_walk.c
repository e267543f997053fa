/*
 * Going through conflicts at the terminal, one after the other.
 */
#include <string.h>

#include "cli/ask.h"
#include "cli/out/out_plan.h"
#include "cli/resolve/resolve.h"

/* What may be answered beside a side to take. */
enum answer { ANSWER_TAKE, ANSWER_SKIP, ANSWER_QUIT };

static const struct {
	char key;
	enum plan_take take;
} takes[] = {
    {'l', PLAN_TAKE_LOCAL},
    {'c', PLAN_TAKE_CLOUD},
    {'n', PLAN_TAKE_NEWER},
    {'b', PLAN_TAKE_BOTH},
    {'m', PLAN_TAKE_MERGE},
};

/* Another tool's conflict copy stands beside its original: the same keys. */
static void
explain_copy_keys(struct out *o)
{
	out_line(o, "  l  discard the copy; the original stays");
	out_line(o, "  c  take the copy in place of the original");
	out_line(o, "  n  whichever of the two is newer");
	out_line(o, "  b  keep both; the copy becomes a file of its own");
	out_line(o, "  m  merge the copy into the original, line by line");
}

static void
explain_sides(struct out *o)
{
	out_line(o, "  l  take the local side");
	out_line(o, "  c  take the cloud's side");
	out_line(o, "  n  take the newer one");
	out_line(o, "  b  keep both, the older under a name of its own");
	out_line(o, "  m  merge (logs that only grew)");
}

static void
explain_keys(struct out *o, const struct resolve_item *item)
{
	if (item->conflict.original != NULL)
		explain_copy_keys(o);
	else
		explain_sides(o);
	out_line(o, "  d  show what differs");
	out_line(o, "  s  skip: leave it for now");
	out_line(o, "  q  stop here; what was decided so far is done");
}

static bool
find_take(enum plan_take *out, char key)
{
	for (size_t i = 0; i < COUNT_OF(takes); i++) {
		if (takes[i].key == key) {
			*out = takes[i].take;
			return true;
		}
	}
	return false;
}

static int
ask_about(struct resolve_item *item, enum answer *out, struct cli_context *c,
    const struct run *run, struct err *e)
{
	struct str answer = STR_INIT;
	int rc;
	*out = ANSWER_QUIT; /* as the end of the input means */
	while (
	    (rc = ask_line(&answer, c, e, "Take [l,c,n,b,m,d,s,q,?]")) == 0) {
		char key = (char)(answer.len == 1 ? answer.p[0] : '?');
		if (find_take(&item->take, key))
			*out = ANSWER_TAKE;
		else if (key == 's')
			*out = ANSWER_SKIP;
		if (*out != ANSWER_QUIT || key == 'q')
			break;
		if (key == 'd')
			resolve_diff(&c->out, run, item);
		else
			explain_keys(&c->out, item);
	}
	str_free(&answer);
	return rc < 0 ? -1 : 0;
}

static bool
is_open(const struct resolve_item *item)
{
	return item->conflict.resolution == PLAN_UNRESOLVED;
}

int
resolve_walk(struct resolve_list *l, struct cli_context *c,
    const struct run *run, struct err *e)
{
	bool chosen = false, quit = false;
	for (size_t i = 0; i < l->n; i++)
		chosen |= l->v[i].picked;
	for (size_t i = 0; i < l->n; i++) {
		struct resolve_item *item = &l->v[i];
		enum answer answer = ANSWER_SKIP;
		bool asked = !quit && (chosen ? item->picked : is_open(item));
		item->picked = false;
		if (!asked)
			continue;
		out_plan_conflict(&c->out, &item->conflict);
		if (ask_about(item, &answer, c, run, e) != 0)
			return -1;
		item->picked = answer == ANSWER_TAKE;
		quit = answer == ANSWER_QUIT;
	}
	return 0;
}
