#include <string.h>

#include "base/text.h"
#include "cli/init/init.h"
#include "cli/out/wrap.h"
#include "engine/profile/setup.h"
#include "model/cloud/quirks.h"

enum { COLUMN = 16, MANY = 24 };

static void
show_row(struct init *in, const char *left, const char *right)
{
	struct out *o = &in->c->out;
	struct str line = STR_INIT, shown = STR_INIT;
	text_message(&shown, right, strlen(right));
	wrap_pair(&line, left, shown.p, COLUMN, out_help_width(o));
	out_add(o, line.p);
	str_free(&line);
	str_free(&shown);
}

static void
show_path(struct init *in, const char *left, const char *path)
{
	struct str shown = STR_INIT;
	init_short(&shown, in, path);
	show_row(in, left, shown.p);
	str_free(&shown);
}

/* "a, b, c", or a word for none. */
static void
show_list(struct init *in, const char *left, const struct strlist *l,
    const char *none)
{
	struct str line = STR_INIT;
	for (size_t i = 0; i < l->n && i < MANY; i++)
		str_addf(&line, "%s%s", i > 0 ? ", " : "", l->v[i]);
	if (l->n > MANY)
		str_addf(&line, " and %zu more", l->n - MANY);
	show_row(in, left, l->n > 0 ? line.p : none);
	str_free(&line);
}

void
init_show(struct init *in)
{
	const struct config *c = &in->config;
	out_add(&in->c->out, "\n");
	show_row(in, "mirrors", in->template.title.p);
	show_path(in, "local folder", c->paths.local_state_dir);
	show_path(in, "cloud folder", c->paths.cloud_root_dir);
	show_row(in, "this machine", c->identity.machine_id);
	if (c->targets.include_roots.n > 0)
		show_list(in, "of it only", &c->targets.include_roots, "");
	show_list(in, "leaves out", &c->filters.exclude_globs, "nothing");
	show_list(in, "never leaves", &c->filters.secret_globs,
	    "nothing is kept back");
	show_list(in, "not while", &c->process.process_names,
	    "a file in it is open; name the program in the config");
	out_add(&in->c->out, "\n");
}

/* ---- what may be a mistake ---- */

static bool
same(char a, char b)
{
	return a == b || (a == '\\' && b == '/') || (a == '/' && b == '\\');
}

const struct detected *
init_carrier(const struct init *in, const char *path, bool *is_all_of_it)
{
	for (size_t i = 0; i < in->clouds.n; i++) {
		const char *root = in->clouds.v[i].path;
		size_t n = 0;
		while (root[n] != '\0' && same(root[n], path[n]))
			n++;
		if (root[n] != '\0' || (path[n] != '\0' && !same(path[n], '/')))
			continue;
		*is_all_of_it = path[n] == '\0';
		return &in->clouds.v[i];
	}
	return NULL;
}

void
init_warn(struct init *in)
{
	bool all = false;
	const struct detected *in_cloud = init_carrier(in, in->local.p, &all);
	if (in_cloud != NULL)
		cli_warn(in->c,
		    "%s lies in the folder %s syncs by itself, also while the "
		    "application writes; move it out of there first",
		    in->local.p, quirks_title(in_cloud->what));
	else if (!setup_exists(in->local.p))
		cli_warn(in->c,
		    "there is no folder %s yet; the first sync makes it from "
		    "what the cloud folder holds",
		    in->local.p);
	in_cloud = init_carrier(in, in->cloud.p, &all);
	if (in_cloud != NULL && all)
		cli_warn(in->c,
		    "%s is all of your %s: everything in it would be mirrored; "
		    "give a folder of its own in it",
		    in->cloud.p, quirks_title(in_cloud->what));
}

/* ---- what comes next ---- */

static void
add_step(struct init *in, const char *text)
{
	struct str line = STR_INIT, shown = STR_INIT;
	text_message(&shown, text, strlen(text));
	wrap_pair(&line, "  -", shown.p, 5, out_help_width(&in->c->out));
	out_add(&in->c->out, line.p);
	str_free(&line);
	str_free(&shown);
}

void
init_next(struct init *in)
{
	struct cli_context *c = in->c;
	const char *profile = in->config.profile;
	struct str line = STR_INIT;
	cli_done(c, "'%s' is set up: %s", profile, in->file.p);
	if (c->globals.quiet)
		goto out;
	out_add(&c->out, "\n");
	if (!in->rehearsed) {
		str_addf(&line,
		    "See what the first sync would do: coldsync -p %s sync "
		    "--dry-run",
		    profile);
		add_step(in, line.p);
		str_clear(&line);
	}
	str_addf(&line, "%s: coldsync -p %s sync --apply",
	    in->rehearsed ? "Do that" : "Then do it", profile);
	add_step(in, line.p);
	str_clear(&line);
	if (!in->o->join) {
		str_addf(&line,
		    "On the other machine, once the cloud client has "
		    "delivered: coldsync init --join --template %s",
		    in->template.name);
		add_step(in, line.p);
		str_clear(&line);
	}
	str_addf(&line,
	    "Once you trust it, let it happen by itself: coldsync -p %s "
	    "schedule install --every 15m",
	    profile);
	add_step(in, line.p);
	for (size_t i = 0; i < in->template.after.n; i++)
		add_step(in, in->template.after.v[i]);
out:
	str_free(&line);
}
