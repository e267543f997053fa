/*
 * ledger_scene.h - a small ledger to write, and to find again or not.
 *
 * Helpers fail the running test when something is not as it should be.
 */
#ifndef TESTS_LEDGER_SCENE_H
#define TESTS_LEDGER_SCENE_H

#include "store/ledger.h"

/* The paths in it, in tree order, and the flags of a path both sides have. */
enum { LEDGER_PATHS = 8, LEDGER_BOTH = 3 };
extern const char *const ledger_paths[LEDGER_PATHS];

/* ledger_record: what it says of the path *i*, but for where the path is. */
struct agreed_record ledger_record(unsigned i);

/* ledger_fill_head: what it says beside; the caller frees it. */
void ledger_fill_head(struct ledger_head *head);

/* write_ledger: of the first *n* paths. */
int write_ledger(struct plat_dir *d, size_t n, bool durable, struct err *e);

void assert_ledger_head(const struct ledger_head *got);

/* assert_ledger: *d* holds just that. */
void assert_ledger(struct plat_dir *d, size_t n);

/* assert_ledger_empty: what *d* holds reads as empty; *why* is part of the
   reason, "" for none. */
void assert_ledger_empty(struct plat_dir *d, const char *why);

#endif
