/*
 * Every small world, under every rule: docs/cases.md has no row that is not
 * reached here. What must hold of each is in support/laws.h.
 */
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
#include "model/plan/names.h"
#include "support/laws.h"
#include "support/plan_case.h"
#include "support/replay.h"

/* ---- cells -----------------------------------------------------------------
 */

/* A token of support/world.h; "/+A" is a directory with a file "c" in it. */
static void
put_cell(struct world *w, int column, const char *path, const char *token)
{
	char child[WORLD_PATH_SIZE];
	bool filled = strncmp(token, "/+", 2) == 0;
	const char *own = filled ? "/" : token;
	(void)snprintf(child, sizeof(child), "%s/c", path);
	if (column == SIDES)
		world_put_ledger(w, path, own);
	else
		world_put(w, (enum side)column, path, own);
	if (filled)
		put_cell(w, column, child, token + 2);
}

/* The cells a path may have in one column. */
struct column {
	const char *const *tokens;
	size_t n;
};

#define COLUMN(tokens)                                                         \
	{                                                                      \
		tokens, COUNT_OF(tokens)                                       \
	}

struct row {
	const char *path;
	struct column column[3]; /* local, cloud, ledger */
};

/* ---- rules -----------------------------------------------------------------
 */

struct span {
	bool directions, never, empty_dirs; /* each both ways */
	bool exec;                          /* the cloud stores exec bits */
};

static const struct span all_rules = {true, true, true, true};
static const struct span most_rules = {false, true, false, true};
static const struct span bare_cloud = {true, true, true, false};

/* All of it takes long under a sanitizer: PLAN_EVERY=29 tries every 29th,
   which, as the rules come in multiples of six, are other rules each time. */
static bool
is_due(void)
{
	static unsigned long every, turn;
	const char *wanted = getenv("PLAN_EVERY");
	if (every == 0)
		every = wanted != NULL ? strtoul(wanted, NULL, 10) : 1;
	return turn++ % (every > 0 ? every : 1) == 0;
}

static void
with_equal_mtime(struct world *w, bool matters)
{
	for (int e = PLAN_EQUAL_SKIP; e <= PLAN_EQUAL_CONFLICT; e++) {
		w->rules.equal_mtime = (enum plan_equal_mtime)e;
		if ((matters || e == PLAN_EQUAL_CONFLICT) && is_due())
			laws_assert(w);
	}
}

/* Could sync.equal_mtime_action decide anything here? */
static bool
may_be_equal(const struct world *w)
{
	for (size_t i = 0; i < w->side[SIDE_LOCAL].n; i++) {
		const struct node *l = &w->side[SIDE_LOCAL].v[i];
		const struct node *c =
		    nodes_find(&w->side[SIDE_CLOUD], l->path);
		if (c != NULL && l->type == ENTRY_FILE &&
		    c->type == ENTRY_FILE && l->content != c->content &&
		    l->mtime[0] == c->mtime[0] &&
		    nodes_find(&w->ledger, l->path) == NULL)
			return true;
	}
	return false;
}

static void
with_rules(struct world *w, const struct span *span)
{
	struct plan_rules *r = &w->rules;
	bool matters = may_be_equal(w);
	for (int p = PLAN_MANUAL_ABORT; p <= PLAN_KEEP_BOTH; p++) {
		for (int bits = 0; bits < 12; bits++) {
			int direction = bits / 4;
			r->policy = (enum plan_policy)p;
			r->never_delete = bits & 1;
			r->empty_dirs = !(bits & 2);
			r->may_write[SIDE_LOCAL] = direction != 1;
			r->may_write[SIDE_CLOUD] = direction != 2;
			if ((direction > 0 && !span->directions) ||
			    (r->never_delete && !span->never) ||
			    (!r->empty_dirs && !span->empty_dirs))
				continue;
			with_equal_mtime(w, matters);
		}
	}
	r->may_write[SIDE_LOCAL] = r->may_write[SIDE_CLOUD] = true;
	r->never_delete = false;
	r->empty_dirs = true;
}

/* ---- worlds ----------------------------------------------------------------
 */

enum { ROWS_MAX = 4 };

/* Below what is no directory, or beside a name the side cannot tell apart. */
static bool
cannot_be(const struct world *w, const struct nodes *v, enum side s)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct node *a = &v->v[i];
		size_t n = strlen(a->path);
		for (size_t k = 0; k < v->n; k++) {
			const struct node *b = &v->v[k];
			if (a == b)
				continue;
			if (same_name(w, s, a->path, b->path) ||
			    (a->type != ENTRY_DIR &&
				path_within(
				    b->path, strlen(b->path), a->path, n)))
				return true;
		}
	}
	return false;
}

static bool
no_such_world(const struct world *w)
{
	return cannot_be(w, &w->side[SIDE_LOCAL], SIDE_LOCAL) ||
	    cannot_be(w, &w->side[SIDE_CLOUD], SIDE_CLOUD) ||
	    cannot_be(w, &w->ledger, SIDE_CLOUD);
}

/* Fill column after column, row after row, with every choice of cells. */
static void
fill_rows(struct world *w, const struct row *rows, size_t n, size_t at,
    const struct span *span)
{
	if (at == n * 3) {
		if (!no_such_world(w))
			with_rules(w, span);
		return;
	}
	const struct row *row = &rows[at / 3];
	const struct column *column = &row->column[at % 3];
	size_t kept[3] = {
	    w->side[SIDE_LOCAL].n, w->side[SIDE_CLOUD].n, w->ledger.n};
	for (size_t i = 0; i < column->n; i++) {
		put_cell(w, (int)(at % 3), row->path, column->tokens[i]);
		fill_rows(w, rows, n, at + 1, span);
		w->side[SIDE_LOCAL].n = kept[0];
		w->side[SIDE_CLOUD].n = kept[1];
		w->ledger.n = kept[2];
	}
}

/* Under the rules *set_up* gives (NULL: the usual). */
static void
enumerate(const struct row *rows, size_t n, const struct span *span,
    void (*set_up)(struct plan_rules *r))
{
	struct world w;
	size_t before = laws_checked();
	world_init(&w);
	w.look.exec[SIDE_CLOUD] = span->exec;
	if (set_up != NULL)
		set_up(&w.rules);
	fill_rows(&w, rows, n, 0, span);
	print_message("%zu worlds\n", laws_checked() - before);
	world_free(&w);
}

static void
test_plan_exhaustive__one_path(void **state)
{
	UNUSED(state);
	static const char *const side[] = {
	    ".", "A", "A@7", "B", "C", "E", "/", "/+C", ">A", "?s", "?u", "?x"};
	static const char *const ledger[] = {
	    ".", "A", "C", "/", "/+A", ">A", "A<", "A>", "/<", "/>"};
	static const struct row rows[] = {
	    {"p", {COLUMN(side), COLUMN(side), COLUMN(ledger)}}};
	enumerate(rows, COUNT_OF(rows), &all_rules, NULL);
}

static const char *const few[] = {".", "A", "B"};
static const char *const few_and_special[] = {".", "A", "B", "?s"};
static const char *const known[] = {".", "A", "A<", "A>"};
static const char *const plain[] = {".", "A"};

static void
test_plan_exhaustive__siblings(void **state)
{
	UNUSED(state);
	static const struct row rows[] = {
	    {"p", {COLUMN(few_and_special), COLUMN(few), COLUMN(known)}},
	    {"q", {COLUMN(few), COLUMN(few), COLUMN(plain)}}};
	enumerate(rows, COUNT_OF(rows), &most_rules, NULL);
}

static void
test_plan_exhaustive__file_in_directory(void **state)
{
	UNUSED(state);
	static const char *const dir[] = {".", "B", "/", "?u"};
	static const char *const ledger_dir[] = {".", "A", "/", "/<"};
	static const char *const side[] = {".", "A", "B", "?x", "?s"};
	static const char *const ledger[] = {".", "A", "A>"};
	static const struct row rows[] = {
	    {"d", {COLUMN(dir), COLUMN(dir), COLUMN(ledger_dir)}},
	    {"d/f", {COLUMN(side), COLUMN(side), COLUMN(ledger)}}};
	enumerate(rows, COUNT_OF(rows), &all_rules, NULL);
}

static void
test_plan_exhaustive__moves(void **state)
{
	UNUSED(state);
	static const struct row rows[] = {
	    {"d/p", {COLUMN(few), COLUMN(few), COLUMN(plain)}},
	    {"e/p", {COLUMN(plain), COLUMN(plain), COLUMN(plain)}},
	    {"q", {COLUMN(few), COLUMN(plain), COLUMN(plain)}}};
	enumerate(rows, COUNT_OF(rows), &most_rules, NULL);
}

static void
test_plan_exhaustive__families(void **state)
{
	UNUSED(state);
	static const char *const wal[] = {".", "C", "D", "?u"};
	static const char *const other[] = {".", "C", "D", "?x"};
	static const char *const ledger[] = {".", "C", "C>"};
	static const struct row rows[] = {
	    {"db", {COLUMN(few), COLUMN(few), COLUMN(known)}},
	    {"db-wal", {COLUMN(wal), COLUMN(other), COLUMN(ledger)}}};
	enumerate(rows, COUNT_OF(rows), &all_rules, NULL);
}

static void
test_plan_exhaustive__groups(void **state)
{
	UNUSED(state);
	static const char *const root[] = {"/", "."};
	static const char *const clash[] = {"/", ".", "B"};
	static const char *const unsure[] = {".", "C", "D", "?s", "?n"};
	static const char *const either[] = {".", "C", "D", "?x"};
	static const char *const ledger[] = {".", "C"};
	static const struct row rows[] = {
	    {"g", {COLUMN(root), COLUMN(clash), COLUMN(root)}},
	    {"g/a", {COLUMN(few), COLUMN(few), COLUMN(plain)}},
	    {"g/b", {COLUMN(unsure), COLUMN(either), COLUMN(ledger)}}};
	enumerate(rows, COUNT_OF(rows), &most_rules, with_group);
}

static void
test_plan_exhaustive__directory_against_file(void **state)
{
	UNUSED(state);
	static const char *const dir[] = {"/", "B"};
	static const char *const child[] = {".", "A", "C", "?x", "?s"};
	static const char *const ledger_dir[] = {".", "/", "A"};
	static const char *const ledger_child[] = {".", "A"};
	static const char *const sub[] = {".", "/", "/+D"};
	static const char *const ledger_sub[] = {".", "/", "/+D", "/<"};
	static const struct row rows[] = {
	    {"d", {COLUMN(dir), COLUMN(dir), COLUMN(ledger_dir)}},
	    {"d/f", {COLUMN(child), COLUMN(child), COLUMN(ledger_child)}},
	    {"d/s", {COLUMN(sub), COLUMN(sub), COLUMN(ledger_sub)}}};
	enumerate(rows, COUNT_OF(rows), &most_rules, NULL);
}

static void
test_plan_exhaustive__case_twins(void **state)
{
	UNUSED(state);
	static const char *const upper[] = {".", "A", "B", "?x"};
	static const char *const cloud[] = {".", "A", "C"};
	static const struct row rows[] = {
	    {"X", {COLUMN(upper), COLUMN(cloud), COLUMN(plain)}},
	    {"y", {COLUMN(plain), COLUMN(plain), COLUMN(plain)}},
	    {"x", {COLUMN(few), COLUMN(plain), COLUMN(plain)}}};
	enumerate(rows, COUNT_OF(rows), &most_rules, cloud_folds);
}

static void
test_plan_exhaustive__case_of_directories(void **state)
{
	UNUSED(state);
	static const char *const dir[] = {".", "/"};
	static const char *const file[] = {".", "A", "C"};
	static const char *const old[] = {".", "A", "B", "?x"};
	static const struct row rows[] = {
	    {"D", {COLUMN(dir), COLUMN(dir), COLUMN(dir)}},
	    {"D/f", {COLUMN(plain), COLUMN(old), COLUMN(plain)}},
	    {"d", {COLUMN(dir), COLUMN(dir), COLUMN(dir)}},
	    {"d/f", {COLUMN(file), COLUMN(plain), COLUMN(plain)}}};
	enumerate(rows, COUNT_OF(rows), &most_rules, cloud_folds);
}

static void
both_fold(struct plan_rules *r)
{
	r->who[SIDE_LOCAL] = r->who[SIDE_CLOUD] = NAMES_FOLD;
}

static void
test_plan_exhaustive__case_on_both_sides(void **state)
{
	UNUSED(state);
	static const char *const dir[] = {".", "/", "B"};
	static const struct row rows[] = {
	    {"D", {COLUMN(dir), COLUMN(dir), COLUMN(dir)}},
	    {"D/f", {COLUMN(plain), COLUMN(plain), COLUMN(plain)}},
	    {"d", {COLUMN(dir), COLUMN(dir), COLUMN(dir)}},
	    {"d/F", {COLUMN(plain), COLUMN(plain), COLUMN(plain)}}};
	enumerate(rows, COUNT_OF(rows), &most_rules, both_fold);
}

static void
test_plan_exhaustive__bad_names(void **state)
{
	UNUSED(state);
	static const char *const dir[] = {".", "/"};
	static const char *const ledger[] = {".", "C"};
	static const struct row rows[] = {
	    {"a:", {COLUMN(few), COLUMN(plain), COLUMN(plain)}},
	    {"b", {COLUMN(plain), COLUMN(plain), COLUMN(plain)}},
	    {"d.", {COLUMN(dir), COLUMN(dir), COLUMN(dir)}},
	    {"d./f", {COLUMN(ledger), COLUMN(ledger), COLUMN(ledger)}}};
	enumerate(rows, COUNT_OF(rows), &most_rules, cloud_is_windows);
}

static void
group_on_windows(struct plan_rules *r)
{
	with_group(r);
	cloud_is_windows(r);
}

static void
test_plan_exhaustive__bad_names_in_units(void **state)
{
	UNUSED(state);
	static const char *const other[] = {".", "C", "D"};
	static const struct row rows[] = {
	    {"g/a:", {COLUMN(few), COLUMN(few), COLUMN(plain)}},
	    {"g/b", {COLUMN(other), COLUMN(other), COLUMN(other)}}};
	enumerate(rows, COUNT_OF(rows), &most_rules, group_on_windows);
}

static void
test_plan_exhaustive__append_merge(void **state)
{
	UNUSED(state);
	static const char *const side[] = {
	    ".", "A", "C", "C^", "F^", "F^@9", "/", "?u"};
	static const char *const ledger[] = {".", "A", "C", "A<"};
	static const struct row rows[] = {
	    {"a.log", {COLUMN(side), COLUMN(side), COLUMN(ledger)}}};
	enumerate(rows, COUNT_OF(rows), &all_rules, with_logs);
}

static void
test_plan_exhaustive__own_copies(void **state)
{
	UNUSED(state);
	static const char *const side[] = {".", "A", "B", "E", "/+A", ">A"};
	static const char *const ledger[] = {".", "A", "/", "A>"};
	static const struct row rows[] = {{"n.conflict-20251231-235959-m.txt",
	    {COLUMN(side), COLUMN(side), COLUMN(ledger)}}};
	enumerate(rows, COUNT_OF(rows), &all_rules, NULL);
}

static void
hold_copies_and_groups(struct plan_rules *r)
{
	hold_copies(r);
	with_group(r);
}

static void
test_plan_exhaustive__held_copies(void **state)
{
	UNUSED(state);
	static const char *const copies[] = {".", "A", "B", "/", "/+A", "?x"};
	static const char *const mine[] = {".", "A"};
	static const struct row rows[] = {
	    {"g", {COLUMN(mine), COLUMN(few), COLUMN(mine)}},
	    {"g (conflicted copy 2026-01-01 101010)",
		{COLUMN(mine), COLUMN(copies), COLUMN(mine)}}};
	static const struct row inside[] = {
	    {"g/n", {COLUMN(few), COLUMN(few), COLUMN(mine)}},
	    {"g/n (conflicted copy 2026-01-01 101010)",
		{COLUMN(mine), COLUMN(copies), COLUMN(mine)}}};
	enumerate(rows, COUNT_OF(rows), &most_rules, hold_copies_and_groups);
	enumerate(
	    inside, COUNT_OF(inside), &most_rules, hold_copies_and_groups);
}

static void
test_plan_exhaustive__exec_bits(void **state)
{
	UNUSED(state);
	static const char *const side[] = {".", "A", "A*", "A@7*", "B*", "C"};
	static const char *const bare[] = {".", "A", "A@7", "B", "C"};
	static const char *const ledger[] = {".", "A", "A*", "A*<"};
	static const struct row both[] = {
	    {"p", {COLUMN(side), COLUMN(side), COLUMN(ledger)}}};
	static const struct row one[] = {
	    {"p", {COLUMN(side), COLUMN(bare), COLUMN(ledger)}}};
	enumerate(both, COUNT_OF(both), &all_rules, NULL);
	enumerate(one, COUNT_OF(one), &bare_cloud, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plan_exhaustive__one_path),
	    cmocka_unit_test(test_plan_exhaustive__siblings),
	    cmocka_unit_test(test_plan_exhaustive__file_in_directory),
	    cmocka_unit_test(test_plan_exhaustive__moves),
	    cmocka_unit_test(test_plan_exhaustive__families),
	    cmocka_unit_test(test_plan_exhaustive__groups),
	    cmocka_unit_test(test_plan_exhaustive__directory_against_file),
	    cmocka_unit_test(test_plan_exhaustive__case_twins),
	    cmocka_unit_test(test_plan_exhaustive__case_of_directories),
	    cmocka_unit_test(test_plan_exhaustive__case_on_both_sides),
	    cmocka_unit_test(test_plan_exhaustive__bad_names),
	    cmocka_unit_test(test_plan_exhaustive__bad_names_in_units),
	    cmocka_unit_test(test_plan_exhaustive__append_merge),
	    cmocka_unit_test(test_plan_exhaustive__own_copies),
	    cmocka_unit_test(test_plan_exhaustive__held_copies),
	    cmocka_unit_test(test_plan_exhaustive__exec_bits),
	};
	return cmocka_run_group_tests(
	    tests, plan_cases_set_up, plan_cases_tear_down);
}
