#include "model/program/program.h"

#include <string.h>

#include "base/unicode.h"
#include "model/program/interpreter.h"

static const char *
base_of(const char *path)
{
	const char *base = path;
	size_t n = strlen(path);
	/* A directory can be run, too ("python app/"). */
	while (n > 1 && (path[n - 1] == '/' || path[n - 1] == '\\'))
		n--;
	for (size_t i = 0; i + 1 < n; i++)
		if (path[i] == '/' || path[i] == '\\')
			base = path + i + 1;
	return base;
}

static size_t
base_len(const char *base)
{
	return strcspn(base, "/\\");
}

static void
add_key(struct str *out, const char *base, size_t n)
{
	size_t start = out->len;
	if (n > 1 && base[0] == '-') {
		base++;
		n--;
	}
	unicode_fold(out, base, n);
	if (out->len - start > 4 && str_ends(out, ".exe"))
		str_cut(out, out->len - 4);
}

void
program_key(struct str *out, const char *path)
{
	const char *base = base_of(path);
	add_key(out, base, base_len(base));
}

/* ---- whole names ---- */

static bool
has_key(const struct strlist *keys, const char *base, size_t n)
{
	struct str key = STR_INIT;
	add_key(&key, base, n);
	bool found = key.len > 0 && strlist_has(keys, key.p);
	str_free(&key);
	return found;
}

static bool
answers(const char *path, const struct strlist *keys)
{
	const char *base = path != NULL ? base_of(path) : "";
	return has_key(keys, base, base_len(base));
}

/* "codex.js" answers to that and to "codex". */
static bool
script_answers(const char *path, const struct strlist *keys)
{
	if (path == NULL)
		return false;
	const char *base = base_of(path);
	size_t n = base_len(base);
	size_t stem = (size_t)(interpreter_extension(base) - base);
	return has_key(keys, base, n) ||
	    (stem < n && has_key(keys, base, stem));
}

/* "app.cli" and "app.__main__" are parts of the package app. */
static bool
module_answers(const char *module, const struct strlist *keys)
{
	if (module == NULL)
		return false;
	return has_key(keys, module, strlen(module)) ||
	    has_key(keys, module, strcspn(module, "./"));
}

/* ---- beginnings ---- */

/* Is *start* all that was kept of one of the names? A character may have been
   cut in two: what is left of it is not looked at. */
static bool
begins_key(const struct strlist *keys, const char *start)
{
	struct str key = STR_INIT;
	size_t n = strlen(start);
	while (n > 0 && (unsigned char)start[n - 1] >= 0x80)
		n--;
	unicode_fold(&key, start, n);
	bool found = false;
	for (size_t i = 0; i < keys->n && key.len > 0; i++)
		found |= strncmp(keys->v[i], key.p, key.len) == 0;
	str_free(&key);
	return found;
}

/* Does *path* say how the name that begins with *start* goes on? */
static bool
goes_on(const char *start, const char *path)
{
	if (path == NULL)
		return false;
	const char *base = base_of(path);
	return strncmp(base, start, strlen(start)) == 0;
}

/* ---- the verdict ---- */

static enum program_is
say(enum program_by *out, enum program_is is, enum program_by by)
{
	*out = by;
	return is;
}

/* Could what was cut off make it one of ours? The arguments may have it. */
static bool
could_begin(const struct program *p, const struct interpreted *runs,
    const struct strlist *keys)
{
	const char *first = p->argv != NULL ? p->argv[0] : NULL;
	if (p->name_cut && !goes_on(p->name, first) &&
	    begins_key(keys, p->name))
		return true;
	return p->title != NULL && p->title_cut && !goes_on(p->title, first) &&
	    !goes_on(p->title, runs->script) && begins_key(keys, p->title);
}

enum program_is
program_is(
    enum program_by *by, const struct program *p, const struct strlist *keys)
{
	struct interpreted runs;
	const char *first = p->argv != NULL ? p->argv[0] : NULL;
	if (keys->n == 0)
		return PROGRAM_OTHER;
	if (answers(p->name, keys))
		return say(by, PROGRAM_OURS, PROGRAM_BY_NAME);
	if (answers(p->title, keys))
		return say(by, PROGRAM_OURS, PROGRAM_BY_TITLE);
	if (answers(first, keys))
		return say(by, PROGRAM_OURS, PROGRAM_BY_START);
	bool interprets = interpreter_runs(&runs, p->name, p->argv) ||
	    (first != NULL && interpreter_runs(&runs, base_of(first), p->argv));
	if (script_answers(runs.script, keys))
		return say(by, PROGRAM_OURS, PROGRAM_BY_SCRIPT);
	if (module_answers(runs.module, keys))
		return say(by, PROGRAM_OURS, PROGRAM_BY_MODULE);
	if (could_begin(p, &runs, keys))
		return say(by, PROGRAM_MAYBE, PROGRAM_BY_BEGINNING);
	bool blank = p->name[0] == '\0' || (interprets && p->argv == NULL);
	if (blank && !p->hidden)
		return say(by, PROGRAM_MAYBE, PROGRAM_BY_NOTHING);
	return PROGRAM_OTHER;
}
