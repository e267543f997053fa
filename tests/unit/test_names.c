#include "model/plan/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"

#define DEVICE "is the name of a device on Windows"
#define CHARACTER "holds one of < > : \" / \\ | ? *"
#define CONTROL "holds a control character"
#define DOT "ends with a dot"
#define SPACE "ends with a space"
#define NOT_UTF8 "is not UTF-8"
#define REFUSED "is a name OneDrive refuses"

struct example {
	const char *path;
	const char *windows, *onedrive; /* NULL: fine */
};

static const struct example examples[] = {
    {"a", NULL, NULL},
    {"a b.txt", NULL, NULL},
    {".gitignore", NULL, NULL},
    {"con", DEVICE, DEVICE},
    {"d/CON", DEVICE, DEVICE},
    {"con/a", NULL, NULL}, /* con itself is judged where it stands */
    {"Prn.txt", DEVICE, DEVICE},
    {"aux.tar.gz", DEVICE, DEVICE},
    {"nul .txt", DEVICE, DEVICE},
    {"COM0", DEVICE, DEVICE},
    {"com9.x", DEVICE, DEVICE},
    {"lpt5", DEVICE, DEVICE},
    {"COM\xC2\xB9", DEVICE, DEVICE},
    {"lpt\xC2\xB2.txt", DEVICE, DEVICE},
    {"LPT\xC2\xB3", DEVICE, DEVICE},
    {"COM\xC2\xB4", NULL, NULL},
    {"COM\xC3\xB9", NULL, NULL},
    {"com", NULL, NULL},
    {"com10", NULL, NULL},
    {"COMx", NULL, NULL},
    {"co", NULL, NULL},
    {"conx", NULL, NULL},
    {"xcon", NULL, NULL},
    {"a.con", NULL, NULL},
    {"con1", NULL, NULL},
    {"a.", DOT, DOT},
    {"a ", SPACE, SPACE},
    {"a. b", NULL, NULL},
    {"a:b", CHARACTER, CHARACTER},
    {"d/a?", CHARACTER, CHARACTER},
    {"a\\b", CHARACTER, CHARACTER},
    {"a<", CHARACTER, CHARACTER},
    {"a>", CHARACTER, CHARACTER},
    {"\"", CHARACTER, CHARACTER},
    {"|", CHARACTER, CHARACTER},
    {"*", CHARACTER, CHARACTER},
    {"a\nb", CONTROL, CONTROL},
    {"\x1F", CONTROL, CONTROL},
    {"\x01", CONTROL, CONTROL},
    {"\x7F", NULL, NULL},
    {"\xFF", NOT_UTF8, NOT_UTF8},
    {"a\xC3", NOT_UTF8, NOT_UTF8},
    {"d\xFF/a", NULL, NULL},
    /* WTF-8: a surrogate alone, and two that ought to be one character. */
    {"\xED\xA0\x80", NULL, NULL},
    {"\xED\xBF\xBF\xED\xA0\x80", NULL, NULL},
    {"\xED\xA0\x80x\xED\xB0\x80", NULL, NULL},
    {"\xED\xA0\x80\xED\xB0\x80", NOT_UTF8, NOT_UTF8},
    {"\xED\xA0", NOT_UTF8, NOT_UTF8},
    {"\xED\xA0x", NOT_UTF8, NOT_UTF8},
    {" a", NULL, "begins with a space, which OneDrive refuses"},
    {"d/~a", NULL, "begins with ~, which OneDrive refuses"},
    {"a~", NULL, NULL},
    {".lock", NULL, REFUSED},
    {".LOCK", NULL, REFUSED},
    {"a.lock", NULL, NULL},
    {"Desktop.INI", NULL, REFUSED},
    {"desktop.init", NULL, NULL},
    {"desktop.in", NULL, NULL},
    {"a_VTI_b", NULL, "holds _vti_, which OneDrive refuses"},
    {"_vti", NULL, NULL},
};

static void
check(const char *path, size_t n, unsigned who, const char *expected)
{
	const char *why = names_forbidden(path, n, who);
	if (expected == NULL ? why != NULL
			     : why == NULL || strcmp(why, expected) != 0)
		fail_msg("%.*s for %u: %s", (int)n, path, who,
		    why != NULL ? why : "fine");
}

static void
test_names__forbidden(void **state)
{
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(examples); i++) {
		const struct example *e = &examples[i];
		size_t n = strlen(e->path);
		check(e->path, n, 0, NULL);
		check(e->path, n, NAMES_FOLD, NULL);
		check(e->path, n, NAMES_WINDOWS, e->windows);
		check(e->path, n, NAMES_WINDOWS | NAMES_FOLD, e->windows);
		check(e->path, n, NAMES_ONEDRIVE, e->onedrive);
		check(e->path, n, NAMES_ONEDRIVE | NAMES_WINDOWS, e->onedrive);
	}
}

static void
test_names__too_long(void **state)
{
	UNUSED(state);
	static const struct {
		const char *piece;
		size_t fits; /* so many of them */
	} pieces[] = {{"a", 255}, {"\xC3\xA9", 255}, {"\xE2\x82\xAC", 255},
	    {"\xF0\x9F\x98\x80", 127}, {"\xED\xB0\x80", 255}};
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		struct str name = STR_INIT;
		str_add(&name, "d/");
		for (size_t k = 0; k < pieces[i].fits; k++)
			str_add(&name, pieces[i].piece);
		check(name.p, name.len, NAMES_WINDOWS, NULL);
		str_add(&name, pieces[i].piece);
		check(name.p, name.len, NAMES_WINDOWS,
		    "is longer than 255 characters");
		str_free(&name);
	}
}

static void
test_names__long_path(void **state)
{
	UNUSED(state);
	static const char why[] =
	    "has a path of 400 characters or more, which OneDrive refuses";
	struct str path = STR_INIT;
	for (int i = 0; i < 39; i++)
		str_add(&path, "123456789/");
	str_add(&path, "12345678\xC3\xA9");
	check(path.p, path.len, NAMES_ONEDRIVE, NULL);
	check(path.p, path.len, NAMES_WINDOWS, NULL);
	str_addc(&path, 'x');
	check(path.p, path.len, NAMES_ONEDRIVE, why);
	check(path.p, path.len, NAMES_WINDOWS, NULL);
	/* Where a directory above is no UTF-8, that is what is wrong. */
	path.p[0] = '\xFF';
	check(path.p, path.len, NAMES_ONEDRIVE, NULL);
	str_free(&path);
}

static void
test_names__key(void **state)
{
	UNUSED(state);
	static const struct {
		const char *a, *b;
		bool same;
	} pairs[] = {
	    {"a/B", "A/b", true},
	    {"a/b", "a/c", false},
	    {"\xC3\xA9", "e\xCC\x81", true},
	    {"\xC3\x89/x", "e\xCC\x81/X", true},
	    {"e", "\xC3\xA9", false},
	    /* A mark at the beginning of a part joins nothing before it. */
	    {"e/\xCC\x81", "e\xCC\x81/", false},
	    {"\xFF", "\xFF", true},
	    {"\xFF", "\xFE", false},
	    {"a", "a/", false},
	};
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		struct str a = STR_INIT;
		struct str b = STR_INIT;
		names_key(&a, pairs[i].a, strlen(pairs[i].a));
		names_key(&b, pairs[i].b, strlen(pairs[i].b));
		bool same = a.len == b.len && memcmp(a.p, b.p, a.len) == 0;
		if (same != pairs[i].same)
			fail_msg("%s and %s", pairs[i].a, pairs[i].b);
		str_free(&a);
		str_free(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names__forbidden),
	    cmocka_unit_test(test_names__too_long),
	    cmocka_unit_test(test_names__long_path),
	    cmocka_unit_test(test_names__key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
