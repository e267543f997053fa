#include "engine/write/stage.h"

#include <string.h>

#include "model/merge/merge.h"

/* One of the two files, mapped. */
struct half {
	struct plat_file file;
	const void *data;
	size_t size;
};

static bool
as_expected(const struct plat_stat *st, const struct fingerprint *f)
{
	return st->type == PLAT_FILE && st->size == f->size &&
	    stamp_cmp(st->mtime, f->mtime) == 0;
}

/* Returns 1 when it is not what was expected. */
static int
open_half(struct half *h, struct tap *tap, const struct source *from,
    const struct fingerprint *expected, struct err *e)
{
	struct plat_stat st;
	int rc = source_open(&h->file, &st, tap, from, e);
	if (rc == 0 && !as_expected(&st, expected))
		rc = 1;
	if (rc == 0)
		rc = plat_map(&h->data, &h->size, h->file, e);
	return rc;
}

static void
close_half(struct half *h)
{
	plat_unmap(h->data, h->size);
	plat_close(&h->file, NULL);
}

/* The merged file is as new as the newer of its parts. */
static int
stage_merged(struct fingerprint *put, struct stager *s,
    const struct stage_job *job, const struct fingerprint *other,
    const struct str *merged, struct err *e)
{
	struct stage_job newest = *job;
	if (stamp_cmp(other->mtime, newest.expected.mtime) > 0)
		newest.expected.mtime = other->mtime;
	return stage_bytes(put, s, &newest, merged->p, merged->len, e);
}

/* Is it a merge of the two sides of one path? */
static bool
is_one_path(const struct stage_job *job)
{
	return job->from.path_len == job->beside_len &&
	    memcmp(job->from.path, job->beside, job->beside_len) == 0;
}

/* The result must be the same on both sides, whichever is staged first. */
static int
merge(struct str *out, const struct stage_job *job, const struct half *source,
    const struct half *replaced, uint64_t base)
{
	bool source_first = is_one_path(job) && job->from.side == SIDE_CLOUD;
	const struct half *a = source_first ? source : replaced;
	const struct half *b = source_first ? replaced : source;
	const char *why;
	struct merge_bytes first = {.p = a->data, .n = a->size};
	struct merge_bytes then = {.p = b->data, .n = b->size};
	return merge_append(out, (size_t)base, first, then, &why) ? 0 : 1;
}

int
stage_merge(struct fingerprint *put, struct stager *s,
    const struct stage_job *job, const struct fingerprint *other, uint64_t base,
    struct err *e)
{
	struct half source = {.file = PLAT_FILE_NONE};
	struct half replaced = {.file = PLAT_FILE_NONE};
	struct source beside = {.side = job->to->side,
	    .path = job->beside,
	    .path_len = job->beside_len,
	    .exec_bit = job->from.exec_bit};
	struct str merged = STR_INIT;
	int rc = open_half(&source, &s->tap, &job->from, &job->expected, e);
	if (rc == 0)
		rc = open_half(&replaced, &s->tap, &beside, other, e);
	if (rc == 0)
		rc = merge(&merged, job, &source, &replaced, base);
	if (rc == 0)
		rc = stage_merged(put, s, job, other, &merged, e);
	close_half(&source);
	close_half(&replaced);
	str_free(&merged);
	return rc;
}
