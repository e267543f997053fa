/*
 * Workers take directories from one stack, list them, and push what they find
 * below. Each keeps its entries in an arena of its own; the trees take the
 * arenas over in the end.
 */
#include "engine/scan/scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "model/plan/plan_words.h"
#include "platform/plat_sig.h"
#include "platform/plat_thread.h"

enum { NEWS_SHOWN = 5 };

/* A directory to be listed. */
struct chore {
	struct entry *entry; /* gets what is found */
	enum side side;
	char *path; /* owned */
	size_t path_len;
};

struct crew {
	const struct site *sites;
	const struct scan_rules *rules;
	struct scan_news *news;
	struct plat_mutex *lock; /* guards all below, and news */
	struct chore *chores;
	size_t n, cap;
	size_t busy; /* workers that may still push */
	bool stop;
	struct err err; /* why a root could not be listed */
};

struct worker {
	struct crew *crew;
	struct plat_thread *thread;
	struct arena arena[SIDES];
	struct chore chore; /* the one in hand */
	struct str path;    /* of the entry in hand */
	struct str scratch;
	struct plat_dir *dir;
	struct entry *found; /* entries of the directory in hand */
	size_t n, cap;
};

/* ---- one entry ---- */

static struct entry *
add_entry(struct worker *w, const char *name, size_t n)
{
	w->found = mem_grow(w->found, &w->cap, w->n + 1, sizeof(*w->found));
	struct entry *e = &w->found[w->n++];
	memset(e, 0, sizeof(*e));
	e->name = arena_copy(&w->arena[w->chore.side], name, n);
	e->name_len = (uint16_t)n;
	return e;
}

static void
be_unknown(struct entry *e, enum entry_unknown why)
{
	e->type = ENTRY_UNKNOWN;
	e->unknown = (uint8_t)why;
	e->u.hash = NULL;
}

static void
report_in_flight(struct worker *w)
{
	struct crew *c = w->crew;
	if (w->chore.side != SIDE_CLOUD)
		return;
	plat_mutex_lock(c->lock);
	if (c->news->in_flight++ < NEWS_SHOWN)
		strlist_addn(&c->news->some, w->path.p, w->path.len);
	plat_mutex_unlock(c->lock);
}

/* A name of a cloud client's, or ours. True: nothing more to see. */
static bool
is_private(struct worker *w, struct entry *e)
{
	str_clear(&w->scratch);
	switch (quirks_name(w->crew->rules->quirks, e->name, e->name_len,
	    w->chore.path_len == 0, &w->scratch)) {
	case QUIRKS_NONE:
		return false;
	case QUIRKS_PRIVATE:
		break;
	case QUIRKS_IN_FLIGHT:
		report_in_flight(w);
		break;
	case QUIRKS_PLACEHOLDER:
		be_unknown(e, UNKNOWN_PRIVATE);
		e = add_entry(w, w->scratch.p, w->scratch.len);
		be_unknown(e, UNKNOWN_PLACEHOLDER);
		return true;
	}
	be_unknown(e, UNKNOWN_PRIVATE);
	return true;
}

static bool
is_filtered(struct worker *w, struct entry *e, bool is_dir)
{
	switch (filter_judge(
	    w->crew->rules->filter, w->path.p, w->path.len, is_dir)) {
	case FILTER_IN:
		return false;
	case FILTER_PASS:
		e->flags |= ENTRY_ON_THE_WAY;
		return false;
	case FILTER_OUT:
		be_unknown(e, UNKNOWN_EXCLUDED);
		break;
	case FILTER_SECRET:
		be_unknown(e, UNKNOWN_SECRET);
		break;
	}
	return true;
}

static void
read_link(struct worker *w, struct entry *e)
{
	if (!w->crew->rules->copy_symlinks) {
		be_unknown(e, UNKNOWN_SYMLINK);
		return;
	}
	str_clear(&w->scratch);
	if (plat_readlink(&w->scratch, w->dir, e->name, NULL) != 0) {
		be_unknown(e, UNKNOWN_UNREADABLE);
		return;
	}
	struct hash *h = arena_alloc(&w->arena[w->chore.side], sizeof(*h));
	*h = hash_of(w->scratch.p, w->scratch.len);
	e->type = ENTRY_LINK;
	e->size = w->scratch.len;
	e->u.hash = h;
}

static void
describe(struct worker *w, struct entry *e, const struct plat_stat *st)
{
	e->mode = (uint16_t)(st->mode & 0777);
	e->nlink = (uint8_t)(st->nlink < UINT8_MAX ? st->nlink : UINT8_MAX);
	e->mtime_sec = st->mtime.sec;
	e->mtime_nsec = st->mtime.nsec;
	e->ctime_sec = st->ctime.sec;
	e->ctime_nsec = st->ctime.nsec;
	e->ino = st->ino;
	switch (st->type) {
	case PLAT_FILE:
		e->type = ENTRY_FILE;
		e->size = st->size;
		if (st->mode & 0100)
			e->flags |= ENTRY_EXEC;
		if (st->placeholder)
			e->flags |= ENTRY_PLACEHOLDER;
		break;
	case PLAT_DIR:
		e->type = ENTRY_DIR;
		break;
	case PLAT_LINK:
		read_link(w, e);
		break;
	case PLAT_OTHER:
		be_unknown(e, UNKNOWN_SPECIAL);
		break;
	}
}

static int
see(void *arg, const char *name, size_t n, const struct plat_stat *st,
    const struct err *why)
{
	struct worker *w = arg;
	UNUSED(why);
	if (plat_sig_asked())
		return -1;
	str_clear(&w->path);
	str_addn(&w->path, w->chore.path, w->chore.path_len);
	path_join(&w->path, name, n);
	struct entry *e = add_entry(w, name, n);
	bool is_dir = st != NULL && st->type == PLAT_DIR;
	if (n > UINT16_MAX || !path_is_safe(name, n))
		be_unknown(e, UNKNOWN_INVALID_NAME);
	else if (is_private(w, e) || is_filtered(w, e, is_dir))
		return 0;
	else if (st == NULL)
		be_unknown(e, UNKNOWN_UNREADABLE);
	else
		describe(w, e, st);
	return 0;
}

/* ---- one directory ---- */

static int
list(struct worker *w, struct err *e)
{
	const struct chore *c = &w->chore;
	w->n = 0;
	int rc =
	    plat_dir_sub(&w->dir, w->crew->sites[c->side].root, c->path, e);
	if (rc == 0) {
		rc = plat_list(w->dir, see, w, e);
		plat_dir_close(w->dir);
		w->dir = NULL;
	}
	return rc;
}

static void
push(struct worker *w)
{
	struct crew *crew = w->crew;
	const struct chore *c = &w->chore;
	const struct tree_dir *dir = c->entry->u.dir;
	plat_mutex_lock(crew->lock);
	for (size_t i = dir->n; i-- > 0;) {
		struct entry *e = &dir->v[i];
		if (e->type != ENTRY_DIR)
			continue;
		str_clear(&w->path);
		str_addn(&w->path, c->path, c->path_len);
		path_join(&w->path, e->name, e->name_len);
		crew->chores = mem_grow(crew->chores, &crew->cap, crew->n + 1,
		    sizeof(*crew->chores));
		crew->chores[crew->n++] = (struct chore){.entry = e,
		    .side = c->side,
		    .path = mem_copy(w->path.p, w->path.len),
		    .path_len = w->path.len};
	}
	plat_mutex_wake(crew->lock);
	plat_mutex_unlock(crew->lock);
}

/* The listing moves into the tree, each directory's entries in one piece. */
static void
settle(struct worker *w)
{
	struct arena *arena = &w->arena[w->chore.side];
	struct tree_dir *dir = arena_alloc(arena, sizeof(*dir));
	dir->n = w->n;
	dir->v = arena_alloc(arena, w->n * sizeof(*dir->v));
	if (w->n > 0)
		memcpy(dir->v, w->found, w->n * sizeof(*dir->v));
	tree_sort(dir);
	tree_drop_twins(dir);
	w->chore.entry->u.dir = dir;
}

static void
do_chore(struct worker *w)
{
	struct err why = {.code = ERR_NONE};
	struct chore *c = &w->chore;
	if (list(w, &why) == 0) {
		settle(w);
		push(w);
	} else if (c->path_len > 0) {
		be_unknown(c->entry, UNKNOWN_UNREADABLE);
	} else {
		plat_mutex_lock(w->crew->lock);
		w->crew->err = why;
		err_wrap(&w->crew->err, "%s root", side_name(c->side));
		w->crew->stop = true;
		plat_mutex_unlock(w->crew->lock);
	}
	free(c->path);
}

/* ---- the crew ---- */

static bool
take_chore(struct worker *w)
{
	struct crew *c = w->crew;
	plat_mutex_lock(c->lock);
	c->busy--;
	while (c->n == 0 && c->busy > 0 && !c->stop)
		plat_mutex_wait(c->lock);
	bool got = c->n > 0 && !c->stop && !plat_sig_asked();
	if (got) {
		w->chore = c->chores[--c->n];
		c->busy++;
	} else {
		c->stop |= plat_sig_asked();
		plat_mutex_wake(c->lock);
	}
	plat_mutex_unlock(c->lock);
	return got;
}

static void
run_worker(void *arg)
{
	struct worker *w = arg;
	while (take_chore(w))
		do_chore(w);
}

static void
hire(struct crew *c, struct worker *w, unsigned n)
{
	c->busy = n;
	for (unsigned i = 0; i < n; i++) {
		w[i].crew = c;
		w[i].path = STR_INIT;
		w[i].scratch = STR_INIT;
	}
	for (unsigned i = 1; i < n; i++) {
		w[i].thread = plat_thread_start(run_worker, &w[i]);
		if (w[i].thread != NULL)
			continue;
		plat_mutex_lock(c->lock);
		c->busy--;
		plat_mutex_unlock(c->lock);
	}
	run_worker(&w[0]);
	for (unsigned i = 0; i < n; i++)
		plat_thread_join(w[i].thread);
}

static void
dismiss(struct worker *w, unsigned n, struct tree out[SIDES])
{
	for (unsigned i = 0; i < n; i++) {
		for (enum side s = SIDE_LOCAL; s < SIDES; s++)
			arena_join(&out[s].arena, &w[i].arena[s]);
		str_free(&w[i].path);
		str_free(&w[i].scratch);
		free(w[i].found);
	}
}

static void
begin(struct crew *c, struct tree out[SIDES])
{
	for (enum side s = SIDES; s-- > SIDE_LOCAL;) {
		tree_init(&out[s]);
		if (c->sites[s].root == NULL)
			continue; /* a new machine's folder, not made yet */
		c->chores =
		    mem_grow(c->chores, &c->cap, c->n + 1, sizeof(*c->chores));
		c->chores[c->n++] = (struct chore){
		    .entry = &out[s].root, .side = s, .path = mem_string("")};
	}
}

int
scan(struct tree out[SIDES], struct scan_news *news,
    const struct site sites[SIDES], const struct scan_rules *rules,
    struct err *e)
{
	struct crew c = {.sites = sites,
	    .rules = rules,
	    .news = news,
	    .lock = plat_mutex_new()};
	unsigned n = rules->threads > 0 ? rules->threads : 1;
	struct worker *workers = mem_zero(n, sizeof(*workers));
	begin(&c, out);
	hire(&c, workers, n);
	dismiss(workers, n, out);
	free(workers);
	for (size_t i = 0; i < c.n; i++)
		free(c.chores[i].path);
	free(c.chores);
	plat_mutex_destroy(c.lock);
	if (plat_sig_check(e) != 0)
		return -1;
	if (c.err.code != ERR_NONE)
		return err_pass(e, &c.err);
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		tree_prune(&out[s]);
	return 0;
}
