#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "cli/out/json_plan.h"
#include "plan_scene.h"

#define NO_SUMMARY                                                             \
	"\"summary\":{\"in_sync\":0,\"to_local\":0,\"to_cloud\":0,"            \
	"\"delete_local\":0,\"delete_cloud\":0,\"merged\":0,"                  \
	"\"conflicts\":0,\"skipped\":0,\"failed\":0,\"bytes_to_local\":0,"     \
	"\"bytes_to_cloud\":0}"

static void
assert_json(const struct scene *s, const char *want)
{
	struct str out = STR_INIT;
	struct json j;
	json_init(&j, &out);
	json_object(&j);
	json_plan(&j, &s->view);
	json_end(&j);
	assert_string_equal(out.p, want);
	str_free(&out);
}

static void
assert_holds(const struct scene *s, const char *want)
{
	struct str out = STR_INIT;
	struct json j;
	json_init(&j, &out);
	json_object(&j);
	json_plan(&j, &s->view);
	json_end(&j);
	if (strstr(out.p, want) == NULL)
		assert_string_equal(out.p, want);
	str_free(&out);
}

static void
test_json_plan__nothing(void **state)
{
	struct scene s;
	struct str out = STR_INIT;
	struct json j;
	UNUSED(state);
	scene_init(&s);
	assert_json(&s,
	    "{\"run_id\":null,\"applied\":false,\"snapshot\":null," NO_SUMMARY
	    ",\"actions\":[],\"conflicts\":[],\"skipped\":[],\"notes\":[]}");
	json_init(&j, &out);
	json_object(&j);
	json_plan_none(&j, "id");
	json_end(&j);
	assert_string_equal(out.p,
	    "{\"run_id\":\"id\",\"applied\":false,\"snapshot\":null," NO_SUMMARY
	    ",\"actions\":[],\"conflicts\":[],\"skipped\":[],\"notes\":[]}");
	str_free(&out);
}

static void
test_json_plan__actions(void **state)
{
	struct scene s;
	UNUSED(state);
	scene_init(&s);
	scene_act(&s, PLAN_COPY, PLAN_TO_CLOUD, PLAN_NEW, "a", 5);
	scene_act(&s, PLAN_MOVE, PLAN_TO_LOCAL, PLAN_NEW, "to", 6)->other =
	    "from";
	scene_act(&s, PLAN_BOTH, PLAN_TO_BOTH, PLAN_RESOLVED, "x", 7)->other =
	    "x.copy";
	scene_act(&s, PLAN_MKDIR, PLAN_TO_LOCAL, PLAN_NEW, "d/", 0);
	scene_act(&s, PLAN_MERGE, PLAN_TO_BOTH, PLAN_CHANGED, "b\xff", 8);
	scene_act(&s, PLAN_DELETE, PLAN_TO_CLOUD, PLAN_DELETED, "e", 9);
	scene_act(&s, PLAN_RMDIR, PLAN_TO_CLOUD, PLAN_RESTORED, "f/", 0);
	scene_end(&s, 0, APPLY_DONE, NULL);
	scene_end(&s, 1, APPLY_FAILED, (char *)"no\nroom");
	scene_end(&s, 2, APPLY_SKIPPED, NULL);
	s.view.run_id = "R";
	s.view.snapshot = "S";
	s.view.in_sync = 3;
	assert_json(&s,
	    "{\"run_id\":\"R\",\"applied\":true,\"snapshot\":\"S\","
	    "\"summary\":{\"in_sync\":3,\"to_local\":0,\"to_cloud\":1,"
	    "\"delete_local\":0,\"delete_cloud\":0,\"merged\":0,"
	    "\"conflicts\":0,\"skipped\":0,\"failed\":1,\"bytes_to_local\":0,"
	    "\"bytes_to_cloud\":5},\"actions\":["
	    "{\"path\":\"a\",\"op\":\"copy\",\"to\":\"cloud\","
	    "\"reason\":\"new\",\"type\":\"file\",\"size\":5,"
	    "\"status\":\"done\",\"error\":null},"
	    "{\"path\":\"to\",\"op\":\"move\",\"to\":\"local\","
	    "\"reason\":\"new\",\"type\":\"file\",\"size\":6,"
	    "\"status\":\"failed\",\"error\":\"no\\u000Aroom\","
	    "\"from\":\"from\"},"
	    "{\"path\":\"x\",\"op\":\"keep_both\",\"to\":\"both\","
	    "\"reason\":\"resolved\",\"type\":\"file\",\"size\":7,"
	    "\"status\":\"skipped\",\"error\":null,\"copy\":\"x.copy\"},"
	    "{\"path\":\"d\",\"op\":\"mkdir\",\"to\":\"local\","
	    "\"reason\":\"new\",\"type\":\"dir\",\"size\":0,"
	    "\"status\":\"planned\",\"error\":null},"
	    "{\"path\":\"b\xef\xbf\xbd\",\"path_hex\":\"62ff\","
	    "\"op\":\"merge\",\"to\":\"both\","
	    "\"reason\":\"changed\",\"type\":\"file\",\"size\":8,"
	    "\"status\":\"planned\",\"error\":null},"
	    "{\"path\":\"e\",\"op\":\"delete\",\"to\":\"cloud\","
	    "\"reason\":\"deleted\",\"type\":\"file\",\"size\":9,"
	    "\"status\":\"planned\",\"error\":null},"
	    "{\"path\":\"f\",\"op\":\"rmdir\",\"to\":\"cloud\","
	    "\"reason\":\"restored\",\"type\":\"dir\",\"size\":0,"
	    "\"status\":\"planned\",\"error\":null}],"
	    "\"conflicts\":[],\"skipped\":[],\"notes\":[]}");
}

static void
test_json_plan__conflicts(void **state)
{
	static const struct hash hash = {.hi = 1, .lo = 0xff};
	struct scene s;
	struct plan_conflict *c;
	struct entry hashed;
	UNUSED(state);
	scene_init(&s);
	c = scene_conflict(&s, PLAN_BOTH_MODIFIED, PLAN_UNRESOLVED, "a");
	hashed = *scene_file(&s, 12, 1);
	hashed.mtime_nsec = 5;
	hashed.u.hash = &hash;
	c->entry[SIDE_LOCAL] = &hashed;
	c = scene_conflict(&s, PLAN_GROUP, PLAN_KEPT_BOTH, "db");
	c->group = true;
	struct entry dir = {.type = ENTRY_DIR, .size = 4096};
	c->entry[SIDE_CLOUD] = &dir;
	assert_holds(&s,
	    "\"conflicts\":["
	    "{\"path\":\"a\",\"kind\":\"both_modified\",\"group\":null,"
	    "\"local\":{\"type\":\"file\",\"size\":12,"
	    "\"mtime\":\"1970-01-01T00:00:01.000000005Z\","
	    "\"hash\":\"000000000000000100000000000000ff\"},"
	    "\"cloud\":null,\"resolution\":null},"
	    "{\"path\":\"db\",\"kind\":\"group\",\"group\":\"db\","
	    "\"local\":null,"
	    "\"cloud\":{\"type\":\"dir\",\"size\":0,"
	    "\"mtime\":\"1970-01-01T00:00:00.000000000Z\"},"
	    "\"resolution\":\"both\"}],\"skipped\":[]");
}

static void
test_json_plan__skipped(void **state)
{
	struct scene s;
	UNUSED(state);
	scene_init(&s);
	scene_skip(&s, PLAN_SKIP_SYMLINK, SIDE_LOCAL, "l");
	scene_act(&s, PLAN_COPY, PLAN_TO_LOCAL, PLAN_CHANGED, "busy", 1);
	scene_end(&s, 0, APPLY_SKIPPED, NULL);
	s.results[0].changed = true;
	assert_holds(&s,
	    "\"skipped\":[{\"path\":\"l\",\"side\":\"local\","
	    "\"reason\":\"symlink\"},"
	    "{\"path\":\"busy\",\"side\":\"cloud\","
	    "\"reason\":\"changed_during_sync\"}],");
	assert_holds(&s, "\"skipped\":2,\"failed\":0");
}

/* Every value of every enumeration has its word. */
static void
test_json_plan__words(void **state)
{
	static const char *const skips[] = {"symlink", "special", "unreadable",
	    "changed_during_sync", "invalid_name", "equal_mtime", "placeholder",
	    "held_copy", "direction", "policy"};
	static const char *const kinds[] = {"both_modified", "both_created",
	    "modified_deleted", "deleted_modified", "type_changed",
	    "case_collision", "group", "provider_copy"};
	static const char *const ends[] = {
	    "null", "\"local\"", "\"cloud\"", "\"both\"", "\"merged\""};
	struct str want = STR_INIT;
	struct scene s;
	UNUSED(state);
	scene_init(&s);
	for (size_t i = 0; i < COUNT_OF(skips); i++) {
		scene_skip(&s, (enum plan_skip)i, SIDE_CLOUD, "p");
		str_addf(&want,
		    "%s{\"path\":\"p\",\"side\":\"cloud\",\"reason\":\"%s\"}",
		    i > 0 ? "," : "[", skips[i]);
	}
	s.plan.nskipped = COUNT_OF(skips);
	assert_holds(&s, want.p);
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		scene_conflict(&s, (enum plan_kind)i, PLAN_UNRESOLVED, "p");
		str_clear(&want);
		str_addf(&want, "\"kind\":\"%s\"", kinds[i]);
		assert_holds(&s, want.p);
	}
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		scene_conflict(&s, PLAN_GROUP, (enum plan_resolution)i, "p");
		str_clear(&want);
		str_addf(&want, "\"resolution\":%s}", ends[i]);
		assert_holds(&s, want.p);
	}
	str_free(&want);
}

static void
test_json_plan__notes(void **state)
{
	struct scene s;
	struct strlist notes = STRLIST_INIT;
	UNUSED(state);
	scene_init(&s);
	strlist_add(&notes, "an \xff");
	strlist_add(&notes, "other");
	s.view.notes = &notes;
	assert_holds(&s, "\"notes\":[\"an \xef\xbf\xbd\",\"other\"]}");
	strlist_free(&notes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_json_plan__nothing),
	    cmocka_unit_test(test_json_plan__actions),
	    cmocka_unit_test(test_json_plan__conflicts),
	    cmocka_unit_test(test_json_plan__skipped),
	    cmocka_unit_test(test_json_plan__words),
	    cmocka_unit_test(test_json_plan__notes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
