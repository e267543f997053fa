#include "base/mem.h"
#include "store/snapshot/snapshot_work.h"
#include "store/zip/ziphand.h"

/*
 * What was kept goes into the archive, packed by several threads at once
 * (ziphand.h). Files up to a size are read into memory and packed there; all
 * else, and what uses the snapshot's one buffer, is done by whose turn it is.
 */

enum { RUN = 64, THREADS_MAX = 64, SMALL = 4 * 1024 * 1024 };

/* Shared by all threads. */
struct packing {
	struct snapshot *s;
	struct kepts *kepts;
	struct zipturns turns;
	struct plat_mutex *mutex; /* over what follows */
	size_t next;
	int rc; /* 1: begin anew; -1: *why* tells */
	struct err why;
};

/* One thread's. */
struct packhand {
	struct packing *all;
	struct ziphand zip;
	struct snapdir dir; /* in the growing directory */
	struct str bytes;
};

static int
add_bytes(struct packhand *h, struct kept *kept, struct err *e)
{
	struct zipentry_about about = {kept->path, 0600, kept->st.mtime};
	if (ziphand_add(&h->zip, &about, h->bytes.p, h->bytes.len, e) != 0)
		return -1;
	kept->hash = hash_of(h->bytes.p, h->bytes.len);
	kept->hashed = true;
	return 0;
}

static int
add_small(
    struct packhand *h, struct kept *kept, struct plat_file f, struct err *e)
{
	size_t size = (size_t)kept->st.size;
	struct str *bytes = &h->bytes;
	str_clear(bytes);
	str_reserve(bytes, size);
	while (bytes->len < size) {
		size_t got;
		if (plat_read_at(f, bytes->p + bytes->len, size - bytes->len,
			bytes->len, &got, e) != 0)
			return -1;
		if (got == 0)
			return err_set(e, ERR_BUSY, "shrank while it was read");
		bytes->len += got;
	}
	return add_bytes(h, kept, e);
}

static int
add_large(
    struct packhand *h, struct kept *kept, struct plat_file f, struct err *e)
{
	struct zipfile *zip;
	if (ziphand_archive(&zip, &h->zip, e) != 0 ||
	    zipfile_add(zip, kept->path, 0600, kept->st.mtime, f, e) != 0)
		return -1;
	kept->hash = zipfile_hash(zip);
	kept->hashed = true;
	return 0;
}

static int
add_file(struct packhand *h, struct kept *kept, struct err *e)
{
	struct plat_file f = PLAT_FILE_NONE;
	if (kept_open(&f, kept, &h->dir, e) != 0)
		return -1;
	int rc = kept->st.size <= SMALL ? add_small(h, kept, f, e)
					: add_large(h, kept, f, e);
	(void)plat_close(&f, NULL);
	return rc;
}

static int
add_link(struct packhand *h, struct kept *kept, struct err *e)
{
	str_clear(&h->bytes);
	return kept_target(&h->bytes, kept, &h->dir, e) == 0
	    ? add_bytes(h, kept, e)
	    : -1;
}

/* It stays outside the archive. */
static int
leave_raw(struct packhand *h, struct kept *kept, struct err *e)
{
	struct zipfile *zip;
	kept->raw = true;
	return ziphand_archive(&zip, &h->zip, e) == 0
	    ? kept_hash(h->all->s, kept, &h->dir, e)
	    : -1;
}

/* 1: begin the archive anew, without this one. */
static int
add_kept(struct packhand *h, struct kept *kept, struct err *e)
{
	struct err why = {.code = ERR_NONE};
	if (kept->raw)
		return leave_raw(h, kept, e);
	int rc = kept->st.type == PLAT_LINK ? add_link(h, kept, &why)
					    : add_file(h, kept, &why);
	if (rc == 0)
		return 0;
	/* No archive can hold the name, or somebody is cutting it short. */
	if (why.code == ERR_NAME)
		return leave_raw(h, kept, e);
	kept->raw = why.code == ERR_BUSY;
	if (kept->raw)
		return 1;
	*e = why;
	return err_wrap(e, "'%s'", kept->path);
}

/* The next run's first, or their number when there are no more. */
static size_t
next_run(struct packing *p)
{
	plat_mutex_lock(p->mutex);
	size_t n = p->kepts->n, from = p->next < n ? p->next : n;
	p->next = from + RUN;
	plat_mutex_unlock(p->mutex);
	return from;
}

static bool
is_over(struct packing *p)
{
	plat_mutex_lock(p->mutex);
	bool over = p->rc != 0;
	plat_mutex_unlock(p->mutex);
	return over;
}

static void
stop(struct packing *p, int rc, const struct err *why)
{
	plat_mutex_lock(p->mutex);
	/* What cannot be done is more than what has to be done again. */
	if (p->rc == 0 || (p->rc > 0 && rc < 0)) {
		p->rc = rc;
		p->why = *why;
	}
	plat_mutex_unlock(p->mutex);
}

static void
pack_runs(void *arg)
{
	struct packing *p = arg;
	struct packhand h = {.all = p, .bytes = STR_INIT};
	struct err why = {.code = ERR_NONE};
	ziphand_init(&h.zip, &p->turns);
	snapdir_init(&h.dir, p->s->partial, false);
	for (size_t from; (from = next_run(p)) < p->kepts->n;) {
		size_t end = from + RUN;
		int rc = 0;
		if (end > p->kepts->n)
			end = p->kepts->n;
		ziphand_begin(&h.zip, from / RUN);
		for (size_t i = from; rc == 0 && i < end && !is_over(p); i++)
			rc = add_kept(&h, &p->kepts->v[i], &why);
		if (rc != 0)
			stop(p, rc, &why);
		ziphand_end(&h.zip);
	}
	snapdir_free(&h.dir);
	ziphand_free(&h.zip);
	str_free(&h.bytes);
}

int
snapshot_pack_kept(
    struct snapshot *s, struct kepts *k, struct zipfile *zip, struct err *e)
{
	struct plat_thread *crew[THREADS_MAX];
	unsigned threads = plat_cpu_count(), started = 0;
	struct packing p = {.s = s, .kepts = k, .mutex = plat_mutex_new()};
	zipturns_init(&p.turns, zip);
	while (started + 1 < threads && started < THREADS_MAX &&
	    (started + 1) * (size_t)RUN < k->n) {
		crew[started] = plat_thread_start(pack_runs, &p);
		if (crew[started] == NULL)
			break;
		started++;
	}
	pack_runs(&p);
	while (started > 0)
		plat_thread_join(crew[--started]);
	zipturns_free(&p.turns);
	plat_mutex_destroy(p.mutex);
	return p.rc < 0 ? err_pass(e, &p.why) : p.rc;
}
