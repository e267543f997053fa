#include "engine/doctor/doctor.h"

#include <stdlib.h>

#include "engine/doctor/doctor_scene.h"

/* From what everything else stands on to what is only good to know. */
static const struct {
	const char *id;
	doctor_check_fn *check;
} checks[] = {
    {"config", doctor_config},
    {"unknown_keys", doctor_keys},
    {"local_folder", doctor_local_folder},
    {"cloud_folder", doctor_cloud_folder},
    {"folders_differ", doctor_differ},
    {"local_not_synced", doctor_carried},
    {"local_access", doctor_local_access},
    {"cloud_access", doctor_cloud_access},
    {"state_access", doctor_state_access},
    {"local_space", doctor_local_space},
    {"cloud_space", doctor_cloud_space},
    {"backup_space", doctor_state_space},
    {"local_file_system", doctor_local_volume},
    {"cloud_file_system", doctor_cloud_volume},
    {"process_names", doctor_names},
    {"process_detection", doctor_detection},
    {"app_running", doctor_running},
    {"paused", doctor_paused},
    {"lock", doctor_lock},
    {"ledger", doctor_ledger},
    {"journal", doctor_journal},
    {"marker", doctor_marker},
    {"cloud_complete", doctor_complete},
    {"clock", doctor_clock},
    {"conflict_copies", doctor_copies},
    {"placeholders", doctor_placeholders},
    {"unreadable", doctor_unreadable},
    {"secrets_in_cloud", doctor_secrets},
    {"leftovers", doctor_leftovers},
    {"logs", doctor_logs},
    {"schedule", doctor_schedule},
    {"snapshots", doctor_snapshots},
    {"last_sync", doctor_last_sync},
    {"conflicts", doctor_conflicts},
    {"next_sync", doctor_next_sync},
};

/* ---- the scene ---- */

static void
open_places(struct doctor_scene *s)
{
	const char *paths[SIDES] = {
	    s->config->paths.local_state_dir, s->config->paths.cloud_root_dir};
	struct err ignored;
	for (enum side side = SIDE_LOCAL; side < SIDES; side++) {
		struct str root = STR_INIT;
		if (plat_canonical(&root, paths[side], &ignored) != 0)
			str_set(&root, paths[side]);
		s->roots[side] = str_take(&root);
		if (site_open(&s->sites[side], side, s->roots[side],
			&s->why[side]) != 0)
			s->sites[side] = (struct site){.side = side};
	}
	if (plat_dir_open(&s->state, s->config->paths.state_dir, &ignored) != 0)
		s->state = NULL;
	else
		(void)ledger_load(
		    &s->ledger, s->state, &s->ledger_trouble, &s->ledger_why);
}

/* The cloud folder with all that the filter leaves out: what should not be
   there is looked for in it. */
static int
scan_all_of_cloud(struct doctor_scene *s, struct err *e)
{
	struct filter_rules everything = {.include_roots = NULL};
	struct strlist no_warnings = STRLIST_INIT;
	struct filter *filter = filter_new(&everything, &no_warnings);
	struct site sites[SIDES] = {{.side = SIDE_LOCAL}, s->sites[SIDE_CLOUD]};
	struct scan_rules rules = {.filter = filter,
	    .quirks = s->rules.quirks,
	    .copy_symlinks = true,
	    .threads = s->threads};
	struct scan_news news = {.in_flight = 0};
	struct tree trees[SIDES];
	int rc = scan(trees, &news, sites, &rules, e);
	tree_free(&trees[SIDE_LOCAL]);
	s->cloud = trees[SIDE_CLOUD];
	strlist_free(&news.some);
	strlist_free(&no_warnings);
	filter_destroy(filter);
	return rc;
}

static void
look_at_folders(struct doctor_scene *s)
{
	struct run_wish none = {.direction = -1, .policy = -1};
	if (rules_make(&s->rules, s->config, s->sites, &none, &s->no_scan) != 0)
		return;
	s->has_rules = true;
	struct scan_rules rules = {.filter = s->rules.filter,
	    .quirks = s->rules.quirks,
	    .copy_symlinks = s->config->sync.symlinks == CONFIG_SYMLINKS_COPY,
	    .threads = s->threads};
	if (scan(s->trees, &s->news, s->sites, &rules, &s->no_scan) != 0 ||
	    scan_all_of_cloud(s, &s->no_scan) != 0)
		return;
	for (enum side side = SIDE_LOCAL; side < SIDES; side++)
		tree_finish(&s->trees[side]);
	s->scanned = true;
}

static void
leave(struct doctor_scene *s)
{
	for (enum side side = SIDE_LOCAL; side < SIDES; side++) {
		tree_free(&s->trees[side]);
		site_close(&s->sites[side]);
		free(s->roots[side]);
	}
	tree_free(&s->cloud);
	run_free(&s->run);
	strlist_free(&s->news.some);
	rules_free(&s->rules);
	ledger_free(&s->ledger);
	str_free(&s->ledger_trouble);
	plat_dir_close(s->state);
}

void
doctor_look(struct doctor *out, const struct config *c, unsigned threads)
{
	struct doctor_scene s = {.config = c,
	    .out = out,
	    .threads = threads,
	    .ledger_trouble = STR_INIT};
	open_places(&s);
	look_at_folders(&s);
	doctor_glance(&s);
	for (size_t i = 0; i < COUNT_OF(checks); i++) {
		s.id = checks[i].id;
		checks[i].check(&s);
	}
	leave(&s);
}
