#include <unistd.h>

#include "platform/plat_thread.h"

unsigned
plat_cpu_count(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n > 0 ? (unsigned)n : 1;
}
