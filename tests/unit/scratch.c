#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "platform/plat_env.h"
#include "platform/plat_proc.h"
#include "platform/plat_time.h"

/* A test may have put calls of its own in the place of these; what prepares
   and looks at the scene is to work all the same. */
#undef plat_unlink
#undef plat_write
int plat_unlink(struct plat_dir *d, const char *name, struct err *e);
int plat_write(struct plat_file f, const void *buf, size_t n, struct err *e);

static void
must(int rc, const struct err *e)
{
	char text[ERR_TEXT_SIZE];
	if (rc != 0)
		fail_msg("%d: %s", rc,
		    rc < 0 ? err_text(e, text, sizeof(text)) : "nothing there");
}

/* ---- removing ------------------------------------------------------------ */

static int
list_name(void *arg, const char *name, size_t len, const struct plat_stat *st,
    const struct err *why)
{
	UNUSED(st);
	UNUSED(why);
	strlist_addn(arg, name, len);
	return 0;
}

static void
empty(struct plat_dir *d)
{
	struct err e;
	struct strlist names = STRLIST_INIT;
	must(plat_list(d, list_name, &names, &e), &e);
	for (size_t i = 0; i < names.n; i++) {
		struct plat_stat st;
		must(plat_stat(&st, d, names.v[i], &e), &e);
		if (st.type != PLAT_DIR) {
			must(plat_unlink(d, names.v[i], &e), &e);
			continue;
		}
		struct plat_dir *sub;
		must(plat_dir_sub(&sub, d, names.v[i], &e), &e);
		empty(sub);
		plat_dir_close(sub);
		must(plat_rmdir(d, names.v[i], &e), &e);
	}
	strlist_free(&names);
}

/* ---- the directory ------------------------------------------------------- */

void
scratch_open(struct scratch *s)
{
	static unsigned count;
	struct err e;
	struct str path = STR_INIT;
	struct str name = STR_INIT;
	uint64_t started;
	str_addf(&name, "scratch-%lld-%u", (long long)plat_proc_self(&started),
	    count++);
	must(plat_absolute(&path, name.p, &e), &e);
	must(plat_dir_make(path.p, 0700, &e), &e);
	must(plat_dir_open(&s->dir, path.p, &e), &e);
	/* A test that failed left its own, and process numbers come again. */
	empty(s->dir);
	s->path = str_take(&path);
	str_free(&name);
}

void
scratch_close(struct scratch *s)
{
	struct plat_dir *parent;
	struct err e;
	size_t name = strlen(s->path);
	empty(s->dir);
	plat_dir_close(s->dir);
	while (
	    name > 0 && s->path[name - 1] != '/' && s->path[name - 1] != '\\')
		name--;
	char *above = mem_copy(s->path, name);
	must(plat_dir_open(&parent, above, &e), &e);
	must(plat_rmdir(parent, s->path + name, &e), &e);
	plat_dir_close(parent);
	free(above);
	free(s->path);
}

/* ---- files --------------------------------------------------------------- */

void
scratch_write(
    const struct scratch *s, const char *name, const void *bytes, size_t n)
{
	struct err e;
	struct plat_file f;
	if (plat_unlink(s->dir, name, &e) < 0)
		must(-1, &e);
	must(plat_create(&f, s->dir, name, &e), &e);
	must(plat_write(f, bytes, n, &e), &e);
	must(plat_close(&f, &e), &e);
}

void
scratch_put(const struct scratch *s, const char *name, const char *text)
{
	scratch_write(s, name, text, strlen(text));
}

void
scratch_read(struct str *out, const struct scratch *s, const char *name)
{
	struct err e;
	struct plat_file f;
	must(plat_open(&f, s->dir, name, &e), &e);
	for (;;) {
		char piece[4096];
		size_t got;
		must(plat_read(f, piece, sizeof(piece), &got, &e), &e);
		if (got == 0)
			break;
		str_addn(out, piece, got);
	}
	must(plat_close(&f, &e), &e);
}

bool
scratch_has(const struct scratch *s, const char *name)
{
	struct err e;
	struct plat_stat st;
	int rc = plat_stat(&st, s->dir, name, &e);
	if (rc < 0)
		must(rc, &e);
	return rc == 0;
}

void
scratch_names(struct strlist *out, const struct scratch *s)
{
	struct err e;
	struct strlist all = STRLIST_INIT;
	must(plat_list(s->dir, list_name, &all, &e), &e);
	for (size_t i = 0; i < all.n; i++) {
		if (all.v[i][0] != '.')
			strlist_add(out, all.v[i]);
	}
	strlist_sort(out);
	strlist_free(&all);
}

void
scratch_join(struct str *out, const struct scratch *s)
{
	struct strlist names = STRLIST_INIT;
	scratch_names(&names, s);
	for (size_t i = 0; i < names.n; i++)
		str_addf(out, "%s%s", i > 0 ? " " : "", names.v[i]);
	strlist_free(&names);
}

/* ---- programs ------------------------------------------------------------ */

int
scratch_run(struct str *out, const char *program, const char *a, const char *b,
    const char *c)
{
	const char *const argv[] = {program, a, b, c, NULL};
	struct plat_spawn how = {.argv = argv, .output = PLAT_OUT_CAPTURE};
	struct plat_child *child;
	struct err e;
	int code = -1;
	must(plat_spawn(&child, &how, &e), &e);
	must(plat_child_wait(child, 60000, &code, out, 1 << 24, &e), &e);
	plat_child_end(child);
	return code;
}

void
scratch_check_zip(const struct scratch *s, const char *name)
{
#ifdef UNZIP
	struct str said = STR_INIT;
	struct str path = STR_INIT;
	str_addf(&path, "%s/%s", s->path, name);
	int code = scratch_run(&said, UNZIP, "-tqq", path.p, NULL);
	if (code != 0)
		fail_msg("unzip -t: %d: %s", code, said.p);
	str_free(&path);
	str_free(&said);
#else
	assert_true(scratch_has(s, name));
#endif
}
