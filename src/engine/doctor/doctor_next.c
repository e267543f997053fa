/*
 * What the next sync would meet: a glance as 'status' takes it, and what the
 * other machines have to do with it.
 */
#include <inttypes.h>

#include "base/num.h"
#include "engine/doctor/doctor_scene.h"
#include "platform/plat_time.h"

/* Clocks this far apart put edits in the wrong order. */
enum { CLOCK_SECONDS = 300 };

void
doctor_glance(struct doctor_scene *s)
{
	struct run_options glance = {.glance = true,
	    .reason = "doctor",
	    .wish = {.direction = -1, .policy = -1},
	    .threads = s->threads};
	s->glance_rc = run_profile(&s->run, s->config, &glance, &s->glance_why);
}

/* ---- the other machines ---- */

static const char *
remedy(enum run_refusal refusal)
{
	switch (refusal) {
	case RUN_REFUSED_TWIN:
		return "give each machine an identity.machine_id of its own; "
		       "after a reinstallation 'coldsync machines forget' "
		       "retires the old one";
	case RUN_REFUSED_MANIFEST:
		return "let the cloud client finish; if it has, sync on that "
		       "machine again";
	case RUN_REFUSED_TIME:
		return "see whether the cloud client or a backup has brought "
		       "back an older folder; 'coldsync sync --accept-cloud' "
		       "takes it as it is";
	case RUN_REFUSED_EDITED:
		return "look at what is named; 'coldsync sync --accept-cloud' "
		       "takes the folder as it is";
	default:
		return "let the cloud client finish, then look again; "
		       "'coldsync "
		       "sync --wait' waits for it";
	}
}

void
doctor_complete(struct doctor_scene *s)
{
	const struct folder *f = &s->run.folder;
	char why[ERR_TEXT_SIZE];
	if (s->run.refusal == RUN_REFUSED_MARKER)
		return; /* told already */
	if (s->run.refusal != RUN_NOT_REFUSED)
		doctor_fail(s, remedy(s->run.refusal), "%s",
		    err_text(&s->glance_why, why, sizeof(why)));
	else if (s->glance_rc != 0)
		return;
	else if (s->config->cloud.verify == CONFIG_VERIFY_OFF)
		doctor_warn(s, "set cloud.verify = require",
		    "cloud.verify is off: half-delivered work of another "
		    "machine would not be noticed");
	else if (f->n == 0)
		doctor_pass(s, "no machine has said anything about it yet");
	else
		doctor_pass(s, "all that %zu machine%s put there is here", f->n,
		    f->n == 1 ? "" : "s");
}

/* A publication from the future, or a machine that is always an hour late. */
void
doctor_clock(struct doctor_scene *s)
{
	const struct folder *f = &s->run.folder;
	int64_t now = plat_now().sec, ahead = 0;
	const char *who = NULL;
	struct str by = STR_INIT;
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].head.time - now > ahead) {
			ahead = f->v[i].head.time - now;
			who = folder_name(f, f->v[i].head.machine);
		}
	num_duration(&by, (uint64_t)ahead * 1000);
	if (ahead > CLOCK_SECONDS)
		doctor_warn(s,
		    "set the clock, here or there, by the network: files "
		    "changed on both machines are told apart by their times",
		    "'%s' published %s from now: its clock or this one is "
		    "wrong",
		    who, by.p);
	else
		doctor_pass(s, "no machine published in the future");
	str_free(&by);
}

/* ---- the sync itself ---- */

void
doctor_conflicts(struct doctor_scene *s)
{
	const struct plan *p = &s->run.plan;
	if (!s->run.planned)
		return;
	if (p->unresolved == 0)
		doctor_pass(s, "nothing was changed on both sides");
	else
		doctor_warn(s, "'coldsync resolve' goes through them",
		    "%zu conflict%s to be settled", p->unresolved,
		    p->unresolved == 1 ? " has" : "s have");
}

/* Whatever else would stop it, in the words it would use. */
void
doctor_next_sync(struct doctor_scene *s)
{
	char why[ERR_TEXT_SIZE];
	if (s->glance_rc == 0)
		doctor_pass(s, "nothing stands in its way");
	else if (s->run.planned && s->run.refusal == RUN_NOT_REFUSED)
		doctor_fail(s,
		    "look at 'coldsync plan'; if that is what you want, "
		    "'coldsync sync --allow-deletes' does it",
		    "it would be refused: %s",
		    err_text(&s->glance_why, why, sizeof(why)));
	else if (doctor_count(s->out, DOCTOR_FAIL) == 0)
		doctor_fail(s, "remove the cause, then look again",
		    "it would be refused: %s",
		    err_text(&s->glance_why, why, sizeof(why)));
}
