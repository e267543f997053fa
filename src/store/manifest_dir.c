/*
 * The manifests of a cloud folder: "machine-<id>.manifest" beside the markers.
 */
#include <string.h>

#include "model/ascii.h"
#include "store/manifest.h"
#include "store/manifest_format.h"
#include "store/marker.h"

static const char prefix[] = "machine-";
static const char suffix[] = ".manifest";

enum { PREFIX_LEN = sizeof(prefix) - 1, SUFFIX_LEN = sizeof(suffix) - 1 };

/* As the marker's: a name cloud clients leave alone, always the same. */
static const char temp_name[] = "~coldsync-manifest.tmp";

/* The cloud client may run as somebody else; what is in it are the names of
   files it carries anyway. */
enum { FILE_MODE = 0644 };

/* In lower case: on some file systems the case of a name is lost. */
static void
file_name(struct str *out, const char *id)
{
	str_add(out, prefix);
	for (; *id != '\0'; id++)
		str_addc(out, ascii_lower(*id));
	str_add(out, suffix);
}

/* ---- listing ---- */

static int
list_one(void *arg, const char *name, size_t len, const struct plat_stat *st,
    const struct err *why)
{
	struct strlist *out = arg;
	UNUSED(why);
	if (len <= PREFIX_LEN + SUFFIX_LEN ||
	    memcmp(name, prefix, PREFIX_LEN) != 0 ||
	    memcmp(name + len - SUFFIX_LEN, suffix, SUFFIX_LEN) != 0 ||
	    !manifest_is_id(name + PREFIX_LEN, len - PREFIX_LEN - SUFFIX_LEN))
		return 0;
	/* A directory of that name is nobody's manifest; what cannot be looked
	   at is found out when it is read. */
	if (st == NULL || st->type != PLAT_DIR)
		strlist_addn(
		    out, name + PREFIX_LEN, len - PREFIX_LEN - SUFFIX_LEN);
	return 0;
}

int
manifest_list(struct strlist *out, struct plat_dir *cloud, struct err *e)
{
	struct plat_dir *d;
	int rc = plat_dir_sub(&d, cloud, MARKER_DIR, e);
	if (rc == 1)
		return 0;
	if (rc == 0) {
		rc = plat_list(d, list_one, out, e);
		plat_dir_close(d);
	}
	strlist_sort(out);
	if (rc == 0 && out->n > MANIFEST_MACHINES_MAX)
		rc = err_set(e, ERR_CORRUPT, "more than %d manifests",
		    (int)MANIFEST_MACHINES_MAX);
	return rc < 0 ? err_wrap(e, "'%s'", MARKER_DIR) : 0;
}

/* ---- reading ---- */

static int
read_file(struct str *out, struct plat_file f, struct err *e)
{
	struct plat_stat st;
	if (plat_file_stat(&st, f, e) != 0)
		return -1;
	if (st.size > MANIFEST_SIZE_MAX)
		return err_set(e, ERR_CORRUPT, "it is too large");
	size_t got = 1;
	str_reserve(out, (size_t)st.size + 1);
	while (got > 0 && out->len <= MANIFEST_SIZE_MAX) {
		size_t room = out->cap - out->len - 1;
		if (room == 0) {
			str_reserve(out, 65536);
			continue;
		}
		if (plat_read(f, out->p + out->len, room, &got, e) != 0)
			return -1;
		out->len += got;
	}
	out->p[out->len] = '\0';
	return 0;
}

static int
read_named(struct str *out, struct plat_dir *d, const char *name, struct err *e)
{
	struct plat_file f;
	int rc = plat_open(&f, d, name, e);
	if (rc != 0)
		return rc;
	rc = read_file(out, f, e);
	plat_close(&f, NULL);
	return rc;
}

/* Another machine's under this name is a cloud client's conflict copy. */
static int
parse_as(struct manifest *out, struct roster *roster, struct str *bytes,
    const char *id, struct err *e)
{
	size_t size = bytes->len;
	if (manifest_parse(out, roster, str_take(bytes), size, e) != 0)
		return -1;
	return out->head.partial ||
	    roster_find(roster, id) != out->head.machine;
}

int
manifest_load(struct manifest *out, struct roster *roster,
    struct plat_dir *cloud, const char *id, struct err *e)
{
	struct plat_dir *d;
	struct str name = STR_INIT, bytes = STR_INIT;
	*out = (struct manifest){.bytes = NULL};
	int rc = plat_dir_sub(&d, cloud, MARKER_DIR, e);
	if (rc != 0)
		return rc;
	file_name(&name, id);
	rc = read_named(&bytes, d, name.p, e);
	plat_dir_close(d);
	if (rc == 0)
		rc = parse_as(out, roster, &bytes, id, e);
	if (rc != 0)
		manifest_free(out);
	if (rc < 0)
		err_wrap(e, "%s/%s", MARKER_DIR, name.p);
	str_free(&name);
	str_free(&bytes);
	return rc;
}

/* ---- writing ---- */

static int
write_temp(struct plat_dir *d, const struct str *bytes, struct err *e)
{
	struct plat_file f = PLAT_FILE_NONE;
	if (plat_unlink(d, temp_name, e) < 0 ||
	    plat_create(&f, d, temp_name, e) < 0)
		return -1;
	int rc = plat_write(f, bytes->p, bytes->len, e);
	if (rc == 0)
		rc = plat_file_chmod(f, FILE_MODE, e);
	if (rc == 0)
		rc = plat_file_sync(f, e);
	if (plat_close(&f, rc == 0 ? e : NULL) < 0)
		rc = -1;
	return rc;
}

int
manifest_put(struct plat_dir *cloud, const char *id, const struct str *bytes,
    struct err *e)
{
	struct plat_dir *d;
	struct str name = STR_INIT;
	int rc = plat_dir_sub(&d, cloud, MARKER_DIR, e);
	if (rc == 1)
		return err_set(e, ERR_NOTFOUND, "'%s' has gone", MARKER_DIR);
	if (rc < 0)
		return -1;
	file_name(&name, id);
	rc = write_temp(d, bytes, e);
	if (rc == 0)
		rc = plat_replace(d, temp_name, d, name.p, e);
	if (rc < 0)
		(void)plat_unlink(d, temp_name, NULL);
	else
		rc = plat_dir_sync(d, e);
	plat_dir_close(d);
	if (rc < 0)
		err_wrap(e, "%s/%s", MARKER_DIR, name.p);
	str_free(&name);
	return rc;
}

int
manifest_remove(struct plat_dir *cloud, const char *id, struct err *e)
{
	struct plat_dir *d;
	struct str name = STR_INIT;
	int rc = plat_dir_sub(&d, cloud, MARKER_DIR, e);
	if (rc != 0)
		return rc;
	file_name(&name, id);
	rc = plat_unlink(d, name.p, e);
	if (rc == 0 && plat_dir_sync(d, e) < 0)
		rc = -1;
	plat_dir_close(d);
	if (rc < 0)
		err_wrap(e, "%s/%s", MARKER_DIR, name.p);
	str_free(&name);
	return rc;
}
