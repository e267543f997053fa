#include "engine/past/extract.h"

#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "engine/scan/glance.h"
#include "engine/write/stage.h"
#include "platform/plat_sig.h"

/* Both are names cloud clients leave alone (docs/quirks.md). */
static const char staged_name[] = "~coldsync-restore.tmp";

static void
marker_name(struct str *out, struct snapread *kept)
{
	str_addf(out, "~coldsync-restore-%s.tmp", snapread_about(kept)->id);
}

/* ---- whose directory is it? ---- */

struct found {
	const char *marker;
	bool marked, other;
};

static int
note_name(void *arg, const char *name, size_t n, const struct plat_stat *st,
    const struct err *why)
{
	struct found *f = arg;
	UNUSED(n);
	UNUSED(st);
	UNUSED(why);
	if (strcmp(name, f->marker) == 0)
		f->marked = true;
	else
		f->other = true;
	return 0;
}

int
extract_check(const char *to, struct snapread *kept, struct err *e)
{
	struct plat_dir *d;
	struct str marker = STR_INIT;
	struct err why = {.code = ERR_NONE};
	if (plat_dir_open(&d, to, &why) != 0) {
		if (why.code == ERR_NOTFOUND)
			return 0;
		return err_pass(e, &why);
	}
	marker_name(&marker, kept);
	struct found f = {.marker = marker.p};
	int rc = plat_list(d, note_name, &f, e);
	if (rc == 0 && f.other && !f.marked)
		rc = err_set(e, ERR_REFUSED, "'%s' is not empty", to);
	plat_dir_close(d);
	str_free(&marker);
	return rc;
}

/* A new directory lies where its nearest one that is there does. */
int
extract_folds(bool *out, const char *to, struct err *e)
{
	struct plat_dir *d = NULL;
	struct plat_volume volume;
	struct str path = STR_INIT;
	struct err why = {.code = ERR_NONE};
	int rc = plat_canonical(&path, to, e);
	while (rc == 0 && plat_dir_open(&d, path.p, &why) != 0) {
		size_t up = path_parent(path.p, path.len);
		if (why.code != ERR_NOTFOUND || up == 0)
			rc = err_pass(e, &why);
		else
			str_cut(&path, up);
	}
	if (rc == 0)
		rc = plat_volume(&volume, d, e);
	if (rc == 0)
		*out = volume.fold_case;
	plat_dir_close(d);
	str_free(&path);
	return rc;
}

/* ---- filling it ---- */

struct filling {
	const struct extract *x;
	struct site sites[SIDES]; /* both are the directory */
	struct stager stager;
	struct dircache dirs;
	struct glance glance;
	struct arena arena;
};

static int
make_dir(struct filling *f, const struct plan_step *step, struct err *e)
{
	struct plat_dir *dir;
	const char *name;
	struct err why = {.code = ERR_NONE};
	int rc =
	    dircache_at(&f->dirs, step->path, step->path_len, &dir, &name, e);
	if (rc != 0)
		return rc;
	rc = plat_mkdir(dir, name, step->source->mode | 0700, &why);
	return rc == 0 || why.code == ERR_EXISTS ? 0 : err_pass(e, &why);
}

/* 1: the very same is there, from an earlier try. */
static int
is_there(struct filling *f, const struct plan_step *step, struct err *e)
{
	const struct entry *now;
	const struct entry *want = step->source;
	if (glance_at(&now, &f->glance, SIDE_LOCAL, step->path, step->path_len,
		e) != 0)
		return -1;
	if (now == NULL)
		return 0;
	if (now->type == want->type && now->size == want->size &&
	    now->type != ENTRY_UNKNOWN && now->u.hash != NULL &&
	    want->u.hash != NULL && hash_equal(*now->u.hash, *want->u.hash))
		return 1;
	return err_set(e, ERR_EXISTS, "something else is there already");
}

static int
put(struct filling *f, const struct plan_step *step, struct err *e)
{
	struct plat_dir *dir;
	const char *name;
	struct fingerprint done;
	struct stage_job job = {
	    .from = {.side = SIDE_LOCAL, .kept = step->kept, .exec_bit = true},
	    .to = &f->sites[SIDE_LOCAL],
	    .expected = fingerprint_of(step->source, (struct stamp){0, 0}),
	    .name = staged_name,
	    .sync_each = f->x->durable,
	};
	int rc = is_there(f, step, e);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	rc = dircache_at(&f->dirs, step->path, step->path_len, &dir, &name, e);
	if (rc == 0)
		rc = stage(&done, &f->stager, &job, e);
	if (rc == 1)
		rc = err_set(e, ERR_NOTFOUND, "its folder is gone");
	if (rc != 0)
		return -1;
	rc = plat_move(job.to->work, staged_name, dir, name, e);
	/* Nobody else writes here. */
	return rc == 1 ? plat_replace(job.to->work, staged_name, dir, name, e)
		       : rc;
}

static int
fill(struct filling *f, struct apply_result *results, struct err *e)
{
	const struct plan *p = f->x->plan;
	for (size_t i = 0; i < p->nsteps; i++) {
		const struct plan_step *step = &p->steps[i];
		struct apply_result *result = &results[step->action];
		struct err why;
		char text[ERR_TEXT_SIZE];
		if (plat_sig_check(e) != 0)
			return -1;
		int rc = step->kind == STEP_MKDIR ? make_dir(f, step, &why)
						  : put(f, step, &why);
		result->status = rc == 0 ? APPLY_DONE : APPLY_FAILED;
		if (rc != 0)
			result->error =
			    mem_string(err_text(&why, text, sizeof(text)));
		if (f->x->progress != NULL)
			f->x->progress(f->x->arg, 1, 0);
	}
	return 0;
}

static int
begin(struct filling *f, const char *marker, struct err *e)
{
	struct plat_file mark;
	struct err why = {.code = ERR_NONE};
	struct plat_dir *root;
	if (plat_dir_make(f->x->to, 0700, e) != 0)
		return -1;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		if (site_open(&f->sites[s], s, f->x->to, e) != 0 ||
		    plat_dir_open(&f->sites[s].work, f->x->to, e) != 0)
			return -1;
	root = f->sites[SIDE_LOCAL].root;
	if (plat_create(&mark, root, marker, &why) == 0)
		return plat_close(&mark, e);
	if (why.code != ERR_EXISTS)
		return err_pass(e, &why);
	return plat_unlink(root, staged_name, e) < 0 ? -1 : 0;
}

/* Whole and durable before the marker goes. */
static int
end(struct filling *f, const struct apply_result *results, const char *marker,
    struct err *e)
{
	struct plat_dir *root = f->sites[SIDE_LOCAL].root;
	for (size_t i = 0; i < f->x->plan->nactions; i++)
		if (results[i].status != APPLY_DONE)
			return 0;
	if (f->x->durable && plat_volume_sync(root, e) < 0)
		return -1;
	return plat_unlink(root, marker, e) < 0 ? -1 : 0;
}

int
extract(const struct extract *x, struct apply_result *results, struct err *e)
{
	struct filling f = {.x = x, .arena = ARENA_INIT};
	struct str marker = STR_INIT;
	struct source_snapshot kept = {
	    .snapshot = x->kept, .lock = plat_mutex_new()};
	marker_name(&marker, x->kept);
	int rc = begin(&f, marker.p, e);
	stager_init(&f.stager, f.sites, &kept);
	dircache_init(&f.dirs, f.sites[SIDE_LOCAL].root);
	glance_init(&f.glance, f.sites, &f.arena);
	if (rc == 0)
		rc = fill(&f, results, e);
	if (rc == 0)
		rc = end(&f, results, marker.p, e);
	glance_free(&f.glance);
	dircache_free(&f.dirs);
	stager_free(&f.stager);
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		site_close(&f.sites[s]);
	arena_free(&f.arena);
	plat_mutex_destroy(kept.lock);
	str_free(&marker);
	return rc;
}
