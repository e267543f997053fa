#include "base/stamp.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/compiler.h"

enum { DAY = 86400 };

int
stamp_cmp(struct stamp a, struct stamp b)
{
	if (a.sec != b.sec)
		return a.sec < b.sec ? -1 : 1;
	if (a.nsec != b.nsec)
		return a.nsec < b.nsec ? -1 : 1;
	return 0;
}

bool
stamp_near(struct stamp a, struct stamp b, int64_t seconds)
{
	assert(seconds >= 0);
	struct stamp lo = stamp_cmp(a, b) < 0 ? a : b;
	struct stamp hi = stamp_cmp(a, b) < 0 ? b : a;
	/* Unsigned, so that the two ends of time are no overflow. */
	uint64_t gap = (uint64_t)hi.sec - (uint64_t)lo.sec;
	if (gap != (uint64_t)seconds)
		return gap < (uint64_t)seconds;
	return hi.nsec <= lo.nsec;
}

/*
 * The civil calendar, counted in eras of 400 years that begin on 1 March, so
 * that the leap day is the last of its year and no month needs a table.
 */
enum { ERA_DAYS = 146097, EPOCH_SHIFT = 719468 };

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

struct stamp_parts
stamp_parts(int64_t sec, int offset)
{
	int64_t shifted = sec;
	if (offset > 0 ? sec <= INT64_MAX - offset : sec >= INT64_MIN - offset)
		shifted = sec + offset;
	int64_t days = floor_div(shifted, DAY);
	int rest = (int)(shifted % DAY);
	if (rest < 0)
		rest += DAY;

	int64_t z = days + EPOCH_SHIFT;
	int64_t era = floor_div(z, ERA_DAYS);
	int64_t doe = z - era * ERA_DAYS;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int mp = (int)((5 * doy + 2) / 153);

	struct stamp_parts p;
	p.day = (int)(doy - (153 * mp + 2) / 5 + 1);
	p.month = mp < 10 ? mp + 3 : mp - 9;
	p.year = yoe + era * 400 + (p.month <= 2);
	p.hour = rest / 3600;
	p.minute = rest / 60 % 60;
	p.second = rest % 60;
	return p;
}

int64_t
stamp_from_parts(const struct stamp_parts *p)
{
	int64_t y = p->year - (p->month <= 2);
	int64_t era = floor_div(y, 400);
	int64_t yoe = y - era * 400;
	int64_t doy =
	    (153 * (p->month > 2 ? p->month - 3 : p->month + 9) + 2) / 5 +
	    p->day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	int64_t days = era * ERA_DAYS + doe - EPOCH_SHIFT;
	int rest = p->hour * 3600 + p->minute * 60 + p->second;
	/* Unsigned, because midnight of the first day of all lies before the
	   first second there is. */
	return (int64_t)((uint64_t)days * DAY + (uint64_t)rest);
}

char *
stamp_iso(char *buf, struct stamp t, int offset, int digits)
{
	struct stamp_parts p = stamp_parts(t.sec, offset);
	char frac[16] = "";
	if (digits == 3)
		snprintf(frac, sizeof(frac), ".%03u", t.nsec / 1000000);
	else if (digits == 9)
		snprintf(frac, sizeof(frac), ".%09u", t.nsec);
	char zone[16] = "Z";
	if (offset != 0)
		snprintf(zone, sizeof(zone), "%c%02d:%02d",
		    offset < 0 ? '-' : '+',
		    (offset < 0 ? -offset : offset) / 3600 % 100,
		    (offset < 0 ? -offset : offset) / 60 % 60);
	int n = snprintf(buf, STAMP_ISO_SIZE,
	    "%04" PRId64 "-%02d-%02dT%02d:%02d:%02d%s%s", p.year, p.month,
	    p.day, p.hour, p.minute, p.second, frac, zone);
	assert(n > 0 && n < STAMP_ISO_SIZE);
	UNUSED(n);
	return buf;
}

char *
stamp_compact(char *buf, struct stamp t)
{
	struct stamp_parts p = stamp_parts(t.sec, 0);
	int n =
	    snprintf(buf, STAMP_ISO_SIZE, "%04" PRId64 "%02d%02dT%02d%02d%02dZ",
		p.year, p.month, p.day, p.hour, p.minute, p.second);
	assert(n > 0 && n < STAMP_ISO_SIZE);
	UNUSED(n);
	return buf;
}
