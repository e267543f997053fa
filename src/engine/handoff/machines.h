/*
 * machines.h - who shares the cloud folder, and how it stands with each.
 */
#ifndef ENGINE_HANDOFF_MACHINES_H
#define ENGINE_HANDOFF_MACHINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/run/run.h"

struct machine_row {
	const char *id;
	const struct manifest *manifest; /* NULL: it cannot be read ... */
	const char *trouble;             /* ... and why */
	bool self;
	bool head;     /* its word about the folder counts */
	bool behind;   /* it has not said that it knows of the newest work */
	bool complete; /* all that it brought is here, as far as we can see */
};

/* machines_rows: of a run that looked, by id; the caller frees *out*, whose
   members live as long as the run. Returns how many. */
size_t machines_rows(struct machine_row **out, const struct run *run);

/* How the folder is, in few words. */
struct machines_cloud {
	bool known; /* it could be found out */
	bool complete;
	size_t missing;      /* paths that are not as published */
	const char *machine; /* who published the newest, or what is missing */
	uint64_t generation;
	int64_t time;
	bool unpublished; /* this machine has changes to bring or to tell */
};

void machines_cloud(struct machines_cloud *out, const struct run *run);

/*
 * machines_forget: machine *id* is gone for good: what it published goes on
 * under our name, and its manifest goes. Our own id: where another installation
 * has taken it, this one takes it back. Returns 1 when there is none of that
 * id.
 */
int machines_forget(const struct config *c, const char *id, struct err *e);

#endif
