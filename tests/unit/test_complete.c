/*
 * The judge of completeness: what the folder holds against what is claimed, one
 * path at a time (docs/handoff.md, H8 and H9).
 */
#include <string.h>

#include "base/glob.h"
#include "base/mem.h"
#include "model/cloud/complete.h"
#include "support/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* ---- claims as text: "p=A q=-|B": in tree order ---- */

struct told {
	struct claims c;
	const char *p;
};

static struct version
version_of(char content, uint32_t machine)
{
	struct version v = {.machine = machine, .generation = 1};
	if (content == '-')
		return v;
	v.type = ENTRY_FILE;
	v.size = content_size(content);
	v.hash = hash_of_content(ENTRY_FILE, content);
	return v;
}

static bool
next_told(struct claims *c)
{
	struct told *t = (struct told *)c;
	t->p += strspn(t->p, " ");
	if (*t->p == '\0')
		return false;
	c->now = (struct claim){.path = t->p, .path_len = strcspn(t->p, "=")};
	t->p += c->now.path_len;
	while (*t->p == '=' || *t->p == '|') {
		c->now.v[c->now.n] = version_of(t->p[1], c->now.n);
		c->now.n++;
		t->p += 2;
	}
	return true;
}

static void
tell(struct told *out, const char *text)
{
	*out = (struct told){.c = {.next = next_told}, .p = text};
	claims_begin(&out->c);
}

/* ---- looking ---- */

/* Z is what was allotted and never written. */
static struct hash
hash_of_entry(const struct entry *e)
{
	char zeros[4096] = {0};
	assert_true(e->size <= sizeof(zeros));
	if (e->nlink == 'Z')
		return hash_of(zeros, (size_t)e->size);
	return hash_of_content(ENTRY_FILE, (char)e->nlink);
}

static size_t
read_needed(struct planned *p)
{
	size_t n = 0;
	for (size_t i = 0; i < p->items.n; i++) {
		struct item *it = &p->items.v[i];
		for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
			if ((it->needs & (NEEDS_HASH << s)) == 0)
				continue;
			tree_set_hash(&p->trees[s], it->entry[s],
			    hash_of_entry(it->entry[s]));
			n += s == SIDE_CLOUD;
		}
	}
	return n;
}

struct judged {
	struct str text; /* "p missing, q still the old version" */
	size_t read;     /* files of the cloud folder */
};

static void
judge(struct judged *out, const char *world, const char *claims, int64_t newest)
{
	struct world w;
	struct planned p;
	struct told told;
	struct complete faults;
	struct glob group;
	struct strlist hidden = STRLIST_INIT;
	struct filter_rules hides = {.exclude = &hidden};
	const char *why;
	*out = (struct judged){.text = STR_INIT};
	assert_int_equal(glob_parse(&group, "g/", 2, &why), 0);
	strlist_add(&hidden, "*.skip");
	world_init(&w);
	world_read(&w, world);
	world_build(&p, &w, 0);
	classify(&p.items, p.trees, &p.agreed, &w.look);
	tell(&told, claims);
	complete_ask(&p.items, &told.c, COMPLETE_ASK);
	out->read = read_needed(&p);
	classify_settle(&p.items, &w.look);
	tell(&told, claims);
	struct complete_input in = {.items = &p.items,
	    .agreed = &p.agreed,
	    .cloud = &p.trees[SIDE_CLOUD],
	    .filter = filter_new(&hides, NULL),
	    .expected = &told.c,
	    .newest = newest,
	    .groups = &group,
	    .ngroups = 1};
	complete_judge(&faults, &in);
	for (size_t i = 0; i < faults.n; i++)
		str_addf(&out->text, "%s%.*s %s", i > 0 ? ", " : "",
		    (int)faults.v[i].path_len, faults.v[i].path,
		    complete_word(faults.v[i].why));
	complete_free(&faults);
	filter_destroy((struct filter *)(uintptr_t)in.filter);
	strlist_free(&hidden);
	glob_free(&group);
	items_free(&p.items);
	world_unbuild(&p);
	world_free(&w);
}

/* ---- the table ---- */

enum { LONG_PAST = 0, TO_COME = 1 };

struct judged_case {
	const char *about, *world, *claims, *want;
	int newest; /* when the newest head was published */
	size_t read;
};

static const struct judged_case cases[] = {
    {"unchanged, and claimed so: unread", "p A A A", "p=A", "", 1, 0},
    {"not claimed, and not there", "p A . A", "", "", 1, 0},
    {"arrived", "p A B A", "p=B", "", 1, 1},
    {"news no machine knows of", "p . A .", "", "", 1, 0},
    {"news that is claimed", "p . A .", "p=A", "", 1, 1},
    {"missing", "", "p=A", "p missing", 1, 0},
    {"gone, though claimed", "p A . A", "p=A", "p missing", 1, 0},
    {"the edit has not arrived", "p A A A", "p=B", "p still the old version", 1,
	0},
    {"not even of the same size", "p B B B", "p=E", "p still the old version",
	1, 0},
    {"the old version, touched", "p A A@9 A", "p=B", "p still the old version",
	1, 1},
    {"the deletion has not arrived", "p A A A", "",
	"p deleted elsewhere, still here", 1, 0},
    {"nor here, where it was never known", "p . A .", "p=-",
	"p deleted elsewhere, still here", 1, 0},
    {"edited where it was deleted", "p . A .", "p=-", "p edited", 0, 0},
    {"garbled, of the right size", "p . B .", "p=E", "p something else", 1, 1},
    {"of another size, and older", "p . A .", "p=C", "p in part", 1, 0},
    {"whole and newer: by hand", "p A C A", "p=A", "p edited", 0, 0},
    {"either of two that stand open", "p . B .", "p=A|B", "", 1, 1},
    {"neither of two", "p . C .", "p=A|B", "p something else", 1, 0},
    {"gone or edited", "", "p=-|B", "", 1, 0},
    {"a group of one machine", "g/a . A .\ng/b . C .", "g/a=A|B g/b=C|D", "", 1,
	2},
    {"a group of two", "g/a . A .\ng/b . D .", "g/a=A|B g/b=C|D",
	"g/b not of the same machine as the rest", 1, 2},
    {"what the filter hides is not ours to judge", "", "p.skip=A", "", 1, 0},
    {"nor what cannot be read", "d / ?u /", "d/p=A", "", 1, 0},
    {"a placeholder", "p . ?p .", "p=A", "p not downloaded", 1, 0},
    {"a directory does not count", "d . / .", "", "", 1, 0},
    {"many, in tree order", "b A A A\nd . A .", "a=A b=B c=C d=A",
	"a missing, b still the old version, c missing", 1, 1},
};

static void
test_complete__judge(void **state)
{
	UNUSED(state);
	bool right = true;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct judged_case *c = &cases[i];
		struct judged j;
		judge(&j, c->world, c->claims,
		    c->newest == TO_COME ? INT64_MAX : INT64_MIN);
		if (strcmp(j.text.p, c->want) != 0 || j.read != c->read) {
			(void)fprintf(stderr, "%s: '%s', %zu read\n", c->about,
			    j.text.p, j.read);
			right = false;
		}
		str_free(&j.text);
	}
	assert_true(right);
}

/* A file that was only allotted. */
static void
test_complete__nothing_in_it(void **state)
{
	UNUSED(state);
	struct judged j;
	judge(&j, "p . Z .", "p=A", INT64_MAX);
	assert_string_equal(j.text.p, "p only zeros");
	str_free(&j.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_complete__judge),
	    cmocka_unit_test(test_complete__nothing_in_it),
	};
	return cmocka_run_group_tests_name("complete", tests, NULL, NULL);
}
