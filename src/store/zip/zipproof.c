#include "store/zip/zipproof.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "platform/plat_thread.h"
#include "store/zip/zipname.h"
#include "store/zip/zipstream.h"

struct zipproof {
	const struct zipread *z;
	struct zipstream *stream;
	struct hash_stream *hash;
	struct str name;
};

struct zipproof *
zipproof_new(const struct zipread *z)
{
	struct zipproof *p = mem_alloc(sizeof(*p));
	p->z = z;
	p->stream = zipstream_new();
	p->hash = hash_open();
	p->name = STR_INIT;
	return p;
}

static int
hash_entry(struct zipproof *p, const struct zipread_entry *entry, struct err *e)
{
	const void *bytes;
	size_t n = 1;
	hash_restart(p->hash);
	if (zipstream_begin(p->stream, p->z, entry, e) != 0)
		return -1;
	while (n > 0) {
		if (zipstream_next(p->stream, &bytes, &n, e) != 0)
			return -1;
		hash_feed(p->hash, bytes, n);
	}
	return 0;
}

int
zipproof_holds(
    struct zipproof *p, const char *path, struct hash want, struct err *e)
{
	str_clear(&p->name);
	zipname_add(&p->name, path);
	const struct zipread_entry *entry =
	    zipread_find(p->z, p->name.p, p->name.len);
	if (entry == NULL)
		return 0;
	return hash_entry(p, entry, e) != 0
	    ? -1
	    : hash_equal(hash_end(p->hash), want);
}

void
zipproof_destroy(struct zipproof *p)
{
	if (p == NULL)
		return;
	zipstream_destroy(p->stream);
	hash_close(p->hash);
	str_free(&p->name);
	free(p);
}

/* ---- all of them --------------------------------------------------------- */

/* Given out in runs of so many; by so many at most. */
enum { RUN = 64, THREADS_MAX = 64 };

struct proving {
	const struct zipread *z;
	size_t n, next;
	zipproof_fn *fn;
	void *arg;
	struct plat_mutex *mutex; /* over *next* and what follows */
	bool failed;
	struct err why;
};

/* The beginning of the next run, or *n*. */
static size_t
next_run(struct proving *p)
{
	plat_mutex_lock(p->mutex);
	size_t from = p->failed || p->next > p->n ? p->n : p->next;
	p->next = from + RUN;
	plat_mutex_unlock(p->mutex);
	return from;
}

static void
fail(struct proving *p, const struct err *why)
{
	plat_mutex_lock(p->mutex);
	if (!p->failed)
		p->why = *why;
	p->failed = true;
	plat_mutex_unlock(p->mutex);
}

static void
prove_runs(void *arg)
{
	struct proving *p = arg;
	struct zipproof *proof = zipproof_new(p->z);
	struct err why;
	int rc = 0;
	for (size_t from; rc == 0 && (from = next_run(p)) < p->n;) {
		size_t end = p->n - from < RUN ? p->n : from + RUN;
		for (size_t i = from; rc == 0 && i < end; i++)
			rc = p->fn(p->arg, proof, i, &why);
	}
	if (rc != 0)
		fail(p, &why);
	zipproof_destroy(proof);
}

int
zipproof_each(const struct zipread *z, size_t n, zipproof_fn *fn, void *arg,
    struct err *e)
{
	struct plat_thread *crew[THREADS_MAX];
	unsigned threads = plat_cpu_count(), started = 0;
	struct proving p = {.z = z, .n = n, .fn = fn, .arg = arg};
	p.mutex = plat_mutex_new();
	while (started + 1 < threads && started < THREADS_MAX &&
	    (started + 1) * (size_t)RUN < n) {
		crew[started] = plat_thread_start(prove_runs, &p);
		if (crew[started] == NULL)
			break;
		started++;
	}
	prove_runs(&p);
	while (started > 0)
		plat_thread_join(crew[--started]);
	plat_mutex_destroy(p.mutex);
	return p.failed ? err_pass(e, &p.why) : 0;
}
