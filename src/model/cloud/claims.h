/*
 * claims.h - what machines say the cloud folder holds (docs/handoff.md).
 *
 * A machine publishes a numbered generation of the folder: a claim for every
 * file and link. A version remembers its origin, the generation that first
 * said so, and a publication remembers the newest generation of every machine
 * it had seen. Together these tell an old version from a concurrent one
 * without any history: who has seen an origin and claims something else has
 * replaced it.
 *
 * Claims come as a stream in tree order, so that a million of them cost no
 * memory but the file they are read from.
 */
#ifndef MODEL_CLOUD_CLAIMS_H
#define MODEL_CLOUD_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/strlist.h"

/* ---- machines ---- */

/* Every machine heard of, once; its index stands for it within a run. Ids
   compare without case. */
struct roster {
	struct strlist ids;
};

#define ROSTER_NOBODY UINT32_MAX

/* roster_add: the machine's index, given one where it is new. */
uint32_t roster_add(struct roster *r, const char *id);

/* roster_find: ROSTER_NOBODY when it was never heard of. */
uint32_t roster_find(const struct roster *r, const char *id);

void roster_free(struct roster *r);

/* The newest generation of each machine that is accounted for. */
struct seen {
	uint64_t *v; /* by index; 0: none */
	size_t n;
};

uint64_t seen_get(const struct seen *s, uint32_t machine);

/* seen_raise: at least this generation. */
void seen_raise(struct seen *s, uint32_t machine, uint64_t generation);

/* seen_join: everything *from* has seen. */
void seen_join(struct seen *s, const struct seen *from);

void seen_free(struct seen *s);

/* ---- claims ---- */

struct version {
	uint8_t type;        /* ENTRY_FILE, ENTRY_LINK; ENTRY_NONE: not there */
	uint32_t machine;    /* the origin: who said so first ... */
	uint64_t generation; /* ... and in which generation */
	uint64_t size;
	struct hash hash;
};

/* version_same: the same content, whoever said so first? */
bool version_same(const struct version *a, const struct version *b);

/* More versions than machines ever wrote one file at once. */
enum { CLAIM_VERSIONS = 8 };

/* A path, and what it may be: more than one version only while machines that
   did not know of each other claim different things. */
struct claim {
	const char *path;
	size_t path_len;
	unsigned n;
	struct version v[CLAIM_VERSIONS];
};

/* claim_has: is this content among them? */
bool claim_has(const struct claim *c, const struct version *v);

/* claim_add: unless it is there; what is beyond CLAIM_VERSIONS is dropped. */
void claim_add(struct claim *c, const struct version *v);

/* A stream of claims: *next* fills *now*, whose path holds until the next
   call, and answers false behind the last. */
struct claims {
	bool (*next)(struct claims *c);
	struct claim now;
	bool ended; /* *next* has answered false, or was not asked: see begin */
};

/* claims_begin: stand at the first claim; claims_next: at the one behind. */
void claims_begin(struct claims *c);
void claims_next(struct claims *c);

/* Who gets claims that are made. */
struct claims_sink {
	void (*claim)(void *arg, const struct claim *c);
	void *arg;
};

#endif
