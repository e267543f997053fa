/*
 * log.h - the log files of one profile on one machine.
 *
 * "<profile>-<machine>-YYYY-MM-DD[.N].log" in the log directory: a new file
 * each day and whenever one has grown to its limit; older ones are packed into
 * zip archives (or left as text) and removed when past retention, archives
 * too. Several processes may log at once: a record is one write, and rotation
 * happens under a lock.
 *
 * Logging never stops a sync: when the directory cannot be written or the disk
 * is full, that is said once (log_trouble) and the run goes on without.
 */
#ifndef ENGINE_LOG_LOG_H
#define ENGINE_LOG_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "config/config.h"

struct log;

/* What a record may say besides its event; unset members are left out. */
struct log_fields {
	const char *side; /* "local", "cloud" */
	const char *path; /* tree path, any bytes */
	size_t path_len;
	const int64_t *bytes;
	const struct hash *hash;
	const char *reason; /* any bytes */
};

/* log_open: tidy up after earlier runs. Never fails; what goes wrong is kept
   for log_trouble. *run_id* is put into every record. */
struct log *log_open(const struct config *c, const char *run_id);

/* log_event: one record, when *level* (CONFIG_LOG_*) reaches the configured
   one. *event* is a short fixed word. *f* and *l* may be NULL. Thread-safe. */
void log_event(
    struct log *l, int level, const char *event, const struct log_fields *f);

/* log_reason: log_event with only a formatted reason. */
void log_reason(struct log *l, int level, const char *event, const char *fmt,
    ...) PRINTF_LIKE(4, 5);

/*
 * log_gather, log_let_go: between the two, records are written many at a time,
 * for who has thousands in one go. The last are written by log_let_go; a crash
 * loses those held.
 */
void log_gather(struct log *l);
void log_let_go(struct log *l);

/* log_trouble: the first thing that kept us from logging or tidying, once;
   NULL when nothing did or it was told already. Valid until log_close; may
   hold a name as it is, so escape it before showing. */
const char *log_trouble(struct log *l);

/* log_close: NULL is fine. */
void log_close(struct log *l);

#endif
