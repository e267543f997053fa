/*
 * plat_spawn.c - starting a program.
 *
 * It starts suspended, enters a job, and only then runs: so every process it
 * ever starts is in the job, and "all have ended" is "the job is empty".
 */
#include "platform/win32/win32_spawn.h"

#include <stdlib.h>

#include "base/mem.h"
#include "platform/plat_err.h"

enum { STREAMS = 3 };

/* All that is needed to start one child. */
struct start {
	struct win32_program program;
	wchar_t *environment;
	wchar_t *dir;            /* NULL: ours */
	HANDLE streams[STREAMS]; /* its standard streams; inheritable */
	LPPROC_THREAD_ATTRIBUTE_LIST attributes;
};

static void
start_free(struct start *s)
{
	if (s->attributes != NULL)
		DeleteProcThreadAttributeList(s->attributes);
	free(s->attributes);
	for (size_t i = 0; i < STREAMS; i++)
		if (s->streams[i] != NULL)
			CloseHandle(s->streams[i]);
	free(s->dir);
	free(s->environment);
	win32_program_free(&s->program);
}

/* A copy of *h* that a child may inherit; NULL when it cannot be had. */
static HANDLE
inheritable(HANDLE h)
{
	HANDLE copy = NULL;
	HANDLE self = GetCurrentProcess();
	if (h == NULL || h == INVALID_HANDLE_VALUE ||
	    !DuplicateHandle(
		self, h, self, &copy, 0, TRUE, DUPLICATE_SAME_ACCESS))
		return NULL;
	return copy;
}

static HANDLE
open_nothing(void)
{
	SECURITY_ATTRIBUTES inherit = {
	    .nLength = sizeof(inherit), .bInheritHandle = TRUE};
	HANDLE h = CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE,
	    WIN32_SHARE_PIN, &inherit, OPEN_EXISTING, 0, NULL);
	return h == INVALID_HANDLE_VALUE ? NULL : h;
}

static void
share_streams(struct start *s, bool to_error)
{
	const DWORD ours[STREAMS] = {STD_INPUT_HANDLE,
	    to_error ? STD_ERROR_HANDLE : STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
	for (size_t i = 0; i < STREAMS; i++) {
		s->streams[i] = inheritable(GetStdHandle(ours[i]));
		if (s->streams[i] == NULL)
			s->streams[i] = open_nothing();
	}
}

static bool
capture_streams(struct start *s, HANDLE *output)
{
	HANDLE end;
	if (!CreatePipe(output, &end, NULL, 0))
		return false;
	s->streams[0] = open_nothing();
	s->streams[1] = inheritable(end);
	s->streams[2] = inheritable(end);
	CloseHandle(end);
	return true;
}

/* The child inherits these streams and nothing else, whatever another thread
   has open just now. */
static bool
list_streams(struct start *s)
{
	SIZE_T size = 0;
	InitializeProcThreadAttributeList(NULL, 1, 0, &size);
	LPPROC_THREAD_ATTRIBUTE_LIST list = mem_zero(1, size);
	if (!InitializeProcThreadAttributeList(list, 1, 0, &size)) {
		free(list);
		return false;
	}
	s->attributes = list;
	for (size_t i = 0; i < STREAMS; i++)
		if (s->streams[i] == NULL)
			return false;
	return UpdateProcThreadAttribute(list, 0,
	    PROC_THREAD_ATTRIBUTE_HANDLE_LIST, s->streams, sizeof(s->streams),
	    NULL, NULL);
}

/* The child's process, suspended; *thread* is where it would go on. */
static HANDLE
create(struct start *s, HANDLE *thread)
{
	STARTUPINFOEXW info = {.StartupInfo.cb = sizeof(info),
	    .StartupInfo.dwFlags = STARTF_USESTDHANDLES,
	    .StartupInfo.hStdInput = s->streams[0],
	    .StartupInfo.hStdOutput = s->streams[1],
	    .StartupInfo.hStdError = s->streams[2],
	    .lpAttributeList = s->attributes};
	PROCESS_INFORMATION made;
	DWORD flags = CREATE_SUSPENDED | CREATE_UNICODE_ENVIRONMENT |
	    EXTENDED_STARTUPINFO_PRESENT;
	/* Without a console of ours to share (a scheduled job) it would be
	   given a new one, which flashes up on the screen. */
	if (GetConsoleWindow() == NULL)
		flags |= CREATE_NO_WINDOW;
	if (!CreateProcessW(s->program.path, s->program.line, NULL, NULL, TRUE,
		flags, s->environment, s->dir, &info.StartupInfo, &made))
		return NULL;
	*thread = made.hThread;
	return made.hProcess;
}

static bool
make_job(struct plat_child *c)
{
	c->job = CreateJobObjectW(NULL, NULL);
	c->port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
	JOBOBJECT_ASSOCIATE_COMPLETION_PORT tell = {
	    .CompletionKey = c, .CompletionPort = c->port};
	return c->job != NULL && c->port != NULL &&
	    SetInformationJobObject(c->job,
		JobObjectAssociateCompletionPortInformation, &tell,
		sizeof(tell));
}

/* Start what *s* describes, within the job. */
static bool
launch(struct plat_child *c, struct start *s)
{
	HANDLE thread = NULL;
	if (!make_job(c) || !list_streams(s))
		return false;
	c->process = create(s, &thread);
	if (c->process == NULL)
		return false;
	bool good = AssignProcessToJobObject(c->job, c->process) &&
	    ResumeThread(thread) != (DWORD)-1;
	DWORD os = GetLastError();
	if (!good)
		TerminateProcess(c->process, 1);
	CloseHandle(thread);
	SetLastError(os);
	return good;
}

static const char *
title(const struct plat_spawn *how)
{
	return how->command != NULL ? how->command : how->argv[0];
}

/* Fill in where the child is to run and what it is to know. */
static int
describe(struct start *s, const struct plat_spawn *how, struct err *e)
{
	int rc = how->command != NULL
	    ? win32_program_shell(&s->program, how->command, e)
	    : win32_program_find(&s->program, how->argv, e);
	if (rc < 0)
		return -1;
	s->environment = win32_environment(how->env);
	if (s->environment == NULL)
		return err_set(e, ERR_NAME,
		    "start '%s': a variable is not UTF-8", title(how));
	if (how->dir == NULL)
		return 0;
	wchar_t *dir = win32_path(how->dir, e);
	if (dir == NULL)
		return -1;
	s->dir = win32_plain_path(dir);
	free(dir);
	return 0;
}

int
plat_spawn(struct plat_child **out, const struct plat_spawn *how, struct err *e)
{
	struct start s = {.dir = NULL};
	struct plat_child *c = mem_zero(1, sizeof(*c));
	int rc = describe(&s, how, e);
	if (rc == 0) {
		bool good = true;
		if (how->output == PLAT_OUT_CAPTURE)
			good = capture_streams(&s, &c->output);
		else
			share_streams(&s, how->output == PLAT_OUT_ERROR);
		if (!good || !launch(c, &s))
			rc = plat_fail(
			    e, (long)GetLastError(), "start '%s'", title(how));
	}
	/* Our copies of its streams with it: the pipe ends when the last
	   process that writes to it does. */
	start_free(&s);
	if (rc == 0)
		*out = c;
	else
		plat_child_end(c);
	return rc;
}
