/*
 * pattern_ops.h - the program between pattern_compile and pattern_find.
 *
 * A list of steps; two threads of it may run side by side, and a match is a
 * thread that arrives at PATTERN_DONE. Jumps are relative, so that a piece of
 * program can be moved and copied as it is.
 */
#ifndef MODEL_FILTER_PATTERN_OPS_H
#define MODEL_FILTER_PATTERN_OPS_H

#include <stdint.h>

enum pattern_kind {
	PATTERN_CHAR,    /* take the character a */
	PATTERN_ANY,     /* take any character */
	PATTERN_SET,     /* take one of ranges[a … a + b) */
	PATTERN_SET_NOT, /* take one of none of them */
	PATTERN_BEGIN,   /* go on at the beginning only */
	PATTERN_END,     /* go on at the end only */
	PATTERN_SPLIT,   /* go on at both + a and + b */
	PATTERN_JUMP,    /* go on at + a */
	PATTERN_DONE,
};

struct pattern_op {
	enum pattern_kind kind;
	int32_t a, b;
};

struct pattern_range {
	int32_t from, to;
};

#endif
