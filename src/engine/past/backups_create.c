#include "engine/past/backups_create.h"

#include <stdlib.h>

#include "base/mem.h"
#include "engine/log/log.h"
#include "engine/past/backups_create_work.h"
#include "engine/profile/hold.h"
#include "engine/profile/run_id.h"
#include "platform/plat_sig.h"
#include "platform/plat_time.h"

/* ---- the end ------------------------------------------------------------- */

static void
count_saved(struct create *out, const struct create_load *item)
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
	create_trouble_add(
	    out, en->path, en->path_len, "changed_during_sync", NULL);
}

/* What was saved moves together; what vanished never was. */
static struct snapsave_entry *
gather(struct create_work *w, size_t *n)
{
	struct snapsave_entry *v = mem_zero(w->n, sizeof(*v));
	*n = 0;
	for (size_t i = 0; i < w->n; i++) {
		struct create_load *item = &w->v[i];
		if (item->why != NULL) {
			w->out->failed++;
			create_trouble_add(w->out, item->entry.path,
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
begin(struct create_work *w, const char *run_id, struct err *e)
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
save_all(
    struct create_work *w, const char *run_id, unsigned threads, struct err *e)
{
	size_t n;
	if (begin(w, run_id, e) != 0)
		return err_wrap(e, "snapshot");
	create_save(w, threads);
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
free_work(struct create_work *w)
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
	struct create_work w = {.out = out, .config = c, .paths = ARENA_INIT};
	w.base.arena = ARENA_INIT;
	run_id_make(run_id, plat_now());
	struct log *log = log_open(c, run_id);
	int rc = create_look(&w, threads, e);
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
