#include <string.h>

#include "cli/complete/complete.h"

void
complete_offer(struct complete *out, const struct complete_line *l,
    const char *value, const char *about)
{
	if (strncmp(value, l->typed, strlen(l->typed)) != 0)
		return;
	struct str s = STR_INIT;
	str_addf(&s, "%s%s", l->before, value);
	if (about != NULL && about[0] != '\0')
		str_addf(&s, "\t%s", about);
	strlist_add(&out->values, s.p);
	str_free(&s);
}
