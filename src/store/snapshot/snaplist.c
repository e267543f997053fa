#include "store/snapshot/snaplist.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "store/snapshot/snapshot.h"

/* ---- names --------------------------------------------------------------- */

enum kind {
	KIND_DIR,
	KIND_ZIP,
	KIND_DIGEST,
	KIND_PARTIAL,
	KIND_ZIP_PARTIAL,
	KIND_PACKED,
	KIND_RAW,
	KIND_PRUNED,
	KIND_ZIP_PRUNED,
	KIND_DIGEST_NEW, /* of a run that died */
	KINDS,
};

/* What may stand behind an id; a longer one in front of one it ends with. */
static const char *const suffixes[KINDS] = {
    [KIND_DIR] = "",
    [KIND_ZIP] = SNAPSHOT_ZIP,
    [KIND_DIGEST] = SNAPSHOT_DIGEST,
    [KIND_PARTIAL] = SNAPSHOT_PARTIAL,
    [KIND_ZIP_PARTIAL] = SNAPSHOT_ZIP SNAPSHOT_PARTIAL,
    [KIND_PACKED] = SNAPSHOT_PACKED,
    [KIND_RAW] = SNAPSHOT_RAW,
    [KIND_PRUNED] = SNAPSHOT_PRUNED,
    [KIND_ZIP_PRUNED] = SNAPSHOT_ZIP SNAPSHOT_PRUNED,
    [KIND_DIGEST_NEW] = SNAPSHOT_DIGEST ".new",
};

/* Which of them *name* is, if any. A machine's name may hold dots, but an id
   ends with its digits. */
static enum kind
kind_of(const char *name, size_t n, size_t *id_len)
{
	struct snapid read;
	for (enum kind kind = KIND_DIR; kind < KINDS; kind++) {
		size_t tail = strlen(suffixes[kind]);
		if (n > tail &&
		    memcmp(name + n - tail, suffixes[kind], tail) == 0 &&
		    snapid_read(&read, name, n - tail)) {
			*id_len = n - tail;
			return kind;
		}
	}
	return KINDS;
}

static bool
type_fits(enum kind kind, enum plat_type type)
{
	bool dir = kind == KIND_DIR || kind == KIND_PARTIAL ||
	    kind == KIND_PACKED || kind == KIND_RAW || kind == KIND_PRUNED;
	return type == (dir ? PLAT_DIR : PLAT_FILE);
}

/* ---- finding ------------------------------------------------------------- */

static struct snaplist_item *
item_of(struct snaplist *l, const char *id, size_t n)
{
	for (size_t i = l->n; i-- > 0;)
		if (strlen(l->v[i].id) == n && memcmp(l->v[i].id, id, n) == 0)
			return &l->v[i];
	l->v = mem_grow(l->v, &l->cap, l->n + 1, sizeof(*l->v));
	struct snaplist_item *item = &l->v[l->n++];
	*item = (struct snaplist_item){.head.arena = ARENA_INIT};
	item->id = mem_copy(id, n);
	return item;
}

static void
note_kind(struct snaplist_item *item, enum kind kind, uint64_t size)
{
	switch (kind) {
	case KIND_ZIP:
		item->bytes += size;
		break;
	case KIND_DIGEST:
	case KIND_DIGEST_NEW:
		item->digest = true;
		break;
	case KIND_ZIP_PARTIAL:
		item->zip_partial = true;
		break;
	case KIND_PACKED:
		item->packed = true;
		break;
	case KIND_RAW:
		item->raw = true;
		break;
	case KIND_PRUNED:
	case KIND_ZIP_PRUNED:
		item->pruned = true;
		break;
	default:
		break;
	}
}

struct listing {
	struct snaplist *list;
	struct err *e;
};

static int
add_listed(void *arg, const char *name, size_t len, const struct plat_stat *st,
    const struct err *why)
{
	struct listing *l = arg;
	size_t id_len = 0;
	if (st == NULL)
		return err_pass(l->e, why);
	enum kind kind = kind_of(name, len, &id_len);
	if (kind == KINDS || !type_fits(kind, st->type))
		strlist_addn(&l->list->others, name, len);
	else
		note_kind(item_of(l->list, name, id_len), kind, st->size);
	return 0;
}

static int
by_time(const void *a, const void *b)
{
	const struct snaplist_item *x = a, *y = b;
	int order = stamp_cmp(x->time, y->time);
	return order != 0 ? order : strcmp(x->id, y->id);
}

/* ---- looking ------------------------------------------------------------- */

static int
not_empty(void *arg, const char *name, size_t len, const struct plat_stat *st,
    const struct err *why)
{
	UNUSED(name);
	UNUSED(len);
	UNUSED(st);
	UNUSED(why);
	*(bool *)arg = false;
	return 0;
}

/* Is there a mark of one that only copies, whole by now or not? */
static int
look_for_mark(
    struct snaplist_item *item, struct plat_dir *backups, struct err *e)
{
	struct plat_dir *d;
	struct plat_stat st;
	struct str name = STR_INIT;
	str_addf(&name, "%s%s", item->id,
	    item->form == SNAPREAD_PARTIAL ? SNAPSHOT_PARTIAL : "");
	int rc = plat_dir_sub(&d, backups, name.p, e);
	str_free(&name);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	rc = plat_stat(&st, d, SNAPSHOT_SAVING, e);
	item->saving = rc == 0;
	item->empty = item->form == SNAPREAD_PARTIAL;
	if (rc >= 0 && plat_list(d, not_empty, &item->empty, e) != 0)
		rc = -1;
	plat_dir_close(d);
	return rc < 0 ? -1 : 0;
}

static int
look_at(struct snaplist_item *item, struct plat_dir *backups, struct err *e)
{
	if (snapread_form(&item->form, backups, item->id, &item->why) != 0)
		return item->why.code == ERR_CORRUPT ? 0
						     : err_pass(e, &item->why);
	if ((item->form == SNAPREAD_PARTIAL || item->form == SNAPREAD_DIR) &&
	    look_for_mark(item, backups, e) != 0)
		return -1;
	if (item->form == SNAPREAD_PARTIAL || item->form == SNAPREAD_NONE)
		return 0;
	if (snapread_head(&item->head, backups, item->id, &item->why) != 0)
		return 0;
	item->readable = true;
	const struct snap_about *about = &item->head.about;
	/* Several runs may begin in one second. */
	if (about->time.sec == item->time.sec)
		item->time.nsec = about->time.nsec;
	if (item->form == SNAPREAD_DIR)
		item->bytes =
		    about->bytes[SIDE_LOCAL] + about->bytes[SIDE_CLOUD];
	return 0;
}

int
snaplist_read(struct snaplist *out, struct plat_dir *backups, struct err *e)
{
	struct listing l = {.list = out, .e = e};
	*out = (struct snaplist){.others = STRLIST_INIT};
	if (backups == NULL)
		return 0;
	if (plat_list(backups, add_listed, &l, e) != 0)
		return -1;
	for (size_t i = 0; i < out->n; i++) {
		struct snaplist_item *item = &out->v[i];
		(void)snapid_read(&item->about_id, item->id, strlen(item->id));
		item->time = item->about_id.time;
		if (look_at(item, backups, e) != 0)
			return -1;
	}
	if (out->n > 0)
		qsort(out->v, out->n, sizeof(*out->v), by_time);
	strlist_sort(&out->others);
	return 0;
}

void
snaplist_free(struct snaplist *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].id);
		snapmanifest_free(&l->v[i].head);
	}
	free(l->v);
	strlist_free(&l->others);
	*l = (struct snaplist){.others = STRLIST_INIT};
}
