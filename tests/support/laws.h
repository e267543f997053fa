/*
 * laws.h - what holds for every plan of every world.
 */
#ifndef SUPPORT_LAWS_H
#define SUPPORT_LAWS_H

#include "support/world.h"

/*
 * laws_check: plan, replay, plan again, and hold all of it to the laws below.
 * Returns what was broken, or NULL.
 *
 *  a. Every content is afterwards in a tree or in the snapshot.
 *  b. No step fails; no direction is written against.
 *  c. What is mirrored is alike on both sides, and the ledger says so, but for
 *     what was told, settled or left to the other direction.
 *  d. The second plan does nothing and tells the same.
 *  e. Where only one side changed, its state goes over exactly.
 *  f. What is unknown stays where it is.
 *  g. A policy takes its side; keep_both leaves both contents on both sides;
 *     manual_abort does nothing when it leaves a conflict.
 *  h. The plan does not depend on the order of directories, and the mirrored
 *     world gives the mirrored plan.
 */
const char *laws_check(const struct world *w);

/* laws_assert: the same, failing the running test with the world shown. */
void laws_assert(const struct world *w);

/* laws_be_patient: let the second run be the last of so many more where names
   collided: what is in the way of one may go with the first. */
void laws_be_patient(unsigned runs);

/* laws_checked: how many worlds were put to the test so far. */
size_t laws_checked(void);

#endif
