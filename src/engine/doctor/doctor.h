/*
 * doctor.h - is everything as it has to be for a sync to go well?
 *
 * One function for each check, in one table (doctor.c); each says what it found
 * and, where that is not good, what to do about it in one sentence.
 *
 * May: list and look at both folders, read our own files, and of the user's
 * those the next sync would have to compare. May not: change anything, or open
 * a file of the application for writing, were it only to see whether it could.
 */
#ifndef ENGINE_DOCTOR_DOCTOR_H
#define ENGINE_DOCTOR_DOCTOR_H

#include <stddef.h>

#include "config/config.h"

enum doctor_status { DOCTOR_PASS, DOCTOR_WARN, DOCTOR_FAIL };

struct doctor_check {
	const char *id; /* "cloud_folder": for programs */
	enum doctor_status status;
	char *detail; /* what was found; any bytes */
	char *remedy; /* one sentence; NULL where nothing needs one */
};

struct doctor {
	struct doctor_check *v;
	size_t n, cap;
};

/* doctor_look: make every check; *threads* look at the folders. Released by
   doctor_free. */
void doctor_look(struct doctor *out, const struct config *c, unsigned threads);
void doctor_free(struct doctor *d);

/* doctor_count: how many checks ended that way. */
size_t doctor_count(const struct doctor *d, enum doctor_status status);

/* doctor_add: one more, made elsewhere; *remedy* may be NULL. */
void doctor_add(struct doctor *d, const char *id, enum doctor_status status,
    const char *detail, const char *remedy);

#endif
