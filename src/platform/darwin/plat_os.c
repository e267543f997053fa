#include "platform/plat_env.h"

const char *
plat_os(void)
{
	return "macos";
}
