#include "cli/ask.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "platform/plat_sig.h"

/* An answer is a word or a path; a terminal hands over no longer a line. */
enum { ANSWER_MAX = 4096 };

bool
ask_possible(const struct cli_context *c)
{
	return !c->globals.json && plat_is_terminal(PLAT_STDIN) &&
	    plat_is_terminal(c->out.to);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* One line of standard input; false at its end. */
static bool
read_line(struct str *out)
{
	int c;
	clearerr(stdin);
	while ((c = getc(stdin)) != EOF && c != '\n')
		if (out->len < ANSWER_MAX &&
		    (out->len > 0 || !is_blank((char)c)))
			str_addc(out, (char)c);
	while (out->len > 0 && is_blank(out->p[out->len - 1]))
		str_cut(out, out->len - 1);
	return c != EOF;
}

int
ask_line(struct str *answer, struct cli_context *c, struct err *e,
    const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	out_vstyle(&c->out, OUT_STRONG, fmt, ap);
	va_end(ap);
	out_add(&c->out, " ");
	str_clear(answer);
	if (out_flush(&c->err, e) != 0 || out_flush(&c->out, e) != 0)
		return -1;
	bool ended = plat_sig_await_input(e) != 0 || !read_line(answer);
	if (ended || plat_sig_asked()) {
		out_add(&c->out, "\n");
		return plat_sig_check(e) != 0 ? -1 : 1;
	}
	return 0;
}

static bool
is_yes(const char *answer)
{
	return strcmp(answer, "y") == 0 || strcmp(answer, "Y") == 0 ||
	    strcmp(answer, "yes") == 0;
}

int
ask_yes(struct cli_context *c, struct err *e, const char *question)
{
	struct str answer = STR_INIT;
	int rc = ask_line(&answer, c, e, "%s [y/N]", question);
	bool yes = rc == 0 && is_yes(answer.p);
	str_free(&answer);
	return rc < 0 ? -1 : yes;
}

int
ask_unless_no(struct cli_context *c, struct err *e, const char *question)
{
	struct str answer = STR_INIT;
	int rc = ask_line(&answer, c, e, "%s [Y/n]", question);
	bool yes = rc == 0 && (answer.len == 0 || is_yes(answer.p));
	str_free(&answer);
	return rc < 0 ? -1 : yes;
}
