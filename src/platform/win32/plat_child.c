/*
 * plat_child.c - waiting for a program and all it has started.
 */
#include "platform/win32/win32_spawn.h"

#include <stdlib.h>

#include "platform/plat_err.h"
#include "platform/plat_sig.h"
#include "platform/plat_time.h"

enum {
	KILLED = 128 + 9,     /* the exit code we give */
	INTERRUPTED = 128 + 2 /* what STATUS_CONTROL_C_EXIT means */
};
/* Nothing wakes us when output arrives or we are asked to stop, so we look. */
enum { LOOK_OUTPUT = 10, LOOK_ASKED = 50, DEATH_TAKES = 5000 }; /* ms */
enum { LISTED = 64 }; /* processes of a job, for people to see */

/* Does any process of the job still run? Also when that cannot be told. */
static bool
is_running(const struct plat_child *c)
{
	JOBOBJECT_BASIC_ACCOUNTING_INFORMATION info;
	return !QueryInformationJobObject(c->job,
		   JobObjectBasicAccountingInformation, &info, sizeof(info),
		   NULL) ||
	    info.ActiveProcesses > 0;
}

/* Sleep, but not beyond the end of the last process. */
static void
await_change(const struct plat_child *c, uint64_t ms)
{
	DWORD what;
	ULONG_PTR key;
	OVERLAPPED *process;
	GetQueuedCompletionStatus(c->port, &what, &key, &process, (DWORD)ms);
}

/* Take what the pipe holds; false when that is nothing. */
static bool
take_output(struct plat_child *c, struct str *out, size_t limit)
{
	char buf[16 * 1024];
	DWORD there = 0, got = 0;
	if (c->output == NULL ||
	    !PeekNamedPipe(c->output, NULL, 0, NULL, &there, NULL) ||
	    there == 0)
		return false;
	if (there > sizeof(buf))
		there = sizeof(buf);
	if (!ReadFile(c->output, buf, there, &got, NULL) || got == 0)
		return false;
	size_t room = limit > c->taken ? limit - c->taken : 0;
	size_t keep = got < room ? got : room;
	if (out != NULL)
		str_addn(out, buf, keep);
	c->taken += keep;
	return true;
}

/* Is what asked us to stop meant for the child? Then it has heard it: events
   of the console reach every process that shares it. */
static bool
take_request(const struct plat_child *c)
{
	if (!c->is_asked || c->ended)
		return false;
	ResetEvent(win32_asked());
	return true;
}

/* A Ctrl-C that the child ended of, or in spite of, before we woke was meant
   for the child as well. */
static void
note_end(struct plat_child *c)
{
	if (c->ended || WaitForSingleObject(c->process, 0) != WAIT_OBJECT_0)
		return;
	take_request(c);
	c->ended = true;
}

static int
exit_code(const struct plat_child *c, int *code, struct err *e)
{
	DWORD exit;
	if (!GetExitCodeProcess(c->process, &exit))
		return plat_fail(
		    e, (long)GetLastError(), "ask for the exit code");
	*code = exit == (DWORD)STATUS_CONTROL_C_EXIT ? INTERRUPTED : (int)exit;
	return 0;
}

int
plat_child_wait(struct plat_child *c, long timeout_ms, int *code,
    struct str *out, size_t limit, struct err *e)
{
	uint64_t begun = plat_ticks();
	uint64_t look = c->output != NULL ? LOOK_OUTPUT : LOOK_ASKED;
	for (;;) {
		/* Asked before reading: what it wrote last is then read. */
		bool running = is_running(c);
		note_end(c);
		while (take_output(c, out, limit))
			continue;
		if (!running)
			return exit_code(c, code, e);
		uint64_t waited = plat_ticks() - begun;
		bool late = timeout_ms >= 0 && waited >= (uint64_t)timeout_ms;
		if (late || (plat_sig_asked() && !take_request(c)))
			return 1;
		uint64_t ms = look;
		if (timeout_ms >= 0 && (uint64_t)timeout_ms - waited < ms)
			ms = (uint64_t)timeout_ms - waited;
		await_change(c, ms);
	}
}

void
plat_child_pass_signals(struct plat_child *c)
{
	c->is_asked = true;
}

size_t
plat_child_left(
    const struct plat_child *c, struct plat_proc_id *out, size_t most)
{
	struct {
		JOBOBJECT_BASIC_PROCESS_ID_LIST list;
		ULONG_PTR more[LISTED];
	} in = {.list.NumberOfAssignedProcesses = 0};
	size_t n = 0;
	if (!c->ended ||
	    (!QueryInformationJobObject(
		 c->job, JobObjectBasicProcessIdList, &in, sizeof(in), NULL) &&
		GetLastError() != ERROR_MORE_DATA))
		return 0;
	DWORD listed = in.list.NumberOfProcessIdsInList;
	DWORD child = GetProcessId(c->process);
	for (DWORD i = 0; i < listed && n < most; i++)
		if (in.list.ProcessIdList[i] !=
		    child) /* not off the list yet */
			out[n++] = (struct plat_proc_id){
			    (int64_t)in.list.ProcessIdList[i], 0};
	return n;
}

static void
release(struct plat_child *c)
{
	HANDLE held[] = {c->process, c->job, c->port, c->output};
	for (size_t i = 0; i < COUNT_OF(held); i++)
		if (held[i] != NULL)
			CloseHandle(held[i]);
	free(c);
}

void
plat_child_leave(struct plat_child *c)
{
	if (c != NULL)
		release(c);
}

void
plat_child_end(struct plat_child *c)
{
	if (c == NULL)
		return;
	if (c->process != NULL && is_running(c)) {
		TerminateJobObject(c->job, KILLED);
		uint64_t until = plat_ticks() + DEATH_TAKES;
		while (is_running(c) && plat_ticks() < until)
			await_change(c, LOOK_ASKED);
	}
	release(c);
}
