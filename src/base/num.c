#include "base/num.h"

#include <inttypes.h>

#include "base/compiler.h"

/* Decimal digits only, at most *max*; what every parser here is made of. */
static int
parse_digits(uint64_t *out, const char *s, size_t n, uint64_t max)
{
	if (n == 0)
		return -1;
	uint64_t v = 0;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		uint64_t digit = (uint64_t)(s[i] - '0');
		if (digit > max || v > (max - digit) / 10)
			return -1;
		v = v * 10 + digit;
	}
	*out = v;
	return 0;
}

int
num_parse(int64_t *out, const char *s, size_t n, int64_t min, int64_t max)
{
	bool minus = n > 0 && s[0] == '-';
	uint64_t limit = (uint64_t)INT64_MAX + minus;
	uint64_t u;
	if (parse_digits(&u, s + minus, n - minus, limit) < 0)
		return -1;
	/* -u, without stepping on the one number that has no positive twin. */
	int64_t v = minus && u > 0 ? -(int64_t)(u - 1) - 1 : (int64_t)u;
	if (v < min || v > max)
		return -1;
	*out = v;
	return 0;
}

int
num_parse_duration(int64_t *out, const char *s, size_t n, int64_t max)
{
	static const struct {
		char letter;
		int64_t seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
	int64_t unit = 1;
	for (size_t i = 0; n > 0 && i < COUNT_OF(units); i++) {
		if (s[n - 1] == units[i].letter) {
			unit = units[i].seconds;
			n--;
			break;
		}
	}
	uint64_t v;
	if (max < 0 || parse_digits(&v, s, n, (uint64_t)(max / unit)) < 0)
		return -1;
	*out = (int64_t)v * unit;
	return 0;
}

int
num_parse_clock(int *out, const char *s, size_t n)
{
	uint64_t hours;
	uint64_t minutes;
	if (n != 5 || s[2] != ':' || parse_digits(&hours, s, 2, 23) < 0 ||
	    parse_digits(&minutes, s + 3, 2, 59) < 0)
		return -1;
	*out = (int)(hours * 60 + minutes);
	return 0;
}

void
num_hex(struct str *out, const void *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *p = bytes;
	for (size_t i = 0; i < n; i++) {
		char pair[2] = {digits[p[i] >> 4], digits[p[i] & 15]};
		str_addn(out, pair, sizeof(pair));
	}
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
num_unhex(struct str *out, const char *hex, size_t n)
{
	if (n % 2 != 0)
		return -1;
	size_t before = out->len;
	for (size_t i = 0; i < n; i += 2) {
		int hi = hex_digit(hex[i]);
		int lo = hex_digit(hex[i + 1]);
		if (hi < 0 || lo < 0) {
			str_cut(out, before);
			return -1;
		}
		str_addc(out, (char)(hi << 4 | lo));
	}
	return 0;
}

void
num_size(struct str *out, uint64_t bytes)
{
	static const char *const units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
	if (bytes < 1000) {
		str_addf(out, "%" PRIu64 " B", bytes);
		return;
	}
	size_t i = 0;
	uint64_t unit = 1000;
	/* Rounding may carry into the next unit: 999,500 is 1.0 MB. */
	while (i + 1 < COUNT_OF(units) && bytes >= unit * 1000 - unit / 2) {
		unit *= 1000;
		i++;
	}
	uint64_t whole = bytes / unit;
	uint64_t rest = bytes % unit;
	uint64_t tenths = whole * 10 + (rest * 10 + unit / 2) / unit;
	if (tenths < 100)
		str_addf(out, "%" PRIu64 ".%" PRIu64 " %s", tenths / 10,
		    tenths % 10, units[i]);
	else
		str_addf(out, "%" PRIu64 " %s", whole + (rest >= unit / 2),
		    units[i]);
}

void
num_count(struct str *out, uint64_t n)
{
	char buf[32];
	size_t at = sizeof(buf);
	int digits = 0;
	do {
		if (digits > 0 && digits % 3 == 0)
			buf[--at] = ',';
		buf[--at] = (char)('0' + n % 10);
		n /= 10;
		digits++;
	} while (n > 0);
	str_addn(out, buf + at, sizeof(buf) - at);
}

/* "3 min 5 s", or "3 min" when there is no rest. */
static void
add_two(struct str *out, uint64_t n, const char *unit, uint64_t rest,
    const char *rest_unit)
{
	str_addf(out, "%" PRIu64 " %s", n, unit);
	if (rest > 0)
		str_addf(out, " %" PRIu64 " %s", rest, rest_unit);
}

void
num_duration(struct str *out, uint64_t milliseconds)
{
	uint64_t seconds = milliseconds / 1000;
	uint64_t minutes = seconds / 60;
	uint64_t hours = minutes / 60;
	if (seconds < 10)
		str_addf(out, "%" PRIu64 ".%" PRIu64 " s", seconds,
		    milliseconds / 100 % 10);
	else if (minutes < 1)
		str_addf(out, "%" PRIu64 " s", seconds);
	else if (hours < 1)
		add_two(out, minutes, "min", seconds % 60, "s");
	else if (hours < 48)
		add_two(out, hours, "h", minutes % 60, "min");
	else
		str_addf(out, "%" PRIu64 " days", hours / 24);
}
