/*
 * Processes as only Windows has them: command lines, batch files, jobs,
 * windows.
 */
#include <windows.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "platform/plat_env.h"
#include "platform/plat_proc.h"
#include "platform/plat_time.h"
#include "platform/win32/win32_spawn.h"
#include "support/role.h"
#include "support/tempdir.h"

/* ---- roles --------------------------------------------------------------- */

/* Say back what came, one argument a line, as hexadecimal bytes. */
static int
play_echo(char **args)
{
	for (; *args != NULL; args++) {
		for (const char *p = *args; *p != '\0'; p++)
			printf("%02x", (unsigned char)*p);
		printf("\n");
	}
	return 0;
}

static LRESULT CALLBACK
on_message(HWND window, UINT message, WPARAM w, LPARAM l)
{
	if (message == WM_CLOSE)
		PostQuitMessage(42);
	return DefWindowProcW(window, message, w, l);
}

/* A program with a window, which ends when that is closed. */
static int
play_window(char **args)
{
	WNDCLASSW class = {.lpfnWndProc = on_message,
	    .hInstance = GetModuleHandleW(NULL),
	    .lpszClassName = L"test"};
	struct plat_dir *d;
	struct err e;
	MSG message;
	RegisterClassW(&class);
	HWND window = CreateWindowExW(0, L"test", L"test", WS_OVERLAPPEDWINDOW,
	    0, 0, 10, 10, NULL, NULL, class.hInstance, NULL);
	if (plat_dir_open(&d, args[0], &e) < 0)
		return 1;
	put_file(d, window != NULL ? "window" : "none", "");
	plat_dir_close(d);
	if (window == NULL)
		return 1;
	while (GetMessageW(&message, NULL, 0, 0) > 0)
		DispatchMessageW(&message);
	return (int)message.wParam;
}

static int
play_sleep(char **args)
{
	Sleep(number(args[0]));
	return 0;
}

static const struct role roles[] = {
    {"echo", play_echo},
    {"window", play_window},
    {"sleep", play_sleep},
};

/* ---- helpers ------------------------------------------------------------- */

/* Start what *how* says, wait, and append its output. */
static int
run(const struct plat_spawn *how, struct str *out)
{
	struct plat_child *c;
	struct err e;
	int code = -1;
	assert_done(plat_spawn(&c, how, &e), &e);
	assert_done(plat_child_wait(c, 20000, &code, out, 100000, &e), &e);
	plat_child_end(c);
	return code;
}

static void
add_hex(struct str *out, const char *arg)
{
	for (; *arg != '\0'; arg++)
		str_addf(out, "%02x", (unsigned char)*arg);
}

/* ---- command lines ------------------------------------------------------- */

static void
test_plat_win32_proc__arguments_arrive(void **state)
{
	(void)state;
	static const char *const args[] = {"", "a", "a b", "\"", "a\"b\"c",
	    "\\", "a\\", "a b\\", "a\\\"b", "\\\\\\\" \\\\", "\t", "a&b|c>d",
	    "%PATH%", "^!", "'a'", "\xC3\xBC \xF0\x9F\x98\x80", "*.c",
	    "C:\\Program Files\\x\\"};
	for (size_t i = 0; i < COUNT_OF(args); i++) {
		struct role_how how;
		struct str got = STR_INIT, want = STR_INIT;
		role_how(&how, "echo", args[i], "end");
		how.spawn.output = PLAT_OUT_CAPTURE;
		assert_int_equal(run(&how.spawn, &got), 0);
		add_hex(&want, args[i]);
		str_add(&want, "\r\n656e64\r\n");
		assert_string_equal(got.p, want.p);
		str_free(&got);
		str_free(&want);
	}
}

/* ---- batch files --------------------------------------------------------- */

static void
put_batch(struct tempdir *t, struct str *path, const char *text)
{
	put_file(t->dir, "some tool.cmd", text);
	tempdir_path(path, t, "some tool");
}

static void
test_plat_win32_proc__batch_file(void **state)
{
	struct tempdir *t = *state;
	struct str path = STR_INIT, out = STR_INIT;
	put_batch(t, &path, "@echo [%1] [%2]\r\n@exit /b 7\r\n");
	const char *const argv[] = {path.p, "a & echo gone", "x", NULL};
	struct plat_spawn how = {.argv = argv, .output = PLAT_OUT_CAPTURE};
	assert_int_equal(run(&how, &out), 7);
	assert_non_null(strstr(out.p, "[\"a & echo gone\"] [\"x\"]"));
	assert_null(strstr(out.p, "\ngone"));
	str_free(&path);
	str_free(&out);
}

static void
test_plat_win32_proc__batch_file_refuses(void **state)
{
	static const char *const bad[] = {
	    "%PATH%", "a\"b", "a\nb", "\" & echo gone & \""};
	struct tempdir *t = *state;
	struct str path = STR_INIT;
	put_batch(t, &path, "@exit /b 0\r\n");
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		const char *const argv[] = {path.p, bad[i], NULL};
		struct plat_spawn how = {.argv = argv};
		struct plat_child *c;
		struct err e;
		assert_failed(plat_spawn(&c, &how, &e), &e, ERR_UNSUPPORTED);
	}
	str_free(&path);
}

/* ---- finding ------------------------------------------------------------- */

static void
test_plat_win32_proc__never_from_here(void **state)
{
	/* Were the current directory searched, this would be found. */
	static const char *const names[] = {
	    "test_plat_win32_proc", "test_plat_win32_proc.exe"};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *const argv[] = {names[i], NULL};
		struct plat_spawn how = {.argv = argv};
		struct plat_child *c;
		struct err e;
		assert_failed(plat_spawn(&c, &how, &e), &e, ERR_NOTFOUND);
	}
}

static void
test_plat_win32_proc__search_path(void **state)
{
	struct tempdir *t = *state;
	struct str path = STR_INIT, out = STR_INIT;
	char *before = plat_getenv("PATH");
	put_file(t->dir, "tool-of-ours.bat", "@echo found\r\n");
	str_addf(&path, ".;;\"%s\";C:\\none", t->path);
	assert_true(SetEnvironmentVariableA("PATH", path.p));
	const char *const argv[] = {"tool-of-ours", NULL};
	struct plat_spawn how = {.argv = argv, .output = PLAT_OUT_CAPTURE};
	assert_int_equal(run(&how, &out), 0);
	assert_memory_equal(out.p, "found", 5);
	SetEnvironmentVariableA("PATH", before);
	free(before);
	str_free(&path);
	str_free(&out);
}

static void
test_plat_win32_proc__not_utf8(void **state)
{
	(void)state;
	struct role_how how;
	struct plat_child *c;
	struct err e;
	const char *const env[] = {"A=\xFF", NULL};
	role_how(&how, "echo", "\xFF", NULL);
	assert_failed(plat_spawn(&c, &how.spawn, &e), &e, ERR_NAME);
	role_how(&how, "echo", NULL, NULL);
	how.spawn.env = env;
	assert_failed(plat_spawn(&c, &how.spawn, &e), &e, ERR_NAME);
}

static void
test_plat_win32_proc__plain_path(void **state)
{
	(void)state;
	static const struct {
		const wchar_t *path, *plain;
	} cases[] = {
	    {L"\\\\?\\C:\\a", L"C:\\a"},
	    {L"\\\\?\\UNC\\h\\s\\a", L"\\\\h\\s\\a"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		wchar_t *plain = win32_plain_path(cases[i].path);
		assert_int_equal(wcscmp(plain, cases[i].plain), 0);
		free(plain);
	}
	wchar_t path[400] = L"\\\\?\\C:\\";
	for (size_t i = 7; i < COUNT_OF(path) - 1; i++)
		path[i] = L'a';
	wchar_t *plain = win32_plain_path(path);
	assert_int_equal(wcscmp(plain, path), 0);
	free(plain);
}

/* ---- the environment ----------------------------------------------------- */

/* One NUL-terminated "NAME=value" of a block; NULL when it is not there. */
static const wchar_t *
variable(const wchar_t *block, const wchar_t *name)
{
	size_t n = wcslen(name);
	for (; *block != L'\0'; block += wcslen(block) + 1)
		if (wcsncmp(block, name, n) == 0 && block[n] == L'=')
			return block + n + 1;
	return NULL;
}

static void
test_plat_win32_proc__environment(void **state)
{
	(void)state;
	static const char *const env[] = {
	    "test_CASE=new", "TEST_OTHER=1", "TEST_OTHER=2", NULL};
	SetEnvironmentVariableA("TEST_CASE", "old");
	SetEnvironmentVariableA("TEST_KEPT", "kept");
	wchar_t *block = win32_environment(env);
	assert_non_null(block);
	assert_null(variable(block, L"TEST_CASE"));
	assert_int_equal(wcscmp(variable(block, L"test_CASE"), L"new"), 0);
	assert_int_equal(wcscmp(variable(block, L"TEST_OTHER"), L"2"), 0);
	assert_int_equal(wcscmp(variable(block, L"TEST_KEPT"), L"kept"), 0);
	/* Sorted, as the system wants it. */
	for (const wchar_t *p = block; *p != L'\0';) {
		const wchar_t *next = p + wcslen(p) + 1;
		if (*next != L'\0' && *p != L'=' && *next != L'=')
			assert_int_not_equal(
			    CompareStringOrdinal(p, (int)wcscspn(p, L"="), next,
				(int)wcscspn(next, L"="), TRUE),
			    CSTR_GREATER_THAN);
		p = next;
	}
	free(block);
}

/* ---- stopping ------------------------------------------------------------ */

struct found {
	int64_t pid, parent;
	uint64_t started;
};

/* The child of ours that is not us. */
static int
find_child(void *arg, const struct plat_proc *p)
{
	struct found *found = arg;
	if (p->parent != GetCurrentProcessId())
		return 0;
	found->pid = p->pid;
	found->started = p->started;
	return 5;
}

static void
test_plat_win32_proc__close_windows(void **state)
{
	struct tempdir *t = *state;
	struct found found = {.pid = 0};
	struct err e;
	struct plat_child *c = role_start("window", t->path, NULL);
	/* The first window of a new Windows takes its time. */
	for (int i = 0; i < 6000 && !has(t->dir, "window"); i++) {
		if (has(t->dir, "none")) {
			/* There is no desktop here to have windows on. */
			role_finish(c);
			skip();
		}
		plat_sleep(10);
	}
	assert_int_equal(plat_proc_list(find_child, &found, &e), 5);
	assert_int_equal(
	    plat_proc_stop(found.pid, found.started + 1, false, &e), 1);
	assert_done(plat_proc_stop(found.pid, found.started, false, &e), &e);
	assert_int_equal(role_finish(c), 42);
	assert_false(plat_proc_alive(found.pid, found.started));
	assert_int_equal(
	    plat_proc_stop(found.pid, found.started, false, &e), 1);
}

static void
test_plat_win32_proc__nothing_to_close(void **state)
{
	(void)state;
	struct found found = {.pid = 0};
	struct err e;
	int code;
	struct plat_child *c = role_start("sleep", "20000", NULL);
	assert_int_equal(plat_proc_list(find_child, &found, &e), 5);
	assert_failed(plat_proc_stop(found.pid, found.started, false, &e), &e,
	    ERR_UNSUPPORTED);
	assert_true(plat_proc_alive(found.pid, found.started));
	assert_done(plat_proc_stop(found.pid, found.started, true, &e), &e);
	assert_done(plat_child_wait(c, 5000, &code, NULL, 0, &e), &e);
	plat_child_end(c);
}

static void
test_plat_win32_proc__no_such_pid(void **state)
{
	(void)state;
	struct err e;
	static const int64_t pids[] = {0, -1, 0xFFFFFFF0, INT64_MAX};
	for (size_t i = 0; i < COUNT_OF(pids); i++) {
		assert_false(plat_proc_alive(pids[i], 0));
		assert_int_equal(plat_proc_stop(pids[i], 0, true, &e), 1);
	}
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(int argc, char **argv)
{
	plat_env_init(&argc, &argv);
	role_play(argc, argv, roles, COUNT_OF(roles));
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plat_win32_proc__arguments_arrive),
	    TEST(test_plat_win32_proc__batch_file),
	    TEST(test_plat_win32_proc__batch_file_refuses),
	    cmocka_unit_test(test_plat_win32_proc__never_from_here),
	    TEST(test_plat_win32_proc__search_path),
	    cmocka_unit_test(test_plat_win32_proc__not_utf8),
	    cmocka_unit_test(test_plat_win32_proc__plain_path),
	    cmocka_unit_test(test_plat_win32_proc__environment),
	    TEST(test_plat_win32_proc__close_windows),
	    cmocka_unit_test(test_plat_win32_proc__nothing_to_close),
	    cmocka_unit_test(test_plat_win32_proc__no_such_pid),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
