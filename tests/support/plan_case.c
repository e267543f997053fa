#include "support/plan_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/glob.h"
#include "model/cloud/quirks.h"
#include "model/plan/names.h"
#include "support/laws.h"

static struct glob group, log_files;
static struct quirks *quirks;

int
plan_cases_set_up(void **state)
{
	UNUSED(state);
	const char *why;
	quirks = quirks_new(NULL, NULL);
	return glob_parse(&group, "g/", 2, &why) != 0 ||
	    glob_parse(&log_files, "*.log", 5, &why) != 0;
}

int
plan_cases_tear_down(void **state)
{
	UNUSED(state);
	quirks_destroy(quirks);
	glob_free(&group);
	glob_free(&log_files);
	return 0;
}

void
never_delete(struct plan_rules *r)
{
	r->never_delete = true;
}

void
only_to_local(struct plan_rules *r)
{
	r->may_write[SIDE_CLOUD] = false;
}

void
with_group(struct plan_rules *r)
{
	r->groups = &group;
	r->ngroups = 1;
}

void
with_logs(struct plan_rules *r)
{
	r->append_merge = &log_files;
	r->nappend_merge = 1;
}

void
cloud_folds(struct plan_rules *r)
{
	r->who[SIDE_CLOUD] = NAMES_FOLD;
}

void
cloud_is_windows(struct plan_rules *r)
{
	r->who[SIDE_CLOUD] = NAMES_WINDOWS;
}

void
hold_copies(struct plan_rules *r)
{
	r->hold_copies = true;
	r->quirks = quirks;
}

static bool
run_case(const struct plan_case *c)
{
	struct world w;
	struct planned p;
	struct str shown = STR_INIT;
	world_init(&w);
	world_read(&w, c->world);
	w.rules.policy = c->policy;
	if (c->set_up != NULL)
		c->set_up(&w.rules);
	world_plan(&p, &w, 0);
	plan_write_shown(&shown, &p.plan);
	bool right = strcmp(shown.p, c->shown) == 0;
	if (!right)
		(void)fprintf(stderr, "-- %s\n%s", c->title, shown.p);
	laws_assert(&w);
	str_free(&shown);
	planned_free(&p);
	world_free(&w);
	return right;
}

void
plan_cases_run(const struct plan_case *cases, size_t n)
{
	bool right = true;
	for (size_t i = 0; i < n; i++)
		right &= run_case(&cases[i]);
	assert_true(right);
}
