#include "platform/plat_thread.h"

#include <malloc.h>

void
plat_memory_trim(void)
{
	/* Other C libraries give it back by themselves. */
#ifdef __GLIBC__
	(void)malloc_trim(0);
#endif
}
