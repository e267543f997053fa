#include <stddef.h>

#include "cli/cli.h"
#include "platform/plat_thread.h"

static const char *const auto_always_never[] = {
    "auto", "always", "never", NULL};

#define AT(member) offsetof(struct cli_globals, member)

const struct opt cli_global_options[] = {
    {.name = "config",
	.letter = 'c',
	.kind = OPT_TEXT,
	.at = AT(config),
	.arg = "FILE",
	.help = "use this config file"},
    {.name = "profile",
	.letter = 'p',
	.kind = OPT_TEXT,
	.at = AT(profile),
	.arg = "NAME",
	.help = "use NAME.ini in the config directory"},
    {.name = "all",
	.kind = OPT_FLAG,
	.at = AT(all),
	.help = "every profile in the config directory, for the commands that "
		"can"},
    {.name = "verbose",
	.letter = 'v',
	.kind = OPT_COUNT,
	.at = AT(verbose),
	.help = "say more"},
    {.name = "quiet",
	.letter = 'q',
	.kind = OPT_FLAG,
	.at = AT(quiet),
	.help = "say nothing when all went well"},
    {.name = "json",
	.kind = OPT_FLAG,
	.at = AT(json),
	.help = "one JSON document on standard output; what people read goes "
		"to standard error"},
    {.name = "color",
	.kind = OPT_CHOICE,
	.at = AT(color),
	.arg = "auto|always|never",
	.choices = auto_always_never,
	.help = "colours; auto: on a terminal, unless NO_COLOR is set"},
    {.name = "progress",
	.kind = OPT_CHOICE,
	.at = AT(progress),
	.arg = "auto|always|never",
	.choices = auto_always_never,
	.help = "show how far it is; auto: on a terminal"},
    {.name = "threads",
	.kind = OPT_NUMBER,
	.at = AT(threads),
	.arg = "N",
	.min = 1,
	.max = 256,
	.help = "work with N threads (default: one for each processor)"},
    {.name = "set",
	.kind = OPT_LIST,
	.at = AT(sets),
	.arg = "SECTION.KEY=VALUE",
	.help = "override the config file; may be repeated"},
    {.name = "manual-terminate-confirmation",
	.kind = OPT_FLAG,
	.at = AT(manual_terminate_confirmation),
	.help = "ask before the application is terminated"},
    {.name = "auto-terminate-without-confirmation",
	.kind = OPT_FLAG,
	.at = AT(auto_terminate_without_confirmation),
	.help = "terminate the application without asking"},
    {.name = "help",
	.letter = 'h',
	.kind = OPT_FLAG,
	.at = AT(help),
	.help = "show help, of the command if there is one"},
    {.name = "version",
	.letter = 'V',
	.kind = OPT_FLAG,
	.at = AT(version),
	.help = "show the version"},
    {.name = NULL},
};

unsigned
cli_threads(const struct cli_globals *g)
{
	return plat_thread_room(
	    g->threads.given ? (unsigned)g->threads.value : plat_cpu_count());
}
