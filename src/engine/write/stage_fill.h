/*
 * stage_fill.h - content into a fresh file, hashed on the way: shared blocks
 * where two file systems can, holes kept, and else the bytes.
 *
 * A part of stage.h; nobody else includes it.
 */
#ifndef ENGINE_WRITE_STAGE_FILL_H
#define ENGINE_WRITE_STAGE_FILL_H

#include "engine/write/stage.h"

enum { STAGE_BUFFER = 256 * 1024 }; /* bytes of a stager's buffer */

/* A source, and what it was when it was opened. */
struct stage_opened {
	struct plat_file file;
	struct plat_stat st;
};

/* stage_fill: *to*, empty and on *side*, gets all of *from*; its hash is in
   s->hash then. Returns 1 when that is shorter than it was when opened. */
int stage_fill(struct stager *s, struct plat_file to, enum side side,
    const struct stage_opened *from, struct err *e);

/* stage_progress: so many bytes more are there. */
void stage_progress(struct stager *s, uint64_t bytes);

#endif
