#include <string.h>

#include "base/num.h"
#include "base/path.h"
#include "base/utf8.h"
#include "model/ascii.h"
#include "model/cloud/quirks.h"
#include "model/plan/names.h"
#include "platform/plat_env.h"
#include "store/snapshot/snapmanifest_work.h"

int
snapmanifest_path(struct str *out, struct json_read *json, struct err *e)
{
	if (json_read_string(json, e) != 0)
		return -1;
	str_clear(out);
	str_addn(out, json->text.p, json->text.len);
	return 0;
}

int
snapmanifest_hex(struct str *out, struct json_read *json, struct err *e)
{
	if (json_read_string(json, e) != 0)
		return -1;
	str_clear(out);
	return num_unhex(out, json->text.p, json->text.len) == 0
	    ? 0
	    : snapmanifest_broken(e, "a path that is none");
}

/* The exact bytes, when they are given, say the same as the text does. */
int
snapmanifest_settle(
    struct str *path, const struct str *hex, bool exact, struct err *e)
{
	struct str shown = STR_INIT;
	if (!exact)
		return 0;
	for (size_t at = 0; at < hex->len;) {
		int32_t cp;
		size_t n = utf8_next(hex->p + at, hex->len - at, &cp);
		if (cp < 0)
			str_add(&shown, "\xEF\xBF\xBD");
		else
			str_addn(&shown, hex->p + at, n);
		at += n;
	}
	bool same =
	    shown.len == path->len && memcmp(shown.p, path->p, shown.len) == 0;
	str_free(&shown);
	str_clear(path);
	str_addn(path, hex->p, hex->len);
	return same ? 0 : snapmanifest_broken(e, "a path told in two ways");
}

static bool
is_own(const char *path, size_t n)
{
	static const char own[] = QUIRKS_OWN_DIR;
	size_t first = 0;
	while (first < n && path[first] != '/')
		first++;
	if (first != sizeof(own) - 1)
		return false;
	for (size_t i = 0; i < first; i++)
		if (ascii_lower(path[i]) != own[i])
			return false;
	return true;
}

/* Where a path has more than one meaning, it could lead elsewhere. */
static bool
is_name_here(const char *path, size_t n)
{
	if (strcmp(plat_os(), "windows") != 0)
		return true;
	for (size_t end = n; end > 0; end = path_parent(path, end))
		if (names_forbidden(path, end, NAMES_WINDOWS) != NULL)
			return false;
	return true;
}

int
snapmanifest_check_path(const struct str *path, struct err *e)
{
	return path_is_safe(path->p, path->len) &&
		!is_own(path->p, path->len) && is_name_here(path->p, path->len)
	    ? 0
	    : snapmanifest_broken(e, "a path that is none of ours");
}

/* "<side>/…" or "<side>.<number>/…". */
int
snapmanifest_check_place(const struct str *place, enum side side, struct err *e)
{
	size_t n = strlen(snap_side_name(side)), at = n;
	bool good = place->len > n + 1 &&
	    memcmp(place->p, snap_side_name(side), n) == 0;
	if (good && place->p[at] == '.') {
		size_t digits = ++at;
		while (at < place->len && ascii_is_digit(place->p[at]))
			at++;
		good =
		    at > digits && at - digits <= 3 && place->p[digits] != '0';
	}
	good = good && place->p[at] == '/' &&
	    path_is_safe(place->p, place->len) &&
	    is_name_here(place->p, place->len);
	return good ? 0
		    : snapmanifest_broken(e, "a place that is none of ours");
}
