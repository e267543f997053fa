/*
 * sync.h - one profile's run, from the command's wish to what is said about
 * it: what plan, sync, pull, push, conflicts and resolve share.
 */
#ifndef CLI_CMD_SYNC_H
#define CLI_CMD_SYNC_H

#include <stdbool.h>

#include "cli/cli.h"
#include "cli/out/plan_view.h"
#include "engine/run/run.h"

/* What a command wants of the engine. */
struct sync_order {
	enum run_errand errand;
	bool apply;
	bool glance;        /* a look also while the application is running */
	const char *reason; /* of an applying run: "sync", "pull", … */
	struct run_wish wish;
	const struct restore_wish *restore; /* RUN_RESTORE, RUN_EXTRACT */
	bool allow_deletes, accept_cloud;
	struct opt_number wait; /* seconds; not given: as configured */
	const struct strlist *accept_paths; /* NULL: accept_cloud means all */
	/* What is waited for (await.h), where it is something in particular;
	   once *give_up* is set it will never be. */
	bool (*ready)(void *arg, const struct run *run, struct err *why);
	const bool *give_up;
	void *ready_arg;
};

/* How a run ended. */
struct sync_end {
	int rc; /* of run_profile */
	struct err why;
};

/* SYNC_WISH: nothing but what the config says. */
#define SYNC_WISH ((struct run_wish){.direction = -1, .policy = -1})

/*
 * sync_profile: do *work* with the chosen profile's config. Where that cannot
 * be had, that was said, and JSON has a plan of nothing. Returns the exit code.
 */
int sync_profile(struct cli_context *c,
    int (*work)(struct cli_context *c, const struct config *config));

/*
 * sync_may_ask: 0, or the exit code when --dry-run and --apply contradict each
 * other, or neither is given and there is nobody to ask.
 */
int sync_may_ask(struct cli_context *c, bool dry_run, bool apply);

/* sync_agree: show what would be done, and ask. Returns whether to go on;
   where not, *code* is the exit code. */
bool sync_agree(int *code, struct cli_context *c, const struct config *config,
    const struct sync_order *order);

/* sync_run: do it, showing how far it is. *run* must be released. */
struct sync_end sync_run(struct run *run, struct cli_context *c,
    const struct config *config, const struct sync_order *order);

/*
 * sync_accept: the tree paths *args* name, for accept_paths, into *out*; NULL
 * in *accept* when there are none. Returns the exit code, everything having
 * been said.
 */
int sync_accept(const struct strlist **accept, struct strlist *out,
    struct cli_context *c, const struct config *config, bool accept_cloud);

/* sync_view: what there is to show of it. */
struct plan_view sync_view(
    const struct run *run, const struct sync_end *end, bool count_all);

/* sync_tell: show the run, in JSON too, and why it did not end well if it did
   not. Returns the exit code. */
int sync_tell(
    struct cli_context *c, const struct run *run, const struct sync_end *end);

/* sync_judge: the exit code, and for one that is not 0 the lines that explain
   it. */
int sync_judge(struct cli_context *c, const struct run *run,
    const struct sync_end *end, const struct plan_view *v);

/* sync_paused: is the profile paused? Then that was said, *code* is the exit
   code, and there is nothing left to do; so too where it cannot be told. */
bool sync_paused(int *code, struct cli_context *c, const struct config *config);

#endif
