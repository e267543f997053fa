/*
 * plat_ask.c - questions in a message box, whose buttons the system names: the
 * text says which is which.
 */
#include "platform/plat_ask.h"

#include "platform/win32/plat_win32.h"

#include <stdlib.h>

#include "base/str.h"
#include "platform/plat_err.h"
#include "platform/win32/wide.h"

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
	if (wide != NULL && title != NULL)
		button = MessageBoxW(NULL, wide, title,
		    kind | MB_ICONQUESTION | MB_SETFOREGROUND | MB_TOPMOST);
	int answer = answer_of(button, q->n);
	if (answer < 0)
		plat_fail(e, (long)GetLastError(), "ask in a window");
	free(wide);
	free(title);
	str_free(&text);
	return answer;
}
