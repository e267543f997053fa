/*
 * program.h - is this process one of the programs the user named?
 *
 * Names are base names: whole ones, in any case, with or without ".exe". A
 * process answers to the name of its program file, to what it was started as
 * or calls itself, and, when its program is a known interpreter, to the script
 * or module it runs. Nothing else on its command line counts, and no part of a
 * name does.
 *
 * What the system cuts short or does not show may hide any of these: where it
 * could, the answer is neither yes nor no, and whoever asked must refuse.
 */
#ifndef MODEL_PROGRAM_PROGRAM_H
#define MODEL_PROGRAM_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "base/strlist.h"

/* What a process tells of itself. */
struct program {
	const char *name;        /* base name of its program; "" if not known */
	bool name_cut;           /* there may be more of it */
	const char *title;       /* what it calls itself, or NULL */
	bool title_cut;          /* there may be more of it */
	const char *const *argv; /* NULL-terminated; NULL: not known */
	bool hidden; /* another user's: what is missing is not for us */
};

enum program_is { PROGRAM_OTHER, PROGRAM_OURS, PROGRAM_MAYBE };

/* By what it was found, or why there is no telling. */
enum program_by {
	PROGRAM_BY_NAME,
	PROGRAM_BY_TITLE,
	PROGRAM_BY_START, /* its first argument */
	PROGRAM_BY_SCRIPT,
	PROGRAM_BY_MODULE,
	PROGRAM_BY_BEGINNING, /* maybe: the beginning of its name is all there
				 is, and is that of ours */
	PROGRAM_BY_NOTHING    /* maybe: what it runs cannot be seen */
};

/* program_key: append the form in which names are compared, of the base name
   of *path* (either slash, and a login shell's dash, may stand before it). */
void program_key(struct str *out, const char *path);

/* program_is: does *p* answer to one of *keys*, made by program_key? *by* is
   set unless it is another's. */
enum program_is program_is(
    enum program_by *by, const struct program *p, const struct strlist *keys);

#endif
