#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "model/remember.h"

enum { PATHS_MAX = 8, TEXT_MAX = 200 };

/* What an undo did. */
struct did {
	enum intent_kind kind;
	const char *path;
	const char *from; /* MOVE */
	bool dir;         /* MOVE: of a directory */
	bool failed;
};

/* Ledgers are words, in tree order: a path and the size agreed there. */
static const struct {
	const char *what;
	const char *last, *before;
	struct did did[4];
	const char *want;
} cases[] = {
    {"nothing was done", "a:1 b:1", "a:2 c:2", {{0}}, "a:1 b:1"},
    {"a file came back", "a:1 b:1", "a:2 b:2", {{INTENT_PUT, .path = "a"}},
	"a:2 b:1"},
    {"a deleted one", "b:1", "a:2 b:1", {{INTENT_PUT, .path = "a"}}, "a:2 b:1"},
    {"a new one went", "a:1 b:1", "a:1", {{INTENT_REMOVE, .path = "b"}}, "a:1"},
    {"both at the end", "y:1 z:1", "z:2",
	{{INTENT_REMOVE, .path = "y"}, {INTENT_PUT, .path = "z"}}, "z:2"},
    {"it could not be done", "a:1", "a:2",
	{{INTENT_PUT, .path = "a", .failed = true}}, "a:1"},
    {"neither ledger knows it", "a:1", "a:1", {{INTENT_PUT, .path = "x"}},
	"a:1"},
    {"a rename went back", "new:1", "old:2",
	{{INTENT_MOVE, .path = "old", .from = "new"}}, "old:2"},
    {"a directory's rename takes all in it along", "new:1 new/in/f:1 newer:1",
	"old:2 old/in/f:2 older:2",
	{{INTENT_MOVE, .path = "old", .from = "new", .dir = true}},
	"newer:1 old:2 old/in/f:2"},
    {"a file's does not", "new/f:1", "new/f:2 old:2",
	{{INTENT_MOVE, .path = "old", .from = "new"}}, "new/f:1 old:2"},
    {"a directory that was made says nothing of what is in it", "d:1 d/f:1",
	"d:2 d/f:2", {{INTENT_MKDIR, .path = "d"}}, "d:2 d/f:1"},
    {"no ledger from before", "a:1 b:1", "", {{INTENT_PUT, .path = "a"}},
	"b:1"},
    {"no ledger since", "", "a:2 b:2", {{INTENT_PUT, .path = "a"}}, "a:2"},
};

struct book {
	struct agreed_record v[PATHS_MAX];
	char names[TEXT_MAX];
	struct agreed agreed;
};

static void
write_book(struct book *b, const char *words)
{
	char path[32];
	char size;
	int used;
	uint64_t at = 0;
	memset(b, 0, sizeof(*b));
	b->agreed = (struct agreed){.v = b->v, .names = b->names};
	while (sscanf(words, " %31[^: ]:%c%n", path, &size, &used) == 2) {
		size_t n = strlen(path);
		memcpy(b->names + at, path, n);
		b->v[b->agreed.n++] = (struct agreed_record){.path_at = at,
		    .path_len = (uint32_t)n,
		    .size = (uint64_t)(size - '0')};
		at += n;
		words += used;
	}
}

static void
tell(struct story *s, const struct did *did)
{
	struct intent i = {.kind = (uint8_t)did->kind,
	    .path = did->path,
	    .path_len = strlen(did->path),
	    .from = did->from,
	    .from_len = did->from != NULL ? strlen(did->from) : 0,
	    .victim = {.type = did->dir ? ENTRY_DIR : ENTRY_FILE}};
	struct deed *d = story_add(s, &i);
	d->done = true;
	d->applied = !did->failed;
}

static void
append(void *arg, const struct agreed_record *r, const char *path, size_t n)
{
	char *text = arg;
	size_t used = strlen(text);
	(void)snprintf(text + used, TEXT_MAX - used, "%s%.*s:%u",
	    used > 0 ? " " : "", (int)n, path, (unsigned)r->size);
}

static void
test_remember_back__cases(void **state)
{
	UNUSED(state);
	for (size_t c = 0; c < COUNT_OF(cases); c++) {
		struct book last, before;
		struct story story = {.n = 0};
		char got[TEXT_MAX] = "";
		struct remember_sink sink = {.record = append, .arg = got};
		write_book(&last, cases[c].last);
		write_book(&before, cases[c].before);
		for (size_t i = 0; i < COUNT_OF(cases[c].did); i++)
			if (cases[c].did[i].path != NULL)
				tell(&story, &cases[c].did[i]);
		remember_back(&last.agreed, &before.agreed, &story, &sink);
		if (strcmp(got, cases[c].want) != 0)
			fail_msg("%s: '%s', not '%s'", cases[c].what, got,
			    cases[c].want);
		story_free(&story);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_remember_back__cases),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
