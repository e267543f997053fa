/*
 * proc_stat.h - reading /proc.
 */
#ifndef PLATFORM_LINUX_PROC_STAT_H
#define PLATFORM_LINUX_PROC_STAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "platform/posix/procs.h"

struct proc_stat {
	struct procs_row row;
	char comm[64];      /* cut by the kernel after 15 bytes */
	bool kernel_thread; /* no program, no files */
};

/* proc_stat_parse: take the text of a "stat" file apart; -1 when it is none.
   The name in it may hold blanks, parentheses and line feeds. */
int proc_stat_parse(struct proc_stat *out, const char *text, size_t n);

/* proc_stat_read: of the process whose /proc directory is *dir*. */
int proc_stat_read(struct proc_stat *out, int dir);

/* proc_open: the /proc directory of *pid*. It stays that very process's: once
   it has ended, nothing more is found there. */
int proc_open(int64_t pid);

/* proc_each: call *fn* for the pid of every process until it returns non-zero;
   returns that, or -1 with errno set when /proc cannot be read. */
int proc_each(int (*fn)(void *arg, int64_t pid), void *arg);

/* proc_readlink: replace *out* by the target of *name* in *dir*. */
int proc_readlink(struct str *out, int dir, const char *name);

/* proc_program: the base name of the program that runs in *dir*, held by
 *buf*; NULL with errno set when we are not told. */
const char *proc_program(struct str *buf, int dir);

#endif
