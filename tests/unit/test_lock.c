#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/hash.h"
#include "faults.h"
#include "platform/plat_env.h"
#include "platform/plat_proc.h"
#include "platform/plat_time.h"
#include "store/afile.h"
#include "store/lock.h"
#include "support/role.h"
#include "support/tempdir.h"

/* Two profiles "one" and "two" in *top*; "/r" and "/s" are local roots. */
static int
take(struct lock **out, const char *top, const char *profile, const char *root,
    struct err *e)
{
	struct str state = STR_INIT, shared = STR_INIT;
	str_addf(&state, "%s/%s", top, profile);
	str_addf(&shared, "%s/locks", top);
	int rc = lock_take(out, state.p, shared.p, root, e);
	str_free(&state);
	str_free(&shared);
	return rc;
}

/* "free", or who holds it. */
static const char *
holder(struct str *who, const char *top, const char *profile, const char *root)
{
	struct str state = STR_INIT, shared = STR_INIT;
	str_addf(&state, "%s/%s", top, profile);
	str_addf(&shared, "%s/locks", top);
	str_clear(who);
	if (!lock_is_held(who, state.p, shared.p, root))
		str_set(who, "free");
	str_free(&state);
	str_free(&shared);
	return who->p;
}

/* How a file begins that this process has signed. */
static void
signature(struct str *out)
{
	uint64_t started;
	str_addf(out, "pid %lld on ", (long long)plat_proc_self(&started));
	plat_host_name(out);
	str_add(out, " since 2");
}

static void
assert_begins(const char *text, const char *beginning)
{
	if (strncmp(text, beginning, strlen(beginning)) != 0)
		fail_msg("'%s' does not begin with '%s'", text, beginning);
}

static void
assert_locked(int rc, const struct err *e, const char *beginning)
{
	char text[ERR_TEXT_SIZE];
	struct str want = STR_INIT;
	assert_failed(rc, e, ERR_LOCKED);
	str_addf(&want, "%s: another run holds it: ", beginning);
	signature(&want);
	assert_begins(err_text(e, text, sizeof(text)), want.p);
	str_free(&want);
}

static void
test_lock__excludes(void **state)
{
	struct tempdir *t = *state;
	struct lock *a, *b, *c;
	struct err e;
	assert_done(take(&a, t->path, "one", "/r", &e), &e);
	assert_locked(
	    take(&b, t->path, "one", "/s", &e), &e, "lock of the profile");
	assert_locked(
	    take(&b, t->path, "two", "/r", &e), &e, "lock of the local folder");
	/* Having been refused one, it gave back the other. */
	assert_done(take(&b, t->path, "two", "/s", &e), &e);
	lock_release(a);
	assert_done(take(&c, t->path, "one", "/r", &e), &e);
	lock_release(b);
	lock_release(c);
	lock_release(NULL);
}

static void
test_lock__files(void **state)
{
	struct tempdir *t = *state;
	char hex[HASH_HEX_SIZE];
	struct str root = STR_INIT, text = STR_INIT, want = STR_INIT;
	struct lock *l;
	struct err e;
	assert_done(take(&l, t->path, "one", "/r", &e), &e);
	struct plat_dir *d = sub(t->dir, "one");
	struct plat_dir *shared = sub(t->dir, "locks");
	assert_done(afile_read(&text, d, "lock", 1000, &e), &e);
	signature(&want);
	assert_begins(text.p, want.p);
	assert_true(str_ends(&text, "\n"));
	str_addf(&root, "root-%s.lock", hash_hex(hex, hash_of("/r", 2)));
	str_clear(&text);
	assert_done(afile_read(&text, shared, root.p, 1000, &e), &e);
	assert_begins(text.p, want.p);
	lock_release(l);
	assert_holds(d, "lock", "");
	assert_holds(shared, root.p, "");
	plat_dir_close(d);
	plat_dir_close(shared);
	str_free(&root);
	str_free(&text);
	str_free(&want);
}

/* What the file says decides nothing. */
static void
test_lock__stale(void **state)
{
	struct tempdir *t = *state;
	struct str who = STR_INIT, text = STR_INIT, mine = STR_INIT;
	struct lock *l;
	struct err e;
	for (size_t i = 0; i < 100000; i++)
		str_addc(&text, 'x');
	put_dir(t->dir, "one");
	struct plat_dir *d = sub(t->dir, "one");
	put_file(d, "lock", "pid 1 on elsewhere since 1999-01-01T00:00:00Z\n");
	assert_string_equal(holder(&who, t->path, "one", "/r"), "free");
	assert_done(take(&l, t->path, "one", "/r", &e), &e);
	signature(&mine);
	assert_begins(holder(&who, t->path, "one", "/r"), mine.p);
	lock_release(l);
	put_file(d, "lock", text.p);
	assert_done(take(&l, t->path, "one", "/r", &e), &e);
	lock_release(l);
	plat_dir_close(d);
	str_free(&who);
	str_free(&text);
	str_free(&mine);
}

/* Somebody holds it and has said nothing, or rubbish, so far. */
static void
test_lock__silent_holder(void **state)
{
	static const struct {
		const char *says, *message;
	} rows[] = {
	    {"", "lock of the profile: another run holds it"},
	    {"\nsecond", "lock of the profile: another run holds it"},
	    {"x", "lock of the profile: another run holds it: x"},
	    {"a\nb", "lock of the profile: another run holds it: a"},
	};
	struct tempdir *t = *state;
	put_dir(t->dir, "one");
	struct plat_dir *d = sub(t->dir, "one");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct plat_file f;
		struct lock *l;
		struct err e;
		char text[ERR_TEXT_SIZE];
		put_file(d, "lock", rows[i].says);
		assert_done(plat_lock(&f, d, "lock", &e), &e);
		int rc = take(&l, t->path, "one", "/r", &e);
		assert_failed(rc, &e, ERR_LOCKED);
		assert_string_equal(
		    err_text(&e, text, sizeof(text)), rows[i].message);
		assert_done(plat_close(&f, &e), &e);
	}
	plat_dir_close(d);
}

static void
test_lock__looks_without_a_trace(void **state)
{
	struct tempdir *t = *state;
	struct str who = STR_INIT, mine = STR_INIT;
	struct lock *l;
	struct err e;
	assert_string_equal(holder(&who, t->path, "one", "/r"), "free");
	assert_false(has(t->dir, "one"));
	assert_false(has(t->dir, "locks"));
	put_dir(t->dir, "one");
	assert_string_equal(holder(&who, t->path, "one", "/r"), "free");
	struct plat_dir *d = sub(t->dir, "one");
	assert_false(has(d, "lock"));
	plat_dir_close(d);
	signature(&mine);
	assert_done(take(&l, t->path, "one", "/r", &e), &e);
	assert_begins(holder(&who, t->path, "one", "/s"), mine.p);
	assert_begins(holder(&who, t->path, "two", "/r"), mine.p);
	assert_string_equal(holder(&who, t->path, "two", "/s"), "free");
	lock_release(l);
	assert_string_equal(holder(&who, t->path, "one", "/r"), "free");
	str_free(&who);
	str_free(&mine);
}

static void
test_lock__nowhere(void **state)
{
	struct tempdir *t = *state;
	struct str who = STR_INIT;
	struct lock *l;
	struct err e;
	put_file(t->dir, "one", "");
	assert_failed(take(&l, t->path, "one", "/r", &e), &e, ERR_TYPE);
	assert_string_not_equal(holder(&who, t->path, "one", "/r"), "free");
	assert_string_not_equal(who.p, "");
	put_dir(t->dir, "two");
	struct plat_dir *d = sub(t->dir, "two");
	put_dir(d, "lock");
	assert_failed(take(&l, t->path, "two", "/r", &e), &e, ERR_TYPE);
	assert_string_not_equal(holder(&who, t->path, "two", "/r"), "free");
	plat_dir_close(d);
	str_free(&who);
}

/* A disk too full for the text is no reason not to lock. Where the old text
   cannot be taken away nothing is written over it. */
static void
test_lock__cannot_sign(void **state)
{
	static const char old[] = "of a dead run, and longer than ours is";
	struct tempdir *t = *state;
	put_dir(t->dir, "one");
	struct plat_dir *d = sub(t->dir, "one");
	for (unsigned n = 0; n < 2; n++) {
		struct lock *l, *other;
		struct err e;
		put_file(d, "lock", old);
		fault_one(n);
		assert_done(take(&l, t->path, "one", "/r", &e), &e);
		assert_true(fault_over());
		if (n == 0)
			assert_holds(d, "lock", old);
		assert_failed(
		    take(&other, t->path, "one", "/r", &e), &e, ERR_LOCKED);
		lock_release(l);
	}
	plat_dir_close(d);
}

/* Whoever only looks has the lock for an instant. */
static void
test_lock__waits_for_lookers(void **state)
{
	struct tempdir *t = *state;
	struct lock *l;
	struct err e;
	fault_busy(9);
	assert_done(take(&l, t->path, "one", "/r", &e), &e);
	lock_release(l);
	fault_busy(10);
	assert_failed(take(&l, t->path, "one", "/r", &e), &e, ERR_LOCKED);
	assert_done(take(&l, t->path, "one", "/r", &e), &e);
	lock_release(l);
}

/* ---- many at once -------------------------------------------------------- */

enum { RUNS = 50 };

/* Take the lock, as often as it takes; be alone in it; give it back. */
static int
play_run(char **args)
{
	struct plat_dir *top;
	struct plat_file f;
	struct lock *l;
	struct err e;
	if (plat_dir_open(&top, args[0], &e) < 0)
		return 1;
	while (take(&l, args[0], "one", "/r", &e) < 0) {
		if (e.code != ERR_LOCKED)
			return 2;
	}
	if (plat_create(&f, top, "inside", &e) < 0)
		return 3;
	plat_sleep(2);
	if (plat_close(&f, &e) < 0 || plat_unlink(top, "inside", &e) != 0)
		return 4;
	lock_release(l);
	plat_dir_close(top);
	return 0;
}

static void
test_lock__fifty_runs(void **state)
{
	struct tempdir *t = *state;
	struct plat_child *runs[RUNS];
	struct str who = STR_INIT;
	for (int i = 0; i < RUNS; i++)
		runs[i] = role_start("run", t->path, NULL);
	/* Looking keeps nobody out. */
	for (int i = 0; i < 200; i++)
		holder(&who, t->path, "one", "/r");
	for (int i = 0; i < RUNS; i++)
		assert_int_equal(role_finish(runs[i]), 0);
	assert_string_equal(holder(&who, t->path, "one", "/r"), "free");
	str_free(&who);
}

/* Hold it until killed. */
static int
play_hold(char **args)
{
	struct plat_dir *top;
	struct lock *l;
	struct err e;
	if (plat_dir_open(&top, args[0], &e) < 0 ||
	    take(&l, args[0], "one", "/r", &e) < 0)
		return 1;
	put_dir(top, "held");
	plat_sleep(60000);
	return 0;
}

static void
test_lock__dead_holder(void **state)
{
	struct tempdir *t = *state;
	struct str who = STR_INIT;
	struct lock *l;
	struct err e;
	struct plat_child *c = role_start("hold", t->path, NULL);
	await(t->dir, "held");
	assert_failed(take(&l, t->path, "two", "/r", &e), &e, ERR_LOCKED);
	assert_begins(holder(&who, t->path, "one", "/s"), "pid ");
	plat_child_end(c);
	assert_string_equal(holder(&who, t->path, "one", "/r"), "free");
	assert_done(take(&l, t->path, "one", "/r", &e), &e);
	lock_release(l);
	str_free(&who);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(int argc, char **argv)
{
	static const struct role roles[] = {
	    {"run", play_run},
	    {"hold", play_hold},
	};
	plat_env_init(&argc, &argv);
	role_play(argc, argv, roles, COUNT_OF(roles));
	const struct CMUnitTest tests[] = {
	    TEST(test_lock__excludes),
	    TEST(test_lock__files),
	    TEST(test_lock__stale),
	    TEST(test_lock__silent_holder),
	    TEST(test_lock__looks_without_a_trace),
	    TEST(test_lock__nowhere),
	    TEST(test_lock__cannot_sign),
	    TEST(test_lock__waits_for_lookers),
	    TEST(test_lock__fifty_runs),
	    TEST(test_lock__dead_holder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
