/*
 * complete.h - what may come next on a command line.
 *
 * Completion in every shell asks the program itself: commands, options and
 * their words come from the tables that also make the help, arguments from the
 * usage line of the command ("list|show ID"), and profiles, snapshots and paths
 * from where they are. Nothing is said when something is missing: a line that
 * makes no sense yet is being typed.
 */
#ifndef CLI_COMPLETE_COMPLETE_H
#define CLI_COMPLETE_COMPLETE_H

#include "base/str.h"
#include "base/strlist.h"

/* What the shell is to offer. */
enum complete_kind {
	COMPLETE_WORDS, /* *values*, nothing else */
	COMPLETE_FILES, /* what the shell offers by itself … */
	COMPLETE_DIRS,  /* … and so on */
	COMPLETE_PROGRAMS,
};

struct complete {
	enum complete_kind kind;
	/* Whole words that begin with what is typed; each may carry a tab and a
	   few words about it. One that ends with '/' or '=' is to go on. */
	struct strlist values;
};

/* complete_line: fill *out* (released by the caller: strlist_free) for
   words[0 … n): what stands behind the program's name, the last of them being
   typed. */
void complete_line(struct complete *out, char *const *words, int n);

/* ---- what its parts share ---- */

/* The line as far as it is understood. */
struct complete_line {
	const struct command *command; /* NULL: not there yet, or none */
	const char *config, *profile;  /* -c, -p */
	const struct strlist *args;    /* of the command, finished ones */
	const char *typed;             /* of the word to be completed */
	const char *before;            /* what it keeps: "--name=" or "" */
};

/* complete_offer: add *value* if it is what was begun. */
void complete_offer(struct complete *out, const struct complete_line *l,
    const char *value, const char *about);

/* complete_named: offer what usage calls *name* ("PATH", "ID", "a|b"). */
void complete_named(
    struct complete *out, const struct complete_line *l, const char *name);

/* complete_usage: offer what the command's usage line has next. */
void complete_usage(struct complete *out, const struct complete_line *l);

#endif
