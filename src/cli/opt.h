/*
 * opt.h - options from a table.
 *
 * A command declares its options as a constant array of struct opt and a plain
 * struct that receives their values; parsing, the usage text, completion and
 * "did you mean" all work from the table. "--name=value", "--name value",
 * "-nvalue", "-n value", grouped "-vq", "--" and options behind arguments all
 * work. A second value for a single-valued option is an error, not a silent
 * override.
 *
 * A struct of values that is all zero means "nothing given"; every kind of
 * value keeps "not given" apart from whatever may be given.
 */
#ifndef CLI_OPT_H
#define CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "base/strlist.h"

struct opt_number {
	bool given;
	int64_t value;
};

enum opt_kind {
	OPT_FLAG,   /* bool */
	OPT_COUNT,  /* int: how often */
	OPT_TEXT,   /* const char *: points into argv; NULL when not given */
	OPT_LIST,   /* struct strlist: repeatable */
	OPT_NUMBER, /* struct opt_number within [min, max] */
	OPT_CHOICE, /* int: 1 + index into choices; 0 when not given */
};

struct opt {
	const char *name; /* long name without dashes; NULL ends a table */
	char letter;      /* short name or 0 */
	enum opt_kind kind;
	size_t at;        /* where its value lies in the struct of values */
	const char *arg;  /* what its argument is called in usage; NULL: none */
	const char *help; /* what it does, a line or two */
	int64_t min, max; /* OPT_NUMBER */
	const char *const *choices; /* OPT_CHOICE, NULL-terminated */
};

/* A table and the struct its values go to. */
struct opt_set {
	const struct opt *table; /* NULL ends a list of sets */
	void *values;
};

/* What ends the options. */
enum opt_stop {
	OPT_ANYWHERE, /* arguments and options may mix, until "--" */
	OPT_AT_FIRST, /* the first argument: it and all behind it are left */
};

/* The arguments that are no options: strings of argv, not owned. */
struct opt_args {
	char **v; /* NULL-terminated */
	int n;
	int dashes; /* index of the first that came behind "--", or n */
	const char *nearest; /* a known name like the unknown option's, or NULL
			      */
};

/*
 * opt_parse: parse argv[0 … argc) by *sets* (earlier tables win). Returns 0,
 * or -1 with the first mistake as ERR_USAGE; the rest is parsed all the same,
 * so that a "--json" or "--help" behind the mistake counts. *args* must be
 * released either way.
 */
int opt_parse(struct opt_args *args, int argc, char *const *argv,
    const struct opt_set *sets, enum opt_stop stop, struct err *e);

void opt_args_free(struct opt_args *args);

/* opt_values_free: release the lists among a struct of values. */
void opt_values_free(const struct opt *table, void *values);

/* opt_usage: append a table's help, wrapped to *width* columns. */
void opt_usage(struct str *out, const struct opt *table, size_t width);

#endif
