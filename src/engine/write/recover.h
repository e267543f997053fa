/*
 * recover.h - finish what a run that died had begun.
 *
 * Everything a run displaces was staged and written into the journal before, so
 * it can go on from wherever it was stopped; this can itself be stopped and
 * begun again any number of times. Leftovers are removed only when the journal
 * proves them ours; whatever is not is kept.
 */
#ifndef ENGINE_WRITE_RECOVER_H
#define ENGINE_WRITE_RECOVER_H

#include <stdbool.h>

#include "base/err.h"
#include "config/config.h"
#include "engine/log/log.h"
#include "engine/write/site.h"
#include "store/ledger.h"

/* A run that died, and what it came to. */
struct recovered {
	const char *id, *reason;
	const char *snapshot; /* NULL where it left none */
	bool changed;         /* something was carried out */
};

struct recover {
	const struct config *config;
	const struct site *sites; /* SIDES of them, with work directories */
	const char *const *roots; /* canonical */
	struct plat_dir *state;
	struct ledger *ledger;    /* released when a run was finished */
	struct ledger_head *head; /* of the next one */
	struct log *log;
	/* Told of the run that was finished. */
	void (*finished)(void *arg, const struct recovered *run);
	void *arg;
};

/* recover_is_pending: did a run die? Changes nothing. */
bool recover_is_pending(struct plat_dir *state);

/*
 * recover: returns 1 when there was nothing to do, 0 when a run was finished
 * and the ledger is a new one. ERR_REFUSED when that run was about other
 * folders than these.
 */
int recover(const struct recover *r, struct err *e);

#endif
