/*
 * win32_program.c - which file to start, and by which command line.
 */
#include "platform/win32/win32_spawn.h"

#include <stdlib.h>
#include <wchar.h>

#include "base/mem.h"
#include "platform/plat_env.h"
#include "platform/win32/quote.h"
#include "platform/win32/wide.h"

/* What the system starts, in the order it looks for them. */
static const wchar_t *const extensions[] = {L".com", L".exe", L".bat", L".cmd"};

static bool
has_extension(const wchar_t *path, const wchar_t *extension)
{
	size_t n = wcslen(path), m = wcslen(extension);
	return n > m && _wcsicmp(path + n - m, extension) == 0;
}

static bool
is_batch(const wchar_t *path)
{
	return has_extension(path, L".bat") || has_extension(path, L".cmd");
}

static bool
is_file(const wchar_t *path)
{
	DWORD attributes = GetFileAttributesW(path);
	return attributes != INVALID_FILE_ATTRIBUTES &&
	    !(attributes & FILE_ATTRIBUTE_DIRECTORY);
}

/* *path* as it is when it ends like a program, else with each extension. */
static wchar_t *
complete(const wchar_t *path)
{
	for (size_t i = 0; i < COUNT_OF(extensions); i++)
		if (has_extension(path, extensions[i]) && is_file(path))
			return wide_join(path, L"", L"");
	for (size_t i = 0; i < COUNT_OF(extensions); i++) {
		wchar_t *whole = wide_join(path, extensions[i], L"");
		if (is_file(whole))
			return whole;
		free(whole);
	}
	return NULL;
}

/* Search *name* in the native path *dir* of *n* bytes; NULL: not there. */
static wchar_t *
find_in(const char *dir, size_t n, const char *name)
{
	struct str s = STR_INIT;
	str_addn(&s, dir, n);
	if (n > 0)
		str_addc(&s, '/');
	str_add(&s, name);
	wchar_t *path = win32_path(s.p, NULL);
	wchar_t *found = path == NULL ? NULL : complete(path);
	free(path);
	str_free(&s);
	return found;
}

/* Unlike the system we never search the current directory: the cloud folder
   may be just that, and what lies there is no program of the user's. */
static wchar_t *
find_in_search_path(const char *name)
{
	char *path = plat_getenv("PATH");
	wchar_t *found = NULL;
	for (char *p = path; p != NULL && found == NULL;) {
		char *end = strchr(p, ';');
		if (end != NULL)
			*end = '\0';
		size_t n = strlen(p);
		/* Entries with a ';' of their own are in quotes: those without
		   one may be as well. */
		if (n >= 2 && p[0] == '"' && p[n - 1] == '"') {
			p++;
			n -= 2;
			p[n] = '\0';
		}
		if (plat_is_absolute(p))
			found = find_in(p, n, name);
		p = end == NULL ? NULL : end + 1;
	}
	free(path);
	return found;
}

wchar_t *
win32_plain_path(const wchar_t *path)
{
	if (wcslen(path) >= MAX_PATH)
		return wide_join(path, L"", L"");
	if (wcsncmp(path, L"\\\\?\\UNC\\", 8) == 0)
		return wide_join(L"\\\\", path + 8, L"");
	return wide_join(path + 4, L"", L"");
}

static char *
narrow(const wchar_t *w)
{
	struct str s = STR_INIT;
	wide_to(&s, w, wcslen(w));
	return str_take(&s);
}

static wchar_t *
command_shell(void)
{
	wchar_t directory[MAX_PATH] = L"";
	/* Not out of COMSPEC, which anybody may have set. */
	if (GetSystemDirectoryW(directory, MAX_PATH) >= MAX_PATH)
		directory[0] = L'\0';
	return wide_join(directory, L"\\cmd.exe", L"");
}

/* The line for the program file *path*. */
static void
add_line(struct str *line, const char *path, const char *const *argv)
{
	quote_program(line, path);
	for (size_t i = 1; argv[i] != NULL; i++)
		quote_argument(line, argv[i]);
}

/* The line for a batch file: cmd.exe strips the outermost quotes (/s), runs
   nothing before it (/d), and expands no "!" (/v:off). */
static int
add_batch_line(
    struct str *line, const char *path, const char *const *argv, struct err *e)
{
	str_add(line, "cmd.exe /d /v:off /s /c \"");
	bool good = quote_batch(line, path);
	for (size_t i = 1; good && argv[i] != NULL; i++)
		good = quote_batch(line, argv[i]);
	str_addc(line, '"');
	return good ? 0
		    : err_set(e, ERR_UNSUPPORTED,
			  "start '%s': it is a batch file, and cannot be "
			  "given an argument with a quote, a percent sign or "
			  "a line break",
			  argv[0]);
}

int
win32_program_find(
    struct win32_program *out, const char *const *argv, struct err *e)
{
	*out = (struct win32_program){.path = NULL};
	wchar_t *file = strpbrk(argv[0], "/\\:") != NULL
	    ? find_in("", 0, argv[0])
	    : find_in_search_path(argv[0]);
	if (file == NULL)
		return err_set(
		    e, ERR_NOTFOUND, "start '%s': no such program", argv[0]);
	wchar_t *plain = win32_plain_path(file);
	char *path = narrow(plain);
	struct str line = STR_INIT;
	int rc = 0;
	if (is_batch(file)) {
		rc = add_batch_line(&line, path, argv, e);
		free(plain);
		plain = command_shell();
	} else {
		add_line(&line, path, argv);
	}
	out->path = plain;
	out->line = wide_from(line.p, line.len);
	if (rc == 0 && out->line == NULL)
		rc = err_set(e, ERR_NAME,
		    "start '%s': an argument is not UTF-8", argv[0]);
	if (rc < 0)
		win32_program_free(out);
	str_free(&line);
	free(path);
	free(file);
	return rc;
}

/* As for a batch file, but what is run is the user's own line. */
int
win32_program_shell(
    struct win32_program *out, const char *command, struct err *e)
{
	struct str line = STR_INIT;
	str_addf(&line, "cmd.exe /d /v:off /s /c \"%s\"", command);
	out->path = command_shell();
	out->line = wide_from(line.p, line.len);
	int rc = 0;
	if (out->line == NULL) {
		rc = err_set(e, ERR_NAME, "start a command: it is not UTF-8");
		win32_program_free(out);
	}
	str_free(&line);
	return rc;
}

void
win32_program_free(struct win32_program *p)
{
	free(p->path);
	free(p->line);
	*p = (struct win32_program){.path = NULL};
}
