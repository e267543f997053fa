/*
 * doctor_scene.h - what the checks of doctor.c work on; nobody else includes
 * it.
 *
 *   doctor_say.c     what was found, kept
 *   doctor_places.c  the folders: there, ours to write, large enough, alike
 *   doctor_state.c   our own files: ledger, journal, lock, logs, leftovers
 *   doctor_past.c    snapshots, and the last good sync
 *   doctor_cloud.c   the cloud folder's content
 *   doctor_next.c    what the next sync would meet
 *   doctor_app.c     the application
 *   doctor_schedule.c  the system's job for it
 */
#ifndef ENGINE_DOCTOR_DOCTOR_SCENE_H
#define ENGINE_DOCTOR_DOCTOR_SCENE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "engine/doctor/doctor.h"
#include "engine/run/run.h"
#include "engine/scan/rules.h"
#include "engine/scan/scan.h"
#include "engine/write/site.h"
#include "model/tree.h"
#include "store/ledger.h"

struct doctor_scene {
	const struct config *config;
	struct doctor *out;
	const char *id; /* of the check that is being made */
	unsigned threads;

	char *roots[SIDES];       /* canonical; as configured where unknown */
	struct site sites[SIDES]; /* root NULL where *why* says so */
	struct err why[SIDES];
	struct plat_dir *state; /* NULL: there is none yet */
	struct ledger ledger;
	struct str ledger_trouble; /* damaged */
	struct err ledger_why;     /* it cannot be read now */

	struct rules rules;
	bool has_rules; /* else *no_scan* says why */
	bool scanned;
	struct err no_scan;
	struct tree trees[SIDES]; /* as a sync sees them */
	struct scan_news news;
	struct tree cloud; /* with all that the filter leaves out */

	struct run run; /* a glance at what a sync would do ... */
	int glance_rc;  /* ... and how far it came */
	struct err glance_why;
};

/* doctor_pass, _warn, _fail: what the present check found. A remedy is one
   sentence without its dot. */
void doctor_pass(struct doctor_scene *s, const char *fmt, ...)
    PRINTF_LIKE(2, 3);
void doctor_warn(struct doctor_scene *s, const char *remedy, const char *fmt,
    ...) PRINTF_LIKE(3, 4);
void doctor_fail(struct doctor_scene *s, const char *remedy, const char *fmt,
    ...) PRINTF_LIKE(3, 4);

/* One check; says one thing, or nothing where it does not apply. */
typedef void doctor_check_fn(struct doctor_scene *s);

doctor_check_fn doctor_config, doctor_keys;
doctor_check_fn doctor_local_folder, doctor_cloud_folder, doctor_differ,
    doctor_carried, doctor_local_access, doctor_cloud_access,
    doctor_state_access, doctor_local_space, doctor_cloud_space,
    doctor_state_space, doctor_local_volume, doctor_cloud_volume;
doctor_check_fn doctor_names, doctor_detection, doctor_running;
doctor_check_fn doctor_ledger, doctor_journal, doctor_lock, doctor_paused,
    doctor_logs, doctor_leftovers;
doctor_check_fn doctor_snapshots, doctor_last_sync, doctor_schedule;
doctor_check_fn doctor_marker, doctor_copies, doctor_placeholders,
    doctor_unreadable, doctor_secrets;
doctor_check_fn doctor_complete, doctor_clock, doctor_conflicts,
    doctor_next_sync;

/* doctor_glance: what doctor_next.c's checks work on. */
void doctor_glance(struct doctor_scene *s);

#endif
