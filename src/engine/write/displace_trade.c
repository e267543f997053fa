#include "engine/write/displace_work.h"

/*
 * Three families of file systems. With exchange and no-replace renames (native
 * ones): one call does it. With hard links: the name is claimed by linking,
 * which never replaces. With neither (FAT): a look and a rename; the name may
 * be absent for a moment, but nothing is ever torn or lost.
 */

static int
occupied(struct plat_dir *d, const char *name, struct err *e)
{
	struct plat_stat st;
	int rc = plat_stat(&st, d, name, e);
	return rc < 0 ? -1 : rc == 0;
}

static bool
same_file(struct plat_dir *a_dir, const char *a, struct plat_dir *b_dir,
    const char *b)
{
	struct plat_stat x, y;
	return plat_stat(&x, a_dir, a, NULL) == 0 &&
	    plat_stat(&y, b_dir, b, NULL) == 0 && x.ino != 0 &&
	    x.ino == y.ino && x.dev == y.dev;
}

/* The first of its two names goes; where it cannot, the second one does. */
static int
drop_first_name(struct plat_dir *from_dir, const char *from,
    struct plat_dir *to_dir, const char *to, struct err *e)
{
	if (plat_unlink(from_dir, from, e) >= 0)
		return 0;
	bool halfway = same_file(from_dir, from, to_dir, to) &&
	    plat_unlink(to_dir, to, NULL) < 0;
	return halfway ? TRADE_HALFWAY : -1;
}

/* Where case is no difference, a change of case finds itself in its own way,
   too: that is one name, and must not be taken for two. */
static bool
is_one_name(struct plat_dir *d, const char *name)
{
	struct plat_stat st;
	return plat_stat(&st, d, name, NULL) == 0 && st.nlink == 1;
}

/* By a second name: 2 when the file system (or the type) has no links. */
static int
rename_by_link(struct plat_dir *from_dir, const char *from,
    struct plat_dir *to_dir, const char *to, struct err *e)
{
	struct err why = {.code = ERR_NONE};
	int rc = plat_link(from_dir, from, to_dir, to, &why);
	if (rc == 1)
		return 2;
	/* Taken; by this very file, if we died between the two calls. */
	if (rc != 0 && why.code == ERR_EXISTS &&
	    !same_file(from_dir, from, to_dir, to))
		return 1;
	if (rc != 0 && why.code == ERR_EXISTS && is_one_name(from_dir, from))
		return plat_replace(from_dir, from, to_dir, to, e);
	if (rc != 0 && why.code == ERR_EXISTS)
		rc = 0;
	if (rc != 0)
		return err_pass(e, &why);
	return drop_first_name(from_dir, from, to_dir, to, e);
}

int
trade_rename(struct plat_dir *from_dir, const char *from,
    struct plat_dir *to_dir, const char *to, struct err *e)
{
	struct err why = {.code = ERR_NONE};
	int rc = plat_move(from_dir, from, to_dir, to, &why);
	if (rc == 0)
		return 0;
	if (rc < 0 && why.code == ERR_EXISTS) {
		/* A change of case finds itself in its own way. */
		if (!same_file(from_dir, from, to_dir, to))
			return 1;
		return plat_replace(from_dir, from, to_dir, to, e);
	}
	if (rc < 0)
		return err_pass(e, &why);
	rc = rename_by_link(from_dir, from, to_dir, to, e);
	if (rc != 2)
		return rc;
	rc = occupied(to_dir, to, e);
	if (rc == 1 && same_file(from_dir, from, to_dir, to))
		rc = 0;
	return rc != 0 ? rc : plat_replace(from_dir, from, to_dir, to, e);
}

int
trade_in(const struct spot *s, struct err *e)
{
	return trade_rename(s->stage, s->staged, s->dir, s->name, e);
}

int
trade_out(const struct spot *s, struct err *e)
{
	return trade_rename(s->dir, s->name, s->stage, s->staged, e);
}

int
trade_back(const struct spot *s, const char *own, struct err *e)
{
	return trade_rename(s->stage, own, s->dir, s->name, e);
}

/* Keep hold of the victim by a link, then replace it in one step. 2: that
   cannot be done here. */
static int
over_by_link(const struct spot *s, struct err *e)
{
	int rc = plat_link(s->dir, s->name, s->stage, s->aside, e);
	if (rc != 0)
		return rc == 1 ? 2 : -1;
	struct err why = {.code = ERR_NONE};
	if (plat_replace(s->stage, s->staged, s->dir, s->name, &why) == 0)
		return 0;
	if (plat_unlink(s->stage, s->aside, e) < 0)
		return -1;
	/* No file replaces a directory, nor the other way round. */
	if (why.code == ERR_TYPE)
		return 2;
	*e = why;
	return -1;
}

/* Out with the old, in with the new; whoever takes the name in between has
   it. */
static int
over_by_rename(const struct spot *s, struct err *e)
{
	if (plat_replace(s->dir, s->name, s->stage, s->aside, e) != 0)
		return -1;
	int rc = trade_in(s, e);
	if (rc < 0)
		(void)trade_back(s, s->aside, NULL);
	return rc;
}

int
trade_over(const struct spot *s, const char **victim_at, struct err *e)
{
	*victim_at = s->staged;
	int rc = plat_swap(s->stage, s->staged, s->dir, s->name, e);
	if (rc != 1)
		return rc;
	*victim_at = s->aside;
	rc = over_by_link(s, e);
	return rc == 2 ? over_by_rename(s, e) : rc;
}
