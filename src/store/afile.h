/*
 * afile.h - replace a file of ours atomically and durably.
 *
 * Written beside its target under a temporary name, synced, renamed over the
 * target, the directory synced: whoever opens the target sees the whole old or
 * the whole new content, also after a power cut. The first error sticks: each
 * write may go unchecked, afile_commit reports it.
 */
#ifndef STORE_AFILE_H
#define STORE_AFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "platform/plat_fs.h"

struct afile; /* a file on its way */

/* afile_open: begin a new content of *name* in *d*, which stays the caller's
   and open until the end. A temporary left by a dead run is replaced. */
int afile_open(
    struct afile **out, struct plat_dir *d, const char *name, struct err *e);

/* afile_write: append; buffered. */
void afile_write(struct afile *f, const void *bytes, size_t n);

/* afile_patch: put *n* bytes over those written at *offset*; all of them lie
   within what was written. */
void afile_patch(struct afile *f, uint64_t offset, const void *bytes, size_t n);

/* afile_size: how many bytes were written so far. */
uint64_t afile_size(const struct afile *f);

/* afile_commit: all that was written is *name*'s content now, durably when
 *durable*. Releases *f*; on failure the old content stands, unless only the
   directory would not be synced: then the new one does, and either may be what
   a power cut leaves. */
int afile_commit(struct afile *f, bool durable, struct err *e);

/* afile_abandon: release *f*, leave *name* as it is. NULL is fine. */
void afile_abandon(struct afile *f);

/* afile_replace: open, write and commit in one call. */
int afile_replace(struct plat_dir *d, const char *name, const void *bytes,
    size_t n, bool durable, struct err *e);

/* afile_tidy: what a dead run left of a new *name* goes. To be called by
   whoever alone may write it. */
int afile_tidy(struct plat_dir *d, const char *name, struct err *e);

/* afile_read: append the whole content of *name*, at most *limit* bytes (more
   is ERR_CORRUPT). Returns 1 when there is no such file; appends nothing when
   it fails. */
int afile_read(struct str *out, struct plat_dir *d, const char *name,
    size_t limit, struct err *e);

#endif
