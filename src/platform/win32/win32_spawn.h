/*
 * win32_spawn.h - what it takes to start a program.
 */
#ifndef PLATFORM_WIN32_WIN32_SPAWN_H
#define PLATFORM_WIN32_WIN32_SPAWN_H

#include "platform/plat_proc.h"
#include "platform/win32/plat_win32.h"

/* What CreateProcessW is to be told. */
struct win32_program {
	wchar_t *path; /* of the .exe; for a batch file, of cmd.exe */
	wchar_t *line; /* the command line */
};

/* win32_program_find: search *argv[0]*, and put the line together. */
int win32_program_find(
    struct win32_program *out, const char *const *argv, struct err *e);

/* win32_program_shell: the system's shell, given *command*. */
int win32_program_shell(
    struct win32_program *out, const char *command, struct err *e);

void win32_program_free(struct win32_program *p);

/* win32_plain_path: *path* without `\\?\` where it is short enough to do
   without, for programs that stumble over it; fresh. */
wchar_t *win32_plain_path(const wchar_t *path);

/* win32_environment: ours with *env* ("NAME=value") added, as one block,
   fresh; NULL when one is not WTF-8. */
wchar_t *win32_environment(const char *const *env);

struct plat_child {
	HANDLE process;
	HANDLE job;    /* holds it and all its descendants */
	HANDLE port;   /* where the job says that it is empty */
	HANDLE output; /* our end of the pipe; NULL when shared */
	size_t taken;  /* bytes of output kept so far */
	bool is_asked; /* what asks us to stop is meant for it … */
	bool ended;    /* … until we know that it has ended */
};

#endif
