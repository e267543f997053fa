#include "store/snapshot/snapdir.h"

#include <string.h>

#include "base/path.h"

void
snapdir_init(struct snapdir *d, struct plat_dir *root, bool make)
{
	*d = (struct snapdir){
	    .root = root, .make = make, .path = STR_INIT, .name = STR_INIT};
}

void
snapdir_close(struct snapdir *d)
{
	plat_dir_close(d->dir);
	d->dir = NULL;
}

void
snapdir_free(struct snapdir *d)
{
	snapdir_close(d);
	str_free(&d->path);
	str_free(&d->name);
}

/* Something that is no directory is in the way: not an error here. */
static int
open_sub(struct plat_dir **out, struct plat_dir *at, const char *path,
    bool *in_the_way, struct err *e)
{
	struct err why;
	int rc = plat_dir_sub(out, at, path, &why);
	*in_the_way = rc < 0 && why.code == ERR_TYPE;
	if (rc < 0 && !*in_the_way)
		*e = why;
	return rc;
}

/* The directory *part* of *at*, made when it is missing. */
static int
make_part(struct plat_dir **out, struct plat_dir *at, const char *part,
    bool *in_the_way, struct err *e)
{
	struct err why;
	int rc = open_sub(out, at, part, in_the_way, e);
	if (rc <= 0)
		return rc;
	if (plat_mkdir(at, part, 0700, &why) != 0 && why.code != ERR_EXISTS) {
		*e = why;
		return -1;
	}
	rc = open_sub(out, at, part, in_the_way, e);
	return rc <= 0 ? rc : err_set(e, ERR_NOTFOUND, "'%s' vanished", part);
}

static int
make_way(struct snapdir *d, bool *in_the_way, struct err *e)
{
	struct plat_dir *at;
	struct str part = STR_INIT;
	const char *p = d->path.p;
	int rc = plat_dir_sub(&at, d->root, "", e);
	while (rc == 0 && *p != '\0') {
		struct plat_dir *next = NULL;
		size_t n = strcspn(p, "/");
		str_clear(&part);
		str_addn(&part, p, n);
		rc = make_part(&next, at, part.p, in_the_way, e);
		plat_dir_close(at);
		at = next;
		p += p[n] == '/' ? n + 1 : n;
	}
	str_free(&part);
	if (rc == 0)
		d->dir = at;
	return rc;
}

static int
go(struct snapdir *d, struct err *e)
{
	bool in_the_way = false;
	int rc = open_sub(&d->dir, d->root, d->path.p, &in_the_way, e);
	if (rc == 1 && d->make)
		rc = make_way(d, &in_the_way, e);
	if (rc != 0)
		d->dir = NULL;
	return rc < 0 && in_the_way ? 1 : rc;
}

int
snapdir_at(struct snapdir *d, const char *path, size_t n, struct plat_dir **dir,
    const char **name, struct err *e)
{
	size_t parent = path_parent(path, n), last = path_name(path, n);
	str_clear(&d->name);
	str_addn(&d->name, path + last, n - last);
	*name = d->name.p;
	if (d->dir == NULL || d->path.len != parent ||
	    memcmp(d->path.p, path, parent) != 0) {
		snapdir_close(d);
		d->anchored = false;
		str_clear(&d->path);
		str_addn(&d->path, path, parent);
		int rc = go(d, e);
		if (rc != 0)
			return rc;
	}
	*dir = d->dir;
	return 0;
}

/* Whatever was made on the way, up to the root. */
static int
anchor(struct snapdir *d, struct err *e)
{
	struct str way = STR_INIT;
	int rc = 0;
	str_addn(&way, d->path.p, d->path.len);
	while (rc == 0 && way.len > 0) {
		struct plat_dir *at;
		str_cut(&way, path_parent(way.p, way.len));
		rc = plat_dir_sub(&at, d->root, way.p, e);
		if (rc == 0) {
			rc = plat_dir_sync(at, e);
			plat_dir_close(at);
		}
	}
	str_free(&way);
	return rc <= 0 ? rc : err_set(e, ERR_NOTFOUND, "a directory vanished");
}

int
snapdir_sync(struct snapdir *d, struct err *e)
{
	if (!d->anchored && anchor(d, e) != 0)
		return -1;
	d->anchored = true;
	return plat_dir_sync(d->dir, e);
}
