#include "store/marker.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"
#include "platform/plat_env.h"

static const char prefix[] = "id-";

enum { PREFIX_LEN = sizeof(prefix) - 1 };

/* Cloud clients leave this name alone, and so nobody is sent a file that is
   about to be renamed. Always the same: whoever comes next replaces what a
   dead run left. */
static const char temp_name[] = "~coldsync-marker.tmp";

/* The cloud client may run as somebody else, who has to read it all the same;
   there is nothing in it to keep private. */
enum { DIR_MODE = 0755, FILE_MODE = 0644 };

bool
marker_is_name(const char *name, size_t n)
{
	if (n != MARKER_NAME_SIZE - 1 || memcmp(name, prefix, PREFIX_LEN) != 0)
		return false;
	for (size_t i = PREFIX_LEN; i < n; i++) {
		bool digit = (name[i] >= '0' && name[i] <= '9') ||
		    (name[i] >= 'a' && name[i] <= 'f');
		if (!digit)
			return false;
	}
	return true;
}

int
marker_invent(char *name, struct err *e)
{
	unsigned char bytes[16];
	if (plat_random(bytes, sizeof(bytes), e) < 0)
		return err_wrap(e, "make a marker");
	memcpy(name, prefix, PREFIX_LEN);
	hash_hex(name + PREFIX_LEN, hash_get(bytes));
	return 0;
}

/* ---- listing ---- */

struct listing {
	struct strlist *out;
	size_t n;
	struct err *e;
};

static int
refuse_type(const char *name, struct err *e)
{
	return err_set(e, ERR_TYPE,
	    "'%s' is a marker's name, but not on a regular file", name);
}

static int
list_one(void *arg, const char *name, size_t len, const struct plat_stat *st,
    const struct err *why)
{
	struct listing *l = arg;
	if (!marker_is_name(name, len))
		return 0;
	if (st == NULL) {
		if (l->e != NULL)
			*l->e = *why;
		return -1;
	}
	if (st->type != PLAT_FILE)
		return refuse_type(name, l->e);
	if (++l->n > MARKERS_MAX)
		return err_set(l->e, ERR_CORRUPT, "more than %d markers",
		    (int)MARKERS_MAX);
	strlist_addn(l->out, name, len);
	return 0;
}

int
marker_list(struct strlist *out, struct plat_dir *cloud, struct err *e)
{
	struct plat_dir *d;
	int rc = plat_dir_sub(&d, cloud, MARKER_DIR, e);
	if (rc == 1)
		return 0;
	if (rc < 0)
		return err_wrap(e, "markers");
	struct strlist found = STRLIST_INIT;
	struct listing l = {.out = &found, .e = e};
	rc = plat_list(d, list_one, &l, e);
	plat_dir_close(d);
	strlist_sort(&found);
	for (size_t i = 0; rc == 0 && i < found.n; i++)
		strlist_add(out, found.v[i]);
	strlist_free(&found);
	return rc < 0 ? err_wrap(e, "'%s'", MARKER_DIR) : 0;
}

/* ---- making ---- */

static int
open_dir(struct plat_dir **out, struct plat_dir *cloud, struct err *e)
{
	int rc = plat_dir_sub(out, cloud, MARKER_DIR, e);
	if (rc != 1)
		return rc;
	/* The cloud client may bring one just now: that is ours as well. */
	struct err why;
	if (plat_mkdir(cloud, MARKER_DIR, DIR_MODE, &why) < 0 &&
	    why.code != ERR_EXISTS) {
		if (e != NULL)
			*e = why;
		return -1;
	}
	if (plat_dir_sync(cloud, e) < 0)
		return -1;
	rc = plat_dir_sub(out, cloud, MARKER_DIR, e);
	if (rc == 1)
		return err_set(
		    e, ERR_NOTFOUND, "'%s' has vanished", MARKER_DIR);
	return rc;
}

/* An empty file under the temporary name, ready to be seen. */
static int
make_temp(struct plat_dir *d, struct err *e)
{
	struct plat_file f = PLAT_FILE_NONE;
	if (plat_unlink(d, temp_name, e) < 0 ||
	    plat_create(&f, d, temp_name, e) < 0)
		return -1;
	int rc = plat_file_chmod(f, FILE_MODE, e);
	if (rc == 0)
		rc = plat_file_sync(f, e);
	if (plat_close(&f, rc == 0 ? e : NULL) < 0)
		rc = -1;
	return rc;
}

/* One empty marker is as good as another: replacing loses nothing. */
static int
make(struct plat_dir *d, const char *name, struct err *e)
{
	int rc = make_temp(d, e);
	if (rc == 0)
		rc = plat_replace(d, temp_name, d, name, e);
	if (rc < 0)
		(void)plat_unlink(d, temp_name, NULL);
	return rc;
}

static int
put_into(struct plat_dir *d, const char *name, struct err *e)
{
	struct plat_stat st;
	int rc = plat_stat(&st, d, name, e);
	if (rc == 0 && st.type != PLAT_FILE)
		return refuse_type(name, e);
	if (rc == 1)
		rc = make(d, name, e);
	/* Also for one that was there: whoever made it may have died before
	   this. */
	return rc < 0 ? -1 : plat_dir_sync(d, e);
}

int
marker_put(struct plat_dir *cloud, const char *name, struct err *e)
{
	assert(marker_is_name(name, strlen(name)));
	struct plat_dir *d;
	if (open_dir(&d, cloud, e) < 0)
		return err_wrap(e, "make a marker");
	int rc = put_into(d, name, e);
	plat_dir_close(d);
	return rc < 0 ? err_wrap(e, "'%s'", MARKER_DIR) : 0;
}
