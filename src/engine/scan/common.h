/*
 * common.h - what another tool's conflict copy and its original have in common.
 *
 * Where somebody asked for the two to be merged, both are read and it is tried,
 * so that the plan says what the run will do. May: open and read files of the
 * cloud folder. May not: write.
 */
#ifndef ENGINE_SCAN_COMMON_H
#define ENGINE_SCAN_COMMON_H

#include "engine/scan/rules.h"
#include "model/plan/classify.h"

/* common_learn: add to *r* what the copies that are chosen to be merged have in
   common with their originals. What cannot be read cannot be merged. */
void common_learn(
    struct rules *r, const struct items *items, const struct site *cloud);

#endif
