/*
 * err.h - the error value.
 *
 * A function that can fail returns 0 or -1 and fills a struct err its caller
 * owns. The message is set once, where the failure is first seen; callers on
 * the way up wrap it with what only they know (which profile, which path). No
 * state is shared between threads and nothing is allocated while failing.
 *
 * An expected outcome ("there is no such file") is not an error: it is a
 * positive return value, said in the function's contract.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

#include "base/compiler.h"

/* What kind of failure. cli/exitcode.h turns the kind into an exit code. */
enum err_code {
	ERR_NONE = 0,
	ERR_USAGE,       /* the command line */
	ERR_CONFIG,      /* the config file, or what it points at */
	ERR_RUNNING,     /* the application is running */
	ERR_REFUSED,     /* a guard refused; nothing was changed */
	ERR_LOCKED,      /* another run holds the lock */
	ERR_CANCELLED,   /* a signal asked us to stop */
	ERR_NOTFOUND,    /* it is not there (any more) */
	ERR_EXISTS,      /* it is there already */
	ERR_ACCESS,      /* permission denied, read-only */
	ERR_TYPE,        /* a link, directory or device where none may be */
	ERR_BUSY,        /* held open by somebody else; may pass */
	ERR_NOSPACE,     /* disk full, quota */
	ERR_NAME,        /* a name this file system cannot hold */
	ERR_IO,          /* everything else the system says */
	ERR_CORRUPT,     /* bytes that do not follow their format */
	ERR_UNSUPPORTED, /* this system or file system cannot do it */
};

enum { ERR_FRAMES = 6, ERR_FRAME_SIZE = 240 };

struct err {
	enum err_code code;
	long os;          /* errno or GetLastError(); 0 if none */
	unsigned nframes; /* how many of frame[] are filled */
	/* [0] is the root cause; each wrap is appended. */
	char frame[ERR_FRAMES][ERR_FRAME_SIZE];
};

/* err_clear: make *e* (or NULL) hold no error. A struct err needs no other
   set-up. */
void err_clear(struct err *e);

/*
 * err_set: *e* now says *code* and the formatted root cause; what it held
 * before is forgotten. *e* may be NULL; the arguments may not lie in it.
 * Returns -1.
 */
int err_set(struct err *e, enum err_code code, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* err_set_os: err_set that also records the system's own code. Returns -1. */
int err_set_os(struct err *e, enum err_code code, long os, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/*
 * err_wrap: add an outer frame. When the frames are full the newest outer one
 * is dropped, never the root cause. Returns -1.
 */
int err_wrap(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* err_pass: *e* (may be NULL) becomes a copy of *from*. Returns -1. */
int err_pass(struct err *e, const struct err *from);

/*
 * err_text: write the message into *buf* of *size* bytes, outermost frame
 * first, joined by ": ", and return *buf*. A message too long for *buf* is
 * cut at a whole UTF-8 character.
 *
 * Frames may hold file names as they are; whoever shows the text to a person
 * escapes it first (text.h).
 */
char *err_text(const struct err *e, char *buf, size_t size);

/* Room enough for every frame and its separator. */
enum { ERR_TEXT_SIZE = ERR_FRAMES * (ERR_FRAME_SIZE + 2) };

#endif
