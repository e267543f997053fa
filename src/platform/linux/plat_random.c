#include <errno.h>
#include <sys/random.h>

#include "platform/plat_env.h"
#include "platform/plat_err.h"

int
plat_random(void *buf, size_t n, struct err *e)
{
	char *p = buf;
	while (n > 0) {
		ssize_t got = getrandom(p, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return plat_fail(e, errno, "get random bytes");
		p += got;
		n -= (size_t)got;
	}
	return 0;
}
