/*
 * differ.h - what two versions of a file have between them.
 *
 * Small texts are compared line by line (Myers, O(ND), with a bound on D);
 * larger ones, and those that are no text, by where they first differ. Nothing
 * of a file reaches the terminal unescaped.
 */
#ifndef CLI_RESOLVE_DIFFER_H
#define CLI_RESOLVE_DIFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/out/out_text.h"

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

/* One line of a comparison. */
enum differ_kind {
	DIFFER_SHARED,
	DIFFER_ONLY_A,
	DIFFER_ONLY_B,
	DIFFER_GAP, /* shared lines were left out; *number* is the next */
};

struct differ_line {
	enum differ_kind kind;
	const char *p;
	size_t n;      /* without its line break … */
	bool open;     /* … which it does not have */
	size_t number; /* in *a*, from 1; ONLY_B: in *b* */
	size_t other;  /* SHARED: in *b* */
};

typedef void differ_fn(void *arg, const struct differ_line *line);

/*
 * differ_compare: call *fn* for every line that only one of them has, and for
 * a few around it that they share, in order: of one place those of *a* first.
 * Returns false, *fn* not called, when they are no texts or differ in more than
 * is worth showing.
 */
bool differ_compare(
    differ_fn *fn, void *arg, struct differ_text a, struct differ_text b);

/* differ_show: the same on a terminal: lines only *a* has begin with '-', lines
   only *b* has with '+'. */
bool differ_show(struct out *o, struct differ_text a, struct differ_text b);

#endif
