#include "store/snapshot/snapshot.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "platform/plat_env.h"
#include "store/snapshot/snapshot_work.h"

/* The digits at the end of an id. */
enum { DIGITS = 4 };

/* Sequels of one run; the first is one too many for any run that ends well. */
enum { SEQUELS = 16 };

/* ---- ids ----------------------------------------------------------------- */

int
snapshot_id(
    struct str *out, struct stamp now, const char *machine, struct err *e)
{
	uint16_t digits;
	char time[STAMP_ISO_SIZE];
	if (plat_random(&digits, sizeof(digits), e) != 0)
		return err_wrap(e, "snapshot id");
	str_addf(out, "%s-%s-%04x", stamp_compact(time, now), machine,
	    (unsigned)digits);
	return 0;
}

static bool
is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

bool
snapshot_id_valid(const char *id)
{
	static const char hex[] = "0123456789abcdef";
	size_t n = strlen(id);
	if (n <= DIGITS || n > SNAPSHOT_ID_MAX || id[n - DIGITS - 1] != '-' ||
	    !is_one_of(id[0], hex))
		return false;
	for (size_t i = 0; i < n; i++) {
		bool letter = (id[i] >= 'a' && id[i] <= 'z') ||
		    (id[i] >= 'A' && id[i] <= 'Z');
		if (i >= n - DIGITS
			? !is_one_of(id[i], hex)
			: !letter && !is_one_of(id[i], "0123456789._-"))
			return false;
	}
	return true;
}

/* The id of what a run keeps after its snapshot was complete: one higher. */
static void
next_id(char *id)
{
	static const char hex[] = "0123456789abcdef";
	size_t n = strlen(id);
	for (size_t i = n; i > n - DIGITS; i--) {
		const char *digit = strchr(hex, id[i - 1]);
		assert(digit != NULL);
		bool carry = digit[1] == '\0';
		id[i - 1] = digit[1];
		if (!carry)
			return;
		id[i - 1] = '0';
	}
}

/* ---- names --------------------------------------------------------------- */

void
snapshot_path(struct str *out, const struct snapshot *s, const char *suffix)
{
	str_addf(out, "%s%s", s->id, suffix);
}

void
snapshot_side(struct str *out, enum side side, unsigned layer)
{
	str_add(out, side == SIDE_LOCAL ? "local" : "cloud");
	if (layer > 0)
		str_addf(out, ".%u", layer);
}

int
snapshot_move(struct plat_dir *from_dir, const char *from,
    struct plat_dir *to_dir, const char *to, struct err *e)
{
	struct plat_stat st;
	int rc = plat_move(from_dir, from, to_dir, to, e);
	if (rc != 1)
		return rc;
	rc = plat_stat(&st, to_dir, to, e);
	if (rc == 0)
		return err_set(e, ERR_EXISTS, "'%s' is there already", to);
	return rc < 0 ? -1 : plat_replace(from_dir, from, to_dir, to, e);
}

/* ---- where it grows ------------------------------------------------------ */

static int
is_there(const struct snapshot *s, const char *suffix, struct err *e)
{
	struct plat_stat st;
	struct str name = STR_INIT;
	snapshot_path(&name, s, suffix);
	int rc = plat_stat(&st, s->backups, name.p, e);
	str_free(&name);
	return rc < 0 ? -1 : rc == 0;
}

/* 1: the snapshot *s->id is complete. */
static int
is_complete(const struct snapshot *s, struct err *e)
{
	int growing = is_there(s, SNAPSHOT_PARTIAL, e);
	if (growing != 0)
		return growing < 0 ? -1 : 0;
	int dir = is_there(s, "", e);
	return dir != 0 ? dir : is_there(s, SNAPSHOT_ZIP, e);
}

/* Past those that are complete, which nobody touches any more. */
static int
find_id(struct snapshot *s, struct err *e)
{
	for (int i = 0; i < SEQUELS; i++) {
		int complete = is_complete(s, e);
		if (complete <= 0)
			return complete;
		if (snapshot_clear_packed(s, e) != 0)
			return -1;
		s->sequel = true;
		next_id(s->id);
	}
	return err_set(e, ERR_EXISTS, "too many snapshots of one run");
}

static int
open_partial(struct snapshot *s, struct err *e)
{
	struct str name = STR_INIT;
	snapshot_path(&name, s, SNAPSHOT_PARTIAL);
	int rc = plat_dir_sub(&s->partial, s->backups, name.p, e);
	str_free(&name);
	if (rc == 0)
		snapdir_init(&s->places, s->partial, true);
	return rc;
}

/* What is there, without making anything. */
static int
look(struct snapshot *s, struct err *e)
{
	struct err why;
	if (s->looked)
		return 0;
	if (s->backups == NULL &&
	    plat_dir_open(&s->backups, s->about.backup_dir, &why) != 0) {
		if (why.code == ERR_NOTFOUND)
			return 0;
		*e = why;
		return -1;
	}
	if (find_id(s, e) != 0 || open_partial(s, e) < 0)
		return -1;
	s->looked = true;
	return 0;
}

static int
make_backups(struct snapshot *s, struct err *e)
{
	const char *dir = s->about.backup_dir;
	if (plat_dir_make(dir, 0700, e) != 0 ||
	    plat_dir_open(&s->backups, dir, e) != 0)
		return -1;
	/* However many directories that took, they are on one file system. */
	return s->about.durable && plat_volume_sync(s->backups, e) < 0 ? -1 : 0;
}

static int
make_partial(struct snapshot *s, struct err *e)
{
	struct str name = STR_INIT;
	snapshot_path(&name, s, SNAPSHOT_PARTIAL);
	int rc = plat_mkdir(s->backups, name.p, 0700, e);
	str_free(&name);
	if (rc == 0 && s->about.durable)
		rc = plat_dir_sync(s->backups, e);
	return rc;
}

int
snapshot_start(struct snapshot *s, struct err *e)
{
	if (s->partial != NULL)
		return 0;
	if (look(s, e) != 0 ||
	    (s->backups == NULL && make_backups(s, e) != 0) || look(s, e) != 0)
		return -1;
	if (s->partial != NULL)
		return 0;
	if (make_partial(s, e) != 0)
		return -1;
	int rc = open_partial(s, e);
	return rc == 1 ? err_set(e, ERR_NOTFOUND, "it vanished") : rc;
}

static void
leave_partial(struct snapshot *s)
{
	if (s->partial == NULL)
		return;
	(void)plat_close(&s->saving, NULL);
	snapdir_free(&s->places);
	plat_dir_close(s->partial);
	s->partial = NULL;
}

int
snapshot_rename(
    struct snapshot *s, const char *from, const char *to, struct err *e)
{
	struct str old = STR_INIT, new = STR_INIT;
	leave_partial(s);
	snapshot_path(&old, s, from);
	snapshot_path(&new, s, to);
	int rc = snapshot_move(s->backups, old.p, s->backups, new.p, e);
	if (rc == 0 && s->about.durable)
		rc = plat_dir_sync(s->backups, e);
	str_free(&old);
	str_free(&new);
	return rc;
}

/* ---- begin and end ------------------------------------------------------- */

int
snapshot_open(
    struct snapshot **out, const struct snapshot_about *about, struct err *e)
{
	if (!snapshot_id_valid(about->id))
		return err_set(
		    e, ERR_NAME, "'%s' is no snapshot's id", about->id);
	struct snapshot *s = mem_zero(1, sizeof(*s));
	s->about = *about;
	s->saving = PLAT_FILE_NONE;
	s->about.id = mem_string(about->id);
	s->about.backup_dir = mem_string(about->backup_dir);
	s->about.machine = mem_string(about->machine);
	s->about.profile = mem_string(about->profile);
	s->about.run_id = mem_string(about->run_id);
	s->about.reason = mem_string(about->reason);
	s->id = mem_string(about->id);
	*out = s;
	return 0;
}

void
snapshot_close(struct snapshot *s)
{
	if (s == NULL)
		return;
	leave_partial(s);
	plat_dir_close(s->backups);
	free((char *)s->about.id);
	free((char *)s->about.backup_dir);
	free((char *)s->about.machine);
	free((char *)s->about.profile);
	free((char *)s->about.run_id);
	free((char *)s->about.reason);
	free(s->id);
	free(s);
}

static bool
tells_something(const struct snapshot *s, const struct story *story)
{
	for (size_t i = 0; !s->sequel && i < story->n; i++) {
		if (manifest_tells(&story->v[i]))
			return true;
	}
	return false;
}

/* Directories made for what did not come. */
static int
remove_empty(struct snapshot *s, struct kepts *k, struct err *e)
{
	struct str name = STR_INIT;
	int rc = kepts_remove(k, s, s->partial, e);
	leave_partial(s);
	snapshot_path(&name, s, SNAPSHOT_PARTIAL);
	if (rc == 0)
		rc = plat_rmdir(s->backups, name.p, e) < 0 ? -1 : 0;
	str_free(&name);
	return rc;
}

static int
finish(struct snapshot *s, const struct story *story, bool *made, struct err *e)
{
	struct kepts k;
	if (look(s, e) != 0)
		return -1;
	bool told = tells_something(s, story);
	*made = s->sequel;
	if (s->partial == NULL && !told)
		return 0;
	if (snapshot_start(s, e) != 0 || kepts_find(&k, s->partial, e) != 0)
		return -1;
	snapdir_close(&s->places);
	int rc = k.n == 0 && !told ? remove_empty(s, &k, e)
	    : s->about.zip         ? snapshot_pack(s, &k, story, e)
				   : snapshot_seal(s, &k, story, e);
	*made = s->sequel || k.n > 0 || told;
	kepts_free(&k);
	return rc;
}

int
snapshot_finish(
    struct snapshot *s, const struct story *story, bool *made, struct err *e)
{
	*made = false;
	int rc = finish(s, story, made, e);
	if (rc != 0)
		*made = false;
	snapshot_close(s);
	return rc;
}

int
snapshot_tidy(const struct snapshot_about *about, struct err *e)
{
	struct snapshot *s = NULL;
	if (snapshot_open(&s, about, e) != 0 || s == NULL)
		return -1;
	int rc = plat_dir_open(&s->backups, s->about.backup_dir, e);
	int complete = rc == 0 ? is_complete(s, e) : -1;
	if (complete == 1)
		rc = snapshot_clear_packed(s, e);
	snapshot_close(s);
	return complete < 0 ? -1 : rc;
}
