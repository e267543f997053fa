/*
 * ziphand.h - several threads fill one archive, in the order of one.
 *
 * What is to be added is numbered, and given out in runs: each thread takes the
 * next run, packs its entries into a piece of its own, and waits for its turn
 * to hand them over. So all processors pack, and the archive is the same
 * however many there are.
 */
#ifndef STORE_ZIP_ZIPHAND_H
#define STORE_ZIP_ZIPHAND_H

#include <stdbool.h>
#include <stddef.h>

#include "platform/plat_thread.h"
#include "store/zip/zipfile.h"

/* Whose turn it is, shared by all hands of one archive. */
struct zipturns {
	struct zipfile *z;
	struct plat_mutex *mutex;
	size_t now; /* this run's entries come next */
};

void zipturns_init(struct zipturns *t, struct zipfile *z);
void zipturns_free(struct zipturns *t);

/* One thread's. */
struct ziphand {
	struct zipturns *turns;
	struct zippiece piece;
	size_t run;
	bool mine; /* it is its turn */
};

void ziphand_init(struct ziphand *h, struct zipturns *t);
void ziphand_free(struct ziphand *h);

/* ziphand_begin: from now on it adds what belongs to that run. Runs count from
   0; each is begun, and ended, by exactly one hand. */
void ziphand_begin(struct ziphand *h, size_t run);

/* ziphand_add: an entry whose content is at hand. ERR_NAME as zippiece_add. */
int ziphand_add(struct ziphand *h, const struct zipentry_about *about,
    const void *bytes, size_t n, struct err *e);

/* ziphand_archive: wait for the run's turn; until it ends the archive, which
   holds all that was added before, is this hand's alone. */
int ziphand_archive(struct zipfile **out, struct ziphand *h, struct err *e);

/* ziphand_end: the run is over, and the next one's turn comes. What fails in
   writing spoils the archive (zipfile.h), which zipfile_finish will tell. */
void ziphand_end(struct ziphand *h);

#endif
