#include <sched.h>
#include <unistd.h>

#include "platform/plat_thread.h"

/* A container or taskset may leave us fewer than there are. */
unsigned
plat_cpu_count(void)
{
	cpu_set_t set;
	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		return (unsigned)CPU_COUNT(&set);
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n > 0 ? (unsigned)n : 1;
}
