/*
 * journal.h - the append-only record of a run, for whoever comes after a crash.
 *
 * Before a batch touches anything, the journal says what is about to happen to
 * each path (an intent), and is synced. From the intents alone the next run can
 * tell how far this one got, finish it, and remember it: the ledger and the
 * snapshot's manifest are built from intents whether the run ended well or not.
 *
 * Each record carries a checksum; reading stops at the first that does not
 * match, which is the torn tail of a crash. docs/formats.md has every byte.
 */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/story.h"
#include "platform/plat_fs.h"

#define JOURNAL_NAME "journal"

/* ---- writing ---- */

struct journal;

/* journal_open: begin; ERR_EXISTS when there is one in *state* yet, which has
   to be recovered first. The begin record is written when this returns, and
   synced when *durable*. */
int journal_open(struct journal **out, struct plat_dir *state,
    const struct story_begin *begin, bool durable, struct err *e);

/* journal_intend: buffer an intent; its seq counts up from 0. Anything the
   reader would not accept, and every failure to write, sticks: journal_sync
   reports it, now and ever after. */
void journal_intend(struct journal *j, const struct intent *i);

/* journal_done: the intent *seq* has been carried out (or given up); *now* is
   what its path looks like. Said twice, the later one counts. Buffered. */
void journal_done(struct journal *j, uint32_t seq, bool applied,
    const struct fingerprint *now);

/* journal_sync: write what is buffered, and sync it when the run is durable. */
int journal_sync(struct journal *j, struct err *e);

/* journal_close: release; what is buffered is written if that works. The file
   stays. NULL is fine. */
void journal_close(struct journal *j);

/* journal_remove: the run is over and remembered elsewhere; durable. */
int journal_remove(struct plat_dir *state, struct err *e);

/* ---- reading ---- */

/*
 * journal_read: what the last run left. Returns 1 when there is no journal, or
 * an empty one. ERR_CORRUPT only when the begin record itself cannot be read
 * (which no crash leaves behind: a journal gets its name when that is in it);
 * ERR_UNSUPPORTED when a newer version wrote it. *out* holds nothing then, and
 * may be freed all the same.
 */
int journal_read(struct story *out, struct plat_dir *state, struct err *e);

#endif
