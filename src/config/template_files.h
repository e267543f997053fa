/*
 * template_files.h - the files of config-templates, compiled in.
 *
 * The build makes the table from the files (cmake/embed-templates.cmake), so
 * there is one source of both.
 */
#ifndef CONFIG_TEMPLATE_FILES_H
#define CONFIG_TEMPLATE_FILES_H

#include <stddef.h>

struct template_file {
	const char *name; /* without ".ini" */
	const unsigned char *text;
	size_t n;
};

extern const struct template_file template_files[];
extern const size_t template_files_n;

#endif
