/*
 * How much of both trees is in order: what lies on both sides, but for what
 * the plan has something to say about.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/out/plan_view.h"

/* The same directory on both sides, half counted. */
struct pair {
	const struct tree_dir *dir[SIDES];
	size_t next[SIDES];
};

struct pairs {
	struct pair *v;
	size_t n, cap;
};

static bool
is_known(const struct entry *e)
{
	return e != NULL && e->type != ENTRY_UNKNOWN;
}

static void
push(struct pairs *stack, const struct entry *local, const struct entry *cloud)
{
	stack->v =
	    mem_grow(stack->v, &stack->cap, stack->n + 1, sizeof(*stack->v));
	stack->v[stack->n++] =
	    (struct pair){.dir = {local->u.dir, cloud->u.dir}};
}

static int
compare_names(const struct entry *a, const struct entry *b)
{
	size_t n = a->name_len < b->name_len ? a->name_len : b->name_len;
	int order = memcmp(a->name, b->name, n);
	return order != 0 ? order : (int)a->name_len - (int)b->name_len;
}

/* The next name both have; false at the end of either. */
static bool
next_shared(struct pair *p, const struct entry *out[SIDES])
{
	const struct tree_dir *l = p->dir[SIDE_LOCAL], *c = p->dir[SIDE_CLOUD];
	while (l != NULL && c != NULL && p->next[SIDE_LOCAL] < l->n &&
	    p->next[SIDE_CLOUD] < c->n) {
		out[SIDE_LOCAL] = &l->v[p->next[SIDE_LOCAL]];
		out[SIDE_CLOUD] = &c->v[p->next[SIDE_CLOUD]];
		int order = compare_names(out[SIDE_LOCAL], out[SIDE_CLOUD]);
		p->next[SIDE_LOCAL] += order <= 0;
		p->next[SIDE_CLOUD] += order >= 0;
		if (order == 0)
			return true;
	}
	return false;
}

/* Directory by directory, so that no path need be put together. */
static size_t
count_shared(const struct tree trees[SIDES])
{
	struct pairs stack = {.v = NULL};
	const struct entry *e[SIDES];
	size_t shared = 0;
	push(&stack, &trees[SIDE_LOCAL].root, &trees[SIDE_CLOUD].root);
	while (stack.n > 0) {
		if (!next_shared(&stack.v[stack.n - 1], e)) {
			stack.n--;
			continue;
		}
		shared += is_known(e[SIDE_LOCAL]) && is_known(e[SIDE_CLOUD]);
		if (e[SIDE_LOCAL]->type == ENTRY_DIR &&
		    e[SIDE_CLOUD]->type == ENTRY_DIR)
			push(&stack, e[SIDE_LOCAL], e[SIDE_CLOUD]);
	}
	free(stack.v);
	return shared;
}

size_t
plan_view_in_sync(const struct plan *plan, const struct items *items,
    const struct tree trees[SIDES])
{
	size_t shared = count_shared(trees), moved = 0, settled = 0;
	for (size_t i = 0; i < items->n; i++)
		moved += is_known(items->v[i].entry[SIDE_LOCAL]) &&
		    is_known(items->v[i].entry[SIDE_CLOUD]);
	for (size_t i = 0; i < plan->noutcomes; i++) {
		const struct plan_outcome *o = &plan->outcomes[i];
		settled += o->kind == OUTCOME_AGREE &&
		    o->action == PLAN_NO_ACTION &&
		    is_known(o->entry[SIDE_LOCAL]) &&
		    is_known(o->entry[SIDE_CLOUD]);
	}
	/* What lies in a directory that turned out to be unknown is among the
	   items, but not among what is shared. */
	return shared + settled > moved ? shared + settled - moved : 0;
}

size_t
plan_view_adopted(const struct plan *plan)
{
	size_t n = 0;
	for (size_t i = 0; i < plan->noutcomes; i++)
		n += plan->outcomes[i].kind == OUTCOME_AGREE &&
		    plan->outcomes[i].action == PLAN_NO_ACTION &&
		    plan->outcomes[i].base == NULL;
	return n;
}
