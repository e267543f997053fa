/*
 * plat_env.h - who and where we are.
 *
 * All text in and out is UTF-8 (WTF-8 for Windows names), whatever the locale.
 */
#ifndef PLATFORM_PLAT_ENV_H
#define PLATFORM_PLAT_ENV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

/*
 * plat_env_init: once, first in main: make names UTF-8 for every library,
 * replace *argv* by UTF-8 arguments where the system gives others, and see to
 * it that descriptors 0-2 are open, so that no file of ours lands on them.
 */
void plat_env_init(int *argc, char ***argv);

/* plat_getenv: the variable, or NULL when unset. The caller frees it. */
char *plat_getenv(const char *name);

/* plat_home: append the home directory; -1 when there is none to be found. */
int plat_home(struct str *out, struct err *e);

/* plat_config_home, plat_state_home: append the system's place for our
   configuration and for our state ("…/coldsync"). */
int plat_config_home(struct str *out, struct err *e);
int plat_state_home(struct str *out, struct err *e);

/* plat_host_name: append this machine's name, as it is (never fails; "host"
   when the system has none). */
void plat_host_name(struct str *out);

/* plat_os: "linux", "macos" or "windows". */
const char *plat_os(void);

/* plat_machine_id: append what tells this machine from every other, also from
   one of the same name; nothing where the system has no such thing. */
void plat_machine_id(struct str *out);

/* plat_program: append the path of the running program. */
int plat_program(struct str *out, struct err *e);

/* plat_is_absolute: does a native path stand on its own? */
bool plat_is_absolute(const char *native);

/* plat_absolute: append *native* made absolute against the current directory,
   without looking at what is there. */
int plat_absolute(struct str *out, const char *native, struct err *e);

/* plat_expands_percent: does this system write variables as %NAME%? */
bool plat_expands_percent(void);

/* plat_random: *n* bytes nobody can guess. */
int plat_random(void *buf, size_t n, struct err *e);

/* ---- terminals ---- */

enum plat_stream { PLAT_STDIN, PLAT_STDOUT, PLAT_STDERR };

/* plat_is_terminal: is this stream a terminal? */
bool plat_is_terminal(enum plat_stream s);

/* plat_terminal_width: columns, or 0 when not a terminal or unknown. */
int plat_terminal_width(enum plat_stream s);

/* plat_terminal_height: rows, or 0 when not a terminal or unknown. */
int plat_terminal_height(enum plat_stream s);

/* plat_terminal_color: does the terminal understand colour sequences (and
   switch them on where they must be)? */
bool plat_terminal_color(enum plat_stream s);

/* plat_terminal_keep: how our terminal is set up, to have it back when a
   program that used it has ended; NULL where there is none.
   plat_terminal_restore does that and releases it; NULL is fine. */
struct plat_terminal *plat_terminal_keep(void);
void plat_terminal_restore(struct plat_terminal *t);

/* plat_out: write UTF-8 to standard output or error, past stdio; retries short
   writes. -1 when it did not all go out. */
int plat_out(enum plat_stream s, const void *bytes, size_t n, struct err *e);

#endif
