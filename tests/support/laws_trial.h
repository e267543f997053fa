/*
 * laws_trial.h - one world put to the test: what the files of laws.c share.
 */
#ifndef SUPPORT_LAWS_TRIAL_H
#define SUPPORT_LAWS_TRIAL_H

#include "support/replay.h"

struct trial {
	const struct world *before;
	struct world after;
	struct planned first, second;
	struct kept kept;
	unsigned patience; /* runs a collision may take to settle */
};

/* broken: the fault, as text that lives until the next one. */
const char *broken(const char *law, const char *path);

/* excuses: is *path* held back by what was told of *told*: by being it, lying
   in it, being a directory that stays for it, or sharing its unit? */
bool excuses(
    const struct world *w, const char *path, const char *told, size_t n);

/* Each returns what was broken, or NULL. */
const char *check_kept(struct trial *t);
const char *check_unknown(const struct trial *t);
const char *check_agreement(const struct trial *t);
const char *check_quiet(const struct trial *t);
const char *check_one_sided(const struct trial *t);
const char *check_policy(const struct trial *t);

#endif
