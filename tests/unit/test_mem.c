#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"

/* The program itself, which test_mem__exhausted starts again. */
static const char *self;

static void
test_mem__sizes(void **state)
{
	(void)state;
	char *none = mem_alloc(0);
	assert_non_null(none);
	free(none);
	none = mem_zero(0, 8);
	assert_non_null(none);
	none = mem_resize(none, 0, 8);
	assert_non_null(none);
	free(none);
	char *zero = mem_zero(10, 3);
	for (size_t i = 0; i < 30; i++)
		assert_int_equal(zero[i], 0);
	memset(zero, 'x', 30);
	zero = mem_resize(zero, 100, 3);
	assert_int_equal(zero[29], 'x');
	free(zero);
}

static void
test_mem__grow(void **state)
{
	(void)state;
	int *v = NULL;
	size_t cap = 0;
	unsigned moves = 0;
	for (size_t n = 0; n < 100000; n++) {
		size_t before = cap;
		v = mem_grow(v, &cap, n + 1, sizeof(*v));
		assert_true(cap > n);
		if (cap != before) {
			assert_true(cap >= before + before / 2);
			moves++;
		}
		v[n] = (int)n;
	}
	for (size_t n = 0; n < 100000; n++)
		assert_int_equal(v[n], n);
	/* Appending stays linear: log 1.5 of 100000 is 29. */
	assert_true(moves < 30);
	/* A jump far ahead is taken in one step. */
	v = mem_grow(v, &cap, 1000000, sizeof(*v));
	assert_int_equal(cap, 1000000);
	/* What fits moves nothing. */
	v = mem_grow(v, &cap, 1000000, sizeof(*v));
	assert_int_equal(cap, 1000000);
	free(v);
}

static void
test_mem__copies(void **state)
{
	(void)state;
	char *p = mem_copy("a\0b", 3);
	assert_memory_equal(p, "a\0b", 4);
	free(p);
	p = mem_copy(NULL, 0);
	assert_string_equal(p, "");
	free(p);
	p = mem_string("text");
	assert_string_equal(p, "text");
	free(p);
}

/* Ends the process in the way *how* says; comes back only when it fails to. */
static void
exhaust(const char *how)
{
	volatile size_t most = SIZE_MAX;
	volatile size_t half = SIZE_MAX / 2;
	size_t cap = 0;
	struct str s = STR_INIT;
	if (strcmp(how, "alloc") == 0)
		free(mem_alloc(half));
	else if (strcmp(how, "zero") == 0)
		free(mem_zero(most, 2));
	else if (strcmp(how, "resize") == 0)
		free(mem_resize(NULL, most, 2));
	else if (strcmp(how, "grow") == 0)
		free(mem_grow(NULL, &cap, half, 4));
	else if (strcmp(how, "copy") == 0)
		free(mem_copy("", most));
	else if (strcmp(how, "reserve") == 0)
		str_reserve(&s, most);
}

static void
test_mem__exhausted(void **state)
{
	(void)state;
	static const char *const ways[] = {
	    "alloc", "zero", "resize", "grow", "copy", "reserve"};
	static const char log[] = "test_mem.stderr";
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct str command = STR_INIT;
		str_addf(&command, "\"%s\" %s 2>%s", self, ways[i], log);
		assert_int_not_equal(system(command.p), 0);
		str_free(&command);
		char line[256] = "";
		FILE *f = fopen(log, "r");
		assert_non_null(f);
		bool said = false;
		while (fgets(line, sizeof(line), f) != NULL)
			said = said ||
			    strcmp(line, "coldsync: out of memory\n") == 0;
		fclose(f);
		remove(log);
		if (!said)
			fail_msg("%s did not say why it ended", ways[i]);
	}
}

int
main(int argc, char **argv)
{
	if (argc > 1) {
		exhaust(argv[1]);
		return 0;
	}
	self = argv[0];
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_mem__sizes),
	    cmocka_unit_test(test_mem__grow),
	    cmocka_unit_test(test_mem__copies),
	    cmocka_unit_test(test_mem__exhausted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
