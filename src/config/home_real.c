/*
 * The home of whoever runs this.
 */
#include <stdlib.h>
#include <string.h>

#include "config/home.h"
#include "platform/plat_env.h"
#include "platform/plat_fs.h"

/* A settings file that is larger is not one we know how to read. */
enum { READ_MAX = 256 * 1024 };

static bool
real_variable(struct str *out, void *arg, const char *name)
{
	UNUSED(arg);
	char *value = plat_getenv(name);
	bool set = value != NULL && value[0] != '\0';
	if (set)
		str_add(out, value);
	free(value);
	return set;
}

static int
add_name(void *arg, const char *name, size_t len, const struct plat_stat *st,
    const struct err *why)
{
	UNUSED(st);
	UNUSED(why);
	strlist_addn(arg, name, len);
	return 0;
}

static void
real_names(struct strlist *out, void *arg, const char *path)
{
	UNUSED(arg);
	struct plat_dir *dir = NULL;
	struct err ignored; /* what will not be listed holds nothing for us */
	if (plat_dir_open(&dir, path, &ignored) != 0)
		return;
	(void)plat_list(dir, add_name, out, &ignored);
	plat_dir_close(dir);
	strlist_sort(out);
}

static bool
real_is_dir(void *arg, const char *path)
{
	UNUSED(arg);
	struct plat_dir *dir = NULL;
	struct err ignored;
	bool is = plat_dir_open(&dir, path, &ignored) == 0;
	plat_dir_close(dir);
	return is;
}

static bool
real_read(struct str *out, void *arg, const char *path)
{
	UNUSED(arg);
	struct plat_file f = PLAT_FILE_NONE;
	struct err ignored;
	char piece[4096];
	size_t from = out->len, got = 1;
	int rc = plat_open_native(&f, path, &ignored);
	while (rc == 0 && got > 0 && out->len - from <= READ_MAX) {
		rc = plat_read(f, piece, sizeof(piece), &got, &ignored);
		if (rc == 0)
			str_addn(out, piece, got);
	}
	plat_close(&f, NULL);
	return rc == 0;
}

int
home_open(struct home_real *out, struct err *e)
{
	*out = (struct home_real){.dir = STR_INIT};
	if (plat_home(&out->dir, e) != 0)
		return -1;
	for (size_t i = 0; i < out->dir.len; i++)
		if (out->dir.p[i] == '\\' && strcmp(plat_os(), "windows") == 0)
			out->dir.p[i] = '/';
	out->home = (struct home){.os = plat_os(),
	    .dir = out->dir.p,
	    .variable = real_variable,
	    .names = real_names,
	    .is_dir = real_is_dir,
	    .read = real_read};
	return 0;
}

void
home_close(struct home_real *h)
{
	str_free(&h->dir);
}
