#include <string.h>

#include "base/mem.h"
#include "cli/cli.h"
#include "cli/exitcode.h"
#include "platform/plat_fs.h"

static void
remember(struct cli_context *c, const struct config *config)
{
	if (config->profile != NULL)
		c->profile = mem_string(config->profile);
	const char *machine = config->identity.machine_id;
	if (machine != NULL && machine[0] != '\0')
		c->machine = mem_string(machine);
}

/* The file may be fine, and only the command line wrong. */
static bool
all_by_set(const struct strlist *problems)
{
	static const char set[] = "--set: ";
	for (size_t i = 0; i < problems->n; i++)
		if (strncmp(problems->v[i], set, sizeof(set) - 1) != 0)
			return false;
	return true;
}

/* Every mistake on a line of its own, so that editors can jump to it. */
static int
complain(
    struct cli_context *c, const char *file, const struct strlist *problems)
{
	struct err e;
	json_path(&c->json, "file", file, strlen(file));
	json_key(&c->json, "problems");
	json_array(&c->json);
	for (size_t i = 0; i < problems->n; i++) {
		out_line(&c->err, "%s", problems->v[i]);
		json_string(&c->json, problems->v[i]);
	}
	json_end(&c->json);
	const char *mistakes = problems->n == 1 ? "mistake" : "mistakes";
	if (all_by_set(problems)) {
		err_set(&e, ERR_CONFIG, "%zu %s in what --set gives",
		    problems->n, mistakes);
		return cli_fail(c, &e,
		    "write --set SECTION.KEY=VALUE; the config itself is fine");
	}
	err_set(&e, ERR_CONFIG, "%zu %s in the config %s", problems->n,
	    mistakes, file);
	return cli_fail(c, &e, NULL);
}

/* A file that cannot be read at all is another matter than one with mistakes
   in it. */
static int
check_file(struct cli_context *c, const char *file)
{
	struct plat_file f = PLAT_FILE_NONE;
	struct err e;
	const char *hint = NULL;
	int rc = plat_open_native(&f, file, &e);
	plat_close(&f, NULL);
	if (rc == 0)
		return EXITCODE_OK;
	if (rc > 0) {
		err_set(&e, ERR_CONFIG, "there is no config file %s", file);
		hint = c->globals.config != NULL
		    ? "see whether the path behind -c is right; 'coldsync "
		      "init --output' writes a config there"
		    : "see whether COLDSYNC_CONFIG is right; 'coldsync init' "
		      "sets up a profile";
	} else {
		err_wrap(&e, "the config %s cannot be read", file);
		hint = e.code == ERR_ACCESS
		    ? "see who owns the file and who may read it"
		    : "-c takes a config file; -p takes a profile's name";
	}
	e.code = ERR_CONFIG;
	json_path(&c->json, "file", file, strlen(file));
	return cli_fail(c, &e, "%s", hint);
}

int
cli_profile(struct cli_context *c, struct config *out)
{
	const struct cli_globals *g = &c->globals;
	struct str file = STR_INIT;
	struct config_problems problems = {.lines = STRLIST_INIT};
	struct err e;
	int code = EXITCODE_OK;
	*out = (struct config){.file = NULL};
	if (config_find(&file, g->config, g->profile, &e) != 0) {
		code = cli_fail(c, &e,
		    "'coldsync init' sets up a profile; -p NAME chooses one, "
		    "-c FILE a config file");
		goto out;
	}
	if ((code = check_file(c, file.p)) != EXITCODE_OK)
		goto out;
	int rc = config_load(out, file.p, &g->sets, &problems);
	remember(c, out);
	if (rc != 0)
		code = complain(c, file.p, &problems.lines);
	c->unknown = problems.unknown;
out:
	strlist_free(&problems.lines);
	str_free(&file);
	return code;
}
