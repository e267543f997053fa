/*
 * init.h - the parts of 'init': what is known of the new profile, asking for
 * what is not, showing what it will do, writing it.
 *
 *   cmd_init.c     the options, and the order of things
 *   init_take.c    what the options say, or fail to say
 *   init_ask.c     questions, at a terminal
 *   init_show.c    what is mirrored, and what never leaves the machine
 *   init_write.c   the config's text, checked, and on its way to the disk
 */
#ifndef CLI_INIT_INIT_H
#define CLI_INIT_INIT_H

#include <stdbool.h>

#include "cli/cli.h"
#include "config/config.h"
#include "config/detect.h"
#include "config/home.h"
#include "config/template.h"

struct init_options {
	const char *template;
	bool list_templates;
	const char *local, *cloud, *machine_id, *label, *output;
	bool force, join;
	struct opt_number wait; /* seconds, for what --join waits for */
};

struct init {
	struct cli_context *c;
	const struct init_options *o;
	bool asks;      /* somebody is there to answer */
	bool rehearsed; /* they saw what the first sync would do */
	struct home_real home;
	struct detected_list apps, clouds; /* what this home holds */

	struct template template;
	struct str file;         /* the config to be written */
	struct str local, cloud; /* native, absolute */
	struct str machine;
	struct str text;      /* of the config */
	struct config config; /* as that text reads */
};

/* init_take: what the options say, and what this home holds. Returns 0, or the
   exit code, everything having been said. */
int init_take(struct init *in);

/* init_refuse_missing: nobody is there to ask: name every flag that is missing,
   at once. Returns as init_take. */
int init_refuse_missing(struct init *in);

/* init_ask_template, _local, _cloud, _machine: fill in what the options left
   open. 0; 1 when the input ended first; -1 as ask_line. */
int init_ask_template(struct init *in, struct err *e);
int init_ask_local(struct init *in, struct err *e);
int init_ask_cloud(struct init *in, struct err *e);
int init_ask_machine(struct init *in, struct err *e);

/* init_short: append a path with "~" for the home directory. */
void init_short(struct str *out, const struct init *in, const char *path);

/* init_carrier: the cloud folder found on this machine that *path* lies in, or
   is; NULL when it lies in none. */
const struct detected *init_carrier(
    const struct init *in, const char *path, bool *is_all_of_it);

/* init_show: what the new profile will do. */
void init_show(struct init *in);

/* init_warn: what looks unwise about the two folders, though it may be
   meant. */
void init_warn(struct init *in);

/* init_compose: make the config's text and read it back. Returns 0, or the exit
   code, everything having been said. */
int init_compose(struct init *in);

/* init_may_write: is the place of the config free? Returns as init_compose. */
int init_may_write(struct init *in);

/* init_await: with --join, wait for the other machine's mark in the cloud
   folder. Returns as init_compose. */
int init_await(struct init *in);

/* init_write: write it, and make the cloud folder where that is safe. Returns
   as init_compose. */
int init_write(struct init *in);

/* init_next: what to do now. */
void init_next(struct init *in);

#endif
