#include "store/identity.h"

#include <string.h>

#include "base/hash.h"
#include "platform/plat_env.h"
#include "store/afile.h"

enum { DIGITS = IDENTITY_SIZE - 1 };

static int
parse(char *id, const struct str *text, struct err *e)
{
	struct hash value;
	bool line = text->len == DIGITS + 1 && text->p[DIGITS] == '\n';
	/* What we write is lower case: anything else was written by others. */
	if (!line || hash_parse(&value, text->p, DIGITS) < 0 ||
	    memcmp(hash_hex(id, value), text->p, DIGITS) != 0)
		return err_set(e, ERR_CORRUPT, "it does not hold an id");
	return 0;
}

int
identity_read(char *id, struct plat_dir *state, struct err *e)
{
	struct str text = STR_INIT;
	struct err why;
	int rc = afile_read(&text, state, IDENTITY_NAME, IDENTITY_SIZE, &why);
	if (rc == 0)
		rc = parse(id, &text, &why);
	str_free(&text);
	if (rc >= 0)
		return rc;
	if (why.code == ERR_CORRUPT || why.code == ERR_TYPE)
		err_wrap(&why,
		    "'%s' in the state directory is damaged; remove it, and "
		    "this machine gets a new one",
		    IDENTITY_NAME);
	if (e != NULL)
		*e = why;
	return -1;
}

static int
make(char *id, struct plat_dir *state, struct err *e)
{
	unsigned char bytes[DIGITS / 2];
	if (plat_random(bytes, sizeof(bytes), e) < 0)
		return -1;
	hash_hex(id, hash_get(bytes));
	id[DIGITS] = '\n';
	int rc =
	    afile_replace(state, IDENTITY_NAME, id, IDENTITY_SIZE, true, e);
	id[DIGITS] = '\0';
	return rc;
}

int
identity_ensure(char *id, struct plat_dir *state, struct err *e)
{
	int rc = identity_read(id, state, e);
	if (rc != 1)
		return rc;
	return make(id, state, e) < 0 ? err_wrap(e, "make an install id") : 0;
}
