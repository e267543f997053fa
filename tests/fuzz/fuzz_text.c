#include <string.h>

#include "base/text.h"
#include "base/unicode.h"
#include "base/utf8.h"
#include "fuzz.h"

/* Valid UTF-8 without a control, a line of its own or a change of direction;
   but for the line breaks a message may keep. */
static void
check_harmless(const struct str *s, bool lines)
{
	for (size_t at = 0; at < s->len;) {
		int32_t cp;
		at += utf8_next(s->p + at, s->len - at, &cp);
		CHECK(cp >= 0x20 || (lines && cp == '\n'));
		CHECK(cp < 0x7F || cp >= 0xA0);
		CHECK(cp != 0x61C && cp != 0x200E && cp != 0x200F);
		CHECK(cp < 0x2028 || cp > 0x202E);
		CHECK(cp < 0x2066 || cp > 0x2069);
		CHECK(cp != 0xFEFF && (cp < 0xE0000 || cp > 0xE007F));
	}
}

static void
check_show(const char *s, size_t n)
{
	struct str once = STR_INIT;
	struct str twice = STR_INIT;
	text_show(&once, s, n);
	check_harmless(&once, false);
	text_show(&twice, once.p, once.len);
	CHECK(strcmp(once.p, twice.p) == 0);
	for (size_t width = 0; width < 30; width++) {
		str_clear(&twice);
		text_fit(&twice, s, n, width);
		check_harmless(&twice, false);
		CHECK(text_width(twice.p, twice.len) <= width);
	}
	str_free(&once);
	str_free(&twice);
}

static void
check_writers(const char *s, size_t n)
{
	struct str out = STR_INIT;
	text_message(&out, s, n);
	check_harmless(&out, true);
	str_clear(&out);
	text_quote(&out, s, n);
	check_harmless(&out, false);
	CHECK(out.len > 0);
	str_clear(&out);
	text_json(&out, s, n);
	check_harmless(&out, false);
	CHECK(out.len >= 2 && out.p[0] == '"' && out.p[out.len - 1] == '"');
	str_free(&out);
}

/* A key is its own key, and so is a composed name. */
static void
check_unicode(const char *s, size_t n)
{
	struct str once = STR_INIT;
	struct str twice = STR_INIT;
	unicode_fold(&once, s, n);
	unicode_fold(&twice, once.p, once.len);
	CHECK(n > 1000 || strcmp(once.p, twice.p) == 0);
	str_clear(&once);
	str_clear(&twice);
	unicode_nfc(&once, s, n);
	unicode_nfc(&twice, once.p, once.len);
	CHECK(n > 1000 || strcmp(once.p, twice.p) == 0);
	CHECK(utf8_valid(s, n) == utf8_valid(once.p, once.len));
	str_free(&once);
	str_free(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"status", "sync", "pull", NULL};
	const char *s = (const char *)data;
	check_show(s, size);
	check_writers(s, size);
	check_unicode(s, size);
	struct str word = STR_INIT;
	str_addn(&word, s, size);
	text_nearest(word.p, names);
	str_free(&word);
	return 0;
}
