#include "engine/report/report_disk.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

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
