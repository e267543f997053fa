/*
 * run.h - the pipeline of one profile, in order; the only file that knows the
 * order (ARCHITECTURE.md, "The flow").
 *
 * A look ends with the plan and changes nothing at all. An applying run takes
 * the lock, finishes what an interrupted run left, and carries the plan out.
 */
#ifndef ENGINE_RUN_RUN_H
#define ENGINE_RUN_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "config/config.h"
#include "engine/cloud/folder.h"
#include "engine/guard/terminate.h"
#include "engine/guard/vigil.h"
#include "engine/log/log.h"
#include "engine/past/restore.h"
#include "engine/profile/run_id.h"
#include "engine/scan/rules.h"
#include "engine/scan/scan.h"
#include "engine/write/apply.h"
#include "engine/write/site.h"
#include "model/cloud/complete.h"
#include "model/cloud/handcode.h"
#include "model/cloud/publish.h"
#include "model/plan/classify.h"
#include "model/plan/plan.h"
#include "store/ledger.h"
#include "store/lock.h"

/* What a run is for. */
enum run_errand {
	RUN_SYNC,
	RUN_RESTORE, /* bring back what a snapshot keeps of one side */
	RUN_UNDO,    /* take back what the last run did */
	RUN_EXTRACT, /* a snapshot's content into a directory of its own */
};

struct run_options {
	enum run_errand errand;
	bool apply;
	bool glance; /* a look that neither the application nor another run
			keeps from looking */
	struct run_wish wish;
	/* "sync", "pull", "push", "resolve"; "restore" and "undo" also tell
	   how the run is remembered (story.h) */
	const char *reason;
	const struct restore_wish *restore; /* RUN_RESTORE, RUN_EXTRACT */
	bool allow_deletes; /* past the delete and empty-side guards */
	bool accept_cloud;  /* take the folder as it is, and mark it ... */
	/* ... or only at and below these tree paths; NULL: all of it. */
	const struct strlist *accept_paths;
	unsigned threads;
	/* For the application to stop; unless given, as configured. */
	bool wait_given;
	int64_t wait_seconds;
	int terminate; /* TERMINATE_*: what the command line says of asking */
	/* Told who is waited for, and asked whether to terminate the
	   application; either may be NULL. */
	void (*waiting)(void *arg, const char *who);
	bool (*agreed)(void *arg, const char *question);
	void *ask_arg;
	void (*progress)(void *arg, size_t steps, uint64_t bytes);
	/* Told the totals before the first write; may be NULL. */
	void (*progress_total)(void *arg, size_t steps, uint64_t bytes);
	void *progress_arg;
};

/* Which of the cloud folder's guards refused (ENGINE, "Cloud completeness"). */
enum run_refusal {
	RUN_NOT_REFUSED,
	RUN_REFUSED_MARKER,
	RUN_REFUSED_TWIN,       /* another installation has our machine id */
	RUN_REFUSED_MANIFEST,   /* one cannot be read */
	RUN_REFUSED_TIME,       /* the folder went back in time */
	RUN_REFUSED_INCOMPLETE, /* the cloud client has not finished */
	RUN_REFUSED_EDITED,     /* somebody edited the folder itself */
	RUN_REFUSED_OTHER,      /* complete, but not what is waited for */
};

/* Everything one run found and did, for whoever shows it. */
struct run {
	const struct config *config;
	struct run_options options;
	char id[RUN_ID_SIZE];
	struct stamp began;
	struct log *log;

	struct plat_dir *backups; /* restore, undo: NULL: there are none */
	struct snapread *kept;    /* likewise: what things come back from */

	struct vigil vigil; /* whether the application is running */
	struct lock *lock;
	struct plat_dir *state; /* NULL: there is none yet */
	char *roots[SIDES];     /* canonical */
	struct site sites[SIDES];
	struct ledger ledger;    /* the last one */
	struct ledger_head head; /* of the next one */
	struct rules rules;
	struct stamp seen[SIDES]; /* when each side's scan began */
	struct tree trees[SIDES];
	struct scan_news news;
	struct items items;

	bool heard; /* *folder* says what the other machines published */
	struct folder folder;   /* what the machines say */
	struct complete faults; /* where the folder is not as they say */
	bool incomplete;        /* and that matters */
	struct publish_changes changes; /* what we shall say anew */
	bool publishing, published;     /* we are going to; we have */
	bool must_publish;              /* whatever there is to say */
	struct handcode state_code;     /* of what we published */
	enum run_refusal refusal;

	bool planned; /* *plan* is there to be shown */
	struct plan plan;
	struct apply_result *results; /* for each action, when *applied* */
	bool hooked;    /* before_sync is over, so the others have their turn */
	bool applied;   /* something was carried out */
	bool recovered; /* an interrupted run was finished */
	/* Its reason, where it did anything, and its snapshot. */
	struct str finished, finished_snapshot;
	bool recovery_pending; /* a look: there is one to finish */
	struct str snapshot;   /* its id; empty: none */
	struct strlist notes;  /* what a person should know; not failures */
};

/*
 * run_profile: returns 0 when the end was reached (whatever became of single
 * paths: see plan and results), -1 when a guard or a failure ended it. *out*
 * must be released either way.
 */
int run_profile(struct run *out, const struct config *c,
    const struct run_options *options, struct err *e);

void run_free(struct run *r);

#endif
