/*
 * plat_ask.c - questions through zenity (GNOME and others) or kdialog (KDE),
 * whichever is there.
 */
#include <stdlib.h>
#include <string.h>

#include "base/markup.h"
#include "platform/plat_ask.h"
#include "platform/posix/dialog.h"

static bool
has_display(void)
{
	const char *x = getenv("DISPLAY"), *wayland = getenv("WAYLAND_DISPLAY");
	return (x != NULL && x[0] != '\0') ||
	    (wayland != NULL && wayland[0] != '\0');
}

/* The middle answer is an extra button, which zenity tells by its label. */
static int
ask_zenity(const struct plat_question *q, struct err *e)
{
	struct str said = STR_INIT;
	int code;
	const char *argv[] = {"zenity", "--question", "--no-markup", "--title",
	    q->title, "--text", q->text, "--ok-label", q->answers[0],
	    "--cancel-label", q->answers[q->n - 1],
	    q->n > 2 ? "--extra-button" : NULL, q->answers[1], NULL};
	int rc = dialog_run(&code, &said, argv, q->timeout_seconds, e);
	int answer = -1;
	if (rc == 0 && code == 0)
		answer = 0;
	else if (rc == 0 && code == 1)
		answer = q->n > 2 && strcmp(said.p, q->answers[1]) == 0
		    ? 1
		    : (int)q->n - 1;
	else if (rc == 0)
		err_set(e, ERR_IO, "zenity ended with %d", code);
	str_free(&said);
	return answer;
}

/* To kdialog a text that looks like HTML is HTML, so it gets some. */
static void
add_html(struct str *out, const char *text)
{
	str_add(out, "<qt>");
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");
		markup_text(out, text, n);
		text += n;
		if (*text == '\n') {
			str_add(out, "<br>");
			text++;
		}
	}
	str_add(out, "</qt>");
}

static int
ask_kdialog(const struct plat_question *q, struct err *e)
{
	struct str said = STR_INIT, text = STR_INIT;
	int code;
	add_html(&text, q->text);
	const char *argv[] = {"kdialog", "--title", q->title, "--yes-label",
	    q->answers[0], "--no-label", q->answers[1],
	    q->n > 2 ? "--yesnocancel" : "--yesno", text.p,
	    q->n > 2 ? "--cancel-label" : NULL, q->answers[q->n - 1], NULL};
	int rc = dialog_run(&code, &said, argv, q->timeout_seconds, e);
	int answer = -1;
	if (rc == 0 && code >= 0 && (size_t)code < q->n)
		answer = code;
	else if (rc == 0)
		err_set(e, ERR_IO, "kdialog ended with %d", code);
	str_free(&said);
	str_free(&text);
	return answer;
}

int
plat_ask(const struct plat_question *q, struct err *e)
{
	struct err why = {.code = ERR_NONE};
	if (!has_display())
		return err_set(e, ERR_UNSUPPORTED, "there is no display");
	int answer = ask_zenity(q, &why);
	if (answer < 0 && why.code == ERR_NOTFOUND)
		answer = ask_kdialog(q, &why);
	if (answer < 0 && why.code == ERR_NOTFOUND)
		err_set(&why, ERR_UNSUPPORTED,
		    "neither zenity nor kdialog is installed");
	return answer < 0 ? err_pass(e, &why) : answer;
}
