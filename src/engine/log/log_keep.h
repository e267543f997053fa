/*
 * log_keep.h - what becomes of log files that are finished.
 *
 * Those past retention are removed, archives too. The others are packed into
 * zip archives beside them: the files of earlier days, and of today all but
 * the last part. Names that are not of this log are left alone.
 *
 * Beside the files lies ".<stem>.lock", which is held while this is done and
 * stays, and for a moment ".<stem>.zip.partial".
 */
#ifndef ENGINE_LOG_LOG_KEEP_H
#define ENGINE_LOG_LOG_KEEP_H

#include <stdint.h>

#include "base/err.h"
#include "engine/log/log_files.h"
#include "engine/log/log_writer.h"

/*
 * log_keep: do what is due on the local day *today*. Nothing is done (and 0
 * returned) while another process is at it. One file that cannot be packed or
 * removed does not keep the others from it; the first failure is returned.
 * Records that arrived too late for their archive go to *w*.
 */
int log_keep(const struct log_place *place, struct log_writer *w, int64_t today,
    struct err *e);

#endif
