#include "home_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/plat_fs.h"

/* ---- what a home answers ---- */

static bool
variable(struct str *out, void *arg, const char *name)
{
	struct home_scene *s = arg;
	for (size_t i = 0; i < s->variables.n; i += 2)
		if (strcmp(s->variables.v[i], name) == 0) {
			str_add(out, s->variables.v[i + 1]);
			return true;
		}
	return false;
}

/* The name of *path* when it lies directly in *dir*. */
static const char *
name_in(const char *dir, const char *path)
{
	size_t n = strlen(dir);
	if (strncmp(dir, path, n) != 0 || path[n] != '/')
		return NULL;
	return strchr(path + n + 1, '/') == NULL ? path + n + 1 : NULL;
}

static void
names(struct strlist *out, void *arg, const char *path)
{
	struct home_scene *s = arg;
	const struct strlist *lists[] = {&s->dirs, &s->files};
	for (size_t l = 0; l < 2; l++)
		for (size_t i = 0; i < lists[l]->n; i++) {
			const char *name = name_in(path, lists[l]->v[i]);
			if (name != NULL)
				strlist_add(out, name);
		}
	strlist_sort(out);
}

static bool
is_dir(void *arg, const char *path)
{
	struct home_scene *s = arg;
	struct str plain = STR_INIT;
	str_add(&plain, path);
	while (plain.len > 0 && plain.p[plain.len - 1] == '/')
		str_cut(&plain, plain.len - 1);
	bool is = strlist_has(&s->dirs, plain.p);
	str_free(&plain);
	return is;
}

static bool
read(struct str *out, void *arg, const char *path)
{
	struct home_scene *s = arg;
	for (size_t i = 0; i < s->files.n; i++)
		if (strcmp(s->files.v[i], path) == 0) {
			str_add(out, s->texts.v[i]);
			return true;
		}
	return false;
}

/* ---- describing one ---- */

void
home_scene_dir(struct home_scene *s, const char *path)
{
	for (size_t n = 1; n <= strlen(path); n++) {
		struct str part = STR_INIT;
		if (path[n] != '/' && path[n] != '\0')
			continue;
		str_addn(&part, path, n);
		if (!strlist_has(&s->dirs, part.p))
			strlist_add(&s->dirs, part.p);
		str_free(&part);
	}
}

void
home_scene_file(struct home_scene *s, const char *path, const char *text)
{
	struct str parent = STR_INIT;
	str_addn(&parent, path, (size_t)(strrchr(path, '/') - path));
	home_scene_dir(s, parent.p);
	strlist_add(&s->files, path);
	strlist_add(&s->texts, text);
	str_free(&parent);
}

static void
take_line(struct home_scene *s, char *line)
{
	struct str path = STR_INIT;
	char *equals = strchr(line, '='), *text = strstr(line, ": ");
	if (line[0] == '#' || line[0] == '\0')
		return;
	if (equals != NULL && (text == NULL || equals < text) &&
	    line[0] != '~') {
		*equals = '\0';
		strlist_add(&s->variables, line);
		strlist_add(&s->variables, equals + 1);
		return;
	}
	if (text != NULL)
		*text = '\0';
	str_add(&path, line[0] == '~' ? s->home.dir : "");
	str_add(&path, line[0] == '~' ? line + 1 : line);
	if (str_ends(&path, "/")) {
		str_cut(&path, path.len - 1);
		home_scene_dir(s, path.p);
	} else {
		home_scene_file(s, path.p, text != NULL ? text + 2 : "");
	}
	str_free(&path);
}

static void
take_text(struct home_scene *s, char *text)
{
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");
		bool last = text[n] == '\0';
		text[n] = '\0';
		take_line(s, text);
		text += n + !last;
	}
}

static void
read_fixture(struct str *out, const char *os)
{
	struct str file = STR_INIT;
	struct plat_file f = PLAT_FILE_NONE;
	char piece[4096];
	size_t got = 1;
	struct err e;
	str_addf(&file, "%s/%s.txt", HOMES, os);
	assert_int_equal(plat_open_native(&f, file.p, &e), 0);
	while (got > 0) {
		assert_int_equal(
		    plat_read(f, piece, sizeof(piece), &got, &e), 0);
		str_addn(out, piece, got);
	}
	assert_int_equal(plat_close(&f, &e), 0);
	str_free(&file);
}

void
home_scene_open(struct home_scene *s, const char *os, const char *dir)
{
	struct str text = STR_INIT;
	*s = (struct home_scene){.home = {.os = os,
				     .dir = dir,
				     .arg = s,
				     .variable = variable,
				     .names = names,
				     .is_dir = is_dir,
				     .read = read}};
	read_fixture(&text, os);
	take_text(s, text.p);
	str_free(&text);
}

void
home_scene_close(struct home_scene *s)
{
	strlist_free(&s->dirs);
	strlist_free(&s->files);
	strlist_free(&s->texts);
	strlist_free(&s->variables);
}
