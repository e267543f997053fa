#include "engine/scan/content.h"

#include <stdlib.h>

#include "base/mem.h"
#include "engine/write/dircache.h"
#include "platform/plat_sig.h"
#include "platform/plat_thread.h"

enum { BUFFER_SIZE = 256 * 1024 };

/* One file to read, and what was found. */
struct question {
	struct item *item;
	enum side side;
	bool prefix;
	bool unreadable, known, extends;
	struct hash hash;
};

struct questions {
	struct question *v;
	size_t n, cap, next;
	const struct site *sites;
	struct plat_mutex *lock;
};

/* What a thread reads with. */
struct reader {
	struct questions *q;
	struct dircache dirs[SIDES];
	struct hash_stream *hash;
	char *buffer;
	struct plat_thread *thread;
};

static void
ask(struct questions *q, struct item *it, enum side s)
{
	const struct entry *e = it->entry[s];
	bool prefix = (it->needs & NEEDS_PREFIX << s) != 0;
	if (!prefix && !(it->needs & NEEDS_HASH << s))
		return;
	if (e == NULL || e->type != ENTRY_FILE)
		return;
	q->v = mem_grow(q->v, &q->cap, q->n + 1, sizeof(*q->v));
	q->v[q->n++] =
	    (struct question){.item = it, .side = s, .prefix = prefix};
}

static bool
as_scanned(const struct plat_stat *st, const struct entry *e)
{
	return st->size == e->size && st->ino == e->ino &&
	    stamp_cmp(st->mtime, entry_mtime(e)) == 0;
}

/* Hash on until *end* or the end of the file. */
static int
read_until(struct reader *r, struct plat_file f, uint64_t *at, uint64_t end)
{
	while (*at < end) {
		size_t want =
		    end - *at < BUFFER_SIZE ? (size_t)(end - *at) : BUFFER_SIZE;
		size_t got;
		if (plat_sig_asked() ||
		    plat_read_at(f, r->buffer, want, *at, &got, NULL) != 0)
			return -1;
		if (got == 0)
			break;
		hash_feed(r->hash, r->buffer, got);
		*at += got;
	}
	return 0;
}

/* The prefix is compared with what was agreed on the way to the whole hash. */
static int
read_file(struct reader *r, struct question *q, struct plat_file f)
{
	const struct entry *e = q->item->entry[q->side];
	const struct agreed_record *base = q->item->base;
	struct plat_stat st;
	uint64_t at = 0;
	hash_restart(r->hash);
	if (q->prefix) {
		if (read_until(r, f, &at, base->size) != 0)
			return -1;
		q->extends = at == base->size &&
		    hash_equal(hash_end(r->hash), agreed_hash(base));
	}
	if (read_until(r, f, &at, UINT64_MAX) != 0 ||
	    plat_file_stat(&st, f, NULL) != 0)
		return -1;
	q->known = at == e->size && as_scanned(&st, e);
	q->hash = hash_end(r->hash);
	return 0;
}

static void
answer(struct reader *r, struct question *q)
{
	const struct item *it = q->item;
	struct plat_dir *dir;
	const char *name;
	struct plat_file f;
	int rc = dircache_at(
	    &r->dirs[q->side], it->path, it->path_len, &dir, &name, NULL);
	if (rc == 0)
		rc = plat_open(&f, dir, name, NULL);
	if (rc == 0) {
		rc = read_file(r, q, f);
		plat_close(&f, NULL);
	}
	q->unreadable = rc < 0;
}

static void
run_reader(void *arg)
{
	struct reader *r = arg;
	while (!plat_sig_asked()) {
		plat_mutex_lock(r->q->lock);
		size_t i = r->q->next++;
		plat_mutex_unlock(r->q->lock);
		if (i >= r->q->n)
			return;
		answer(r, &r->q->v[i]);
	}
}

static void
reader_init(struct reader *r, struct questions *q)
{
	r->q = q;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		dircache_init(&r->dirs[s], q->sites[s].root);
	r->hash = hash_open();
	r->buffer = mem_alloc(BUFFER_SIZE);
}

static void
reader_free(struct reader *r)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		dircache_free(&r->dirs[s]);
	hash_close(r->hash);
	free(r->buffer);
}

static void
answer_all(struct questions *q, unsigned threads)
{
	unsigned n = q->n < threads ? (unsigned)q->n : threads;
	struct reader *readers = mem_zero(n, sizeof(*readers));
	for (unsigned i = 0; i < n; i++) {
		reader_init(&readers[i], q);
		if (i > 0)
			readers[i].thread =
			    plat_thread_start(run_reader, &readers[i]);
	}
	run_reader(&readers[0]);
	for (unsigned i = 0; i < n; i++)
		plat_thread_join(readers[i].thread);
	for (unsigned i = 0; i < n; i++)
		reader_free(&readers[i]);
	free(readers);
}

static void
write_down(const struct question *q, struct tree trees[SIDES])
{
	struct item *it = q->item;
	struct entry *e = it->entry[q->side];
	if (q->unreadable) {
		it->state[q->side] = STATE_UNKNOWN;
		it->unknown[q->side] = UNKNOWN_UNREADABLE;
		return;
	}
	if (q->known)
		tree_set_hash(&trees[q->side], e, q->hash);
	if (q->known && q->extends)
		e->flags |= ENTRY_EXTENDS;
}

int
content_learn(struct items *items, struct tree trees[SIDES],
    const struct site sites[SIDES], unsigned threads, struct err *e)
{
	struct questions q = {.sites = sites};
	for (size_t i = 0; i < items->n; i++)
		for (enum side s = SIDE_LOCAL; s < SIDES; s++)
			ask(&q, &items->v[i], s);
	if (q.n > 0) {
		q.lock = plat_mutex_new();
		answer_all(&q, threads > 0 ? threads : 1);
		plat_mutex_destroy(q.lock);
	}
	for (size_t i = 0; i < q.n; i++)
		write_down(&q.v[i], trees);
	free(q.v);
	return plat_sig_check(e);
}
