/*
 * schedule_host.h - how each scheduler is spoken to; for schedule.c alone.
 */
#ifndef ENGINE_SCHEDULE_SCHEDULE_HOST_H
#define ENGINE_SCHEDULE_SCHEDULE_HOST_H

#include "base/err.h"
#include "base/str.h"
#include "engine/schedule/schedule_text.h"

/* What a scheduler has under a job's name. */
struct schedule_found {
	struct str texts[2]; /* as many as the kind has */
	bool there[2];
	bool heeded; /* the scheduler would start it */
};

void schedule_found_free(struct schedule_found *f);

/* schedule_pick: the scheduler of this system. */
int schedule_pick(enum schedule_kind *out, struct err *e);

/* schedule_where: append where the job's texts are, for people. */
int schedule_where(struct str *out, const char *profile,
    enum schedule_kind kind, struct err *e);

/* schedule_find: look for the job. */
int schedule_find(struct schedule_found *out, const char *profile,
    enum schedule_kind kind, struct err *e);

/* schedule_put: write and start it. *state* is a directory for passing files.
 */
int schedule_put(const struct schedule_job *j, enum schedule_kind kind,
    const char *state, struct err *e);

/* schedule_drop: stop it and remove its texts. */
int schedule_drop(const char *profile, enum schedule_kind kind,
    const char *state, struct err *e);

#endif
