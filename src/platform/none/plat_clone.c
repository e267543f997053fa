#include "platform/plat_fs.h"

int
plat_clone(struct plat_file to, struct plat_file from, struct err *e)
{
	(void)to;
	(void)from;
	(void)e;
	return 1;
}
