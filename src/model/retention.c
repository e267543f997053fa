#include "model/retention.h"

enum { DAY = 86400 };

/* Why it stays without being counted at all; WITHIN: it is counted. */
static enum retention_reason
stands_apart(
    const struct retention_item *item, const struct retention_rules *rules)
{
	if (item->foreign)
		return RETENTION_FOREIGN;
	if (item->incomplete)
		return RETENTION_INCOMPLETE;
	if (item->needed)
		return RETENTION_NEEDED;
	return stamp_cmp(item->time, rules->now) > 0 ? RETENTION_FUTURE
						     : RETENTION_WITHIN;
}

static bool
is_old(const struct retention_item *item, const struct retention_rules *rules)
{
	return rules->days > 0 &&
	    !stamp_near(item->time, rules->now, rules->days * DAY);
}

/* Of one that is counted; *place* counts from 1 at the newest. */
static enum retention_reason
judge(const struct retention_item *item, int64_t place,
    const struct retention_rules *rules)
{
	if (place == 1)
		return RETENTION_NEWEST;
	if (place <= rules->keep_last)
		return RETENTION_LAST;
	if (is_old(item, rules))
		return RETENTION_OLD;
	if (rules->max_count > 0 && place > rules->max_count)
		return RETENTION_MANY;
	return RETENTION_WITHIN;
}

/* What is left may still be too much: then the oldest go, as far as they may.
 */
static void
judge_sizes(
    struct retention_item *v, size_t n, const struct retention_rules *rules)
{
	uint64_t total = 0;
	for (size_t i = 0; i < n; i++) {
		bool counts = v[i].reason == RETENTION_NEWEST ||
		    v[i].reason == RETENTION_LAST ||
		    v[i].reason == RETENTION_WITHIN;
		if (counts && total <= UINT64_MAX - v[i].bytes)
			total += v[i].bytes;
		else if (counts)
			total = UINT64_MAX;
	}
	for (size_t i = 0; i < n && total > rules->max_bytes; i++) {
		if (v[i].reason != RETENTION_WITHIN)
			continue;
		v[i].reason = RETENTION_LARGE;
		total -= v[i].bytes < total ? v[i].bytes : total;
	}
}

void
retention_judge(
    struct retention_item *v, size_t n, const struct retention_rules *rules)
{
	int64_t place = 0;
	for (size_t i = n; i-- > 0;) {
		v[i].reason = stands_apart(&v[i], rules);
		if (v[i].reason == RETENTION_WITHIN)
			v[i].reason = judge(&v[i], ++place, rules);
	}
	if (rules->max_bytes > 0)
		judge_sizes(v, n, rules);
}
