/*
 * run_id.h - the name of one run: "20261120T235137Z-4f0a".
 *
 * When it began in UTC, so that names sort as the runs happened, and four
 * random digits, so that two runs of the same second differ.
 */
#ifndef ENGINE_PROFILE_RUN_ID_H
#define ENGINE_PROFILE_RUN_ID_H

#include "base/stamp.h"

/* Room for the text and its NUL, also for years beyond 9999. */
enum { RUN_ID_SIZE = STAMP_ISO_SIZE + 8 };

/* run_id_make: a fresh id for a run that begins *now*, into *buf* of
   RUN_ID_SIZE bytes; returns *buf*. */
char *run_id_make(char *buf, struct stamp now);

#endif
