#include "platform/plat_proc.h"

#include "platform/win32/plat_win32.h"

#include "platform/plat_sig.h"
#include "platform/plat_time.h"

enum {
	WATCHED = MAXIMUM_WAIT_OBJECTS - 1, /* and what asks us to stop */
	BLIND = 250, /* ms between two looks at those not watched */
};

static bool
any_gone(const struct plat_proc_id *who, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!plat_proc_alive(who[i].pid, who[i].started))
			return true;
	return false;
}

void
plat_proc_await(const struct plat_proc_id *who, size_t n, unsigned timeout_ms)
{
	HANDLE handles[MAXIMUM_WAIT_OBJECTS];
	DWORD count = 0;
	uint64_t end = plat_ticks() + timeout_ms;
	for (size_t i = 0; i < n && count < WATCHED; i++) {
		HANDLE h = win32_open_process(who[i].pid, 0);
		if (h != NULL)
			handles[count++] = h;
	}
	DWORD watched = count;
	if (win32_asked() != NULL)
		handles[count++] = win32_asked();
	/* The handles hold on to the processes; whether they are those we mean
	   is asked once they cannot change any more. */
	while (!any_gone(who, n) && !plat_sig_asked()) {
		uint64_t now = plat_ticks();
		if (now >= end)
			break;
		uint64_t most = watched < n || count == 0 ? BLIND : end - now;
		DWORD ms = (DWORD)(end - now < most ? end - now : most);
		if (count == 0)
			Sleep(ms);
		else if (WaitForMultipleObjects(count, handles, FALSE, ms) !=
		    WAIT_TIMEOUT)
			break;
	}
	for (DWORD i = 0; i < watched; i++)
		CloseHandle(handles[i]);
}
