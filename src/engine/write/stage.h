/*
 * stage.h - new content, prepared beside or away from its target.
 *
 * May: read the source, create one private file under a staging name of this
 * run. May not: touch anything a user can see. A source in a tree is looked at
 * before and after; when it is not what the plan saw, nothing is staged. One in
 * a snapshot has to be what its manifest says.
 */
#ifndef ENGINE_WRITE_STAGE_H
#define ENGINE_WRITE_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "engine/write/site.h"
#include "engine/write/source.h"
#include "model/story.h"

/* Where the content comes from and where it will go. */
struct stage_job {
	struct source from;
	const struct site *to;
	const char *beside; /* a merge: its path, of *beside_len* bytes */
	size_t beside_len;
	struct fingerprint expected; /* what the plan saw there */
	uint32_t victim_mode;        /* permissions of what is replaced … */
	bool has_victim;             /* … where they count */
	const char *name;            /* staging name */
	bool sync_each; /* make it durable here, not by the batch */
};

/* A file system that shares no blocks with another. */
struct stager_strangers {
	bool met;
	uint64_t dev; /* of the one content came from last */
};

/* What a thread brings along to stage many. */
struct stager {
	struct stager_strangers strangers[SIDES]; /* of each side */
	struct tap tap;
	struct hash_stream *hash;
	char *buffer;
	void (*progress)(void *arg, uint64_t bytes); /* may be NULL */
	void *progress_arg;
};

void stager_init(struct stager *s, const struct site sites[SIDES],
    const struct source_snapshot *kept);
void stager_free(struct stager *s);

/*
 * stage: prepare a copy. *put* is what lies under the staging name then.
 * Returns 1 when the source is not (or is no longer) what was expected;
 * nothing is left behind then, nor on failure.
 */
int stage(struct fingerprint *put, struct stager *s,
    const struct stage_job *job, struct err *e);

/*
 * stage_merge: prepare the append-merge of the job's source and of *other*, the
 * file it will replace on the job's own side; both begin with the same *base*
 * bytes. The cloud side's lines come first; those of another path's file come
 * behind the replaced one's. Returns 1 when one of them is not what was
 * expected, or they cannot be merged after all.
 */
int stage_merge(struct fingerprint *put, struct stager *s,
    const struct stage_job *job, const struct fingerprint *other, uint64_t base,
    struct err *e);

/* stager_forget: close directories kept open. */
void stager_forget(struct stager *s);

/* stage_bytes: prepare a file with this content (a merge). */
int stage_bytes(struct fingerprint *put, struct stager *s,
    const struct stage_job *job, const void *bytes, size_t n, struct err *e);

#endif
