#include "store/snapshot/snapverify.h"

#include <stdlib.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "platform/plat_sig.h"
#include "store/snapshot/snapdigest.h"
#include "store/snapshot/snapread.h"
#include "store/snapshot/snapshot.h"

enum { BUFFER_SIZE = 256 * 1024 };

/* More of them tell nothing new. */
enum { PROBLEMS_MAX = 100 };

static void
note(struct strlist *problems, const struct err *why)
{
	char text[ERR_TEXT_SIZE];
	if (problems->n < PROBLEMS_MAX)
		strlist_add(problems, err_text(why, text, sizeof(text)));
}

/* What ends the whole search, rather than being one more finding. */
static bool
ends_it(const struct err *why)
{
	return why->code == ERR_CANCELLED || why->code == ERR_NOTFOUND;
}

/* ---- the archive as a whole ---------------------------------------------- */

static int
hash_file(struct hash *out, struct plat_file f, struct err *e)
{
	struct hash_stream *hash = hash_open();
	unsigned char *buffer = mem_alloc(BUFFER_SIZE);
	size_t got = 1;
	int rc = 0;
	while (rc == 0 && got > 0) {
		rc = plat_sig_check(e);
		if (rc == 0)
			rc = plat_read(f, buffer, BUFFER_SIZE, &got, e);
		if (rc == 0)
			hash_feed(hash, buffer, got);
	}
	*out = hash_end(hash);
	hash_close(hash);
	free(buffer);
	return rc;
}

static int
check_archive(struct plat_dir *backups, const char *id, struct err *e)
{
	struct plat_file f = PLAT_FILE_NONE;
	struct hash hash;
	struct str name = STR_INIT, digest = STR_INIT;
	str_addf(&name, "%s%s", id, SNAPSHOT_ZIP);
	str_addf(&digest, "%s%s", id, SNAPSHOT_DIGEST);
	int rc = plat_open(&f, backups, name.p, e);
	if (rc == 1)
		rc = err_set(e, ERR_NOTFOUND, "it vanished");
	if (rc == 0)
		rc = hash_file(&hash, f, e);
	if (rc == 0)
		rc = snapdigest_check(backups, digest.p, name.p, hash, e);
	(void)plat_close(&f, NULL);
	str_free(&name);
	str_free(&digest);
	return rc;
}

/* ---- each file ----------------------------------------------------------- */

static int
go_on(void *arg, const void *bytes, size_t n, struct err *e)
{
	UNUSED(arg);
	UNUSED(bytes);
	UNUSED(n);
	return plat_sig_check(e);
}

static int
check_entries(struct strlist *problems, struct snapread *r, struct err *e)
{
	const struct snapmanifest *m = snapread_manifest(r);
	for (size_t i = 0; i < m->n; i++) {
		struct err why = {.code = ERR_NONE};
		const struct snap_entry *en = &m->v[i];
		if (en->missing) {
			err_set(&why, ERR_CORRUPT,
			    "'%s' was displaced and could not be kept",
			    en->path);
			note(problems, &why);
			continue;
		}
		if (!en->kept ||
		    snapread_content(r, en, go_on, NULL, &why) == 0)
			continue;
		if (why.code == ERR_CANCELLED)
			return err_pass(e, &why);
		note(problems, &why);
	}
	return 0;
}

int
snapverify(struct strlist *problems, struct plat_dir *backups, const char *id,
    struct err *e)
{
	struct snapread *r;
	enum snapread_form form;
	struct err why = {.code = ERR_NONE};
	if (snapread_form(&form, backups, id, &why) == 0 &&
	    form == SNAPREAD_ZIP && check_archive(backups, id, &why) != 0) {
		if (ends_it(&why))
			return err_pass(e, &why);
		note(problems, &why);
	}
	if (snapread_open(&r, backups, id, &why) != 0) {
		if (ends_it(&why))
			return err_pass(e, &why);
		note(problems, &why);
		return 0;
	}
	int rc = check_entries(problems, r, e);
	snapread_close(r);
	return rc;
}
