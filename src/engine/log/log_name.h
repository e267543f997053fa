/*
 * log_name.h - what log files and their archives are called.
 *
 *   <stem>-YYYY-MM-DD[.PART].log         a file of that local day
 *   <stem>-YYYY-MM-DD[.PART][-COPY].zip  its archive
 *   <stem> = <profile>-<machine>
 *
 * PART counts from 1 behind the day's first file, which has none. COPY (from
 * 2) is there when an archive's name was taken. Numbers have no leading zeros,
 * so each name is written in one way only, and whatever is not written so is
 * somebody else's file.
 */
#ifndef ENGINE_LOG_LOG_NAME_H
#define ENGINE_LOG_LOG_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/stamp.h"
#include "base/str.h"

enum log_kind { LOG_PLAIN, LOG_ARCHIVE };

struct log_name {
	enum log_kind kind;
	int64_t day;  /* local days since 1970-01-01 */
	int64_t part; /* 0: the first of its day */
	int64_t copy; /* of an archive; 1: the first */
};

/* PART and COPY go up to here. */
enum { LOG_NUMBER_MAX = 999999999 };

/*
 * log_stem: append the stem for a profile and machine. Letters and digits of
 * ASCII, '.', '_', '-' and blanks stay as they are; when anything else must
 * give way, or a part is very long, '~' and a hash of the exact name follow,
 * so that no two names share a stem for it.
 */
void log_stem(struct str *out, const char *profile, const char *machine);

/* log_day: the local day *t* falls on, *offset* seconds ahead of UTC. */
int64_t log_day(struct stamp t, int offset);

/* log_name_put: append the file name. */
void log_name_put(
    struct str *out, const char *stem, const struct log_name *name);

/* log_name_parse: is *file* the name of a log file or archive of *stem*? */
bool log_name_parse(
    struct log_name *out, const char *stem, const char *file, size_t n);

#endif
