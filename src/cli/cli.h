/*
 * cli.h - the command line.
 *
 * cli_main finds the command in one table (command.h), parses the options every
 * command shares, and turns whatever happens into an exit code. It is the only
 * layer that prints: answers go to standard output, everything about how it
 * went to standard error; under --json one document is all of standard output
 * and what people read goes to standard error.
 *
 * To add a command: write cmd_NAME.c with its option table, its texts and its
 * struct command; declare that in command.h and add it to the list in
 * command.c. Help, completion and "did you mean" follow from it.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>

#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "base/strlist.h"
#include "cli/opt.h"
#include "cli/out/out_text.h"
#include "config/config.h"

enum cli_progress {
	CLI_PROGRESS_AUTO = 1,
	CLI_PROGRESS_ALWAYS,
	CLI_PROGRESS_NEVER
};

/* The options every command understands, as they were given. */
struct cli_globals {
	const char *config;  /* -c */
	const char *profile; /* -p */
	bool all;            /* --all */
	int verbose;         /* how many -v */
	bool quiet;          /* -q */
	bool json;
	int color;                 /* OUT_COLOR_*, 0 when not given */
	int progress;              /* CLI_PROGRESS_*, 0 when not given */
	struct opt_number threads; /* 1 … 256 */
	struct strlist sets;       /* --set, in order */
	bool manual_terminate_confirmation;
	bool auto_terminate_without_confirmation;
	bool help, version;
};

extern const struct opt cli_global_options[];

/* cli_threads: how many are to work: as many as were asked for, or one for each
   processor; fewer where the system gives us too few open files. */
unsigned cli_threads(const struct cli_globals *g);

struct command;

/* What a command is handed. */
struct cli_context {
	const struct command *command; /* NULL until one is understood */
	struct cli_globals globals;
	void *options;        /* the command's own struct of values */
	struct opt_args args; /* what follows the command */

	struct out out; /* answers for people */
	struct out err; /* how it went */

	struct str members; /* the JSON members of the command … */
	struct json json;   /* … and their writer, inside the object */

	/* For the JSON envelope; texts are the context's own. */
	char *profile, *machine;
	struct str message;
	size_t unknown;     /* names in a config that could not be used */
	const char *result; /* NULL: what the exit code means */
};

/* cli_main: the whole program but its set-up; returns the exit code. */
int cli_main(int argc, char **argv);

/* cli_done: the command did what was asked; say so, unless --quiet. */
void cli_done(struct cli_context *c, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* cli_note: what is going on just now, on standard error at once, unless
   --quiet. */
void cli_note(struct cli_context *c, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* cli_warn: something is worth knowing, though it goes on. */
void cli_warn(struct cli_context *c, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * cli_fail: say why the command cannot go on and, as *fmt*, what to do about
 * it (NULL: what helps against this kind of failure in general). Returns the
 * exit code.
 */
int cli_fail(struct cli_context *c, const struct err *e, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* cli_remedy: what helps in general against this kind of failure: a sentence
   that ends with "then try again", or the like. */
const char *cli_remedy(enum err_code code);

/* cli_why: the same for what is no failure of the program, such as a conflict:
 *why* it did not end well, and as *fmt* what to do. */
void cli_why(struct cli_context *c, const char *why, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/*
 * cli_profile: choose the profile by the global options and load it into
 * *out*. Returns 0, or the exit code when that failed, everything having been
 * said. *out* must be released with config_free either way.
 */
int cli_profile(struct cli_context *c, struct config *out);

/*
 * cli_all: do *one* for every profile in the config directory, in order of
 * their names; the answers become one. Returns the exit code that wins.
 */
int cli_all(struct cli_context *c, int (*one)(struct cli_context *c));

#endif
