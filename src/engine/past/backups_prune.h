/*
 * backups_prune.h - which snapshots the config lets go, and letting them go.
 *
 * model/retention.h has the rules. What an interrupted run may still need stays
 * whatever they say, and so does everything that is not wholly understood.
 */
#ifndef ENGINE_PAST_BACKUPS_PRUNE_H
#define ENGINE_PAST_BACKUPS_PRUNE_H

#include "engine/log/log.h"
#include "engine/past/backups.h"
#include "model/retention.h"

struct prune {
	const struct config *config;
	struct backups backups;
	struct retention_item *v; /* a verdict for each of the list */
	bool *removed;            /* likewise, once they were carried out */
	size_t nremoved;
	uint64_t bytes;   /* that took */
	size_t leftovers; /* of dead runs, that go or are gone */
};

/* prune_judge: look, and decide as of *now*; *state* may be NULL. */
int prune_judge(struct prune *out, const struct config *c,
    struct plat_dir *state, struct stamp now, struct err *e);

/* prune_reason: append why the *i*th stays or goes, in a few words. */
void prune_reason(struct str *out, const struct prune *p, size_t i);

/* prune_carry_out: by whoever holds the profile's lock. Goes on behind one
   that cannot be removed, and fails at the end. */
int prune_carry_out(struct prune *p, struct err *e);

void prune_free(struct prune *p);

/* prune_own: the complete snapshot *id* goes, whatever the limits say; by the
   run that made it, while it holds the profile's lock. */
int prune_own(const struct config *c, const char *id, struct err *e);

/* prune_profile: take the lock, judge, and carry out unless *dry*. *out* must
   be freed either way. */
int prune_profile(
    struct prune *out, const struct config *c, bool dry, struct err *e);

#endif
