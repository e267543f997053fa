/*
 * schedule.h - a job of the system's own scheduler that syncs a profile.
 *
 * One job a profile, of the user's own: a systemd timer, two lines of a
 * crontab, a launchd agent or a Windows task. Installing asks that scheduler's
 * own program (systemctl, crontab, launchctl, schtasks), nothing else. What is
 * there and is not ours is never replaced or removed.
 */
#ifndef ENGINE_SCHEDULE_SCHEDULE_H
#define ENGINE_SCHEDULE_SCHEDULE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "config/config.h"
#include "engine/schedule/schedule_text.h"

/* schedule_kind_name: "systemd", "cron", "launchd", "task". */
const char *schedule_kind_name(enum schedule_kind kind);

/* What is wanted, beyond the profile. */
struct schedule_wish {
	int kind; /* enum schedule_kind; -1: what this system has */
	enum schedule_when when;
	int64_t number;
	bool apply;
};

/* A job with room for its strings. */
struct schedule_made {
	struct schedule_job job;
	enum schedule_kind kind;
	const char *passing; /* a directory of ours, to hand files over in */
	struct str program, config, state, user;
};

/* schedule_make: the job for this profile, program and user, checked. *out*
   must be released either way. */
int schedule_make(struct schedule_made *out, const struct config *c,
    const struct schedule_wish *wish, struct err *e);
void schedule_made_free(struct schedule_made *m);

/* schedule_install: write the job and have the scheduler take it up; one that
   was there before is replaced. *where* gets what was written appended.
   ERR_EXISTS when there is one that is not ours. */
int schedule_install(
    struct str *where, const struct schedule_made *m, struct err *e);

/* schedule_remove: 1 when there was none. ERR_EXISTS as above. *kind* as in a
   wish. */
int schedule_remove(const struct config *c, int kind, struct err *e);

enum schedule_state {
	SCHEDULE_NONE,    /* no job for this profile */
	SCHEDULE_WELL,    /* there is one, as we made it, for this program */
	SCHEDULE_GONE,    /* its program is not there any more */
	SCHEDULE_MOVED,   /* it starts another program than this one */
	SCHEDULE_OTHER,   /* it uses another config than this one */
	SCHEDULE_EDITED,  /* ours, changed by somebody */
	SCHEDULE_FOREIGN, /* in our job's place is one that is not ours */
	SCHEDULE_PARTIAL, /* part of it is missing */
	SCHEDULE_IDLE     /* written, but the scheduler does not heed it */
};

struct schedule_status {
	enum schedule_state state;
	enum schedule_kind kind;
	bool sealed; /* *what* tells what it was made from */
	struct schedule_sealed what;
	struct str where; /* file, crontab or task */
};

/*
 * schedule_look: is a job installed for this profile, and does it start this
 * program? Changes nothing. *out* must be released either way.
 */
int schedule_look(struct schedule_status *out, const struct config *c, int kind,
    struct err *e);
void schedule_status_free(struct schedule_status *s);

/* schedule_state_name: "none", "well", "gone", "moved", "other_config",
   "edited", "foreign", "partial", "idle". */
const char *schedule_state_name(enum schedule_state s);

/* schedule_state_trouble, schedule_state_remedy: what that means and what to do
   about it; NULL where there is nothing to do. */
const char *schedule_state_trouble(enum schedule_state s);
const char *schedule_state_remedy(enum schedule_state s);

#endif
