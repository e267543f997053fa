#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "engine/profile/pause.h"
#include "platform/plat_fs.h"
#include "scratch.h"

/* ---- in the place of system calls: what may go wrong at the worst moment - */

#undef plat_move
#undef plat_write
int plat_write(struct plat_file f, const void *buf, size_t n, struct err *e);
int plat_move(struct plat_dir *from_dir, const char *from,
    struct plat_dir *to_dir, const char *to, struct err *e);
int test_write(struct plat_file f, const void *buf, size_t n, struct err *e);
int test_move(struct plat_dir *from_dir, const char *from,
    struct plat_dir *to_dir, const char *to, struct err *e);

static bool disk_full;
static bool cannot_move;   /* as a file system without the promise */
static bool somebody_else; /* pauses just before our file gets its name */

int
test_write(struct plat_file f, const void *buf, size_t n, struct err *e)
{
	if (disk_full)
		return err_set(e, ERR_NOSPACE, "the disk is full");
	return plat_write(f, buf, n, e);
}

int
test_move(struct plat_dir *from_dir, const char *from, struct plat_dir *to_dir,
    const char *to, struct err *e)
{
	if (somebody_else) {
		struct plat_file f;
		assert_int_equal(plat_create(&f, to_dir, to, e), 0);
		assert_int_equal(plat_close(&f, e), 0);
	}
	if (cannot_move)
		return 1;
	return plat_move(from_dir, from, to_dir, to, e);
}

/* ---- the scene ------------------------------------------------------------
 */

struct scene {
	struct scratch top;
	struct str state_dir;
	struct config config;
	struct err e;
};

static void
begin(struct scene *s, const char *state_name)
{
	memset(s, 0, sizeof(*s));
	disk_full = cannot_move = somebody_else = false;
	scratch_open(&s->top);
	s->state_dir = STR_INIT;
	str_addf(&s->state_dir, "%s/%s", s->top.path, state_name);
	s->config.paths.state_dir = s->state_dir.p;
	static char machine[] = "box";
	s->config.identity.machine_id = machine;
}

static void
leave(struct scene *s)
{
	str_free(&s->state_dir);
	scratch_close(&s->top);
}

static void
make_state(struct scene *s)
{
	assert_int_equal(plat_dir_make(s->state_dir.p, 0700, &s->e), 0);
}

/* The state directory as a place to write to and look at. */
static struct scratch
open_state(struct scene *s)
{
	struct scratch state = {s->state_dir.p, NULL};
	assert_int_equal(plat_dir_open(&state.dir, state.path, &s->e), 0);
	return state;
}

static void
put(struct scene *s, const char *name, const char *text)
{
	struct scratch state = open_state(s);
	scratch_put(&state, name, text);
	plat_dir_close(state.dir);
}

static void
put_directory(struct scene *s, const char *name)
{
	struct scratch state = open_state(s);
	assert_int_equal(plat_mkdir(state.dir, name, 0700, &s->e), 0);
	plat_dir_close(state.dir);
}

/* These names lie in the state directory; "paused" says this. */
static void
look(struct scene *s, const char *names, struct str *since)
{
	struct scratch state = open_state(s);
	struct str found = STR_INIT;
	scratch_join(&found, &state);
	assert_string_equal(found.p, names);
	str_free(&found);
	plat_dir_close(state.dir);
	if (since != NULL)
		assert_int_equal(pause_is(since, &s->config, &s->e), 1);
}

/* ---- tests ----------------------------------------------------------------
 */

static void
test_pause__there_and_back(void **state)
{
	UNUSED(state);
	struct scene s;
	begin(&s, "deep/state");
	assert_int_equal(pause_is(NULL, &s.config, &s.e), 0);
	assert_int_equal(pause_clear(&s.config, &s.e), 1);
	assert_false(scratch_has(&s.top, "deep"));

	assert_int_equal(pause_set(&s.config, &s.e), 0);
	assert_int_equal(pause_is(NULL, &s.config, &s.e), 1);
	struct str since = STR_INIT;
	look(&s, "paused", &since);
	assert_true(str_ends(&since, " on box"));
	assert_int_equal(since.p[10], 'T');

	struct str again = STR_INIT;
	assert_int_equal(pause_set(&s.config, &s.e), 1);
	look(&s, "paused", &again);
	assert_string_equal(again.p, since.p);

	assert_int_equal(pause_clear(&s.config, &s.e), 0);
	look(&s, "", NULL);
	assert_int_equal(pause_clear(&s.config, &s.e), 1);
	assert_int_equal(pause_is(NULL, &s.config, &s.e), 0);
	str_free(&since);
	str_free(&again);
	leave(&s);
}

static void
test_pause__ends_well_whatever_happens(void **state)
{
	static const struct {
		bool disk_full, cannot_move, somebody_else, leftover;
		int want;
		const char *names;
	} cases[] = {
	    {true, false, false, false, -1, ""},
	    {true, false, false, true, -1, ""},
	    {false, true, false, false, 0, "paused"},
	    {false, false, true, false, 1, "paused"},
	    {false, false, false, true, 0, "paused"},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct scene s;
		begin(&s, "state");
		make_state(&s);
		if (cases[i].leftover)
			put(&s, "paused.new", "half");
		disk_full = cases[i].disk_full;
		cannot_move = cases[i].cannot_move;
		somebody_else = cases[i].somebody_else;
		assert_int_equal(pause_set(&s.config, &s.e), cases[i].want);
		look(&s, cases[i].names, NULL);
		leave(&s);
	}
}

/* It is the name that counts, not what stands under it. */
static void
test_pause__any_content_pauses(void **state)
{
	static const struct {
		const char *content, *since;
	} cases[] = {
	    {"", ""},
	    {"\n", ""},
	    {"for the holidays", "for the holidays"},
	    {"one\ntwo\n", "one"},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct scene s;
		struct str since = STR_INIT;
		begin(&s, "state");
		make_state(&s);
		put(&s, "paused", cases[i].content);
		look(&s, "paused", &since);
		assert_string_equal(since.p, cases[i].since);
		str_free(&since);
		leave(&s);
	}
}

static void
test_pause__much_content_is_cut(void **state)
{
	UNUSED(state);
	struct scene s;
	struct str much = STR_INIT;
	struct str since = STR_INIT;
	for (int i = 0; i < 10000; i++)
		str_add(&much, "zzz");
	begin(&s, "state");
	make_state(&s);
	put(&s, "paused", much.p);
	look(&s, "paused", &since);
	assert_int_equal(since.len, 512);
	str_free(&much);
	str_free(&since);
	leave(&s);
}

static void
test_pause__a_directory_of_that_name(void **state)
{
	UNUSED(state);
	struct scene s;
	struct str since = STR_INIT;
	begin(&s, "state");
	make_state(&s);
	put_directory(&s, "paused");
	look(&s, "paused", &since);
	assert_int_equal(since.len, 0);
	assert_int_equal(pause_set(&s.config, &s.e), 1);
	assert_int_equal(pause_clear(&s.config, &s.e), -1);
	look(&s, "paused", NULL);
	str_free(&since);
	leave(&s);
}

/* Whoever cannot tell must not sync: this is an error, not a "no". */
static void
test_pause__no_state_directory_to_be_had(void **state)
{
	UNUSED(state);
	struct scene s;
	begin(&s, "state");
	scratch_put(&s.top, "state", "a file where a directory should be");
	assert_int_equal(pause_set(&s.config, &s.e), -1);
	assert_int_equal(pause_is(NULL, &s.config, &s.e), -1);
	assert_int_equal(pause_clear(&s.config, &s.e), -1);
	leave(&s);
}

static void
test_pause__a_place_taken_by_a_directory(void **state)
{
	UNUSED(state);
	struct scene s;
	begin(&s, "state");
	make_state(&s);
	put_directory(&s, "paused.new");
	assert_int_equal(pause_set(&s.config, &s.e), -1);
	assert_int_equal(pause_is(NULL, &s.config, &s.e), 0);
	leave(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pause__there_and_back),
	    cmocka_unit_test(test_pause__ends_well_whatever_happens),
	    cmocka_unit_test(test_pause__any_content_pauses),
	    cmocka_unit_test(test_pause__much_content_is_cut),
	    cmocka_unit_test(test_pause__a_directory_of_that_name),
	    cmocka_unit_test(test_pause__no_state_directory_to_be_had),
	    cmocka_unit_test(test_pause__a_place_taken_by_a_directory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
