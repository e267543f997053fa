#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/compiler.h"
#include "base/glob.h"
#include "base/path.h"
#include "base/str.h"

/*
 * Every pattern gets a directory of its own with an ignore file of that one
 * line; git is then asked, in one run, about every path in every directory.
 */
#define FOLDER "test_glob_git.tmp"
#define GIT                                                                    \
	"git --git-dir=.git --work-tree=. -c core.excludesFile= "              \
	"-c core.ignoreCase=false "

static const char *const patterns[] = {"a", "b", "/a", "a/", "/a/", "a/b",
    "a/b/", "*", "/*", "*/", "*.x", "/*.x", "a/*", "a/*/c", "a/*.x", "?", "a?c",
    "a*c", "*a*", "**", "/**", "**/", "**/a", "**/a/b", "**/a/", "a/**",
    "a/**/", "a/**/b", "a/**/c", "**/c/**", "**/b/**/c", "a/**/b/**/c",
    "**/**/a", "***/a", "a**c", "**a/b", "a/b**", "a/**b", "[ab]", "[!ab]",
    "[^ab]", "[a-c]", "[c-a]", "[]a]", "[!]a]", "[a-]", "[-a]", "[a-c-e]",
    "[[:alpha:]]", "[[:digit:]x]", "[[:digit:]-z]", "[[:]", "[[:-z]",
    "[[:nope:]]", "[[::]]", "[", "[a", "[\\]]", "[\\a-c]", "a[b/]c", "[/]",
    "\\a", "\\*", "\\#", "\\!", "#a", "!a", "!!a", "a ", "a\\ ", "a\\  ", " a",
    "a\t", "\\", "a\\", "a\\/", "a\\/b", "//a", "a//", "a//b", "/", "//", "./a",
    "a/./b", "a/../b", "..", "...", ".*", "a.c", "\\[a]", "a]b", "a/b/c",
    "*/b/c", "*/*/c", "**/x.x", "A", "a\r"};

static const char *const paths[] = {"a", "b", "c", "d", "x.x", "a/b", "a/c",
    "b/a", "a/x.x", "a/b/c", "a/b/x.x", "a/c/b", "b/a/b", "b/c/a", "a/b/b/c",
    "a/x/b/y/c", "b/c/b/a/c", "x/c/y", "abc", "a.c", "ac", "axxc", "xa/b",
    "y/xa/b", "a b", "a ", "a  ", " a", "#", "#a", "!", "!a", "*", "\\", "[",
    "]", "[a]", "a]b", "-", ":", "z", "5", "...", ".a", "a/.b", "A", "a\t"};

/* Does the pattern take the path, or a directory it lies in? */
static bool
is_ignored(const char *pattern, const char *path)
{
	struct glob g;
	const char *why;
	if (glob_parse(&g, pattern, strlen(pattern), &why) != 0)
		return false;
	size_t n = strlen(path);
	bool ignored = false;
	bool is_dir = false;
	while (n > 0 && !g.negated && !ignored) {
		ignored = glob_match(&g, path, n, is_dir);
		n = path_parent(path, n);
		is_dir = true;
	}
	glob_free(&g);
	return ignored;
}

static void
run(const char *command)
{
	if (system(command) != 0)
		fail_msg("%s", command);
}

static bool
have_git(void)
{
	static const char said[] = "test_glob_git.version";
	char command[64];
	snprintf(command, sizeof(command), "git --version >%s 2>&1", said);
	int rc = system(command);
	remove(said);
	return rc == 0;
}

static void
remove_folder(void)
{
	run("\"" CMAKE "\" -E rm -rf " FOLDER);
}

static void
write_file(const char *name, const void *bytes, size_t n)
{
	FILE *f = fopen(name, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void
make_folder(void)
{
	struct str s = STR_INIT;
	str_add(&s, "\"" CMAKE "\" -E make_directory");
	for (size_t i = 0; i < COUNT_OF(patterns); i++)
		str_addf(&s, " " FOLDER "/%zu", i);
	run(s.p);
	for (size_t i = 0; i < COUNT_OF(patterns); i++) {
		char name[64];
		snprintf(name, sizeof(name), FOLDER "/%zu/.gitignore", i);
		str_clear(&s);
		str_addf(&s, "%s\n", patterns[i]);
		write_file(name, s.p, s.len);
	}
	str_clear(&s);
	for (size_t i = 0; i < COUNT_OF(patterns); i++) {
		for (size_t k = 0; k < COUNT_OF(paths); k++) {
			str_addf(&s, "%zu/%s", i, paths[k]);
			str_addc(&s, '\0');
		}
	}
	write_file(FOLDER "/asked", s.p, s.len);
	str_free(&s);
}

static void
read_file(struct str *out, const char *name)
{
	FILE *f = fopen(name, "rb");
	assert_non_null(f);
	char buf[4096];
	size_t n;
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		str_addn(out, buf, n);
	fclose(f);
}

/* git answers with the ignored ones among the paths, in order. */
static unsigned
compare(const struct str *answer)
{
	unsigned wrong = 0;
	size_t at = 0;
	struct str asked = STR_INIT;
	for (size_t i = 0; i < COUNT_OF(patterns); i++) {
		for (size_t k = 0; k < COUNT_OF(paths); k++) {
			str_clear(&asked);
			str_addf(&asked, "%zu/%s", i, paths[k]);
			bool want = at < answer->len &&
			    strcmp(answer->p + at, asked.p) == 0;
			if (want)
				at += asked.len + 1;
			if (is_ignored(patterns[i], paths[k]) == want)
				continue;
			print_error("'%s' and '%s': git says %s\n", patterns[i],
			    paths[k], want ? "yes" : "no");
			wrong++;
		}
	}
	assert_int_equal(at, answer->len);
	str_free(&asked);
	return wrong;
}

static void
test_glob_git__agrees(void **state)
{
	(void)state;
	if (!have_git())
		skip();
	remove_folder();
	make_folder();
	run("git -c init.defaultBranch=main init -q " FOLDER);
	int rc = system("cd " FOLDER " && " GIT
			"check-ignore --no-index -z --stdin <asked >answer");
	assert_int_equal(rc, 0);
	struct str answer = STR_INIT;
	read_file(&answer, FOLDER "/answer");
	assert_int_equal(compare(&answer), 0);
	str_free(&answer);
	remove_folder();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_glob_git__agrees),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
