#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "cli/cli.h"
#include "cli/exitcode.h"
#include "support/screen.h"

static void
begin(struct cli_context *c)
{
	memset(c, 0, sizeof(*c));
	c->message = STR_INIT;
	screen_clear();
	out_init(&c->out, PLAT_STDOUT, 0);
	out_init(&c->err, PLAT_STDERR, 0);
}

static void
leave(struct cli_context *c)
{
	out_free(&c->out);
	out_free(&c->err);
	str_free(&c->message);
	screen_clear();
}

static void
flush(struct cli_context *c)
{
	struct err e;
	assert_int_equal(out_flush(&c->out, &e), 0);
	assert_int_equal(out_flush(&c->err, &e), 0);
}

/* ---- tests ----------------------------------------------------------------
 */

static void
test_cli_say__every_failure_has_a_remedy(void **state)
{
	UNUSED(state);
	for (int code = ERR_USAGE; code <= ERR_UNSUPPORTED; code++) {
		struct cli_context c;
		struct err e;
		begin(&c);
		err_set(&e, (enum err_code)code, "why");
		assert_int_equal(
		    cli_fail(&c, &e, NULL), exitcode_of((enum err_code)code));
		flush(&c);
		const char *start = "err<coldsync: why\nhint: ";
		assert_int_equal(
		    strncmp(screen.pieces.p, start, strlen(start)), 0);
		const char *hint = screen.pieces.p + strlen(start);
		assert_true(strcspn(hint, "\n") > 10);
		assert_string_equal(strchr(hint, '\n'), "\n>");
		assert_string_equal(c.message.p, "why");
		leave(&c);
	}
}

static void
test_cli_say__what_helps_differs(void **state)
{
	static const struct {
		enum err_code code;
		const char *part;
	} cases[] = {
	    {ERR_USAGE, "'coldsync help'"},
	    {ERR_CONFIG, "'coldsync validate'"},
	    {ERR_RUNNING, "close the application"},
	    {ERR_LOCKED, "other run"},
	    {ERR_CANCELLED, "same command again"},
	    {ERR_ACCESS, "who may write there"},
	    {ERR_BUSY, "close the program"},
	    {ERR_NOSPACE, "make room"},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct cli_context c;
		struct err e;
		begin(&c);
		err_set(&e, cases[i].code, "why");
		(void)cli_fail(&c, &e, NULL);
		flush(&c);
		assert_non_null(strstr(screen.pieces.p, cases[i].part));
		leave(&c);
	}
}

static void
test_cli_say__a_remedy_of_the_callers(void **state)
{
	UNUSED(state);
	struct cli_context c;
	struct err e;
	begin(&c);
	err_set(&e, ERR_REFUSED, "no room for '%s'", "\033[2J");
	err_wrap(&e, "apply");
	assert_int_equal(cli_fail(&c, &e, "see %s\007", "there"), 5);
	flush(&c);
	assert_string_equal(screen.pieces.p,
	    "err<coldsync: apply: no room for '\\e[2J'\n"
	    "hint: see there\\x07\n>");
	/* JSON escapes in its own way. */
	assert_string_equal(c.message.p, "apply: no room for '\033[2J'");
	leave(&c);
}

static void
test_cli_say__in_the_order_it_happened(void **state)
{
	UNUSED(state);
	struct cli_context c;
	begin(&c);
	out_line(&c.out, "first");
	cli_warn(&c, "then %d", 2);
	cli_done(&c, "at last '%s'", "a\tb");
	flush(&c);
	assert_string_equal(screen.pieces.p,
	    "out<first\n>out<at last 'a\\tb'\n>err<warning: then 2\n>");
	leave(&c);
}

static void
test_cli_say__quiet(void **state)
{
	UNUSED(state);
	struct cli_context c;
	begin(&c);
	c.globals.quiet = true;
	cli_done(&c, "done");
	cli_done(&c, "done again");
	flush(&c);
	assert_string_equal(screen.pieces.p, "");
	assert_string_equal(c.message.p, "done again");
	leave(&c);
}

/* A name cannot begin a line of its own, nor another message. */
static void
test_cli_say__one_line_each(void **state)
{
	UNUSED(state);
	struct cli_context c;
	begin(&c);
	cli_why(&c, "a\ncoldsync: b", "take %s", "c\nhint: d");
	flush(&c);
	assert_string_equal(screen.pieces.p,
	    "err<coldsync: a\\ncoldsync: b\nhint: take c\\nhint: d\n>");
	assert_string_equal(c.message.p, "a\ncoldsync: b");
	leave(&c);
}

/* Among many profiles each says which one it is about. */
static void
test_cli_say__of_one_among_all(void **state)
{
	UNUSED(state);
	struct cli_context c;
	struct err e;
	begin(&c);
	c.globals.all = true;
	err_set(&e, ERR_IO, "why");
	(void)cli_fail(&c, &e, "what");
	c.globals.profile = "docs";
	(void)cli_fail(&c, &e, "what");
	flush(&c);
	assert_string_equal(screen.pieces.p,
	    "err<coldsync: why\nhint: what\ncoldsync: docs: why\nhint: "
	    "what\n>");
	assert_string_equal(c.message.p, "why");
	leave(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cli_say__every_failure_has_a_remedy),
	    cmocka_unit_test(test_cli_say__what_helps_differs),
	    cmocka_unit_test(test_cli_say__a_remedy_of_the_callers),
	    cmocka_unit_test(test_cli_say__one_line_each),
	    cmocka_unit_test(test_cli_say__of_one_among_all),
	    cmocka_unit_test(test_cli_say__in_the_order_it_happened),
	    cmocka_unit_test(test_cli_say__quiet),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
