#include "cli/out/pager.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "platform/plat_proc.h"

/* What "less" is told unless the user has told it something else; lv shows
   colours. */
static const char settings[] = "LESS=${LESS-FRX} LV=${LV--c}; export LESS LV; ";

/* Without PAGER. */
static const char standard[] =
    "command -v less >/dev/null 2>&1 || exit 127; exec less";

/* The command line; false where there is to be no pager. */
static bool
choose(struct str *out)
{
	char *pager = plat_getenv("PAGER");
	bool wanted =
	    pager == NULL || (pager[0] != '\0' && strcmp(pager, "cat") != 0);
	if (wanted)
		str_addf(
		    out, "%s%s", settings, pager != NULL ? pager : standard);
	free(pager);
	return wanted;
}

/* Does it take more rows than the terminal has, the next prompt's included? */
static bool
is_long(const struct out *o)
{
	int height = plat_terminal_height(o->to);
	size_t rows = 1;
	for (size_t i = 0, line = 0; i < o->buf.len; i++) {
		if (o->buf.p[i] != '\n')
			continue;
		size_t columns = text_width(o->buf.p + line, i - line);
		rows += 1;
		if (o->width > 0 && columns > o->width)
			rows += (columns - 1) / o->width;
		line = i + 1;
	}
	return height > 0 && rows > (size_t)height;
}

static int
show(const struct out *o, struct err *e)
{
	enum { NOT_RUN = 126 }; /* what a shell says of what it cannot start */
	struct str command = STR_INIT;
	struct err ignored;
	int code = NOT_RUN;
	if (is_long(o) && choose(&command) &&
	    plat_feed(command.p, o->buf.p, o->buf.len, &code, &ignored) != 0)
		code = NOT_RUN;
	str_free(&command);
	if (code != NOT_RUN && code != NOT_RUN + 1)
		return 0;
	return plat_out(o->to, o->buf.p, o->buf.len, e);
}

void
pager_use(struct out *o)
{
	if (o->to == PLAT_STDOUT && plat_is_terminal(PLAT_STDIN) &&
	    plat_terminal_color(PLAT_STDOUT))
		o->show = show;
}
