#include "cli/out/machines_view.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "cli/out/out_plan.h"
#include "platform/plat_time.h"

static const char *
when(char *buf, int64_t time)
{
	struct stamp t = {.sec = time};
	return stamp_iso(buf, t, plat_zone_offset(t), 0);
}

/* ---- for programs ---- */

static void
put_faults(struct json *j, const struct run *run)
{
	json_key(j, "paths");
	json_array(j);
	for (size_t i = 0; i < run->faults.n; i++) {
		const struct complete_fault *f = &run->faults.v[i];
		const char *id = f->machine != ROSTER_NOBODY
		    ? run->folder.roster.ids.v[f->machine]
		    : NULL;
		json_object(j);
		json_path(j, "path", f->path, f->path_len);
		json_put_string(j, "problem", complete_word(f->why));
		json_put_string(j, "machine", id);
		json_end(j);
	}
	json_end(j);
}

void
json_cloud(struct json *j, const struct run *run)
{
	struct machines_cloud c;
	char text[STAMP_ISO_SIZE];
	machines_cloud(&c, run);
	json_key(j, "cloud");
	json_object(j);
	if (c.known) {
		json_put_bool(j, "complete", c.complete);
	} else {
		json_key(j, "complete");
		json_null(j);
	}
	json_put_uint(j, "missing", c.missing);
	json_put_string(j, "machine", c.machine);
	json_put_uint(j, "generation", c.generation);
	json_put_string(
	    j, "time", c.machine != NULL ? when(text, c.time) : NULL);
	json_put_bool(j, "unpublished", c.unpublished);
	put_faults(j, run);
	json_end(j);
}

static void
put_manifest(struct json *j, const struct manifest *m)
{
	char text[STAMP_ISO_SIZE], code[HANDCODE_SIZE];
	const struct manifest_head *h = m != NULL ? &m->head : NULL;
	json_put_string(j, "label", h != NULL ? h->label : NULL);
	json_put_uint(j, "generation", h != NULL ? h->generation : 0);
	json_put_string(j, "time", h != NULL ? when(text, h->time) : NULL);
	json_put_string(j, "os", h != NULL ? h->os : NULL);
	json_put_uint(j, "files", h != NULL ? h->files : 0);
	json_put_uint(j, "bytes", h != NULL ? h->bytes : 0);
	json_put_string(
	    j, "code", h != NULL ? handcode_text(code, h->root) : NULL);
}

void
json_machines(struct json *j, const struct run *run)
{
	struct machine_row *rows;
	size_t n = machines_rows(&rows, run);
	json_key(j, "machines");
	json_array(j);
	for (size_t i = 0; i < n; i++) {
		const struct machine_row *r = &rows[i];
		json_object(j);
		json_put_string(j, "id", r->id);
		put_manifest(j, r->manifest);
		json_put_bool(j, "self", r->self);
		json_put_bool(j, "newest", r->head);
		json_put_bool(j, "behind", r->behind);
		json_put_bool(j, "complete", r->complete);
		json_put_string(j, "trouble", r->trouble);
		json_end(j);
	}
	json_end(j);
	free(rows);
}

/* ---- for people ---- */

static void
add_standing(struct str *out, const struct machine_row *r)
{
	if (r->trouble != NULL)
		str_addf(out, "cannot be read: %s", r->trouble);
	else if (!r->complete)
		str_add(out, "not all of its work is here");
	else if (r->head)
		str_add(out, "newest");
	else
		str_add(out, r->behind ? "behind" : "up to date");
	if (r->self)
		str_add(out, ", this machine");
}

static void
add_row(struct out_table *t, const struct machine_row *r)
{
	char text[STAMP_ISO_SIZE];
	struct str name = STR_INIT, generation = STR_INIT, size = STR_INIT;
	struct str standing = STR_INIT;
	const struct manifest *m = r->manifest;
	str_add(&name, r->id);
	if (m != NULL && m->head.label[0] != '\0')
		str_addf(&name, " (%s)", m->head.label);
	if (m != NULL) {
		num_count(&generation, m->head.generation);
		num_count(&size, m->head.files);
	}
	add_standing(&standing, r);
	out_table_cell(t, name.p);
	out_table_cell(t, generation.p);
	out_table_cell(t, m != NULL ? when(text, m->head.time) : "");
	out_table_cell(t, m != NULL ? m->head.os : "");
	out_table_cell(t, size.p);
	out_table_cell(t, standing.p);
	str_free(&name);
	str_free(&generation);
	str_free(&size);
	str_free(&standing);
}

void
out_machines(struct out *o, const struct run *run)
{
	static const struct out_column columns[] = {
	    {.title = "machine", .fits = true},
	    {.title = "generation", .right = true}, {.title = "published"},
	    {.title = "system"}, {.title = "files", .right = true},
	    {.title = "standing"}};
	struct machine_row *rows;
	struct out_table t;
	size_t n = machines_rows(&rows, run);
	if (n > 0) {
		out_table_init(&t, columns, COUNT_OF(columns));
		for (size_t i = 0; i < n; i++)
			add_row(&t, &rows[i]);
		out_table_print(o, &t);
	}
	free(rows);
}

void
cloud_sentence(struct str *out, const struct run *run)
{
	struct machines_cloud c;
	char text[STAMP_ISO_SIZE];
	machines_cloud(&c, run);
	if (!c.known)
		str_add(out, "cannot tell whether it is complete");
	else if (c.complete)
		str_add(out, "complete");
	else if (c.missing == 0)
		str_add(out, "not complete");
	else
		str_addf(out, "not complete: %zu path%s not as published",
		    c.missing, c.missing == 1 ? " is" : "s are");
	if (c.machine != NULL)
		str_addf(out, "; generation %llu of '%s', published %s",
		    (unsigned long long)c.generation, c.machine,
		    when(text, c.time));
}

void
out_faults(struct out *o, const struct run *run, bool all)
{
	const struct complete *c = &run->faults;
	if (c->n > 0)
		out_plan_title(o, OUT_WARN, "Not here as published");
	for (size_t i = 0; i < c->n && (all || i < OUT_PLAN_FEW); i++) {
		out_add(o, "  ");
		out_name(o, c->v[i].path, c->v[i].path_len);
		out_line(o, ": %s", complete_word(c->v[i].why));
	}
	out_plan_more(o, c->n, all);
}
