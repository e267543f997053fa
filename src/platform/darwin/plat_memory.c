#include "platform/plat_thread.h"

#include <malloc/malloc.h>

void
plat_memory_trim(void)
{
	(void)malloc_zone_pressure_relief(NULL, 0);
}
