#include <string.h>

#include "base/path.h"
#include "fuzz.h"
#include "store/snapshot/snapid.h"
#include "store/snapshot/snapmanifest.h"

struct source {
	const uint8_t *p;
	size_t left;
};

static int
give(void *arg, void *buf, size_t room, size_t *got, struct err *e)
{
	struct source *s = arg;
	(void)e;
	*got = s->left < room ? s->left : room;
	if (*got > 0)
		memcpy(buf, s->p, *got);
	s->p += *got;
	s->left -= *got;
	return 0;
}

static void
check_path(const char *p, size_t n)
{
	CHECK(path_is_safe(p, n));
	CHECK(strlen(p) == n);
	CHECK(strncmp(p, ".coldsync/", 10) != 0);
}

/* What later code relies on without looking. */
static void
check_entry(const struct snapmanifest *m, const struct snap_entry *en)
{
	CHECK(en->side < SIDES && en->what < SNAP_WHATS);
	check_path(en->path, en->path_len);
	CHECK((en->from != NULL) == (en->what == SNAP_MOVED));
	if (en->from != NULL)
		check_path(en->from, en->from_len);
	CHECK(en->was.mode <= 0777 && en->now.mode <= 0777);
	CHECK(en->was.mtime.nsec < 1000000000);
	CHECK(en->kept == (en->place != NULL));
	if (!en->kept)
		return;
	CHECK(en->was.type == ENTRY_FILE || en->was.type == ENTRY_LINK);
	CHECK(en->was.hashed || en->unsettled);
	check_path(en->place, en->place_len);
	CHECK(strncmp(en->place, snap_side_name((enum side)en->side), 5) == 0);
	CHECK(snapmanifest_at(m, en->place, en->place_len) == en);
}

static void
check_whole(const struct snapmanifest *m)
{
	struct snapid id;
	CHECK(snapid_read(&id, m->about.id, strlen(m->about.id)));
	size_t kept = 0;
	for (size_t i = 0; i < m->n; i++) {
		check_entry(m, &m->v[i]);
		kept += m->v[i].kept;
	}
	CHECK(kept == m->nplaces);
	CHECK(kept == m->about.files[0] + m->about.files[1]);
	for (size_t i = 1; i < m->nplaces; i++) {
		const struct snap_entry *a = m->places[i - 1].entry;
		const struct snap_entry *b = m->places[i].entry;
		CHECK(!path_within(
		    b->place, b->place_len, a->place, a->place_len));
	}
}

/* The input: a manifest. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snapmanifest m;
	struct err e;
	struct source s = {.p = data, .left = size};
	int rc = snapmanifest_read(&m, give, &s, &e);
	if (rc == 0)
		check_whole(&m);
	snapmanifest_free(&m);
	s = (struct source){.p = data, .left = size};
	/* Who can read it all can read its head. */
	CHECK(snapmanifest_head(&m, give, &s, &e) == 0 || rc != 0);
	snapmanifest_free(&m);
	return 0;
}
