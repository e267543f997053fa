#include <string.h>

#include "base/compiler.h"
#include "cli/command.h"
#include "cli/complete/complete.h"
#include "cli/embedded.h"
#include "cli/exitcode.h"

static const struct {
	const char *name;
	const unsigned char *script;
} shells[] = {
    {"bash", embedded_completion_bash},
    {"zsh", embedded_completion_zsh},
    {"fish", embedded_completion_fish},
};

static int
run_completion(struct cli_context *c)
{
	struct err e;
	const char *wanted = c->args.n > 0 ? c->args.v[0] : NULL;
	for (size_t i = 0; wanted != NULL && i < COUNT_OF(shells); i++) {
		if (strcmp(shells[i].name, wanted) != 0)
			continue;
		const char *script = (const char *)shells[i].script;
		out_add(&c->out, script);
		json_put_string(&c->json, "script", script);
		str_addf(&c->message, "completion for %s", wanted);
		return EXITCODE_OK;
	}
	if (wanted == NULL)
		err_set(&e, ERR_USAGE, "no shell given");
	else
		err_set(
		    &e, ERR_USAGE, "there is no completion for '%s'", wanted);
	return cli_fail(c, &e, "name one of bash, zsh, fish");
}

/* What the scripts ask: the kind of what is offered, then each on a line. */
static int
run_complete(struct cli_context *c)
{
	static const char *const kinds[] = {
	    [COMPLETE_WORDS] = "words",
	    [COMPLETE_FILES] = "files",
	    [COMPLETE_DIRS] = "dirs",
	    [COMPLETE_PROGRAMS] = "programs",
	};
	struct complete answer;
	complete_line(&answer, c->args.v, c->args.n);
	out_line(&c->out, "%s", kinds[answer.kind]);
	for (size_t i = 0; i < answer.values.n; i++) {
		out_add(&c->out, answer.values.v[i]);
		out_add(&c->out, "\n");
	}
	strlist_free(&answer.values);
	return EXITCODE_OK;
}

const struct command cmd_completion = {
    .name = "completion",
    .group = COMMAND_ABOUT,
    .summary = "print what makes a shell complete command lines",
    .args = "bash|zsh|fish",
    .details =
	"Prints a script for the shell. It completes commands, options and "
	"their values, profiles, snapshots and paths. The packages install "
	"it; by hand:\n"
	"  bash: coldsync completion bash >"
	"~/.local/share/bash-completion/completions/coldsync\n"
	"  zsh: coldsync completion zsh >~/.zfunc/_coldsync\n"
	"  fish: coldsync completion fish >"
	"~/.config/fish/completions/coldsync.fish\n"
	"For zsh the directory has to be in fpath before compinit runs.",
    .max_args = 1,
    .run = run_completion,
};

const struct command cmd_complete = {
    .name = "__complete",
    .group = COMMAND_HIDDEN,
    .summary = "tell a shell what may come next",
    .args = "-- [WORD...]",
    .details = "What the scripts of 'coldsync completion' ask.",
    .max_args = -1,
    .run = run_complete,
};
