#include "cli/cmd/sync.h"
#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/out/json_plan.h"

/* The state that is published now: by this run, or, where it had nothing to
   add, by whoever did last. */
struct published {
	char code[HANDCODE_SIZE];
	uint64_t generation, files, bytes;
};

static bool
find_published(struct published *out, const struct run *run)
{
	const struct folder *f = &run->folder;
	const struct manifest *m = f->expected;
	if (run->published) {
		const struct handcode *h = &run->state_code;
		*out = (struct published){.generation = run->head.generation,
		    .files = h->files,
		    .bytes = h->bytes};
		handcode_text(out->code, handcode_root(h));
		return true;
	}
	if (m == NULL || f->nheads != 1 || m == &f->made)
		return false;
	*out = (struct published){.generation = m->head.generation,
	    .files = m->head.files,
	    .bytes = m->head.bytes};
	handcode_text(out->code, m->head.root);
	return true;
}

static int
tell(struct cli_context *c, const struct run *run)
{
	struct published p;
	struct err e;
	if (!find_published(&p, run)) {
		json_put_string(&c->json, "code", NULL);
		err_set(&e, ERR_IO, "nothing was published");
		return cli_fail(
		    c, &e, "see to it that the cloud folder can be written");
	}
	json_put_string(&c->json, "code", p.code);
	json_put_uint(&c->json, "generation", p.generation);
	json_put_uint(&c->json, "files", p.files);
	json_put_uint(&c->json, "bytes", p.bytes);
	if (c->globals.quiet)
		out_line(&c->out, "%s", p.code);
	cli_done(c,
	    "handoff code %s: on the other machine, 'coldsync receive "
	    "%s'",
	    p.code, p.code);
	return EXITCODE_OK;
}

static int
hand_off(struct cli_context *c, const struct config *config)
{
	struct sync_order order = {.apply = true,
	    .reason = "handoff",
	    .wish = {.direction = CONFIG_TO_CLOUD, .policy = -1}};
	struct run run;
	int code;
	if (sync_paused(&code, c, config)) {
		json_put_string(&c->json, "code", NULL);
		return code;
	}
	struct sync_end end = sync_run(&run, c, config, &order);
	code = sync_tell(c, &run, &end);
	if (code == EXITCODE_OK)
		code = tell(c, &run);
	else
		json_put_string(&c->json, "code", NULL);
	run_free(&run);
	return code;
}

static int
run_handoff(struct cli_context *c)
{
	struct config config;
	int code = cli_profile(c, &config);
	if (code == EXITCODE_OK) {
		code = hand_off(c, &config);
	} else {
		json_plan_none(&c->json, NULL);
		json_put_string(&c->json, "code", NULL);
	}
	config_free(&config);
	return code;
}

const struct command cmd_handoff = {
    .name = "handoff",
    .group = COMMAND_MACHINES,
    .summary = "push, and give a code for what the cloud folder then holds",
    .args = "",
    .details =
	"Pushes, then tells the handoff code of the published state: eight "
	"characters that name its content. On the next machine 'coldsync "
	"receive CODE' waits until the cloud client has brought exactly that. "
	"No code is given while anything of this machine's is left behind.\n"
	"\n"
	"  coldsync handoff",
    .run = run_handoff,
};
