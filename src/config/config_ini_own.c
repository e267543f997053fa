/*
 * The reader for builds without inih.
 */
#include "config/config_ini.h"

#include <string.h>

#include "config/config_lines.h"

void
config_ini_parse_own(
    const char *text, size_t n, const struct config_ini_sink *sink)
{
	struct config_lines l;
	bool below_key = false; /* is there a value to continue? */
	config_lines_init(&l, text, n, sink);
	while (config_lines_next(&l)) {
		char *head = l.head;
		char *last = head + strlen(head) - 1;
		if (head[0] == '[' || *last == '=') {
			char ends = *last;
			*last = '\0';
			below_key = ends == '=';
			if (below_key)
				config_lines_key(&l, head);
			else
				config_lines_section(&l, head + 1);
		} else if (head[0] == ' ' && below_key) {
			config_lines_more(&l);
		} else {
			config_lines_bad(&l);
		}
	}
	config_lines_free(&l);
}
