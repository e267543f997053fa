#include "engine/write/dircache.h"

#include <string.h>

#include "base/path.h"

void
dircache_init(struct dircache *c, struct plat_dir *root)
{
	*c =
	    (struct dircache){.root = root, .path = STR_INIT, .name = STR_INIT};
}

void
dircache_forget(struct dircache *c)
{
	plat_dir_close(c->dir);
	c->dir = NULL;
}

void
dircache_free(struct dircache *c)
{
	dircache_forget(c);
	str_free(&c->path);
	str_free(&c->name);
}

int
dircache_at(struct dircache *c, const char *path, size_t n,
    struct plat_dir **dir, const char **name, struct err *e)
{
	size_t parent = path_parent(path, n), last = path_name(path, n);
	str_clear(&c->name);
	str_addn(&c->name, path + last, n - last);
	*name = c->name.p;
	if (c->dir == NULL || c->path.len != parent ||
	    memcmp(c->path.p, path, parent) != 0) {
		dircache_forget(c);
		str_clear(&c->path);
		str_addn(&c->path, path, parent);
		int rc = plat_dir_sub(&c->dir, c->root, c->path.p, e);
		if (rc != 0)
			return rc;
	}
	*dir = c->dir;
	return 0;
}
