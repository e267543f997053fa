#include "engine/cloud/folder.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "engine/cloud/unpublished.h"
#include "model/cloud/heads.h"
#include "platform/plat_env.h"

/* ---- reading ---- */

static int
hear_one(struct folder *f, struct plat_dir *cloud, const char *id)
{
	struct manifest m;
	struct err why;
	char text[ERR_TEXT_SIZE];
	int rc = manifest_load(&m, &f->roster, cloud, id, &why);
	if (rc == 1)
		return 0;
	if (rc < 0) {
		strlist_add(&f->unreadable, id);
		strlist_add(&f->reasons, err_text(&why, text, sizeof(text)));
		return 0;
	}
	f->v = mem_grow(f->v, &f->cap, f->n + 1, sizeof(*f->v));
	f->v[f->n++] = m;
	return 0;
}

static int
hear_all(struct folder *f, struct plat_dir *cloud, struct err *e)
{
	struct strlist ids = STRLIST_INIT;
	int rc = manifest_list(&ids, cloud, e);
	for (size_t i = 0; i < ids.n && rc == 0; i++)
		rc = hear_one(f, cloud, ids.v[i]);
	strlist_free(&ids);
	return rc;
}

/* ---- heads ---- */

static void
find_heads(struct folder *f)
{
	struct publication *p = mem_zero(f->n, sizeof(*p));
	for (size_t i = 0; i < f->n; i++)
		p[i] = (struct publication){.machine = f->v[i].head.machine,
		    .generation = f->v[i].head.generation,
		    .seen = &f->v[i].seen};
	f->head = mem_zero(f->n, sizeof(*f->head));
	f->nheads = heads_find(f->head, p, f->n);
	free(p);
}

/* A head whose records are not what they must be is as good as unreadable. */
static void
check_heads(struct folder *f)
{
	struct err why;
	char text[ERR_TEXT_SIZE];
	for (size_t i = 0; i < f->n; i++) {
		const struct manifest *m = &f->v[i];
		if (!f->head[i])
			continue;
		if (manifest_check(m, &why) != 0) {
			const char *id = f->roster.ids.v[m->head.machine];
			f->head[i] = false;
			f->nheads--;
			strlist_add(&f->unreadable, id);
			strlist_add(
			    &f->reasons, err_text(&why, text, sizeof(text)));
			continue;
		}
		seen_join(&f->seen, &m->seen);
		if (f->newest < m->head.time)
			f->newest = m->head.time;
		f->expected = m;
	}
}

/* ---- one state out of several ---- */

static struct manifest_writer *
begin_made(struct manifest_head *head, const struct folder *f)
{
	uint32_t who = f->expected != NULL ? f->expected->head.machine
					   : f->changes.head.machine;
	*head = (struct manifest_head){.machine = who,
	    .generation = seen_get(&f->seen, who),
	    .time = f->newest};
	memset(head->install, '0', sizeof(head->install) - 1);
	return manifest_begin(head, &f->roster, &f->seen);
}

/* What was written is read like any other. */
static int
end_made(struct folder *f, struct manifest_writer *w, struct err *e)
{
	struct str bytes = STR_INIT;
	struct manifest last = f->made;
	manifest_end(w, &bytes);
	size_t size = bytes.len;
	int rc =
	    manifest_parse(&f->made, &f->roster, str_take(&bytes), size, e);
	manifest_free(&last);
	f->expected = &f->made;
	return rc;
}

struct merging {
	struct manifest_cursor cursors[HEADS_MAX];
	struct claims *claims[HEADS_MAX];
	struct publication speakers[HEADS_MAX];
	struct heads heads;
};

static void
open_heads(struct merging *m, const struct folder *f)
{
	size_t n = 0;
	for (size_t i = 0; i < f->n; i++) {
		if (!f->head[i])
			continue;
		manifest_open(&m->cursors[n], &f->v[i]);
		m->claims[n] = &m->cursors[n].claims;
		m->speakers[n] =
		    (struct publication){.machine = f->v[i].head.machine,
			.generation = f->v[i].head.generation,
			.seen = &f->v[i].seen};
		n++;
	}
	m->heads.claims = m->claims;
	m->heads.speaker = m->speakers;
	m->heads.n = n;
}

static void
close_heads(struct merging *m)
{
	for (size_t i = 0; i < m->heads.n; i++)
		manifest_close(&m->cursors[i]);
}

static int
merge_heads(struct folder *f, const struct folder_about *about, struct err *e)
{
	if (f->nheads > HEADS_MAX)
		return err_set(e, ERR_CORRUPT,
		    "more than %d machines published without having heard of "
		    "each other",
		    (int)HEADS_MAX);
	struct merging *m = mem_zero(1, sizeof(*m));
	struct manifest_head head;
	m->heads.groups = about->groups;
	m->heads.ngroups = about->ngroups;
	open_heads(m, f);
	struct heads_units *units = heads_judge(&m->heads);
	close_heads(m);
	open_heads(m, f);
	struct manifest_writer *w = begin_made(&head, f);
	struct claims_sink sink = {.claim = manifest_add, .arg = w};
	heads_merge(&m->heads, units, &sink);
	close_heads(m);
	heads_units_free(units);
	free(m);
	return end_made(f, w, e);
}

/* ---- what we did not come to publish ---- */

static int
amend(struct folder *f, struct err *e)
{
	struct manifest_head head;
	struct manifest_cursor base, changes;
	static const struct manifest nothing;
	manifest_open(&base, f->expected != NULL ? f->expected : &nothing);
	manifest_open(&changes, &f->changes);
	struct seen knew = {.v = NULL};
	seen_join(&knew, &f->changes.seen);
	seen_join(&f->seen, &f->changes.seen);
	struct manifest_writer *w = begin_made(&head, f);
	struct claims_sink sink = {.claim = manifest_add, .arg = w};
	heads_amend(&base.claims, &changes.claims, &knew, &sink);
	manifest_close(&base);
	manifest_close(&changes);
	seen_free(&knew);
	return end_made(f, w, e);
}

static int
hear_changes(struct folder *f, const struct folder_about *about, struct err *e)
{
	int rc = about->state != NULL
	    ? unpublished_load(&f->changes, &f->roster, about->state, e)
	    : 1;
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	/* Published after all: only the note of it was not removed. */
	bool old = f->own != NULL &&
	    f->own->head.generation >= f->changes.head.generation;
	bool other = f->changes.head.machine != f->self;
	/* A run that died before it had changed anything owes nothing. */
	bool none = f->changes.nrecords == 0 &&
	    about->ledger->generation < f->changes.head.generation;
	f->owes = !old && !other && !none;
	return 0;
}

/* ---- all of it ---- */

static uint64_t
place_of(const char *local)
{
	struct str text = STR_INIT;
	uint64_t place = 0;
	plat_machine_id(&text);
	if (text.len > 0) {
		str_addc(&text, '\0');
		str_add(&text, local);
		place = hash_of(text.p, text.len).hi;
	}
	str_free(&text);
	return place;
}

int
folder_hear(struct folder *out, const struct folder_about *about, struct err *e)
{
	memset(out, 0, sizeof(*out));
	out->self = roster_add(&out->roster, about->machine);
	out->place = place_of(about->local);
	if (about->state != NULL &&
	    identity_read(out->install, about->state, e) < 0)
		return -1;
	if (hear_all(out, about->cloud, e) != 0)
		return -1;
	find_heads(out);
	check_heads(out);
	out->own = folder_by(out, out->self);
	if (out->nheads > 1 && merge_heads(out, about, e) != 0)
		return err_wrap(e, "manifests");
	if (hear_changes(out, about, e) != 0)
		return -1;
	return out->owes ? amend(out, e) : 0;
}

void
folder_free(struct folder *f)
{
	for (size_t i = 0; i < f->n; i++)
		manifest_free(&f->v[i]);
	free(f->v);
	free(f->head);
	manifest_free(&f->made);
	manifest_free(&f->changes);
	seen_free(&f->seen);
	strlist_free(&f->unreadable);
	strlist_free(&f->reasons);
	roster_free(&f->roster);
	memset(f, 0, sizeof(*f));
}

const struct manifest *
folder_by(const struct folder *f, uint32_t machine)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].head.machine == machine)
			return &f->v[i];
	return NULL;
}

const char *
folder_name(const struct folder *f, uint32_t machine)
{
	if (machine == ROSTER_NOBODY)
		return "";
	const struct manifest *m = folder_by(f, machine);
	return m != NULL && m->head.label[0] != '\0' ? m->head.label
						     : f->roster.ids.v[machine];
}

bool
folder_twin(const struct folder *f)
{
	const struct manifest *m = f->own;
	return m != NULL && strcmp(m->head.install, f->install) != 0 &&
	    (m->head.place == 0 || m->head.place != f->place);
}

/* ---- generations ---- */

/* The newest generation of a machine that anything here accounts for. */
static uint64_t
accounted(const struct folder *f, uint32_t machine)
{
	uint64_t newest = 0;
	for (size_t i = 0; i < f->n; i++) {
		uint64_t one = seen_get(&f->v[i].seen, machine);
		newest = one > newest ? one : newest;
	}
	return newest;
}

const char *
folder_read_seen(uint64_t *generation, const char *text)
{
	int64_t n;
	const char *gap = strchr(text, ' ');
	if (gap == NULL ||
	    num_parse(&n, text, (size_t)(gap - text), 1, INT64_MAX) != 0)
		return NULL;
	*generation = (uint64_t)n;
	return gap + 1;
}

uint32_t
folder_went_back(const struct folder *f, const struct ledger_head *ledger,
    uint64_t *had, uint64_t *has)
{
	*had = ledger->generation;
	*has = f->own != NULL ? f->own->head.generation : 0;
	/* Of our own newest one the folder may not have heard yet. */
	if (*has + (f->owes ? 1 : 0) < *had)
		return f->self;
	for (size_t i = 0; i < ledger->seen.n; i++) {
		const char *id = folder_read_seen(had, ledger->seen.v[i]);
		uint32_t who =
		    id != NULL ? roster_find(&f->roster, id) : f->self;
		*has = who != ROSTER_NOBODY ? accounted(f, who) : 0;
		if (who != f->self && *has < *had)
			return who != ROSTER_NOBODY
			    ? who
			    : roster_add((struct roster *)&f->roster, id);
	}
	return ROSTER_NOBODY;
}

uint64_t
folder_next(const struct folder *f, const struct ledger_head *ledger)
{
	uint64_t last = accounted(f, f->self);
	if (last < ledger->generation)
		last = ledger->generation;
	if (last < seen_get(&f->seen, f->self))
		last = seen_get(&f->seen, f->self);
	return last + 1;
}

void
folder_remember(struct ledger_head *out, const struct folder *f)
{
	struct str text = STR_INIT;
	strlist_clear(&out->seen);
	for (size_t i = 0; i < f->seen.n; i++) {
		if (f->seen.v[i] == 0 || i == f->self)
			continue;
		str_clear(&text);
		str_addf(&text, "%llu %s", (unsigned long long)f->seen.v[i],
		    f->roster.ids.v[i]);
		strlist_add(&out->seen, text.p);
	}
	str_free(&text);
}
