#include "engine/profile/run_id.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "platform/plat_env.h"
#include "platform/plat_time.h"

char *
run_id_make(char *buf, struct stamp now)
{
	uint16_t digits;
	struct err e;
	/* The id has to be different, not unguessable: without a random source
	   the ticks of the machine's clock do. */
	if (plat_random(&digits, sizeof(digits), &e) != 0)
		digits = (uint16_t)(plat_ticks() ^ now.nsec);
	stamp_compact(buf, now);
	size_t n = strlen(buf);
	snprintf(buf + n, RUN_ID_SIZE - n, "-%04x", (unsigned)digits);
	return buf;
}
