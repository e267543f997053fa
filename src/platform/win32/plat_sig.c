#include "platform/plat_sig.h"

#include "platform/win32/plat_win32.h"

/* What the handler and the rest share: a handler is given nothing but the
   event's number, so this cannot be passed in. Set once, never closed. */
static HANDLE asked;

/* Runs in a thread the system starts for it. */
static BOOL WINAPI
on_event(DWORD event)
{
	SetEvent(asked);
	/* When the console closes or the user logs off, the process lives only
	   as long as this does not return: give the work its time to end. The
	   system's own patience is the limit. */
	if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT)
		Sleep(INFINITE);
	return TRUE;
}

void
plat_sig_install(void)
{
	if (asked != NULL)
		return;
	asked = CreateEventW(NULL, TRUE, FALSE, NULL);
	if (asked != NULL)
		SetConsoleCtrlHandler(on_event, TRUE);
}

HANDLE
win32_asked(void)
{
	return asked;
}

bool
plat_sig_asked(void)
{
	return asked != NULL && WaitForSingleObject(asked, 0) == WAIT_OBJECT_0;
}

int
plat_sig_check(struct err *e)
{
	return plat_sig_asked() ? err_set(e, ERR_CANCELLED, "interrupted") : 0;
}

int
plat_sig_await_input(struct err *e)
{
	HANDLE either[] = {asked, GetStdHandle(STD_INPUT_HANDLE)};
	/* A console is ready as soon as a key is pressed: from then on Ctrl-C
	   ends the read itself. */
	if (asked != NULL)
		WaitForMultipleObjects(2, either, FALSE, INFINITE);
	return plat_sig_check(e);
}
