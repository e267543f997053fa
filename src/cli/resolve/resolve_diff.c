/*
 * What the two sides of a conflict have between them, as far as it can be
 * shown: line by line, or else where it begins.
 */
#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "cli/resolve/differ.h"
#include "cli/resolve/resolve.h"
#include "model/plan/plan_words.h"
#include "platform/plat_fs.h"

enum { PIECE = 64 * 1024 };

/* What stands against another tool's copy is its original on this machine. */
static const char *
path_on(enum side s, const struct resolve_item *item)
{
	const char *original = item->conflict.original;
	return original != NULL && s == SIDE_LOCAL ? original : item->path;
}

static int
open_side(struct plat_file *out, const struct run *run, enum side s,
    const struct resolve_item *item, struct err *e)
{
	const char *path = path_on(s, item);
	size_t n = strlen(path), name = path_name(path, n);
	char *parent = mem_copy(path, path_parent(path, n));
	struct plat_dir *dir = NULL;
	int rc = plat_dir_sub(&dir, run->sites[s].root, parent, e);
	if (rc == 0)
		rc = plat_open(out, dir, path + name, e);
	plat_dir_close(dir);
	free(parent);
	if (rc > 0)
		rc = err_set(e, ERR_NOTFOUND, "it is gone by now");
	return rc != 0 ? err_wrap(e, "%s", side_name(s)) : 0;
}

/* As much of the file as is compared line by line, and a byte more. */
static int
read_side(struct str *out, struct plat_file f, struct err *e)
{
	char *piece = mem_alloc(PIECE);
	size_t got = 1;
	int rc = 0;
	while (rc == 0 && got > 0 && out->len <= DIFFER_BYTES_MAX) {
		rc = plat_read(f, piece, PIECE, &got, e);
		if (rc == 0)
			str_addn(out, piece, got);
	}
	free(piece);
	return rc;
}

/* As plat_read_at, but short only at the end of the file. */
static int
fill(struct str *out, struct plat_file f, uint64_t offset, struct err *e)
{
	size_t got = 1;
	str_clear(out);
	str_reserve(out, PIECE);
	while (out->len < PIECE && got > 0) {
		if (plat_read_at(f, out->p + out->len, PIECE - out->len,
			offset + out->len, &got, e) != 0)
			return -1;
		out->len += got;
	}
	return 0;
}

/* Where two files of any size first differ; their end when they do not. */
static int
find_first(uint64_t *out, const struct plat_file f[SIDES], struct err *e)
{
	struct str a = STR_INIT, b = STR_INIT;
	int rc;
	*out = 0;
	for (;;) {
		rc = fill(&a, f[SIDE_LOCAL], *out, e);
		if (rc == 0)
			rc = fill(&b, f[SIDE_CLOUD], *out, e);
		if (rc != 0)
			break;
		size_t same = differ_first((struct differ_text){a.p, a.len},
		    (struct differ_text){b.p, b.len});
		*out += same;
		if (same < a.len || same < b.len || a.len < PIECE)
			break;
	}
	str_free(&a);
	str_free(&b);
	return rc;
}

static void
show_hash(struct out *o, const struct resolve_item *item, enum side s)
{
	const struct entry *e = item->conflict.entry[s];
	char hex[HASH_HEX_SIZE];
	if (entry_is_content(e) && e->u.hash != NULL)
		out_line(o, "  %s  hash %s", side_name(s),
		    hash_hex(hex, *e->u.hash));
}

static int
summarise(struct out *o, const struct resolve_item *item,
    const struct plat_file f[SIDES], struct err *e)
{
	uint64_t first;
	if (find_first(&first, f, e) != 0)
		return -1;
	out_line(o,
	    "  no texts to compare line by line; they first differ at byte "
	    "%" PRIu64,
	    first);
	show_hash(o, item, SIDE_LOCAL);
	show_hash(o, item, SIDE_CLOUD);
	return 0;
}

static int
compare(struct out *o, const struct resolve_item *item,
    const struct plat_file f[SIDES], struct err *e)
{
	struct str local = STR_INIT, cloud = STR_INIT;
	int rc = read_side(&local, f[SIDE_LOCAL], e);
	if (rc == 0)
		rc = read_side(&cloud, f[SIDE_CLOUD], e);
	struct differ_text a = {cloud.p, cloud.len}, b = {local.p, local.len};
	if (rc == 0 && a.n == b.n && differ_first(a, b) == a.n &&
	    a.n <= DIFFER_BYTES_MAX) {
		out_line(o, "  the contents are alike");
	} else if (rc == 0 && differ_is_text(a) && differ_is_text(b)) {
		out_style(o, OUT_FAINT, "- only in the cloud, + only here");
		out_add(o, "\n");
		if (!differ_show(o, a, b))
			rc = summarise(o, item, f, e);
	} else if (rc == 0) {
		rc = summarise(o, item, f, e);
	}
	str_free(&local);
	str_free(&cloud);
	return rc;
}

/* Why there is nothing to compare; NULL when there is. */
static const char *
obstacle(const struct run *run, const struct resolve_item *item)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		const char *path = path_on(s, item);
		const struct entry *e =
		    tree_find(&run->trees[s], path, strlen(path));
		if (e == NULL)
			return "only one side has it";
		if (e->type != ENTRY_FILE)
			return "only files can be compared";
		if (e->flags & ENTRY_PLACEHOLDER)
			return "it is not downloaded on this machine";
	}
	return NULL;
}

void
resolve_diff(
    struct out *o, const struct run *run, const struct resolve_item *item)
{
	struct plat_file f[SIDES] = {PLAT_FILE_NONE, PLAT_FILE_NONE};
	const char *why = obstacle(run, item);
	char text[ERR_TEXT_SIZE];
	struct err e;
	if (why != NULL) {
		out_line(o, "  %s", why);
		return;
	}
	int rc = open_side(&f[SIDE_LOCAL], run, SIDE_LOCAL, item, &e);
	if (rc == 0)
		rc = open_side(&f[SIDE_CLOUD], run, SIDE_CLOUD, item, &e);
	if (rc == 0)
		rc = compare(o, item, f, &e);
	if (rc != 0) {
		out_add(o, "  ");
		err_text(&e, text, sizeof(text));
		out_name(o, text, strlen(text));
		out_add(o, "\n");
	}
	(void)plat_close(&f[SIDE_LOCAL], NULL);
	(void)plat_close(&f[SIDE_CLOUD], NULL);
}
