/*
 * quirks_table.h - the provider table itself; quirks.c and quirks_copy.c know
 * how to ask it, nobody else includes this file. Lists end at the first empty
 * member.
 */
#ifndef MODEL_CLOUD_QUIRKS_TABLE_H
#define MODEL_CLOUD_QUIRKS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/cloud/quirks.h"
#include "model/filter/pattern.h"

enum {
	QUIRKS_ANY_CASE = 1 << 0, /* letters match either case */
	QUIRKS_TELLS = 1 << 1,    /* shape: only this provider makes it */
	QUIRKS_WEAK = 1 << 2,     /* mark: could be a name of the user's own */
	QUIRKS_AT_END = 1 << 3,   /* mark: stands behind the extension */
};

/*
 * A name a provider gives, whole: '*' stands for one or more characters (and
 * there is at most one), '%' for one or more hexadecimal digits, everything
 * else for itself.
 */
struct quirks_shape {
	const char *shape;
	enum quirks_kind kind;
	unsigned flags;
};

/* What a provider puts into the name of a conflict copy. */
struct quirks_mark {
	const char *pattern; /* "" : "-HOST" or "-HOST-N", a known machine */
	const char *hint;    /* lower-case text no such name is without */
	unsigned flags;
};

enum { QUIRKS_SHAPES_MAX = 8, QUIRKS_MARKS_MAX = 4, QUIRKS_FOLDERS_MAX = 5 };

struct quirks_row {
	const char *id;    /* as cloud.provider has it */
	const char *title; /* for people */
	struct quirks_shape shapes[QUIRKS_SHAPES_MAX];
	struct quirks_mark marks[QUIRKS_MARKS_MAX];
	const char *folders[QUIRKS_FOLDERS_MAX]; /* what its own folder is
						    called */
};

extern const struct quirks_row quirks_rows[];
extern const size_t quirks_nrows;

/* A mark ready to be looked for. */
struct quirks_finder {
	const struct quirks_row *row;
	const struct quirks_mark *mark;
	struct pattern pattern;
};

struct quirks {
	struct quirks_finder *finders; /* all marks, strong ones first */
	size_t nfinders, nstrong;
	struct pattern *extra_conflict, *extra_temp;
	size_t nconflict, ntemp;
	/* The first bytes of shapes, and the last ones of those that begin
	   with a star: most names have neither. */
	bool begins[256], ends[256];
};

#endif
