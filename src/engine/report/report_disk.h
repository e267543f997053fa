/*
 * report_disk.h - what things take on their disks, for the report.
 */
#ifndef ENGINE_REPORT_REPORT_DISK_H
#define ENGINE_REPORT_REPORT_DISK_H

#include "engine/report/report.h"

/* report_disk_tree: add what a scan saw at *e* and below it. */
void report_disk_tree(struct report_space *out, const struct entry *e);

/* report_disk_use: add up what lies below a native path; nothing there is 0.
   Links are not followed. */
int report_disk_use(
    const char *native, uint64_t *bytes, size_t *files, struct err *e);

#endif
