/*
 * wrap.h - breaking text of our own into lines of a given width.
 *
 * What is wrapped is written by us, or escaped already: nothing is escaped
 * here. Words are never broken; one that is wider than the line stands alone.
 */
#ifndef CLI_OUT_WRAP_H
#define CLI_OUT_WRAP_H

#include <stddef.h>

#include "base/str.h"

/*
 * wrap_text: append the paragraphs of *text*, every line indented by *indent*
 * columns and ended by a line break. A '\n' in *text* ends a line; blanks
 * behind it indent what follows further, so that examples keep their shape.
 */
void wrap_text(struct str *out, const char *text, size_t indent, size_t width);

/*
 * wrap_pair: append *left* and, from *column* on, *right*: the shape of an
 * option and its help. *right* begins on a line of its own where *left* does
 * not end before *column*.
 */
void wrap_pair(struct str *out, const char *left, const char *right,
    size_t column, size_t width);

/* wrap_behind: append the words of *text* behind *at* columns that are there
   already; further lines begin at *indent*. */
void wrap_behind(
    struct str *out, const char *text, size_t at, size_t indent, size_t width);

#endif
