#include "engine/guard.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "platform/plat_proc.h"

/* ---- names ---- */

/* The base name of a program or script, without ".exe". */
static void
base_name(struct str *out, const char *path)
{
	const char *name = path;
	for (const char *p = path; *p != '\0'; p++)
		if (*p == '/' || *p == '\\')
			name = p + 1;
	str_set(out, name);
	for (size_t i = 0; i < out->len; i++)
		out->p[i] = (char)tolower((unsigned char)out->p[i]);
	if (out->len > 4 && str_ends(out, ".exe"))
		str_cut(out, out->len - 4);
}

static const char *
find_name(const struct strlist *names, const char *program)
{
	struct str want = STR_INIT, have = STR_INIT;
	const char *found = NULL;
	base_name(&have, program);
	for (size_t i = 0; i < names->n && found == NULL; i++) {
		base_name(&want, names->v[i]);
		if (have.len > 0 && strcmp(want.p, have.p) == 0)
			found = names->v[i];
	}
	str_free(&want);
	str_free(&have);
	return found;
}

static void
add_match(struct guard_matches *out, int64_t pid, uint64_t started,
    const char *name, char *why)
{
	out->v = mem_grow(out->v, &out->cap, out->n + 1, sizeof(*out->v));
	out->v[out->n++] = (struct guard_match){.pid = pid,
	    .started = started,
	    .name = mem_string(name),
	    .why = why};
}

struct name_search {
	const struct config *config;
	struct guard_matches *out;
	int64_t self;
};

static int
check_process(void *arg, const struct plat_proc *p)
{
	struct name_search *s = arg;
	const struct strlist *lists[] = {&s->config->process.process_names,
	    &s->config->process.background_process_names};
	if (p->zombie || p->pid == s->self)
		return 0;
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		if (find_name(lists[i], p->name) == NULL)
			continue;
		add_match(s->out, p->pid, p->started, p->name,
		    mem_string(
			i == 0 ? "process name" : "background process name"));
		s->out->v[s->out->n - 1].background = i == 1;
		return 0;
	}
	return 0;
}

int
guard_names(struct guard_matches *out, const struct config *c, struct err *e)
{
	struct name_search s = {.config = c, .out = out};
	if (c->process.process_names.n == 0 &&
	    c->process.background_process_names.n == 0)
		return 0;
	uint64_t started;
	s.self = plat_proc_self(&started);
	return plat_proc_list(check_process, &s, e) < 0 ? -1 : 0;
}

/* ---- open files ---- */

static int
note_holder(void *arg, const struct plat_holder *h)
{
	struct str why = STR_INIT;
	str_addf(&why, "holds %s open", h->path);
	add_match(arg, h->pid, h->started, h->name, str_take(&why));
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

void
guard_matches_free(struct guard_matches *m)
{
	for (size_t i = 0; i < m->n; i++) {
		free(m->v[i].name);
		free(m->v[i].why);
	}
	free(m->v);
	memset(m, 0, sizeof(*m));
}

static int
refuse(const struct guard_matches *m, struct err *e)
{
	const struct guard_match *first = &m->v[0];
	if (m->n == 1)
		return err_set(e, ERR_RUNNING,
		    "%s is running (pid %" PRId64 ", %s)",
		    first->name[0] != '\0' ? first->name : "a program",
		    first->pid, first->why);
	return err_set(e, ERR_RUNNING,
	    "%zu programs are running, the first is %s (pid %" PRId64 ", %s)",
	    m->n, first->name, first->pid, first->why);
}

int
guard_check(const struct config *c, struct plat_dir *root, struct err *e)
{
	struct guard_matches m = {.v = NULL};
	int rc = guard_names(&m, c, e);
	if (rc == 0 && root != NULL && m.n == 0)
		rc = guard_holders(&m, c, root, e);
	if (rc != 0)
		err_wrap(e, "cannot tell whether the application is running");
	else if (m.n > 0)
		rc = refuse(&m, e);
	guard_matches_free(&m);
	return rc;
}
