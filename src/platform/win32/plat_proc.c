#include "platform/plat_proc.h"

#include "platform/win32/plat_win32.h"

#include <shellapi.h>
#include <tlhelp32.h>
#include <winternl.h>

#include <stdlib.h>
#include <wchar.h>

#include "base/mem.h"
#include "platform/plat_err.h"
#include "platform/win32/wide.h"

enum {
	TEXT_BYTES = 68 * 1024, /* the longest command line, and its head */
	COMMAND_LINE = 60       /* ProcessCommandLineInformation */
};

typedef NTSTATUS NTAPI query_process_fn(
    HANDLE, PROCESSINFOCLASS, void *, ULONG, ULONG *);

/* What one listing needs again and again. */
struct listing {
	query_process_fn *query;
	void *text; /* TEXT_BYTES */
	struct str name;
};

static bool
has_ended(HANDLE h)
{
	return WaitForSingleObject(h, 0) == WAIT_OBJECT_0;
}

/* ---- arguments ---- */

static void
free_args(char **argv)
{
	for (size_t i = 0; argv != NULL && argv[i] != NULL; i++)
		free(argv[i]);
	free(argv);
}

static char **
split(const wchar_t *line)
{
	int n = 0;
	wchar_t **wide = CommandLineToArgvW(line, &n);
	if (wide == NULL)
		return NULL;
	char **argv = mem_zero((size_t)n + 1, sizeof(*argv));
	for (int i = 0; i < n; i++) {
		struct str s = STR_INIT;
		wide_to(&s, wide[i], wcslen(wide[i]));
		argv[i] = str_take(&s);
	}
	LocalFree(wide);
	return argv;
}

/* The arguments of a process; NULL when they cannot be read. */
static char **
read_args(struct listing *l, HANDLE h)
{
	UNICODE_STRING *line = l->text;
	if (l->query == NULL ||
	    l->query(h, (PROCESSINFOCLASS)COMMAND_LINE, l->text,
		TEXT_BYTES - sizeof(wchar_t), NULL) < 0 ||
	    line->Length == 0)
		return NULL;
	/* It ends by its length; the room for a NUL was left. */
	line->Buffer[line->Length / sizeof(wchar_t)] = L'\0';
	return split(line->Buffer);
}

/* ---- listing ---- */

/* The parent, unless that pid now belongs to somebody younger. */
static int64_t
true_parent(DWORD parent, uint64_t started)
{
	HANDLE h = win32_open_process(parent, 0);
	if (h == NULL)
		return parent;
	bool younger = started != 0 && win32_started(h) > started;
	CloseHandle(h);
	return younger ? 0 : parent;
}

static int
give(struct listing *l, const PROCESSENTRY32W *entry, plat_proc_fn *fn,
    void *arg)
{
	struct plat_proc p = {
	    .pid = entry->th32ProcessID, .parent = entry->th32ParentProcessID};
	HANDLE h = win32_open_process(p.pid, 0);
	if (h == NULL && GetLastError() == ERROR_INVALID_PARAMETER)
		return 0; /* ended meanwhile */
	char **argv = NULL;
	str_clear(&l->name);
	/* Asked of the process itself where it says: since the snapshot, its
	   pid may have become another's. */
	if (h == NULL || !win32_program_name(&l->name, h))
		wide_to(&l->name, entry->szExeFile, wcslen(entry->szExeFile));
	if (h != NULL) {
		p.started = win32_started(h);
		p.zombie = has_ended(h);
		p.parent = true_parent(entry->th32ParentProcessID, p.started);
		argv = read_args(l, h);
		CloseHandle(h);
	}
	p.partly_hidden = h == NULL;
	p.name = l->name.p;
	p.argv = (const char *const *)argv;
	int rc = fn(arg, &p);
	free_args(argv);
	return rc;
}

int
plat_proc_list(plat_proc_fn *fn, void *arg, struct err *e)
{
	HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
	if (all == INVALID_HANDLE_VALUE)
		return plat_fail(e, (long)GetLastError(), "list processes");
	struct listing l = {
	    .query =
		(query_process_fn *)win32_ntdll("NtQueryInformationProcess"),
	    .text = mem_alloc(TEXT_BYTES),
	    .name = STR_INIT,
	};
	PROCESSENTRY32W entry = {.dwSize = sizeof(entry)};
	int rc = 0;
	for (BOOL more = Process32FirstW(all, &entry); more && rc == 0;
	     more = Process32NextW(all, &entry))
		/* 0 is what runs when nothing does. */
		if (entry.th32ProcessID != 0)
			rc = give(&l, &entry, fn, arg);
	CloseHandle(all);
	free(l.text);
	str_free(&l.name);
	return rc;
}

/* ---- one process
 * ------------------------------------------------------------- */

int64_t
plat_proc_self(uint64_t *started)
{
	if (started != NULL)
		*started = win32_started(GetCurrentProcess());
	return GetCurrentProcessId();
}

/* Is *h* the process that began then, and does it run? */
static bool
is_the_one(HANDLE h, uint64_t started)
{
	return !has_ended(h) && (started == 0 || win32_started(h) == started);
}

bool
plat_proc_alive(int64_t pid, uint64_t started)
{
	HANDLE h = win32_open_process(pid, 0);
	/* Not ours to look at is there, all the same. */
	if (h == NULL)
		return GetLastError() == ERROR_ACCESS_DENIED;
	bool alive = is_the_one(h, started);
	CloseHandle(h);
	return alive;
}

struct closing {
	DWORD pid;
	bool any;
};

static BOOL CALLBACK
close_window(HWND window, LPARAM arg)
{
	struct closing *c = (struct closing *)arg;
	DWORD pid = 0;
	GetWindowThreadProcessId(window, &pid);
	if (pid == c->pid && GetWindow(window, GW_OWNER) == NULL &&
	    PostMessageW(window, WM_CLOSE, 0, 0))
		c->any = true;
	return TRUE;
}

/* Ask as its user would: by closing its windows. A program without any cannot
   be asked; the console events that could would reach others as well. */
static int
ask_to_end(int64_t pid, struct err *e)
{
	struct closing c = {.pid = (DWORD)pid};
	EnumWindows(close_window, (LPARAM)&c);
	if (c.any)
		return 0;
	return err_set(e, ERR_UNSUPPORTED,
	    "ask process %lld to end: it has no window to close",
	    (long long)pid);
}

int
plat_proc_stop(int64_t pid, uint64_t started, bool hard, struct err *e)
{
	HANDLE h = win32_open_process(pid, hard ? PROCESS_TERMINATE : 0);
	if (h == NULL) {
		DWORD os = GetLastError();
		if (os == ERROR_INVALID_PARAMETER)
			return 1;
		return plat_fail(
		    e, (long)os, "stop process %lld", (long long)pid);
	}
	int rc = 1;
	/* While we hold *h*, the pid is not given to another process. */
	if (is_the_one(h, started)) {
		if (!hard)
			rc = ask_to_end(pid, e);
		else if (TerminateProcess(h, 1) || has_ended(h))
			rc = 0;
		else
			rc = plat_fail(e, (long)GetLastError(),
			    "stop process %lld", (long long)pid);
	}
	CloseHandle(h);
	return rc;
}
