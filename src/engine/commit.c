#include "engine/commit.h"

#include "model/remember.h"
#include "store/journal.h"

static void
write_record(
    void *arg, const struct agreed_record *r, const char *path, size_t n)
{
	ledger_add(arg, r, path, n);
}

static int
save_ledger(const struct commit *c, struct err *e)
{
	struct ledger_writer *w;
	if (ledger_begin(&w, c->state, e) != 0)
		return -1;
	struct remember_sink sink = {.record = write_record, .arg = w};
	remember(&c->ledger->agreed, c->story, &sink);
	/* A file that is mapped cannot be replaced everywhere. */
	ledger_free(c->ledger);
	return ledger_commit(w, c->head, c->durable, e);
}

int
commit(const struct commit *c, bool *snapshot_made, struct err *e)
{
	*snapshot_made = false;
	if (c->snapshot != NULL &&
	    snapshot_finish(c->snapshot, c->story, snapshot_made, e) != 0)
		return err_wrap(e, "snapshot");
	if (save_ledger(c, e) != 0)
		return err_wrap(e, "ledger");
	if (c->journal && journal_remove(c->state, e) != 0)
		return err_wrap(e, "journal");
	return 0;
}
