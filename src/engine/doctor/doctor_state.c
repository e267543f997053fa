/*
 * Our own files: what was agreed, what a dead run left, who is at work.
 */
#include <string.h>

#include "engine/doctor/doctor_scene.h"
#include "engine/profile/pause.h"
#include "engine/write/recover.h"
#include "platform/plat_env.h"
#include "store/lock.h"

void
doctor_paused(struct doctor_scene *s)
{
	struct str since = STR_INIT;
	struct err e;
	char why[ERR_TEXT_SIZE];
	int rc = pause_is(&since, s->config, &e);
	while (since.len > 0 && since.p[since.len - 1] == '\n')
		str_cut(&since, since.len - 1);
	if (rc == 0)
		doctor_pass(s, "the profile is in service");
	else if (rc > 0)
		doctor_warn(s, "'coldsync resume' takes it up again",
		    "paused%s%s", since.len > 0 ? ": " : "", since.p);
	else
		doctor_fail(s,
		    "see who may read the state directory, and its disk",
		    "cannot tell whether it is paused: %s",
		    err_text(&e, why, sizeof(why)));
	str_free(&since);
}

void
doctor_lock(struct doctor_scene *s)
{
	struct str shared = STR_INIT, who = STR_INIT;
	struct err e;
	if (plat_state_home(&shared, &e) == 0) {
		str_add(&shared, "/locks");
		if (lock_is_held(&who, s->config->paths.state_dir, shared.p,
			s->roots[SIDE_LOCAL]))
			doctor_warn(s, "wait for it to end",
			    "another run is at work%s%s",
			    who.len > 0 ? ": " : "", who.p);
		else
			doctor_pass(s, "nobody else is at work");
	}
	str_free(&shared);
	str_free(&who);
}

void
doctor_ledger(struct doctor_scene *s)
{
	char text[ERR_TEXT_SIZE];
	if (s->ledger_why.code != ERR_NONE)
		doctor_fail(s,
		    "see to it that the file can be read: until then nothing "
		    "is synced",
		    "what was agreed at the last sync cannot be read now (%s)",
		    err_text(&s->ledger_why, text, sizeof(text)));
	else if (s->ledger_trouble.len > 0)
		doctor_fail(s,
		    "sync as usual: nothing is deleted, and what differs is "
		    "shown as a conflict to settle",
		    "what was agreed at the last sync cannot be read (%s)",
		    s->ledger_trouble.p);
	else if (s->ledger.agreed.n == 0)
		doctor_pass(s, "nothing was synced yet");
	else
		doctor_pass(s, "%zu entries were agreed at the last sync",
		    s->ledger.agreed.n);
}

void
doctor_journal(struct doctor_scene *s)
{
	if (s->state != NULL && recover_is_pending(s->state))
		doctor_warn(s,
		    "the next 'coldsync sync --apply' finishes it first, by "
		    "itself",
		    "a run was interrupted");
	else
		doctor_pass(s, "no run was interrupted");
}

void
doctor_logs(struct doctor_scene *s)
{
	struct plat_dir *dir = NULL;
	struct err e;
	char why[ERR_TEXT_SIZE];
	const char *path = s->config->logging.dir;
	if (plat_dir_open(&dir, path, &e) == 0) {
		if (plat_dir_writable(dir, &e) == 0)
			doctor_pass(s, "%s", path);
		else
			doctor_warn(s,
			    "give yourself the right to write there, or set "
			    "logging.dir",
			    "%s cannot be written", path);
		plat_dir_close(dir);
	} else if (e.code == ERR_NOTFOUND) {
		doctor_pass(s, "%s will be made", path);
	} else {
		doctor_warn(s, "set logging.dir to a folder of its own", "%s",
		    err_text(&e, why, sizeof(why)));
	}
}

/* ---- leftovers ---- */

struct leftovers {
	size_t n;
	struct str first;
};

static int
note_leftover(void *arg, const char *name, size_t len,
    const struct plat_stat *st, const struct err *why)
{
	struct leftovers *l = arg;
	UNUSED(st);
	UNUSED(why);
	if (len < 14 || strncmp(name, "~coldsync-", 10) != 0)
		return 0;
	if (l->n++ == 0)
		str_addn(&l->first, name, len);
	return 0;
}

void
doctor_leftovers(struct doctor_scene *s)
{
	struct leftovers found = {.first = STR_INIT};
	struct plat_dir *work = NULL;
	struct err ignored; /* what cannot be listed is told elsewhere */
	struct plat_dir *dirs[] = {
	    s->sites[SIDE_LOCAL].root, s->sites[SIDE_CLOUD].root, NULL};
	if (s->state != NULL &&
	    plat_dir_sub(&work, s->state, "work", &ignored) == 0)
		dirs[2] = work;
	for (size_t i = 0; i < COUNT_OF(dirs); i++)
		if (dirs[i] != NULL)
			(void)plat_list(
			    dirs[i], note_leftover, &found, &ignored);
	if (found.n == 0)
		doctor_pass(s, "no run left anything behind");
	else
		doctor_warn(s,
		    "the next sync takes care of what is ours; a file that "
		    "stays may hold what an interrupted run displaced, so look "
		    "into it before you delete it",
		    "%zu file%s of an interrupted run, the first is %s",
		    found.n, found.n == 1 ? "" : "s", found.first.p);
	plat_dir_close(work);
	str_free(&found.first);
}
