/*
 * markup.h - text inside HTML and XML.
 */
#ifndef BASE_MARKUP_H
#define BASE_MARKUP_H

#include <stddef.h>

#include "base/str.h"

/* markup_text: append *s* so that nothing in it is markup, between tags and in
   quoted attributes. What a reader may not see (text_show) is not this
   function's to take out. */
void markup_text(struct str *out, const char *s, size_t n);

#endif
