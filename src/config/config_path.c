#include "config/config_path.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "config/config_complaints.h"
#include "platform/plat_env.h"

static bool
on_windows(void)
{
	return strcmp(plat_os(), "windows") == 0;
}

static bool
is_separator(char c)
{
	return c == '/' || (c == '\\' && on_windows());
}

static bool
is_variable_name(const char *s, size_t n)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_()";
	for (size_t i = 0; i < n; i++)
		if (strchr(allowed, s[i]) == NULL)
			return false;
	return n > 0;
}

/* Longer than any system takes; a few variables, repeated, could otherwise
   fill the memory. */
enum { EXPANDED_MAX = 1024 * 1024 };

static int
add_variable(struct str *out, const char *name, size_t len, struct err *e)
{
	char shown[CONFIG_SHOWN_SIZE];
	struct str key = STR_INIT;
	str_addn(&key, name, len);
	char *value = plat_getenv(key.p);
	str_free(&key);
	if (value == NULL || value[0] == '\0') {
		const char *state = value == NULL ? "not set" : "empty";
		free(value);
		return err_set(e, ERR_CONFIG, "the variable %s is %s",
		    config_shown(shown, name, len), state);
	}
	str_add(out, value);
	free(value);
	if (out->len > EXPANDED_MAX)
		return err_set(e, ERR_CONFIG, "is longer than any path can be");
	return 0;
}

/* "${NAME}" at *s*, which is moved behind it. */
static int
expand_braces(struct str *out, const char **s, struct err *e)
{
	const char *name = *s + 2;
	const char *end = strchr(name, '}');
	if (end == NULL)
		return err_set(e, ERR_CONFIG, "'${' has no '}' behind it");
	size_t len = (size_t)(end - name);
	if (!is_variable_name(name, len))
		return err_set(
		    e, ERR_CONFIG, "'${…}' does not hold a variable's name");
	*s = end + 1;
	return add_variable(out, name, len, e);
}

/* "%NAME%" at *s*, which is moved behind it; any other '%' is only itself. */
static int
expand_percent(struct str *out, const char **s, struct err *e)
{
	const char *name = *s + 1;
	const char *end = strchr(name, '%');
	if (end == NULL || !is_variable_name(name, (size_t)(end - name))) {
		str_addc(out, *(*s)++);
		return 0;
	}
	*s = end + 1;
	return add_variable(out, name, (size_t)(end - name), e);
}

static int
expand(struct str *out, const char *s, struct err *e)
{
	bool percent = plat_expands_percent();
	if (s[0] == '~') {
		if (s[1] != '\0' && !is_separator(s[1]))
			return err_set(e, ERR_CONFIG,
			    "'~' means your own home only; write another "
			    "user's home as a path");
		if (plat_home(out, e) != 0)
			return -1;
		s++;
	}
	while (*s != '\0') {
		int rc = 0;
		if (s[0] == '$' && s[1] == '{')
			rc = expand_braces(out, &s, e);
		else if (s[0] == '%' && percent)
			rc = expand_percent(out, &s, e);
		else
			str_addc(out, *s++);
		if (rc != 0)
			return -1;
	}
	return 0;
}

/* Drop separators at the end, but not that of a root. */
static void
cut_separators(struct str *path, size_t from)
{
	size_t n = path->len;
	while (n > from + 1 && is_separator(path->p[n - 1]) &&
	    path->p[n - 2] != ':')
		n--;
	str_cut(path, n);
}

/* On Windows "\x" and "c:x" begin at a drive's root or current directory: who
   writes one did not mean *base*, nor where a scheduled run happens to be. */
static bool
is_half_absolute(const char *path)
{
	return on_windows() && (is_separator(path[0]) || path[1] == ':');
}

static int
check_written(const char *text, struct err *e)
{
	size_t n = strlen(text);
	if (n == 0)
		return err_set(e, ERR_CONFIG,
		    "is empty; give a path, or leave the key out");
	if (n >= 2 && (text[0] == '"' || text[0] == '\'') &&
	    text[n - 1] == text[0])
		return err_set(
		    e, ERR_CONFIG, "write paths without quotation marks");
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7F)
			return err_set(
			    e, ERR_CONFIG, "a control character is in it");
	return 0;
}

int
config_path(struct str *out, const char *text, const char *base, struct err *e)
{
	struct str path = STR_INIT;
	size_t from = out->len;
	int rc = -1;
	if (check_written(text, e) != 0 || expand(&path, text, e) != 0)
		goto out;
	if (!plat_is_absolute(path.p)) {
		if (is_half_absolute(path.p)) {
			err_set(e, ERR_CONFIG,
			    "is neither absolute nor relative; write the "
			    "drive and the whole path");
			goto out;
		}
		if (base[0] == '\0') {
			err_set(e, ERR_CONFIG,
			    "is relative, but there is no directory it could "
			    "begin at");
			goto out;
		}
		str_add(out, base);
		if (!is_separator(out->p[out->len - 1]))
			str_addc(out, '/');
	}
	str_addn(out, path.p, path.len);
	cut_separators(out, from);
	rc = 0;
out:
	str_free(&path);
	return rc;
}

int
config_tree_path(struct str *out, const char *text, size_t n)
{
	struct str slashed = STR_INIT;
	size_t from = out->len;
	str_addn(&slashed, text, n);
	for (size_t i = 0; i < n; i++)
		if (is_separator(text[i]))
			slashed.p[i] = '/';
	int rc = path_normalise(out, slashed.p, slashed.len);
	str_free(&slashed);
	return rc == 0 && out->len > from ? 0 : -1;
}

int
config_path_dir(struct str *out, const char *native, struct err *e)
{
	size_t from = out->len;
	if (plat_absolute(out, native, e) != 0)
		return -1;
	size_t n = out->len;
	while (n > from && !is_separator(out->p[n - 1]))
		n--;
	str_cut(out, n);
	cut_separators(out, from);
	return 0;
}

void
config_path_short(struct str *out, const char *path, const char *home)
{
	size_t n = home != NULL ? strlen(home) : 0, i = 0;
	while (i < n &&
	    (path[i] == home[i] || (home[i] == '/' && path[i] == '\\')))
		i++;
	bool below = n > 1 && i == n && (path[n] == '/' || path[n] == '\\');
	str_add(out, below ? "~" : "");
	str_add(out, below ? path + n : path);
}
