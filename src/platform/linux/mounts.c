#include "platform/linux/mounts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

/* The field behind the one *p* points at. */
static const char *
field(const char *p)
{
	p += strcspn(p, " ");
	return p + strspn(p, " ");
}

/*
 * "36 35 98:0 /root /mnt rw,noatime master:1 - fuse.sshfs host:/ rw": fields up
 * to the lone "-" vary in number; the type follows it. Blanks within a field
 * are escaped.
 */
int
mounts_type_of(struct str *out, const char *line, dev_t dev)
{
	char want[40];
	int n = snprintf(want, sizeof(want), "%u:%u ", major(dev), minor(dev));
	const char *device = field(field(line));
	if (strncmp(device, want, (size_t)n) != 0)
		return -1;
	const char *type = strstr(device, " - ");
	if (type == NULL)
		return -1;
	type += strlen(" - ");
	str_addn(out, type, strcspn(type, " \n"));
	return 0;
}

int
mounts_type(struct str *out, dev_t dev)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	if (f == NULL)
		return -1;
	char *line = NULL;
	size_t cap = 0;
	int rc = -1;
	while (rc < 0 && getline(&line, &cap, f) > 0)
		rc = mounts_type_of(out, line, dev);
	free(line);
	fclose(f);
	return rc;
}
