/*
 * setup.h - the first writes of a new profile: its config, its cloud folder.
 */
#ifndef ENGINE_PROFILE_SETUP_H
#define ENGINE_PROFILE_SETUP_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

/*
 * setup_write: the config *file* (native) holds *text* when this returns,
 * durably; missing directories above it are made. Where there is something
 * already: ERR_EXISTS, unless *replace*; what was there is then kept beside it,
 * with ".old" behind its name.
 */
int setup_write(
    const char *file, const struct str *text, bool replace, struct err *e);

/* setup_exists: is there anything at *native*? */
bool setup_exists(const char *native);

/*
 * setup_folder: make the folder *native*, private, where it is missing: itself
 * only, or with *parents* whatever is missing above it too. Returns 1 when it
 * was there, 2 when something above it is missing and was left so.
 */
int setup_folder(const char *native, bool parents, struct err *e);

#endif
