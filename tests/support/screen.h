/*
 * screen.h - standard output and error of a unit test's own making: what is
 * printed is gathered here, and no system is asked.
 *
 * Stands in for the plat_* functions below out_text.c. A test that wants a
 * terminal sets its width.
 */
#ifndef TESTS_SCREEN_H
#define TESTS_SCREEN_H

#include "base/str.h"

struct screen {
	int columns;       /* of the terminal; 0: there is none */
	struct str shown;  /* everything, in the order it was written */
	struct str pieces; /* the same, each write as "out<…>" or "err<…>" */
};

extern struct screen screen;

/* screen_clear: no terminal, and nothing shown. */
void screen_clear(void);

#endif
