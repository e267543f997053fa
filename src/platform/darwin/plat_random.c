#include <stdlib.h>

#include "platform/plat_env.h"

int
plat_random(void *buf, size_t n, struct err *e)
{
	(void)e;
	arc4random_buf(buf, n);
	return 0;
}
