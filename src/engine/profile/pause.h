/*
 * pause.h - a profile set aside.
 *
 * While the file "paused" lies in the profile's state directory, nothing that
 * would sync it does so. That it is there is what counts; its text says since
 * when and by whom, for people. Identity, ledger and history are not touched.
 */
#ifndef ENGINE_PROFILE_PAUSE_H
#define ENGINE_PROFILE_PAUSE_H

#include "base/err.h"
#include "base/str.h"
#include "config/config.h"

/* pause_set: from now on paused, durably. Returns 1 when it was already; the
   file then stays as it is. */
int pause_set(const struct config *c, struct err *e);

/* pause_clear: no longer paused, durably. Returns 1 when it was not. */
int pause_clear(const struct config *c, struct err *e);

/*
 * pause_is: is it paused? Returns 1 when it is, 0 when it is not, -1 when that
 * cannot be told: whoever asks then leaves the profile alone. *since*, unless
 * NULL, gets what the file says (any bytes, possibly none) appended.
 */
int pause_is(struct str *since, const struct config *c, struct err *e);

#endif
