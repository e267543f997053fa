#include "engine/write/stage.h"

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

int
stage_merge(struct fingerprint *put, struct stager *s,
    const struct stage_job *job, const struct fingerprint *other, uint64_t base,
    struct err *e)
{
	struct half half[SIDES] = {
	    {.file = PLAT_FILE_NONE}, {.file = PLAT_FILE_NONE}};
	enum side from = job->from.side, to = job->to->side;
	struct source beside = job->from;
	beside.side = to;
	struct str merged = STR_INIT;
	const char *why;
	int rc = open_half(&half[from], &s->tap, &job->from, &job->expected, e);
	if (rc == 0)
		rc = open_half(&half[to], &s->tap, &beside, other, e);
	if (rc == 0) {
		const struct half *c = &half[SIDE_CLOUD];
		const struct half *l = &half[SIDE_LOCAL];
		struct merge_bytes cloud = {.p = c->data, .n = c->size};
		struct merge_bytes local = {.p = l->data, .n = l->size};
		rc = merge_append(&merged, (size_t)base, cloud, local, &why)
		    ? stage_merged(put, s, job, other, &merged, e)
		    : 1;
	}
	for (enum side i = SIDE_LOCAL; i < SIDES; i++)
		close_half(&half[i]);
	str_free(&merged);
	return rc;
}
