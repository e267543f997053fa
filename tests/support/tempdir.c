#include "support/tempdir.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/strlist.h"
#include "platform/plat_env.h"
#include "platform/plat_proc.h"

void
assert_done(int rc, const struct err *e)
{
	char text[ERR_TEXT_SIZE];
	if (rc < 0)
		fail_msg("%s", err_text(e, text, sizeof(text)));
	assert_int_equal(rc, 0);
}

void
assert_failed(int rc, const struct err *e, enum err_code code)
{
	char text[ERR_TEXT_SIZE];
	assert_int_equal(rc, -1);
	err_text(e, text, sizeof(text));
	if (e->code != code)
		fail_msg("code %d, not %d: %s", (int)e->code, (int)code, text);
	assert_true(text[0] != '\0');
}

int
tempdir_setup(void **state)
{
	static unsigned count;
	struct tempdir *t = mem_alloc(sizeof(*t));
	struct str path = STR_INIT;
	struct str name = STR_INIT;
	struct err e;
	uint64_t started;
	str_addf(&name, "tempdir-%lld-%u", (long long)plat_proc_self(&started),
	    count++);
	assert_done(plat_absolute(&path, name.p, &e), &e);
	assert_done(plat_dir_make(path.p, 0700, &e), &e);
	assert_done(plat_dir_open(&t->dir, path.p, &e), &e);
	/* A test that failed left its own, and process numbers come again. */
	remove_all(t->dir);
	str_free(&name);
	t->path = str_take(&path);
	*state = t;
	return 0;
}

static void
remove_native(const char *path)
{
	struct plat_dir *parent;
	struct err e;
	struct str dir = STR_INIT;
	size_t cut = strlen(path);
	while (cut > 0 && path[cut - 1] != '/' && path[cut - 1] != '\\')
		cut--;
	str_addn(&dir, path, cut);
	assert_done(plat_dir_open(&parent, dir.p, &e), &e);
	assert_done(plat_rmdir(parent, path + cut, &e), &e);
	plat_dir_close(parent);
	str_free(&dir);
}

int
tempdir_teardown(void **state)
{
	struct tempdir *t = *state;
	remove_all(t->dir);
	plat_dir_close(t->dir);
	remove_native(t->path);
	free(t->path);
	free(t);
	return 0;
}

void
tempdir_path(struct str *out, const struct tempdir *t, const char *name)
{
	str_add(out, t->path);
	str_addc(out, '/');
	str_add(out, name);
}

void
put_file(struct plat_dir *d, const char *name, const char *text)
{
	struct plat_file f;
	struct err e;
	if (has(d, name))
		assert_done(plat_unlink(d, name, &e), &e);
	assert_done(plat_create(&f, d, name, &e), &e);
	assert_done(plat_write(f, text, strlen(text), &e), &e);
	assert_done(plat_close(&f, &e), &e);
}

void
put_dir(struct plat_dir *d, const char *name)
{
	struct err e;
	assert_done(plat_mkdir(d, name, 0755, &e), &e);
}

bool
put_link(struct plat_dir *d, const char *name, const char *target)
{
	struct err e;
	int rc = plat_symlink(d, name, target, &e);
	if (rc == 1)
		return false;
	assert_done(rc, &e);
	return true;
}

struct plat_dir *
sub(struct plat_dir *d, const char *path)
{
	struct plat_dir *out;
	struct err e;
	assert_done(plat_dir_sub(&out, d, path, &e), &e);
	return out;
}

bool
has(struct plat_dir *d, const char *name)
{
	struct plat_stat st;
	struct err e;
	int rc = plat_stat(&st, d, name, &e);
	if (rc == 1)
		return false;
	assert_done(rc, &e);
	return true;
}

void
assert_holds(struct plat_dir *d, const char *name, const char *text)
{
	char buf[4096];
	struct plat_file f;
	struct err e;
	size_t got;
	assert_done(plat_open(&f, d, name, &e), &e);
	assert_done(plat_read(f, buf, sizeof(buf) - 1, &got, &e), &e);
	assert_done(plat_close(&f, &e), &e);
	buf[got] = '\0';
	assert_string_equal(buf, text);
}

bool
on_windows(void)
{
	return strcmp(plat_os(), "windows") == 0;
}

/* ---- removing ------------------------------------------------------------ */

static int
note_name(void *arg, const char *name, size_t len, const struct plat_stat *st,
    const struct err *why)
{
	(void)st;
	(void)why;
	strlist_addn(arg, name, len);
	return 0;
}

static void
remove_one(struct plat_dir *d, const char *name)
{
	struct plat_stat st;
	struct err e;
	if (plat_stat(&st, d, name, &e) != 0)
		return;
	if (st.type != PLAT_DIR) {
		assert_done(plat_unlink(d, name, &e), &e);
		return;
	}
	/* A test may have locked it. */
	plat_chmod(d, name, 0700, &e);
	struct plat_dir *below = sub(d, name);
	remove_all(below);
	plat_dir_close(below);
	assert_done(plat_rmdir(d, name, &e), &e);
}

void
remove_all(struct plat_dir *d)
{
	struct strlist names = STRLIST_INIT;
	struct err e;
	assert_done(plat_list(d, note_name, &names, &e), &e);
	for (size_t i = 0; i < names.n; i++)
		remove_one(d, names.v[i]);
	strlist_free(&names);
}
