#include "engine/past/restore_find.h"

#include <string.h>

#include "base/strlist.h"
#include "store/snapshot/snapid.h"
#include "store/snapshot/snapread.h"
#include "store/snapshot/snapshot.h"

static const char *const endings[] = {SNAPSHOT_PARTIAL, SNAPSHOT_ZIP};

/* Everything that is called like a snapshot, complete or not. */
static int
note_id(void *arg, const char *name, size_t n, const struct plat_stat *st,
    const struct err *why)
{
	struct strlist *ids = arg;
	struct snapid id;
	UNUSED(st);
	UNUSED(why);
	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		size_t len = strlen(endings[i]);
		if (n > len && memcmp(name + n - len, endings[i], len) == 0) {
			n -= len;
			break;
		}
	}
	struct str text = STR_INIT;
	str_addn(&text, name, n);
	if (snapid_read(&id, text.p, text.len) && !strlist_has(ids, text.p))
		strlist_add(ids, text.p);
	str_free(&text);
	return 0;
}

static int
list_ids(struct strlist *out, struct plat_dir *backups, struct err *e)
{
	if (backups == NULL)
		return 0;
	if (plat_list(backups, note_id, out, e) != 0)
		return err_wrap(e, "backups");
	strlist_sort(out);
	return 0;
}

int
restore_find_id(
    struct str *out, struct plat_dir *backups, const char *from, struct err *e)
{
	struct strlist ids = STRLIST_INIT;
	const char *found = NULL;
	size_t n = 0;
	int rc = list_ids(&ids, backups, e);
	for (size_t i = 0; i < ids.n && rc == 0; i++) {
		if (strncmp(ids.v[i], from, strlen(from)) != 0)
			continue;
		found = ids.v[i];
		n++;
	}
	if (rc == 0 && n == 1)
		str_add(out, found);
	else if (rc == 0)
		rc = err_set(e, ERR_USAGE,
		    n == 0 ? "there is no snapshot '%s'"
			   : "'%s' is the beginning of more than one snapshot",
		    from);
	strlist_free(&ids);
	return rc;
}

/* 1: it is one, made at *when*. */
static int
is_candidate(struct stamp *when, struct plat_dir *backups, const char *id,
    const struct restore_newest *wanted)
{
	enum snapread_form form;
	struct snapmanifest m = {.v = NULL};
	struct err ignored; /* a broken one is none */
	bool good = strcmp(id, wanted->but) != 0 &&
	    snapread_form(&form, backups, id, &ignored) == 0 &&
	    (form == SNAPREAD_DIR || form == SNAPREAD_ZIP);
	if (!good)
		return 0;
	good = snapread_head(&m, backups, id, &ignored) == 0 &&
	    strcmp(m.about.machine, wanted->machine) == 0 &&
	    m.about.files[wanted->side] > 0;
	*when = m.about.time;
	snapmanifest_free(&m);
	return good;
}

int
restore_find_newest(struct str *out, struct plat_dir *backups,
    const struct restore_newest *wanted, struct err *e)
{
	struct strlist ids = STRLIST_INIT;
	struct stamp best = {.sec = INT64_MIN};
	const char *found = NULL;
	int rc = list_ids(&ids, backups, e);
	for (size_t i = ids.n; i-- > 0 && rc == 0;) {
		struct snapid id;
		struct stamp when;
		if (!snapid_read(&id, ids.v[i], strlen(ids.v[i])) ||
		    id.time.sec < best.sec ||
		    !is_candidate(&when, backups, ids.v[i], wanted))
			continue;
		if (found == NULL || stamp_cmp(when, best) > 0) {
			best = when;
			found = ids.v[i];
		}
	}
	if (rc == 0 && found != NULL)
		str_add(out, found);
	else if (rc == 0)
		rc = err_set(e, ERR_NOTFOUND,
		    "this machine has no complete snapshot that holds anything "
		    "of the %s side",
		    wanted->side == SIDE_LOCAL ? "local" : "cloud");
	strlist_free(&ids);
	return rc;
}
