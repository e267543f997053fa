/*
 * pager.h - long answers, a screen at a time.
 *
 * Only on a terminal, and only what is longer than it is high. PAGER says what
 * shows it ("" or "cat": nothing does), else less, told to leave the text on
 * the screen (LESS=FRX, unless LESS is set).
 */
#ifndef CLI_OUT_PAGER_H
#define CLI_OUT_PAGER_H

#include "cli/out/out_text.h"

/* pager_use: from now on what *o* gathers is shown at once, when it is
   flushed, through the pager if need be. No-op off a terminal. */
void pager_use(struct out *o);

#endif
