/*
 * quote.h - arguments in a Windows command line.
 *
 * Windows hands a program one line of text; the program takes it apart again.
 * Nearly all do so by one set of rules; cmd.exe, which runs batch files, has
 * its own, in which some characters cannot be protected at all.
 */
#ifndef PLATFORM_WIN32_QUOTE_H
#define PLATFORM_WIN32_QUOTE_H

#include <stdbool.h>

#include "base/str.h"

/* quote_program: append a program's own path, as the first word of a line. */
void quote_program(struct str *line, const char *path);

/* quote_argument: append *arg* so that CommandLineToArgvW and the C runtimes
   find exactly it. */
void quote_argument(struct str *line, const char *arg);

/* quote_batch: append *arg* for a batch file, unexpanded and unsplit; false
   (nothing appended) when no quoting can see to that. */
bool quote_batch(struct str *line, const char *arg);

#endif
