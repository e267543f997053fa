/*
 * plat_time.h - clocks.
 */
#ifndef PLATFORM_PLAT_TIME_H
#define PLATFORM_PLAT_TIME_H

#include <stdint.h>

#include "base/stamp.h"

/* plat_now: the time of day. */
struct stamp plat_now(void);

/* plat_ticks: milliseconds of a clock that never jumps. */
uint64_t plat_ticks(void);

/* plat_sleep: about *ms* milliseconds; ends early when a signal asks us to
   stop (plat_sig.h). */
void plat_sleep(unsigned ms);

/* plat_zone_offset: seconds the local zone is ahead of UTC at *t*. */
int plat_zone_offset(struct stamp t);

#endif
