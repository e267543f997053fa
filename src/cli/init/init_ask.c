#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "cli/ask.h"
#include "cli/init/init.h"
#include "config/config_path.h"
#include "config/config_value.h"
#include "engine/profile/setup.h"
#include "model/cloud/quirks.h"
#include "platform/plat_env.h"

void
init_short(struct str *out, const struct init *in, const char *path)
{
	config_path_short(out, path, in->home.dir.p);
}

/* ---- choosing from a list ---- */

/* Lines of a list, and the number of the one chosen (from 0). */
static int
choose(size_t *out, struct init *in, const struct strlist *lines,
    const char *title, struct err *e)
{
	struct cli_context *c = in->c;
	struct str answer = STR_INIT;
	int64_t number = 0;
	int rc = 0;
	out_add(&c->out, "\n");
	out_line(&c->out, "%s", title);
	for (size_t i = 0; i < lines->n; i++)
		out_line(&c->out, "  %2zu  %s", i + 1, lines->v[i]);
	while (rc == 0 && number == 0) {
		rc = ask_line(&answer, c, e, "Which one? [1]");
		if (rc != 0)
			break;
		if (answer.len == 0)
			number = 1;
		else if (num_parse(&number, answer.p, answer.len, 1,
			     (int64_t)lines->n) != 0)
			out_line(&c->out,
			    "Please answer with a number from 1 to %zu.",
			    lines->n);
	}
	*out = (size_t)(number - 1);
	str_free(&answer);
	return rc;
}

static void
add_choice(
    struct strlist *lines, struct init *in, const char *title, const char *path)
{
	struct str line = STR_INIT;
	str_add(&line, title);
	if (path != NULL) {
		str_add(&line, "  ");
		init_short(&line, in, path);
	}
	strlist_add(lines, line.p);
	str_free(&line);
}

/* ---- the application ---- */

static void
add_title(
    struct strlist *lines, struct init *in, const char *name, const char *path)
{
	struct template t;
	(void)template_load(&t, name);
	add_choice(lines, in, t.title.p, path);
	template_free(&t);
}

/* From all templates, for what was not found. */
static int
ask_any_template(struct init *in, struct err *e)
{
	struct strlist lines = STRLIST_INIT;
	const char *name;
	size_t chosen = 0;
	for (size_t i = 0; (name = template_name(i)) != NULL; i++)
		add_title(&lines, in, name, NULL);
	int rc = choose(
	    &chosen, in, &lines, "What is this profile going to mirror?", e);
	if (rc == 0)
		(void)template_load(&in->template, template_name(chosen));
	strlist_free(&lines);
	return rc;
}

int
init_ask_template(struct init *in, struct err *e)
{
	struct strlist lines = STRLIST_INIT;
	size_t chosen = 0;
	if (in->apps.n == 0)
		return ask_any_template(in, e);
	for (size_t i = 0; i < in->apps.n; i++)
		add_title(&lines, in, in->apps.v[i].what, in->apps.v[i].path);
	strlist_add(&lines, "something else");
	int rc = choose(&chosen, in, &lines, "Found on this machine:", e);
	strlist_free(&lines);
	if (rc != 0)
		return rc;
	if (chosen == in->apps.n)
		return ask_any_template(in, e);
	(void)template_load(&in->template, in->apps.v[chosen].what);
	if (in->local.len == 0)
		str_add(&in->local, in->apps.v[chosen].path);
	return 0;
}

/* ---- folders ---- */

/* A path, as it is written at a prompt; asked again until it is one. */
static int
ask_path(struct str *out, struct init *in, const char *question,
    const char *fallback, struct err *e)
{
	struct str answer = STR_INIT, here = STR_INIT, shown = STR_INIT;
	struct err why;
	char text[ERR_TEXT_SIZE];
	int rc = config_path_dir(&here, "file", e);
	init_short(&shown, in, fallback);
	while (rc == 0 && out->len == 0) {
		rc = ask_line(&answer, in->c, e, "%s [%s]", question, shown.p);
		if (rc != 0)
			break;
		if (answer.len == 0)
			str_add(&answer, fallback);
		if (answer.len == 0)
			out_line(&in->c->out, "Please name a folder.");
		else if (config_path(out, answer.p, here.p, &why) != 0)
			out_line(&in->c->out, "%s: %s.", answer.p,
			    err_text(&why, text, sizeof(text)));
	}
	str_free(&answer);
	str_free(&here);
	str_free(&shown);
	return rc;
}

int
init_ask_local(struct init *in, struct err *e)
{
	const char *found = "";
	for (size_t i = 0; i < in->apps.n && found[0] == '\0'; i++)
		if (strcmp(in->apps.v[i].what, in->template.name) == 0)
			found = in->apps.v[i].path;
	return ask_path(&in->local, in,
	    "Which folder does it keep its state in?", found, e);
}

static int
ask_place(struct init *in, const char *top, struct err *e)
{
	struct str place = STR_INIT;
	const char *profile = in->c->globals.profile;
	if (top != NULL)
		str_addf(&place, "%s/coldsync/%s", top,
		    profile != NULL ? profile : in->template.name);
	int rc = ask_path(
	    &in->cloud, in, "Which folder in it is to mirror it?", place.p, e);
	str_free(&place);
	return rc;
}

int
init_ask_cloud(struct init *in, struct err *e)
{
	struct strlist lines = STRLIST_INIT;
	size_t chosen = 0;
	int rc = 0;
	for (size_t i = 0; i < in->clouds.n; i++)
		add_choice(&lines, in, quirks_title(in->clouds.v[i].what),
		    in->clouds.v[i].path);
	strlist_add(&lines, "another folder");
	if (in->clouds.n > 0)
		rc = choose(
		    &chosen, in, &lines, "Cloud folders on this machine:", e);
	strlist_free(&lines);
	if (rc != 0)
		return rc;
	return ask_place(
	    in, chosen < in->clouds.n ? in->clouds.v[chosen].path : NULL, e);
}

/* ---- the machine ---- */

int
init_ask_machine(struct init *in, struct err *e)
{
	struct str host = STR_INIT, id = STR_INIT, fit = STR_INIT;
	int rc = 0;
	plat_host_name(&host);
	config_machine_id(&id, host.p);
	while (rc == 0 && in->machine.len == 0) {
		rc = ask_line(&in->machine, in->c, e,
		    "What is this machine to be called? [%s]", id.p);
		if (rc == 0 && in->machine.len == 0)
			str_add(&in->machine, id.p);
		str_clear(&fit);
		config_machine_id(&fit, in->machine.p);
		if (rc != 0 || strcmp(fit.p, in->machine.p) == 0)
			break;
		out_line(&in->c->out,
		    "Letters, digits, '.', '_' and '-' only, at most 64; for "
		    "example %s.",
		    fit.p);
		str_clear(&in->machine);
	}
	str_free(&host);
	str_free(&id);
	str_free(&fit);
	return rc;
}
