#include "engine/cloud/unpublished.h"

#include <string.h>

#include "store/afile.h"

int
unpublished_load(struct manifest *out, struct roster *roster,
    struct plat_dir *state, struct err *e)
{
	struct str bytes = STR_INIT;
	*out = (struct manifest){.bytes = NULL};
	int rc =
	    afile_read(&bytes, state, UNPUBLISHED_NAME, MANIFEST_SIZE_MAX, e);
	size_t size = bytes.len;
	if (rc == 0)
		rc = manifest_parse(out, roster, str_take(&bytes), size, e);
	if (rc == 0)
		rc = manifest_check(out, e);
	if (rc == 0 && !out->head.partial)
		rc = err_set(e, ERR_CORRUPT, "it is a whole manifest");
	str_free(&bytes);
	if (rc != 0)
		manifest_free(out);
	return rc < 0 ? err_wrap(e, "state directory: %s", UNPUBLISHED_NAME)
		      : rc;
}

int
unpublished_save(struct plat_dir *state, const struct unpublished *about,
    const struct publish_changes *changes, struct err *e)
{
	struct manifest_head head = {.machine = about->machine,
	    .generation = about->generation,
	    .partial = true};
	struct seen seen = {.v = NULL};
	struct str bytes = STR_INIT;
	memset(head.install, '0', sizeof(head.install) - 1);
	seen_join(&seen, about->seen);
	seen_raise(&seen, about->machine, about->generation);
	struct manifest_writer *w = manifest_begin(&head, about->roster, &seen);
	struct claims_sink sink = {.claim = manifest_add, .arg = w};
	struct version origin = {
	    .machine = about->machine, .generation = about->generation};
	publish_list(changes, &origin, &sink);
	manifest_end(w, &bytes);
	int rc = afile_replace(
	    state, UNPUBLISHED_NAME, bytes.p, bytes.len, about->durable, e);
	seen_free(&seen);
	str_free(&bytes);
	return rc;
}

/* The changes noted before, once more. */
static void
add_noted(struct publish_changes *out, const struct manifest *m)
{
	struct manifest_cursor c;
	manifest_open(&c, m);
	for (; !c.claims.ended; claims_next(&c.claims))
		publish_add(out, c.claims.now.path, c.claims.now.path_len,
		    &c.claims.now.v[0]);
	manifest_close(&c);
}

int
unpublished_extend(struct plat_dir *state, const struct story *story,
    bool durable, uint64_t *generation, struct err *e)
{
	struct roster roster = {.ids = STRLIST_INIT};
	struct manifest noted;
	struct publish_changes changes = {.v = NULL};
	int rc = unpublished_load(&noted, &roster, state, e);
	if (rc == 0) {
		struct unpublished about = {.roster = &roster,
		    .seen = &noted.seen,
		    .machine = noted.head.machine,
		    .generation = noted.head.generation,
		    .durable = durable};
		add_noted(&changes, &noted);
		publish_story(&changes, story, NULL);
		publish_sort(&changes);
		rc = unpublished_save(state, &about, &changes, e);
		if (rc == 0 && changes.n > 0)
			*generation = noted.head.generation;
	}
	publish_changes_free(&changes);
	manifest_free(&noted);
	roster_free(&roster);
	return rc < 0 ? -1 : 0;
}

int
unpublished_clear(struct plat_dir *state, struct err *e)
{
	return plat_unlink(state, UNPUBLISHED_NAME, e) < 0 ? -1 : 0;
}
