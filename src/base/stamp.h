/*
 * stamp.h - an instant, as files carry it.
 *
 * Seconds since 1970 UTC (negative before) and nanoseconds, so that every time
 * a file system can hold survives a round trip. A value only: reading a clock
 * is the platform's work.
 */
#ifndef BASE_STAMP_H
#define BASE_STAMP_H

#include <stdbool.h>
#include <stdint.h>

struct stamp {
	int64_t sec;
	uint32_t nsec; /* 0 … 999999999, also before 1970 */
};

/* A calendar date and time of day in some zone. */
struct stamp_parts {
	int64_t year;
	int month, day;           /* from 1 */
	int hour, minute, second; /* no leap seconds */
};

/* stamp_cmp: <0, 0, >0 as *a* is before, at, after *b*. */
int stamp_cmp(struct stamp a, struct stamp b);

/* stamp_near: are *a* and *b* at most *seconds* (not negative) apart? */
bool stamp_near(struct stamp a, struct stamp b, int64_t seconds);

/* stamp_parts: the calendar parts of *sec* shifted by *offset* seconds. */
struct stamp_parts stamp_parts(int64_t sec, int offset);

/* stamp_from_parts: the second that has these parts in UTC. Months, days and
   times are valid ones, and the second is one an int64_t can hold. */
int64_t stamp_from_parts(const struct stamp_parts *p);

/* Room for the longest text stamp_iso writes, and its NUL. */
enum { STAMP_ISO_SIZE = 48 };

/*
 * stamp_iso: "2026-11-20T23:51:37.123+01:00" ("Z" for offset 0) into *buf* of
 * STAMP_ISO_SIZE bytes; returns *buf*. *digits* (0, 3 or 9) of the fraction.
 */
char *stamp_iso(char *buf, struct stamp t, int offset, int digits);

/* stamp_compact: "20261120T235137Z", as snapshot and run ids begin. */
char *stamp_compact(char *buf, struct stamp t);

#endif
