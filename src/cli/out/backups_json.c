#include "cli/out/backups_view.h"
#include "cli/out/words.h"
#include "model/plan/plan_words.h"

static uint64_t
files_of(const struct snap_about *about)
{
	return about->files[SIDE_LOCAL] + about->files[SIDE_CLOUD];
}

static void
put_sides(struct json *j, const struct snaplist_item *item)
{
	json_key(j, "sides");
	json_array(j);
	for (enum side side = SIDE_LOCAL; side < SIDES; side++)
		if (item->readable && item->head.about.files[side] > 0)
			json_string(j, side_name(side));
	json_end(j);
}

static void
put_about(struct json *j, const struct snaplist_item *item)
{
	const struct snap_about *about = &item->head.about;
	struct str machine = STR_INIT;
	char time[STAMP_ISO_SIZE];
	bool known = item->readable;
	str_addn(&machine, item->about_id.machine, item->about_id.machine_len);
	json_put_string(j, "id", item->id);
	json_put_string(j, "time", stamp_iso(time, item->time, 0, 0));
	json_put_string(j, "machine", machine.p);
	json_put_string(j, "profile", known ? about->profile : NULL);
	json_put_string(j, "run", known ? about->run : NULL);
	json_put_string(j, "reason", known ? about->reason : NULL);
	json_put_string(
	    j, "format", item->form == SNAPREAD_ZIP ? "zip" : "dir");
	json_put_bool(j, "complete", backups_complete(item));
	json_put_uint(j, "files", known ? files_of(about) : 0);
	json_put_uint(j, "bytes",
	    known ? about->bytes[SIDE_LOCAL] + about->bytes[SIDE_CLOUD] : 0);
	put_sides(j, item);
	str_free(&machine);
}

static void
put_facts(struct json *j, const struct fingerprint *f)
{
	char hex[HASH_HEX_SIZE], time[STAMP_ISO_SIZE], mode[8];
	bool content = f->type == ENTRY_FILE || f->type == ENTRY_LINK;
	json_put_string(j, "type", plan_type_word(f->type));
	if (content) {
		json_put_uint(j, "size", f->size);
		json_put_string(
		    j, "hash", f->hashed ? hash_hex(hex, f->hash) : NULL);
	}
	json_put_string(j, "mtime", stamp_iso(time, f->mtime, 0, 9));
	snprintf(mode, sizeof(mode), "%04o", (unsigned)f->mode);
	json_put_string(j, "mode", mode);
}

static void
put_entry(struct json *j, const struct snap_entry *en)
{
	json_object(j);
	json_put_string(j, "side", side_name((enum side)en->side));
	json_path(j, "path", en->path, en->path_len);
	json_put_string(j, "what", snap_what_name((enum snap_what)en->what));
	if (en->from != NULL)
		json_path(j, "from", en->from, en->from_len);
	json_put_bool(j, "kept", en->kept);
	if (en->was.type != ENTRY_NONE)
		put_facts(j, &en->was);
	if (en->now.type != ENTRY_NONE) {
		json_key(j, "after");
		json_object(j);
		put_facts(j, &en->now);
		json_end(j);
	}
	json_end(j);
}

static void
put_entries(struct json *j, const struct snapmanifest *m)
{
	json_key(j, "entries");
	json_array(j);
	for (size_t i = 0; i < m->n; i++)
		put_entry(j, &m->v[i]);
	json_end(j);
}

static void
put_problems(struct json *j, const struct strlist *problems)
{
	json_key(j, "problems");
	json_array(j);
	for (size_t i = 0; i < problems->n; i++)
		json_string(j, problems->v[i]);
	json_end(j);
}

void
backups_put(struct json *j, const struct snaplist_item *item,
    const struct backups_news *news)
{
	json_object(j);
	put_about(j, item);
	if (news != NULL && news->problems != NULL)
		put_problems(j, news->problems);
	if (news != NULL && news->action != NULL) {
		json_put_string(j, "action", news->action);
		json_put_string(j, "why", news->why);
	}
	if (news != NULL && news->shown != NULL)
		put_entries(j, news->shown);
	json_end(j);
}
