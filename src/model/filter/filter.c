#include "model/filter/filter.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "model/filter/filter_set.h"

struct filter {
	struct filter_set exclude, secret;
	struct strlist roots; /* normalised */
	bool limited;         /* only what lies in the roots is mirrored */
};

/* ---- the rules ---- */

static void
add_root(struct filter *f, const char *root)
{
	struct str path = STR_INIT;
	if (path_normalise(&path, root, strlen(root)) == 0)
		strlist_addn(&f->roots, path.p, path.len);
	str_free(&path);
}

static void
add_roots(struct filter *f, const struct filter_rules *rules)
{
	const struct strlist *given = rules->include_roots;
	if (given == NULL || given->n == 0)
		return;
	f->limited = true;
	for (size_t i = 0; i < given->n; i++)
		add_root(f, given->v[i]);
	if (rules->ignore_file != NULL)
		add_root(f, rules->ignore_file);
}

static void
add_list(struct filter_set *set, const struct strlist *patterns)
{
	const char *why;
	for (size_t i = 0; patterns != NULL && i < patterns->n; i++)
		filter_set_add(
		    set, patterns->v[i], strlen(patterns->v[i]), &why);
}

/* A file that is no ignore file at all is not quoted line by line. */
enum { WARNINGS_MAX = 20 };

static void
warn(struct strlist *warnings, size_t line, size_t bad, const char *why)
{
	struct str text = STR_INIT;
	if (bad <= WARNINGS_MAX)
		str_addf(&text, "line %zu: %s", line, why);
	else if (bad == WARNINGS_MAX + 1)
		str_addf(&text, "line %zu and perhaps more: %s", line, why);
	if (text.len > 0 && warnings != NULL)
		strlist_addn(warnings, text.p, text.len);
	str_free(&text);
}

static void
add_text(struct filter_set *set, const char *text, size_t n,
    struct strlist *warnings)
{
	static const char bom[] = "\xEF\xBB\xBF";
	size_t bad = 0;
	size_t at = n >= 3 && memcmp(text, bom, 3) == 0 ? 3 : 0;
	for (size_t line = 1; at < n; line++) {
		const char *from = text + at;
		const char *end = memchr(from, '\n', n - at);
		size_t len = end != NULL ? (size_t)(end - from) : n - at;
		const char *why = "";
		if (filter_set_add(set, from, len, &why) < 0)
			warn(warnings, line, ++bad, why);
		at += len + 1;
	}
}

struct filter *
filter_new(const struct filter_rules *rules, struct strlist *warnings)
{
	struct filter *f = mem_zero(1, sizeof(*f));
	f->secret.fold_case = true;
	add_roots(f, rules);
	add_list(&f->secret, rules->secret);
	add_list(&f->exclude, rules->exclude);
	if (rules->ignore_text != NULL)
		add_text(&f->exclude, rules->ignore_text, rules->ignore_len,
		    warnings);
	return f;
}

void
filter_destroy(struct filter *f)
{
	if (f == NULL)
		return;
	filter_set_free(&f->exclude);
	filter_set_free(&f->secret);
	strlist_free(&f->roots);
	free(f);
}

/* ---- judging ---- */

/* What the include roots alone say. */
static enum filter_verdict
judge_roots(const struct filter *f, const char *path, size_t n, bool is_dir)
{
	enum filter_verdict verdict = f->limited ? FILTER_OUT : FILTER_IN;
	for (size_t i = 0; i < f->roots.n; i++) {
		const char *root = f->roots.v[i];
		size_t len = strlen(root);
		if (path_within(path, n, root, len))
			return FILTER_IN;
		if (is_dir && path_within(root, len, path, n))
			verdict = FILTER_PASS;
	}
	return verdict;
}

enum filter_verdict
filter_judge(const struct filter *f, const char *path, size_t n, bool is_dir)
{
	if (filter_set_last(&f->secret, path, n, is_dir) != NULL)
		return FILTER_SECRET;
	enum filter_verdict verdict = judge_roots(f, path, n, is_dir);
	const struct glob *last = filter_set_last(&f->exclude, path, n, is_dir);
	return last != NULL && !last->negated ? FILTER_OUT : verdict;
}
