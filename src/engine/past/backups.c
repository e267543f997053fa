#include "engine/past/backups.h"

#include <string.h>

#include "store/snapshot/snapverify.h"

int
backups_open(struct backups *out, const struct config *c, struct err *e)
{
	struct err why;
	*out = (struct backups){.list = {.others = STRLIST_INIT}};
	if (plat_dir_open(&out->dir, c->paths.backup_dir, &why) != 0) {
		out->dir = NULL;
		if (why.code == ERR_NOTFOUND)
			return 0;
		err_pass(e, &why);
		return err_wrap(e, "backup directory");
	}
	return snaplist_read(&out->list, out->dir, e) != 0
	    ? err_wrap(e, "backup directory")
	    : 0;
}

void
backups_close(struct backups *b)
{
	snaplist_free(&b->list);
	plat_dir_close(b->dir);
	b->dir = NULL;
}

bool
backups_complete(const struct snaplist_item *item)
{
	return item->readable;
}

static bool
is_machine(const struct snaplist_item *item, const char *machine)
{
	size_t n = strlen(machine);
	return item->about_id.machine_len == n &&
	    memcmp(item->about_id.machine, machine, n) == 0;
}

bool
backups_ours(const struct snaplist_item *item, const struct config *c)
{
	return is_machine(item, c->identity.machine_id) &&
	    (!item->readable ||
		strcmp(item->head.about.profile, c->profile) == 0);
}

/* Something that could be meant: not only leftovers. */
static bool
is_something(const struct snaplist_item *item)
{
	return item->form != SNAPREAD_NONE || item->why.code != ERR_NONE;
}

const struct snaplist_item *
backups_find(const struct backups *b, const char *prefix, struct err *e)
{
	const struct snaplist_item *found = NULL;
	size_t n = strlen(prefix);
	for (size_t i = 0; i < b->list.n; i++) {
		const struct snaplist_item *item = &b->list.v[i];
		if (!is_something(item) || strncmp(item->id, prefix, n) != 0)
			continue;
		if (item->id[n] == '\0')
			return item;
		if (found != NULL) {
			err_set(e, ERR_USAGE,
			    "several snapshots begin with '%s': %s, %s", prefix,
			    found->id, item->id);
			return NULL;
		}
		found = item;
	}
	if (n == 0 || found == NULL) {
		err_set(e, ERR_NOTFOUND, "there is no snapshot '%s'", prefix);
		return NULL;
	}
	return found;
}

const struct snaplist_item *
backups_newest(const struct backups *b, const struct config *c, enum side side)
{
	for (size_t i = b->list.n; i-- > 0;) {
		const struct snaplist_item *item = &b->list.v[i];
		if (backups_complete(item) && backups_ours(item, c) &&
		    item->head.about.files[side] > 0)
			return item;
	}
	return NULL;
}

int
backups_verify(struct strlist *problems, const struct backups *b,
    const struct snaplist_item *item, struct err *e)
{
	return snapverify(problems, b->dir, item->id, e);
}
