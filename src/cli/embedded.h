/*
 * embedded.h - files of src/cli/assets as they are, compiled in
 * (cmake/embed.cmake). Each is valid UTF-8 and ends with a NUL.
 */
#ifndef CLI_EMBEDDED_H
#define CLI_EMBEDDED_H

/* What each shell loads to complete command lines. */
extern const unsigned char embedded_completion_bash[];
extern const unsigned char embedded_completion_zsh[];
extern const unsigned char embedded_completion_fish[];

/* The report's style and script. */
extern const unsigned char embedded_report_css[];
extern const unsigned char embedded_report_js[];

#endif
