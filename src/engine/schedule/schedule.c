#include "engine/schedule/schedule.h"

#include <stdlib.h>
#include <string.h>

#include "engine/schedule/schedule_host.h"
#include "platform/plat_env.h"
#include "platform/plat_fs.h"

static const char *const kinds[] = {
    [SCHEDULE_SYSTEMD] = "systemd",
    [SCHEDULE_CRON] = "cron",
    [SCHEDULE_LAUNCHD] = "launchd",
    [SCHEDULE_TASK] = "task",
};

const char *
schedule_kind_name(enum schedule_kind kind)
{
	return kinds[kind];
}

/* ---- making ---- */

static bool
is_file(const char *path)
{
	struct plat_file f = PLAT_FILE_NONE;
	bool there = plat_open_native(&f, path, NULL) == 0;
	(void)plat_close(&f, NULL);
	return there;
}

/* The program to schedule: this one; on Windows its twin without a console,
   where there is one, so that nothing flashes on the screen. */
static int
find_program(struct str *out, enum schedule_kind kind, struct err *e)
{
	static const char tail[] = ".exe";
	if (plat_program(out, e) != 0)
		return -1;
	if (kind != SCHEDULE_TASK || !str_ends(out, tail))
		return 0;
	struct str twin = STR_INIT;
	str_addn(&twin, out->p, out->len - strlen(tail));
	str_add(&twin, "w.exe");
	if (is_file(twin.p))
		str_set(out, twin.p);
	str_free(&twin);
	return 0;
}

/* A scheduler starts jobs without what the user's shell has set: what decides
   where the state is must be said. */
static void
find_state(struct str *out, const struct config *c)
{
	char *home = plat_getenv("XDG_STATE_HOME");
	if (home != NULL && home[0] != '\0')
		str_set(out, c->paths.state_dir);
	free(home);
}

static void
find_user(struct str *out)
{
	char *domain = plat_getenv("USERDOMAIN");
	char *name = plat_getenv("USERNAME");
	if (domain != NULL && name != NULL)
		str_addf(out, "%s\\%s", domain, name);
	free(domain);
	free(name);
}

int
schedule_make(struct schedule_made *out, const struct config *c,
    const struct schedule_wish *wish, struct err *e)
{
	*out = (struct schedule_made){.program = STR_INIT,
	    .config = STR_INIT,
	    .state = STR_INIT,
	    .user = STR_INIT,
	    .passing = c->paths.state_dir};
	if (wish->kind >= 0)
		out->kind = (enum schedule_kind)wish->kind;
	else if (schedule_pick(&out->kind, e) != 0)
		return -1;
	if (find_program(&out->program, out->kind, e) != 0 ||
	    plat_absolute(&out->config, c->file, e) != 0)
		return -1;
	find_state(&out->state, c);
	if (out->kind == SCHEDULE_TASK)
		find_user(&out->user);
	out->job = (struct schedule_job){.profile = c->profile,
	    .program = out->program.p,
	    .config = out->config.p,
	    .state = out->state.p,
	    .user = out->user.p,
	    .when = wish->when,
	    .number = wish->number,
	    .apply = wish->apply};
	return schedule_check(&out->job, out->kind, e);
}

void
schedule_made_free(struct schedule_made *m)
{
	str_free(&m->program);
	str_free(&m->config);
	str_free(&m->state);
	str_free(&m->user);
}

/* ---- looking ---- */

/* The text of the first element *name*; "" when there is none. */
static void
take_element(struct str *out, const char *text, const char *name)
{
	struct str tag = STR_INIT;
	str_clear(out);
	str_addf(&tag, "<%s>", name);
	const char *at = strstr(text, tag.p);
	if (at != NULL) {
		at += tag.len;
		str_addn(out, at, strcspn(at, "<"));
	}
	str_free(&tag);
}

static bool
is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

/*
 * The Task Scheduler gives back what it made of the text: other order, more
 * elements, and letters its code page lacks replaced. So what counts is
 * compared one by one.
 */
static bool
is_same_task(const char *found, const char *made)
{
	static const char *const names[] = {
	    "Command", "Arguments", "Interval", "StartBoundary"};
	struct str a = STR_INIT, b = STR_INIT;
	bool same = true;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		take_element(&a, found, names[i]);
		take_element(&b, made, names[i]);
		/* A quote may come back as an entity. */
		same &= !is_ascii(b.p) || strcmp(a.p, b.p) == 0 ||
		    strstr(a.p, "&quot;") != NULL;
	}
	str_free(&a);
	str_free(&b);
	return same;
}

/* Is it, text by text, what its own seal says it was made as? */
static bool
is_as_made(const struct schedule_found *f, const struct schedule_job *j,
    enum schedule_kind kind)
{
	bool same = true;
	for (int i = 0; i < schedule_texts(kind); i++) {
		struct str made = STR_INIT;
		schedule_text(&made, j, kind, i);
		same &= kind == SCHEDULE_TASK
		    ? is_same_task(f->texts[i].p, made.p)
		    : strcmp(f->texts[i].p, made.p) == 0;
		str_free(&made);
	}
	return same;
}

static bool
is_whole(const struct schedule_found *f, enum schedule_kind kind)
{
	return f->there[0] && (schedule_texts(kind) == 1 || f->there[1]);
}

static enum schedule_state
judge(struct schedule_status *out, const struct schedule_found *f,
    const struct schedule_made *here)
{
	const char *text = f->there[0] ? f->texts[0].p : f->texts[1].p;
	if (!f->there[0] && !f->there[1])
		return SCHEDULE_NONE;
	if (schedule_unseal(&out->what, text) != 0 ||
	    strcmp(out->what.job.profile, here->job.profile) != 0)
		return SCHEDULE_FOREIGN;
	out->sealed = true;
	if (!is_whole(f, out->kind))
		return SCHEDULE_PARTIAL;
	if (!is_as_made(f, &out->what.job, out->kind))
		return SCHEDULE_EDITED;
	if (!is_file(out->what.job.program))
		return SCHEDULE_GONE;
	if (strcmp(out->what.job.program, here->job.program) != 0)
		return SCHEDULE_MOVED;
	if (strcmp(out->what.job.config, here->job.config) != 0)
		return SCHEDULE_OTHER;
	return f->heeded ? SCHEDULE_WELL : SCHEDULE_IDLE;
}

static int
look(struct schedule_status *out, const struct schedule_made *here,
    struct err *e)
{
	struct schedule_found f;
	int rc = schedule_find(&f, here->job.profile, here->kind, e);
	if (rc == 0)
		rc = schedule_where(
		    &out->where, here->job.profile, here->kind, e);
	out->kind = here->kind;
	if (rc == 0)
		out->state = judge(out, &f, here);
	schedule_found_free(&f);
	return rc;
}

static void
status_init(struct schedule_status *s)
{
	*s = (struct schedule_status){.where = STR_INIT};
	(void)schedule_unseal(&s->what, ""); /* empty strings */
}

int
schedule_look(struct schedule_status *out, const struct config *c, int kind,
    struct err *e)
{
	/* Only who and where matter. */
	struct schedule_wish wish = {.kind = kind, .number = 3600};
	struct schedule_made here;
	status_init(out);
	int rc = schedule_make(&here, c, &wish, e);
	if (rc == 0)
		rc = look(out, &here, e);
	schedule_made_free(&here);
	return rc;
}

void
schedule_status_free(struct schedule_status *s)
{
	schedule_sealed_free(&s->what);
	str_free(&s->where);
}

/* ---- changing ---- */

static int
refuse_foreign(const struct schedule_status *s, struct err *e)
{
	if (s->state != SCHEDULE_FOREIGN)
		return 0;
	return err_set(
	    e, ERR_EXISTS, "%s is there already, and is not ours", s->where.p);
}

int
schedule_install(
    struct str *where, const struct schedule_made *m, struct err *e)
{
	struct schedule_status s;
	status_init(&s);
	int rc = look(&s, m, e);
	if (rc == 0)
		rc = refuse_foreign(&s, e);
	if (rc == 0)
		rc = schedule_put(&m->job, m->kind, m->passing, e);
	str_add(where, s.where.p);
	schedule_status_free(&s);
	return rc;
}

int
schedule_remove(const struct config *c, int kind, struct err *e)
{
	struct schedule_status s;
	int rc = schedule_look(&s, c, kind, e);
	if (rc == 0)
		rc = refuse_foreign(&s, e);
	if (rc == 0)
		rc = s.state == SCHEDULE_NONE
		    ? 1
		    : schedule_drop(c->profile, s.kind, c->paths.state_dir, e);
	schedule_status_free(&s);
	return rc;
}

/* ---- words ---- */

static const struct {
	const char *name, *trouble, *remedy;
} words[] = {
    [SCHEDULE_NONE] = {"none", NULL, NULL},
    [SCHEDULE_WELL] = {"well", NULL, NULL},
    [SCHEDULE_GONE] = {"gone", "the program it starts is not there any more",
	"'coldsync schedule install' makes it start this one"},
    [SCHEDULE_MOVED] = {"moved", "it starts another program than this one",
	"'coldsync schedule install' makes it start this one"},
    [SCHEDULE_OTHER] = {"other_config",
	"it uses another config than this profile's",
	"'coldsync schedule install' makes it use this one"},
    [SCHEDULE_EDITED] = {"edited", "it was changed since coldsync wrote it",
	"look at it; 'coldsync schedule install' writes it anew"},
    [SCHEDULE_FOREIGN] = {"foreign",
	"what is there was not written by coldsync",
	"look at it, and move it out of the way if you do not need it"},
    [SCHEDULE_PARTIAL] = {"partial", "part of it is missing",
	"'coldsync schedule install' writes it anew"},
    [SCHEDULE_IDLE] = {"idle",
	"it is written, but the scheduler does not heed it",
	"'coldsync schedule install' starts it again"},
};

const char *
schedule_state_name(enum schedule_state s)
{
	return words[s].name;
}

const char *
schedule_state_trouble(enum schedule_state s)
{
	return words[s].trouble;
}

const char *
schedule_state_remedy(enum schedule_state s)
{
	return words[s].remedy;
}
