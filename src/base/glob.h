/*
 * glob.h - one gitignore pattern against one path.
 *
 * '*' and '?' match within a part, "[…]" with ranges, '!' or '^' negation and
 * POSIX classes, "**" whole parts; '\' takes the next byte literally. A '/' at
 * the start or in the middle anchors the pattern at the root, otherwise it is
 * tried at every depth; a trailing '/' wants a directory; a leading '!'
 * negates. '?' and "[…]" match one UTF-8 character (one byte where the name is
 * not UTF-8). Matching takes at most pattern length × path length steps,
 * whatever the pattern.
 *
 * Which of several patterns wins, and that nothing below an excluded directory
 * comes back, is filter's business (model/filter/filter.h).
 */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include <stdbool.h>
#include <stddef.h>

struct glob {
	char *pattern; /* without '!', leading and trailing '/' */
	size_t len;
	bool negated;   /* began with '!' */
	bool anchored;  /* only at the root */
	bool dirs_only; /* ended in '/' */
	bool fold_case; /* ASCII letters match either case */
};

/*
 * glob_parse: one line of an ignore file. Returns 1, leaving *out* empty, for
 * a line that holds no pattern (blank, comment); -1 for one that can never
 * match, with *why* saying what is wrong with it in a few words.
 */
int glob_parse(struct glob *out, const char *line, size_t n, const char **why);

void glob_free(struct glob *g);

/* glob_match: does the pattern match this tree path (negation left aside)? */
bool glob_match(const struct glob *g, const char *path, size_t n, bool is_dir);

/*
 * glob_may_match_below: could the pattern match anything inside the directory
 * *dir*? False lets a walk skip it; true promises nothing.
 */
bool glob_may_match_below(const struct glob *g, const char *dir, size_t n);

#endif
