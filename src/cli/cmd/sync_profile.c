#include "cli/cmd/sync.h"
#include "cli/exitcode.h"
#include "cli/out/json_plan.h"

int
sync_profile(struct cli_context *c,
    int (*work)(struct cli_context *c, const struct config *config))
{
	struct config config;
	int code = cli_profile(c, &config);
	if (code == EXITCODE_OK)
		code = work(c, &config);
	else
		json_plan_none(&c->json, NULL);
	config_free(&config);
	return code;
}
