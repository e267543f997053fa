/*
 * What a run did to which paths, by the manifest of its snapshot: all of it,
 * and also where the run died before it could tell the history.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine/past/history_format.h"
#include "store/snapshot/snapread.h"

static const char *
op_of(const struct snap_entry *en)
{
	static const char *const ops[SNAP_WHATS] = {
	    [SNAP_REPLACED] = "copy",
	    [SNAP_CREATED] = "copy",
	    [SNAP_DELETED] = "delete",
	    [SNAP_MOVED] = "move",
	    [SNAP_MADE] = "mkdir",
	    [SNAP_REMOVED] = "rmdir",
	};
	return ops[en->what];
}

static void
forget_paths(struct history_run *run)
{
	for (size_t i = 0; i < run->npaths; i++) {
		free(run->paths[i].path);
		free(run->paths[i].op);
		free(run->paths[i].to);
	}
	run->npaths = run->more_paths = 0;
}

static void
take_paths(struct history_run *run, const struct snapmanifest *m)
{
	forget_paths(run);
	for (size_t i = 0; i < m->n; i++) {
		const struct snap_entry *en = &m->v[i];
		if (op_of(en) == NULL)
			continue;
		run->paths = mem_grow(run->paths, &run->cap_paths,
		    run->npaths + 1, sizeof(*run->paths));
		run->paths[run->npaths++] = (struct history_path){
		    .path = mem_copy(en->path, en->path_len),
		    .path_len = en->path_len,
		    .op = mem_string(op_of(en)),
		    .to = mem_string(snap_side_name((enum side)en->side))};
	}
}

void
history_learn_paths(struct history_run *run, const struct config *c)
{
	struct plat_dir *backups;
	struct snapread *snapshot;
	struct err ignored; /* then it is told as far as it was written down */
	if (run->snapshot == NULL ||
	    plat_dir_open(&backups, c->paths.backup_dir, &ignored) != 0)
		return;
	if (snapread_open(&snapshot, backups, run->snapshot, &ignored) == 0) {
		if (strcmp(snapread_about(snapshot)->run, run->id) == 0)
			take_paths(run, snapread_manifest(snapshot));
		snapread_close(snapshot);
	}
	plat_dir_close(backups);
}
