/*
 * --all: one command for every profile, its answers gathered into one.
 */
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/command.h"
#include "cli/exitcode.h"
#include "cli/out/out_json.h"
#include "platform/plat_sig.h"

/* What a profile's answer consists of, out of the context and back into it. */
struct answer {
	struct str members;
	char *profile, *machine;
	struct str message;
	const char *result;
};

static void
begin_answer(struct cli_context *c)
{
	c->members = STR_INIT;
	c->message = STR_INIT;
	c->profile = c->machine = NULL;
	c->result = NULL;
	json_init(&c->json, &c->members);
	json_object(&c->json);
}

static struct answer
take_answer(struct cli_context *c)
{
	json_end_all(&c->json);
	return (struct answer){.members = c->members,
	    .profile = c->profile,
	    .machine = c->machine,
	    .message = c->message,
	    .result = c->result};
}

static void
free_answer(struct answer *a)
{
	str_free(&a->members);
	str_free(&a->message);
	free(a->profile);
	free(a->machine);
}

static void
add_answer(struct str *all, const struct cli_context *c, const struct answer *a,
    int code)
{
	struct out_envelope envelope = {
	    .command = c->command->name,
	    .profile = a->profile != NULL ? a->profile : c->globals.profile,
	    .machine = a->machine,
	    .code = (enum exitcode)code,
	    .result = a->result,
	    .message = a->message.p,
	};
	out_json_nested(all, all->len == 0, &envelope, &a->members);
}

static void
add_heading(struct cli_context *c, const char *name)
{
	if (c->globals.quiet)
		return;
	out_add(&c->out, c->out.buf.len > 0 ? "\n" : "");
	out_style(&c->out, OUT_STRONG, "== %s ==", name);
	out_add(&c->out, "\n");
}

struct tally {
	size_t well; /* ended with 0 */
	enum exitcode code;
};

static void
do_each(struct tally *t, struct str *all, struct cli_context *c,
    const struct strlist *names, int (*one)(struct cli_context *c))
{
	for (size_t i = 0; i < names->n && !plat_sig_asked(); i++) {
		add_heading(c, names->v[i]);
		c->globals.profile = names->v[i];
		begin_answer(c);
		int code = one(c);
		struct answer a = take_answer(c);
		add_answer(all, c, &a, code);
		free_answer(&a);
		t->well += code == EXITCODE_OK;
		t->code = exitcode_worse(t->code, (enum exitcode)code);
	}
	c->globals.profile = NULL;
}

/* The context is its own again, with all the answers in it. */
static void
put_answers(
    struct cli_context *c, const struct answer *mine, const struct str *all)
{
	c->members = mine->members;
	c->profile = mine->profile;
	c->machine = mine->machine;
	c->message = mine->message;
	c->result = mine->result;
	str_clear(&c->members);
	json_init(&c->json, &c->members);
	json_object(&c->json);
	json_key(&c->json, "profiles");
	json_array(&c->json);
	str_addn(&c->members, all->p, all->len);
	json_end(&c->json);
}

static int
no_profiles(struct cli_context *c)
{
	struct err e;
	err_set(&e, ERR_CONFIG, "there is no profile yet");
	return cli_fail(c, &e,
	    "'coldsync init' sets one up; -c FILE names a config elsewhere");
}

/* What to say of them all. */
static enum exitcode
sum_up(struct cli_context *c, const struct tally *t, size_t profiles)
{
	struct err e;
	if (profiles == 0)
		return (enum exitcode)no_profiles(c);
	if (plat_sig_check(&e) != 0)
		return exitcode_worse(
		    t->code, (enum exitcode)cli_fail(c, &e, NULL));
	str_addf(
	    &c->message, "%zu of %zu profiles ended well", t->well, profiles);
	return t->code;
}

int
cli_all(struct cli_context *c, int (*one)(struct cli_context *c))
{
	struct strlist names = STRLIST_INIT;
	struct str all = STR_INIT;
	struct tally t = {.code = EXITCODE_OK};
	struct err e;
	int code;
	if (config_profiles(&names, &e) != 0) {
		code = cli_fail(c, &e, NULL);
	} else {
		struct answer mine = take_answer(c);
		do_each(&t, &all, c, &names, one);
		put_answers(c, &mine, &all);
		code = (int)sum_up(c, &t, names.n);
	}
	str_free(&all);
	strlist_free(&names);
	return code;
}
