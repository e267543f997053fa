/*
 * Which profiles there are, and which one is meant.
 */
#include "config/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/text.h"
#include "platform/plat_env.h"
#include "platform/plat_fs.h"

int
config_dir(struct str *out, struct err *e)
{
	char *dir = plat_getenv("COLDSYNC_CONFIG_DIR");
	int rc = dir != NULL && dir[0] != '\0' ? plat_absolute(out, dir, e)
					       : plat_config_home(out, e);
	free(dir);
	return rc;
}

/* Every NAME.ini; hidden files are an editor's, not a profile. */
static int
add_profile(void *arg, const char *name, size_t len, const struct plat_stat *st,
    const struct err *why)
{
	struct strlist *names = arg;
	UNUSED(why);
	bool ini = len > 4 && memcmp(name + len - 4, ".ini", 4) == 0;
	bool file =
	    st == NULL || st->type == PLAT_FILE || st->type == PLAT_LINK;
	if (ini && file && name[0] != '.')
		strlist_addn(names, name, len - 4);
	return 0;
}

static int
list_profiles(struct strlist *out, const char *native, struct err *e)
{
	struct plat_dir *dir = NULL;
	struct err why;
	if (plat_dir_open(&dir, native, &why) != 0) {
		if (why.code == ERR_NOTFOUND)
			return 0;
		*e = why;
		return err_wrap(e, "config directory");
	}
	int rc = plat_list(dir, add_profile, out, e);
	plat_dir_close(dir);
	if (rc != 0)
		return err_wrap(e, "config directory");
	strlist_sort(out);
	return 0;
}

int
config_profiles(struct strlist *out, struct err *e)
{
	struct str dir = STR_INIT;
	int rc = config_dir(&dir, e);
	if (rc == 0)
		rc = list_profiles(out, dir.p, e);
	str_free(&dir);
	return rc;
}

/* "a, b, c", as many of them as a message has room for. */
static void
add_names(struct str *out, const struct strlist *names)
{
	enum { ROOM = 120 };
	for (size_t i = 0; i < names->n; i++) {
		size_t before = out->len;
		str_add(out, i > 0 ? ", " : "");
		text_show(out, names->v[i], strlen(names->v[i]));
		if (out->len > ROOM && i > 0) {
			str_cut(out, before);
			str_addf(out, " and %zu more", names->n - i);
			return;
		}
	}
}

/* The one that *name* means, or the error that says which there are. */
static int
find_named(struct str *out, const char *dir, const char *name,
    const struct strlist *names, struct err *e)
{
	struct str known = STR_INIT, shown = STR_INIT;
	const char *nearest = NULL;
	size_t n = strlen(name);
	if (strlist_has(names, name)) {
		str_addf(out, "%s/%s.ini", dir, name);
		return 0;
	}
	text_fit(&shown, name, n, 40);
	add_names(&known, names);
	if (names->n > 0)
		nearest = text_nearest(name, (const char *const *)names->v);
	if (strpbrk(name, "/\\") != NULL || !path_is_safe(name, n))
		err_set(e, ERR_CONFIG,
		    "'%s' is no profile's name; -c takes a file", shown.p);
	else if (names->n == 0)
		err_set(e, ERR_CONFIG,
		    "there is no profile '%s', nor any other in %s", shown.p,
		    dir);
	else if (nearest != NULL)
		err_set(e, ERR_CONFIG,
		    "there is no profile '%s'; did you mean '%s'? (there are: "
		    "%s)",
		    shown.p, nearest, known.p);
	else
		err_set(e, ERR_CONFIG,
		    "there is no profile '%s' (there are: %s)", shown.p,
		    known.p);
	str_free(&known);
	str_free(&shown);
	return -1;
}

/* Nothing was named: the only one there is. */
static int
find_only(struct str *out, const char *dir, const struct strlist *names,
    struct err *e)
{
	if (names->n == 1) {
		str_addf(out, "%s/%s.ini", dir, names->v[0]);
		return 0;
	}
	if (names->n == 0)
		return err_set(
		    e, ERR_CONFIG, "there is no profile yet in %s", dir);
	struct str known = STR_INIT;
	add_names(&known, names);
	err_set(e, ERR_CONFIG,
	    "there are several profiles (%s); choose one with -p NAME",
	    known.p);
	str_free(&known);
	return -1;
}

/* The file COLDSYNC_CONFIG names; false when it names none. */
static bool
find_in_environment(struct str *out)
{
	char *file = plat_getenv("COLDSYNC_CONFIG");
	bool named = file != NULL && file[0] != '\0';
	if (named)
		str_add(out, file);
	free(file);
	return named;
}

int
config_find(
    struct str *out, const char *file, const char *profile, struct err *e)
{
	if (file != NULL) {
		str_add(out, file);
		return 0;
	}
	if (profile == NULL && find_in_environment(out))
		return 0;
	struct str dir = STR_INIT;
	struct strlist names = STRLIST_INIT;
	int rc = config_dir(&dir, e);
	if (rc == 0)
		rc = list_profiles(&names, dir.p, e);
	if (rc == 0)
		rc = profile != NULL
		    ? find_named(out, dir.p, profile, &names, e)
		    : find_only(out, dir.p, &names, e);
	strlist_free(&names);
	str_free(&dir);
	return rc;
}
