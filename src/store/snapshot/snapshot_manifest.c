#include <string.h>

#include "base/json.h"
#include "store/afile.h"
#include "store/snapshot/snapdigest.h"
#include "store/snapshot/snapshot_work.h"

/* So much text is gathered before it is written. */
enum { PIECE = 32 * 1024 };

struct manifest {
	struct snapshot *s;
	struct kepts *kepts;
	struct afile *file;
	struct str text;
	struct hash_stream *hash; /* of all of it */
	struct json json;
};

static const char *const sides[SIDES] = {"local", "cloud"};

/* ---- what happened ------------------------------------------------------- */

static const char *
what(const struct intent *i)
{
	switch ((enum intent_kind)i->kind) {
	case INTENT_PUT:
		return i->victim.type == ENTRY_NONE ? "created" : "replaced";
	case INTENT_REMOVE:
		return "deleted";
	case INTENT_MOVE:
		return "moved";
	case INTENT_MKDIR:
		return "made";
	case INTENT_RMDIR:
		return "removed";
	default:
		return NULL;
	}
}

bool
manifest_tells(const struct deed *d)
{
	return d->applied && what(&d->intent) != NULL;
}

static bool
has_victim(const struct intent *i)
{
	return i->kind == INTENT_REMOVE ||
	    (i->kind == INTENT_PUT && i->victim.type != ENTRY_NONE);
}

static bool
leaves_something(const struct intent *i)
{
	return i->kind == INTENT_PUT || i->kind == INTENT_MOVE ||
	    i->kind == INTENT_MKDIR;
}

/* ---- what it looks like -------------------------------------------------- */

static const char *
type_name(const struct fingerprint *f)
{
	return f->type == ENTRY_DIR ? "dir"
	    : f->type == ENTRY_LINK ? "link"
				    : "file";
}

static void
put_facts(struct json *j, const struct fingerprint *f)
{
	char hex[HASH_HEX_SIZE];
	unsigned bits = f->mode & 0777;
	const char mode[] = {'0', (char)('0' + (bits >> 6)),
	    (char)('0' + (bits >> 3 & 7)), (char)('0' + (bits & 7)), '\0'};
	json_put_string(j, "type", type_name(f));
	if (f->type != ENTRY_DIR) {
		json_put_uint(j, "size", f->size);
		json_put_string(
		    j, "hash", f->hashed ? hash_hex(hex, f->hash) : NULL);
	}
	json_put_int(j, "mtime", f->mtime.sec);
	json_put_uint(j, "mtime_nsec", f->mtime.nsec);
	json_put_string(j, "mode", mode);
	if (f->type == ENTRY_FILE)
		json_put_bool(j, "exec", f->exec);
}

/*
 * What is kept is described as it lies there; but when it is what the plan saw,
 * that knows better what a copy, or becoming private, has cost it.
 */
static struct fingerprint
facts_of(const struct kept *kept, const struct fingerprint *victim)
{
	const struct plat_stat *st = &kept->st;
	struct fingerprint f = {
	    .type = st->type == PLAT_LINK ? ENTRY_LINK : ENTRY_FILE,
	    .exec = (st->mode & 0100) != 0,
	    .hashed = kept->hashed,
	    .mode = (uint16_t)(st->mode & 0777),
	    .size = st->size,
	    .mtime = st->mtime,
	    .hash = kept->hash,
	};
	if (victim == NULL || !kept_is(kept, victim))
		return f;
	f.type = victim->type;
	f.exec = victim->exec;
	f.mode = victim->mode;
	if (st->ino != victim->ino)
		f.mtime = victim->mtime;
	return f;
}

static void
put_kept(struct manifest *m, const struct kept *kept,
    const struct fingerprint *victim, const char *path, size_t n)
{
	struct json *j = &m->json;
	struct fingerprint f = facts_of(kept, victim);
	put_facts(j, &f);
	if (kept->layer > 0 || kept->len - kept->tree != n ||
	    memcmp(kept->path + kept->tree, path, n) != 0)
		json_path(j, "kept_as", kept->path, kept->len);
	if (kept->raw)
		json_put_bool(j, "raw", true);
	if (kept->unsettled)
		json_put_bool(j, "unsettled", true);
}

/* ---- entries ------------------------------------------------------------- */

static void
flush(struct manifest *m)
{
	hash_feed(m->hash, m->text.p, m->text.len);
	afile_write(m->file, m->text.p, m->text.len);
	str_clear(&m->text);
}

static void
begin_entry(struct manifest *m, enum side side, const char *path, size_t n,
    const char *happened)
{
	struct json *j = &m->json;
	json_object(j);
	json_put_string(j, "side", sides[side]);
	json_path(j, "path", path, n);
	json_put_string(j, "what", happened);
}

static void
end_entry(struct manifest *m)
{
	json_end(&m->json);
	if (m->text.len >= PIECE)
		flush(m);
}

static void
put_victim(struct manifest *m, const struct intent *i)
{
	struct json *j = &m->json;
	if (has_victim(i)) {
		const struct kept *kept = kepts_claim(m->kepts, i);
		if (kept != NULL) {
			put_kept(m, kept, &i->victim, i->path, i->path_len);
			return;
		}
		put_facts(j, &i->victim);
		json_put_bool(j, "missing", true);
	} else if (i->kind == INTENT_MOVE) {
		json_path(j, "from", i->from, i->from_len);
		put_facts(j, &i->victim);
	} else if (i->kind == INTENT_RMDIR) {
		put_facts(j, &i->victim);
	}
}

static void
put_deed(struct manifest *m, const struct deed *d)
{
	const struct intent *i = &d->intent;
	begin_entry(m, (enum side)i->side, i->path, i->path_len, what(i));
	put_victim(m, i);
	if (leaves_something(i)) {
		struct fingerprint now =
		    d->now.type != ENTRY_NONE ? d->now : i->put;
		json_key(&m->json, "after");
		json_object(&m->json);
		put_facts(&m->json, &now);
		json_end(&m->json);
	}
	end_entry(m);
}

/* What came between, and no deed accounts for. */
static void
put_rescued(struct manifest *m, const struct kept *kept)
{
	const char *path = kept->path + kept->tree;
	size_t n = kept->len - kept->tree;
	begin_entry(m, (enum side)kept->side, path, n, "rescued");
	put_kept(m, kept, NULL, path, n);
	end_entry(m);
}

/* ---- copies -------------------------------------------------------------- */

static void
put_saved(struct manifest *m, const struct snapsave_entry *en)
{
	struct json *j = &m->json;
	begin_entry(m, SIDE_LOCAL, en->path, en->path_len, "saved");
	put_facts(j, &en->was);
	if (en->unsettled)
		json_put_bool(j, "unsettled", true);
	/* By these the next one knows it again. */
	if (en->was.type == ENTRY_FILE && !en->was.racy && en->was.ino != 0 &&
	    !en->unsettled) {
		json_put_int(j, "ctime", en->was.ctime.sec);
		json_put_uint(j, "ctime_nsec", en->was.ctime.nsec);
		json_put_uint(j, "ino", en->was.ino);
	}
	end_entry(m);
}

/* ---- the whole ----------------------------------------------------------- */

static void
put_totals(struct manifest *m)
{
	struct json *j = &m->json;
	const struct snapshot *s = m->s;
	uint64_t files[SIDES] = {0}, bytes[SIDES] = {0};
	for (size_t i = 0; s->saved == NULL && i < m->kepts->n; i++) {
		const struct kept *kept = &m->kepts->v[i];
		files[kept->side]++;
		bytes[kept->side] += kept->st.size;
	}
	for (size_t i = 0; s->saved != NULL && i < s->nsaved; i++) {
		if (!s->saved[i].kept)
			continue;
		files[SIDE_LOCAL]++;
		bytes[SIDE_LOCAL] += s->saved[i].was.size;
	}
	json_key(j, "kept");
	json_object(j);
	for (enum side side = SIDE_LOCAL; side < SIDES; side++) {
		json_key(j, sides[side]);
		json_object(j);
		json_put_uint(j, "files", files[side]);
		json_put_uint(j, "bytes", bytes[side]);
		json_end(j);
	}
	json_end(j);
}

static void
put_head(struct manifest *m)
{
	struct json *j = &m->json;
	const struct snapshot_about *about = &m->s->about;
	char time[STAMP_ISO_SIZE];
	json_put_int(j, "schema", 1);
	json_put_string(j, "id", m->s->id);
	json_put_string(j, "time", stamp_iso(time, about->time, 0, 3));
	json_put_string(j, "machine", about->machine);
	json_put_string(j, "profile", about->profile);
	json_put_string(j, "run", about->run_id);
	json_put_string(j, "reason", about->reason);
	json_put_string(j, "format", about->zip ? "zip" : "dir");
}

static void
put_entries(struct manifest *m, const struct story *story)
{
	for (size_t i = 0; i < m->s->nsaved; i++)
		put_saved(m, &m->s->saved[i]);
	if (m->s->saved != NULL)
		return;
	/* A sequel holds only what its run kept after it was complete. */
	for (size_t i = 0; !m->s->sequel && i < story->n; i++) {
		if (manifest_tells(&story->v[i]))
			put_deed(m, &story->v[i]);
	}
	for (size_t i = 0; i < m->kepts->n; i++) {
		if (!m->kepts->v[i].claimed)
			put_rescued(m, &m->kepts->v[i]);
	}
}

/* What stands in a manifest of a directory, nothing else vouches for. */
static int
write_digest(struct snapshot *s, struct hash hash, struct err *e)
{
	struct str line = STR_INIT;
	if (s->about.zip)
		return 0;
	snapdigest_line(&line, hash, SNAPSHOT_MANIFEST);
	int rc = afile_replace(
	    s->partial, SNAPSHOT_MANIFEST_DIGEST, line.p, line.len, false, e);
	str_free(&line);
	return rc;
}

static void
write_document(struct manifest *m, const struct story *story)
{
	json_init(&m->json, &m->text);
	json_object(&m->json);
	put_head(m);
	put_totals(m);
	json_key(&m->json, "entries");
	json_array(&m->json);
	put_entries(m, story);
	json_end(&m->json);
	json_end(&m->json);
	str_addc(&m->text, '\n');
	flush(m);
}

int
manifest_write(struct snapshot *s, struct kepts *k, const struct story *story,
    struct err *e)
{
	struct manifest m = {.s = s, .kepts = k, .text = STR_INIT};
	if (afile_open(&m.file, s->partial, SNAPSHOT_MANIFEST, e) != 0)
		return -1;
	m.hash = hash_open();
	write_document(&m, story);
	struct hash hash = hash_end(m.hash);
	hash_close(m.hash);
	str_free(&m.text);
	/* In a directory it is durable with all the rest, when that is
	   sealed. */
	bool now = s->about.durable && s->about.zip;
	if (afile_commit(m.file, now, e) != 0)
		return -1;
	return write_digest(s, hash, e);
}
