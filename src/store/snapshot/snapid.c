#include "store/snapshot/snapid.h"

#include <string.h>

#include "model/ascii.h"
#include "model/merge/merge_time.h"
#include "store/snapshot/snapshot.h"

enum {
	TIME = sizeof("20261120T235137Z") - 1,
	DIGITS = 4,
	MACHINE_MAX = 64,
	MACHINE_AT = TIME + 1,
	AROUND_MACHINE = MACHINE_AT + 1 + DIGITS,
};

static bool
is_machine(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c = ascii_lower(s[i]);
		if (!ascii_is_digit(c) && (c < 'a' || c > 'z') && c != '.' &&
		    c != '_' && c != '-')
			return false;
	}
	return n > 0 && n <= MACHINE_MAX;
}

static bool
is_hex(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!ascii_is_digit(s[i]) && (s[i] < 'a' || s[i] > 'f'))
			return false;
	return true;
}

bool
snapid_read(struct snapid *out, const char *id, size_t n)
{
	struct merge_time time;
	if (n <= AROUND_MACHINE || n > SNAPSHOT_ID_MAX || id[8] != 'T' ||
	    id[TIME - 1] != 'Z' || id[TIME] != '-' ||
	    id[n - DIGITS - 1] != '-' || !is_hex(id + n - DIGITS, DIGITS) ||
	    !merge_time_iso(&time, id, TIME) || time.kind != MERGE_TIME_ZONED)
		return false;
	out->time = time.at;
	out->machine = id + MACHINE_AT;
	out->machine_len = n - AROUND_MACHINE;
	return is_machine(out->machine, out->machine_len);
}
