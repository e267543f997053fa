#include "support/role.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/plat_env.h"
#include "platform/plat_time.h"
#include "support/tempdir.h"

static struct str program = {.p = (char *)""};

void
role_play(int argc, char **argv, const struct role *roles, size_t n)
{
	struct err e;
	if (plat_absolute(&program, argv[0], &e) < 0)
		exit(99);
	if (argc < 3 || strcmp(argv[1], "--role") != 0)
		return;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(roles[i].name, argv[2]) != 0)
			continue;
		int code = roles[i].play(argv + 3);
		fflush(NULL);
		str_free(&program);
		exit(code);
	}
	exit(98);
}

void
role_how(struct role_how *how, const char *name, const char *a, const char *b)
{
	*how = (struct role_how){
	    .argv = {program.p, "--role", name, a, b, NULL},
	};
	how->spawn.argv = how->argv;
}

struct plat_child *
role_start(const char *name, const char *a, const char *b)
{
	struct role_how how;
	struct plat_child *child;
	struct err e;
	role_how(&how, name, a, b);
	assert_done(plat_spawn(&child, &how.spawn, &e), &e);
	return child;
}

int
role_finish(struct plat_child *c)
{
	int code = -1;
	struct err e;
	assert_done(plat_child_wait(c, 20000, &code, NULL, 0, &e), &e);
	plat_child_end(c);
	return code;
}

unsigned
number(const char *text)
{
	return (unsigned)strtoul(text, NULL, 10);
}

void
await(struct plat_dir *d, const char *name)
{
	for (int i = 0; i < 1000; i++) {
		if (has(d, name))
			return;
		plat_sleep(10);
	}
	fail_msg("'%s' never came", name);
}
