/*
 * unpublished.h - what a run did to the cloud folder and has not told yet.
 *
 * A run changes the folder first and publishes last of all. If it dies in
 * between, the folder no longer is what the manifests say, through our own
 * doing. So before its first write a run notes which machines' words it has
 * seen, and before the ledger is saved, what it changed: "unpublished" in the
 * state directory, a manifest of the changes alone. It goes when the manifest
 * in the cloud folder says it all.
 */
#ifndef ENGINE_CLOUD_UNPUBLISHED_H
#define ENGINE_CLOUD_UNPUBLISHED_H

#include "base/err.h"
#include "model/cloud/publish.h"
#include "model/story.h"
#include "platform/plat_fs.h"
#include "store/manifest.h"

#define UNPUBLISHED_NAME "unpublished"

/* unpublished_load: returns 1 when there is none; *out* is checked. */
int unpublished_load(struct manifest *out, struct roster *roster,
    struct plat_dir *state, struct err *e);

struct unpublished {
	const struct roster *roster;
	const struct seen *seen; /* before this run */
	uint32_t machine;
	uint64_t generation; /* that will say it */
	bool durable;
};

/* unpublished_save: *changes* are sorted. */
int unpublished_save(struct plat_dir *state, const struct unpublished *about,
    const struct publish_changes *changes, struct err *e);

/* unpublished_extend: add what a recovered run did, where it was going to be
   published. *generation* becomes the one that will say it; it stays where
   there was no such note. */
int unpublished_extend(struct plat_dir *state, const struct story *story,
    bool durable, uint64_t *generation, struct err *e);

/* unpublished_clear: all is published. */
int unpublished_clear(struct plat_dir *state, struct err *e);

#endif
