#include "engine/guard/guard.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "model/program/program.h"
#include "model/program/protected.h"
#include "platform/plat_proc.h"
#include "platform/plat_time.h"

/* Who is just being born or about to end shows neither program nor arguments:
   look again before that is called unknown. */
enum { LOOKS = 4, LOOK_AGAIN_MS = 25 };

static struct guard_match *
add_match(
    struct guard_matches *out, int64_t pid, uint64_t started, const char *name)
{
	out->v = mem_grow(out->v, &out->cap, out->n + 1, sizeof(*out->v));
	struct guard_match *m = &out->v[out->n++];
	*m = (struct guard_match){
	    .pid = pid, .started = started, .name = mem_string(name)};
	return m;
}

/* ---- names ---- */

bool
guard_has_names(const struct config *c)
{
	return c->process.process_names.n > 0 ||
	    c->process.background_process_names.n > 0;
}

struct name_search {
	struct strlist keys, background;
	struct guard_matches *out;
	int64_t self;
	bool saw_self;
};

static char *
say_why(const struct plat_proc *p, enum program_by by, bool background)
{
	struct str why = STR_INIT;
	static const char *const words[] = {
	    [PROGRAM_BY_NAME] = "process name",
	    [PROGRAM_BY_TITLE] = "title",
	    [PROGRAM_BY_START] = "started under that name",
	    [PROGRAM_BY_SCRIPT] = "script",
	    [PROGRAM_BY_MODULE] = "module",
	    [PROGRAM_BY_BEGINNING] = "of its name only the beginning is seen",
	    [PROGRAM_BY_NOTHING] = "what it runs cannot be seen",
	};
	str_addf(&why, "%s%s", background ? "background " : "", words[by]);
	if (by == PROGRAM_BY_TITLE)
		str_addf(&why, " %s", p->title);
	for (size_t i = 1;
	     by == PROGRAM_BY_SCRIPT && p->argv[i] != NULL && i < 4; i++)
		str_addf(&why, "%s%s", i == 1 ? ": " : " ", p->argv[i]);
	return str_take(&why);
}

/* By the name it answered to: a script is not the shell that runs it. */
static bool
is_spared(const struct plat_proc *p, enum program_by by)
{
	switch (by) {
	case PROGRAM_BY_NAME:
		return protected_is(p->name);
	case PROGRAM_BY_TITLE:
		return protected_is(p->title);
	case PROGRAM_BY_START:
		return protected_is(p->argv[0]);
	default:
		return false;
	}
}

static int
check_process(void *arg, const struct plat_proc *p)
{
	struct name_search *s = arg;
	const struct program program = {
	    .name = p->name,
	    .name_cut = p->name_cut,
	    .title = p->title,
	    .title_cut = p->title_cut,
	    .argv = p->argv,
	    .hidden = p->partly_hidden,
	};
	enum program_by by;
	s->saw_self |= p->pid == s->self;
	if (p->zombie || p->pid == s->self)
		return 0;
	bool background = false;
	enum program_is is = program_is(&by, &program, &s->keys);
	if (is != PROGRAM_OURS) {
		enum program_by other;
		enum program_is too =
		    program_is(&other, &program, &s->background);
		background = too == PROGRAM_OURS ||
		    (is == PROGRAM_OTHER && too == PROGRAM_MAYBE);
		if (background) {
			is = too;
			by = other;
		}
	}
	if (is == PROGRAM_OTHER)
		return 0;
	struct guard_match *m = add_match(s->out, p->pid, p->started, p->name);
	m->why = say_why(p, by, background);
	m->kind = is == PROGRAM_MAYBE ? GUARD_UNKNOWN
	    : background              ? GUARD_BACKGROUND
				      : GUARD_APPLICATION;
	m->foreign = p->partly_hidden;
	m->spared = is_spared(p, by);
	return 0;
}

static void
make_keys(struct strlist *keys, const struct strlist *names)
{
	struct str key = STR_INIT;
	for (size_t i = 0; i < names->n; i++) {
		str_clear(&key);
		program_key(&key, names->v[i]);
		strlist_add(keys, key.p);
	}
	str_free(&key);
}

static bool
any_unknown(const struct guard_matches *m)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->v[i].kind == GUARD_UNKNOWN)
			return true;
	return false;
}

/* A list without ourselves is a list without the application, too. */
static int
say_blind(struct err *e)
{
	return err_set(e, ERR_UNSUPPORTED,
	    "running programs cannot be seen here, not even this one");
}

int
guard_names(struct guard_matches *out, const struct config *c, struct err *e)
{
	struct name_search s = {.out = out};
	uint64_t started;
	if (!guard_has_names(c))
		return 0;
	make_keys(&s.keys, &c->process.process_names);
	make_keys(&s.background, &c->process.background_process_names);
	s.self = plat_proc_self(&started);
	int rc = plat_proc_list(check_process, &s, e);
	for (int i = 1; i < LOOKS && rc >= 0 && any_unknown(out); i++) {
		plat_sleep(LOOK_AGAIN_MS);
		guard_matches_clear(out);
		rc = plat_proc_list(check_process, &s, e);
	}
	strlist_free(&s.keys);
	strlist_free(&s.background);
	if (rc >= 0 && !s.saw_self)
		rc = say_blind(e);
	return rc < 0 ? -1 : 0;
}

static int
find_self(void *arg, const struct plat_proc *p)
{
	return p->pid == *(const int64_t *)arg;
}

int
guard_sees(struct err *e)
{
	uint64_t started;
	int64_t self = plat_proc_self(&started);
	int rc = plat_proc_list(find_self, &self, e);
	return rc == 0 ? say_blind(e) : rc < 0 ? -1 : 0;
}

/* ---- open files ---- */

/* Another of us that looks at the folder, "status" say, only reads; one that
   writes has the lock. */
static bool
is_coldsync(const char *name)
{
	struct str key = STR_INIT;
	program_key(&key, name);
	bool is = strcmp(key.p, "coldsync") == 0;
	str_free(&key);
	return is;
}

static int
note_holder(void *arg, const struct plat_holder *h)
{
	struct str why = STR_INIT;
	if (is_coldsync(h->name))
		return 0;
	str_addf(&why, "holds %s open", h->path);
	struct guard_match *m = add_match(arg, h->pid, h->started, h->name);
	m->why = str_take(&why);
	m->kind = GUARD_HOLDER;
	return 0;
}

int
guard_holders(struct guard_matches *out, const struct config *c,
    struct plat_dir *root, struct err *e)
{
	size_t blind = 0;
	if (!c->process.match_open_files)
		return 0;
	return plat_proc_holders(root, note_holder, out, &blind, e) < 0 ? -1
									: 0;
}

/* ---- both ---- */

int
guard_look(struct guard_matches *out, const struct config *c,
    struct plat_dir *root, struct err *e)
{
	guard_matches_clear(out);
	bool by_files_only = !guard_has_names(c) && c->process.match_open_files;
	int rc = by_files_only ? guard_sees(e) : guard_names(out, c, e);
	if (rc == 0 && root != NULL && out->n == 0)
		rc = guard_holders(out, c, root, e);
	if (rc == 0)
		return 0;
	err_wrap(e, "cannot tell whether the application is running");
	if (e != NULL)
		e->code = ERR_RUNNING;
	return -1;
}

void
guard_matches_clear(struct guard_matches *m)
{
	for (size_t i = 0; i < m->n; i++) {
		free(m->v[i].name);
		free(m->v[i].why);
	}
	m->n = 0;
}

void
guard_matches_free(struct guard_matches *m)
{
	guard_matches_clear(m);
	free(m->v);
	memset(m, 0, sizeof(*m));
}

void
guard_describe(struct str *out, const struct guard_matches *m)
{
	const struct guard_match *first = &m->v[0];
	const char *name = first->name[0] != '\0' ? first->name : "a program";
	if (m->n == 0)
		return;
	if (m->n > 1)
		str_addf(out, "%zu programs, the first of them ", m->n);
	str_addf(out, "%s (pid %" PRId64 ", %s)", name, first->pid, first->why);
}

int
guard_refuse(const struct guard_matches *m, struct err *e)
{
	if (m->n == 0)
		return 0;
	struct str who = STR_INIT;
	guard_describe(&who, m);
	err_set(e, ERR_RUNNING,
	    m->v[0].kind == GUARD_UNKNOWN
		? "cannot tell whether the application is running: it could "
		  "be %s"
		: "the application is running: %s",
	    who.p);
	str_free(&who);
	return -1;
}
