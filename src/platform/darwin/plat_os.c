#include "platform/plat_env.h"

#include <time.h>
#include <unistd.h>
#include <uuid/uuid.h>

#include "base/num.h"

const char *
plat_os(void)
{
	return "macos";
}

/* The hardware's own. */
void
plat_machine_id(struct str *out)
{
	uuid_t id;
	const struct timespec wait = {.tv_sec = 1};
	if (gethostuuid(id, &wait) == 0)
		num_hex(out, id, sizeof(id));
}
