/*
 * plat_ask.c - questions through osascript. The texts are its arguments, never
 * part of the script. The first button, the return key and the escape key are
 * the last answer. Tested everywhere, with a stand-in for osascript.
 */
#include <stdio.h>
#include <string.h>

#include "platform/plat_ask.h"
#include "platform/posix/dialog.h"

static const char script[] =
    "on run argv\n"
    "set answers to items 3 thru -1 of argv\n"
    "set reply to display dialog (item 2 of argv) with title (item 1 of argv) "
    "buttons (reverse of answers) default button 1 cancel button 1\n"
    "return button returned of reply\n"
    "end run";

int
plat_ask(const struct plat_question *q, struct err *e)
{
	struct str said = STR_INIT;
	int code;
	const char *argv[] = {"osascript", "-e", script, q->title, q->text,
	    q->answers[0], q->answers[1], q->n > 2 ? q->answers[2] : NULL,
	    NULL};
	int rc = dialog_run(&code, &said, argv, q->timeout_seconds, e);
	int answer = -1;
	for (size_t i = 0; rc == 0 && code == 0 && i < q->n; i++)
		if (strcmp(said.p, q->answers[i]) == 0)
			answer = (int)i;
	if (rc == 0 && answer < 0) {
		/* How it tells of the cancel button. */
		if (code != 0 && strstr(said.p, "(-128)") != NULL)
			answer = (int)q->n - 1;
		else
			err_set(e, ERR_UNSUPPORTED, "osascript: %s", said.p);
	}
	str_free(&said);
	return answer;
}
