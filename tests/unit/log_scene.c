#include "log_scene.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/compiler.h"

struct stamp scene_now;
int scene_offset;

static struct stamp
fake_now(void)
{
	return scene_now;
}

static int
fake_zone(struct stamp t)
{
	UNUSED(t);
	return scene_offset;
}

struct log_setup
scene_setup(const char *dir)
{
	scene_now = (struct stamp){.sec = NOON};
	scene_offset = 0;
	return (struct log_setup){.dir = dir,
	    .profile = "work",
	    .machine = "laptop",
	    .run_id = "run",
	    .level = CONFIG_LOG_INFO,
	    .format = CONFIG_LOG_LOGFMT,
	    .max_bytes = 1000000,
	    .keep_days = 7,
	    .now = fake_now,
	    .zone = fake_zone};
}

void
scene_expect_names(const struct scratch *s, const char *want)
{
	struct str names = STR_INIT;
	scratch_join(&names, s);
	assert_string_equal(names.p, want);
	str_free(&names);
}

void
scene_expect_file(const struct scratch *s, const char *name, const char *want)
{
	struct str text = STR_INIT;
	scratch_read(&text, s, name);
	assert_string_equal(text.p, want);
	str_free(&text);
}
