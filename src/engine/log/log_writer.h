/*
 * log_writer.h - the file that records are appended to.
 *
 * Any number of processes may append to the same files. A record is one write
 * to a handle that appends, so records never mix. Every process finds the
 * file to use by itself: the last part of the day while there is room in it.
 * (Two that write at the same moment may both use the last of the room.)
 *
 * A file may be packed and removed by another process (log_keep.h) while we
 * hold it open. So after each write we look whether the file still has its
 * name, and when it has not, write the record again into the file that is in
 * use now: it may then be found twice, but is never lost.
 */
#ifndef ENGINE_LOG_LOG_WRITER_H
#define ENGINE_LOG_LOG_WRITER_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "engine/log/log_files.h"
#include "platform/plat_fs.h"

struct log_writer {
	const struct log_place *place;
	struct plat_dir *dir;  /* NULL when no file is open */
	struct plat_file file; /* appends */
	struct str name;       /* of the file */
	int64_t day;           /* it is for */
	bool torn;             /* its last line has no end */
};

void log_writer_init(struct log_writer *w, const struct log_place *place);

/*
 * log_writer_put: append whole lines to the file of *day*. Returns 1 when that
 * began a file, so that there may be something to pack. After a failure the
 * next call starts afresh, directory included.
 */
int log_writer_put(
    struct log_writer *w, int64_t day, const struct str *lines, struct err *e);

void log_writer_free(struct log_writer *w);

#endif
