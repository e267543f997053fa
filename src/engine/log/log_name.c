#include "engine/log/log_name.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "base/num.h"

/* ---- the stem ---- */

/* Two such parts, a date and everything behind it fit into 255 bytes. */
enum { PART_MAX = 96 };

static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
	    c == ' ';
}

static void
add_part(struct str *out, const char *name)
{
	size_t n = strlen(name);
	size_t keep = n < PART_MAX ? n : PART_MAX;
	bool exact = n > 0 && keep == n;
	for (size_t i = 0; i < keep; i++) {
		/* A leading dot would hide the files. */
		bool plain = is_plain(name[i]) && (i > 0 || name[i] != '.');
		str_addn(out, plain ? &name[i] : "_", 1);
		exact = exact && plain;
	}
	if (!exact) {
		char hex[HASH_HEX_SIZE];
		str_addf(out, "~%.8s", hash_hex(hex, hash_of(name, n)));
	}
}

void
log_stem(struct str *out, const char *profile, const char *machine)
{
	add_part(out, profile);
	str_addc(out, '-');
	add_part(out, machine);
}

/* The digits at *s, of which there may be none. */
static size_t
count_digits(const char *s, size_t n)
{
	size_t i = 0;
	while (i < n && s[i] >= '0' && s[i] <= '9')
		i++;
	return i;
}

/* ---- days ---- */

enum { DAY = 86400, DATE_LEN = 10 /* YYYY-MM-DD */ };

int64_t
log_day(struct stamp t, int offset)
{
	struct stamp_parts p = stamp_parts(t.sec, offset);
	p.hour = p.minute = p.second = 0;
	return stamp_from_parts(&p) / DAY;
}

static void
add_date(struct str *out, int64_t day)
{
	struct stamp_parts p = stamp_parts(day * DAY, 0);
	str_addf(out, "%04" PRId64 "-%02d-%02d", p.year, p.month, p.day);
}

/* From exactly DATE_LEN bytes. */
static bool
parse_date(int64_t *day, const char *s)
{
	int64_t year, month, mday;
	if (count_digits(s, 4) < 4 || s[4] != '-' || s[7] != '-' ||
	    num_parse(&year, s, 4, 0, 9999) != 0 ||
	    num_parse(&month, s + 5, 2, 1, 12) != 0 ||
	    num_parse(&mday, s + 8, 2, 1, 31) != 0)
		return false;
	struct stamp_parts p = {
	    .year = year, .month = (int)month, .day = (int)mday};
	*day = stamp_from_parts(&p) / DAY;
	/* 31 February is nobody's day. */
	return stamp_parts(*day * DAY, 0).day == mday;
}

/* ---- file names ---- */

void
log_name_put(struct str *out, const char *stem, const struct log_name *name)
{
	str_addf(out, "%s-", stem);
	add_date(out, name->day);
	if (name->part > 0)
		str_addf(out, ".%" PRId64, name->part);
	if (name->kind == LOG_ARCHIVE && name->copy > 1)
		str_addf(out, "-%" PRId64, name->copy);
	str_add(out, name->kind == LOG_ARCHIVE ? ".zip" : ".log");
}

/*
 * Behind *mark*, a number from *min* up without leading zeros: sets *value and
 * returns how many bytes both take. 0, with nothing set, when there is none.
 */
static size_t
parse_number(int64_t *value, char mark, int64_t min, const char *s, size_t n)
{
	if (n < 2 || s[0] != mark || s[1] == '0')
		return 0;
	size_t digits = count_digits(s + 1, n - 1);
	if (num_parse(value, s + 1, digits, min, LOG_NUMBER_MAX) != 0)
		return 0;
	return 1 + digits;
}

bool
log_name_parse(
    struct log_name *out, const char *stem, const char *file, size_t n)
{
	size_t stem_len = strlen(stem);
	size_t at = stem_len + 1 + DATE_LEN;
	*out = (struct log_name){.copy = 1};
	if (n < at || memcmp(file, stem, stem_len) != 0 ||
	    file[stem_len] != '-' ||
	    !parse_date(&out->day, file + stem_len + 1))
		return false;
	at += parse_number(&out->part, '.', 1, file + at, n - at);
	size_t copy = parse_number(&out->copy, '-', 2, file + at, n - at);
	at += copy;
	if (n - at != strlen(".log"))
		return false;
	if (memcmp(file + at, ".zip", 4) == 0)
		out->kind = LOG_ARCHIVE;
	else if (copy > 0 || memcmp(file + at, ".log", 4) != 0)
		return false;
	return true;
}
