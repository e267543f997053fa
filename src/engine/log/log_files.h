/*
 * log_files.h - the log files of one stem that lie in the log directory.
 */
#ifndef ENGINE_LOG_LOG_FILES_H
#define ENGINE_LOG_LOG_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "engine/log/log_name.h"
#include "platform/plat_fs.h"

/* Where the files of one log lie, and by what rules. */
struct log_place {
	const char *dir;    /* native path; created private when missing */
	char *stem;         /* see log_name.h */
	uint64_t max_bytes; /* of one file */
	int64_t keep_days;  /* older files go; 0: they stay for ever */
	bool pack;          /* finished files become zip archives */
};

/* log_place_open: open the directory, made first if need be. */
int log_place_open(
    struct plat_dir **out, const struct log_place *p, struct err *e);

struct log_file {
	struct log_name name;
	uint64_t size;
	bool regular; /* false: a directory, link or the like has the name */
};

struct log_files {
	struct log_file *v; /* by day, then part */
	size_t n, cap;
};

/* log_files_list: everything in *d* with a name of *stem*. To be released
   either way. */
int log_files_list(
    struct log_files *out, struct plat_dir *d, const char *stem, struct err *e);

void log_files_free(struct log_files *l);

/* log_files_last: the last part of *day* that is there in any form; -1 when
   the day has none. */
int64_t log_files_last(const struct log_files *l, int64_t day);

/* log_files_part: the part of *day* that takes a record of *len* bytes: the
   last one while there is room in it and it can be appended to, else the
   next; -1 when there are no more numbers. */
int64_t log_files_part(const struct log_files *l, const struct log_place *p,
    int64_t day, size_t len);

/* log_fits: does a record of *len* bytes fit into a file of *size*? An empty
   file takes any. */
bool log_fits(const struct log_place *p, uint64_t size, size_t len);

#endif
