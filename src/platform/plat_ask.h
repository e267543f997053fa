/*
 * plat_ask.h - a question in a window, where there is no terminal.
 */
#ifndef PLATFORM_PLAT_ASK_H
#define PLATFORM_PLAT_ASK_H

#include <stddef.h>

#include "base/err.h"

struct plat_question {
	const char *title;
	const char *text; /* shown as it is: escape names first */
	/* Two or three, shown as buttons where the system lets us name them;
	   the last one is what closing the window means. */
	const char *const *answers;
	size_t n;
	unsigned timeout_seconds; /* then nobody is there */
};

/* plat_ask: put it. Returns the index of the answer, or -1 when it cannot be
   asked (no display, no program for it) or nobody answered in time. */
int plat_ask(const struct plat_question *q, struct err *e);

#endif
