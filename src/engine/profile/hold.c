#include "engine/profile/hold.h"

#include "platform/plat_env.h"

static int
take_lock(struct hold *h, const struct config *c, struct err *e)
{
	struct str root = STR_INIT, shared = STR_INIT;
	int rc = plat_canonical(&root, c->paths.local_state_dir, e);
	if (rc == 0)
		rc = plat_state_home(&shared, e);
	str_add(&shared, "/locks");
	if (rc == 0)
		rc = lock_take(
		    &h->lock, c->paths.state_dir, shared.p, root.p, e);
	str_free(&root);
	str_free(&shared);
	return rc;
}

int
hold_take(struct hold *out, const struct config *c, bool lock, struct err *e)
{
	struct err why;
	*out = (struct hold){.lock = NULL};
	if (lock && take_lock(out, c, e) != 0)
		return -1;
	if (plat_dir_open(&out->state, c->paths.state_dir, &why) == 0)
		return 0;
	out->state = NULL;
	if (why.code == ERR_NOTFOUND)
		return 0;
	hold_release(out);
	err_pass(e, &why);
	return err_wrap(e, "state directory");
}

void
hold_release(struct hold *h)
{
	plat_dir_close(h->state);
	lock_release(h->lock);
	*h = (struct hold){.lock = NULL};
}
