/*
 * What the cloud folder holds: its marker, and what should not be there.
 */
#include <string.h>

#include "base/path.h"
#include "engine/doctor/doctor_scene.h"
#include "store/marker.h"

/* ---- the marker ---- */

void
doctor_marker(struct doctor_scene *s)
{
	struct strlist found = STRLIST_INIT;
	const struct strlist *known = &s->ledger.head.markers;
	struct err e;
	char why[ERR_TEXT_SIZE];
	if (s->sites[SIDE_CLOUD].root == NULL)
		return;
	if (marker_list(&found, s->sites[SIDE_CLOUD].root, &e) != 0)
		doctor_fail(s, "see what is wrong with .coldsync in it", "%s",
		    err_text(&e, why, sizeof(why)));
	else if (known->n == 0 && found.n == 0)
		doctor_pass(s, "a new folder; the first sync marks it");
	else if (known->n == 0)
		doctor_pass(s, "another machine uses this folder already");
	else if (strlist_shares(known, &found))
		doctor_pass(s, "this is the folder of the last sync");
	else
		doctor_fail(s,
		    "see to it that the right folder is mounted and delivered; "
		    "if it is meant to be this one, "
		    "'coldsync sync --accept-cloud' takes it as it is",
		    found.n == 0 ? "the cloud folder has lost its marker"
				 : "this is another folder than at the last "
				   "sync");
	strlist_free(&found);
}

/* ---- what is found by walking ---- */

/* How many of something, and the first of them. */
struct finds {
	size_t n;
	struct str first;
};

static void
note(struct finds *f, const struct tree_cursor *c)
{
	if (f->n++ == 0)
		str_addn(&f->first, c->path.p, c->path.len);
}

/* Is the entry the conflict copy of one that is there, beyond doubt? */
static bool
is_copy(struct doctor_scene *s, const struct tree_cursor *c)
{
	struct quirks_copy copy;
	struct str original = STR_INIT;
	bool is = c->entry->type == ENTRY_FILE &&
	    quirks_copy(s->rules.quirks, c->entry->name, c->entry->name_len,
		NULL, &copy, &original) &&
	    !copy.weak;
	if (is) {
		struct str path = STR_INIT;
		str_addn(&path, c->path.p, path_parent(c->path.p, c->path.len));
		path_join(&path, original.p, original.len);
		is = tree_find(&s->cloud, path.p, path.len) != NULL;
		str_free(&path);
	}
	str_free(&original);
	return is;
}

void
doctor_copies(struct doctor_scene *s)
{
	struct finds found = {.first = STR_INIT};
	struct tree_cursor c;
	if (!s->scanned)
		return;
	tree_begin(&c, &s->cloud.root, "", 0);
	while (tree_next(&c))
		if (is_copy(s, &c))
			note(&found, &c);
	tree_end(&c);
	if (found.n == 0)
		doctor_pass(s, "no conflict copies of the cloud client");
	else
		doctor_warn(s,
		    "compare each with its original, keep what you want, and "
		    "delete the copy",
		    "%zu conflict cop%s of the cloud client, the first is %s",
		    found.n, found.n == 1 ? "y" : "ies", found.first.p);
	str_free(&found.first);
}

static bool
is_placeholder(const struct entry *e)
{
	return (e->flags & ENTRY_PLACEHOLDER) != 0 ||
	    (e->type == ENTRY_UNKNOWN && e->unknown == UNKNOWN_PLACEHOLDER);
}

void
doctor_placeholders(struct doctor_scene *s)
{
	struct finds found = {.first = STR_INIT};
	struct tree_cursor c;
	if (!s->scanned)
		return;
	tree_begin(&c, &s->trees[SIDE_CLOUD].root, "", 0);
	while (tree_next(&c))
		if (is_placeholder(c.entry))
			note(&found, &c);
	tree_end(&c);
	if (s->news.in_flight > 0)
		doctor_warn(s, "let the cloud client finish, then look again",
		    "the cloud client is at work on %zu file%s",
		    s->news.in_flight, s->news.in_flight == 1 ? "" : "s");
	else if (found.n > 0)
		doctor_warn(s,
		    "tell the cloud client to keep this folder on this "
		    "machine, or set cloud.placeholders = hydrate",
		    "%zu file%s online only, the first is %s", found.n,
		    found.n == 1 ? " is" : "s are", found.first.p);
	else
		doctor_pass(s, "every file is on this machine");
	str_free(&found.first);
}

void
doctor_unreadable(struct doctor_scene *s)
{
	struct finds found = {.first = STR_INIT};
	char why[ERR_TEXT_SIZE];
	if (!s->scanned) {
		doctor_fail(s, "remove the cause, then look again",
		    "the folders cannot be looked through: %s",
		    err_text(&s->no_scan, why, sizeof(why)));
		return;
	}
	for (enum side side = SIDE_LOCAL; side < SIDES; side++) {
		struct tree_cursor c;
		tree_begin(&c, &s->trees[side].root, "", 0);
		while (tree_next(&c))
			if (c.entry->type == ENTRY_UNKNOWN &&
			    c.entry->unknown == UNKNOWN_UNREADABLE)
				note(&found, &c);
		tree_end(&c);
	}
	if (found.n == 0)
		doctor_pass(s, "everything in both folders can be looked at");
	else
		doctor_warn(s,
		    "give yourself the right to read it, or exclude it",
		    "%zu thing%s cannot be looked at, the first is %s", found.n,
		    found.n == 1 ? "" : "s", found.first.p);
	str_free(&found.first);
}

/* ---- secrets ---- */

void
doctor_secrets(struct doctor_scene *s)
{
	struct finds found = {.first = STR_INIT};
	struct tree_cursor c;
	struct str inside = STR_INIT; /* a directory that is one */
	if (!s->scanned)
		return;
	struct filter_rules only = {.secret = &s->config->filters.secret_globs};
	struct strlist no_warnings = STRLIST_INIT;
	struct filter *filter = filter_new(&only, &no_warnings);
	tree_begin(&c, &s->cloud.root, "", 0);
	while (tree_next(&c)) {
		if (inside.len > 0 &&
		    path_within(c.path.p, c.path.len, inside.p, inside.len))
			continue;
		bool is_dir = c.entry->type == ENTRY_DIR;
		if (filter_judge(filter, c.path.p, c.path.len, is_dir) !=
		    FILTER_SECRET)
			continue;
		note(&found, &c);
		str_clear(&inside);
		if (is_dir)
			str_addn(&inside, c.path.p, c.path.len);
	}
	tree_end(&c);
	if (found.n > 0)
		doctor_fail(s,
		    "delete it there, empty the cloud's trash, and change the "
		    "password or key, as it has left this machine",
		    "%zu secret%s in the cloud folder, the first is %s",
		    found.n, found.n == 1 ? " is" : "s are", found.first.p);
	else if (s->config->filters.secret_globs.n == 0)
		doctor_warn(s,
		    "name files with passwords and keys in "
		    "filters.secret_globs",
		    "no file is named that must never leave this machine");
	else
		doctor_pass(s, "none of what must not leave is in the cloud");
	filter_destroy(filter);
	strlist_free(&no_warnings);
	str_free(&inside);
	str_free(&found.first);
}
