#include <stddef.h>
#include <string.h>

#include "cli/cmd/sync.h"
#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/out/json_plan.h"

struct receive_options {
	struct opt_number wait;
	bool allow_deletes;
};

#define AT(member) offsetof(struct receive_options, member)

enum { WAIT_DEFAULT = 600, WAIT_MAX = 31536000 };

static const struct opt options[] = {
    {.name = "wait",
	.kind = OPT_NUMBER,
	.at = AT(wait),
	.arg = "SECONDS",
	.max = WAIT_MAX,
	.help = "wait so long for the state to arrive (default: 600)"},
    {.name = "allow-deletes",
	.kind = OPT_FLAG,
	.at = AT(allow_deletes),
	.help = "also where unusually many files would be deleted"},
    {.name = NULL},
};

/* ---- is it here? ---- */

struct awaited {
	char code[HANDCODE_SIZE];
	bool passed; /* it was here, and has been followed by another */
};

static bool
is_code(const struct manifest *m, const char *code)
{
	char text[HANDCODE_SIZE];
	return strcmp(handcode_text(text, m->head.root), code) == 0;
}

/* Told what else is here: who waits for a code that was mistyped should see
   it. */
static void
say_other(struct err *why, const struct folder *f, const char *code)
{
	char text[HANDCODE_SIZE];
	const struct manifest *m = NULL;
	for (size_t i = 0; i < f->n; i++)
		if (f->head[i])
			m = &f->v[i];
	if (m == NULL)
		err_set(why, ERR_REFUSED,
		    "no machine has published anything here yet");
	else
		err_set(why, ERR_REFUSED,
		    "the cloud folder holds %s, published by '%s', and not %s",
		    handcode_text(text, m->head.root),
		    folder_name(f, m->head.machine), code);
}

static bool
is_here(void *arg, const struct run *run, struct err *why)
{
	struct awaited *a = arg;
	const struct folder *f = &run->folder;
	for (size_t i = 0; i < f->n; i++)
		if (f->head[i] && is_code(&f->v[i], a->code))
			return true;
	for (size_t i = 0; i < f->n; i++) {
		if (!is_code(&f->v[i], a->code))
			continue;
		a->passed = true;
		err_set(why, ERR_REFUSED,
		    "%s, which '%s' published, has been followed by newer work",
		    a->code, folder_name(f, f->v[i].head.machine));
		return false;
	}
	say_other(why, f, a->code);
	return false;
}

/* ---- the command ---- */

static int
receive(struct cli_context *c, const struct config *config, const char *code)
{
	const struct receive_options *o = c->options;
	struct awaited awaited = {.passed = false};
	memcpy(awaited.code, code, HANDCODE_SIZE);
	struct sync_order order = {.apply = true,
	    .reason = "receive",
	    .wish = {.direction = CONFIG_TO_LOCAL, .policy = -1},
	    .allow_deletes = o->allow_deletes,
	    .ready = is_here,
	    .give_up = &awaited.passed,
	    .ready_arg = &awaited,
	    .wait = {.given = true,
		.value = o->wait.given ? o->wait.value : WAIT_DEFAULT}};
	struct run run;
	int exit;
	if (sync_paused(&exit, c, config))
		return exit;
	struct sync_end end = sync_run(&run, c, config, &order);
	exit = sync_tell(c, &run, &end);
	run_free(&run);
	return exit;
}

static int
run_receive(struct cli_context *c)
{
	struct config config;
	char code[HANDCODE_SIZE];
	struct err e;
	if (c->args.n == 0 || handcode_parse(code, c->args.v[0]) != 0) {
		json_plan_none(&c->json, NULL);
		if (c->args.n == 0)
			err_set(&e, ERR_USAGE, "there is no code to wait for");
		else
			err_set(&e, ERR_USAGE, "'%s' is no handoff code",
			    c->args.v[0]);
		return cli_fail(c, &e,
		    "give the eight characters that 'coldsync handoff' told "
		    "on the other machine, such as 4KQ7-M2XD");
	}
	int exit = cli_profile(c, &config);
	if (exit == EXITCODE_OK)
		exit = receive(c, &config, code);
	else
		json_plan_none(&c->json, NULL);
	config_free(&config);
	return exit;
}

const struct command cmd_receive = {
    .name = "receive",
    .group = COMMAND_MACHINES,
    .summary = "wait for the state another machine handed off, then pull",
    .args = "CODE",
    .details =
	"Waits until the cloud folder holds exactly the state that CODE names "
	"and nothing of it is missing, then pulls. While it waits it tells "
	"what is still to come. Case and dash do not matter in a code.\n"
	"\n"
	"  coldsync receive 4KQ7-M2XD\n"
	"  coldsync receive 4kq7m2xd --wait 3600",
    .options = options,
    .options_size = sizeof(struct receive_options),
    .max_args = 1,
    .run = run_receive,
};
