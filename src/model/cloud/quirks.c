#include "model/cloud/quirks.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/ascii.h"
#include "model/cloud/quirks_table.h"

/* ---- the table with the config's patterns ---- */

static void
compile(struct pattern *out, const char *text, bool any_case)
{
	const char *why;
	/* Ours are tested, the config's were checked; one that still is wrong
	   is empty and matches nothing. */
	pattern_compile(out, text, strlen(text), any_case, &why);
}

static void
add_finders(struct quirks *q, unsigned weak)
{
	for (size_t r = 0; r < quirks_nrows; r++) {
		const struct quirks_row *row = &quirks_rows[r];
		for (size_t i = 0; row->marks[i].pattern != NULL; i++) {
			const struct quirks_mark *mark = &row->marks[i];
			if ((mark->flags & QUIRKS_WEAK) != weak)
				continue;
			struct quirks_finder *f = &q->finders[q->nfinders++];
			f->row = row;
			f->mark = mark;
			if (mark->pattern[0] != '\0')
				compile(&f->pattern, mark->pattern,
				    (mark->flags & QUIRKS_ANY_CASE) != 0);
		}
	}
}

static void
note_bytes(struct quirks *q, const struct quirks_shape *s)
{
	bool star = s->shape[0] == '*';
	char c = s->shape[star ? strlen(s->shape) - 1 : 0];
	bool *bytes = star ? q->ends : q->begins;
	bytes[(unsigned char)c] = true;
	if ((s->flags & QUIRKS_ANY_CASE) != 0 && c >= 'a' && c <= 'z')
		bytes[(unsigned char)(c - 'a' + 'A')] = true;
}

static struct pattern *
compile_list(const struct strlist *l, size_t *n)
{
	*n = l != NULL ? l->n : 0;
	struct pattern *v = mem_zero(*n, sizeof(*v));
	for (size_t i = 0; i < *n; i++)
		compile(&v[i], l->v[i], true);
	return v;
}

struct quirks *
quirks_new(
    const struct strlist *extra_conflict, const struct strlist *extra_temp)
{
	struct quirks *q = mem_zero(1, sizeof(*q));
	q->finders =
	    mem_zero(quirks_nrows * QUIRKS_MARKS_MAX, sizeof(*q->finders));
	add_finders(q, 0);
	q->nstrong = q->nfinders;
	add_finders(q, QUIRKS_WEAK);
	for (size_t r = 0; r < quirks_nrows; r++) {
		const struct quirks_shape *s = quirks_rows[r].shapes;
		for (; s->shape != NULL; s++)
			note_bytes(q, s);
	}
	q->extra_conflict = compile_list(extra_conflict, &q->nconflict);
	q->extra_temp = compile_list(extra_temp, &q->ntemp);
	return q;
}

void
quirks_destroy(struct quirks *q)
{
	if (q == NULL)
		return;
	for (size_t i = 0; i < q->nfinders; i++)
		pattern_free(&q->finders[i].pattern);
	for (size_t i = 0; i < q->nconflict; i++)
		pattern_free(&q->extra_conflict[i]);
	for (size_t i = 0; i < q->ntemp; i++)
		pattern_free(&q->extra_temp[i]);
	free(q->finders);
	free(q->extra_conflict);
	free(q->extra_temp);
	free(q);
}

/* ---- names ---- */

static bool
is_hex(char c)
{
	c = ascii_lower(c);
	return ascii_is_digit(c) || (c >= 'a' && c <= 'f');
}

static size_t
hex_run(const char *s, size_t n)
{
	size_t run = 0;
	while (run < n && is_hex(s[run]))
		run++;
	return run;
}

static bool
shape_takes(const char *shape, const char *s, size_t n, bool any_case)
{
	size_t at = 0;
	for (; *shape != '*'; shape++) {
		if (*shape == '\0')
			return at == n;
		if (*shape == '%') {
			size_t run = hex_run(s + at, n - at);
			if (run == 0)
				return false;
			at += run;
			continue;
		}
		if (at == n ||
		    (any_case ? ascii_lower(s[at]) : s[at]) != *shape)
			return false;
		at++;
	}
	/* As shapes have one star at most, this goes no deeper. */
	while (++at <= n)
		if (shape_takes(shape + 1, s + at, n - at, any_case))
			return true;
	return false;
}

static const struct quirks_shape *
find_shape(const struct quirks_row *row, const char *name, size_t n)
{
	const struct quirks_shape *s = row->shapes;
	for (; s->shape != NULL; s++)
		if (shape_takes(
			s->shape, name, n, (s->flags & QUIRKS_ANY_CASE) != 0))
			return s;
	return NULL;
}

/* A pattern that finds nothing at all in a name ("x*") has not found it. */
static enum quirks_kind
extra_kind(const struct quirks *q, const char *name, size_t n)
{
	for (size_t i = 0; i < q->ntemp; i++) {
		const struct pattern *p = &q->extra_temp[i];
		size_t from;
		size_t to;
		if (p->n > 0 && pattern_find(p, name, n, &from, &to) &&
		    to > from)
			return QUIRKS_PRIVATE;
	}
	return QUIRKS_NONE;
}

/* On a side that ignores case, every spelling of it is our directory. */
static bool
is_own_dir(const char *name, size_t n)
{
	return shape_takes(QUIRKS_OWN_DIR, name, n, true);
}

enum quirks_kind
quirks_name(const struct quirks *q, const char *name, size_t n, bool at_root,
    struct str *original)
{
	if (n == 0)
		return QUIRKS_NONE;
	if (at_root && is_own_dir(name, n))
		return QUIRKS_PRIVATE;
	const struct quirks_shape *s = NULL;
	if (q->begins[(unsigned char)name[0]] ||
	    q->ends[(unsigned char)name[n - 1]])
		for (size_t r = 0; r < quirks_nrows && s == NULL; r++)
			s = find_shape(&quirks_rows[r], name, n);
	if (s == NULL)
		return extra_kind(q, name, n);
	if (s->kind == QUIRKS_PLACEHOLDER && original != NULL)
		str_addn(original, name + 1, n - 1 - strlen(".icloud"));
	return s->kind;
}

/* ---- which provider ---- */

static bool
tells(const struct quirks_row *row, const char *name)
{
	const struct quirks_shape *s = find_shape(row, name, strlen(name));
	return s != NULL && (s->flags & QUIRKS_TELLS) != 0;
}

/* "Dropbox", "Dropbox (Personal)", "GoogleDrive-me@example.org". */
static bool
is_folder(const char *part, size_t n, const char *folder)
{
	size_t len = strlen(folder);
	return n >= len && ascii_same(part, folder, len) &&
	    (n == len || part[len] == ' ' || part[len] == '-');
}

static const struct quirks_row *
row_of_folder(const char *part, size_t n)
{
	for (size_t r = 0; r < quirks_nrows; r++) {
		const char *const *f = quirks_rows[r].folders;
		for (; *f != NULL; f++)
			if (is_folder(part, n, *f))
				return &quirks_rows[r];
	}
	return NULL;
}

static bool
is_separator(char c)
{
	return c == '/' || c == '\\';
}

/* The innermost part of the path speaks. */
static const struct quirks_row *
row_of_path(const char *path)
{
	size_t end = strlen(path);
	while (end > 0) {
		size_t from = end;
		while (from > 0 && !is_separator(path[from - 1]))
			from--;
		const struct quirks_row *row =
		    row_of_folder(path + from, end - from);
		if (row != NULL)
			return row;
		end = from > 0 ? from - 1 : 0;
	}
	return NULL;
}

const char *
quirks_provider(const struct strlist *root_names, const char *native_path)
{
	for (size_t i = 0; root_names != NULL && i < root_names->n; i++)
		for (size_t r = 0; r < quirks_nrows; r++)
			if (tells(&quirks_rows[r], root_names->v[i]))
				return quirks_rows[r].id;
	const struct quirks_row *row =
	    native_path != NULL ? row_of_path(native_path) : NULL;
	return row != NULL ? row->id : "unknown";
}

const char *
quirks_title(const char *provider)
{
	for (size_t r = 0; r < quirks_nrows; r++)
		if (strcmp(quirks_rows[r].id, provider) == 0)
			return quirks_rows[r].title;
	return provider;
}
