/*
 * displace.h - carry out one intent on what a user can see.
 *
 * The victim is never copied and then overwritten: new and old trade places in
 * one step, and what came out is compared with what the plan saw. If somebody
 * wrote meanwhile, the step is taken back (and that is verified too), and the
 * path is left for the next run. Until it is kept, a victim lies under the
 * intent's staging name.
 *
 * Every function can be called again after a crash: displace_resume finds out
 * how far an intent got, by what lies where.
 */
#ifndef ENGINE_WRITE_DISPLACE_H
#define ENGINE_WRITE_DISPLACE_H

#include <stdbool.h>

#include "base/err.h"
#include "engine/write/dircache.h"
#include "engine/write/site.h"
#include "model/story.h"
#include "store/snapshot/snapshot.h"

struct displacer {
	const struct site *sites; /* SIDES of them */
	const char *stage;        /* the run's stage word */
	struct snapshot *snapshot;
	struct dircache to[SIDES], from[SIDES];
	struct str staged, aside; /* the present intent's own names */
};

void displacer_init(struct displacer *d, const struct site sites[SIDES],
    const char *stage, struct snapshot *snapshot);
void displacer_free(struct displacer *d);

/* displacer_forget: close directories kept open; they may go or move. */
void displacer_forget(struct displacer *d);

/*
 * displace_do: 0 done and verified; 1 not done, because the path is not as the
 * plan saw it (all is as before); -1 not done, for a reason in *e*. What was
 * staged then still is, for displace_discard. Where even taking it back failed,
 * deed->stuck is set and everything is left where it lies, for displace_resume.
 */
int displace_do(struct displacer *d, struct deed *deed, struct err *e);

/* displace_keep: after displace_do: the victim goes into the snapshot. */
int displace_keep(struct displacer *d, struct deed *deed, struct err *e);

/* displace_undo: after displace_do, instead of displace_keep: all is as
   before. */
int displace_undo(struct displacer *d, struct deed *deed, struct err *e);

/* displace_resume: as displace_do, for an intent a dead run left; what the
   journal knows to be done is left alone, a victim kept already stays kept. */
int displace_resume(struct displacer *d, struct deed *deed, struct err *e);

/*
 * displace_discard: remove what was staged for an intent that is not carried
 * out. The journal has to say so first: to displace_resume, content that is
 * neither waiting nor in its place has been there, and was changed since.
 */
int displace_discard(struct displacer *d, struct deed *deed, struct err *e);

#endif
