#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/text.h"
#include "cli/out/out_plan.h"
#include "plan_scene.h"
#include "platform/plat_time.h"
#include "support/screen.h"

/* ---- a terminal of our own making ---------------------------------------- */

int
plat_zone_offset(struct stamp t)
{
	UNUSED(t);
	return 5400;
}

/* ---- asking -------------------------------------------------------------- */

static void
assert_shown(const struct scene *s, bool all, const char *want)
{
	struct out o;
	out_init(&o, PLAT_STDOUT, OUT_COLOR_NEVER);
	out_plan(&o, &s->view, all);
	assert_string_equal(o.buf.p, want);
	out_free(&o);
}

static void
assert_sentence(const struct scene *s, const char *want)
{
	struct str out = STR_INIT;
	out_plan_sentence(&out, &s->view);
	assert_string_equal(out.p, want);
	str_free(&out);
}

static int
reset(void **state)
{
	UNUSED(state);
	screen.columns = 0;
	return 0;
}

/* ---- tests --------------------------------------------------------------- */

static void
test_out_plan__nothing(void **state)
{
	struct scene s;
	UNUSED(state);
	scene_init(&s);
	assert_shown(&s, false, "");
	assert_sentence(&s, "nothing to do");
	s.view.applied = true;
	assert_sentence(&s, "nothing to do");
	s.view.adopted = 1;
	assert_sentence(
	    &s, "nothing to do: both sides are alike (1 item remembered)");
	s.view.applied = false;
	s.view.adopted = 1234;
	assert_sentence(&s,
	    "nothing to do: both sides are alike (1,234 items to remember)");
}

static void
test_out_plan__groups(void **state)
{
	struct scene s;
	UNUSED(state);
	scene_init(&s);
	scene_act(&s, PLAN_MKDIR, PLAN_TO_CLOUD, PLAN_NEW, "day/", 0);
	scene_act(&s, PLAN_COPY, PLAN_TO_CLOUD, PLAN_NEW, "day/a.jsonl", 1234);
	scene_act(&s, PLAN_COPY, PLAN_TO_LOCAL, PLAN_CHANGED, "b", 5);
	scene_act(&s, PLAN_MOVE, PLAN_TO_LOCAL, PLAN_NEW, "to", 7)->other =
	    "from";
	scene_act(&s, PLAN_MERGE, PLAN_TO_BOTH, PLAN_CHANGED, "log", 9);
	scene_act(&s, PLAN_BOTH, PLAN_TO_BOTH, PLAN_RESOLVED, "x.md", 10)
	    ->other = "x.copy.md";
	scene_act(&s, PLAN_DELETE, PLAN_TO_LOCAL, PLAN_DELETED, "old/f", 3);
	scene_act(&s, PLAN_RMDIR, PLAN_TO_LOCAL, PLAN_DELETED, "old/", 0);
	assert_shown(&s, false,
	    "To the cloud folder\n"
	    "  make  day/                 new\n"
	    "  copy  day/a.jsonl  1.2 kB  new\n"
	    "\n"
	    "To the local folder\n"
	    "  copy    b          5 B  changed\n"
	    "  rename  from → to       renamed\n"
	    "  delete  old/f      3 B  deleted\n"
	    "  delete  old/            deleted\n"
	    "\n"
	    "On both sides\n"
	    "  merge  log                9 B  changed\n"
	    "  keep   x.md + x.copy.md  10 B  settled\n");
	assert_sentence(&s,
	    "2 files and 1 folder (1.3 kB) to the cloud, 3 files (24 B) to the "
	    "local folder, 2 deletions in the local folder, 1 merged");
}

static void
test_out_plan__sentences(void **state)
{
	struct scene s;
	UNUSED(state);
	scene_init(&s);
	scene_act(&s, PLAN_MKDIR, PLAN_TO_CLOUD, PLAN_NEW, "d/", 0);
	scene_act(&s, PLAN_DELETE, PLAN_TO_CLOUD, PLAN_DELETED, "f", 1);
	scene_conflict(&s, PLAN_BOTH_MODIFIED, PLAN_UNRESOLVED, "c");
	scene_conflict(&s, PLAN_BOTH_MODIFIED, PLAN_USED_LOCAL, "e");
	scene_skip(&s, PLAN_SKIP_SYMLINK, SIDE_LOCAL, "l");
	assert_sentence(&s,
	    "1 folder to the cloud, 1 deletion in the cloud, 1 conflict, 1 "
	    "skipped");
	scene_end(&s, 0, APPLY_DONE, NULL);
	scene_end(&s, 1, APPLY_FAILED, NULL);
	assert_sentence(
	    &s, "done: 1 folder to the cloud, 1 conflict, 1 skipped, 1 failed");
	scene_end(&s, 1, APPLY_PLANNED, NULL);
	assert_sentence(&s,
	    "done: 1 folder to the cloud, 1 conflict, 1 skipped, 1 not come "
	    "to");
}

/* A blocked run has skipped them all; they are shown as what waits. */
static void
test_out_plan__blocked(void **state)
{
	struct scene s;
	UNUSED(state);
	scene_init(&s);
	scene_act(&s, PLAN_COPY, PLAN_TO_CLOUD, PLAN_NEW, "a", 1);
	scene_end(&s, 0, APPLY_SKIPPED, NULL);
	s.view.applied = false;
	assert_shown(&s, false, "To the cloud folder\n  copy  a  1 B  new\n");
	assert_sentence(&s, "1 file (1 B) to the cloud");
}

static void
test_out_plan__folded(void **state)
{
	static const char names[12][4] = {
	    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};
	struct str want = STR_INIT;
	struct scene s;
	UNUSED(state);
	scene_init(&s);
	str_add(&want, "To the cloud folder\n");
	for (size_t i = 0; i < 12; i++) {
		scene_act(&s, PLAN_COPY, PLAN_TO_CLOUD, PLAN_NEW, names[i], 1);
		if (i < 10)
			str_addf(&want, "  copy  %s  1 B  new\n", names[i]);
	}
	str_add(&want, "  … and 2 more (-v shows all)\n");
	assert_shown(&s, false, want.p);
	str_cut(&want, want.len - strlen("  … and 2 more (-v shows all)\n"));
	str_add(&want, "  copy  k  1 B  new\n  copy  l  1 B  new\n");
	assert_shown(&s, true, want.p);
	s.plan.nactions = 10;
	str_cut(&want, want.len - 2 * strlen("  copy  k  1 B  new\n"));
	assert_shown(&s, false, want.p);
	str_free(&want);
}

static void
test_out_plan__hostile_names(void **state)
{
	struct scene s;
	UNUSED(state);
	scene_init(&s);
	scene_act(&s, PLAN_COPY, PLAN_TO_CLOUD, PLAN_NEW, "a\n\033[2Jb", 1);
	scene_conflict(&s, PLAN_BOTH_MODIFIED, PLAN_UNRESOLVED, "c\nd");
	scene_conflict(&s, PLAN_BOTH_MODIFIED, PLAN_KEPT_BOTH, "e\rf");
	scene_skip(&s, PLAN_SKIP_UNREADABLE, SIDE_CLOUD, "g\x9b");
	scene_act(&s, PLAN_COPY, PLAN_TO_CLOUD, PLAN_NEW, "h\x7f", 1);
	scene_end(&s, 1, APPLY_FAILED, (char *)"open 'h\x7f': no\nway");
	s.results[0].status = APPLY_DONE;
	assert_shown(&s, false,
	    "To the cloud folder\n"
	    "  copy  a\\n\\e[2Jb  1 B  new\n"
	    "\n"
	    "Left alone\n"
	    "  could not be read: 1\n"
	    "    cloud  g\\x9B\n"
	    "\n"
	    "Settled conflicts\n"
	    "  e\\rf: changed on both sides; both are kept\n"
	    "\n"
	    "Conflicts\n"
	    "  c\\nd: changed on both sides\n"
	    "    local  nothing there\n"
	    "    cloud  nothing there\n"
	    "\n"
	    "Failed\n"
	    "  h\\x7F: open 'h\\x7F': no\\nway\n");
}

static void
test_out_plan__conflicts(void **state)
{
	struct scene s;
	struct plan_conflict *c;
	UNUSED(state);
	scene_init(&s);
	c = scene_conflict(&s, PLAN_BOTH_MODIFIED, PLAN_UNRESOLVED, "n.md");
	c->entry[SIDE_LOCAL] = scene_file(&s, 1200, 1700000000);
	c->entry[SIDE_CLOUD] = scene_file(&s, 3, 1700000001);
	c = scene_conflict(&s, PLAN_MODIFIED_DELETED, PLAN_UNRESOLVED, "gone");
	c->entry[SIDE_LOCAL] = scene_file(&s, 0, 0);
	c = scene_conflict(&s, PLAN_TYPE_CHANGED, PLAN_UNRESOLVED, "t");
	struct entry dir = {.type = ENTRY_DIR, .mtime_sec = 86400};
	struct entry link = {.type = ENTRY_LINK, .mtime_sec = 86400};
	c->entry[SIDE_LOCAL] = &dir;
	c->entry[SIDE_CLOUD] = &link;
	assert_shown(&s, false,
	    "Conflicts\n"
	    "  n.md: changed on both sides\n"
	    "    local  1.2 kB, 2023-11-14 23:43:20\n"
	    "    cloud  3 B, 2023-11-14 23:43:21 (newer)\n"
	    "  gone: changed here, deleted in the cloud\n"
	    "    local  0 B, 1970-01-01 01:30:00\n"
	    "    cloud  nothing there\n"
	    "  t: not of the same type on both sides\n"
	    "    local  folder, 1970-01-02 01:30:00\n"
	    "    cloud  link, 1970-01-02 01:30:00\n");
}

/* Every kind and every end has words of its own. */
static void
test_out_plan__kinds(void **state)
{
	struct scene s;
	struct out o;
	UNUSED(state);
	for (int kind = PLAN_BOTH_MODIFIED; kind <= PLAN_PROVIDER_COPY;
	     kind++) {
		for (int r = PLAN_UNRESOLVED; r <= PLAN_MERGED; r++) {
			scene_init(&s);
			scene_conflict(&s, (enum plan_kind)kind,
			    (enum plan_resolution)r, "p");
			out_init(&o, PLAT_STDOUT, OUT_COLOR_NEVER);
			out_plan_conflicts(&o, &s.plan, false);
			assert_non_null(strstr(o.buf.p, "  p: "));
			assert_null(strstr(o.buf.p, "(null)"));
			assert_int_equal(strstr(o.buf.p, "Settled") != NULL,
			    r != PLAN_UNRESOLVED);
			out_free(&o);
		}
	}
}

static void
test_out_plan__many_conflicts(void **state)
{
	struct scene s;
	struct out o;
	UNUSED(state);
	scene_init(&s);
	for (size_t i = 0; i < 24; i++)
		scene_conflict(&s, PLAN_BOTH_CREATED,
		    i % 2 > 0 ? PLAN_USED_CLOUD : PLAN_UNRESOLVED, "c");
	for (int all = 0; all <= 1; all++) {
		size_t n = 0;
		out_init(&o, PLAT_STDOUT, OUT_COLOR_NEVER);
		out_plan_conflicts(&o, &s.plan, all > 0);
		for (const char *p = o.buf.p; (p = strstr(p, "  c: ")); p++)
			n++;
		assert_int_equal(n, all ? 24 : 20);
		assert_int_equal(
		    strstr(o.buf.p, "… and 2 more") != NULL, all == 0);
		out_free(&o);
	}
}

static void
test_out_plan__left_alone(void **state)
{
	struct scene s;
	UNUSED(state);
	scene_init(&s);
	scene_skip(&s, PLAN_SKIP_SYMLINK, SIDE_LOCAL, "l1");
	scene_skip(&s, PLAN_SKIP_SYMLINK, SIDE_LOCAL, "l2");
	scene_skip(&s, PLAN_SKIP_EQUAL_MTIME, SIDE_LOCAL, "same");
	scene_skip(&s, PLAN_SKIP_CHANGED, SIDE_CLOUD, "moved");
	scene_act(&s, PLAN_COPY, PLAN_TO_CLOUD, PLAN_CHANGED, "busy", 1);
	scene_act(&s, PLAN_DELETE, PLAN_TO_CLOUD, PLAN_DELETED, "back", 1);
	for (size_t i = 0; i < 2; i++) {
		scene_end(&s, i, APPLY_SKIPPED, NULL);
		s.results[i].changed = true;
	}
	assert_shown(&s, false,
	    "Left alone\n"
	    "  symbolic link (sync.symlinks): 2\n"
	    "  changed during the sync: 3\n"
	    "    cloud  moved\n"
	    "    local  busy\n"
	    "    cloud  back\n"
	    "  not alike, though of the same time: 1\n"
	    "    local  same\n");
	s.plan.nactions = 0;
	s.plan.nskipped = 2;
	assert_shown(&s, true,
	    "Left alone\n"
	    "  symbolic link (sync.symlinks): 2\n"
	    "    local  l1\n"
	    "    local  l2\n");
	assert_sentence(&s, "nothing to do, 2 skipped");
	scene_conflict(&s, PLAN_GROUP, PLAN_UNRESOLVED, "c");
	assert_sentence(&s, "1 conflict, 2 skipped");
}

static void
test_out_plan__failed(void **state)
{
	static char why[] = "disk full";
	struct scene s;
	UNUSED(state);
	scene_init(&s);
	for (size_t i = 0; i < 12; i++) {
		scene_act(&s, PLAN_COPY, PLAN_TO_CLOUD, PLAN_NEW, "f", 1);
		scene_end(&s, i, APPLY_FAILED, i == 0 ? why : NULL);
	}
	assert_shown(&s, false,
	    "Failed\n"
	    "  f: disk full\n"
	    "  f: \n  f: \n  f: \n  f: \n  f: \n  f: \n  f: \n  f: \n  f: \n"
	    "  … and 2 more (-v shows all)\n");
	assert_sentence(&s, "done: 12 failed");
}

static void
test_out_plan__notes_and_snapshot(void **state)
{
	struct scene s;
	struct strlist notes = STRLIST_INIT;
	struct plan_step step = {.kind = STEP_REMOVE};
	UNUSED(state);
	scene_init(&s);
	s.view.notes = &notes;
	s.view.snapshot = "20260101T000000Z-box-0001";
	strlist_add(&notes, "first\nline");
	strlist_add(&notes, "second");
	/* Where nothing gave way, nothing is in it that people look for. */
	assert_shown(&s, false, "note: first\\nline\nnote: second\n");
	scene_act(&s, PLAN_DELETE, PLAN_TO_CLOUD, PLAN_DELETED, "f", 1);
	scene_end(&s, 0, APPLY_DONE, NULL);
	s.plan.steps = &step;
	s.plan.nsteps = 1;
	assert_shown(&s, false,
	    "To the cloud folder\n"
	    "  delete  f  1 B  deleted\n"
	    "\n"
	    "note: first\\nline\n"
	    "note: second\n"
	    "\n"
	    "what was there before is kept in snapshot "
	    "20260101T000000Z-box-0001\n");
	strlist_free(&notes);
}

/* Tables fit; nothing is wider than the terminal but a conflict's own path. */
static void
test_out_plan__narrow(void **state)
{
	struct scene s;
	struct out o;
	UNUSED(state);
	scene_init(&s);
	screen.columns = 40;
	scene_act(&s, PLAN_COPY, PLAN_TO_CLOUD, PLAN_CHANGED,
	    "sessions/2026/11/20/a-very-long-name.jsonl", 999000);
	scene_act(&s, PLAN_MOVE, PLAN_TO_CLOUD, PLAN_NEW, "b", 1)->other =
	    "sessions/2026/11/20/what-it-was-called-before";
	scene_conflict(&s, PLAN_BOTH_MODIFIED, PLAN_UNRESOLVED, "n.md");
	out_init(&o, PLAT_STDOUT, OUT_COLOR_NEVER);
	out_plan(&o, &s.view, false);
	for (const char *p = o.buf.p; *p != '\0';) {
		size_t n = strcspn(p, "\n");
		assert_true(text_width(p, n) <= 40);
		p += n + (p[n] == '\n');
	}
	assert_non_null(strstr(o.buf.p, "…"));
	out_free(&o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_out_plan__nothing, reset),
	    cmocka_unit_test_setup(test_out_plan__groups, reset),
	    cmocka_unit_test_setup(test_out_plan__sentences, reset),
	    cmocka_unit_test_setup(test_out_plan__blocked, reset),
	    cmocka_unit_test_setup(test_out_plan__folded, reset),
	    cmocka_unit_test_setup(test_out_plan__hostile_names, reset),
	    cmocka_unit_test_setup(test_out_plan__conflicts, reset),
	    cmocka_unit_test_setup(test_out_plan__kinds, reset),
	    cmocka_unit_test_setup(test_out_plan__many_conflicts, reset),
	    cmocka_unit_test_setup(test_out_plan__left_alone, reset),
	    cmocka_unit_test_setup(test_out_plan__failed, reset),
	    cmocka_unit_test_setup(test_out_plan__notes_and_snapshot, reset),
	    cmocka_unit_test_setup(test_out_plan__narrow, reset),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
