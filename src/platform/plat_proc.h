/*
 * plat_proc.h - processes.
 *
 * Listing tells what this user can see and says where it could not look;
 * whoever decides treats "could not look" as unknown, never as absent. No rule
 * about which process counts lives here.
 */
#ifndef PLATFORM_PLAT_PROC_H
#define PLATFORM_PLAT_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "platform/plat_fs.h"

struct plat_proc {
	int64_t pid;
	int64_t parent;
	uint64_t started; /* with the pid names one process, also when the pid
			     is used again; opaque, 0 if unknown */
	const char
	    *name;     /* base name of the program in full length; never NULL,
			  "" when the system does not say */
	bool name_cut; /* all the system says, and the whole may be longer */
	const char *title;       /* what it calls itself, where the system keeps
				    that apart from the name; NULL where not */
	bool title_cut;          /* as name_cut */
	const char *const *argv; /* NULL-terminated; NULL when not readable */
	bool zombie;             /* no thread of it runs any more */
	bool partly_hidden; /* another user's: argv or files not readable */
};

typedef int plat_proc_fn(void *arg, const struct plat_proc *p);

/* plat_proc_list: call *fn* for every process, ourselves included, until it
   returns non-zero (which is then returned if positive). What *p* points at
   lives for the call. */
int plat_proc_list(plat_proc_fn *fn, void *arg, struct err *e);

/* A process that holds something below a directory open. */
struct plat_holder {
	int64_t pid;
	uint64_t started;
	const char *name; /* of the program, "" if unknown */
	const char *path; /* native path of one file it holds */
};

typedef int plat_holder_fn(void *arg, const struct plat_holder *h);

/*
 * plat_proc_holders: call *fn* once for every process but ourselves that has a
 * file below *d* open (or mapped, where the system tells), until it returns
 * non-zero: if negative, so does this. Directories do not count, nor does
 * standing in one: shells, file managers and whoever watches a folder do that
 * and write nothing. Returns 1 when the system cannot tell at all; *blind*
 * counts processes it would not let us look into.
 */
int plat_proc_holders(struct plat_dir *d, plat_holder_fn *fn, void *arg,
    size_t *blind, struct err *e);

/* plat_proc_self: our own pid and start. */
int64_t plat_proc_self(uint64_t *started);

/* plat_proc_alive: does this very process (pid and start; start 0 matches any)
   still run? A zombie does not. */
bool plat_proc_alive(int64_t pid, uint64_t started);

/* One process, also when its pid is used again. */
struct plat_proc_id {
	int64_t pid;
	uint64_t started; /* 0: whoever has the pid */
};

/*
 * plat_proc_await: sleep until one of these *n* processes has ended, we are
 * asked to stop, or *timeout_ms* have passed; whoever calls looks for himself
 * which it was. The system wakes us; where it cannot watch one of them, or not
 * so many, we look now and then.
 */
void plat_proc_await(
    const struct plat_proc_id *who, size_t n, unsigned timeout_ms);

/* plat_proc_stop: ask the process to end, or, when *hard*, end it. Returns 1
   when it is gone already (or the pid is somebody else's by now);
   ERR_UNSUPPORTED when the system has no way to ask it. */
int plat_proc_stop(int64_t pid, uint64_t started, bool hard, struct err *e);

/* ---- children ---- */

struct plat_child; /* a program we started, with everything it starts */

struct plat_spawn {
	const char *const
	    *argv;           /* NULL-terminated; argv[0] is searched in PATH */
	const char *command; /* instead: a line for the system's shell */
	const char *const *env; /* "NAME=value", NULL-terminated, added to ours;
				   NULL for none */
	const char *dir;        /* working directory; NULL: ours */
	int output;             /* where its output goes: PLAT_OUT_* */
	bool pass_signals;      /* plat_child_pass_signals will be called: what
				   comes before that must not be our end */
};

enum {
	PLAT_OUT_SHARED, /* our own standard streams, input included */
	PLAT_OUT_ERROR,  /* the same, but stdout goes where stderr does */
	PLAT_OUT_CAPTURE /* stdout and stderr into a pipe, input empty */
};

/* plat_spawn: start it. ERR_NOTFOUND when there is no such program. */
int plat_spawn(
    struct plat_child **out, const struct plat_spawn *how, struct err *e);

/*
 * plat_child_wait: wait until the child *and all its descendants* have ended,
 * at most *timeout_ms* (-1: for ever). Returns 1 on timeout or when we were
 * asked to stop. *code* is the child's own exit code (128 + signal when
 * killed). Captured output is appended to *out* (NULL: dropped), at most
 * *limit* bytes.
 */
int plat_child_wait(struct plat_child *c, long timeout_ms, int *code,
    struct str *out, size_t limit, struct err *e);

/* plat_child_pass_signals: while this child runs, what asks us to stop is meant
   for it: plat_child_wait passes it on (a terminal's Ctrl-C reaches it by
   itself), waits on, and plat_sig_asked is false again. */
void plat_child_pass_signals(struct plat_child *c);

/* plat_child_left: once the child itself has ended, who of its descendants had
   not when plat_child_wait last looked: their number, and the first *most*. */
size_t plat_child_left(
    const struct plat_child *c, struct plat_proc_id *out, size_t most);

/* plat_child_leave: release it and let what is left of it go on. */
void plat_child_leave(struct plat_child *c);

/* plat_child_end: kill what is left of it and release it. NULL is fine. */
void plat_child_end(struct plat_child *c);

/*
 * plat_feed: run *command* by the shell with *text* as its input and our own
 * output, wait for it to end, and store its exit code. That it did not read all
 * of its input is no failure. Returns 1 where the system has no shell for it.
 */
int plat_feed(
    const char *command, const void *text, size_t n, int *code, struct err *e);

#endif
