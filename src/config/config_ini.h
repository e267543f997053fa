/*
 * config_ini.h - one INI file as a sequence of (line, section, key, value).
 *
 * Two readers stand behind this header and agree on every input: the one over
 * inih (config_ini_inih.c, the only includer of ini.h) and, where inih is not
 * to be had, our own (config_ini_own.c). The build chooses one. Both stand on
 * config_lines.h, which never hands out anything inih would cut or misread.
 *
 * The dialect: "[section]", "key = value" or "key: value", full-line comments
 * with ';' or '#'; nothing begins a comment inside a value, so that "a ;b" and
 * "a#b" are what they say. Names are made of letters, digits, '_', '-' and
 * '.'. A line that begins with a blank continues the value above it as a
 * further line; empty lines and comments may stand between. A line ends with
 * LF, CRLF or CR; a byte order mark and values of any length are fine. NUL
 * bytes and UTF-16 are errors, named with their line.
 */
#ifndef CONFIG_CONFIG_INI_H
#define CONFIG_CONFIG_INI_H

#include <stddef.h>

/* What the reader found. Strings live for the call only. */
struct config_ini_item {
	unsigned line;       /* where its key stands, from 1 */
	const char *section; /* "" before the first */
	const char *key;
	/*
	 * The lines of a continued value are joined by one '\n' for each line
	 * of the file, so that what stands behind n of them was read n lines
	 * below the key. Never begins or ends with a blank.
	 */
	const char *value;
};

/* What to do with what is found; *arg* is handed through. An item is handed
   over when its last line has been read. */
struct config_ini_sink {
	void (*section)(void *arg, unsigned line, const char *name);
	void (*item)(void *arg, const struct config_ini_item *item);
	void (*bad_line)(void *arg, unsigned line, const char *what);
	void *arg;
};

/* The largest file read; more is refused before it is read. */
enum { CONFIG_INI_MAX_BYTES = 4 * 1024 * 1024 };

/*
 * config_ini_parse: read the text; every section, item and bad line goes to
 * the sink, in order. What depends on a bad line is passed over in silence:
 * the continuation of a bad line, and the keys below a bad section line.
 */
#ifdef COLDSYNC_OWN_INI
#	define config_ini_parse config_ini_parse_own
#else
#	define config_ini_parse config_ini_parse_inih
#endif

void config_ini_parse_inih(
    const char *text, size_t n, const struct config_ini_sink *sink);
void config_ini_parse_own(
    const char *text, size_t n, const struct config_ini_sink *sink);

#endif
