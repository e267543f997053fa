#include "model/program/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "model/program/interpreter.h"
#include "model/program/protected.h"

enum { ARGS = 9 };

#define NAME64                                                                 \
	"a-name-of-sixty-four-characters-which-no-kernel-table-would-hold"

struct program_case {
	struct program p;
	const char *argv[ARGS]; /* unless argv[0] is NULL */
	enum program_is is;
	enum program_by by;
};

static const char *const names[] = {"codex", "My App.exe", "Café", NAME64,
    "fifteen-letters", "sixteen-letters!", "tool.py", NULL};

#define OURS(how) .is = PROGRAM_OURS, .by = PROGRAM_BY_##how
#define OTHER .is = PROGRAM_OTHER
#define MAYBE(how) .is = PROGRAM_MAYBE, .by = PROGRAM_BY_##how

static const struct program_case by_name[] = {
    {{.name = "codex"}, .argv = {"codex"}, OURS(NAME)},
    {{.name = "CODEX"}, OURS(NAME)},
    {{.name = "Codex.EXE"}, OURS(NAME)},
    {{.name = "my app"}, OURS(NAME)},
    {{.name = "My App.exe"}, OURS(NAME)},
    {{.name = "cafe\xcc\x81"}, OURS(NAME)},
    {{.name = "CAF\xc3\x89"}, OURS(NAME)},
    {{.name = NAME64}, OURS(NAME)},
    {{.name = "fifteen-letters"}, OURS(NAME)},
    {{.name = "sixteen-letters!"}, OURS(NAME)},
    {{.name = "codex2"}, OTHER},
    {{.name = "xcodex"}, OTHER},
    {{.name = "code"}, OTHER},
    {{.name = "codex.bin"}, OTHER},
    {{.name = ".exe"}, OTHER},
    {{.name = ""}, MAYBE(NOTHING)},
    {{.name = "", .hidden = true}, OTHER},
    /* What it was started as, and what it calls itself. */
    {{.name = "codex-1.2"}, .argv = {"/usr/bin/codex", "x"}, OURS(START)},
    {{.name = "wine64-preloader"}, .argv = {"C:\\Apps\\Codex.exe"},
	OURS(START)},
    {{.name = "bash"}, .argv = {"-codex"}, OURS(START)},
    {{.name = "codex-1.2", .title = "codex"}, OURS(TITLE)},
    {{.name = "codex-1.2", .title = "codexd"}, OTHER},
    /* What others were told. */
    {{.name = "vim"}, .argv = {"vim", "codex"}, OTHER},
    {{.name = "less"}, .argv = {"less", "/usr/bin/codex"}, OTHER},
    {{.name = "sudo"}, .argv = {"sudo", "codex"}, OTHER},
    {{.name = "codexvim"}, .argv = {"codexvim", "codex"}, OTHER},
};

static const struct program_case by_script[] = {
    {{.name = "node"}, .argv = {"node", "/opt/codex.js", "x"}, OURS(SCRIPT)},
    {{.name = "node"}, .argv = {"node", "--inspect", "-r", "x", "/a/codex"},
	OURS(SCRIPT)},
    {{.name = "node"}, .argv = {"node", "-r", "codex", "a.js"}, OTHER},
    {{.name = "node"}, .argv = {"node", "a.js", "codex.js"}, OTHER},
    {{.name = "node"}, .argv = {"node", "-e", "codex"}, OTHER},
    {{.name = "node"}, .argv = {"node", "codex.txt"}, OTHER},
    {{.name = "node"}, .argv = {"node", "inspect", "codex"}, OURS(SCRIPT)},
    {{.name = "node"}, .argv = {"node", "--", "codex"}, OURS(SCRIPT)},
    {{.name = "node"}, .argv = {"node"}, OTHER},
    {{.name = "python3.11"}, .argv = {"python3", "/x/Codex.py"}, OURS(SCRIPT)},
    {{.name = "python3.11"}, .argv = {"python3", "tool.py"}, OURS(SCRIPT)},
    {{.name = "python3.11"}, .argv = {"python3", "tool"}, OTHER},
    {{.name = "python3.11"}, .argv = {"python3", "-W", "error", "-u", "codex"},
	OURS(SCRIPT)},
    {{.name = "python3.11"}, .argv = {"python3", "-Wcodex", "x.py"}, OTHER},
    {{.name = "python3.11"}, .argv = {"python3", "codex/"}, OURS(SCRIPT)},
    {{.name = "python3.11"}, .argv = {"python3", "-c", "codex"}, OTHER},
    {{.name = "python3.11"}, .argv = {"python3", "-m", "codex", "x"},
	OURS(MODULE)},
    {{.name = "python3.11"}, .argv = {"python3", "-Bm", "codex.cli"},
	OURS(MODULE)},
    {{.name = "python3.11"}, .argv = {"python3", "-mcodex"}, OURS(MODULE)},
    {{.name = "python3.11"}, .argv = {"python3", "-m", "codexx"}, OTHER},
    {{.name = "python3.11"}, .argv = {"python3", "-m", "x", "codex"}, OTHER},
    {{.name = "python3.11"}, .argv = {"python3", "-m"}, OTHER},
    {{.name = "dash"}, .argv = {"/bin/sh", "/usr/bin/codex"}, OURS(SCRIPT)},
    {{.name = "bash"}, .argv = {"bash", "-eo", "pipefail", "codex"},
	OURS(SCRIPT)},
    {{.name = "bash"}, .argv = {"bash", "+o", "history", "codex.sh"},
	OURS(SCRIPT)},
    {{.name = "bash"}, .argv = {"bash", "-c", "codex"}, OTHER},
    {{.name = "bash"}, .argv = {"bash", "-lc", "codex"}, OTHER},
    {{.name = "busybox"}, .argv = {"busybox", "sh", "codex"}, OURS(SCRIPT)},
    {{.name = "perl"}, .argv = {"perl", "-w", "-I", "lib", "codex.pl"},
	OURS(SCRIPT)},
    {{.name = "perl"}, .argv = {"perl", "-ne", "codex"}, OTHER},
    {{.name = "ruby3.1"}, .argv = {"ruby", "-rjson", "codex.rb"}, OURS(SCRIPT)},
    {{.name = "php8.2"}, .argv = {"php", "-d", "a=b", "-f", "codex.php"},
	OURS(SCRIPT)},
    {{.name = "lua5.4"}, .argv = {"lua", "-e", "x=1", "codex.lua"},
	OURS(SCRIPT)},
    {{.name = "java"}, .argv = {"java", "-Xmx1g", "-jar", "/x/codex.jar"},
	OURS(SCRIPT)},
    {{.name = "java"}, .argv = {"java", "-cp", "codex.jar", "Main"}, OTHER},
    {{.name = "java"}, .argv = {"java", "-m", "codex/x.Main"}, OURS(MODULE)},
    {{.name = "deno"}, .argv = {"deno", "run", "-A", "codex.ts"}, OURS(SCRIPT)},
    {{.name = "deno"}, .argv = {"deno", "eval", "codex"}, OTHER},
    {{.name = "bun"}, .argv = {"bun", "codex.ts"}, OURS(SCRIPT)},
    {{.name = "dotnet"}, .argv = {"dotnet", "exec", "codex.dll"}, OURS(SCRIPT)},
    {{.name = "pwsh"}, .argv = {"pwsh", "-NoProfile", "-FILE", "codex.ps1"},
	OURS(SCRIPT)},
    {{.name = "powershell.exe"}, .argv = {"powershell", "-Command", "codex"},
	OTHER},
    {{.name = "cmd.exe"}, .argv = {"cmd", "/d", "/C", "C:\\x\\codex.cmd"},
	OURS(SCRIPT)},
    {{.name = "wscript.exe"}, .argv = {"wscript", "//B", "codex.vbs"},
	OURS(SCRIPT)},
    {{.name = "ld-linux-x86-64.so.2"},
	.argv = {"/lib64/ld-linux-x86-64.so.2", "--library-path", "x",
	    "/usr/bin/codex"},
	OURS(SCRIPT)},
    /* Its program is not known by that name, but it says what it is. */
    {{.name = "versioned-runtime"}, .argv = {"python3", "codex.py"},
	OURS(SCRIPT)},
};

static const struct program_case in_doubt[] = {
    /* All that the kernel keeps is the first fifteen bytes. */
    {{.name = "a-name-of-sixty", .name_cut = true, .hidden = true},
	MAYBE(BEGINNING)},
    {{.name = "a-name-of-sixty", .name_cut = true},
	.argv = {"/x/a-name-of-sixty-apples"}, OTHER},
    {{.name = "a-name-of-sixty"}, OTHER},
    {{.name = "a-name-of-sixt\xc3", .name_cut = true}, MAYBE(BEGINNING)},
    {{.name = "another-name-of", .name_cut = true, .hidden = true}, OTHER},
    {{.name = "dash", .title = "a-name-of-sixty", .title_cut = true},
	MAYBE(BEGINNING)},
    {{.name = "dash", .title = "a-name-of-sixty", .title_cut = true},
	.argv = {"/bin/sh", "/x/a-name-of-sixty-apples"}, OTHER},
    {{.name = "dash", .title = "a-name-of-sixty", .title_cut = true},
	.argv = {"/bin/sh", "/x/" NAME64}, OURS(SCRIPT)},
    {{.name = "dash", .title = "a-name-of-sixty"}, .argv = {"/bin/sh"}, OTHER},
    /* An interpreter that does not show its arguments. */
    {{.name = "python3.11"}, MAYBE(NOTHING)},
    {{.name = "python3.11", .hidden = true}, OTHER},
    {{.name = "vim"}, OTHER},
};

static void
check(const struct program_case *cases, size_t n)
{
	struct strlist keys = STRLIST_INIT;
	for (size_t i = 0; names[i] != NULL; i++) {
		struct str key = STR_INIT;
		program_key(&key, names[i]);
		strlist_add(&keys, key.p);
		str_free(&key);
	}
	for (size_t i = 0; i < n; i++) {
		struct program p = cases[i].p;
		enum program_by by = PROGRAM_BY_NOTHING;
		if (cases[i].argv[0] != NULL)
			p.argv = cases[i].argv;
		enum program_is is = program_is(&by, &p, &keys);
		if (is != cases[i].is ||
		    (is != PROGRAM_OTHER && by != cases[i].by))
			fail_msg("case %zu (%s): %d by %d", i, p.name, is, by);
	}
	strlist_free(&keys);
}

static void
test_program__by_name(void **state)
{
	UNUSED(state);
	check(by_name, COUNT_OF(by_name));
}

static void
test_program__by_script(void **state)
{
	UNUSED(state);
	check(by_script, COUNT_OF(by_script));
}

static void
test_program__in_doubt(void **state)
{
	UNUSED(state);
	check(in_doubt, COUNT_OF(in_doubt));
}

static void
test_program__nobody_is_named(void **state)
{
	UNUSED(state);
	static const struct strlist none;
	enum program_by by;
	const struct program p = {.name = ""};
	assert_int_equal(program_is(&by, &p, &none), PROGRAM_OTHER);
}

static void
test_interpreter__extension(void **state)
{
	UNUSED(state);
	static const struct {
		const char *name;
		const char *extension;
	} cases[] = {{"a.js", ".js"}, {"a.b.PY", ".PY"}, {"a.txt", ""},
	    {"a", ""}, {".js", ""}, {"a.", ""}, {"", ""}};
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(
		    interpreter_extension(cases[i].name), cases[i].extension);
}

static void
test_protected__is(void **state)
{
	UNUSED(state);
	static const char *const protected[] = {"systemd", "gnome-shell",
	    "Xorg", "explorer.exe", "EXPLORER.EXE", "csrss.exe", "Finder",
	    "bash", "tmux: server", "-zsh", "coldsync"};
	static const char *const free_for_all[] = {
	    "codex", "node", "python3", "systemd-codex", "bash.sh", ""};
	for (size_t i = 0; i < COUNT_OF(protected); i++)
		assert_true(protected_is(protected[i]));
	for (size_t i = 0; i < COUNT_OF(free_for_all); i++)
		assert_false(protected_is(free_for_all[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_program__by_name),
	    cmocka_unit_test(test_program__by_script),
	    cmocka_unit_test(test_program__in_doubt),
	    cmocka_unit_test(test_program__nobody_is_named),
	    cmocka_unit_test(test_interpreter__extension),
	    cmocka_unit_test(test_protected__is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
