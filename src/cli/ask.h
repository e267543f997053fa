/*
 * ask.h - asking whoever sits at the terminal.
 */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include <stdbool.h>

#include "cli/cli.h"

/* ask_possible: is somebody there who sees the question and can answer it?
   Nobody is where a program reads the answer (--json). */
bool ask_possible(const struct cli_context *c);

/* ask_line: put a question and take the answer, without blanks around it.
   Returns 1 when there is none (the input ended), ERR_CANCELLED as -1. */
int ask_line(struct str *answer, struct cli_context *c, struct err *e,
    const char *fmt, ...) PRINTF_LIKE(4, 5);

/* ask_yes: a question whose answer is yes, or anything else for no: 1 or 0, -1
   as ask_line. */
int ask_yes(struct cli_context *c, struct err *e, const char *question);

/* ask_unless_no: the same for what nearly everybody wants: the empty answer is
   a yes; the end of the input is a no. */
int ask_unless_no(struct cli_context *c, struct err *e, const char *question);

#endif
