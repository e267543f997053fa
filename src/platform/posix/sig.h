/*
 * sig.h - what threads and children need to know about our signals.
 */
#ifndef PLATFORM_POSIX_SIG_H
#define PLATFORM_POSIX_SIG_H

#include <signal.h>
#include <stdbool.h>

/* sig_take: the signal that last asked us to stop, no longer asking from now
   on; 0 when none did. *by_process*: a process sent it, not the terminal. */
int sig_take(bool *by_process);

/* sig_drop_from_terminal: what the terminal last asked was for somebody else
   who shares its foreground; a process's request stays. */
void sig_drop_from_terminal(void);

/* sig_pass_more: while *on*, a terminal's quit key is a request as well, and
   SIGUSR1 and SIGUSR2 are kept for sig_take_more, which gives one of them at a
   time, or 0. */
void sig_pass_more(bool on);
int sig_take_more(void);

/* sig_set_requests: *set* holds the signals that ask us to stop. */
void sig_set_requests(sigset_t *set);

/* sig_reset: give up our handlers; for a child that is about to become another
   program (async-signal-safe). */
void sig_reset(void);

#endif
