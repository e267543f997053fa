#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/past/backups_create_work.h"
#include "platform/plat_time.h"

/* ---- what is to be saved ------------------------------------------------- */

void
create_trouble_add(struct create *c, const char *path, size_t n,
    const char *reason, const struct err *why)
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
add_item(struct create_work *w, const struct entry *en, const struct str *path)
{
	w->v = mem_grow(w->v, &w->cap, w->n + 1, sizeof(*w->v));
	struct create_load *item = &w->v[w->n++];
	*item = (struct create_load){
	    .entry = {
		.path = arena_copy(&w->paths, path->p, path->len),
		.path_len = path->len,
		.was = fingerprint_of(en, w->seen),
	    }};
}

static void
list_items(struct create_work *w)
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
		create_trouble_add(w->out, c.path.p, c.path.len,
		    why_unknown(en->unknown), NULL);
	}
	tree_end(&c);
}

static int
scan_local(struct create_work *w, unsigned threads, struct err *e)
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
find_base(const struct create_work *w)
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
open_base(struct create_work *w, struct err *e)
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

static void
find_base_beside(void *arg)
{
	struct create_work *w = arg;
	w->base_error.code = ERR_NONE;
	(void)open_base(w, &w->base_error);
}

/* A manifest of many files takes as long to read as the files do to be looked
   at: both at once. */
int
create_look(struct create_work *w, unsigned threads, struct err *e)
{
	struct plat_thread *beside =
	    threads > 1 ? plat_thread_start(find_base_beside, w) : NULL;
	int rc = scan_local(w, threads, e);
	if (beside == NULL)
		find_base_beside(w);
	plat_thread_join(beside);
	if (rc == 0 && w->base_error.code != ERR_NONE)
		rc = err_pass(e, &w->base_error);
	return rc;
}
