/*
 * pattern.h - a small regular expression dialect for file names.
 *
 * Searching takes at most program size × name length steps, whatever the
 * pattern, so a pattern from a config cannot hang a run. The dialect is
 *
 *   .            any one character
 *   [abc] [a-z]  one of these; [^…] one that is not
 *   \d           a digit, also inside [ ]
 *   \.           the punctuation character itself
 *   * + ?        the last thing any number of times, at least once, at most
 *                once
 *   {3} {1,} {1,3}
 *   (…|…)        grouping and alternatives
 *   ^ $          the beginning and the end of the name
 *
 * and nothing else: what is not listed is refused, never guessed at. A
 * character is a UTF-8 character, or one byte where a name is not UTF-8; such
 * a byte matches '.' and [^…] only.
 */
#ifndef MODEL_FILTER_PATTERN_H
#define MODEL_FILTER_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pattern_op;    /* one step of the program */
struct pattern_range; /* characters of a set, from … to */

struct pattern {
	struct pattern_op *ops;
	size_t n, cap;
	struct pattern_range *ranges; /* of all sets, referred to by index */
	size_t nranges, ranges_cap;
	bool fold_case;
};

/* The largest program; longer ones are refused. */
enum { PATTERN_OPS_MAX = 4000 };

/*
 * pattern_compile: *fold_case* lets ASCII letters match either case. Returns
 * -1 when the text is not of the dialect, with *why* saying what is wrong in
 * a few words; *out* is empty then.
 */
int pattern_compile(struct pattern *out, const char *text, size_t n,
    bool fold_case, const char **why);

void pattern_free(struct pattern *p);

/*
 * pattern_find: the first place in *s* where the pattern matches, and there
 * the longest match: s[*from … *to). *from* and *to* may be NULL.
 */
bool pattern_find(
    const struct pattern *p, const char *s, size_t n, size_t *from, size_t *to);

#endif
