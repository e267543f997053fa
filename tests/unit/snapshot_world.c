#include "snapshot_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/strlist.h"

/* ---- the scene ----------------------------------------------------------- */

void
world_open(struct world *w, bool zip)
{
	void *temp;
	memset(w, 0, sizeof(*w));
	w->zip = zip;
	w->durable = true;
	w->backups = STR_INIT;
	assert_int_equal(tempdir_setup(&temp), 0);
	w->temp = temp;
	put_dir(w->temp->dir, "tree");
	w->tree = sub(w->temp->dir, "tree");
	tempdir_path(&w->backups, w->temp, "state/backups");
	world_begin(w);
}

void
world_close(struct world *w)
{
	void *temp = w->temp;
	memset(&difficult, 0, sizeof(difficult));
	snapshot_close(w->snapshot);
	plat_dir_close(w->tree);
	story_free(&w->story);
	str_free(&w->backups);
	assert_int_equal(tempdir_teardown(&temp), 0);
}

void
world_begin(struct world *w)
{
	struct snapshot_about about = {
	    .id = WORLD_ID,
	    .backup_dir = w->backups.p,
	    .machine = "m1",
	    .profile = "prof",
	    .run_id = "run-1",
	    .reason = "sync",
	    .time = {.sec = 1795218697, .nsec = 123000000},
	    .zip = w->zip,
	    .durable = w->durable,
	};
	snapshot_close(w->snapshot);
	assert_done(snapshot_open(&w->snapshot, &about, &w->e), &w->e);
}

void
world_victim(struct world *w, const char *name, const char *content,
    uint32_t mode, struct stamp mtime)
{
	put_file(w->tree, name, content);
	assert_done(plat_touch(w->tree, name, mtime, &w->e), &w->e);
	assert_done(plat_chmod(w->tree, name, mode, &w->e), &w->e);
}

int
world_keep(struct world *w, const char *name, enum side side, const char *path)
{
	const struct snapshot_victim victim = {
	    .side = side,
	    .path = path,
	    .path_len = strlen(path),
	    .dir = w->tree,
	    .name = name,
	};
	return snapshot_keep(w->snapshot, &victim, &w->e);
}

static struct fingerprint
look(struct world *w, const char *name)
{
	struct plat_stat st;
	assert_done(plat_stat(&st, w->tree, name, &w->e), &w->e);
	return (struct fingerprint){
	    .type = st.type == PLAT_LINK ? ENTRY_LINK
		: st.type == PLAT_DIR    ? ENTRY_DIR
					 : ENTRY_FILE,
	    .exec = (st.mode & 0100) != 0,
	    .mode = (uint16_t)(st.mode & 0777),
	    .size = st.size,
	    .ino = st.ino,
	    .mtime = st.mtime,
	    .ctime = st.ctime,
	};
}

struct deed *
world_tell(struct world *w, enum intent_kind kind, enum side side,
    const char *path, const char *name)
{
	struct intent i = {.kind = (uint8_t)kind,
	    .side = (uint8_t)side,
	    .path = path,
	    .path_len = strlen(path)};
	if (name != NULL)
		i.victim = look(w, name);
	struct deed *d = story_add(&w->story, &i);
	d->done = d->applied = true;
	return d;
}

int
world_finish(struct world *w, bool *made)
{
	struct snapshot *s = w->snapshot;
	w->snapshot = NULL;
	return snapshot_finish(s, &w->story, made, &w->e);
}

/* ---- looking ------------------------------------------------------------- */

struct plat_dir *
world_backups(struct world *w)
{
	struct plat_dir *d;
	assert_done(plat_dir_open(&d, w->backups.p, &w->e), &w->e);
	return d;
}

static int
add_name(void *arg, const char *name, size_t len, const struct plat_stat *st,
    const struct err *why)
{
	assert_non_null(st);
	(void)why;
	strlist_addn(arg, name, len);
	return 0;
}

static void
show_file(struct str *out, struct plat_dir *d, const char *name)
{
	struct err e;
	struct plat_file f;
	struct str bytes = STR_INIT;
	char piece[4096], hex[HASH_HEX_SIZE];
	size_t got = 1;
	assert_done(plat_open(&f, d, name, &e), &e);
	while (got > 0) {
		assert_done(plat_read(f, piece, sizeof(piece), &got, &e), &e);
		str_addn(&bytes, piece, got);
	}
	assert_done(plat_close(&f, &e), &e);
	if (bytes.len < 64 && memchr(bytes.p, '\0', bytes.len) == NULL)
		str_addf(out, " '%s'", bytes.p);
	else
		str_addf(out, " %zu %s", bytes.len,
		    hash_hex(hex, hash_of(bytes.p, bytes.len)));
	str_free(&bytes);
}

static void
show_dir(struct str *out, struct plat_dir *d, const char *path)
{
	struct err e;
	struct strlist names = STRLIST_INIT;
	assert_done(plat_list(d, add_name, &names, &e), &e);
	strlist_sort(&names);
	for (size_t i = 0; i < names.n; i++) {
		struct plat_stat st;
		struct str at = STR_INIT;
		str_add(&at, path);
		path_join(&at, names.v[i], strlen(names.v[i]));
		assert_done(plat_stat(&st, d, names.v[i], &e), &e);
		str_addf(out, "%s %03o", at.p, (unsigned)st.mode & 07777);
		if (st.type == PLAT_DIR) {
			struct plat_dir *below = sub(d, names.v[i]);
			str_addc(out, '\n');
			show_dir(out, below, at.p);
			plat_dir_close(below);
		} else if (st.type == PLAT_LINK) {
			str_add(out, " -> ");
			assert_done(plat_readlink(out, d, names.v[i], &e), &e);
			str_addc(out, '\n');
		} else {
			show_file(out, d, names.v[i]);
			str_addc(out, '\n');
		}
		str_free(&at);
	}
	strlist_free(&names);
}

void
world_show(struct str *out, struct world *w)
{
	if (!has(w->temp->dir, "state"))
		return;
	struct plat_dir *state = sub(w->temp->dir, "state");
	show_dir(out, state, "");
	plat_dir_close(state);
}

/* The mode is the first thing behind the path, and no path has a blank. */
void
world_as_shown(struct str *out, const char *text)
{
	while (*text != '\0') {
		size_t path = strcspn(text, " \n"), line = strcspn(text, "\n");
		line += text[line] == '\n';
		if (on_windows() && text[path] == ' ') {
			bool is_dir = text[path + 4] == '\n';
			str_addn(out, text, path);
			str_add(out, is_dir ? " 755" : " 644");
			path += 4;
			str_addn(out, text + path, line - path);
		} else {
			str_addn(out, text, line);
		}
		text += line;
	}
}

void
world_as_said(struct str *out, const char *text)
{
	static const char mode[] = "\"mode\":\"", exec[] = ",\"exec\":true";
	/* Of a file, "exec" comes next; others keep what the story says. */
	for (const char *hit;
	     on_windows() && (hit = strstr(text, mode)) != NULL;) {
		const char *end = hit + strlen(mode) + 5; /* 0755" */
		bool is_file = *end == '\0' || strncmp(end, exec, 8) == 0;
		str_addn(out, text, (size_t)(hit - text));
		if (is_file)
			str_addf(out, "%s0644\"", mode);
		else
			str_addn(out, hit, (size_t)(end - hit));
		text = end;
		if (strncmp(text, exec, strlen(exec)) == 0) {
			str_add(out, ",\"exec\":false");
			text += strlen(exec);
		}
	}
	str_add(out, text);
}

void
world_read(struct str *out, struct world *w, const char *path)
{
	struct plat_dir *backups = world_backups(w);
	struct str dir = STR_INIT;
	struct plat_file f;
	size_t got = 1, n = strlen(path);
	str_addn(&dir, path, path_parent(path, n));
	struct plat_dir *d = sub(backups, dir.p);
	assert_done(plat_open(&f, d, path + path_name(path, n), &w->e), &w->e);
	while (got > 0) {
		char piece[4096];
		assert_done(
		    plat_read(f, piece, sizeof(piece), &got, &w->e), &w->e);
		str_addn(out, piece, got);
	}
	assert_done(plat_close(&f, &w->e), &w->e);
	str_free(&dir);
	plat_dir_close(d);
	plat_dir_close(backups);
}

bool
world_has(struct world *w, const char *path)
{
	struct plat_dir *backups = world_backups(w);
	struct str dir = STR_INIT;
	struct plat_dir *d = NULL;
	size_t n = strlen(path);
	str_addn(&dir, path, path_parent(path, n));
	int rc = plat_dir_sub(&d, backups, dir.p, &w->e);
	bool there = rc == 0 && has(d, path + path_name(path, n));
	plat_dir_close(d);
	str_free(&dir);
	plat_dir_close(backups);
	return there;
}
