#include "cli/opt.h"
#include "cli/out/wrap.h"

/* Where help begins: beside the option, or under it where space is short. */
enum { COLUMN_BESIDE = 28, COLUMN_UNDER = 8, WIDTH_BESIDE = 64 };

void
opt_usage(struct str *out, const struct opt *table, size_t width)
{
	size_t column = width >= WIDTH_BESIDE ? COLUMN_BESIDE : COLUMN_UNDER;
	struct str left = STR_INIT;
	for (const struct opt *o = table; o->name != NULL; o++) {
		str_clear(&left);
		if (o->letter != 0)
			str_addf(&left, "  -%c, --%s", o->letter, o->name);
		else
			str_addf(&left, "      --%s", o->name);
		if (o->arg != NULL)
			str_addf(&left, " %s", o->arg);
		wrap_pair(out, left.p, o->help, column, width);
	}
	str_free(&left);
}
