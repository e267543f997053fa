/*
 * command.h - what a command is, and the list of them.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/cli.h"
#include "cli/opt.h"

/* Under which heading help lists a command, in this order. */
enum command_group {
	COMMAND_SETUP,
	COMMAND_DAILY,
	COMMAND_MACHINES,
	COMMAND_SAFETY,
	COMMAND_JOBS,
	COMMAND_ABOUT,
	COMMAND_GROUPS,
	COMMAND_HIDDEN = COMMAND_GROUPS /* for programs; listed nowhere */
};

enum { COMMAND_ALIASES = 2 };

struct command {
	const char *name;
	const char *aliases[COMMAND_ALIASES + 1]; /* NULL-terminated */
	enum command_group group;
	const char *summary;       /* one line */
	const char *args;          /* as usage shows them; "" for none */
	const char *details;       /* the help text, as wrap_text wants it */
	const struct opt *options; /* NULL: only the global ones */
	size_t options_size;       /* of the struct they fill */
	int max_args;              /* more are a mistake; -1: any number */
	enum opt_stop stop;
	bool takes_all; /* --all makes sense */
	bool pages;     /* its answer is for reading, and may be long */

	/* Do it and return the exit code. */
	int (*run)(struct cli_context *c);
};

/* command_at: the *i*-th command, in the order of help; NULL behind the last.
 */
const struct command *command_at(size_t i);

/* command_find: by name or alias; NULL when there is none. */
const struct command *command_find(const char *name);

/* command_nearest: the name or alias *word* most likely meant, or NULL. */
const char *command_nearest(const char *word);

/* The commands; each is defined in the file of its name. */
extern const struct command cmd_backups;
extern const struct command cmd_complete;
extern const struct command cmd_completion;
extern const struct command cmd_conflicts;
extern const struct command cmd_doctor;
extern const struct command cmd_handoff;
extern const struct command cmd_help;
extern const struct command cmd_history;
extern const struct command cmd_init;
extern const struct command cmd_machines;
extern const struct command cmd_pause;
extern const struct command cmd_plan;
extern const struct command cmd_pull;
extern const struct command cmd_push;
extern const struct command cmd_report;
extern const struct command cmd_receive;
extern const struct command cmd_resolve;
extern const struct command cmd_restore;
extern const struct command cmd_resume;
extern const struct command cmd_run;
extern const struct command cmd_status;
extern const struct command cmd_schedule;
extern const struct command cmd_sync;
extern const struct command cmd_undo;
extern const struct command cmd_validate;
extern const struct command cmd_version;
extern const struct command cmd_watch;

/* cmd_help_show: the help of *topic*, or for NULL that of the program. */
void cmd_help_show(struct cli_context *c, const struct command *topic);

/* cmd_help_short: a few lines for who gave no command. */
void cmd_help_short(struct out *o);

#endif
