#include "cli/cmd/patience.h"

#include <string.h>

#include "base/num.h"

void
patience_tell(void *arg, const struct err *why, int64_t left)
{
	struct patience *p = arg;
	struct out *o = &p->c->err;
	char text[ERR_TEXT_SIZE];
	struct str how_long = STR_INIT;
	struct err ignored;
	err_text(why, text, sizeof(text));
	if (p->c->globals.quiet || strcmp(text, p->last.p) == 0)
		return;
	str_set(&p->last, text);
	num_duration(&how_long, (uint64_t)left * 1000);
	out_line(o, "waiting (%s at most): %s", how_long.p, text);
	(void)out_flush(o, &ignored);
	str_free(&how_long);
}
