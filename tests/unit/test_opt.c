#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "cli/opt.h"

struct values {
	bool json, quick;
	int verbose;
	const char *file;
	struct strlist sets;
	struct opt_number threads;
	int color;
};

static const char *const colors[] = {"auto", "always", "never", NULL};

static const struct opt first[] = {
    {.name = "json",
	.kind = OPT_FLAG,
	.at = offsetof(struct values, json),
	.help = "in JSON"},
    {.name = "verbose",
	.letter = 'v',
	.kind = OPT_COUNT,
	.at = offsetof(struct values, verbose),
	.help = "say more"},
    {.name = "file",
	.letter = 'f',
	.kind = OPT_TEXT,
	.at = offsetof(struct values, file),
	.arg = "FILE",
	.help = "read FILE"},
    {.name = NULL},
};

static const struct opt second[] = {
    {.name = "quick",
	.letter = 'q',
	.kind = OPT_FLAG,
	.at = offsetof(struct values, quick),
	.help = "in a hurry"},
    {.name = "set",
	.letter = 's',
	.kind = OPT_LIST,
	.at = offsetof(struct values, sets),
	.arg = "X",
	.help = "set X"},
    {.name = "threads",
	.letter = 't',
	.kind = OPT_NUMBER,
	.at = offsetof(struct values, threads),
	.arg = "N",
	.min = 1,
	.max = 256,
	.help = "by N"},
    {.name = "color",
	.kind = OPT_CHOICE,
	.at = offsetof(struct values, color),
	.arg = "auto|always|never",
	.choices = colors,
	.help = "colours"},
    /* Hidden behind the first table's. */
    {.name = "json",
	.letter = 'v',
	.kind = OPT_FLAG,
	.at = offsetof(struct values, quick),
	.help = "never reached"},
    {.name = NULL},
};

enum { MAX_ARGS = 8 };

struct parsed {
	struct values values;
	struct opt_args args;
	struct err e;
	int rc;
	char message[ERR_TEXT_SIZE];
};

static void
parse(struct parsed *p, const char *const *argv, enum opt_stop stop)
{
	char *copy[MAX_ARGS + 1] = {NULL};
	int argc = 0;
	memset(p, 0, sizeof(*p));
	for (; argv[argc] != NULL; argc++)
		copy[argc] = (char *)(uintptr_t)argv[argc];
	const struct opt_set sets[] = {
	    {first, &p->values}, {second, &p->values}, {NULL, NULL}};
	p->rc = opt_parse(&p->args, argc, copy, sets, stop, &p->e);
	if (p->rc != 0)
		err_text(&p->e, p->message, sizeof(p->message));
}

static void
release(struct parsed *p)
{
	opt_values_free(first, &p->values);
	opt_values_free(second, &p->values);
	opt_args_free(&p->args);
}

static void
describe(struct str *out, const struct parsed *p)
{
	const struct values *v = &p->values;
	str_addf(out, "%s%s", v->json ? "json " : "", v->quick ? "quick " : "");
	if (v->verbose > 0)
		str_addf(out, "v%d ", v->verbose);
	if (v->file != NULL)
		str_addf(out, "file[%s] ", v->file);
	for (size_t i = 0; i < v->sets.n; i++)
		str_addf(out, "set[%s] ", v->sets.v[i]);
	if (v->threads.given)
		str_addf(out, "t%d ", (int)v->threads.value);
	if (v->color != 0)
		str_addf(out, "color%d ", v->color);
	for (int i = 0; i < p->args.n; i++)
		str_addf(out, "%s%s ", i == p->args.dashes ? "-- " : "",
		    p->args.v[i]);
}

static void
test_opt__what_is_understood(void **state)
{
	static const struct {
		const char *argv[MAX_ARGS + 1];
		enum opt_stop stop;
		const char *want;
	} cases[] = {
	    {{NULL}, OPT_ANYWHERE, ""},
	    {{"a", "b"}, OPT_ANYWHERE, "a b "},
	    {{"--json", "a"}, OPT_ANYWHERE, "json a "},
	    {{"a", "--json"}, OPT_ANYWHERE, "json a "},
	    {{"--json", "--json"}, OPT_ANYWHERE, "json "},
	    {{"--file", "x"}, OPT_ANYWHERE, "file[x] "},
	    {{"--file=x"}, OPT_ANYWHERE, "file[x] "},
	    {{"--file=x=y"}, OPT_ANYWHERE, "file[x=y] "},
	    {{"--file="}, OPT_ANYWHERE, "file[] "},
	    {{"--file", ""}, OPT_ANYWHERE, "file[] "},
	    {{"-fx"}, OPT_ANYWHERE, "file[x] "},
	    {{"-f", "x"}, OPT_ANYWHERE, "file[x] "},
	    {{"-f", "-"}, OPT_ANYWHERE, "file[-] "},
	    {{"-f", "-zzz"}, OPT_ANYWHERE, "file[-zzz] "},
	    {{"--file=--json"}, OPT_ANYWHERE, "file[--json] "},
	    {{"-f--json"}, OPT_ANYWHERE, "file[--json] "},
	    {{"-vqv"}, OPT_ANYWHERE, "quick v2 "},
	    {{"-vfx"}, OPT_ANYWHERE, "v1 file[x] "},
	    {{"-vf", "x", "-q"}, OPT_ANYWHERE, "quick v1 file[x] "},
	    {{"-v", "--verbose"}, OPT_ANYWHERE, "v2 "},
	    {{"-s", "a=1", "--set=b"}, OPT_ANYWHERE, "set[a=1] set[b] "},
	    {{"-t", "1"}, OPT_ANYWHERE, "t1 "},
	    {{"--threads=256"}, OPT_ANYWHERE, "t256 "},
	    {{"--color", "auto"}, OPT_ANYWHERE, "color1 "},
	    {{"--color=never"}, OPT_ANYWHERE, "color3 "},
	    {{"-"}, OPT_ANYWHERE, "- "},
	    {{""}, OPT_ANYWHERE, " "},
	    {{"--", "--json", "-v"}, OPT_ANYWHERE, "-- --json -v "},
	    {{"a", "--", "b", "--"}, OPT_ANYWHERE, "a -- b -- "},
	    {{"--"}, OPT_ANYWHERE, ""},
	    {{"--json", "a", "-v"}, OPT_AT_FIRST, "json a -v "},
	    {{"-f", "x", "a", "--", "b"}, OPT_AT_FIRST, "file[x] a -- b "},
	    {{"--", "a"}, OPT_AT_FIRST, "-- a "},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct parsed p;
		struct str got = STR_INIT;
		parse(&p, cases[i].argv, cases[i].stop);
		describe(&got, &p);
		assert_int_equal(p.rc, 0);
		assert_string_equal(got.p, cases[i].want);
		assert_null(p.args.v[p.args.n]);
		assert_null(p.args.nearest);
		str_free(&got);
		release(&p);
	}
}

static void
test_opt__mistakes(void **state)
{
	static const struct {
		const char *argv[MAX_ARGS + 1];
		const char *message;
		const char *nearest;
	} cases[] = {
	    {{"--jsno"}, "unknown option '--jsno'", "json"},
	    {{"--jsno=1"}, "unknown option '--jsno'", "json"},
	    {{"--thread", "3"}, "unknown option '--thread'", "threads"},
	    {{"--completely-else"}, "unknown option '--completely-else'", NULL},
	    {{"--=x"}, "unknown option '--'", NULL},
	    {{"-x"}, "unknown option '-x'", NULL},
	    {{"-vxq"}, "unknown option '-xq'", NULL},
	    {{"--json=yes"}, "--json takes no value", NULL},
	    {{"--json="}, "--json takes no value", NULL},
	    {{"--file"}, "--file needs a value: FILE", NULL},
	    {{"-f"}, "-f needs a value: FILE", NULL},
	    {{"-f", "--json"}, "-f needs a value: FILE", NULL},
	    {{"-f", "--set=x"}, "-f needs a value: FILE", NULL},
	    {{"-f", "-v"}, "-f needs a value: FILE", NULL},
	    {{"-f", "--"}, "-f needs a value: FILE", NULL},
	    {{"-f", "a", "-f", "a"}, "-f is given twice", NULL},
	    {{"-f", "", "--file=a"}, "--file is given twice", NULL},
	    {{"-t1", "-t1"}, "-t is given twice", NULL},
	    {{"--color=auto", "--color=auto"}, "--color is given twice", NULL},
	    {{"-t", "0"}, "-t: '0' is not a number from 1 to 256", NULL},
	    {{"-t", "-1"}, "-t: '-1' is not a number from 1 to 256", NULL},
	    {{"--threads=257"},
		"--threads: '257' is not a number from 1 to 256", NULL},
	    {{"--threads="}, "--threads: '' is not a number from 1 to 256",
		NULL},
	    {{"-t", "4x"}, "-t: '4x' is not a number from 1 to 256", NULL},
	    {{"--color", "red"}, "--color: 'red' is none of auto|always|never",
		NULL},
	    {{"--color="}, "--color: '' is none of auto|always|never", NULL},
	    /* The first mistake is the one that is told. */
	    {{"-x", "--jsno", "-t0"}, "unknown option '-x'", NULL},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct parsed p;
		parse(&p, cases[i].argv, OPT_ANYWHERE);
		assert_int_equal(p.rc, -1);
		assert_int_equal(p.e.code, ERR_USAGE);
		assert_string_equal(p.message, cases[i].message);
		if (cases[i].nearest != NULL)
			assert_string_equal(p.args.nearest, cases[i].nearest);
		else
			assert_null(p.args.nearest);
		release(&p);
	}
}

static void
test_opt__what_stands_behind_a_mistake_counts(void **state)
{
	static const char *const cases[][MAX_ARGS + 1] = {
	    {"--bogus", "--json", "a"},
	    {"a", "-x", "--json"},
	    {"-f", "--json", "a"},
	    {"-t0", "a", "--json"},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct parsed p;
		parse(&p, cases[i], OPT_ANYWHERE);
		assert_int_equal(p.rc, -1);
		assert_true(p.values.json);
		assert_int_equal(p.args.n, 1);
		release(&p);
	}
}

/* A value that was refused is not taken for given. */
static void
test_opt__refused_values_are_not_kept(void **state)
{
	static const char *const argv[] = {"-t0", "--color=x", NULL};
	UNUSED(state);
	struct parsed p;
	parse(&p, argv, OPT_ANYWHERE);
	assert_false(p.values.threads.given);
	assert_int_equal(p.values.color, 0);
	release(&p);
}

/* The second stretch of a command line goes on where the first ended. */
static void
test_opt__values_of_an_earlier_parse_count(void **state)
{
	static const char *const argv[] = {"--file=b", NULL};
	UNUSED(state);
	struct values values = {.file = "a"};
	const struct opt_set sets[] = {{first, &values}, {NULL, NULL}};
	char *copy[] = {(char *)(uintptr_t)argv[0], NULL};
	struct opt_args args;
	struct err e;
	assert_int_equal(opt_parse(&args, 1, copy, sets, OPT_ANYWHERE, &e), -1);
	assert_string_equal(values.file, "a");
	opt_args_free(&args);
}

static void
test_opt__without_any_option(void **state)
{
	UNUSED(state);
	const struct opt_set sets[] = {{NULL, NULL}};
	char word[] = "--json";
	char *copy[] = {word, NULL};
	struct opt_args args;
	struct err e;
	assert_int_equal(opt_parse(&args, 1, copy, sets, OPT_ANYWHERE, &e), -1);
	assert_null(args.nearest);
	opt_args_free(&args);
}

static void
test_opt__usage(void **state)
{
	static const struct {
		const struct opt *table;
		size_t width;
		const char *want;
	} cases[] = {
	    {first, 80,
		"      --json                in JSON\n"
		"  -v, --verbose             say more\n"
		"  -f, --file FILE           read FILE\n"},
	    {second + 3, 80,
		"      --color auto|always|never\n"
		"                            colours\n"
		"  -v, --json                never reached\n"},
	    {first, 40,
		"      --json\n"
		"        in JSON\n"
		"  -v, --verbose\n"
		"        say more\n"
		"  -f, --file FILE\n"
		"        read FILE\n"},
	};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str out = STR_INIT;
		opt_usage(&out, cases[i].table, cases[i].width);
		assert_string_equal(out.p, cases[i].want);
		str_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_opt__what_is_understood),
	    cmocka_unit_test(test_opt__mistakes),
	    cmocka_unit_test(test_opt__what_stands_behind_a_mistake_counts),
	    cmocka_unit_test(test_opt__refused_values_are_not_kept),
	    cmocka_unit_test(test_opt__values_of_an_earlier_parse_count),
	    cmocka_unit_test(test_opt__without_any_option),
	    cmocka_unit_test(test_opt__usage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
