#include "config/config_check.h"

#include <string.h>

#include "base/compiler.h"
#include "base/text.h"
#include "config/config_overlap.h"

/* What the checks work on. */
struct checking {
	const struct config *config;
	struct config_given *given;
	struct config_complaints *complaints;
};

static void
check_backup(const struct checking *in)
{
	const struct config_key *k =
	    config_key_find("backup", "backup_before_overwrite");
	if (!in->config->backup.backup_before_overwrite &&
	    !in->config->backup.i_accept_data_loss)
		config_complain_key(in->complaints, k,
		    config_given_of(in->given, k)->line,
		    "is refused: without snapshots an overwritten file is "
		    "lost; if you mean it, set backup.i_accept_data_loss = "
		    "yes, too");
}

/* The directories that must not contain each other. */
struct root {
	const char *section, *name; /* of the key */
	const char *path;           /* NULL or "": not known */
	struct config_place place;
	struct config_given *given;
};

static void
complain_overlap(const struct checking *in, struct root *a, struct root *b)
{
	/* Said where the later of the two is given, as the one that does not
	   fit what stands above it. */
	if (b->given->value == NULL ||
	    (a->given->value != NULL && b->given->line != CONFIG_FROM_SET &&
		a->given->line - 1 > b->given->line - 1)) {
		struct root *swap = a;
		a = b;
		b = swap;
	}
	struct str what = STR_INIT;
	str_addf(&what, "overlaps %s.%s: neither of ", a->section, a->name);
	text_show(&what, b->place.path, strlen(b->place.path));
	str_add(&what, " and ");
	text_show(&what, a->place.path, strlen(a->place.path));
	str_add(&what, " may be, or lie inside, the other");
	config_complain_key(in->complaints,
	    config_key_find(b->section, b->name), b->given->line, what.p);
	str_free(&what);
}

static bool
overlap(const struct root *a, const struct root *b)
{
	return a->place.path != NULL && b->place.path != NULL &&
	    config_place_overlaps(&a->place, &b->place);
}

static void
look(const struct checking *in, struct root *r)
{
	struct err e;
	const struct config_key *k = config_key_find(r->section, r->name);
	r->given = config_given_of(in->given, k);
	if (r->path == NULL || config_place_look(&r->place, r->path, &e) == 0)
		return;
	char why[ERR_TEXT_SIZE];
	config_complain_key(in->complaints, k,
	    r->given->value == NULL ? CONFIG_NO_LINE : r->given->line,
	    err_text(&e, why, sizeof(why)));
}

/*
 * Local, cloud and the group of our own directories are pairwise disjoint;
 * inside the group nesting is fine. Where state_dir overlaps one of the two
 * already, what is below it by default is not worth another line.
 */
static void
check_overlap(const struct checking *in)
{
	const struct config *c = in->config;
	struct root roots[] = {
	    {"paths", "local_state_dir", c->paths.local_state_dir, {0}, NULL},
	    {"paths", "cloud_root_dir", c->paths.cloud_root_dir, {0}, NULL},
	    {"paths", "state_dir", c->paths.state_dir, {0}, NULL},
	    {"paths", "backup_dir", c->paths.backup_dir, {0}, NULL},
	    {"logging", "dir", c->logging.dir, {0}, NULL},
	};
	enum { LOCAL, CLOUD, STATE };
	for (size_t i = 0; i < COUNT_OF(roots); i++)
		look(in, &roots[i]);
	if (overlap(&roots[LOCAL], &roots[CLOUD]))
		complain_overlap(in, &roots[LOCAL], &roots[CLOUD]);
	for (size_t side = LOCAL; side <= CLOUD; side++) {
		bool said = overlap(&roots[side], &roots[STATE]);
		for (size_t i = STATE; i < COUNT_OF(roots); i++)
			if (overlap(&roots[side], &roots[i]) &&
			    (i == STATE || !said ||
				roots[i].given->value != NULL))
				complain_overlap(in, &roots[side], &roots[i]);
	}
	for (size_t i = 0; i < COUNT_OF(roots); i++)
		config_place_free(&roots[i].place);
}

void
config_check(const struct config *c, struct config_given *given,
    struct config_complaints *complaints)
{
	struct checking in = {
	    .config = c, .given = given, .complaints = complaints};
	check_backup(&in);
	check_overlap(&in);
}
