#include <string.h>

#include "base/mem.h"
#include "cli/cli.h"
#include "cli/exitcode.h"

static void
remember(struct cli_context *c, const struct config *config)
{
	if (config->profile != NULL)
		c->profile = mem_string(config->profile);
	const char *machine = config->identity.machine_id;
	if (machine != NULL && machine[0] != '\0')
		c->machine = mem_string(machine);
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
	err_set(&e, ERR_CONFIG, "%zu %s in the config %s", problems->n,
	    problems->n == 1 ? "mistake" : "mistakes", file);
	return cli_fail(c, &e, NULL);
}

int
cli_profile(struct cli_context *c, struct config *out)
{
	const struct cli_globals *g = &c->globals;
	struct str file = STR_INIT;
	struct config_problems problems = {STRLIST_INIT};
	struct err e;
	int code = EXITCODE_OK;
	*out = (struct config){.file = NULL};
	if (config_find(&file, g->config, g->profile, &e) != 0) {
		code = cli_fail(c, &e,
		    "'coldsync init' sets up a profile; -p NAME chooses one, "
		    "-c FILE a config file");
		goto out;
	}
	int rc = config_load(out, file.p, &g->sets, &problems);
	remember(c, out);
	if (rc != 0)
		code = complain(c, file.p, &problems.lines);
out:
	strlist_free(&problems.lines);
	str_free(&file);
	return code;
}
