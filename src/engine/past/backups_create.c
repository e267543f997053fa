#include "engine/past/backups_create.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "engine/log/log.h"
#include "engine/past/backups.h"
#include "engine/profile/hold.h"
#include "engine/profile/run_id.h"
#include "engine/scan/rules.h"
#include "engine/scan/scan.h"
#include "platform/plat_sig.h"
#include "platform/plat_thread.h"
#include "platform/plat_time.h"
#include "store/snapshot/snapsave.h"

/* Files are given to workers in runs of so many, so that one directory mostly
   is one worker's. */
enum { RUN = 256, THREADS_MAX = 64 };

/* One path, and what became of it. */
struct load {
	struct snapsave_entry entry;
	bool linked;
	bool vanished;
	struct err *why; /* NULL: it was saved */
};

struct work {
	struct create *out;
	const struct config *config;
	struct site sites[SIDES]; /* the local one */
	struct rules rules;
	struct tree trees[SIDES];
	struct stamp seen;
	struct arena paths;
	struct load *v;
	size_t n, cap;
	/* The snapshot that what is unchanged is taken from. */
	struct backups backups;
	struct snapmanifest base;
	struct plat_dir *base_dir; /* NULL: there is none */
	struct snapsave *save;
	/* Shared by the workers. */
	struct plat_mutex *mutex;
	size_t next;
};

/* ---- what is to be saved ------------------------------------------------- */

static void
add_trouble(struct create *c, const char *path, size_t n, const char *reason,
    const struct err *why)
{
	char text[ERR_TEXT_SIZE];
	c->troubles = mem_grow(c->troubles, &c->cap_troubles, c->ntroubles + 1,
	    sizeof(*c->troubles));
	c->troubles[c->ntroubles++] = (struct create_trouble){
	    .path = mem_copy(path, n),
	    .path_len = n,
	    .reason = reason,
	    .error = why != NULL ? mem_string(err_text(why, text, sizeof(text)))
				 : NULL};
}

static const char *
why_unknown(uint8_t why)
{
	switch ((enum entry_unknown)why) {
	case UNKNOWN_SYMLINK:
		return "symlink";
	case UNKNOWN_SPECIAL:
		return "special";
	case UNKNOWN_UNREADABLE:
		return "unreadable";
	case UNKNOWN_PLACEHOLDER:
		return "placeholder";
	default:
		return "invalid_name";
	}
}

static void
add_item(struct work *w, const struct entry *en, const struct str *path)
{
	w->v = mem_grow(w->v, &w->cap, w->n + 1, sizeof(*w->v));
	struct load *item = &w->v[w->n++];
	*item =
	    (struct load){.entry = {
			      .path = arena_copy(&w->paths, path->p, path->len),
			      .path_len = path->len,
			      .was = fingerprint_of(en, w->seen),
			  }};
}

static void
list_items(struct work *w)
{
	struct tree_cursor c;
	tree_begin(&c, &w->trees[SIDE_LOCAL].root, "", 0);
	while (tree_next(&c)) {
		const struct entry *en = c.entry;
		if (en->type != ENTRY_UNKNOWN) {
			add_item(w, en, &c.path);
			continue;
		}
		if (!unknown_is_listed(en->unknown))
			continue;
		w->out->failed += en->unknown == UNKNOWN_UNREADABLE;
		add_trouble(w->out, c.path.p, c.path.len,
		    why_unknown(en->unknown), NULL);
	}
	tree_end(&c);
}

static int
look(struct work *w, unsigned threads, struct err *e)
{
	struct run_wish wish = {.direction = -1, .policy = -1};
	struct scan_news news = {.in_flight = 0};
	const char *root = w->config->paths.local_state_dir;
	if (site_open(&w->sites[SIDE_LOCAL], SIDE_LOCAL, root, e) != 0)
		return err_wrap(e, "local root");
	w->sites[SIDE_CLOUD].side = SIDE_CLOUD;
	if (rules_make(&w->rules, w->config, w->sites, &wish, e) != 0)
		return -1;
	struct scan_rules how = {
	    .filter = w->rules.filter,
	    .quirks = w->rules.quirks,
	    .copy_symlinks = w->config->sync.symlinks == CONFIG_SYMLINKS_COPY,
	    .threads = threads,
	};
	w->seen = plat_now();
	int rc = scan(w->trees, &news, w->sites, &how, e);
	strlist_free(&news.some);
	if (rc != 0)
		return -1;
	tree_finish(&w->trees[SIDE_LOCAL]);
	list_items(w);
	return 0;
}

/* ---- the base ------------------------------------------------------------ */

static const struct snaplist_item *
find_base(const struct work *w)
{
	for (size_t i = w->backups.list.n; i-- > 0;) {
		const struct snaplist_item *item = &w->backups.list.v[i];
		if (backups_complete(item) && item->form == SNAPREAD_DIR &&
		    backups_ours(item, w->config) &&
		    strcmp(item->head.about.reason, "create") == 0)
			return item;
	}
	return NULL;
}

/* One that cannot be read is none: everything is copied then. */
static int
open_base(struct work *w, struct err *e)
{
	struct err ignored;
	if (backups_open(&w->backups, w->config, e) != 0)
		return -1;
	const struct snaplist_item *item = find_base(w);
	if (item == NULL ||
	    w->config->backup.compression == CONFIG_SNAPSHOT_ZIP)
		return 0;
	if (snapread_entries(&w->base, w->backups.dir, item->id, &ignored) !=
		0 ||
	    plat_dir_sub(&w->base_dir, w->backups.dir, item->id, &ignored) != 0)
		w->base_dir = NULL;
	return 0;
}

static bool
is_unchanged(const struct fingerprint *now, const struct fingerprint *then)
{
	return then->type == ENTRY_FILE && then->hashed && then->ino != 0 &&
	    now->ino == then->ino && now->size == then->size && !now->racy &&
	    stamp_cmp(now->mtime, then->mtime) == 0 &&
	    stamp_cmp(now->ctime, then->ctime) == 0;
}

/* ---- the work ------------------------------------------------------------ */

/* 1: it has to be copied. */
static int
take_link(struct snapsave_hand *hand, struct load *item,
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
save(struct snapsave_hand *hand, struct load *item,
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

/* Of two lists in tree order: the base's entry for *item*, from *at* on. */
static const struct snap_entry *
find_in_base(const struct work *w, size_t *at, const struct load *item)
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
base_from(const struct work *w, const struct load *item)
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
next_run(struct work *w)
{
	plat_mutex_lock(w->mutex);
	size_t from = w->next;
	w->next += RUN;
	plat_mutex_unlock(w->mutex);
	return from;
}

static void
save_run(struct work *w, struct snapsave_hand *hand, size_t from)
{
	size_t end = from + RUN < w->n ? from + RUN : w->n;
	size_t at = base_from(w, &w->v[from]);
	for (size_t i = from; i < end && !plat_sig_asked(); i++)
		save(hand, &w->v[i], find_in_base(w, &at, &w->v[i]));
}

static void
run_worker(void *arg)
{
	struct work *w = arg;
	struct snapsave_hand *hand =
	    snapsave_hand(w->save, w->sites[SIDE_LOCAL].root, w->base_dir);
	for (size_t from; (from = next_run(w)) < w->n;) {
		snapsave_run(hand, from / RUN);
		save_run(w, hand, from);
		snapsave_run_end(hand);
	}
	snapsave_hand_free(hand);
}

static void
run_workers(struct work *w, unsigned threads)
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

/* ---- the end ------------------------------------------------------------- */

static void
count_saved(struct create *out, const struct load *item)
{
	const struct snapsave_entry *en = &item->entry;
	out->dirs += en->was.type == ENTRY_DIR;
	if (en->was.type == ENTRY_DIR)
		return;
	out->files++;
	out->linked += item->linked;
	out->bytes += en->was.size;
	if (!item->linked)
		out->copied += en->was.size;
	if (!en->unsettled)
		return;
	out->failed++;
	add_trouble(out, en->path, en->path_len, "changed_during_sync", NULL);
}

/* What was saved moves together; what vanished never was. */
static struct snapsave_entry *
gather(struct work *w, size_t *n)
{
	struct snapsave_entry *v = mem_zero(w->n, sizeof(*v));
	*n = 0;
	for (size_t i = 0; i < w->n; i++) {
		struct load *item = &w->v[i];
		if (item->why != NULL) {
			w->out->failed++;
			add_trouble(w->out, item->entry.path,
			    item->entry.path_len,
			    item->why->code == ERR_BUSY ? "changed_during_sync"
							: "unreadable",
			    item->why);
		} else if (!item->vanished) {
			count_saved(w->out, item);
			v[(*n)++] = item->entry;
		}
	}
	return v;
}

static int
begin(struct work *w, const char *run_id, struct err *e)
{
	const struct config *c = w->config;
	struct stamp now = plat_now();
	if (snapshot_id(&w->out->id, now, c->identity.machine_id, e) != 0)
		return -1;
	struct snapshot_about about = {
	    .id = w->out->id.p,
	    .backup_dir = c->paths.backup_dir,
	    .machine = c->identity.machine_id,
	    .profile = c->profile,
	    .run_id = run_id,
	    .reason = "create",
	    .time = now,
	    .zip = c->backup.compression == CONFIG_SNAPSHOT_ZIP,
	    .durable = c->sync.durability == CONFIG_DURABLE_FULL,
	};
	return snapsave_begin(&w->save, &about, e);
}

static int
save_all(struct work *w, const char *run_id, unsigned threads, struct err *e)
{
	size_t n;
	if (begin(w, run_id, e) != 0)
		return err_wrap(e, "snapshot");
	run_workers(w, threads);
	if (plat_sig_check(e) != 0) {
		snapsave_abandon(w->save);
		return -1;
	}
	struct snapsave_entry *v = gather(w, &n);
	int rc = snapsave_finish(w->save, v, n, e);
	free(v);
	return rc != 0 ? err_wrap(e, "snapshot") : 0;
}

static void
free_work(struct work *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->v[i].why);
	free(w->v);
	arena_free(&w->paths);
	plat_dir_close(w->base_dir);
	snapmanifest_free(&w->base);
	backups_close(&w->backups);
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		tree_free(&w->trees[s]);
		site_close(&w->sites[s]);
	}
	rules_free(&w->rules);
}

static int
create(
    struct create *out, const struct config *c, unsigned threads, struct err *e)
{
	char run_id[RUN_ID_SIZE];
	struct work w = {.out = out, .config = c, .paths = ARENA_INIT};
	w.base.arena = ARENA_INIT;
	run_id_make(run_id, plat_now());
	struct log *log = log_open(c, run_id);
	int rc = look(&w, threads, e);
	if (rc == 0)
		rc = open_base(&w, e);
	if (rc == 0)
		rc = save_all(&w, run_id, threads, e);
	if (rc == 0)
		log_reason(log, CONFIG_LOG_INFO, "create",
		    "snapshot %s: %zu files", out->id.p, out->files);
	log_close(log);
	free_work(&w);
	return rc;
}

int
create_profile(
    struct create *out, const struct config *c, unsigned threads, struct err *e)
{
	struct hold hold;
	*out = (struct create){.id = STR_INIT};
	if (hold_take(&hold, c, true, e) != 0)
		return -1;
	int rc = create(out, c, threads, e);
	hold_release(&hold);
	return rc;
}

void
create_free(struct create *c)
{
	for (size_t i = 0; i < c->ntroubles; i++) {
		free(c->troubles[i].path);
		free(c->troubles[i].error);
	}
	free(c->troubles);
	str_free(&c->id);
	*c = (struct create){.id = STR_INIT};
}
