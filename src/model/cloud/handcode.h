/*
 * handcode.h - one name for a whole tree (docs/handoff.md, H1).
 *
 * The root hash covers every file and link (path, type, size, content), no
 * directory, mode or time. It is a sum over the entries, so neither the order
 * in which a system lists names nor how it sorts them counts, and a path that
 * is UTF-8 is taken composed (NFC), whichever form the file system keeps. The
 * handoff code is its first 40 bits, for people to read to each other.
 */
#ifndef MODEL_CLOUD_HANDCODE_H
#define MODEL_CLOUD_HANDCODE_H

#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

/* A tree in the summing; all zero: an empty one. */
struct handcode {
	struct hash sum;
	uint64_t files; /* files and links */
	uint64_t bytes; /* what they hold */
};

/* One entry's contribution. */
struct handcode_entry {
	const char *path; /* a tree path */
	size_t path_len;
	uint8_t type; /* ENTRY_FILE or ENTRY_LINK */
	uint64_t size;
	struct hash hash;
};

void handcode_add(struct handcode *h, const struct handcode_entry *e);

/* handcode_root: the root hash of what was added. */
struct hash handcode_root(const struct handcode *h);

/* "XXXX-XXXX" and a NUL. */
enum { HANDCODE_SIZE = 10 };

/* handcode_text: into *buf* of HANDCODE_SIZE bytes; returns *buf*. */
char *handcode_text(char *buf, struct hash root);

/*
 * handcode_parse: what a person typed, in the form handcode_text gives it: any
 * case, with or without dashes and blanks, with I, L and O for 1, 1 and 0. -1
 * when it is no code.
 */
int handcode_parse(char *buf, const char *text);

#endif
