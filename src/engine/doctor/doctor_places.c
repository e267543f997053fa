/*
 * The folders: are they there, may we write, is there room, what are their
 * file systems like?
 */
#include <string.h>

#include "base/num.h"
#include "engine/doctor/doctor_scene.h"
#include "model/cloud/quirks.h"
#include "model/plan/plan_words.h"

/* A disk with less free than this is full for every purpose of ours. */
enum { LEAST_FREE = 10 * 1000 * 1000 };

/* ---- the config, which was read before any of this ---- */

void
doctor_config(struct doctor_scene *s)
{
	doctor_pass(s, "no mistake in %s", s->config->file);
}

void
doctor_keys(struct doctor_scene *s)
{
	doctor_pass(s, "every key in it is known");
}

/* ---- there ---- */

static void
say_missing(struct doctor_scene *s, enum side side, const char *remedy)
{
	char why[ERR_TEXT_SIZE];
	if (s->why[side].code == ERR_NOTFOUND)
		doctor_fail(s, remedy, "there is no folder %s", s->roots[side]);
	else
		doctor_fail(
		    s, remedy, "%s", err_text(&s->why[side], why, sizeof(why)));
}

void
doctor_local_folder(struct doctor_scene *s)
{
	if (s->sites[SIDE_LOCAL].root != NULL)
		doctor_pass(s, "%s", s->roots[SIDE_LOCAL]);
	else if (s->why[SIDE_LOCAL].code == ERR_NOTFOUND &&
	    s->ledger.agreed.n == 0)
		doctor_warn(s,
		    "if that is the application's folder, the first sync makes "
		    "it; otherwise correct paths.local_state_dir",
		    "there is no folder %s yet", s->roots[SIDE_LOCAL]);
	else
		say_missing(s, SIDE_LOCAL,
		    "bring the folder back (mount its disk, undo the move), or "
		    "correct paths.local_state_dir");
}

void
doctor_cloud_folder(struct doctor_scene *s)
{
	const char *provider = quirks_provider(NULL, s->roots[SIDE_CLOUD]);
	bool known = strcmp(provider, "unknown") != 0;
	if (s->sites[SIDE_CLOUD].root != NULL)
		doctor_pass(s, "%s%s%s%s", s->roots[SIDE_CLOUD],
		    known ? " (" : "", known ? quirks_title(provider) : "",
		    known ? ")" : "");
	else
		say_missing(s, SIDE_CLOUD,
		    "start the cloud client or mount the disk, make the folder "
		    "if this is the first machine, or correct "
		    "paths.cloud_root_dir");
}

void
doctor_differ(struct doctor_scene *s)
{
	const struct ledger_head *head = &s->ledger.head;
	for (enum side side = SIDE_LOCAL; side < SIDES; side++)
		if (head->roots[side] != NULL && head->roots[side][0] != '\0' &&
		    strcmp(head->roots[side], s->roots[side]) != 0) {
			doctor_warn(s,
			    "if the folder was moved, go on; if not, correct "
			    "the paths in the config",
			    "the last sync was with the %s folder %s; what "
			    "was agreed with that one will not be used",
			    side_name(side), head->roots[side]);
			return;
		}
	doctor_pass(s, "neither lies inside the other");
}

/* The application's own folder must not be what a cloud client syncs while it
   writes. */
void
doctor_carried(struct doctor_scene *s)
{
	const char *root = s->roots[SIDE_LOCAL];
	const char *provider = quirks_provider(NULL, root);
	if (strcmp(provider, "unknown") == 0)
		doctor_pass(s, "no cloud client syncs the local folder itself");
	else
		doctor_warn(s,
		    "move the application's folder out of there, and give the "
		    "cloud client only the mirror",
		    "%s looks like a part of what %s syncs, also while the "
		    "application writes",
		    root, quirks_title(provider));
}

/* ---- ours to write ---- */

static void
check_access(struct doctor_scene *s, struct plat_dir *dir, const char *path)
{
	struct err e = {.code = ERR_NONE};
	char why[ERR_TEXT_SIZE];
	int rc = plat_dir_writable(dir, &e);
	if (rc == 0)
		doctor_pass(s, "%s can be read and written", path);
	else if (rc > 0)
		doctor_fail(s,
		    "give yourself the right to write there: see who owns it, "
		    "and whether its disk is read-only",
		    "%s cannot be written", path);
	else
		doctor_warn(s, "see who owns it and its permissions", "%s: %s",
		    path, err_text(&e, why, sizeof(why)));
}

void
doctor_local_access(struct doctor_scene *s)
{
	if (s->sites[SIDE_LOCAL].root != NULL)
		check_access(
		    s, s->sites[SIDE_LOCAL].root, s->roots[SIDE_LOCAL]);
}

void
doctor_cloud_access(struct doctor_scene *s)
{
	if (s->sites[SIDE_CLOUD].root != NULL)
		check_access(
		    s, s->sites[SIDE_CLOUD].root, s->roots[SIDE_CLOUD]);
}

/* The directory *path* will be made in, where it is not there yet: the nearest
   one above it. */
static int
open_nearest(
    struct plat_dir **out, struct str *at, const char *path, struct err *e)
{
	if (plat_canonical(at, path, e) != 0)
		return -1;
	while (plat_dir_open(out, at->p, e) != 0) {
		size_t n = at->len;
		while (n > 0 && at->p[n - 1] != '/')
			n--;
		if (e->code != ERR_NOTFOUND || n <= 1)
			return -1;
		str_cut(at, n - 1);
		if (str_ends(at, ":"))
			str_addc(at, '/');
	}
	return 0;
}

void
doctor_state_access(struct doctor_scene *s)
{
	const char *path = s->config->paths.state_dir;
	struct plat_dir *dir = NULL;
	struct str at = STR_INIT;
	struct err e;
	char why[ERR_TEXT_SIZE];
	if (open_nearest(&dir, &at, path, &e) == 0)
		check_access(s, dir, at.p);
	else
		doctor_fail(s,
		    "make room for a directory there, or set paths.state_dir",
		    "%s: %s", path, err_text(&e, why, sizeof(why)));
	plat_dir_close(dir);
	str_free(&at);
}

/* ---- room ---- */

static uint64_t
bytes_in(const struct tree *t)
{
	struct tree_cursor c;
	uint64_t bytes = 0;
	tree_begin(&c, &t->root, "", 0);
	while (tree_next(&c))
		if (c.entry->type == ENTRY_FILE)
			bytes += c.entry->size;
	tree_end(&c);
	return bytes;
}

/* Room for everything once more is always enough. */
static void
check_space(
    struct doctor_scene *s, const struct plat_volume *v, const char *path)
{
	uint64_t need = 0;
	struct str free_text = STR_INIT, need_text = STR_INIT;
	for (enum side side = SIDE_LOCAL; side < SIDES && s->scanned; side++) {
		uint64_t bytes = bytes_in(&s->trees[side]);
		need = bytes > need ? bytes : need;
	}
	num_size(&free_text, v->free_bytes);
	num_size(&need_text, need);
	if (v->free_bytes < LEAST_FREE)
		doctor_fail(s, "make room on that disk", "%s: only %s free",
		    path, free_text.p);
	else if (v->free_bytes < need)
		doctor_warn(s,
		    "make room there before a sync that changes much",
		    "%s: %s free; the mirror is %s", path, free_text.p,
		    need_text.p);
	else
		doctor_pass(s, "%s: %s free", path, free_text.p);
	str_free(&free_text);
	str_free(&need_text);
}

void
doctor_local_space(struct doctor_scene *s)
{
	if (s->sites[SIDE_LOCAL].root != NULL)
		check_space(
		    s, &s->sites[SIDE_LOCAL].volume, s->roots[SIDE_LOCAL]);
}

void
doctor_cloud_space(struct doctor_scene *s)
{
	if (s->sites[SIDE_CLOUD].root != NULL)
		check_space(
		    s, &s->sites[SIDE_CLOUD].volume, s->roots[SIDE_CLOUD]);
}

void
doctor_state_space(struct doctor_scene *s)
{
	struct plat_dir *dir = NULL;
	struct plat_volume volume;
	struct str at = STR_INIT;
	struct err e;
	char why[ERR_TEXT_SIZE];
	if (open_nearest(&dir, &at, s->config->paths.backup_dir, &e) == 0 &&
	    plat_volume(&volume, dir, &e) == 0)
		check_space(s, &volume, at.p);
	else
		doctor_warn(s, "see to it that snapshots can be kept there",
		    "%s: %s", s->config->paths.backup_dir,
		    err_text(&e, why, sizeof(why)));
	plat_dir_close(dir);
	str_free(&at);
}

/* ---- file systems ---- */

/* What they are known to do; what is not here is found out when it is needed.
 */
static const struct {
	const char *kind;
	bool swaps, shares;
} known[] = {
    {"ext4", true, false},
    {"btrfs", true, true},
    {"xfs", true, true},
    {"tmpfs", true, false},
    {"f2fs", true, false},
    {"bcachefs", true, true},
    {"zfs", false, true},
    {"apfs", true, true},
    {"ntfs", true, false},
    {"refs", true, true},
};

/* The finest time any of its entries has: 2 s, 1 s, or finer. */
static const char *
precision(const struct tree *t)
{
	struct tree_cursor c;
	size_t n = 0, odd = 0, fine = 0;
	tree_begin(&c, &t->root, "", 0);
	while (tree_next(&c)) {
		if (c.entry->type != ENTRY_FILE)
			continue;
		n++;
		odd += c.entry->mtime_sec % 2 != 0;
		fine += c.entry->mtime_nsec != 0;
	}
	tree_end(&c);
	/* A handful of files may be round by chance. */
	if (fine > 0 || n < 8)
		return fine > 0 ? ", times finer than a second" : "";
	return odd > 0 ? ", times to the second" : ", times to two seconds";
}

static void
describe(struct doctor_scene *s, enum side side)
{
	const struct plat_volume *v = &s->sites[side].volume;
	struct str text = STR_INIT;
	if (s->sites[side].root == NULL)
		return;
	str_add(&text, v->kind[0] != '\0' ? v->kind : "unknown kind");
	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (strcmp(known[i].kind, v->kind) == 0)
			str_addf(&text, "%s%s",
			    known[i].swaps ? ", swaps files in one step" : "",
			    known[i].shares ? ", copies share their blocks"
					    : "");
	str_add(&text,
	    v->fold_case ? ", upper and lower case are the same"
			 : ", upper and lower case differ");
	str_add(&text, v->exec_bit ? "" : ", keeps no right to execute");
	str_add(
	    &text, v->remote ? ", a network or user-space file system" : "");
	if (s->scanned)
		str_add(&text, precision(&s->trees[side]));
	if (v->read_only)
		doctor_fail(s, "mount it so that it can be written",
		    "%s, read-only", text.p);
	else
		doctor_pass(s, "%s", text.p);
	str_free(&text);
}

void
doctor_local_volume(struct doctor_scene *s)
{
	describe(s, SIDE_LOCAL);
}

void
doctor_cloud_volume(struct doctor_scene *s)
{
	describe(s, SIDE_CLOUD);
}
