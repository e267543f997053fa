/*
 * folder.h - what the machines say of the cloud folder, put together.
 *
 * May: read the manifests in the cloud folder and what this machine has not
 * come to publish. May not: write, or look at any file of the user's.
 */
#ifndef ENGINE_CLOUD_FOLDER_H
#define ENGINE_CLOUD_FOLDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/glob.h"
#include "base/strlist.h"
#include "model/cloud/claims.h"
#include "platform/plat_fs.h"
#include "store/identity.h"
#include "store/ledger.h"
#include "store/manifest.h"

struct folder_about {
	const char *machine; /* identity.machine_id */
	const char *local;   /* the canonical local root */
	const struct ledger_head *ledger;
	struct plat_dir *cloud; /* the root */
	struct plat_dir *state; /* NULL: there is none yet */
	const struct glob *groups;
	size_t ngroups;
};

struct folder {
	struct roster roster;
	uint32_t self;
	struct manifest *v; /* all that can be read */
	size_t n, cap;
	bool *head; /* which are heads */
	size_t nheads;
	struct strlist unreadable;   /* ids of machines ... */
	struct strlist reasons;      /* ... and why; one for each */
	const struct manifest *own;  /* NULL: this machine has none */
	char install[IDENTITY_SIZE]; /* "" where there is none yet */
	uint64_t place;              /* as a manifest's head has it */
	/* What the folder must hold: the only head's manifest, or one made of
	   several, with *changes* laid over it. */
	const struct manifest *expected; /* NULL: nobody has said anything */
	struct manifest made;            /* where it had to be made */
	struct seen seen;                /* all that it accounts for */
	int64_t newest;          /* when the newest head was published */
	struct manifest changes; /* what we have not come to publish ... */
	bool owes;               /* ... and must */
};

/* folder_hear: fill *out* (to be released also on failure). A manifest that
   cannot be read is noted in *out*, not a failure. */
int folder_hear(
    struct folder *out, const struct folder_about *about, struct err *e);

void folder_free(struct folder *f);

/* folder_twin: does another installation publish under our machine's id? One
   on this machine with this local folder is ours, whose state was lost. */
bool folder_twin(const struct folder *f);

/*
 * folder_went_back: has it lost what the ledger says was there? The machine
 * whose word is gone, or ROSTER_NOBODY; then *had* and *has* are generations.
 */
uint32_t folder_went_back(const struct folder *f,
    const struct ledger_head *ledger, uint64_t *had, uint64_t *has);

/* folder_next: the generation this machine publishes next. */
uint64_t folder_next(const struct folder *f, const struct ledger_head *ledger);

/* folder_remember: what the ledger remembers of all this. */
void folder_remember(struct ledger_head *out, const struct folder *f);

/* folder_read_seen: what such a memory ("17 laptop") says; NULL: nothing. */
const char *folder_read_seen(uint64_t *generation, const char *text);

/* folder_by: the manifest of a machine, or NULL. */
const struct manifest *folder_by(const struct folder *f, uint32_t machine);

/* folder_name: what people call it: its label, else its id. */
const char *folder_name(const struct folder *f, uint32_t machine);

#endif
