#include "base/mem.h"
#include "base/path.h"
#include "engine/past/backups_create_work.h"
#include "platform/plat_sig.h"

/* Files are given to workers in runs of so many, so that one directory mostly
   is one worker's. */
enum { RUN = 256, THREADS_MAX = 64 };

/* ---- one file ------------------------------------------------------------ */

static bool
is_unchanged(const struct fingerprint *now, const struct fingerprint *then)
{
	return then->type == ENTRY_FILE && then->hashed && then->ino != 0 &&
	    now->ino == then->ino && now->size == then->size && !now->racy &&
	    stamp_cmp(now->mtime, then->mtime) == 0 &&
	    stamp_cmp(now->ctime, then->ctime) == 0;
}

/* 1: it has to be copied. */
static int
take_link(struct snapsave_hand *hand, struct create_load *item,
    const struct snap_entry *base, struct err *e)
{
	struct snapsave_entry *en = &item->entry;
	if (base == NULL || !is_unchanged(&en->was, &base->was))
		return 1;
	int rc = snapsave_link(hand, en, base->place, base->place_len, e);
	if (rc != 0)
		return rc;
	en->was.hash = base->was.hash;
	en->was.hashed = true;
	en->kept = true;
	item->linked = true;
	return 0;
}

static void
save(struct snapsave_hand *hand, struct create_load *item,
    const struct snap_entry *base)
{
	struct err why = {.code = ERR_NONE};
	if (item->entry.was.type == ENTRY_DIR)
		return;
	int rc = take_link(hand, item, base, &why);
	if (rc == 1)
		rc = snapsave_copy(hand, &item->entry, &why);
	item->vanished = rc == 1;
	if (rc < 0) {
		item->why = mem_alloc(sizeof(why));
		*item->why = why;
	}
}

/* ---- all of them --------------------------------------------------------- */

/* Of two lists in tree order: the base's entry for *item*, from *at* on. */
static const struct snap_entry *
find_in_base(
    const struct create_work *w, size_t *at, const struct create_load *item)
{
	const struct snapmanifest *m = &w->base;
	for (; w->base_dir != NULL && *at < m->n; ++*at) {
		const struct snap_entry *en = &m->v[*at];
		int order = path_cmp(en->path, en->path_len, item->entry.path,
		    item->entry.path_len);
		if (order == 0)
			return en->kept ? en : NULL;
		if (order > 0)
			return NULL;
	}
	return NULL;
}

/* The first entry of the base that does not lie before *item*. */
static size_t
base_from(const struct create_work *w, const struct create_load *item)
{
	size_t low = 0, high = w->base.n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct snap_entry *en = &w->base.v[mid];
		if (path_cmp(en->path, en->path_len, item->entry.path,
			item->entry.path_len) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static size_t
next_run(struct create_work *w)
{
	plat_mutex_lock(w->mutex);
	size_t from = w->next;
	w->next += RUN;
	plat_mutex_unlock(w->mutex);
	return from;
}

static void
save_run(struct create_work *w, struct snapsave_hand *hand, size_t from)
{
	size_t end = from + RUN < w->n ? from + RUN : w->n;
	size_t at = base_from(w, &w->v[from]);
	for (size_t i = from; i < end && !plat_sig_asked(); i++)
		save(hand, &w->v[i], find_in_base(w, &at, &w->v[i]));
}

static void
run_worker(void *arg)
{
	struct create_work *w = arg;
	struct snapsave_hand *hand =
	    snapsave_hand(w->save, w->sites[SIDE_LOCAL].root, w->base_dir);
	for (size_t from; (from = next_run(w)) < w->n;) {
		snapsave_run(hand, from / RUN);
		save_run(w, hand, from);
		snapsave_run_end(hand);
	}
	snapsave_hand_free(hand);
}

void
create_save(struct create_work *w, unsigned threads)
{
	struct plat_thread *crew[THREADS_MAX];
	unsigned n = 0;
	w->mutex = plat_mutex_new();
	while (n + 1 < threads && n < THREADS_MAX) {
		crew[n] = plat_thread_start(run_worker, w);
		if (crew[n] == NULL)
			break;
		n++;
	}
	run_worker(w);
	while (n > 0)
		plat_thread_join(crew[--n]);
	plat_mutex_destroy(w->mutex);
}
