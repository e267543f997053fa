/*
 * faults.h - calls of the platform that fail when a test says so.
 *
 * A test that is built with the definitions in store.cmake reaches the
 * platform through here. Its code is run again and again, each time with the
 * next call failing, until it was run with none.
 */
#ifndef TESTS_FAULTS_H
#define TESTS_FAULTS_H

#include <stdbool.h>

#include "base/err.h"

/* fault_one: the call *nth* from now (0: the next one) fails as if the disk
   were full; a write is then half done. fault_all: it and all that follow do
   nothing and fail, as if the process had died there. */
void fault_one(unsigned nth);
void fault_all(unsigned nth);

/* fault_none: nothing fails, but calls are noted. */
void fault_none(void);

/* fault_over: no more of that. Did any call fail? */
bool fault_over(void);

/* fault_calls: what was called since, one word each with a blank behind; a '!'
   follows what failed. Lives until the next fault_…. */
const char *fault_calls(void);

/* fault_busy: the next *tries* calls of plat_lock find it held. */
void fault_busy(unsigned tries);

/* fault_strikes: for calls that a test replaces itself: does this one fail? */
bool fault_strikes(const char *name, struct err *e);

#endif
