/*
 * ledger_writer.c - a new ledger, record by record.
 *
 * Records go to the file as they come; the paths wait in memory until the last
 * record is there. The header can only be known then, and is put over the room
 * that was left for it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/afile.h"
#include "store/ledger_format.h"

struct ledger_writer {
	struct afile *file;
	struct hash_stream *sum; /* of the body so far */
	struct str names;
	size_t last_at; /* offset of the last record's path */
	uint64_t records;
	bool failed; /* err says why */
	struct err err;
};

int
ledger_begin(struct ledger_writer **out, struct plat_dir *state, struct err *e)
{
	static const struct ledger_header room;
	struct afile *file;
	if (afile_open(&file, state, LEDGER_NAME, e) < 0)
		return -1;
	afile_write(file, &room, sizeof(room));
	struct ledger_writer *w = mem_zero(1, sizeof(*w));
	w->file = file;
	w->sum = hash_open();
	w->names = STR_INIT;
	*out = w;
	return 0;
}

static void
put(struct ledger_writer *w, const void *bytes, size_t n)
{
	hash_feed(w->sum, bytes, n);
	afile_write(w->file, bytes, n);
}

static const char *
fault_of(const struct ledger_writer *w, const struct agreed_record *r,
    const char *path, size_t n)
{
	struct ledger_path last = {
	    .p = w->names.p + w->last_at, .n = w->names.len - w->last_at};
	if (n > UINT32_MAX)
		return "with a path too long";
	return ledger_record_fault(
	    r, (struct ledger_path){.p = path, .n = n}, last);
}

void
ledger_add(struct ledger_writer *w, const struct agreed_record *r,
    const char *path, size_t n)
{
	if (w->failed)
		return;
	const char *fault = fault_of(w, r, path, n);
	if (fault != NULL) {
		err_set(&w->err, ERR_CORRUPT, "a record %s: '%.*s'", fault,
		    n < ERR_FRAME_SIZE ? (int)n : ERR_FRAME_SIZE, path);
		w->failed = true;
		return;
	}
	struct agreed_record record = *r;
	record.path_at = w->last_at = w->names.len;
	record.path_len = (uint32_t)n;
	put(w, &record, sizeof(record));
	str_addn(&w->names, path, n);
	w->records++;
}

/* All that follows the records, and then the header. */
static void
complete(struct ledger_writer *w, const struct ledger_head *head)
{
	struct str meta = STR_INIT;
	ledger_put_meta(&meta, head);
	put(w, w->names.p, w->names.len);
	put(w, meta.p, meta.len);
	struct ledger_header h = {
	    .order = LEDGER_ORDER,
	    .version = LEDGER_VERSION,
	    .file_size = afile_size(w->file),
	    .records = w->records,
	    .names_size = w->names.len,
	    .meta_size = (uint32_t)meta.len,
	    .record_size = sizeof(struct agreed_record),
	};
	memcpy(h.magic, LEDGER_MAGIC, sizeof(h.magic));
	struct hash sum = ledger_checksum(w->sum, &h);
	h.hash_hi = sum.hi;
	h.hash_lo = sum.lo;
	afile_patch(w->file, 0, &h, sizeof(h));
	str_free(&meta);
}

/* All but the file. */
static void
release(struct ledger_writer *w)
{
	hash_close(w->sum);
	str_free(&w->names);
	free(w);
}

int
ledger_commit(struct ledger_writer *w, const struct ledger_head *head,
    bool durable, struct err *e)
{
	if (w->failed) {
		if (e != NULL)
			*e = w->err;
		ledger_abandon(w);
		return err_wrap(e, "'%s'", LEDGER_NAME);
	}
	complete(w, head);
	int rc = afile_commit(w->file, durable, e);
	release(w);
	return rc;
}

void
ledger_abandon(struct ledger_writer *w)
{
	if (w == NULL)
		return;
	afile_abandon(w->file);
	release(w);
}
