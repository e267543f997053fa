#include "platform/win32/quote.h"

#include <string.h>

void
quote_program(struct str *line, const char *path)
{
	/* No file name holds a quote, and backslashes are plain here. */
	str_addc(line, '"');
	str_add(line, path);
	str_addc(line, '"');
}

static void
add_backslashes(struct str *line, size_t n)
{
	while (n-- > 0)
		str_addc(line, '\\');
}

void
quote_argument(struct str *line, const char *arg)
{
	str_addc(line, ' ');
	if (*arg != '\0' && strpbrk(arg, " \t\n\v\"") == NULL) {
		str_add(line, arg);
		return;
	}
	str_addc(line, '"');
	for (;;) {
		/* Backslashes mean themselves, except before a quote: there
		   each has to be written twice. */
		size_t n = strspn(arg, "\\");
		arg += n;
		if (*arg == '\0') {
			add_backslashes(line, 2 * n);
			break;
		}
		add_backslashes(line, *arg == '"' ? 2 * n + 1 : n);
		str_addc(line, *arg++);
	}
	str_addc(line, '"');
}

bool
quote_batch(struct str *line, const char *arg)
{
	/* Within quotes cmd.exe leaves everything alone but variables and what
	   ends the quotes or the line. */
	if (strpbrk(arg, "\"%\r\n") != NULL)
		return false;
	str_add(line, " \"");
	str_add(line, arg);
	/* The batch file may pass it on to a program, for which a backslash
	   before the quote would make it part of the argument. */
	size_t n = strlen(arg), slashes = 0;
	while (slashes < n && arg[n - 1 - slashes] == '\\')
		slashes++;
	add_backslashes(line, slashes);
	str_addc(line, '"');
	return true;
}
