/*
 * ledger_before.c - the ledger before the last run, kept for its undo.
 *
 * It is a second name of the file: a new ledger is a new file, so the old one
 * stays what it was. The name holds the run's id, so that a crash at any time
 * leaves it clear which run which file is from before.
 */
#include <string.h>

#include "base/strlist.h"
#include "store/afile.h"
#include "store/ledger_format.h"

/* So large a ledger is nowhere copied: without links there is no undo then. */
enum { COPY_MAX = 1 << 30 };

static void
name_of(struct str *out, const char *run)
{
	str_addf(out, LEDGER_BEFORE "%s", run);
}

static int
copy(struct plat_dir *state, const char *name, struct err *e)
{
	struct str bytes = STR_INIT;
	int rc = afile_read(&bytes, state, LEDGER_NAME, COPY_MAX, e);
	if (rc == 0)
		rc = afile_replace(state, name, bytes.p, bytes.len, true, e);
	str_free(&bytes);
	return rc;
}

int
ledger_keep_before(struct plat_dir *state, const char *run, struct err *e)
{
	struct str name = STR_INIT;
	struct err why = {.code = ERR_NONE};
	name_of(&name, run);
	int rc = plat_unlink(state, name.p, e) < 0 ? -1 : 0;
	if (rc == 0)
		rc = plat_link(state, LEDGER_NAME, state, name.p, &why);
	if (rc == 1)
		rc = copy(state, name.p, &why);
	if (rc < 0 && why.code == ERR_NOTFOUND)
		rc = 0;
	else if (rc < 0 && why.code != ERR_NONE)
		err_pass(e, &why);
	str_free(&name);
	return rc < 0 ? -1 : 0;
}

int
ledger_load_before(struct ledger *out, struct plat_dir *state, const char *run,
    struct str *trouble, struct err *e)
{
	struct str name = STR_INIT;
	name_of(&name, run);
	int rc = ledger_load_file(out, state, name.p, trouble, e);
	str_free(&name);
	return rc;
}

/* ---- the others go ---- */

struct others {
	const char *keep;
	struct strlist names;
};

static int
note_other(void *arg, const char *name, size_t n, const struct plat_stat *st,
    const struct err *why)
{
	struct others *o = arg;
	size_t prefix = strlen(LEDGER_BEFORE);
	UNUSED(why);
	if (st != NULL && n > prefix &&
	    memcmp(name, LEDGER_BEFORE, prefix) == 0 &&
	    strcmp(name + prefix, o->keep) != 0)
		strlist_addn(&o->names, name, n);
	return 0;
}

int
ledger_drop_before(struct plat_dir *state, const char *run, struct err *e)
{
	struct others o = {.keep = run, .names = STRLIST_INIT};
	int rc = plat_list(state, note_other, &o, e);
	for (size_t i = 0; i < o.names.n && rc == 0; i++)
		rc = plat_unlink(state, o.names.v[i], e) < 0 ? -1 : 0;
	strlist_free(&o.names);
	return rc;
}
