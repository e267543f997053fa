#include "store/snapshot/snapmanifest.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "model/merge/merge_time.h"
#include "store/snapshot/snapid.h"
#include "store/snapshot/snapmanifest_work.h"

enum head {
	HEAD_SCHEMA,
	HEAD_ID,
	HEAD_TIME,
	HEAD_MACHINE,
	HEAD_PROFILE,
	HEAD_RUN,
	HEAD_REASON,
	HEAD_FORMAT,
	HEAD_KEPT,
	HEAD_ENTRIES,
	HEADS,
};

static const char *const head_names[HEADS] = {
    [HEAD_SCHEMA] = "schema",
    [HEAD_ID] = "id",
    [HEAD_TIME] = "time",
    [HEAD_MACHINE] = "machine",
    [HEAD_PROFILE] = "profile",
    [HEAD_RUN] = "run",
    [HEAD_REASON] = "reason",
    [HEAD_FORMAT] = "format",
    [HEAD_KEPT] = "kept",
    [HEAD_ENTRIES] = "entries",
};

/* ---- words --------------------------------------------------------------- */

static const char *const side_names[SIDES] = {"local", "cloud"};

const char *
snap_side_name(enum side side)
{
	return side_names[side];
}

int
snapmanifest_broken(struct err *e, const char *what)
{
	return err_set(e, ERR_CORRUPT, "manifest: %s", what);
}

int
snapmanifest_member(const struct json_read *json, const char *const *names,
    int n, unsigned *seen, struct err *e)
{
	int i = 0;
	while (i < n && !json_read_is(json, names[i]))
		i++;
	if (i < n && (*seen & 1U << i) != 0)
		return snapmanifest_broken(e, "a member comes twice");
	if (i < n)
		*seen |= 1U << i;
	return i;
}

int
snapmanifest_word(uint8_t *out, struct json_read *json,
    const char *const *words, size_t n, struct err *e)
{
	if (json_read_string(json, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (strlen(words[i]) == json->text.len &&
		    memcmp(words[i], json->text.p, json->text.len) == 0) {
			*out = (uint8_t)i;
			return 0;
		}
	}
	return snapmanifest_broken(e, "a word that means nothing");
}

/* ---- the head ------------------------------------------------------------ */

static int
read_schema(struct json_read *json, struct err *e)
{
	uint64_t schema;
	if (json_read_uint(&schema, json, e) != 0)
		return -1;
	return schema == 1
	    ? 0
	    : err_set(e, ERR_UNSUPPORTED, "manifest: of a newer version");
}

static int
read_text(const char **out, struct snapmanifest_reader *r, struct err *e)
{
	struct str *text = &r->json.text;
	if (json_read_string(&r->json, e) != 0)
		return -1;
	if (strlen(text->p) != text->len)
		return snapmanifest_broken(e, "a text with a NUL");
	*out = arena_copy(&r->m->arena, text->p, text->len);
	return 0;
}

static int
read_time(struct stamp *out, struct json_read *json, struct err *e)
{
	struct merge_time time;
	if (json_read_string(json, e) != 0)
		return -1;
	if (!merge_time_iso(&time, json->text.p, json->text.len) ||
	    time.kind != MERGE_TIME_ZONED)
		return snapmanifest_broken(e, "a time that is none");
	*out = time.at;
	return 0;
}

/* The two members an object of totals has, and what each is. */
struct pair {
	const char *const *names;
	int (*read)(struct snapmanifest_reader *r, int which, uint8_t side,
	    struct err *e);
};

static int
read_pair(struct snapmanifest_reader *r, const struct pair *pair, uint8_t side,
    struct err *e)
{
	unsigned seen = 0;
	int rc = json_read_object(&r->json, e);
	if (rc != 0)
		return -1;
	while ((rc = json_read_member(&r->json, e)) == 1) {
		int i = snapmanifest_member(&r->json, pair->names, 2, &seen, e);
		rc = i < 0  ? -1
		    : i < 2 ? pair->read(r, i, side, e)
			    : json_read_skip(&r->json, e);
		if (rc != 0)
			return -1;
	}
	if (rc == 0 && seen != 3)
		return snapmanifest_broken(
		    e, "it does not say how much it keeps");
	return rc;
}

static int
read_total(
    struct snapmanifest_reader *r, int which, uint8_t side, struct err *e)
{
	struct snap_about *about = &r->m->about;
	return json_read_uint(
	    which == 0 ? &about->files[side] : &about->bytes[side], &r->json,
	    e);
}

static int
read_side(
    struct snapmanifest_reader *r, int which, uint8_t unused, struct err *e)
{
	static const char *const names[] = {"files", "bytes"};
	static const struct pair totals = {names, read_total};
	(void)unused;
	return read_pair(r, &totals, (uint8_t)which, e);
}

static int
read_kept(struct snapmanifest_reader *r, struct err *e)
{
	static const struct pair by_side = {side_names, read_side};
	return read_pair(r, &by_side, SIDE_LOCAL, e);
}

static int
read_head_member(struct snapmanifest_reader *r, enum head which, struct err *e)
{
	static const char *const formats[] = {"dir", "zip"};
	struct snap_about *about = &r->m->about;
	uint8_t format = 0;
	switch (which) {
	case HEAD_SCHEMA:
		return read_schema(&r->json, e);
	case HEAD_ID:
		return read_text(&about->id, r, e);
	case HEAD_TIME:
		return read_time(&about->time, &r->json, e);
	case HEAD_MACHINE:
		return read_text(&about->machine, r, e);
	case HEAD_PROFILE:
		return read_text(&about->profile, r, e);
	case HEAD_RUN:
		return read_text(&about->run, r, e);
	case HEAD_REASON:
		return read_text(&about->reason, r, e);
	case HEAD_FORMAT:
		if (snapmanifest_word(&format, &r->json, formats, 2, e) != 0)
			return -1;
		about->zip = format == 1;
		return 0;
	case HEAD_KEPT:
		return read_kept(r, e);
	default:
		return json_read_skip(&r->json, e);
	}
}

static int
check_head(const struct snap_about *about, unsigned seen, struct err *e)
{
	struct snapid id;
	if ((seen | 1U << HEAD_ENTRIES) != (1U << HEADS) - 1)
		return snapmanifest_broken(e, "something is missing in it");
	if (!snapid_read(&id, about->id, strlen(about->id)) ||
	    strlen(about->machine) != id.machine_len ||
	    memcmp(about->machine, id.machine, id.machine_len) != 0)
		return snapmanifest_broken(e, "its id is not its machine's");
	return 0;
}

/* ---- the entries --------------------------------------------------------- */

static int
read_entries(struct snapmanifest_reader *r, struct err *e)
{
	struct snapmanifest *m = r->m;
	int rc = json_read_array(&r->json, e);
	if (rc != 0)
		return -1;
	while ((rc = json_read_item(&r->json, e)) == 1) {
		if (m->n == SNAPMANIFEST_ENTRIES_MAX)
			return err_set(
			    e, ERR_UNSUPPORTED, "manifest: too many entries");
		m->v = mem_grow(m->v, &m->cap, m->n + 1, sizeof(*m->v));
		if (snapmanifest_entry(&m->v[m->n], r, e) != 0)
			return err_wrap(e, "entry %zu", m->n + 1);
		m->n++;
	}
	return rc;
}

/* ---- the whole ----------------------------------------------------------- */

static int
read_document(struct snapmanifest_reader *r, bool all, struct err *e)
{
	unsigned seen = 0;
	int rc = json_read_object(&r->json, e);
	if (rc != 0)
		return -1;
	while ((rc = json_read_member(&r->json, e)) == 1) {
		int i =
		    snapmanifest_member(&r->json, head_names, HEADS, &seen, e);
		if (i == HEAD_ENTRIES && !all)
			return check_head(&r->m->about, seen, e);
		rc = i < 0              ? -1
		    : i == HEAD_ENTRIES ? read_entries(r, e)
					: read_head_member(r, (enum head)i, e);
		if (rc != 0)
			return -1;
	}
	if (rc == 0 && (seen & 1U << HEAD_ENTRIES) == 0)
		rc = snapmanifest_broken(e, "it has no entries");
	if (rc == 0)
		rc = check_head(&r->m->about, seen, e);
	return rc == 0 ? json_read_end(&r->json, e) : -1;
}

static int
read_manifest(struct snapmanifest *out, json_fill_fn *fill, void *arg, bool all,
    struct err *e)
{
	*out = (struct snapmanifest){.arena = ARENA_INIT};
	struct snapmanifest_reader *r = mem_zero(1, sizeof(*r));
	struct str *texts[] = {&r->path, &r->path_hex, &r->from, &r->from_hex,
	    &r->kept_as, &r->kept_as_hex};
	r->m = out;
	json_read_init(&r->json, fill, arg);
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		*texts[i] = STR_INIT;
	int rc = read_document(r, all, e);
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		str_free(texts[i]);
	json_read_free(&r->json);
	free(r);
	return rc;
}

int
snapmanifest_read(
    struct snapmanifest *out, json_fill_fn *fill, void *arg, struct err *e)
{
	if (read_manifest(out, fill, arg, true, e) != 0)
		return -1;
	return snapmanifest_check(out, e);
}

int
snapmanifest_head(
    struct snapmanifest *out, json_fill_fn *fill, void *arg, struct err *e)
{
	return read_manifest(out, fill, arg, false, e);
}

void
snapmanifest_free(struct snapmanifest *m)
{
	free(m->v);
	free(m->places);
	arena_free(&m->arena);
	*m = (struct snapmanifest){.arena = ARENA_INIT};
}
