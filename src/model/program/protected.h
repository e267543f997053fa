/*
 * protected.h - programs that are never ended, whatever a config names.
 */
#ifndef MODEL_PROGRAM_PROTECTED_H
#define MODEL_PROGRAM_PROTECTED_H

#include <stdbool.h>

/* protected_is: does the system, the desktop or a login stand on a program of
   this name (any case, ".exe" or not)? */
bool protected_is(const char *name);

#endif
