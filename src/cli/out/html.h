/*
 * html.h - writing HTML.
 *
 * Markup is text of our own; whatever else is shown goes through html_text,
 * after which no byte of it can be markup, an attribute's end, or anything
 * text_show keeps from a terminal.
 */
#ifndef CLI_OUT_HTML_H
#define CLI_OUT_HTML_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/stamp.h"
#include "base/str.h"

/* html_text: *n* bytes as text or as an attribute's value. */
void html_text(struct str *out, const char *s, size_t n);

/* html_textf: the same of formatted text. */
void html_textf(struct str *out, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* html_time: an element that says when; *now* is what "ago" counts from. */
void html_time(struct str *out, struct stamp t, struct stamp now);

/* html_bar: a bar of *part* in *whole*, *label* for who cannot see it. */
void html_bar(
    struct str *out, uint64_t part, uint64_t whole, const char *label);

/* html_size, html_count: "1.2 MB", "1,234". */
void html_size(struct str *out, uint64_t bytes);
void html_count(struct str *out, uint64_t n);

#endif
