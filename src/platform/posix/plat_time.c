#include "platform/plat_time.h"

#include <errno.h>
#include <time.h>

#include "platform/plat_sig.h"

struct stamp
plat_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return (struct stamp){.sec = t.tv_sec, .nsec = (uint32_t)t.tv_nsec};
}

uint64_t
plat_ticks(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* In short naps: a signal may arrive just before we sleep, or wake another
   thread, and then nothing would end a long one. */
enum { NAP = 50 };

void
plat_sleep(unsigned ms)
{
	uint64_t end = plat_ticks() + ms;
	for (;;) {
		uint64_t now = plat_ticks();
		if (now >= end || plat_sig_asked())
			return;
		uint64_t nap = end - now < NAP ? end - now : NAP;
		struct timespec t = {.tv_nsec = (long)nap * 1000000};
		nanosleep(&t, NULL);
	}
}

int
plat_zone_offset(struct stamp t)
{
	time_t sec = (time_t)t.sec;
	struct tm parts;
	/* A year that does not fit has no zone worth knowing. */
	if (localtime_r(&sec, &parts) == NULL)
		return 0;
	return (int)parts.tm_gmtoff;
}
