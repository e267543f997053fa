/*
 * The application: would we notice that it runs, and does it?
 */
#include "engine/doctor/doctor_scene.h"
#include "engine/guard/guard.h"
#include "platform/plat_proc.h"

void
doctor_names(struct doctor_scene *s)
{
	const struct config *c = s->config;
	size_t n =
	    c->process.process_names.n + c->process.background_process_names.n;
	if (n > 0)
		doctor_pass(s, "%zu program%s watched for", n,
		    n == 1 ? " is" : "s are");
	else if (c->process.match_open_files)
		doctor_warn(s,
		    "name the application's programs in "
		    "process_detection.process_names",
		    "no program is named: only files it holds open tell that "
		    "it runs");
	else
		doctor_warn(s,
		    "name the application's programs in "
		    "process_detection.process_names",
		    "no program is named and open files are not looked at: a "
		    "running application would not be noticed");
}

static int
ignore_holder(void *arg, const struct plat_holder *h)
{
	UNUSED(arg);
	UNUSED(h);
	return 0;
}

/* Whoever sees itself sees others; and can we see open files? */
void
doctor_detection(struct doctor_scene *s)
{
	struct err e = {.code = ERR_NONE};
	char why[ERR_TEXT_SIZE];
	size_t blind = 0;
	struct plat_dir *local = s->sites[SIDE_LOCAL].root;
	if (guard_sees(&e) != 0) {
		doctor_fail(s,
		    "run it where processes can be listed (not in a sandbox "
		    "that hides them)",
		    "%s", err_text(&e, why, sizeof(why)));
		return;
	}
	if (!s->config->process.match_open_files || local == NULL) {
		doctor_pass(s, "running programs can be listed");
		return;
	}
	int rc = plat_proc_holders(local, ignore_holder, NULL, &blind, &e);
	if (rc == 0)
		doctor_pass(
		    s, "running programs and their open files are seen");
	else
		doctor_warn(s,
		    "name all of the application's programs in "
		    "process_detection.process_names",
		    "running programs can be listed, but not what files they "
		    "hold open");
}

void
doctor_running(struct doctor_scene *s)
{
	struct guard_matches m = {.v = NULL};
	struct err e;
	char why[ERR_TEXT_SIZE];
	struct str who = STR_INIT;
	if (guard_look(&m, s->config, s->sites[SIDE_LOCAL].root, &e) != 0) {
		doctor_fail(s, "see 'process_detection' above",
		    "cannot tell whether it runs: %s",
		    err_text(&e, why, sizeof(why)));
	} else if (m.n > 0) {
		guard_describe(&who, &m);
		doctor_warn(s, "close it before the next sync", "%s", who.p);
	} else {
		doctor_pass(s, "it is not running");
	}
	str_free(&who);
	guard_matches_free(&m);
}
