/*
 * schedule_text.h - what a system's scheduler is told, as text.
 *
 * Pure functions: the texts for all systems are made, and tested, on any. A
 * name or path may hold whatever a file name can; each scheduler is told in its
 * own quoting, and what it has no quoting for is refused (schedule_check).
 *
 * Each text carries a seal: one line with everything it was made from. By it
 * status tells a text of ours from a foreign one, and one that was edited from
 * one that was not.
 */
#ifndef ENGINE_SCHEDULE_SCHEDULE_TEXT_H
#define ENGINE_SCHEDULE_SCHEDULE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum schedule_kind {
	SCHEDULE_SYSTEMD, /* user timer: a service and a timer unit */
	SCHEDULE_CRON,    /* two lines of the user's crontab */
	SCHEDULE_LAUNCHD, /* agent: a property list */
	SCHEDULE_TASK,    /* Windows task: XML */
	SCHEDULE_KINDS
};

enum schedule_when { SCHEDULE_EVERY, SCHEDULE_DAILY, SCHEDULE_LOGIN };

struct schedule_job {
	const char *profile;
	const char *program; /* absolute */
	const char *config;  /* absolute */
	const char *state;   /* state directory to insist on; "" for none */
	const char *user;    /* DOMAIN\name, for SCHEDULE_TASK only */
	enum schedule_when when;
	int64_t number; /* seconds, or minutes after midnight */
	bool apply;     /* else a dry run */
};

/* schedule_name: append what the job is called: "coldsync-" and the profile,
   what not every system takes in a name as "_xHH_". */
void schedule_name(struct str *out, const char *profile);

/* schedule_when_text: append "every 15 minutes", "daily at 07:30", … */
void schedule_when_text(struct str *out, const struct schedule_job *j);

/* schedule_check: can the job be put into words for this scheduler? */
int schedule_check(
    const struct schedule_job *j, enum schedule_kind kind, struct err *e);

/* schedule_texts: how many texts the kind has; schedule_file: append the file
   name of one of them. */
int schedule_texts(enum schedule_kind kind);
void schedule_file(
    struct str *out, const char *profile, enum schedule_kind kind, int which);

/* schedule_text: append one of the texts of a job that passed the check. */
void schedule_text(struct str *out, const struct schedule_job *j,
    enum schedule_kind kind, int which);

/* ---- seals ---- */

#define SCHEDULE_SEAL "coldsync-schedule "

/* schedule_seal: append the line, without its end. */
void schedule_seal(struct str *out, const struct schedule_job *j);

/* What a seal says, in strings of its own. */
struct schedule_sealed {
	struct schedule_job job; /* points into the strings below */
	struct str profile, program, config, state;
};

/* schedule_unseal: the first seal in *text*; -1 when there is none that makes
   sense. *out* must be released either way. */
int schedule_unseal(struct schedule_sealed *out, const char *text);
void schedule_sealed_free(struct schedule_sealed *s);

/* ---- for the kinds (schedule_unit.c, schedule_xml.c) ---- */

/* The command line of a job, argument by argument; NULL behind the last. *i* is
   the index. */
const char *schedule_arg(const struct schedule_job *j, int i, struct str *room);

void schedule_systemd(struct str *out, const struct schedule_job *j, int which);
void schedule_cron(struct str *out, const struct schedule_job *j);
void schedule_launchd(struct str *out, const struct schedule_job *j);
void schedule_task(struct str *out, const struct schedule_job *j);

/* schedule_cron_when: append the five fields; -1: cron cannot say that. */
int schedule_cron_when(struct str *out, const struct schedule_job *j);

#endif
