#include "cli/command.h"

#include <string.h>

#include "base/compiler.h"
#include "base/text.h"

/* In the order help lists them within their groups. */
static const struct command *const commands[] = {
    &cmd_init,
    &cmd_validate,
    &cmd_doctor,
    &cmd_status,
    &cmd_plan,
    &cmd_sync,
    &cmd_pull,
    &cmd_push,
    &cmd_run,
    &cmd_conflicts,
    &cmd_resolve,
    &cmd_report,
    &cmd_watch,
    &cmd_backups,
    &cmd_schedule,
    &cmd_restore,
    &cmd_undo,
    &cmd_history,
    &cmd_handoff,
    &cmd_receive,
    &cmd_machines,
    &cmd_pause,
    &cmd_resume,
    &cmd_completion,
    &cmd_help,
    &cmd_version,
    &cmd_complete,
};

const struct command *
command_at(size_t i)
{
	return i < COUNT_OF(commands) ? commands[i] : NULL;
}

static bool
is_called(const struct command *command, const char *name)
{
	if (strcmp(command->name, name) == 0)
		return true;
	for (size_t i = 0; command->aliases[i] != NULL; i++)
		if (strcmp(command->aliases[i], name) == 0)
			return true;
	return false;
}

const struct command *
command_find(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		if (is_called(commands[i], name))
			return commands[i];
	return NULL;
}

const char *
command_nearest(const char *word)
{
	const char *names[COUNT_OF(commands) * (1 + COMMAND_ALIASES) + 1];
	size_t n = 0;
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		const struct command *command = commands[i];
		if (command->group == COMMAND_HIDDEN)
			continue;
		names[n++] = command->name;
		for (size_t a = 0; command->aliases[a] != NULL; a++)
			names[n++] = command->aliases[a];
	}
	names[n] = NULL;
	return text_nearest(word, names);
}
