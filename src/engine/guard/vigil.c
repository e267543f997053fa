#include "engine/guard/vigil.h"

#include <string.h>

#include "platform/plat_sig.h"
#include "platform/plat_time.h"

/* Between two looks pass so many times what one takes, within these bounds: on
   a slow machine, too, who starts is soon noticed. */
enum {
	REST = 20,
	NAMES_MS = 100,
	NAMES_MAX_MS = 500,
	FILES_MS = 1000,
	FILES_MAX_MS = 5000
};

void
vigil_init(struct vigil *v, const struct config *c)
{
	*v = (struct vigil){.config = c};
}

void
vigil_free(struct vigil *v)
{
	guard_matches_free(&v->met);
	memset(v, 0, sizeof(*v));
}

static uint64_t
next_look(uint64_t begun, uint64_t least, uint64_t most)
{
	uint64_t now = plat_ticks();
	uint64_t rest = (now - begun) * REST;
	return now + (rest < least ? least : rest > most ? most : rest);
}

static int
look(struct vigil *v, struct plat_dir *root, struct err *e)
{
	uint64_t begun = plat_ticks();
	int rc = guard_look(&v->met, v->config, root, e);
	v->next_names = next_look(begun, NAMES_MS, NAMES_MAX_MS);
	if (root != NULL)
		v->next_files = next_look(begun, FILES_MS, FILES_MAX_MS);
	if (rc == 0)
		rc = guard_refuse(&v->met, e);
	if (rc != 0) {
		v->absent = false;
		v->kept = false;
	} else if (!v->absent) {
		v->absent = true;
		v->since = begun;
	}
	return rc;
}

int
vigil_look(struct vigil *v, struct err *e)
{
	return look(v, NULL, e);
}

static uint64_t
grace_left(const struct vigil *v)
{
	uint64_t whole =
	    (uint64_t)v->config->process.grace_period_seconds * 1000;
	uint64_t past = plat_ticks() - v->since;
	return past < whole ? whole - past : 0;
}

/* Whom a config without names should have been watching nobody can say. */
static int
wait_grace(struct vigil *v, struct err *e)
{
	if (!guard_has_names(v->config))
		return 0;
	while (v->absent && grace_left(v) > 0) {
		uint64_t left = grace_left(v);
		plat_sleep((unsigned)(left < NAMES_MS ? left : NAMES_MS));
		if (plat_sig_check(e) != 0 || vigil_look(v, e) != 0)
			return -1;
	}
	return 0;
}

int
vigil_before_writing(struct vigil *v, struct plat_dir *root, struct err *e)
{
	if (!v->absent && vigil_look(v, e) != 0)
		return -1;
	if (!v->kept && wait_grace(v, e) != 0)
		return -1;
	v->kept = true;
	return look(v, root, e);
}

int
vigil_between(struct vigil *v, struct plat_dir *root, struct err *e)
{
	uint64_t now = plat_ticks();
	if (plat_sig_check(e) != 0)
		return -1;
	if (root != NULL && now >= v->next_files)
		return look(v, root, e);
	return now >= v->next_names ? look(v, NULL, e) : 0;
}
