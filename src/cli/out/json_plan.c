#include "cli/out/json_plan.h"

#include <string.h>

#include "cli/out/words.h"
#include "model/plan/plan_words.h"

static void
put_action(struct json *j, const struct plan_view *v, size_t i)
{
	const struct plan_action *a = &v->plan->actions[i];
	enum apply_status status = plan_view_status(v, i);
	json_object(j);
	json_path(j, "path", a->path, a->path_len);
	json_put_string(j, "op", plan_op_word(a->op));
	json_put_string(j, "to", plan_to_word(a->to));
	json_put_string(j, "reason", plan_reason_word(a->reason));
	json_put_string(j, "type", plan_type_word(a->type));
	json_put_uint(j, "size", a->size);
	json_put_string(j, "status", words_status(status));
	json_put_string(j, "error", plan_view_error(v, i));
	if (a->other != NULL)
		json_path(j, a->op == PLAN_MOVE ? "from" : "copy", a->other,
		    strlen(a->other));
	json_end(j);
}

/* ---- conflicts ---- */

static void
put_entry(struct json *j, const char *key, const struct entry *e)
{
	char text[STAMP_ISO_SIZE], hex[HASH_HEX_SIZE];
	json_key(j, key);
	if (e == NULL) {
		json_null(j);
		return;
	}
	json_object(j);
	json_put_string(j, "type", plan_type_word(e->type));
	json_put_uint(j, "size", entry_is_content(e) ? e->size : 0);
	json_put_string(j, "mtime", stamp_iso(text, entry_mtime(e), 0, 9));
	if (entry_is_content(e) && e->u.hash != NULL)
		json_put_string(j, "hash", hash_hex(hex, *e->u.hash));
	json_end(j);
}

static void
put_conflict(struct json *j, const struct plan_conflict *c)
{
	json_object(j);
	json_path(j, "path", c->path, c->path_len);
	json_put_string(j, "kind", plan_kind_word(c->kind));
	if (c->group)
		json_path(j, "group", c->path, c->path_len);
	else
		json_put_string(j, "group", NULL);
	if (c->original != NULL)
		json_path(j, "original", c->original, strlen(c->original));
	put_entry(j, "local", c->entry[SIDE_LOCAL]);
	put_entry(j, "cloud", c->entry[SIDE_CLOUD]);
	json_put_string(j, "resolution", plan_resolution_word(c->resolution));
	json_end(j);
}

void
json_conflicts(struct json *j, const struct plan *p)
{
	json_key(j, "conflicts");
	json_array(j);
	for (size_t i = 0; i < p->nconflicts; i++)
		put_conflict(j, &p->conflicts[i]);
	json_end(j);
}

/* ---- skipped ---- */

static void
put_skip(struct json *j, const struct plan_skipped *s)
{
	json_object(j);
	json_path(j, "path", s->path, s->path_len);
	json_put_string(j, "side", side_name(s->side));
	json_put_string(j, "reason", plan_skip_word(s->reason));
	json_end(j);
}

static void
put_skipped(struct json *j, const struct plan_view *v)
{
	json_key(j, "skipped");
	json_array(j);
	for (size_t i = 0; i < v->plan->nskipped; i++)
		put_skip(j, &v->plan->skipped[i]);
	for (size_t i = 0; i < v->plan->nactions; i++) {
		const struct plan_action *a = &v->plan->actions[i];
		if (plan_view_changed(v, i))
			put_skip(j,
			    &(struct plan_skipped){.reason = PLAN_SKIP_CHANGED,
				.side = plan_view_read_side(a),
				.path = a->path,
				.path_len = a->path_len});
	}
	json_end(j);
}

/* ---- all of it ---- */

void
json_summary(struct json *j, const char *key, const struct plan_view *v)
{
	struct totals t;
	plan_view_totals(&t, v);
	json_key(j, key);
	json_object(j);
	json_put_uint(j, "in_sync", v->in_sync);
	totals_json(j, &t);
	json_end(j);
}

void
json_plan(struct json *j, const struct plan_view *v)
{
	json_put_string(j, "run_id", v->run_id);
	json_put_bool(j, "applied", v->applied);
	json_put_string(j, "snapshot", v->snapshot);
	json_summary(j, "summary", v);
	json_key(j, "actions");
	json_array(j);
	for (size_t i = 0; i < v->plan->nactions; i++)
		put_action(j, v, i);
	json_end(j);
	json_conflicts(j, v->plan);
	put_skipped(j, v);
	json_key(j, "notes");
	json_array(j);
	for (size_t i = 0; v->notes != NULL && i < v->notes->n; i++)
		json_string(j, v->notes->v[i]);
	json_end(j);
}

void
json_plan_none(struct json *j, const char *run_id)
{
	static const struct plan nothing;
	json_plan(j, &(struct plan_view){.plan = &nothing, .run_id = run_id});
}
