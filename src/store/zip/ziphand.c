#include "store/zip/ziphand.h"

/* What one thread may have packed before its turn comes. */
enum { WAITING = 8 * 1024 * 1024 };

void
zipturns_init(struct zipturns *t, struct zipfile *z)
{
	*t = (struct zipturns){.z = z, .mutex = plat_mutex_new()};
}

void
zipturns_free(struct zipturns *t)
{
	if (t->mutex != NULL)
		plat_mutex_destroy(t->mutex);
	t->mutex = NULL;
}

void
ziphand_init(struct ziphand *h, struct zipturns *t)
{
	*h = (struct ziphand){.turns = t};
	zippiece_init(&h->piece);
}

void
ziphand_free(struct ziphand *h)
{
	zippiece_free(&h->piece);
}

void
ziphand_begin(struct ziphand *h, size_t run)
{
	h->run = run;
	h->mine = false;
}

static void
wait_for_turn(struct ziphand *h)
{
	struct zipturns *t = h->turns;
	if (h->mine)
		return;
	plat_mutex_lock(t->mutex);
	while (t->now != h->run)
		plat_mutex_wait(t->mutex);
	plat_mutex_unlock(t->mutex);
	h->mine = true;
}

static int
hand_over(struct ziphand *h, struct err *e)
{
	wait_for_turn(h);
	int rc = zipfile_add_piece(h->turns->z, &h->piece, e);
	zippiece_clear(&h->piece);
	return rc;
}

int
ziphand_add(struct ziphand *h, const struct zipentry_about *about,
    const void *bytes, size_t n, struct err *e)
{
	if (zippiece_add(&h->piece, about, bytes, n, e) != 0)
		return -1;
	return h->piece.bytes.len < WAITING ? 0 : hand_over(h, e);
}

int
ziphand_archive(struct zipfile **out, struct ziphand *h, struct err *e)
{
	*out = h->turns->z;
	return hand_over(h, e);
}

void
ziphand_end(struct ziphand *h)
{
	struct err ignored;
	struct zipturns *t = h->turns;
	(void)hand_over(h, &ignored);
	plat_mutex_lock(t->mutex);
	t->now++;
	plat_mutex_wake(t->mutex);
	plat_mutex_unlock(t->mutex);
}
