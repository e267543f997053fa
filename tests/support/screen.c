#include "support/screen.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"
#include "platform/plat_env.h"

struct screen screen;

void
screen_clear(void)
{
	str_free(&screen.shown);
	str_free(&screen.pieces);
	screen = (struct screen){.shown = STR_INIT, .pieces = STR_INIT};
}

bool
plat_is_terminal(enum plat_stream s)
{
	UNUSED(s);
	return screen.columns > 0;
}

bool
plat_terminal_color(enum plat_stream s)
{
	UNUSED(s);
	return false;
}

int
plat_terminal_width(enum plat_stream s)
{
	UNUSED(s);
	return screen.columns;
}

char *
plat_getenv(const char *name)
{
	UNUSED(name);
	return NULL;
}

int
plat_out(enum plat_stream s, const void *bytes, size_t n, struct err *e)
{
	UNUSED(e);
	str_addn(&screen.shown, bytes, n);
	str_add(&screen.pieces, s == PLAT_STDOUT ? "out<" : "err<");
	str_addn(&screen.pieces, bytes, n);
	str_addc(&screen.pieces, '>');
	return 0;
}
