#include "base/num.h"
#include "cli/out/backups_view.h"
#include "cli/out/words.h"
#include "model/plan/plan_words.h"
#include "platform/plat_time.h"

bool
backups_worth_showing(const struct snaplist_item *item)
{
	return item->form != SNAPREAD_NONE || item->why.code != ERR_NONE;
}

const char *
backups_state(const struct snaplist_item *item)
{
	if (backups_complete(item))
		return "complete";
	return item->form == SNAPREAD_PARTIAL ? "incomplete" : "not readable";
}

void
backups_add_time(struct str *out, struct stamp t)
{
	struct stamp_parts p = stamp_parts(t.sec, plat_zone_offset(t));
	str_addf(out, "%04d-%02d-%02d %02d:%02d", (int)p.year, p.month, p.day,
	    p.hour, p.minute);
}

/* ---- the list ------------------------------------------------------------ */

static void
add_cell(struct out_table *t, struct str *text)
{
	out_table_cell(t, text->p);
	str_clear(text);
}

static void
add_numbers(struct out_table *t, const struct snaplist_item *item)
{
	const struct snap_about *about = &item->head.about;
	struct str text = STR_INIT;
	if (!item->readable) {
		out_table_cell(t, "?");
		out_table_cell(t, "?");
		return;
	}
	num_count(&text, about->files[SIDE_LOCAL] + about->files[SIDE_CLOUD]);
	add_cell(t, &text);
	num_size(&text, about->bytes[SIDE_LOCAL] + about->bytes[SIDE_CLOUD]);
	add_cell(t, &text);
	str_free(&text);
}

static void
add_row(struct out_table *t, const struct snaplist_item *item)
{
	struct str text = STR_INIT;
	backups_add_time(&text, item->time);
	add_cell(t, &text);
	out_table_cell(t, item->id);
	out_table_cell(t, item->readable ? item->head.about.reason : "?");
	str_addn(&text, item->about_id.machine, item->about_id.machine_len);
	add_cell(t, &text);
	add_numbers(t, item);
	out_table_cell(t, item->form == SNAPREAD_ZIP ? "zip" : "dir");
	out_table_cell(t, backups_state(item));
	str_free(&text);
}

void
backups_show_list(struct out *o, const struct backups *b)
{
	static const struct out_column columns[] = {{.title = "when"},
	    {.title = "id"}, {.title = "why"},
	    {.title = "machine", .fits = true},
	    {.title = "files", .right = true}, {.title = "size", .right = true},
	    {.title = "format"}, {.title = "state"}};
	struct out_table t;
	out_table_init(&t, columns, COUNT_OF(columns));
	for (size_t i = 0; i < b->list.n; i++)
		if (backups_worth_showing(&b->list.v[i]))
			add_row(&t, &b->list.v[i]);
	out_table_print(o, &t);
}

/* ---- one ----------------------------------------------------------------- */

static void
add_pair(struct out_table *t, const char *name, struct str *value)
{
	out_table_cell(t, name);
	add_cell(t, value);
}

static void
show_head(struct out *o, const struct snaplist_item *item,
    const struct snap_about *about)
{
	static const struct out_column columns[] = {
	    {.title = NULL}, {.title = NULL}};
	struct out_table t;
	struct str text = STR_INIT;
	out_table_init(&t, columns, COUNT_OF(columns));
	str_add(&text, about->id);
	add_pair(&t, "snapshot", &text);
	backups_add_time(&text, item->time);
	add_pair(&t, "made", &text);
	str_addf(&text, "%s (run %s)", about->reason, about->run);
	add_pair(&t, "by", &text);
	str_addf(&text, "%s, profile %s", about->machine, about->profile);
	add_pair(&t, "on", &text);
	num_count(&text, about->files[SIDE_LOCAL] + about->files[SIDE_CLOUD]);
	str_add(&text, " files, ");
	num_size(&text, about->bytes[SIDE_LOCAL] + about->bytes[SIDE_CLOUD]);
	add_pair(&t, "keeps", &text);
	out_table_print(o, &t);
	str_free(&text);
}

static void
add_size(struct out_table *t, const struct snap_entry *en)
{
	struct str text = STR_INIT;
	bool before = en->was.type != ENTRY_NONE;
	const struct fingerprint *f = before ? &en->was : &en->now;
	if (f->type != ENTRY_DIR)
		num_size(&text, f->size);
	add_cell(t, &text);
	str_free(&text);
}

static void
add_entry(struct out_table *t, const struct snap_entry *en)
{
	struct str text = STR_INIT;
	bool before = en->was.type != ENTRY_NONE;
	out_table_cell(t, side_name((enum side)en->side));
	out_table_cell(t, snap_what_name((enum snap_what)en->what));
	out_table_cell(t, plan_type_word(before ? en->was.type : en->now.type));
	add_size(t, en);
	if (before)
		backups_add_time(&text, en->was.mtime);
	add_cell(t, &text);
	str_addn(&text, en->path, en->path_len);
	if (en->from != NULL)
		str_addf(&text, " (was %s)", en->from);
	add_cell(t, &text);
	str_free(&text);
}

void
backups_show_one(struct out *o, const struct snaplist_item *item,
    const struct snapmanifest *m)
{
	static const struct out_column columns[] = {{.title = "side"},
	    {.title = "what"}, {.title = "type"},
	    {.title = "size", .right = true}, {.title = "of"},
	    {.title = "path", .fits = true}};
	struct out_table t;
	show_head(o, item, &m->about);
	if (m->n == 0)
		return;
	out_add(o, "\n");
	out_table_init(&t, columns, COUNT_OF(columns));
	for (size_t i = 0; i < m->n; i++)
		add_entry(&t, &m->v[i]);
	out_table_print(o, &t);
}

/* ---- pruning ------------------------------------------------------------- */

static const char *
action_of(const struct prune *p, size_t i, bool dry)
{
	if (dry)
		return retention_goes(p->v[i].reason) ? "would go" : "stays";
	return p->removed[i]                 ? "removed"
	    : retention_goes(p->v[i].reason) ? "failed"
					     : "stays";
}

void
backups_show_prune(struct out *o, const struct prune *p, bool dry)
{
	static const struct out_column columns[] = {{.title = "when"},
	    {.title = "id"}, {.title = "size", .right = true}, {.title = ""},
	    {.title = "because", .fits = true}};
	struct out_table t;
	struct str text = STR_INIT;
	out_table_init(&t, columns, COUNT_OF(columns));
	for (size_t i = 0; i < p->backups.list.n; i++) {
		const struct snaplist_item *item = &p->backups.list.v[i];
		if (!backups_worth_showing(item))
			continue;
		backups_add_time(&text, item->time);
		add_cell(&t, &text);
		out_table_cell(&t, item->id);
		num_size(&text, item->bytes);
		add_cell(&t, &text);
		out_table_cell(&t, action_of(p, i, dry));
		prune_reason(&text, p, i);
		add_cell(&t, &text);
	}
	out_table_print(o, &t);
	str_free(&text);
}
