/*
 * out_text.h - text for people: styles, widths, tables.
 *
 * A sink gathers text and writes it in large pieces. The first failing write
 * is remembered and what comes after it is dropped, so that callers need not
 * ask each time; out_flush reports it. Only the out_* functions that say so
 * escape what they are given: whatever may hold a file name goes through one
 * of those.
 */
#ifndef CLI_OUT_OUT_TEXT_H
#define CLI_OUT_OUT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "base/strlist.h"
#include "platform/plat_env.h"

/* As --color says it; 0 (not given) means auto. */
enum out_color { OUT_COLOR_AUTO = 1, OUT_COLOR_ALWAYS, OUT_COLOR_NEVER };

enum out_style {
	OUT_PLAIN,
	OUT_STRONG, /* headings */
	OUT_FAINT,  /* what may be skipped in reading */
	OUT_GOOD,
	OUT_WARN,
	OUT_BAD
};

struct out {
	enum plat_stream to;
	struct str buf; /* not written yet */
	bool color;     /* styles become colour sequences */
	size_t width;   /* columns; 0 where lines may be of any length */
	/* How it is written; NULL: straight away. Is handed all of it at
	   once. */
	int (*show)(const struct out *o, struct err *e);
	bool failed;        /* a write failed; *trouble* says how */
	struct err trouble; /* the first failure */
};

/* out_init: a sink for *to*, coloured as *color* (OUT_COLOR_*), the terminal
   and NO_COLOR say. Released by out_free, which writes nothing. */
void out_init(struct out *o, enum plat_stream to, int color);
void out_free(struct out *o);

/* out_flush: write what is gathered; -1 when this or an earlier write failed
   (*e* is *o*'s first failure). */
int out_flush(struct out *o, struct err *e);

/* out_help_width: columns for running text: 80 where there is no terminal, and
   never so wide that lines are hard to follow. */
size_t out_help_width(const struct out *o);

/* out_add: append text of our own as it is. */
void out_add(struct out *o, const char *text);

/* out_name: append a name, or anything else that is to stay on one line;
   escaped (text_show). */
void out_name(struct out *o, const char *name, size_t n);

/* out_style: append formatted text in a style; escaped (text_message). */
void out_style(struct out *o, enum out_style style, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* out_vstyle: as out_style. */
void out_vstyle(struct out *o, enum out_style style, const char *fmt,
    va_list ap) PRINTF_LIKE(3, 0);

/* out_line: a formatted line; escaped (text_message). */
void out_line(struct out *o, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* out_prose: a sentence behind a head in a style ("hint:"; NULL for none, and
   the style is the sentence's), and the line's end: broken between words where
   a terminal is too narrow for it. *text* is on one line, and escaped. */
void out_prose(
    struct out *o, enum out_style style, const char *head, const char *text);

/* ---- tables ---- */

struct out_column {
	const char *title; /* NULL in every column: no heading */
	bool right;        /* numbers */
	bool fits; /* gives way, shortened in its middle, on a narrow terminal
		    */
};

struct out_table {
	const struct out_column *columns;
	size_t ncolumns;
	struct strlist cells; /* row by row */
};

void out_table_init(
    struct out_table *t, const struct out_column *columns, size_t ncolumns);

/* out_table_cell: the next cell, row by row; escaped (text_show). */
void out_table_cell(struct out_table *t, const char *text);

/* out_table_print: every whole row, columns two blanks apart; releases *t*. */
void out_table_print(struct out *o, struct out_table *t);

#endif
