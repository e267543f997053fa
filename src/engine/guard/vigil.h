/*
 * vigil.h - the guard, from the first look of a run to its last write.
 *
 * Names are cheap and looked at first, and then again and again; open files
 * only once something is to be written. Before the first write nobody may have
 * been seen for the grace period: it is counted from the first look, so that
 * it costs only what scanning has not taken already, and a run that writes
 * nothing does not wait at all.
 */
#ifndef ENGINE_GUARD_VIGIL_H
#define ENGINE_GUARD_VIGIL_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/guard/guard.h"

struct vigil {
	const struct config *config;
	bool absent;         /* nobody was met since … */
	uint64_t since;      /* … then (plat_ticks) */
	bool kept;           /* the grace period is over */
	uint64_t next_names; /* when to look again */
	uint64_t next_files;
	struct guard_matches met; /* who ended it */
};

void vigil_init(struct vigil *v, const struct config *c);
void vigil_free(struct vigil *v);

/* vigil_look: is anybody there by name? ERR_RUNNING, and *met* says who. */
int vigil_look(struct vigil *v, struct err *e);

/* vigil_before_writing: wait until the grace period is over, then look at names
   and at who holds a file below *root* (NULL: there is no root yet). */
int vigil_before_writing(struct vigil *v, struct plat_dir *root, struct err *e);

/* vigil_between: asked between two writes as often as one likes: looks only
   when enough time has passed for it to cost little. Also ERR_CANCELLED. */
int vigil_between(struct vigil *v, struct plat_dir *root, struct err *e);

#endif
