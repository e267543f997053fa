/*
 * differ.h - what two versions of a file have between them.
 *
 * Small texts are compared line by line (Myers, O(ND), with a bound on D);
 * larger ones, and those that are no text, by where they first differ. Nothing
 * of a file reaches the terminal unescaped.
 */
#ifndef CLI_DIFFER_H
#define CLI_DIFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/out_text.h"

/* The content of one version. */
struct differ_text {
	const char *p;
	size_t n;
};

/* More bytes than this need not be read: line by line is not for them. */
enum { DIFFER_BYTES_MAX = 1024 * 1024 };

/* differ_is_text: no NUL, valid UTF-8, and small enough. */
bool differ_is_text(struct differ_text t);

/* differ_first: the offset of the first byte in which they differ; that of the
   shorter one's end where it only goes on. */
size_t differ_first(struct differ_text a, struct differ_text b);

/*
 * differ_show: lines only *a* has begin with '-', lines only *b* has with '+',
 * a few they share lie between. Returns false, having shown nothing, when they
 * are no texts or differ in more than is worth showing.
 */
bool differ_show(struct out *o, struct differ_text a, struct differ_text b);

#endif
