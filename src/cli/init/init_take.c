#include <string.h>

#include "cli/exitcode.h"
#include "cli/init/init.h"
#include "config/config_path.h"

/* ---- what was given ---- */

static int
take_template(struct init *in)
{
	const char *name = in->o->template;
	struct err e;
	if (name == NULL || template_load(&in->template, name))
		return EXITCODE_OK;
	const char *nearest = template_nearest(name);
	err_set(&e, ERR_USAGE, "there is no template '%s'", name);
	if (nearest != NULL)
		return cli_fail(in->c, &e,
		    "did you mean '%s'? 'coldsync init --list-templates' "
		    "shows all of them",
		    nearest);
	return cli_fail(in->c, &e,
	    "'coldsync init --list-templates' shows all of them; 'generic' is "
	    "for any application");
}

static int
take_path(struct str *out, struct init *in, const char *option, const char *s)
{
	struct str here = STR_INIT;
	struct err e;
	int rc = s == NULL ? 0 : config_path_dir(&here, "file", &e);
	if (rc == 0 && s != NULL)
		rc = config_path(out, s, here.p, &e);
	str_free(&here);
	if (rc == 0)
		return EXITCODE_OK;
	err_wrap(&e, "%s", option);
	e.code = ERR_USAGE;
	return cli_fail(in->c, &e, "give the path of a folder");
}

int
init_take(struct init *in)
{
	const struct init_options *o = in->o;
	struct err e;
	int code = take_template(in);
	if (code == EXITCODE_OK)
		code = take_path(&in->local, in, "--local", o->local);
	if (code == EXITCODE_OK)
		code = take_path(&in->cloud, in, "--cloud", o->cloud);
	if (code != EXITCODE_OK)
		return code;
	if (o->machine_id != NULL)
		str_add(&in->machine, o->machine_id);
	if (o->output != NULL && in->c->globals.config != NULL) {
		err_set(&e, ERR_USAGE,
		    "--output and --config both name the file to write");
		return cli_fail(in->c, &e, "give one of them");
	}
	if (home_open(&in->home, &e) != 0)
		return cli_fail(in->c, &e, "set HOME to your home directory");
	detect_clouds(&in->clouds, &in->home.home);
	return EXITCODE_OK;
}

/* ---- what was not ---- */

/* An example made of what is on this machine, for who writes a script. */
static void
add_example(struct str *out, struct init *in)
{
	const char *name = in->o->template;
	const struct detected *app = NULL;
	detect_applications(&in->apps, &in->home.home);
	for (size_t i = 0; i < in->apps.n && app == NULL; i++)
		if (name == NULL || strcmp(in->apps.v[i].what, name) == 0)
			app = &in->apps.v[i];
	if (name == NULL)
		name = app != NULL ? app->what : "generic";
	str_addf(out, "coldsync init --template %s --local '", name);
	init_short(out, in, app != NULL ? app->path : "DIR");
	str_add(out, "' --cloud '");
	init_short(out, in, in->clouds.n > 0 ? in->clouds.v[0].path : "DIR");
	str_addf(out, "/coldsync/%s'", name);
}

int
init_refuse_missing(struct init *in)
{
	const struct {
		const char *flag;
		bool missing;
	} flags[] = {
	    {"--template NAME", in->template.name == NULL},
	    {"--local DIR", in->local.len == 0},
	    {"--cloud DIR", in->cloud.len == 0},
	};
	struct str what = STR_INIT, example = STR_INIT;
	struct err e;
	for (size_t i = 0; i < COUNT_OF(flags); i++)
		if (flags[i].missing)
			str_addf(&what, "%s%s", what.len > 0 ? ", " : "",
			    flags[i].flag);
	if (what.len == 0) {
		str_free(&what);
		return EXITCODE_OK;
	}
	err_set(&e, ERR_USAGE,
	    "'init' needs %s, and there is nobody to ask for it", what.p);
	add_example(&example, in);
	int code = cli_fail(in->c, &e,
	    "give it, or run 'coldsync init' on a terminal; for example: %s",
	    example.p);
	str_free(&what);
	str_free(&example);
	return code;
}
