/*
 * The table of keys: that it is whole, and what is said from it.
 */
#include "config/config_keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"

static void
test_config_keys__rows(void **state)
{
	UNUSED(state);
	for (size_t i = 0; i < config_keys_n; i++) {
		const struct config_key *k = &config_keys[i];
		bool worded =
		    k->type == CONFIG_KEY_ENUM || k->type == CONFIG_KEY_WORD;
		assert_ptr_equal(config_key_find(k->section, k->name), k);
		assert_true(config_key_is_section(k->section));
		assert_true(k->meaning != NULL && k->meaning[0] != '\0');
		/* A default is given, computed, or not to be had. */
		assert_int_equal((k->fallback != NULL) +
			(k->otherwise != NULL) + k->required,
		    1);
		assert_int_equal(k->words != NULL, worded);
		assert_int_equal(k->max > k->min, k->type == CONFIG_KEY_INT);
		/* A section's name has no dot: --set splits at the first. */
		assert_null(strchr(k->section, '.'));
		assert_true(strlen(k->name) <= 48);
	}
	assert_null(config_key_find("sync", "level"));
	assert_null(config_key_find("", ""));
	assert_false(config_key_is_section("syn"));
}

/* A variant shares the member of its plain key and comes after it. */
static void
test_config_keys__variants(void **state)
{
	UNUSED(state);
	size_t variants = 0;
	for (size_t i = 0; i < config_keys_n; i++) {
		const struct config_key *k = &config_keys[i];
		const char *dot = strchr(k->name, '.');
		assert_int_equal(dot != NULL, k->system != NULL);
		if (dot == NULL)
			continue;
		variants++;
		assert_string_equal(dot + 1, k->system);
		struct str plain = STR_INIT;
		str_addn(&plain, k->name, (size_t)(dot - k->name));
		const struct config_key *p =
		    config_key_find(k->section, plain.p);
		assert_true(p != NULL && p < k && p->offset == k->offset);
		str_free(&plain);
	}
	assert_int_equal(variants, 6);
}

static void
test_config_keys__nearest(void **state)
{
	UNUSED(state);
	static const struct {
		const char *section, *name, *nearest;
	} cases[] = {
	    {"path", NULL, "paths"},
	    {"proces_detection", NULL, "process_detection"},
	    {"qqqqqqqq", NULL, NULL},
	    {"sync", "dirction", "sync.direction"},
	    {"sync", "zzzzzzzzzz", NULL},
	    {"sync", "keep_last", "backup.keep_last"},
	    {"watch", "wait_second", NULL},
	};
	struct str got = STR_INIT;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		str_clear(&got);
		bool found =
		    config_key_nearest(&got, cases[i].section, cases[i].name);
		assert_int_equal(found, cases[i].nearest != NULL);
		if (found)
			assert_string_equal(got.p, cases[i].nearest);
		else
			assert_int_equal(got.len, 0);
	}
	str_free(&got);
}

static void
test_config_keys__allowed(void **state)
{
	UNUSED(state);
	static const struct {
		const char *section, *name, *allowed;
		bool list;
	} cases[] = {
	    {"identity", "label", "one line of text", false},
	    {"identity", "machine_id",
		"1 to 64 letters, digits, '.', '_' or '-'", false},
	    {"paths", "state_dir", "a path", false},
	    {"sync", "session_root", "a name or path inside the folder", false},
	    {"sync", "symlinks", "one of skip, copy", false},
	    {"sync", "empty_dirs",
		"yes or no (also true, false, on, off, 1, "
		"0)",
		false},
	    {"hooks", "timeout_seconds", "a whole number from 1 to 86400",
		false},
	    {"targets", "include_roots",
		"a list of names or paths inside the folder", true},
	    {"filters", "exclude_globs", "a list of globs; '!' re-includes",
		true},
	    {"filters", "secret_globs", "a list of globs", true},
	    {"cloud", "extra_temp_patterns", "a list of regular expressions",
		true},
	    {"process_detection", "process_names", "a list of program names",
		true},
	};
	struct str got = STR_INIT;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct config_key *k =
		    config_key_find(cases[i].section, cases[i].name);
		str_clear(&got);
		config_key_allowed(&got, k);
		assert_string_equal(got.p, cases[i].allowed);
		assert_int_equal(config_key_is_list(k), cases[i].list);
	}
	str_free(&got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_config_keys__rows),
	    cmocka_unit_test(test_config_keys__variants),
	    cmocka_unit_test(test_config_keys__nearest),
	    cmocka_unit_test(test_config_keys__allowed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
