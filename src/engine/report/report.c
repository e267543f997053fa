#include "engine/report/report.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "base/path.h"
#include "engine/profile/pause.h"
#include "engine/report/report_disk.h"
#include "model/plan/plan_words.h"
#include "platform/plat_time.h"
#include "store/afile.h"

static void
note(struct report *r, const char *what, const struct err *e)
{
	char text[ERR_TEXT_SIZE];
	struct str line = STR_INIT;
	err_text(e, text, sizeof(text));
	str_addf(&line, "%s: %s", what, text);
	strlist_add(&r->notes, line.p);
	str_free(&line);
}

/* ---- conflicts ---- */

static bool
is_small_file(const struct entry *e)
{
	return e != NULL && e->type == ENTRY_FILE &&
	    !(e->flags & ENTRY_PLACEHOLDER) && e->size <= REPORT_CONTENT_MAX;
}

/* The whole of a file; one that has grown meanwhile is none of ours. */
static int
read_all(struct str *out, struct plat_file f, struct err *e)
{
	enum { PIECE = 32 * 1024 };
	size_t got = 1;
	int rc = 0;
	while (rc == 0 && got > 0) {
		str_reserve(out, PIECE);
		rc = plat_read(f, out->p + out->len, PIECE, &got, e);
		if (rc == 0)
			out->len += got;
		out->p[out->len] = '\0';
		if (out->len > REPORT_CONTENT_MAX)
			return err_set(e, ERR_BUSY, "it is growing");
	}
	return rc;
}

static int
read_side(struct str *out, const struct run *run, enum side s,
    const struct plan_conflict *c, struct err *e)
{
	size_t name = path_name(c->path, c->path_len);
	char *parent = mem_copy(c->path, path_parent(c->path, c->path_len));
	struct plat_dir *dir = NULL;
	struct plat_file f = PLAT_FILE_NONE;
	int rc = plat_dir_sub(&dir, run->sites[s].root, parent, e);
	if (rc == 0)
		rc = plat_open(&f, dir, c->path + name, e);
	if (rc > 0)
		rc = err_set(e, ERR_NOTFOUND, "it is gone by now");
	if (rc == 0)
		rc = read_all(out, f, e);
	(void)plat_close(&f, NULL);
	plat_dir_close(dir);
	free(parent);
	return rc;
}

static void
look_into(struct report_conflict *out, const struct run *run,
    const struct plan_conflict *c)
{
	struct err ignored; /* it is then shown without its content */
	*out = (struct report_conflict){
	    .conflict = c, .content = {STR_INIT, STR_INIT}};
	if (c->group || !is_small_file(c->entry[SIDE_LOCAL]) ||
	    !is_small_file(c->entry[SIDE_CLOUD]))
		return;
	out->read = true;
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		if (read_side(&out->content[s], run, s, c, &ignored) != 0)
			out->read = false;
}

static void
gather_conflicts(struct report *r)
{
	const struct plan *p = &r->run.plan;
	if (!r->run.planned)
		return;
	r->nconflicts = p->nconflicts < REPORT_CONFLICTS_MAX
	    ? p->nconflicts
	    : REPORT_CONFLICTS_MAX;
	r->conflicts = mem_zero(r->nconflicts + 1, sizeof(*r->conflicts));
	for (size_t i = 0; i < r->nconflicts; i++)
		look_into(&r->conflicts[i], &r->run, &p->conflicts[i]);
}

/* ---- space ---- */

static int
larger_first(const void *a, const void *b)
{
	const struct report_space *x = a, *y = b;
	if (x->bytes != y->bytes)
		return x->bytes > y->bytes ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void
gather_space(struct report_spaces *out, const struct tree *tree)
{
	const struct tree_dir *top = tree->root.u.dir;
	for (size_t i = 0; top != NULL && i < top->n; i++) {
		const struct entry *e = &top->v[i];
		if (e->type == ENTRY_UNKNOWN && !unknown_is_listed(e->unknown))
			continue;
		out->v =
		    mem_grow(out->v, &out->cap, out->n + 1, sizeof(*out->v));
		struct report_space *s = &out->v[out->n++];
		*s = (struct report_space){
		    .name = mem_copy(e->name, e->name_len),
		    .name_len = e->name_len,
		    .dir = e->type == ENTRY_DIR};
		report_disk_tree(s, e);
		out->bytes += s->bytes;
		out->files += s->files;
	}
	if (out->n > 0)
		qsort(out->v, out->n, sizeof(*out->v), larger_first);
}

/* ---- all of it ---- */

static int
look(struct report *r, unsigned threads, struct err *e)
{
	struct run_options options = {
	    .wish = {.direction = -1, .policy = -1},
	    .reason = "report",
	    .allow_deletes = true, /* nothing is deleted by looking */
	    .threads = threads,
	};
	r->rc = run_profile(&r->run, r->config, &options, &r->why);
	if (r->rc != 0 && r->why.code == ERR_CANCELLED) {
		*e = r->why;
		return -1;
	}
	return 0;
}

int
report_gather(
    struct report *out, const struct config *c, unsigned threads, struct err *e)
{
	struct err why;
	*out = (struct report){.config = c,
	    .when = plat_now(),
	    .paused_since = STR_INIT,
	    .notes = STRLIST_INIT};
	if (look(out, threads, e) != 0)
		return -1;
	out->paused = pause_is(&out->paused_since, c, &why) > 0;
	gather_conflicts(out);
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		gather_space(&out->sides[s], &out->run.trees[s]);
	if (history_load(&out->history, c, &why) != 0)
		note(out, "history", &why);
	if (backups_open(&out->backups, c, &why) != 0)
		note(out, "snapshots", &why);
	for (size_t i = 0; i < out->backups.list.n; i++)
		out->snapshots_bytes += out->backups.list.v[i].bytes;
	size_t ignored = 0;
	if (report_disk_use(c->logging.dir, &out->logs_bytes, &ignored, &why) !=
	    0)
		note(out, "logs", &why);
	return 0;
}

static void
free_spaces(struct report_spaces *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->v[i].name);
	free(s->v);
}

void
report_free(struct report *r)
{
	run_free(&r->run);
	str_free(&r->paused_since);
	for (size_t i = 0; i < r->nconflicts; i++)
		for (enum side s = SIDE_LOCAL; s < SIDES; s++)
			str_free(&r->conflicts[i].content[s]);
	free(r->conflicts);
	history_free(&r->history);
	backups_close(&r->backups);
	free_spaces(&r->sides[SIDE_LOCAL]);
	free_spaces(&r->sides[SIDE_CLOUD]);
	strlist_free(&r->notes);
}

/* ---- saving ---- */

int
report_check_place(const struct report *r, const char *file, struct err *e)
{
	struct str path = STR_INIT;
	int rc = plat_canonical(&path, file, e);
	for (enum side s = SIDE_LOCAL; rc == 0 && s < SIDES; s++) {
		const char *root = r->run.roots[s];
		size_t n = root != NULL ? strlen(root) : 0;
		if (n > 0 && strncmp(path.p, root, n) == 0 && path.p[n] == '/')
			rc = err_set(e, ERR_REFUSED,
			    "it would lie in the %s folder, and be mirrored",
			    side_name(s));
	}
	str_free(&path);
	return rc;
}

/* May what is there be replaced? */
static int
check_old(
    struct plat_dir *dir, const char *name, const char *mark, struct err *e)
{
	enum { HEAD = 256 };
	char head[HEAD];
	struct plat_file f = PLAT_FILE_NONE;
	size_t n = strlen(mark), got = 0;
	assert(n < HEAD);
	int rc = plat_open(&f, dir, name, e);
	if (rc != 0)
		return rc > 0 ? 0 : -1;
	rc = plat_read_at(f, head, n, 0, &got, e);
	if (rc == 0 && (got != n || memcmp(head, mark, n) != 0))
		rc = err_set(e, ERR_EXISTS, "%s is there, and no report", name);
	(void)plat_close(&f, NULL);
	return rc;
}

int
report_save(
    const char *file, const char *mark, const struct str *text, struct err *e)
{
	struct str path = STR_INIT;
	struct plat_dir *dir = NULL;
	int rc = plat_canonical(&path, file, e);
	if (rc == 0) {
		char *slash = strrchr(path.p, '/');
		const char *name = slash != NULL ? slash + 1 : path.p;
		char *parent = slash == NULL ? mem_string(".")
		    : slash == path.p
		    ? mem_string("/")
		    : mem_copy(path.p, (size_t)(slash - path.p));
		rc = plat_dir_open(&dir, parent, e);
		if (rc == 0)
			rc = check_old(dir, name, mark, e);
		if (rc == 0)
			rc = afile_replace(
			    dir, name, text->p, text->len, false, e);
		free(parent);
	}
	plat_dir_close(dir);
	str_free(&path);
	return rc;
}
