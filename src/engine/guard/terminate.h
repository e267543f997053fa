/*
 * terminate.h - end the application, where the user allows it.
 *
 * Only programs named in process_names, of this user, that neither the system
 * nor the session nor we ourselves stand on; all of whom is there or nobody.
 * First each is asked as its user would ask it, and only who is still there
 * after terminate_timeout_seconds is ended the hard way.
 */
#ifndef ENGINE_GUARD_TERMINATE_H
#define ENGINE_GUARD_TERMINATE_H

#include "engine/guard/guard.h"

enum { TERMINATE_CONFIGURED, TERMINATE_ASK, TERMINATE_UNASKED };

struct terminate {
	const struct config *config;
	int confirm; /* TERMINATE_*: what the command line says */
	/* Ask the user; true for yes. NULL: there is nobody. */
	bool (*agreed)(void *arg, const char *question);
	void *arg;
};

/*
 * terminate: 0 when nobody of *who* is there any more (others may be by now),
 * 1 when it was not to be done, for the reason appended to *why*; ERR_REFUSED
 * when it did not work.
 */
int terminate(const struct guard_matches *who, const struct terminate *how,
    struct str *why, struct err *e);

#endif
