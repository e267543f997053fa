/*
 * plat_ask.c - questions in a message box, whose buttons the system names: the
 * text says which is which.
 */
#include "platform/plat_ask.h"

#include "platform/win32/plat_win32.h"

#include <stdlib.h>

#include "base/compiler.h"
#include "base/str.h"
#include "platform/plat_err.h"
#include "platform/win32/wide.h"

enum { NOBODY = 1000 }; /* no button's number */

/* Boxes of this thread only: we are in the midst of one. */
static BOOL CALLBACK
give_up_box(HWND window, LPARAM arg)
{
	static const wchar_t dialog[] = L"#32770";
	wchar_t kind[COUNT_OF(dialog) + 1];
	UNUSED(arg);
	if (GetClassNameW(window, kind, COUNT_OF(kind)) > 0 &&
	    wcscmp(kind, dialog) == 0)
		EndDialog(window, NOBODY);
	return TRUE;
}

/* The box itself calls this, as it waits for messages. */
static VOID CALLBACK
give_up(HWND window, UINT message, UINT_PTR id, DWORD time)
{
	UNUSED(window);
	UNUSED(message);
	UNUSED(id);
	UNUSED(time);
	EnumThreadWindows(GetCurrentThreadId(), give_up_box, 0);
}

static int
answer_of(int button, size_t n)
{
	switch (button) {
	case IDYES:
		return 0;
	case IDNO:
		return 1;
	case IDCANCEL:
		return (int)n - 1;
	default:
		return -1;
	}
}

int
plat_ask(const struct plat_question *q, struct err *e)
{
	static const char *const buttons[] = {"Yes", "No", "Cancel"};
	struct str text = STR_INIT;
	str_addf(&text, "%s\n", q->text);
	for (size_t i = 0; i < q->n && i < 3; i++)
		str_addf(&text, "\n%s: %s", buttons[i], q->answers[i]);
	wchar_t *wide = wide_from(text.p, text.len);
	wchar_t *title = wide_from(q->title, strlen(q->title));
	UINT kind = q->n > 2 ? MB_YESNOCANCEL | MB_DEFBUTTON3
			     : MB_YESNO | MB_DEFBUTTON2;
	int button = 0;
	UINT_PTR timer = SetTimer(NULL, 0, q->timeout_seconds * 1000, give_up);
	if (wide != NULL && title != NULL && timer != 0)
		button = MessageBoxW(NULL, wide, title,
		    kind | MB_ICONQUESTION | MB_SETFOREGROUND | MB_TOPMOST);
	DWORD os = GetLastError();
	KillTimer(NULL, timer);
	int answer = answer_of(button, q->n);
	if (button == NOBODY)
		err_set(e, ERR_CANCELLED, "nobody answered in time");
	else if (answer < 0)
		plat_fail(e, (long)os, "ask in a window");
	free(wide);
	free(title);
	str_free(&text);
	return answer;
}
