#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "config/config.h"
#include "config/template.h"

static void
load(struct config *out, const struct template *t, const char *text)
{
	struct config_problems problems = {.lines = STRLIST_INIT};
	struct str file = STR_INIT;
	str_addf(&file, "%s.ini", t->name);
	config_load_text(out, file.p, text, strlen(text), &problems);
	for (size_t i = 0; i < problems.lines.n; i++)
		print_error("%s\n", problems.lines.v[i]);
	assert_int_equal(problems.lines.n, 0);
	strlist_free(&problems.lines);
	str_free(&file);
}

/* Every one of them is a config without a mistake, has a title, something to
   leave out, something that never leaves, and a comment above every key. */
static void
test_all(void **state)
{
	UNUSED(state);
	const char *name;
	size_t n = 0;
	for (size_t i = 0; (name = template_name(i)) != NULL; i++, n++) {
		struct template t;
		struct config c;
		assert_true(template_load(&t, name));
		assert_true(t.title.len > 0);
		assert_null(strstr(t.text.p, "#:"));
		load(&c, &t, t.text.p);
		assert_true(c.filters.exclude_globs.n > 0);
		assert_true(c.filters.secret_globs.n > 0);
		bool any = strcmp(name, "generic") == 0;
		assert_int_equal(t.nplaces == 0, any);
		bool unknown = any || strcmp(name, "game-saves") == 0;
		assert_int_equal(c.process.process_names.n == 0, unknown);
		config_free(&c);
		template_free(&t);
	}
	assert_int_equal(n, 10);
}

static void
test_codex_keeps_its_secrets(void **state)
{
	static const char *const secrets[] = {"auth.json", "credentials.json",
	    "token.json", "cap_sid", ".sandbox-secrets/"};
	struct template t;
	struct config c;
	UNUSED(state);
	assert_true(template_load(&t, "codex"));
	load(&c, &t, t.text.p);
	for (size_t i = 0; i < COUNT_OF(secrets); i++)
		assert_true(strlist_has(&c.filters.secret_globs, secrets[i]));
	assert_true(strlist_has(&c.filters.exclude_globs, "/skills/.system/"));
	assert_true(t.after.n > 0);
	assert_non_null(strstr(t.after.v[0], "codex login"));
	config_free(&c);
	template_free(&t);
}

static void
test_unknown(void **state)
{
	struct template t;
	UNUSED(state);
	assert_false(template_load(&t, "codx"));
	template_free(&t);
	assert_string_equal(template_nearest("codx"), "codex");
	assert_null(template_nearest("something else"));
}

/* ---- facts ---- */

static void
test_facts(void **state)
{
	static const char text[] = "#: title A thing, or two\n"
				   "#: find linux ~/a b/* needs x.cfg\n"
				   "#: find * ~/c\n"
				   "#: after First.\n"
				   "#: after Then.\n"
				   "# A config.\n"
				   "#: not a fact any more\n";
	struct template t;
	UNUSED(state);
	template_parse(&t, "a", text, sizeof(text) - 1);
	assert_string_equal(t.title.p, "A thing, or two");
	assert_int_equal(t.nplaces, 2);
	assert_string_equal(t.places[0].os, "linux");
	assert_string_equal(t.places[0].pattern, "~/a b/*");
	assert_string_equal(t.places[0].needs, "x.cfg");
	assert_string_equal(t.places[1].os, "*");
	assert_null(t.places[1].needs);
	assert_int_equal(t.after.n, 2);
	assert_string_equal(t.after.v[1], "Then.");
	assert_string_equal(t.text.p, "# A config.\n#: not a fact any more\n");
	template_free(&t);
}

/* ---- filling in ---- */

static void
test_fill(void **state)
{
	static const struct {
		const char *text;
		struct template_values values;
		const char *want;
	} cases[] = {
	    {"[paths]\nlocal_state_dir = ~/x\ncloud_root_dir = ~/y\n",
		{.local = "/a b", .cloud = "~/c"},
		"[paths]\nlocal_state_dir = /a b\ncloud_root_dir = ~/c\n"},
	    /* What is not given stays as it is. */
	    {"[paths]\nlocal_state_dir = ~/x\ncloud_root_dir = ~/y\n",
		{.cloud = "/c"},
		"[paths]\nlocal_state_dir = ~/x\ncloud_root_dir = /c\n"},
	    /* A commented key comes to life, once, in its own section. */
	    {"# label =\n[identity]\n# machine_id = laptop\n# label =\n"
	     "# label =\n[paths]\n# label =\n",
		{.machine_id = "desk", .label = "The desk"},
		"# label =\n[identity]\nmachine_id = desk\n"
		"label = The desk\n# label =\n[paths]\n# label =\n"},
	    /* A line without its end. */
	    {"[identity]\n# label =", {.label = "x"},
		"[identity]\nlabel = x\n"},
	    {"[identity]\n# label is =\nlabels = 1\n", {.label = "x"},
		"[identity]\n# label is =\nlabels = 1\n"},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct template t;
		struct str got = STR_INIT;
		template_parse(&t, "t", cases[i].text, strlen(cases[i].text));
		template_fill(&got, &t, &cases[i].values);
		assert_string_equal(got.p, cases[i].want);
		str_free(&got);
		template_free(&t);
	}
}

/* What is filled in is what the config then says, in every template. */
static void
test_fill_all(void **state)
{
	static const struct template_values values = {.machine_id = "desk-1",
	    .label = "The desk",
	    .local = "l/a b",
	    .cloud = "c/d"};
	UNUSED(state);
	for (size_t i = 0; template_name(i) != NULL; i++) {
		struct template t;
		struct config c;
		struct str text = STR_INIT;
		assert_true(template_load(&t, template_name(i)));
		template_fill(&text, &t, &values);
		load(&c, &t, text.p);
		assert_string_equal(c.identity.machine_id, "desk-1");
		assert_string_equal(c.identity.label, "The desk");
		assert_non_null(strstr(c.paths.local_state_dir, "a b"));
		assert_non_null(strstr(c.paths.cloud_root_dir, "d"));
		config_free(&c);
		str_free(&text);
		template_free(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_all),
	    cmocka_unit_test(test_codex_keeps_its_secrets),
	    cmocka_unit_test(test_unknown),
	    cmocka_unit_test(test_facts),
	    cmocka_unit_test(test_fill),
	    cmocka_unit_test(test_fill_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
