/*
 * difficult.h - a platform that is as difficult as a test wants it.
 *
 * A test that is built with the definitions in store.cmake reaches the
 * platform through here, and through faults.h, which makes calls fail.
 */
#ifndef TESTS_DIFFICULT_H
#define TESTS_DIFFICULT_H

#include <stdbool.h>
#include <stdint.h>

#include "platform/plat_fs.h"

struct difficult {
	bool foreign;     /* the tree is on another file system */
	bool no_links;    /* there are no symbolic links */
	bool no_promise;  /* plat_move cannot promise not to replace */
	bool no_volume;   /* a file system whose names are synced one by one */
	bool not_ours;    /* plat_chmod is refused */
	bool quick;       /* syncing does nothing */
	bool coarse;      /* times are cut to two seconds */
	bool fold;        /* names are said to be the same in either case */
	bool placeholder; /* everything looks like one */
	/* Called before anything is read, until it answers false. */
	bool (*on_read)(void *arg, struct plat_file f, uint64_t offset);
	void *arg;
};

extern struct difficult difficult;

#endif
