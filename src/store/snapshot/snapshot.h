/*
 * snapshot.h - what one run displaced, kept where it can be found again.
 *
 * A snapshot is a directory "<backup_dir>/<id>/" or an archive
 * "<backup_dir>/<id>.zip" with the displaced files under local/… and cloud/…
 * and manifest.json, which also names what the run created, so that a run can
 * be undone. While it grows it is a directory "<id>.partial"; only a complete
 * one gets its name, and from then on nobody changes it. All of it is private
 * (0700, 0600). docs/formats.md has every name and member.
 *
 * Files move in as they are. For an archive they wait in the directory until
 * it is written in one pass, synced, reopened and compared; a file that changed
 * meanwhile through somebody's open handle stays raw beside the archive, in
 * "<id>.raw".
 */
#ifndef STORE_SNAPSHOT_SNAPSHOT_H
#define STORE_SNAPSHOT_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "model/story.h"
#include "platform/plat_fs.h"

struct snapshot; /* one being written */

/* What is found in a backup directory: an id and one of these. */
#define SNAPSHOT_PARTIAL ".partial" /* still growing */
#define SNAPSHOT_ZIP ".zip"
#define SNAPSHOT_DIGEST ".zip.xxh3" /* of the archive */
#define SNAPSHOT_PACKED ".packed"   /* all in the archive; on its way out */
#define SNAPSHOT_RAW ".raw"         /* what the archive could not hold */
#define SNAPSHOT_PRUNED ".pruned"   /* a complete one, on its way out */

/* In a growing snapshot that only copies: locked while somebody is at it. */
#define SNAPSHOT_SAVING "saving"

#define SNAPSHOT_MANIFEST "manifest.json"
#define SNAPSHOT_MANIFEST_DIGEST "manifest.json.xxh3" /* in a directory */

enum { SNAPSHOT_ID_MAX = 160 };

struct snapshot_about {
	const char *id;
	const char *backup_dir; /* native; created when missing */
	const char *machine, *profile, *run_id;
	const char *reason; /* "sync", "restore", … */
	struct stamp time;
	bool zip;
	bool durable;
};

/* snapshot_id: append "YYYYMMDDTHHMMSSZ-<machine>-<4 hex>". */
int snapshot_id(
    struct str *out, struct stamp now, const char *machine, struct err *e);

/* snapshot_id_valid: could snapshot_id have made it? */
bool snapshot_id_valid(const char *id);

/*
 * snapshot_open: begin, or go on with what a crashed run left under this id.
 * Nothing is looked at or created before the first snapshot_keep or
 * snapshot_finish. An id that could not be one is ERR_NAME.
 */
int snapshot_open(
    struct snapshot **out, const struct snapshot_about *about, struct err *e);

/* What was displaced, and where it lies now. */
struct snapshot_victim {
	enum side side;
	const char *path; /* what it was called there */
	size_t path_len;
	struct plat_dir *dir;
	const char *name;
};

/*
 * snapshot_keep: the victim, a file or a link, becomes the kept path of its
 * side. Renamed where that works; copied (holes kept, content compared,
 * synced) and then removed where it lies on another file system or has more
 * names. When the very same is kept there already, by a run that crashed before
 * the victim was removed, it goes; when something else is, both are kept. On
 * failure it stays. Should the run's snapshot be complete already, because the
 * crash came later still, a sequel under the next id takes it.
 */
int snapshot_keep(
    struct snapshot *s, const struct snapshot_victim *v, struct err *e);

/*
 * snapshot_finish: write the manifest from the run's story (the intents that
 * were applied), make everything durable and give the snapshot its name.
 * *made* is false when nothing was kept and nothing applied: then no snapshot
 * exists. Releases *s*; on failure the ".partial" stays, and opening and
 * finishing again goes on from there.
 */
int snapshot_finish(
    struct snapshot *s, const struct story *story, bool *made, struct err *e);

/* snapshot_tidy: what a crash left of the directory that a complete archive was
   made of goes, as far as the archive is seen to hold the same. */
int snapshot_tidy(const struct snapshot_about *about, struct err *e);

/* snapshot_close: release without finishing; what was kept stays. NULL ok. */
void snapshot_close(struct snapshot *s);

#endif
