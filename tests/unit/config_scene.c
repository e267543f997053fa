#include "config_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "config_world.h"

int
config_scene_open(void **state)
{
	static struct config_scene scene;
	config_world_reset();
	scratch_open(&scene.dir);
	scene.file = scene.problems = STR_INIT;
	str_addf(&scene.file, "%s/prof.ini", scene.dir.path);
	scene.config = (struct config){.file = NULL};
	*state = &scene;
	return 0;
}

int
config_scene_close(void **state)
{
	struct config_scene *s = *state;
	config_free(&s->config);
	str_free(&s->file);
	str_free(&s->problems);
	scratch_close(&s->dir);
	return 0;
}

void
config_scene_replace(struct str *s, const char *what, const char *with)
{
	struct str out = STR_INIT;
	const char *p = s->p;
	for (const char *hit; (hit = strstr(p, what)) != NULL;
	     p = hit + strlen(what)) {
		str_addn(&out, p, (size_t)(hit - p));
		str_add(&out, with);
	}
	str_add(&out, p);
	str_free(s);
	*s = out;
}

void
config_scene_load_file(
    struct config_scene *s, const char *file, const char *const *sets)
{
	struct config_problems problems = {.lines = STRLIST_INIT};
	struct strlist list = STRLIST_INIT;
	for (; sets != NULL && *sets != NULL; sets++)
		strlist_add(&list, *sets);
	config_free(&s->config);
	s->rc = config_load(&s->config, file, &list, &problems);
	str_clear(&s->problems);
	for (size_t i = 0; i < problems.lines.n; i++)
		str_addf(&s->problems, "%s\n", problems.lines.v[i]);
	assert_int_equal(s->rc, problems.lines.n > 0 ? -1 : 0);
	config_scene_replace(&s->problems, file, "FILE");
	config_scene_replace(&s->problems, s->dir.path, "DIR");
	if (config_world_runs_on_windows()) {
		/* "/x" is on the drive we are on. */
		const char drive[] = {s->dir.path[0], ':', '/', '\0'};
		config_scene_replace(&s->problems, drive, "/");
	}
	strlist_free(&problems.lines);
	strlist_free(&list);
}

void
config_scene_load_bytes(
    struct config_scene *s, const char *text, size_t n, const char *const *sets)
{
	scratch_write(&s->dir, "prof.ini", text, n);
	config_scene_load_file(s, s->file.p, sets);
}

void
config_scene_load(
    struct config_scene *s, const char *text, const char *const *sets)
{
	config_scene_load_bytes(s, text, strlen(text), sets);
}
