/*
 * procs.h - the process table, as far as kinship and identity go.
 */
#ifndef PLATFORM_POSIX_PROCS_H
#define PLATFORM_POSIX_PROCS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct procs_row {
	int64_t pid;
	int64_t parent;
	int64_t group;
	uint64_t started; /* as plat_proc.started */
	bool zombie;
};

/* procs_table: every process we can see; the caller frees *rows*. -1 with
   errno set when there is no telling. */
int procs_table(struct procs_row **rows, size_t *n);

/* procs_row: one process; -1 when it is not there. */
int procs_row(struct procs_row *out, int64_t pid);

/* procs_adopter: the process that the orphans among our descendants go to from
   now on: ourselves, where the system lets us ask for them. */
int64_t procs_adopter(void);

/* procs_watch_exit: a descriptor that turns readable as the process ends; -1
   when there is none to be had. The caller closes it. */
int procs_watch_exit(int64_t pid);

#endif
