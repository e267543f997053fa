/*
 * A world as the planner sees it, and the plan as text.
 */
#include <string.h>

#include "support/world.h"

/* ---- the plan --------------------------------------------------------------
 */

/* What the engine would do: read what is asked for, and no more. */
static void
answer(struct planned *p)
{
	for (size_t i = 0; i < p->items.n; i++) {
		struct item *it = &p->items.v[i];
		for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
			struct entry *e = it->entry[s];
			if (it->needs & (NEEDS_HASH << s))
				tree_set_hash(&p->trees[s], e,
				    hash_of_content((enum entry_type)e->type,
					(char)e->nlink));
			if (e != NULL && !(it->needs & (NEEDS_PREFIX << s)))
				e->flags &= (uint8_t)~ENTRY_EXTENDS;
		}
	}
}

void
world_classify(struct planned *out, const struct world *w)
{
	classify(&out->items, out->trees, &out->agreed, &w->look);
	plan_ask(&out->items, &w->rules);
	answer(out);
	classify_settle(&out->items, &w->look);
}

void
world_plan(struct planned *out, const struct world *w, unsigned shuffle)
{
	world_build(out, w, shuffle);
	world_classify(out, w);
	plan_make(&out->plan, &out->items, out->trees, &out->agreed, &w->rules);
}

void
planned_free(struct planned *p)
{
	plan_free(&p->plan);
	items_free(&p->items);
	world_unbuild(p);
}

/* ---- as text ---------------------------------------------------------------
 */

static const char *const sides[] = {"local", "cloud"};

static void
write_steps(struct str *out, const struct plan *p)
{
	static const char *const kinds[] = {
	    "mkdir", "copy", "merge", "move", "remove", "rmdir"};
	for (size_t i = 0; i < p->nsteps; i++) {
		const struct plan_step *s = &p->steps[i];
		str_addf(out, "step %s %s %s", kinds[s->kind], sides[s->side],
		    s->path);
		if (s->kind == STEP_COPY || s->kind == STEP_MOVE)
			str_addf(
			    out, " from %s %s", sides[s->from_side], s->from);
		str_add(out, s->unit != 0 ? " in unit\n" : "\n");
	}
}

static void
write_actions(struct str *out, const struct plan *p)
{
	static const char *const ops[] = {
	    "copy", "delete", "mkdir", "rmdir", "merge", "move", "keep_both"};
	static const char *const to[] = {"local", "cloud", "both"};
	static const char *const why[] = {
	    "new", "changed", "deleted", "resolved", "restored"};
	for (size_t i = 0; i < p->nactions; i++) {
		const struct plan_action *a = &p->actions[i];
		str_addf(out, "%s to %s %.*s %s", ops[a->op], to[a->to],
		    (int)a->path_len, a->path, why[a->reason]);
		if (a->other != NULL)
			str_addf(out, " (%s)", a->other);
		str_add(out, "\n");
	}
}

static void
write_told(struct str *out, const struct plan *p)
{
	static const char *const kinds[] = {"both_modified", "both_created",
	    "modified_deleted", "deleted_modified", "type_changed",
	    "case_collision", "group", "provider_copy"};
	static const char *const ends[] = {
	    "unresolved", "local", "cloud", "kept both", "merged"};
	static const char *const skips[] = {"symlink", "special", "unreadable",
	    "changed", "invalid_name", "equal_mtime", "placeholder",
	    "held_copy", "direction", "policy"};
	for (size_t i = 0; i < p->nconflicts; i++) {
		const struct plan_conflict *c = &p->conflicts[i];
		str_addf(out, "conflict %s %.*s %s\n", kinds[c->kind],
		    (int)c->path_len, c->path, ends[c->resolution]);
	}
	for (size_t i = 0; i < p->nskipped; i++) {
		const struct plan_skipped *s = &p->skipped[i];
		str_addf(out, "skipped %s %s %.*s\n", skips[s->reason],
		    sides[s->side], (int)s->path_len, s->path);
	}
	if (p->blocked)
		str_add(out, "blocked\n");
}

void
plan_write_shown(struct str *out, const struct plan *p)
{
	write_actions(out, p);
	write_told(out, p);
}

void
plan_write_text(struct str *out, const struct plan *p)
{
	static const char *const kinds[] = {"agree", "forget", "settle"};
	write_actions(out, p);
	write_steps(out, p);
	for (size_t i = 0; i < p->noutcomes; i++)
		str_addf(out, "%s %.*s\n", kinds[p->outcomes[i].kind],
		    (int)p->outcomes[i].path_len, p->outcomes[i].path);
	write_told(out, p);
}
