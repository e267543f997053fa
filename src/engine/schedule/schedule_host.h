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

/* ---- for schedule_host.c and schedule_tab.c ---- */

/* schedule_tool: run a program of the scheduler's, its output appended.
   ERR_NOTFOUND when there is none. Returns its exit code. */
int schedule_tool(struct str *out, const char *const *argv, struct err *e);

/* schedule_tell: schedule_tool that must succeed; *what* it was to do. */
int schedule_tell(const char *what, const char *const *argv, struct err *e);

int schedule_tab_find(
    struct schedule_found *out, const char *profile, struct err *e);

/* schedule_tab_put: with NULL for the job, its lines go. */
int schedule_tab_put(const char *profile, const struct schedule_job *j,
    const char *state, struct err *e);

/* schedule_pass: the file *name* in *state* now holds *bytes*, for a program
   to read; its path is appended. */
int schedule_pass(struct str *path, const char *state, const char *name,
    const struct str *bytes, struct err *e);
void schedule_unpass(const char *state, const char *name);

#endif
