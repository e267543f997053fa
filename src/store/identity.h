/*
 * identity.h - which installation this is.
 *
 * A random id in the state directory, made once. It stands beside the machine
 * id, which people choose and may choose twice: a cloned disk, or two machines
 * called "localhost", are told apart by it. Losing it is harmless but not
 * silent, so a file that was damaged is an error and never made anew behind
 * the user's back.
 */
#ifndef STORE_IDENTITY_H
#define STORE_IDENTITY_H

#include "base/err.h"
#include "platform/plat_fs.h"

#define IDENTITY_NAME "install-id"

/* 32 hexadecimal digits in lower case and a NUL. */
enum { IDENTITY_SIZE = 33 };

/* identity_read: into *id* of IDENTITY_SIZE bytes. Returns 1 when none was made
   yet; ERR_CORRUPT, with the remedy, when the file holds no id. */
int identity_read(char *id, struct plat_dir *state, struct err *e);

/* identity_ensure: as identity_read, but makes it, durably, where there is
   none. The caller holds the profile's lock. */
int identity_ensure(char *id, struct plat_dir *state, struct err *e);

#endif
