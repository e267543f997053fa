/*
 * scheduler.h - one scheduler, as schedule_host.c calls it; and what they
 * share. Nobody else includes it.
 */
#ifndef ENGINE_SCHEDULE_SCHEDULER_H
#define ENGINE_SCHEDULE_SCHEDULER_H

#include <stdbool.h>

#include "engine/schedule/schedule_host.h"

/* As the functions of schedule_host.h say. */
struct scheduler {
	int (*where)(struct str *out, const char *profile, struct err *e);
	int (*find)(
	    struct schedule_found *out, const char *profile, struct err *e);
	int (*put)(
	    const struct schedule_job *j, const char *state, struct err *e);
	int (*drop)(const char *profile, const char *state, struct err *e);
};

extern const struct scheduler scheduler_systemd, scheduler_cron,
    scheduler_launchd, scheduler_windows;

/* ---- their programs ---- */

/* schedule_tool: run a program of the scheduler's, its output appended.
   ERR_NOTFOUND when there is none. Returns its exit code. */
int schedule_tool(struct str *out, const char *const *argv, struct err *e);

/* schedule_tell: schedule_tool that must succeed; *what* it was to do. */
int schedule_tell(const char *what, const char *const *argv, struct err *e);

/* schedule_agrees: does it answer this question with yes? */
bool schedule_agrees(const char *const *argv);

/* schedule_pass: the file *name* in *state* now holds *bytes*, for a program
   to read; its path is appended. */
int schedule_pass(struct str *path, const char *state, const char *name,
    const struct str *bytes, struct err *e);
void schedule_unpass(const char *state, const char *name);

/* ---- texts that are files of their own: systemd and launchd ---- */

int schedule_files_where(struct str *out, const char *profile,
    enum schedule_kind kind, struct err *e);
int schedule_files_read(struct schedule_found *out, const char *profile,
    enum schedule_kind kind, struct err *e);
int schedule_files_write(
    const struct schedule_job *j, enum schedule_kind kind, struct err *e);
int schedule_files_remove(
    const char *profile, enum schedule_kind kind, struct err *e);

#endif
