/*
 * kinfo.h - the kernel's own table of processes, which also shows us those of
 * other users.
 */
#ifndef PLATFORM_DARWIN_KINFO_H
#define PLATFORM_DARWIN_KINFO_H

#include <stddef.h>
#include <sys/sysctl.h>
#include <sys/types.h>

#include "base/str.h"
#include "platform/posix/procs.h"

/* kinfo_table: all processes; the caller frees *out*. -1 with errno set. */
int kinfo_table(struct kinfo_proc **out, size_t *n);

/* kinfo_row: what of it every system has. */
struct procs_row kinfo_row(const struct kinfo_proc *k);

/* kinfo_program: the base name of the program that runs, held by *buf*, which
   keeps the whole path; the short name when the path is not told. */
const char *kinfo_program(struct str *buf, const struct kinfo_proc *k);

#endif
