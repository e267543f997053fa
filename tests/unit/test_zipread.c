#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "store/zip/zipfile.h"
#include "store/zip/zipread.h"
#include "support/tempdir.h"

/* ---- archives ------------------------------------------------------------ */

static void
put_bytes(struct tempdir *t, const char *name, const struct str *bytes)
{
	struct err e;
	struct plat_file f;
	if (plat_unlink(t->dir, name, &e) < 0)
		fail();
	assert_done(plat_create(&f, t->dir, name, &e), &e);
	assert_done(plat_write(f, bytes->p, bytes->len, &e), &e);
	assert_done(plat_close(&f, &e), &e);
}

/* An archive of "one", "dir/two" (large) and "three" (empty). */
static void
make_archive(struct str *out, struct tempdir *t)
{
	struct err e;
	struct plat_file f;
	struct zipfile *z;
	struct str text = STR_INIT;
	struct stamp when = {.sec = 1000000000};
	assert_done(plat_create(&f, t->dir, "z", &e), &e);
	assert_done(zipfile_create(&z, f, &e), &e);
	str_add(&text, "first");
	assert_done(zipfile_add_text(z, "one", when, &text, &e), &e);
	str_clear(&text);
	for (uint32_t x = 1; text.len < 200000;) {
		x = x * 1664525 + 1013904223;
		str_addc(&text, (char)(x >> 28));
	}
	assert_done(zipfile_add_text(z, "dir/two", when, &text, &e), &e);
	struct hash want = hash_of(text.p, text.len);
	assert_true(hash_equal(zipfile_hash(z), want));
	str_clear(&text);
	assert_done(zipfile_add_text(z, "three", when, &text, &e), &e);
	assert_done(zipfile_finish(z, &e), &e);
	assert_done(plat_close(&f, &e), &e);
	str_free(&text);

	size_t got = 1;
	assert_int_equal(plat_open(&f, t->dir, "z", &e), 0);
	while (got > 0) {
		char piece[4096];
		assert_done(plat_read(f, piece, sizeof(piece), &got, &e), &e);
		str_addn(out, piece, got);
	}
	assert_done(plat_close(&f, &e), &e);
	assert_done(plat_unlink(t->dir, "z", &e), &e);
}

static int
collect(void *arg, const void *bytes, size_t n, struct err *e)
{
	UNUSED(e);
	str_addn(arg, bytes, n);
	return 0;
}

/* Open, and read everything. -1 when anything is wrong. */
static int
read_all(struct tempdir *t, const char *name, struct str *out, struct err *e)
{
	struct plat_file f;
	struct zipread *z = NULL;
	assert_int_equal(plat_open(&f, t->dir, name, e), 0);
	int rc = zipread_open(&z, f, e);
	for (size_t i = 0; rc == 0 && i < zipread_count(z); i++) {
		const struct zipread_entry *entry = zipread_at(z, i);
		str_addf(out, "[%.*s]", (int)entry->name_len, entry->name);
		rc = zipread_content(z, entry, collect, out, e);
	}
	zipread_close(z);
	(void)plat_close(&f, NULL);
	return rc;
}

static void
test_zipread__what_was_written(void **state)
{
	struct tempdir *t = *state;
	struct str bytes = STR_INIT, text = STR_INIT;
	struct plat_file f;
	struct zipread *z;
	struct err e;
	make_archive(&bytes, t);
	put_bytes(t, "a", &bytes);
	assert_int_equal(plat_open(&f, t->dir, "a", &e), 0);
	assert_done(zipread_open(&z, f, &e), &e);
	assert_int_equal(zipread_count(z), 3);
	assert_memory_equal(zipread_at(z, 1)->name, "dir/two", 7);
	assert_int_equal(zipread_at(z, 1)->size, 200000);
	assert_int_equal(zipread_at(z, 1)->type, ZIPREAD_FILE);
	assert_int_equal(zipread_at(z, 1)->mode, 0600);

	static const char *const absent[] = {
	    "", "o", "onee", "two", "dir/", "zz"};
	for (size_t i = 0; i < COUNT_OF(absent); i++)
		assert_null(zipread_find(z, absent[i], strlen(absent[i])));
	assert_null(zipread_find(z, bytes.p, 70000));
	/* In any order, and again. */
	static const struct {
		const char *name, *content;
	} found[] = {{"three", ""}, {"one", "first"}, {"one", "first"}};
	for (size_t i = 0; i < COUNT_OF(found); i++) {
		const char *name = found[i].name;
		str_clear(&text);
		assert_done(
		    zipread_content(z, zipread_find(z, name, strlen(name)),
			collect, &text, &e),
		    &e);
		assert_string_equal(text.p, found[i].content);
	}
	zipread_close(z);
	zipread_close(NULL);
	assert_done(plat_close(&f, &e), &e);
	str_free(&bytes);
	str_free(&text);
}

static int
stop(void *arg, const void *bytes, size_t n, struct err *e)
{
	UNUSED(bytes);
	UNUSED(n);
	++*(int *)arg;
	return err_set(e, ERR_CANCELLED, "enough");
}

static void
test_zipread__stops_when_told(void **state)
{
	struct tempdir *t = *state;
	struct str bytes = STR_INIT;
	struct plat_file f;
	struct zipread *z;
	struct err e;
	int calls = 0;
	make_archive(&bytes, t);
	put_bytes(t, "a", &bytes);
	assert_int_equal(plat_open(&f, t->dir, "a", &e), 0);
	assert_done(zipread_open(&z, f, &e), &e);
	int rc = zipread_content(z, zipread_at(z, 1), stop, &calls, &e);
	assert_failed(rc, &e, ERR_CANCELLED);
	assert_int_equal(calls, 1);
	zipread_close(z);
	assert_done(plat_close(&f, &e), &e);
	/* The file is not there any more. */
	assert_int_equal(zipread_open(&z, f, &e), -1);
	str_free(&bytes);
}

static void
test_zipread__empty_archive(void **state)
{
	struct tempdir *t = *state;
	static const char end[22] = {'P', 'K', 5, 6};
	struct str bytes = STR_INIT, text = STR_INIT;
	struct err e;
	str_addn(&bytes, end, sizeof(end));
	put_bytes(t, "a", &bytes);
	assert_done(read_all(t, "a", &text, &e), &e);
	assert_string_equal(text.p, "");
	str_free(&bytes);
}

/* A comment is no reason not to find the directory. */
static void
test_zipread__comment(void **state)
{
	struct tempdir *t = *state;
	struct str bytes = STR_INIT, text = STR_INIT;
	struct err e;
	make_archive(&bytes, t);
	static const char comment[] = "PK\5\6 and what else people write there";
	bytes.p[bytes.len - 2] = (char)strlen(comment);
	str_add(&bytes, comment);
	put_bytes(t, "a", &bytes);
	assert_done(read_all(t, "a", &text, &e), &e);
	assert_non_null(strstr(text.p, "[one]first"));
	str_free(&bytes);
	str_free(&text);
}

/* ---- broken ones --------------------------------------------------------- */

static void
test_zipread__cut_short(void **state)
{
	struct tempdir *t = *state;
	struct str bytes = STR_INIT, text = STR_INIT;
	struct err e;
	make_archive(&bytes, t);
	size_t steps[] = {1, 2, 21, 22, 23, 60, 100, bytes.len - 1000,
	    bytes.len - 30, bytes.len - 1, bytes.len};
	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		struct str cut = STR_INIT;
		str_addn(&cut, bytes.p, bytes.len - steps[i]);
		put_bytes(t, "a", &cut);
		assert_failed(read_all(t, "a", &text, &e), &e, ERR_CORRUPT);
		str_free(&cut);
	}
	str_free(&bytes);
	str_free(&text);
}

/* Every byte of the small parts, every bit of it: found out, or harmless. */
static void
test_zipread__flipped_bits(void **state)
{
	struct tempdir *t = *state;
	struct str bytes = STR_INIT, whole = STR_INIT;
	struct err e;
	size_t wrong = 0;
	make_archive(&bytes, t);
	put_bytes(t, "a", &bytes);
	assert_done(read_all(t, "a", &whole, &e), &e);
	for (size_t at = 0; at < bytes.len; at++) {
		if (at == 120)
			at = bytes.len - 330;
		for (int bit = 0; bit < 8; bit++) {
			struct str text = STR_INIT;
			bytes.p[at] ^= (char)(1 << bit);
			put_bytes(t, "a", &bytes);
			int rc = read_all(t, "a", &text, &e);
			bytes.p[at] ^= (char)(1 << bit);
			wrong += rc != 0;
			/* Otherwise it was a time, a mode or a version. */
			if (rc == 0)
				assert_string_equal(text.p, whole.p);
			str_free(&text);
		}
	}
	assert_true(wrong > 1000);
	str_free(&bytes);
	str_free(&whole);
}

static size_t
find(const struct str *s, const char *what, size_t n, size_t from)
{
	for (size_t i = from; i + n <= s->len; i++) {
		if (memcmp(s->p + i, what, n) == 0)
			return i;
	}
	fail_msg("not found");
	return 0;
}

static void
set32(struct str *s, size_t at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		s->p[at + (size_t)i] = (char)(unsigned char)(v >> (8 * i));
}

/* What is changed in the description of the first entry, or in the end. */
static void
test_zipread__lies(void **state)
{
	static const struct {
		bool end;
		size_t at;
		uint32_t value;
		enum err_code code;
	} cases[] = {
	    {false, 8, 1 | 8, ERR_UNSUPPORTED},        /* encrypted */
	    {false, 8, 8 | 12 << 16, ERR_UNSUPPORTED}, /* bzip2 */
	    {false, 24, 4, ERR_CORRUPT},               /* smaller than it is */
	    {false, 24, 6, ERR_CORRUPT},               /* larger */
	    {false, 20, 0x7fffffff, ERR_CORRUPT},      /* beyond the end */
	    {false, 20, 0xffffffff, ERR_CORRUPT},
	    {false, 42, 5, ERR_CORRUPT}, /* where no entry begins */
	    {false, 42, 0x7fffffff, ERR_CORRUPT},
	    {false, 28, 4, ERR_CORRUPT}, /* the name runs on */
	    {false, 28, 0xffff, ERR_CORRUPT},
	    {false, 46, 'o' | 'n' << 8, ERR_CORRUPT}, /* NUL in it */
	    {false, 46, 't' | 'w' << 8 | 'o' << 16, ERR_CORRUPT},
	    {true, 8, 4 | 4 << 16, ERR_CORRUPT}, /* so many entries */
	    {true, 8, 2 | 2 << 16, ERR_CORRUPT},
	    {true, 12, 20, ERR_CORRUPT}, /* the directory's length */
	    {true, 12, 0x40000000, ERR_CORRUPT},
	    {true, 16, 0x40000000, ERR_CORRUPT}, /* and where it begins */
	    {true, 16, 3, ERR_CORRUPT},
	};
	struct tempdir *t = *state;
	struct str bytes = STR_INIT;
	struct err e;
	make_archive(&bytes, t);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str lie = STR_INIT, text = STR_INIT;
		str_addn(&lie, bytes.p, bytes.len);
		size_t base = find(
		    &lie, cases[i].end ? "PK\5\6" : "PK\1\2", 4, lie.len - 300);
		set32(&lie, base + cases[i].at, cases[i].value);
		put_bytes(t, "a", &lie);
		assert_failed(read_all(t, "a", &text, &e), &e, cases[i].code);
		/* No more was handed out than was declared. */
		if (cases[i].at == 24 && cases[i].value == 4)
			assert_string_equal(text.p, "[one]");
		str_free(&lie);
		str_free(&text);
	}
	str_free(&bytes);
}

static void
test_zipread__two_of_one_name(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	struct plat_file f;
	struct zipfile *z;
	struct str text = STR_INIT;
	assert_done(plat_create(&f, t->dir, "a", &e), &e);
	assert_done(zipfile_create(&z, f, &e), &e);
	for (int i = 0; i < 2; i++)
		assert_done(zipfile_add_text(
				z, "same", (struct stamp){.sec = 0}, &text, &e),
		    &e);
	assert_done(zipfile_finish(z, &e), &e);
	assert_done(plat_close(&f, &e), &e);
	assert_failed(read_all(t, "a", &text, &e), &e, ERR_CORRUPT);
	str_free(&text);
}

/* ---- what others pack ---------------------------------------------------- */

/* The first entry is given a mode, and another name of three bytes. */
static void
test_zipread__types(void **state)
{
	static const struct {
		const char *name;
		uint32_t made_by, mode;
		enum zipread_type type;
	} cases[] = {
	    {"one", 3, 0100644, ZIPREAD_FILE}, {"one", 3, 0644, ZIPREAD_FILE},
	    {"one", 3, 0120777, ZIPREAD_LINK}, {"one", 3, 0040755, ZIPREAD_DIR},
	    {"on/", 3, 0100644, ZIPREAD_DIR},
	    {"one", 3, 0020644, ZIPREAD_OTHER},
	    {"one", 3, 0104755, ZIPREAD_OTHER},
	    {"one", 3, 0102755, ZIPREAD_OTHER},
	    {"one", 0, 0120777, ZIPREAD_FILE}, /* DOS has no modes */
	};
	struct tempdir *t = *state;
	struct str bytes = STR_INIT;
	struct err e;
	make_archive(&bytes, t);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct plat_file f;
		struct zipread *z;
		size_t base = find(&bytes, "PK\1\2", 4, bytes.len - 300);
		bytes.p[base + 5] = (char)cases[i].made_by;
		set32(&bytes, base + 38, cases[i].mode << 16);
		memcpy(bytes.p + base + 46, cases[i].name, 3);
		put_bytes(t, "a", &bytes);
		assert_int_equal(plat_open(&f, t->dir, "a", &e), 0);
		assert_done(zipread_open(&z, f, &e), &e);
		assert_int_equal(zipread_at(z, 0)->type, cases[i].type);
		assert_int_equal(zipread_at(z, 0)->mode,
		    cases[i].made_by == 3 ? cases[i].mode & 0777 : 0);
		zipread_close(z);
		assert_done(plat_close(&f, &e), &e);
	}
	str_free(&bytes);
}

static void
put_le(struct str *s, uint64_t v, int n)
{
	for (int i = 0; i < n; i++)
		str_addc(s, (char)(unsigned char)(v >> (8 * i)));
}

/* A stored entry, described the way of archives beyond 4 GiB; *spoil* spoils
   one thing about it. */
static void
make_zip64(struct str *s, int spoil)
{
	static const char text[] = "hello";
	str_add(s, "PK\3\4");
	put_le(s, 45, 2);
	put_le(s, 0, 2 + 2 + 2 + 2);
	put_le(s, 0x3610a686, 4); /* the CRC of the text */
	put_le(s, 5, 4);
	put_le(s, 5, 4);
	put_le(s, 1, 2);
	put_le(s, 0, 2);
	str_addc(s, 'x');
	str_add(s, text);
	uint64_t start = s->len;
	str_add(s, "PK\1\2");
	put_le(s, 45 | 45 << 16, 4);
	put_le(s, 0, 8);
	put_le(s, 0x3610a686, 4);
	put_le(s, UINT32_MAX, 4);
	put_le(s, UINT32_MAX, 4);
	unsigned extra = spoil == 5 ? 20 : 36;
	put_le(s, 1 | extra << 16, 4);
	put_le(s, 0, 8);
	put_le(s, 0, 2);
	put_le(s, UINT32_MAX, 4);
	str_addc(s, 'x');
	put_le(s, 0x5455, 2); /* a field to be passed over */
	put_le(s, spoil == 1 ? 900 : 4, 2);
	put_le(s, 0, 4);
	put_le(s, 1, 2);
	put_le(s, spoil == 2 ? 16 : 24, 2);
	put_le(s, 5, 8);
	put_le(s, 5, 8);
	put_le(s, 0, 8);
	uint64_t end = s->len;
	str_add(s, spoil == 3 ? "PK\6\5" : "PK\6\6");
	put_le(s, 44, 8);
	put_le(s, 45 | 45 << 16, 4);
	put_le(s, 0, 8);
	put_le(s, 1, 8);
	put_le(s, 1, 8);
	put_le(s, end - start, 8);
	put_le(s, start, 8);
	str_add(s, "PK\6\7");
	put_le(s, 0, 4);
	put_le(s, spoil == 4 ? UINT64_MAX - 8 : end, 8);
	put_le(s, 1, 4);
	str_add(s, "PK\5\6");
	put_le(s, 0, 4);
	put_le(s, UINT32_MAX, 4);
	put_le(s, UINT32_MAX, 4);
	put_le(s, UINT32_MAX, 4);
	put_le(s, 0, 2);
}

static void
test_zipread__beyond_4_gib(void **state)
{
	struct tempdir *t = *state;
	for (int spoil = 0; spoil < 6; spoil++) {
		struct str bytes = STR_INIT, text = STR_INIT;
		struct err e;
		make_zip64(&bytes, spoil);
		put_bytes(t, "a", &bytes);
		int rc = read_all(t, "a", &text, &e);
		if (spoil == 0) {
			assert_done(rc, &e);
			assert_string_equal(text.p, "[x]hello");
		} else {
			assert_failed(rc, &e, ERR_CORRUPT);
		}
		str_free(&bytes);
		str_free(&text);
	}
}

int
main(void)
{
#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, tempdir_setup, tempdir_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_zipread__what_was_written),
	    TEST(test_zipread__stops_when_told),
	    TEST(test_zipread__empty_archive),
	    TEST(test_zipread__comment),
	    TEST(test_zipread__cut_short),
	    TEST(test_zipread__flipped_bits),
	    TEST(test_zipread__lies),
	    TEST(test_zipread__two_of_one_name),
	    TEST(test_zipread__types),
	    TEST(test_zipread__beyond_4_gib),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
