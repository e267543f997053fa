/*
 * interpreter.h - programs that run other people's programs.
 *
 * "node codex.js" is codex, "vim codex.js" is not: what stands on a command
 * line counts only behind a program known to run it, and only in the place
 * where that program takes what it runs from.
 */
#ifndef MODEL_PROGRAM_INTERPRETER_H
#define MODEL_PROGRAM_INTERPRETER_H

#include <stdbool.h>
#include <stddef.h>

/* What an interpreter was told to run; both NULL: nothing with a name (code on
   the command line, standard input, a prompt). */
struct interpreted {
	const char *script; /* the file, as on the command line */
	const char *module; /* "-m NAME" */
};

/*
 * interpreter_runs: is *name*, the base name of a program, a known interpreter
 * (whatever version it ends in)? Then *out* says what it runs by the arguments
 * *argv*, the first of which is its own name. *argv* may be NULL.
 */
bool interpreter_runs(
    struct interpreted *out, const char *name, const char *const *argv);

/* interpreter_extension: where the extension of a script's file begins in its
   base name; its end when it has none that scripts have. */
const char *interpreter_extension(const char *name);

#endif
