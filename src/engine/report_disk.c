#include "engine/report_disk.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/snapshot.h"

void
report_disk_tree(struct report_space *out, const struct entry *e)
{
	struct tree_cursor c;
	if (entry_is_content(e)) {
		out->bytes += e->size;
		out->files++;
	}
	if (e->type != ENTRY_DIR)
		return;
	tree_begin(&c, e, "", 0);
	while (tree_next(&c)) {
		if (!entry_is_content(c.entry))
			continue;
		out->bytes += c.entry->size;
		out->files++;
	}
	tree_end(&c);
}

/* ---- what no scan saw ---- */

/* A directory being listed; its directories come afterwards. */
struct use {
	uint64_t bytes;
	size_t files;
	struct strlist dirs;
};

static int
add_use(void *arg, const char *name, size_t n, const struct plat_stat *st,
    const struct err *why)
{
	struct use *u = arg;
	UNUSED(why);
	if (st == NULL)
		return 0;
	if (st->type == PLAT_DIR) {
		strlist_addn(&u->dirs, name, n);
	} else {
		u->bytes += st->size;
		u->files++;
	}
	return 0;
}

/* Everything below *at*, a path at a time, so that depth costs no stack. */
static int
use_below(struct use *out, struct plat_dir *at, struct err *e)
{
	struct strlist left = STRLIST_INIT;
	struct str path = STR_INIT;
	int rc = 0;
	strlist_add(&left, "");
	for (size_t i = 0; rc == 0 && i < left.n; i++) {
		struct plat_dir *dir = NULL;
		struct use u = {.dirs = STRLIST_INIT};
		rc = plat_dir_sub(&dir, at, left.v[i], e);
		if (rc == 0)
			rc = plat_list(dir, add_use, &u, e);
		plat_dir_close(dir);
		rc = rc > 0 ? 0 : rc; /* gone meanwhile */
		out->bytes += u.bytes;
		out->files += u.files;
		for (size_t d = 0; d < u.dirs.n; d++) {
			str_clear(&path);
			str_addf(&path, "%s%s%s", left.v[i],
			    left.v[i][0] != '\0' ? "/" : "", u.dirs.v[d]);
			strlist_add(&left, path.p);
		}
		strlist_free(&u.dirs);
	}
	str_free(&path);
	strlist_free(&left);
	return rc;
}

int
report_disk_use(
    const char *native, uint64_t *bytes, size_t *files, struct err *e)
{
	struct plat_dir *dir = NULL;
	struct use u = {.dirs = STRLIST_INIT};
	struct err why;
	if (plat_dir_open(&dir, native, &why) != 0) {
		if (why.code == ERR_NOTFOUND)
			return 0;
		*e = why;
		return -1;
	}
	int rc = use_below(&u, dir, e);
	plat_dir_close(dir);
	*bytes += u.bytes;
	*files += u.files;
	return rc;
}

/* ---- snapshots ---- */

struct found {
	struct report *report;
	struct plat_dir *dir;
};

static bool
cut_end(struct str *id, const char *end)
{
	if (!str_ends(id, end))
		return false;
	str_cut(id, id->len - strlen(end));
	return true;
}

static int
add_snapshot(void *arg, const char *name, size_t n, const struct plat_stat *st,
    const struct err *why)
{
	struct found *f = arg;
	struct report *r = f->report;
	struct str id = STR_INIT;
	UNUSED(why);
	str_addn(&id, name, n);
	bool partial = cut_end(&id, SNAPSHOT_PARTIAL);
	bool zip = !partial && cut_end(&id, SNAPSHOT_ZIP);
	if (st != NULL && snapshot_id_valid(id.p) &&
	    st->type == (zip ? PLAT_FILE : PLAT_DIR)) {
		r->snapshots = mem_grow(r->snapshots, &r->cap_snapshots,
		    r->nsnapshots + 1, sizeof(*r->snapshots));
		r->snapshots[r->nsnapshots++] =
		    (struct report_snapshot){.id = mem_string(id.p),
			.zip = zip,
			.complete = !partial,
			.bytes = zip ? st->size : 0};
	}
	str_free(&id);
	return 0;
}

static int
measure(struct report_snapshot *s, struct plat_dir *at, struct err *e)
{
	struct use u = {.dirs = STRLIST_INIT};
	struct plat_dir *dir = NULL;
	struct str name = STR_INIT;
	if (s->zip)
		return 0;
	str_addf(&name, "%s%s", s->id, s->complete ? "" : SNAPSHOT_PARTIAL);
	int rc = plat_dir_sub(&dir, at, name.p, e);
	if (rc == 0)
		rc = use_below(&u, dir, e);
	plat_dir_close(dir);
	str_free(&name);
	s->bytes = u.bytes;
	s->files = u.files;
	return rc < 0 ? -1 : 0;
}

static int
newer_first(const void *a, const void *b)
{
	const struct report_snapshot *x = a, *y = b;
	return strcmp(y->id, x->id);
}

int
report_disk_snapshots(struct report *r, struct err *e)
{
	struct found f = {.report = r};
	struct err why;
	if (plat_dir_open(&f.dir, r->config->paths.backup_dir, &why) != 0) {
		if (why.code == ERR_NOTFOUND)
			return 0;
		*e = why;
		return -1;
	}
	int rc = plat_list(f.dir, add_snapshot, &f, e);
	for (size_t i = 0; rc == 0 && i < r->nsnapshots; i++) {
		rc = measure(&r->snapshots[i], f.dir, e);
		r->snapshots_bytes += r->snapshots[i].bytes;
	}
	plat_dir_close(f.dir);
	if (r->nsnapshots > 0)
		qsort(r->snapshots, r->nsnapshots, sizeof(*r->snapshots),
		    newer_first);
	return rc;
}
