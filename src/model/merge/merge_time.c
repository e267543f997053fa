#include "model/merge/merge_time.h"

#include "model/ascii.h"
#include "model/calendar.h"

/* ---- numbers ---- */

/* The exponent behind the 'e' at *s*; far beyond any that matters all are
   alike. */
static int64_t
exponent(const char *s, size_t n)
{
	int64_t v = 0;
	bool minus = n > 1 && s[1] == '-';
	for (size_t i = 1; i < n; i++)
		if (ascii_is_digit(s[i]) && v < 1000000)
			v = v * 10 + (s[i] - '0');
	return minus ? -v : v;
}

static uint64_t
power_of_ten(int64_t power)
{
	uint64_t v = 1;
	while (power-- > 0)
		v *= 10;
	return v;
}

/* The digits of a number, the power of ten of the first one known. */
static bool
add_digits(
    uint64_t *whole, uint32_t *nsec, const char *s, size_t n, int64_t power)
{
	*whole = 0;
	*nsec = 0;
	for (size_t i = 0; i < n; i++) {
		if (!ascii_is_digit(s[i]))
			continue;
		uint64_t digit = (uint64_t)(s[i] - '0');
		if (power > 18 && digit > 0)
			return false;
		if (power >= 0 && power <= 18)
			*whole += digit * power_of_ten(power);
		else if (power < 0 && power >= -9)
			*nsec += (uint32_t)(digit * power_of_ten(9 + power));
		power--;
	}
	return *whole <= INT64_MAX;
}

bool
merge_time_number(struct merge_time *out, const char *s, size_t n)
{
	bool minus = n > 0 && s[0] == '-';
	s += minus;
	n -= minus;
	size_t digits = 0;
	while (digits < n && s[digits] != 'e' && s[digits] != 'E')
		digits++;
	size_t whole_len = 0;
	while (whole_len < digits && s[whole_len] != '.')
		whole_len++;
	int64_t power = (int64_t)whole_len - 1;
	if (digits < n)
		power += exponent(s + digits, n - digits);
	uint64_t whole;
	uint32_t nsec;
	if (!add_digits(&whole, &nsec, s, digits, power))
		return false;
	int64_t sec = (int64_t)whole;
	if (minus && nsec > 0) {
		sec = -sec - 1;
		nsec = 1000000000 - nsec;
	} else if (minus) {
		sec = -sec;
	}
	*out = (struct merge_time){
	    .kind = MERGE_TIME_NUMBER, .at = {.sec = sec, .nsec = nsec}};
	return true;
}

/* ---- ISO 8601 ---- */

struct reader {
	const char *s, *end;
	bool wrong; /* something did not fit; sticky */
};

static bool
is_next(const struct reader *r, char c)
{
	return r->s < r->end && *r->s == c;
}

static bool
take(struct reader *r, char c)
{
	bool there = is_next(r, c);
	r->s += there;
	return there;
}

static void
expect(struct reader *r, char c)
{
	if (!take(r, c))
		r->wrong = true;
}

static int
take_number(struct reader *r, size_t digits, int max)
{
	int v = 0;
	for (size_t i = 0; i < digits; i++) {
		if (r->s == r->end || !ascii_is_digit(*r->s)) {
			r->wrong = true;
			return 0;
		}
		v = v * 10 + (*r->s++ - '0');
	}
	if (v > max)
		r->wrong = true;
	return v;
}

static void
take_date(struct reader *r, struct stamp_parts *p)
{
	int year = take_number(r, 4, 9999);
	bool separated = take(r, '-');
	p->month = take_number(r, 2, 12);
	if (separated)
		expect(r, '-');
	p->day = take_number(r, 2, 31);
	p->year = year;
	if (!calendar_has(year, p->month, p->day))
		r->wrong = true;
}

/* At least one digit; beyond nanoseconds they are read and forgotten. */
static uint32_t
take_fraction(struct reader *r)
{
	uint32_t nsec = 0;
	uint32_t unit = 100000000;
	if (r->s == r->end || !ascii_is_digit(*r->s))
		r->wrong = true;
	for (; r->s < r->end && ascii_is_digit(*r->s); r->s++) {
		nsec += (uint32_t)(*r->s - '0') * unit;
		unit /= 10;
	}
	return nsec;
}

/* A second of 60 is a leap second: the one after 59. */
static uint32_t
take_clock(struct reader *r, struct stamp_parts *p)
{
	p->hour = take_number(r, 2, 23);
	bool separated = take(r, ':');
	p->minute = take_number(r, 2, 59);
	bool seconds = separated ? is_next(r, ':')
				 : r->s < r->end && ascii_is_digit(*r->s);
	if (!seconds)
		return 0;
	if (separated)
		expect(r, ':');
	p->second = take_number(r, 2, 60);
	return take(r, '.') || take(r, ',') ? take_fraction(r) : 0;
}

/* The seconds local time is ahead of UTC. */
static int
take_zone(struct reader *r)
{
	if (take(r, 'Z') || take(r, 'z'))
		return 0;
	bool behind = is_next(r, '-');
	if (!behind && !is_next(r, '+')) {
		r->wrong = true;
		return 0;
	}
	r->s++;
	int offset = take_number(r, 2, 23) * 3600;
	if (take(r, ':') || r->s < r->end)
		offset += take_number(r, 2, 59) * 60;
	return behind ? -offset : offset;
}

bool
merge_time_iso(struct merge_time *out, const char *s, size_t n)
{
	struct reader r = {.s = s, .end = s + n};
	struct stamp_parts p = {.year = 0};
	uint32_t nsec = 0;
	int offset = 0;
	bool zoned = false;
	take_date(&r, &p);
	if (!r.wrong && (take(&r, 'T') || take(&r, 't') || take(&r, ' '))) {
		nsec = take_clock(&r, &p);
		zoned = r.s < r.end;
		if (zoned)
			offset = take_zone(&r);
	}
	if (r.wrong || r.s < r.end)
		return false;
	int leap = p.second == 60;
	p.second -= leap;
	*out = (struct merge_time){
	    .kind = zoned ? MERGE_TIME_ZONED : MERGE_TIME_LOCAL,
	    .at = {.sec = stamp_from_parts(&p) + leap - offset, .nsec = nsec},
	};
	return true;
}
