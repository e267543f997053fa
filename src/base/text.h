/*
 * text.h - making bytes safe to show.
 *
 * A file name may hold escape sequences, line breaks, text-direction marks or
 * bytes that are no character at all. Nothing reaches a terminal, a log or a
 * JSON document without passing through here; after it, no input can move the
 * cursor, reorder what is around it, or begin a record of its own.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/*
 * text_show: append for a terminal: C0, DEL, C1, bidirectional controls, line
 * and paragraph separators, other invisible format characters and invalid
 * bytes become \n \t \r \e \\ \xHH or \u{H…}; a backslash is doubled only where
 * the name holds something escaped, so that plain Windows paths stay readable.
 *
 * Zero-width joiners (U+200C, U+200D) and variation selectors are part of how
 * emoji and several scripts are spelled: one stays as it is behind a character
 * beyond ASCII (a joiner: between two such), where it does that work, and is
 * escaped like the others everywhere else.
 */
void text_show(struct str *out, const char *s, size_t n);

/* text_message: as text_show, but keeps line breaks: for whole messages of our
   own that may carry names. */
void text_message(struct str *out, const char *s, size_t n);

/*
 * text_quote: append as a logfmt value: bare when it is made of harmless
 * characters only, else in double quotes with \" \\ \n and the escapes of
 * text_show.
 */
void text_quote(struct str *out, const char *s, size_t n);

/*
 * text_json: append the JSON string, quotes included; always valid UTF-8, each
 * invalid piece as U+FFFD; C0, DEL, C1, bidi controls, U+2028, U+2029 and
 * whatever else text_show escapes as \uXXXX.
 */
void text_json(struct str *out, const char *s, size_t n);

/* text_width: columns of *s*, which has been through text_show. */
size_t text_width(const char *s, size_t n);

/*
 * text_fit: append text_show of *s* in at most *width* columns; when it must
 * be cut, the middle gives way to "…" so that both the directory and the end
 * of the name can be read.
 */
void text_fit(struct str *out, const char *s, size_t n, size_t width);

/* text_nearest: the one of *names* (NULL-terminated) that *word* most likely
   meant (a few slips of the finger away, or cut short; ASCII case is no slip),
   or NULL when none is near. */
const char *text_nearest(const char *word, const char *const *names);

#endif
