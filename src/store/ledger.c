#include "store/ledger.h"

#include <string.h>

#include "base/mem.h"
#include "store/ledger_format.h"

static void
make_empty(struct ledger *out)
{
	memset(out, 0, sizeof(*out));
	out->agreed.names = "";
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		out->head.roots[s] = mem_string("");
}

/* Map *state*'s file *name*. 1: there is none. */
static int
map_file(
    struct ledger *out, struct plat_dir *state, const char *name, struct err *e)
{
	struct plat_file f;
	int rc = plat_open(&f, state, name, e);
	if (rc != 0)
		return rc;
	/* The map outlives the descriptor, and what is mapped is never written
	   again: a new ledger is a new file. */
	rc = plat_map(&out->map, &out->map_size, f, e);
	(void)plat_close(&f, NULL);
	return rc;
}

static int
load(
    struct ledger *out, struct plat_dir *state, const char *name, struct err *e)
{
	struct ledger_parts parts;
	int rc = map_file(out, state, name, e);
	if (rc != 0)
		return rc;
	if (ledger_read(&parts, out->map, out->map_size, e) < 0 ||
	    ledger_get_meta(&out->head, parts.meta, parts.meta_size, e) < 0)
		return -1;
	out->agreed = (struct agreed){
	    .v = parts.records, .n = parts.n, .names = parts.names};
	return 0;
}

int
ledger_load_file(struct ledger *out, struct plat_dir *state, const char *name,
    struct str *trouble, struct err *e)
{
	struct err why = {.code = ERR_NONE};
	char text[ERR_TEXT_SIZE];
	memset(out, 0, sizeof(*out));
	int rc = load(out, state, name, &why);
	if (rc == 0)
		return 0;
	ledger_free(out);
	make_empty(out);
	if (rc > 0)
		return 0;
	if (why.code != ERR_CORRUPT && why.code != ERR_UNSUPPORTED &&
	    why.code != ERR_TYPE)
		return err_pass(e, &why);
	str_add(trouble, err_text(&why, text, sizeof(text)));
	return 0;
}

int
ledger_load(struct ledger *out, struct plat_dir *state, struct str *trouble,
    struct err *e)
{
	return ledger_load_file(out, state, LEDGER_NAME, trouble, e);
}

void
ledger_free(struct ledger *l)
{
	plat_unmap(l->map, l->map_size);
	ledger_head_free(&l->head);
	memset(l, 0, sizeof(*l));
}
