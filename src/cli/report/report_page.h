/*
 * report_page.h - a report as one HTML page that needs nothing else: style and
 * script are in it, and a policy that lets nothing else in or out.
 */
#ifndef CLI_REPORT_REPORT_PAGE_H
#define CLI_REPORT_REPORT_PAGE_H

#include "base/str.h"
#include "engine/report/report.h"

/* What every page begins with. */
#define REPORT_PAGE_MARK "<!doctype html><!-- a coldsync report -->"

/* report_page: append the page. *nonce* (letters and digits) is nothing a name
   in the report could know. */
void report_page(struct str *out, const struct report *r, const char *nonce);

/* ---- its parts, each a section ---- */

void report_page_summary(struct str *out, const struct report *r);
void report_page_plan(struct str *out, const struct report *r);
void report_page_conflicts(struct str *out, const struct report *r);
void report_page_skipped(struct str *out, const struct report *r);
void report_page_machines(struct str *out, const struct report *r);
void report_page_runs(struct str *out, const struct report *r);
void report_page_snapshots(struct str *out, const struct report *r);
void report_page_space(struct str *out, const struct report *r);

/* report_page_section: begin a section; "</section>" ends it. */
void report_page_section(struct str *out, const char *id, const char *title,
    size_t count, bool counted);

/* report_page_more: say that *n* lines of a list are left out. */
void report_page_more(struct str *out, size_t n);

#endif
