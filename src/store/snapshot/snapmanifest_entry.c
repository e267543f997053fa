#include <string.h>

#include "base/compiler.h"
#include "base/path.h"
#include "store/snapshot/snapmanifest_work.h"

/* Members of an entry; those up to EXEC also of what is there after it. */
enum member {
	FACT_TYPE,
	FACT_SIZE,
	FACT_HASH,
	FACT_MTIME,
	FACT_NSEC,
	FACT_MODE,
	FACT_EXEC,
	FACTS,
	IN_SIDE = FACTS,
	IN_PATH,
	IN_PATH_HEX,
	IN_WHAT,
	IN_FROM,
	IN_FROM_HEX,
	IN_KEPT_AS,
	IN_KEPT_AS_HEX,
	IN_RAW,
	IN_UNSETTLED,
	IN_MISSING,
	IN_AFTER,
	IN_CTIME,
	IN_CTIME_NSEC,
	IN_INO,
	MEMBERS,
};

static const char *const member_names[MEMBERS] = {
    [FACT_TYPE] = "type",
    [FACT_SIZE] = "size",
    [FACT_HASH] = "hash",
    [FACT_MTIME] = "mtime",
    [FACT_NSEC] = "mtime_nsec",
    [FACT_MODE] = "mode",
    [FACT_EXEC] = "exec",
    [IN_SIDE] = "side",
    [IN_PATH] = "path",
    [IN_PATH_HEX] = "path_hex",
    [IN_WHAT] = "what",
    [IN_FROM] = "from",
    [IN_FROM_HEX] = "from_hex",
    [IN_KEPT_AS] = "kept_as",
    [IN_KEPT_AS_HEX] = "kept_as_hex",
    [IN_RAW] = "raw",
    [IN_UNSETTLED] = "unsettled",
    [IN_MISSING] = "missing",
    [IN_AFTER] = "after",
    [IN_CTIME] = "ctime",
    [IN_CTIME_NSEC] = "ctime_nsec",
    [IN_INO] = "ino",
};

#define HAS(seen, member) (((seen)&1U << (member)) != 0)

/* ---- words --------------------------------------------------------------- */

static const char *const whats[SNAP_WHATS] = {
    [SNAP_REPLACED] = "replaced",
    [SNAP_DELETED] = "deleted",
    [SNAP_CREATED] = "created",
    [SNAP_MOVED] = "moved",
    [SNAP_MADE] = "made",
    [SNAP_REMOVED] = "removed",
    [SNAP_RESCUED] = "rescued",
    [SNAP_SAVED] = "saved",
};

const char *
snap_what_name(enum snap_what what)
{
	return whats[what];
}

/* ---- what it looks like -------------------------------------------------- */

static int
read_type(uint8_t *out, struct json_read *json, struct err *e)
{
	static const char *const types[] = {"file", "dir", "link"};
	static const uint8_t means[] = {ENTRY_FILE, ENTRY_DIR, ENTRY_LINK};
	uint8_t i;
	if (snapmanifest_word(&i, json, types, COUNT_OF(types), e) != 0)
		return -1;
	*out = means[i];
	return 0;
}

static int
read_hash(struct fingerprint *f, struct json_read *json, struct err *e)
{
	if (json_read_value(json, e) != 0)
		return -1;
	f->hashed = json->kind == JSON_KIND_STRING;
	if (json->kind == JSON_KIND_NULL)
		return 0;
	return f->hashed &&
		hash_parse(&f->hash, json->text.p, json->text.len) == 0
	    ? 0
	    : snapmanifest_broken(e, "a hash that is none");
}

static int
read_nsec(uint32_t *out, struct json_read *json, struct err *e)
{
	uint64_t nsec;
	if (json_read_uint(&nsec, json, e) != 0)
		return -1;
	if (nsec > 999999999)
		return snapmanifest_broken(e, "a time that is none");
	*out = (uint32_t)nsec;
	return 0;
}

/* Permission bits and no others: what would make a program act as somebody
   else, or a device, is nothing we keep. */
static int
read_mode(uint16_t *out, struct json_read *json, struct err *e)
{
	if (json_read_string(json, e) != 0)
		return -1;
	const struct str *text = &json->text;
	unsigned mode = 0;
	bool good = text->len == 4 && text->p[0] == '0';
	for (size_t i = 0; good && i < text->len; i++) {
		good = text->p[i] >= '0' && text->p[i] <= '7';
		mode = mode * 8 + (unsigned)(text->p[i] - '0');
	}
	*out = (uint16_t)mode;
	return good ? 0 : snapmanifest_broken(e, "a mode that is none of ours");
}

static int
read_fact(struct fingerprint *f, struct json_read *json, enum member member,
    struct err *e)
{
	switch (member) {
	case FACT_TYPE:
		return read_type(&f->type, json, e);
	case FACT_SIZE:
		return json_read_uint(&f->size, json, e);
	case FACT_HASH:
		return read_hash(f, json, e);
	case FACT_MTIME:
		return json_read_int(&f->mtime.sec, json, e);
	case FACT_NSEC:
		return read_nsec(&f->mtime.nsec, json, e);
	case FACT_MODE:
		return read_mode(&f->mode, json, e);
	default:
		return json_read_bool(&f->exec, json, e);
	}
}

/* Exactly the facts that its type has. */
static int
check_facts(const struct fingerprint *f, unsigned seen, struct err *e)
{
	unsigned want = 1U << FACT_TYPE | 1U << FACT_MTIME | 1U << FACT_NSEC |
	    1U << FACT_MODE;
	if (f->type != ENTRY_DIR)
		want |= 1U << FACT_SIZE | 1U << FACT_HASH;
	if (f->type == ENTRY_FILE)
		want |= 1U << FACT_EXEC;
	if ((seen & ((1U << FACTS) - 1)) != want)
		return snapmanifest_broken(e, "it is described wrongly");
	if (f->size > INT64_MAX)
		return snapmanifest_broken(e, "no file is so large");
	return 0;
}

static int
read_after(struct fingerprint *f, struct json_read *json, struct err *e)
{
	unsigned seen = 0;
	int rc = json_read_object(json, e);
	if (rc != 0)
		return -1;
	while ((rc = json_read_member(json, e)) == 1) {
		int i =
		    snapmanifest_member(json, member_names, FACTS, &seen, e);
		rc = i < 0      ? -1
		    : i < FACTS ? read_fact(f, json, (enum member)i, e)
				: json_read_skip(json, e);
		if (rc != 0)
			return -1;
	}
	return rc == 0 ? check_facts(f, seen, e) : -1;
}

/* ---- an entry ------------------------------------------------------------ */

static int
read_member(struct snap_entry *out, struct snapmanifest_reader *r,
    enum member member, struct err *e)
{
	struct json_read *json = &r->json;
	switch (member) {
	case IN_SIDE: {
		static const char *const sides[] = {"local", "cloud"};
		return snapmanifest_word(&out->side, json, sides, SIDES, e);
	}
	case IN_PATH:
		return snapmanifest_path(&r->path, json, e);
	case IN_PATH_HEX:
		return snapmanifest_hex(&r->path_hex, json, e);
	case IN_WHAT:
		return snapmanifest_word(
		    &out->what, json, whats, SNAP_WHATS, e);
	case IN_FROM:
		return snapmanifest_path(&r->from, json, e);
	case IN_FROM_HEX:
		return snapmanifest_hex(&r->from_hex, json, e);
	case IN_KEPT_AS:
		return snapmanifest_path(&r->kept_as, json, e);
	case IN_KEPT_AS_HEX:
		return snapmanifest_hex(&r->kept_as_hex, json, e);
	case IN_RAW:
		return json_read_bool(&out->raw, json, e);
	case IN_UNSETTLED:
		return json_read_bool(&out->unsettled, json, e);
	case IN_MISSING:
		return json_read_bool(&out->missing, json, e);
	case IN_AFTER:
		return read_after(&out->now, json, e);
	case IN_CTIME:
		return json_read_int(&out->was.ctime.sec, json, e);
	case IN_CTIME_NSEC:
		return read_nsec(&out->was.ctime.nsec, json, e);
	case IN_INO:
		return json_read_uint(&out->was.ino, json, e);
	case MEMBERS:
		return json_read_skip(json, e);
	default:
		return read_fact(&out->was, json, member, e);
	}
}

/* What an entry of one kind has to say, and may. */
static const struct shape {
	bool before, after;
	bool file, link, dir; /* what it may have been */
} shapes[SNAP_WHATS] = {
    [SNAP_REPLACED] = {true, true, true, true, false},
    [SNAP_DELETED] = {true, false, true, true, false},
    [SNAP_CREATED] = {false, true, false, false, false},
    [SNAP_MOVED] = {true, true, true, true, true},
    [SNAP_MADE] = {false, true, false, false, false},
    [SNAP_REMOVED] = {true, false, false, false, true},
    [SNAP_RESCUED] = {true, false, true, true, false},
    [SNAP_SAVED] = {true, false, true, true, true},
};

static int
check_before(const struct snap_entry *en, unsigned seen, struct err *e)
{
	const struct shape *shape = &shapes[en->what];
	if (!shape->before)
		return (seen & ((1U << FACTS) - 1)) == 0
		    ? 0
		    : snapmanifest_broken(e, "it is described wrongly");
	if (check_facts(&en->was, seen, e) != 0)
		return -1;
	bool may = en->was.type == ENTRY_DIR ? shape->dir
	    : en->was.type == ENTRY_LINK     ? shape->link
					     : shape->file;
	return may ? 0 : snapmanifest_broken(e, "it is described wrongly");
}

static int
check_shape(const struct snap_entry *en, unsigned seen, struct err *e)
{
	if (!HAS(seen, IN_SIDE) || !HAS(seen, IN_PATH) || !HAS(seen, IN_WHAT))
		return snapmanifest_broken(e, "something is missing in it");
	if (check_before(en, seen, e) != 0)
		return -1;
	bool dir = en->what == SNAP_MADE;
	if (HAS(seen, IN_AFTER) != shapes[en->what].after ||
	    HAS(seen, IN_FROM) != (en->what == SNAP_MOVED) ||
	    (en->what != SNAP_MOVED && HAS(seen, IN_AFTER) &&
		(en->now.type == ENTRY_DIR) != dir))
		return snapmanifest_broken(e, "it does not fit what happened");
	int seen_as =
	    HAS(seen, IN_CTIME) + HAS(seen, IN_CTIME_NSEC) + HAS(seen, IN_INO);
	if (seen_as != 0 &&
	    (seen_as != 3 || en->what != SNAP_SAVED ||
		en->was.type != ENTRY_FILE))
		return snapmanifest_broken(e, "it does not fit what happened");
	bool content = shapes[en->what].before && en->what != SNAP_MOVED &&
	    en->was.type != ENTRY_DIR;
	if (!content &&
	    (HAS(seen, IN_KEPT_AS) || en->raw || en->missing || en->unsettled))
		return snapmanifest_broken(e, "it keeps what cannot be kept");
	if (content && !en->missing && !en->was.hashed && !en->unsettled)
		return snapmanifest_broken(e, "nobody knows what it keeps");
	return 0;
}

static bool
is_kept(const struct snap_entry *en)
{
	return en->was.type != ENTRY_NONE && en->was.type != ENTRY_DIR &&
	    en->what != SNAP_MOVED && !en->missing;
}

/* The path as the end of its ordinary place. */
static void
set_paths(struct snap_entry *en, struct snapmanifest_reader *r, unsigned seen)
{
	struct arena *arena = &r->m->arena;
	struct str place = STR_INIT;
	str_add(&place, snap_side_name((enum side)en->side));
	path_join(&place, r->path.p, r->path.len);
	const char *copy = arena_copy(arena, place.p, place.len);
	en->path_len = r->path.len;
	en->path = copy + place.len - r->path.len;
	en->kept = is_kept(en);
	if (en->kept && HAS(seen, IN_KEPT_AS)) {
		en->place = arena_copy(arena, r->kept_as.p, r->kept_as.len);
		en->place_len = r->kept_as.len;
	} else if (en->kept) {
		en->place = copy;
		en->place_len = place.len;
	}
	if (en->what == SNAP_MOVED) {
		en->from = arena_copy(arena, r->from.p, r->from.len);
		en->from_len = r->from.len;
	}
	str_free(&place);
}

static int
settle_paths(struct snap_entry *en, struct snapmanifest_reader *r,
    unsigned seen, struct err *e)
{
	if ((HAS(seen, IN_FROM_HEX) && !HAS(seen, IN_FROM)) ||
	    (HAS(seen, IN_KEPT_AS_HEX) && !HAS(seen, IN_KEPT_AS)))
		return snapmanifest_broken(e, "a path that is none");
	if (snapmanifest_settle(
		&r->path, &r->path_hex, HAS(seen, IN_PATH_HEX), e) != 0 ||
	    snapmanifest_settle(
		&r->from, &r->from_hex, HAS(seen, IN_FROM_HEX), e) != 0 ||
	    snapmanifest_settle(&r->kept_as, &r->kept_as_hex,
		HAS(seen, IN_KEPT_AS_HEX), e) != 0 ||
	    snapmanifest_check_path(&r->path, e) != 0 ||
	    (HAS(seen, IN_FROM) && snapmanifest_check_path(&r->from, e) != 0) ||
	    (HAS(seen, IN_KEPT_AS) &&
		snapmanifest_check_place(&r->kept_as, (enum side)en->side, e) !=
		    0))
		return -1;
	set_paths(en, r, seen);
	return 0;
}

int
snapmanifest_entry(
    struct snap_entry *out, struct snapmanifest_reader *r, struct err *e)
{
	unsigned seen = 0;
	*out = (struct snap_entry){.side = SIDE_LOCAL};
	int rc = json_read_object(&r->json, e);
	if (rc != 0)
		return -1;
	while ((rc = json_read_member(&r->json, e)) == 1) {
		int i = snapmanifest_member(
		    &r->json, member_names, MEMBERS, &seen, e);
		if (i < 0 || read_member(out, r, (enum member)i, e) != 0)
			return -1;
	}
	if (rc != 0 || check_shape(out, seen, e) != 0)
		return -1;
	return settle_paths(out, r, seen, e);
}
