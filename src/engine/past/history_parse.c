#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "base/mem.h"
#include "base/num.h"
#include "engine/past/history_format.h"

/* ---- values: of the wrong kind, they say nothing ---- */

static int
get_text(char **out, struct json_read *r, struct err *e)
{
	if (json_read_value(r, e) != 0)
		return -1;
	if (r->kind == JSON_KIND_NULL)
		return 0;
	if (r->kind != JSON_KIND_STRING || strlen(r->text.p) != r->text.len)
		return err_set(e, ERR_CORRUPT, "'%s' is no text", r->key.p);
	free(*out);
	*out = mem_string(r->text.p);
	return 0;
}

static int
get_count(size_t *out, struct json_read *r, struct err *e)
{
	uint64_t n;
	if (json_read_uint(&n, r, e) != 0)
		return -1;
	*out = n > SIZE_MAX ? SIZE_MAX : (size_t)n;
	return 0;
}

/* ---- totals ---- */

static int
get_total(struct totals *t, struct json_read *r, struct err *e)
{
	const struct {
		const char *key;
		size_t *at;
	} counts[] = {
	    {"to_local", &t->to_side[SIDE_LOCAL]},
	    {"to_cloud", &t->to_side[SIDE_CLOUD]},
	    {"delete_local", &t->deleted[SIDE_LOCAL]},
	    {"delete_cloud", &t->deleted[SIDE_CLOUD]},
	    {"merged", &t->merged},
	    {"conflicts", &t->conflicts},
	    {"skipped", &t->skipped},
	    {"failed", &t->failed},
	};
	for (size_t i = 0; i < COUNT_OF(counts); i++)
		if (json_read_is(r, counts[i].key))
			return get_count(counts[i].at, r, e);
	if (json_read_is(r, "bytes_to_local"))
		return json_read_uint(&t->bytes[SIDE_LOCAL], r, e);
	if (json_read_is(r, "bytes_to_cloud"))
		return json_read_uint(&t->bytes[SIDE_CLOUD], r, e);
	return json_read_skip(r, e);
}

static int
get_totals(struct totals *out, struct json_read *r, struct err *e)
{
	int rc = json_read_object(r, e);
	while (rc == 0 && (rc = json_read_member(r, e)) == 1)
		rc = get_total(out, r, e);
	return rc;
}

/* ---- paths ---- */

static int
get_path_member(struct history_path *p, struct json_read *r, struct err *e)
{
	char *hex = NULL;
	int rc;
	if (json_read_is(r, "op"))
		return get_text(&p->op, r, e);
	if (json_read_is(r, "to"))
		return get_text(&p->to, r, e);
	if (json_read_is(r, "path")) {
		rc = p->path == NULL ? json_read_string(r, e)
				     : json_read_skip(r, e);
		if (rc == 0 && p->path == NULL) {
			p->path = mem_copy(r->text.p, r->text.len);
			p->path_len = r->text.len;
		}
		return rc;
	}
	if (!json_read_is(r, "path_hex"))
		return json_read_skip(r, e);
	struct str bytes = STR_INIT;
	rc = get_text(&hex, r, e);
	if (rc == 0 && hex != NULL &&
	    num_unhex(&bytes, hex, strlen(hex)) == 0) {
		free(p->path);
		p->path_len = bytes.len;
		p->path = str_take(&bytes);
	}
	str_free(&bytes);
	free(hex);
	return rc;
}

static int
get_path(struct history_run *run, struct json_read *r, struct err *e)
{
	run->paths = mem_grow(
	    run->paths, &run->cap_paths, run->npaths + 1, sizeof(*run->paths));
	struct history_path *p = &run->paths[run->npaths++];
	*p = (struct history_path){.path = NULL};
	int rc = json_read_object(r, e);
	while (rc == 0 && (rc = json_read_member(r, e)) == 1)
		rc = get_path_member(p, r, e);
	if (rc == 0 && (p->path == NULL || p->op == NULL || p->to == NULL))
		rc = err_set(e, ERR_CORRUPT, "a path says too little");
	return rc;
}

static int
get_paths(struct history_run *run, struct json_read *r, struct err *e)
{
	int rc = json_read_array(r, e);
	while (rc == 0 && (rc = json_read_item(r, e)) == 1)
		rc = get_path(run, r, e);
	return rc;
}

/* ---- a line ---- */

struct line {
	char *event;
	struct history_run run;
};

static int
get_member(struct line *l, struct json_read *r, struct err *e)
{
	struct history_run *run = &l->run;
	const struct {
		const char *key;
		char **at;
	} texts[] = {
	    {"event", &l->event},
	    {"run", &run->id},
	    {"command", &run->command},
	    {"result", &run->result},
	    {"message", &run->message},
	    {"snapshot", &run->snapshot},
	    {"finished_by", &run->finished_by},
	};
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		if (json_read_is(r, texts[i].key))
			return get_text(texts[i].at, r, e);
	if (json_read_is(r, "began_unix"))
		return json_read_int(&run->began.sec, r, e);
	if (json_read_is(r, "ended_unix"))
		return json_read_int(&run->ended.sec, r, e);
	if (json_read_is(r, "changed"))
		return json_read_bool(&run->changed, r, e);
	if (json_read_is(r, "more_paths"))
		return get_count(&run->more_paths, r, e);
	if (json_read_is(r, "totals"))
		return get_totals(&run->totals, r, e);
	if (json_read_is(r, "paths"))
		return get_paths(run, r, e);
	return json_read_skip(r, e);
}

static int
read_line(struct line *l, const char *text, size_t n, struct err *e)
{
	struct json_read *r = mem_alloc(sizeof(*r));
	json_read_text(r, text, n);
	int rc = json_read_object(r, e);
	while (rc == 0 && (rc = json_read_member(r, e)) == 1)
		rc = get_member(l, r, e);
	if (rc == 0)
		rc = json_read_end(r, e);
	json_read_free(r);
	free(r);
	if (rc != 0)
		return -1;
	if (l->event == NULL || l->run.id == NULL || l->run.id[0] == '\0')
		return err_set(e, ERR_CORRUPT, "it names no run");
	if (strcmp(l->event, "begin") != 0 && strcmp(l->event, "end") != 0)
		return err_set(e, ERR_CORRUPT, "neither a begin nor an end");
	l->run.finished = strcmp(l->event, "end") == 0;
	return 0;
}

/* ---- runs ---- */

static struct history_run *
find(struct history *h, const char *id)
{
	for (size_t i = h->n; i-- > 0;)
		if (strcmp(h->v[i].id, id) == 0)
			return &h->v[i];
	return NULL;
}

static void
swap_text(char **a, char **b)
{
	char *was = *a;
	*a = *b;
	*b = was;
}

/* The later line about a run counts; but who only finished another's run does
   not know how it began or all that it did. */
static void
take_news(struct history_run *run, struct history_run *news)
{
	if (news->finished_by == NULL) {
		struct history_run was = *run;
		*run = *news;
		*news = was;
		return;
	}
	run->finished = true;
	run->ended = news->ended;
	run->changed |= news->changed;
	swap_text(&run->result, &news->result);
	swap_text(&run->message, &news->message);
	swap_text(&run->finished_by, &news->finished_by);
	if (news->snapshot != NULL)
		swap_text(&run->snapshot, &news->snapshot);
	if (run->command == NULL)
		swap_text(&run->command, &news->command);
}

int
history_parse(struct history *h, const char *line, size_t n, struct err *e)
{
	struct line l = {.event = NULL};
	int rc = read_line(&l, line, n, e);
	if (rc == 0) {
		assert(l.run.id != NULL);
		struct history_run *run = find(h, l.run.id);
		if (run != NULL) {
			take_news(run, &l.run);
		} else {
			h->v = mem_grow(h->v, &h->cap, h->n + 1, sizeof(*h->v));
			h->v[h->n++] = l.run;
			l.run = (struct history_run){.id = NULL};
		}
	}
	history_run_free(&l.run);
	free(l.event);
	return rc;
}
