/*
 * says.h - manifests as text: "p=x@a1 q=y@b2": at path p content x, first
 * said by machine a in generation 1. Several versions of a path stand beside
 * each other with '|' ("p=x@a1|y@b1"); "-" as content is "not there". Paths
 * are in tree order. Machines are single letters.
 */
#ifndef SUPPORT_SAYS_H
#define SUPPORT_SAYS_H

#include "base/str.h"
#include "store/manifest.h"

/* A roster with a, b, c, d as 0, 1, 2, 3. */
void says_roster(struct roster *r);

/* says_make: *author* ("b2": machine b, generation 2) having seen *seen*
   ("a1 c3") claims *claims*. Parsed and checked. */
void says_make(struct manifest *out, struct roster *r, const char *author,
    const char *seen, const char *claims);

/* says_bytes: the same as a file. */
void says_bytes(struct str *out, struct roster *r, const char *author,
    const char *seen, const char *claims, bool partial);

/* says_version: "x@a1". */
struct version says_version(const char *text);

/* says_sink: appends claims to a struct str in the same form. */
struct claims_sink says_sink(struct str *out);

/* says_text: the claims of a manifest. */
void says_text(struct str *out, const struct manifest *m);

#endif
