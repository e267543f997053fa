#include "model/plan/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/path.h"

/* ---- trees written as text ---- */

/*
 * Paths with a blank between, each a file unless it ends in '/'. A name that
 * begins with '!' is left out by the filter, one with '?' cannot be read.
 */

static struct entry
make_entry(struct tree *t, const char *name, size_t n, bool is_dir)
{
	struct entry e = {.type = is_dir ? ENTRY_DIR : ENTRY_FILE,
	    .unknown = UNKNOWN_SPECIAL};
	if (name[0] == '!' || name[0] == '?') {
		e.type = ENTRY_UNKNOWN;
		e.unknown =
		    name[0] == '!' ? UNKNOWN_EXCLUDED : UNKNOWN_UNREADABLE;
	}
	e.name = arena_copy(&t->arena, name, n);
	e.name_len = (uint16_t)n;
	if (e.type == ENTRY_DIR)
		e.u.dir = arena_zero(&t->arena, 1, sizeof(*e.u.dir));
	return e;
}

static struct entry *
add_child(struct tree *t, struct tree_dir *d, struct entry e)
{
	struct entry *v = arena_zero(&t->arena, d->n + 1, sizeof(*v));
	if (d->n > 0)
		memcpy(v, d->v, d->n * sizeof(*v));
	v[d->n] = e;
	d->v = v;
	return &v[d->n++];
}

static void
add_path(struct tree *t, const char *path, size_t n)
{
	struct entry *at = &t->root;
	for (size_t i = 0; i < n;) {
		const char *slash = memchr(path + i, '/', n - i);
		size_t len = slash != NULL ? (size_t)(slash - path) - i : n - i;
		struct entry *child = NULL;
		for (size_t k = 0; k < at->u.dir->n; k++)
			if (strncmp(at->u.dir->v[k].name, path + i, len) == 0 &&
			    at->u.dir->v[k].name_len == len)
				child = &at->u.dir->v[k];
		if (child == NULL)
			child = add_child(t, at->u.dir,
			    make_entry(t, path + i, len, slash != NULL));
		at = child;
		i += len + 1;
	}
}

static void
sort_all(struct entry *dir)
{
	tree_sort(dir->u.dir);
	for (size_t i = 0; i < dir->u.dir->n; i++)
		if (dir->u.dir->v[i].type == ENTRY_DIR)
			sort_all(&dir->u.dir->v[i]);
}

static void
make_tree(struct tree *t, const char *text)
{
	tree_init(t);
	while (*text != '\0') {
		size_t n = strcspn(text, " ");
		add_path(t, text, n);
		text += n + (text[n] == ' ');
	}
	sort_all(&t->root);
}

/* What is left: files, and directories with nothing known in them. */
static void
show_tree(struct str *out, struct tree *t)
{
	struct tree_cursor c;
	tree_finish(t);
	tree_begin(&c, &t->root, "", 0);
	str_clear(out);
	while (tree_next(&c)) {
		if (c.entry->type == ENTRY_UNKNOWN)
			continue;
		bool is_dir = c.entry->type == ENTRY_DIR;
		bool leaf = true;
		for (size_t i = 0; is_dir && i < c.entry->u.dir->n; i++)
			if (c.entry->u.dir->v[i].type != ENTRY_UNKNOWN)
				leaf = false;
		if (!leaf)
			continue;
		if (out->len > 0)
			str_addc(out, ' ');
		str_addn(out, c.path.p, c.path.len);
		if (is_dir)
			str_addc(out, '/');
	}
	tree_end(&c);
}

/* ---- cases ---- */

struct example {
	const char *local, *cloud;
	const char *latest;                    /* NULL: no date */
	const char *local_after, *cloud_after; /* NULL: as before */
};

static const struct example examples[] = {
    {"", "", NULL, NULL, NULL},
    {"x", "s", NULL, NULL, NULL},
    {"s/a s/b/c", "s/d", NULL, NULL, NULL},
    /* One layout, both sides. */
    {"s/2025-01-01/a s/2025-01-02/b x", "s/2024-12-31/c", "2025-01-02",
	"s/2025-01-02/b x", "s/"},
    {"s/2025-01-01/a", "s/2025-01-02/b s/2025-01-01/a", "2025-01-02", "s/",
	"s/2025-01-02/b"},
    {"s/2025-01-02/a", "x", "2025-01-02", NULL, NULL},
    {"x", "s/2025-01-02/a s/2025-01-01/a", "2025-01-02", "x", "s/2025-01-02/a"},
    {"s/2025/01/01/a s/2025/01/02/b s/2025/02/01/c", "s/2024/12/31/d",
	"2025-02-01", "s/2025/02/01/c", "s/"},
    {"s/2025/01/09/a s/2025/01/10/b", "", "2025-01-10", "s/2025/01/10/b", ""},
    /* Both layouts. */
    {"s/2025-01-01/a s/2025/01/02/b", "s/2025-01-02/c", "2025-01-02",
	"s/2025/01/02/b", "s/2025-01-02/c"},
    {"s/2025-03-01/a s/2025/02/28/b", "s/2025/02/27/c", "2025-03-01",
	"s/2025-03-01/a", "s/"},
    /* Other names stay, and what they lie in. */
    {"s/2025-01-01/a s/2025-01-02/b s/index s/2025-01-1/c s/x/2025-01-01/d", "",
	"2025-01-02",
	"s/2025-01-02/b s/2025-01-1/c s/index "
	"s/x/2025-01-01/d",
	""},
    {"s/2024/n s/2024/01/01/a s/2024/01/m s/2025/01/01/b", "", "2025-01-01",
	"s/2024/01/m s/2024/n s/2025/01/01/b", ""},
    {"s/2024/01/01/a s/2025/01/01/b", "s/2024/n s/2024/02/01/c", "2025-01-01",
	"s/2024/ s/2025/01/01/b", "s/2024/n"},
    {"s/2024/01/01/a s/2024/13/b s/2025/01/01/c", "", "2025-01-01",
	"s/2024/13/b s/2025/01/01/c", ""},
    /* What the filter leaves out keeps no old folder. */
    {"s/2024/01/01/a s/2024/!x s/2024/01/!y s/2025/01/01/b", "", "2025-01-01",
	"s/2025/01/01/b", ""},
    /* Dates there are not; files are no folders. */
    {"s/2025-02-29/a s/2025-02-28/b s/2025-13-01/c s/2025-00-01/d", "",
	"2025-02-28",
	"s/2025-00-01/d s/2025-02-28/b s/2025-02-29/a "
	"s/2025-13-01/c",
	""},
    {"s/2024-02-29/a s/2024-02-28/b", "", "2024-02-29", "s/2024-02-29/a", ""},
    {"s/2000-02-29/a s/1900-02-29/b", "", "2000-02-29",
	"s/1900-02-29/b s/2000-02-29/a", ""},
    {"s/2025-01-02 s/2025-01-01/a", "", "2025-01-01", NULL, NULL},
    {"s/2025-01-02/a s/2024-01-01", "s/2024-01-01/b s/2024/b", "2025-01-02",
	NULL, "s/2024/b"},
    {"s/2025-01-02 s/2024-01-01/a", "s/2025-01-02/b", "2025-01-02",
	"s/2025-01-02", "s/2025-01-02/b"},
    {"s/0000-01-01/a s/0000/01/01/b", "", NULL, NULL, NULL},
    {"s/0001-01-01/a", "", "0001-01-01", NULL, NULL},
    {"s/2025_01_01/a s/20250101/b s/2025-01-01x/c s/x2025-01-01/d", "", NULL,
	NULL, NULL},
    {"s/+025-01-01/a s/2025-+1-01/b s/2025/1/01/c s/2025/01/1/d s/25/01/01/e",
	"s/02025/01/01/a s/2025/001/01/b s/2025/01/001/c", NULL, NULL, NULL},
    /* An empty folder is no date yet. */
    {"s/2025-01-02/ s/2025-01-01/a", "", "2025-01-01", "s/2025-01-01/a", ""},
    {"s/2025-01-02/x/ s/2025-01-01/a", "", "2025-01-01", "s/2025-01-01/a", ""},
    {"s/2025-01-02/!x s/2025-01-01/a", "", "2025-01-01", "s/2025-01-01/a", ""},
    {"s/2025-01-02/?x s/2025-01-01/a", "", "2025-01-02", "s/2025-01-02/", ""},
    {"s/2025-01-02/", "s/2025-01-02/", NULL, NULL, NULL},
    {"s/2024/ s/2023/05/ s/2025-01-01/a", "", "2025-01-01", "s/2025-01-01/a",
	""},
};

static void
check_side(
    struct tree *t, const char *before, const char *expected, size_t number)
{
	struct str got = STR_INIT;
	struct str want = STR_INIT;
	show_tree(&got, t);
	if (expected == NULL) {
		struct tree fresh;
		make_tree(&fresh, before);
		show_tree(&want, &fresh);
		tree_free(&fresh);
	} else {
		str_set(&want, expected);
	}
	if (strcmp(got.p, want.p) != 0)
		fail_msg("case %zu: '%s', not '%s'", number, got.p, want.p);
	str_free(&got);
	str_free(&want);
}

static void
check(const struct example *e, bool swapped, size_t number)
{
	const char *before[] = {e->local, e->cloud};
	const char *after[] = {e->local_after, e->cloud_after};
	struct tree local;
	struct tree cloud;
	make_tree(&local, before[swapped]);
	make_tree(&cloud, before[!swapped]);
	struct session_date latest = {0};
	bool found = session_keep_latest(&latest, &local, &cloud, "s", 1);
	char text[32];
	snprintf(text, sizeof(text), "%04d-%02d-%02d", latest.year,
	    latest.month, latest.day);
	if (found != (e->latest != NULL) ||
	    (found && strcmp(text, e->latest) != 0))
		fail_msg("case %zu: found %d, %s", number, found, text);
	check_side(&local, before[swapped], after[swapped], number);
	check_side(&cloud, before[!swapped], after[!swapped], number);
	tree_free(&local);
	tree_free(&cloud);
}

static void
test_session__keeps_latest(void **state)
{
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		check(&examples[i], false, i);
		check(&examples[i], true, i);
	}
}

static void
test_session__root(void **state)
{
	UNUSED(state);
	struct tree local;
	struct tree cloud;
	make_tree(&local, "a/b/2025-01-01/x a/b/2025-01-02/y 2026-01-01/z");
	make_tree(&cloud, "a/b 2026-01-01/z");
	assert_true(session_keep_latest(NULL, &local, &cloud, "a/b", 3));
	check_side(&local, "", "2026-01-01/z a/b/2025-01-02/y", 0);
	check_side(&cloud, "", "2026-01-01/z a/b", 1);
	tree_free(&local);
	tree_free(&cloud);

	make_tree(&local, "2026-01-01/z 2025-01-01/y");
	make_tree(&cloud, "");
	assert_true(session_keep_latest(NULL, &local, &cloud, "", 0));
	check_side(&local, "", "2026-01-01/z", 2);
	tree_free(&local);
	tree_free(&cloud);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_session__keeps_latest),
	    cmocka_unit_test(test_session__root),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
