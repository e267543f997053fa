#include "config_world.h"

#include <string.h>

#include "base/mem.h"
#include "platform/plat_env.h"

struct config_world config_world;

void
config_world_reset(void)
{
	config_world = (struct config_world){
	    .os = "linux",
	    .host = "host-name",
	    .home = "/home/me",
	    .state_home = "/home/me/.local/state/coldsync",
	    .config_home = "/home/me/.config/coldsync",
	};
}

char *
plat_getenv(const char *name)
{
	const char *const *env = config_world.env;
	for (; env != NULL && *env != NULL; env += 2)
		if (strcmp(env[0], name) == 0)
			return mem_string(env[1]);
	return NULL;
}

static int
give(struct str *out, const char *what, struct err *e)
{
	if (what == NULL)
		return err_set(e, ERR_NOTFOUND, "there is none");
	str_add(out, what);
	return 0;
}

int
plat_home(struct str *out, struct err *e)
{
	return give(out, config_world.home, e);
}

int
plat_state_home(struct str *out, struct err *e)
{
	return give(out, config_world.state_home, e);
}

int
plat_config_home(struct str *out, struct err *e)
{
	return give(out, config_world.config_home, e);
}

void
plat_host_name(struct str *out)
{
	str_add(out, config_world.host);
}

const char *
plat_os(void)
{
	return config_world.os;
}

bool
plat_expands_percent(void)
{
	return strcmp(config_world.os, "windows") == 0;
}

bool
plat_is_absolute(const char *native)
{
	if (native[0] == '/')
		return strcmp(config_world.os, "windows") != 0;
	return native[0] != '\0' && native[1] == ':' &&
	    (native[2] == '\\' || native[2] == '/');
}

/* ---- the truth ----------------------------------------------------------- */

#undef plat_os
const char *plat_os(void);

bool
config_world_runs_on_windows(void)
{
	return strcmp(plat_os(), "windows") == 0;
}
