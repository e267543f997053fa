#include "store/lock.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "platform/plat_env.h"
#include "platform/plat_fs.h"
#include "platform/plat_proc.h"
#include "platform/plat_time.h"

/*
 * The files stay when the locks are released. Were they removed, another
 * process might have opened one and be about to lock it: it would then hold a
 * file that no longer has a name, while a third makes the name anew and locks
 * that. Both would believe themselves alone.
 */
struct lock {
	struct plat_file profile, root;
};

/* A look by lock_is_held is over long before this. */
enum { TRIES = 10, PAUSE_MS = 10 };

/* What a file says that is longer was not written by us. */
enum { HOLDER_MAX = 160 };

/* ---- what the file says ---- */

/* "pid 123 on laptop since 2026-11-20T23:51:37+01:00\n" */
static void
describe_self(struct str *out)
{
	struct str host = STR_INIT;
	char time[STAMP_ISO_SIZE];
	struct stamp now = plat_now();
	uint64_t started;
	plat_host_name(&host);
	str_addf(out, "pid %lld on %s since %s\n",
	    (long long)plat_proc_self(&started), host.p,
	    stamp_iso(time, now, plat_zone_offset(now), 0));
	str_free(&host);
}

/* For people only: the lock holds also where this cannot be written. */
static void
sign(struct plat_file f)
{
	struct str text = STR_INIT;
	describe_self(&text);
	if (plat_truncate(f, 0, NULL) == 0)
		(void)plat_write(f, text.p, text.len, NULL);
	str_free(&text);
}

/* The first line; nothing where the holder has not come to write it yet. */
static void
read_holder(struct str *out, struct plat_dir *d, const char *name)
{
	struct plat_file f;
	char text[HOLDER_MAX];
	size_t n = 0;
	if (plat_open(&f, d, name, NULL) != 0)
		return;
	if (plat_read(f, text, sizeof(text), &n, NULL) == 0) {
		const char *end = memchr(text, '\n', n);
		str_addn(out, text, end != NULL ? (size_t)(end - text) : n);
	}
	(void)plat_close(&f, NULL);
}

/* ---- one lock ---- */

/* One of the two: where it lies, and whose it is in messages. */
struct place {
	const char *dir;
	const char *name;
	const char *what;
};

static int
refuse(struct plat_dir *d, const char *name, struct err *e)
{
	struct str holder = STR_INIT;
	read_holder(&holder, d, name);
	err_set(e, ERR_LOCKED, "another run holds it%s%s",
	    holder.len > 0 ? ": " : "", holder.p);
	str_free(&holder);
	return -1;
}

/* Whoever only looks has it for an instant: try again before giving up. */
static int
lock_patiently(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e)
{
	int rc = plat_lock(out, d, name, e);
	for (int i = 1; rc == 1 && i < TRIES; i++) {
		plat_sleep(PAUSE_MS);
		rc = plat_lock(out, d, name, e);
	}
	return rc;
}

static int
take_one(struct plat_file *out, const struct place *p, struct err *e)
{
	struct plat_dir *d;
	if (plat_dir_make(p->dir, 0700, e) < 0 ||
	    plat_dir_open(&d, p->dir, e) < 0)
		return err_wrap(e, "%s", p->what);
	struct plat_file f = PLAT_FILE_NONE;
	int rc = lock_patiently(&f, d, p->name, e);
	if (rc == 0) {
		sign(f);
		*out = f;
	} else if (rc > 0) {
		rc = refuse(d, p->name, e);
	}
	plat_dir_close(d);
	return rc < 0 ? err_wrap(e, "%s", p->what) : 0;
}

/* A file that says nobody beats one that names somebody long gone. */
static void
drop_one(struct plat_file *f)
{
	if (f->h == PLAT_FILE_NONE.h)
		return;
	(void)plat_truncate(*f, 0, NULL);
	(void)plat_close(f, NULL);
}

/* ---- both ---- */

/* Room for "root-", a hash and ".lock". */
enum { ROOT_NAME_SIZE = 5 + HASH_HEX_SIZE + 5 };

/* A path is no file name, and two paths must not share one. */
static void
root_name(char *buf, const char *local_root)
{
	char hex[HASH_HEX_SIZE];
	hash_hex(hex, hash_of(local_root, strlen(local_root)));
	snprintf(buf, ROOT_NAME_SIZE, "root-%s.lock", hex);
}

static void
places(struct place out[2], char *name, const char *state_dir,
    const char *shared_dir, const char *local_root)
{
	root_name(name, local_root);
	out[0] = (struct place){state_dir, LOCK_NAME, "lock of the profile"};
	out[1] = (struct place){shared_dir, name, "lock of the local folder"};
}

int
lock_take(struct lock **out, const char *state_dir, const char *shared_dir,
    const char *local_root, struct err *e)
{
	char name[ROOT_NAME_SIZE];
	struct place place[2];
	struct lock *l = mem_alloc(sizeof(*l));
	l->profile = l->root = PLAT_FILE_NONE;
	places(place, name, state_dir, shared_dir, local_root);
	/* Nobody waits for one while holding the other, so the order only
	   decides which message comes first. */
	if (take_one(&l->profile, &place[0], e) < 0 ||
	    take_one(&l->root, &place[1], e) < 0) {
		lock_release(l);
		return -1;
	}
	*out = l;
	return 0;
}

void
lock_release(struct lock *l)
{
	if (l == NULL)
		return;
	drop_one(&l->root);
	drop_one(&l->profile);
	free(l);
}

/* ---- looking ---- */

static void
add_reason(struct str *who, const struct err *e)
{
	char text[ERR_TEXT_SIZE];
	str_add(who, err_text(e, text, sizeof(text)));
}

static bool
one_is_held(struct str *who, const struct place *p)
{
	struct plat_dir *d;
	struct err e;
	if (plat_dir_open(&d, p->dir, &e) < 0) {
		if (e.code == ERR_NOTFOUND)
			return false;
		add_reason(who, &e);
		return true;
	}
	int rc = plat_lock_look(d, p->name, &e);
	if (rc > 0)
		read_holder(who, d, p->name);
	else if (rc < 0)
		add_reason(who, &e);
	plat_dir_close(d);
	return rc != 0;
}

bool
lock_is_held(struct str *who, const char *state_dir, const char *shared_dir,
    const char *local_root)
{
	char name[ROOT_NAME_SIZE];
	struct place place[2];
	places(place, name, state_dir, shared_dir, local_root);
	return one_is_held(who, &place[0]) || one_is_held(who, &place[1]);
}
