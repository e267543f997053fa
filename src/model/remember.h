/*
 * remember.h - the next ledger, from the last one and a story.
 *
 * Built from what was done and verified, never from another look at the trees:
 * an edit made a moment after the run must still be seen as one.
 */
#ifndef MODEL_REMEMBER_H
#define MODEL_REMEMBER_H

#include "model/agreed.h"
#include "model/story.h"

/* Who gets the records, in tree order. */
struct remember_sink {
	void (*record)(void *arg, const struct agreed_record *r,
	    const char *path, size_t n);
	void *arg;
};

/*
 * remember: feed the sink every record of the next ledger. Paths the story says
 * nothing about keep theirs.
 */
void remember(const struct agreed *last, const struct story *story,
    const struct remember_sink *sink);

/*
 * remember_back: for a run that undid another: where it did something, a path
 * is agreed as it was *before* that other run, elsewhere as it was last. What
 * is in a directory that was renamed goes with it.
 */
void remember_back(const struct agreed *last, const struct agreed *before,
    const struct story *story, const struct remember_sink *sink);

/* remember_changes: would the next ledger be another one? */
bool remember_changes(const struct story *story);

#endif
