#include <string.h>

#include "base/compiler.h"
#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/out/words.h"

static const char *
direction(int value)
{
	switch (value) {
	case CONFIG_TO_LOCAL:
		return "only from the cloud folder to the local folder";
	case CONFIG_TO_CLOUD:
		return "only from the local folder to the cloud folder";
	default:
		return "both ways";
	}
}

static void
add_row(struct out_table *t, const char *name, const char *value)
{
	out_table_cell(t, name);
	out_table_cell(t, value);
}

/* What was understood, so that a wrong but legal value is seen here and not
   in the first sync. */
static void
show(struct out *o, const struct config *c)
{
	static const struct out_column columns[] = {
	    {.title = NULL}, {.title = NULL}};
	struct out_table t;
	struct str machine = STR_INIT;
	str_add(&machine, c->identity.machine_id);
	if (c->identity.label[0] != '\0')
		str_addf(&machine, " (%s)", c->identity.label);
	out_table_init(&t, columns, COUNT_OF(columns));
	add_row(&t, "profile", c->profile);
	add_row(&t, "config", c->file);
	add_row(&t, "machine", machine.p);
	add_row(&t, "local", c->paths.local_state_dir);
	add_row(&t, "cloud", c->paths.cloud_root_dir);
	add_row(&t, "state", c->paths.state_dir);
	add_row(&t, "backups", c->paths.backup_dir);
	add_row(&t, "logs", c->logging.dir);
	add_row(&t, "direction", direction(c->sync.direction));
	add_row(&t, "conflicts", words_policy[c->conflict.policy]);
	out_table_print(o, &t);
	str_free(&machine);
}

static int
run(struct cli_context *c)
{
	struct config config;
	int code = cli_profile(c, &config);
	if (code == EXITCODE_OK) {
		json_path(&c->json, "file", config.file, strlen(config.file));
		json_key(&c->json, "problems");
		json_array(&c->json);
		json_end(&c->json);
		if (!c->globals.quiet)
			show(&c->out, &config);
		cli_done(c, "no mistake found");
	}
	config_free(&config);
	return code;
}

const struct command cmd_validate = {
    .name = "validate",
    .group = COMMAND_SETUP,
    .summary = "check the config file and name every mistake in it",
    .args = "",
    .details =
	"Reads the config of the profile and checks every line of it. "
	"Mistakes are listed one a line, with file and line number; without "
	"any, what was understood is shown. Nothing is created or changed.\n"
	"\n"
	"The profile is the file named by -c, else -p NAME, else the "
	"environment variable COLDSYNC_CONFIG, else the only profile there "
	"is.\n"
	"\n"
	"  coldsync validate -p notes\n"
	"  coldsync validate -c ./notes.ini --set sync.direction=to_local",
    .run = run,
};
