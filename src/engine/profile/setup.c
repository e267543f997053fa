#include "engine/profile/setup.h"

#include <string.h>

#include "config/config.h"
#include "platform/plat_env.h"
#include "platform/plat_fs.h"
#include "store/afile.h"

/* A config that is larger would not be read (config/config_ini.h). */
enum { CONFIG_MAX = 4 * 1024 * 1024 };

/* "dir/name" taken apart; the directory is absolute. */
static int
split(struct str *dir, struct str *name, const char *native, struct err *e)
{
	bool windows = strcmp(plat_os(), "windows") == 0;
	if (plat_absolute(dir, native, e) != 0)
		return -1;
	size_t n = dir->len;
	while (n > 0 && dir->p[n - 1] != '/' &&
	    !(windows && dir->p[n - 1] == '\\'))
		n--;
	str_add(name, dir->p + n);
	/* The separator stays where it is all there is: a root. */
	bool root = n <= 1 || dir->p[n - 2] == ':';
	str_cut(dir, root ? n : n - 1);
	return 0;
}

/* What *name* holds is in "NAME.old" from now on, too. */
static int
keep_old(struct plat_dir *d, const char *name, struct err *e)
{
	struct str old = STR_INIT, text = STR_INIT;
	str_addf(&old, "%s.old", name);
	int rc = afile_read(&text, d, name, CONFIG_MAX, e);
	if (rc == 0)
		rc = afile_replace(d, old.p, text.p, text.len, true, e);
	str_free(&old);
	str_free(&text);
	return rc < 0 ? err_wrap(e, "keep the old one") : 0;
}

static int
write_in(struct plat_dir *d, const char *name, const struct str *text,
    bool replace, struct err *e)
{
	struct plat_stat st;
	int rc = plat_stat(&st, d, name, e);
	if (rc == 0 && !replace)
		return err_set(e, ERR_EXISTS, "it is there already");
	if (rc == 0)
		rc = keep_old(d, name, e);
	if (rc < 0)
		return -1;
	return afile_replace(d, name, text->p, text->len, true, e);
}

int
setup_write(
    const char *file, const struct str *text, bool replace, struct err *e)
{
	struct str dir = STR_INIT, name = STR_INIT;
	struct plat_dir *d = NULL;
	int rc = split(&dir, &name, file, e);
	if (rc == 0)
		rc = plat_dir_make(dir.p, 0700, e);
	if (rc == 0)
		rc = plat_dir_open(&d, dir.p, e);
	if (rc == 0)
		rc = write_in(d, name.p, text, replace, e);
	plat_dir_close(d);
	str_free(&dir);
	str_free(&name);
	return rc == 0 ? 0 : err_wrap(e, "%s", file);
}

bool
setup_exists(const char *native)
{
	struct str dir = STR_INIT, name = STR_INIT;
	struct plat_dir *d = NULL;
	struct plat_stat st;
	struct err ignored; /* what cannot be looked at will say so when used */
	bool is = split(&dir, &name, native, &ignored) == 0 &&
	    plat_dir_open(&d, dir.p, &ignored) == 0 &&
	    (name.len == 0 || plat_stat(&st, d, name.p, &ignored) == 0);
	plat_dir_close(d);
	str_free(&dir);
	str_free(&name);
	return is;
}

int
setup_folder(const char *native, bool parents, struct err *e)
{
	struct str dir = STR_INIT, name = STR_INIT;
	int rc = split(&dir, &name, native, e);
	if (rc == 0 && setup_exists(native))
		rc = 1;
	else if (rc == 0 && !parents && !setup_exists(dir.p))
		rc = 2;
	else if (rc == 0)
		rc = plat_dir_make(native, 0700, e);
	str_free(&dir);
	str_free(&name);
	return rc < 0 ? err_wrap(e, "%s", native) : rc;
}
