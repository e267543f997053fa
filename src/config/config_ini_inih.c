/*
 * The reader over inih; the only includer of ini.h.
 *
 * inih pulls lines from us and calls back for each key and continuation, never
 * for a section or a line it cannot read. So behind each section's head it is
 * fed a line "=", a key without a name, whose call tells the section; and a
 * head that brought no call by the time the next line is asked for is one it
 * could not read.
 */
#include "config/config_ini.h"

#include <stdio.h>
#include <string.h>

#include <ini.h>

#include "config/config_lines.h"

struct feed {
	struct config_lines lines;
	bool asked;    /* the present head is with inih, unanswered */
	bool probe;    /* the head was a section's: the probe comes next */
	bool finished; /* inih read to the end */
};

static int
take(void *user, const char *section, const char *name, const char *value)
{
	struct feed *f = user;
	if (name == NULL) /* some builds call for a section, too */
		return 1;
	f->asked = false;
	if (f->lines.head[0] == '[')
		config_lines_section(&f->lines, section);
	else if (value[0] == '\0')
		config_lines_key(&f->lines, name);
	else
		config_lines_more(&f->lines);
	return 1;
}

/* inih asks for a line as it would ask fgets. */
static char *
feed_line(char *buf, int size, void *stream)
{
	struct feed *f = stream;
	if (f->probe) {
		f->probe = false;
		snprintf(buf, (size_t)size, "=\n");
		return buf;
	}
	if (f->asked)
		config_lines_bad(&f->lines);
	f->asked = config_lines_next(&f->lines);
	if (!f->asked) {
		f->finished = true;
		return NULL;
	}
	f->probe = f->lines.head[0] == '[';
	snprintf(buf, (size_t)size, "%s\n", f->lines.head);
	return buf;
}

void
config_ini_parse_inih(
    const char *text, size_t n, const struct config_ini_sink *sink)
{
	struct feed f = {.asked = false};
	config_lines_init(&f.lines, text, n, sink);
	ini_parse_stream(feed_line, &f, take, &f);
	/* It stops early when memory runs out, and in builds that stop at the
	   first error. What it did not read must not pass for absent. */
	if (!f.finished)
		sink->bad_line(sink->arg, f.lines.number,
		    "the INI library stopped reading here");
	config_lines_free(&f.lines);
}
