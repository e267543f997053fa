#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/num.h"
#include "base/str.h"
#include "scratch.h"
#include "store/zip/zipfile.h"
#include "store/zip/zipname.h"

/* In the place of plat_write: a disk with only so much room, and a file that
   changes while the archive is being written … */
#undef plat_write
int plat_write(struct plat_file f, const void *buf, size_t n, struct err *e);
int test_write(struct plat_file f, const void *buf, size_t n, struct err *e);

/* … and in the place of plat_read_at: a file with a bad block. */
#undef plat_read_at
int plat_read_at(struct plat_file f, void *buf, size_t n, uint64_t offset,
    size_t *got, struct err *e);
int test_read_at(struct plat_file f, void *buf, size_t n, uint64_t offset,
    size_t *got, struct err *e);

static uint64_t bad_from = UINT64_MAX;

int
test_read_at(struct plat_file f, void *buf, size_t n, uint64_t offset,
    size_t *got, struct err *e)
{
	if (offset + n > bad_from)
		return err_set(e, ERR_IO, "a bad block");
	return plat_read_at(f, buf, n, offset, got, e);
}

static size_t room = SIZE_MAX;
static struct plat_file changing = {.h = -1};
static uint64_t change_to; /* this size, at the first write */

int
test_write(struct plat_file f, const void *buf, size_t n, struct err *e)
{
	if (n > room)
		return err_set(e, ERR_NOSPACE, "the disk is full");
	room -= n;
	if (changing.h != -1) {
		assert_int_equal(plat_truncate(changing, change_to, e), 0);
		assert_int_equal(plat_close(&changing, e), 0);
	}
	return plat_write(f, buf, n, e);
}

struct scene {
	struct scratch dir;
	struct plat_file out;
	struct zipfile *zip;
	struct err e;
};

static void
begin(struct scene *s)
{
	room = SIZE_MAX;
	scratch_open(&s->dir);
	assert_int_equal(plat_create(&s->out, s->dir.dir, "a.zip", &s->e), 0);
	assert_int_equal(zipfile_create(&s->zip, s->out, &s->e), 0);
}

static int
add(struct scene *s, const char *name, const char *file, int64_t mtime)
{
	struct plat_file f;
	assert_int_equal(plat_open(&f, s->dir.dir, file, &s->e), 0);
	int rc = zipfile_add(
	    s->zip, name, 0640, (struct stamp){.sec = mtime}, f, &s->e);
	struct err ignored;
	plat_close(&f, &ignored);
	return rc;
}

static void
finish(struct scene *s)
{
	assert_int_equal(zipfile_finish(s->zip, &s->e), 0);
	assert_int_equal(plat_close(&s->out, &s->e), 0);
	scratch_check_zip(&s->dir, "a.zip");
}

static uint64_t
written(const struct scene *s)
{
	struct plat_stat st;
	struct err e;
	assert_int_equal(plat_stat(&st, s->dir.dir, "a.zip", &e), 0);
	return st.size;
}

static void
leave(struct scene *s)
{
	plat_close(&s->out, &s->e);
	scratch_close(&s->dir);
}

/* What read_zip.py says of the archive; the test is skipped without it. */
static void
read_back(struct str *out, struct scene *s)
{
#ifdef PYTHON
	struct str path = STR_INIT;
	str_addf(&path, "%s/a.zip", s->dir.path);
	int code = scratch_run(out, PYTHON, READ_ZIP, "--list", path.p);
	if (code != 0)
		fail_msg("python: %s", out->p);
	str_free(&path);
#else
	UNUSED(out);
	leave(s);
	print_message("no python3 to read the archive with\n");
	skip();
#endif
}

/* ---- names --------------------------------------------------------------- */

#define FFFD "\xEF\xBF\xBD"

static const struct {
	const char *name, *stored;
} names[] = {
    {"plain.txt", "plain.txt"},
    {"a dir/with some/file", "a dir/with some/file"},
    {"B\xC3\xBCro/\xC3\xA9t\xC3\xA9", "B\xC3\xBCro/\xC3\xA9t\xC3\xA9"},
    {"e\xCC\x81 decomposed", "e\xCC\x81 decomposed"},
    {"\xD0\x9F\xD1\x80\xD0\xB8", "\xD0\x9F\xD1\x80\xD0\xB8"},
    {"\xE6\x97\xA5\xE6\x9C\xAC", "\xE6\x97\xA5\xE6\x9C\xAC"},
    {"\xD7\xA9\xD7\x9C \xD8\xB3", "\xD7\xA9\xD7\x9C \xD8\xB3"},
    {"\xE0\xA4\xA8\xE0\xA4\xAE", "\xE0\xA4\xA8\xE0\xA4\xAE"},
    {"\xF0\x9F\x98\x80 beyond the BMP", "\xF0\x9F\x98\x80 beyond the BMP"},
    {"back\\slash?*:\"<>|", "back\\slash?*:\"<>|"},
    {"line\nbreak\x1B[0m", "line\nbreak\x1B[0m"},
    /* not UTF-8: Latin-1, a lone surrogate, an overlong slash, a cut */
    {"caf\xE9", "caf" FFFD "E9"},
    {"\xED\xA0\x80", FFFD "ED" FFFD "A0" FFFD "80"},
    {"\xC0\xAF", FFFD "C0" FFFD "AF"},
    {"cut\xF0\x9F\x98", "cut" FFFD "F0" FFFD "9F" FFFD "98"},
    /* and what only looks as if it had not been */
    {"caf" FFFD "E9", "caf" FFFD "EF" FFFD "BF" FFFD "BDE9"},
    {FFFD "e9 " FFFD " " FFFD "A", FFFD "e9 " FFFD " " FFFD "A"},
};

static void
test_zipfile__names(void **state)
{
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct str out = STR_INIT;
		zipname_add(&out, names[i].name);
		assert_string_equal(out.p, names[i].stored);
		str_free(&out);
	}
}

static void
test_zipfile__names_as_others_read_them(void **state)
{
	UNUSED(state);
	struct scene s;
	begin(&s);
	scratch_put(&s.dir, "content", "x");
	for (size_t i = 0; i < COUNT_OF(names); i++)
		assert_int_equal(add(&s, names[i].name, "content", 0), 0);
	finish(&s);

	struct str listed = STR_INIT;
	read_back(&listed, &s);
	struct str want = STR_INIT;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *stored = names[i].stored;
		bool ascii = true;
		for (const char *p = stored; *p != '\0'; p++)
			ascii = ascii && (unsigned char)*p < 0x80;
		num_hex(&want, stored, strlen(stored));
		str_addf(&want, " %s 0o100640 1980 1 8cdc1683\n",
		    ascii ? "plain" : "utf8");
	}
	assert_string_equal(listed.p, want.p);
	str_free(&want);
	str_free(&listed);
	leave(&s);
}

static void
test_zipfile__names_no_zip_can_hold(void **state)
{
	UNUSED(state);
	struct scene s;
	begin(&s);
	scratch_put(&s.dir, "content", "x");
	struct str name = STR_INIT;
	while (name.len < 65535)
		str_addc(&name, 'n');
	assert_int_equal(add(&s, name.p, "content", 0), 0);
	str_addc(&name, 'n');
	assert_int_equal(add(&s, name.p, "content", 0), -1);
	assert_int_equal(s.e.code, ERR_NAME);
	assert_int_equal(add(&s, "", "content", 0), -1);
	assert_int_equal(s.e.code, ERR_NAME);
	str_free(&name);
	/* Neither has spoilt anything. */
	assert_int_equal(add(&s, "after", "content", 0), 0);
	assert_int_equal(zipfile_finish(s.zip, &s.e), 0);
	struct str listed = STR_INIT;
	read_back(&listed, &s);
	assert_non_null(strstr(listed.p, "\n6166746572 plain"));
	str_free(&listed);
	leave(&s);
}

/* ---- times and content --------------------------------------------------- */

static void
test_zipfile__times_are_clamped(void **state)
{
	static const struct {
		int64_t sec;
		const char *year;
	} cases[] = {
	    {INT64_MIN, "1980"},
	    {-1, "1980"},
	    {315532800 + 86400, "1980"},
	    {1795219897, "2026"},
	    {INT64_C(4294967295) + 86400, "2106"},
	    {INT64_MAX, "2106"},
	};
	UNUSED(state);
	struct scene s;
	begin(&s);
	scratch_put(&s.dir, "content", "x");
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(add(&s, "a", "content", cases[i].sec), 0);
	finish(&s);
	struct str listed = STR_INIT;
	struct str want = STR_INIT;
	read_back(&listed, &s);
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		str_addf(
		    &want, "61 plain 0o100640 %s 1 8cdc1683\n", cases[i].year);
	assert_string_equal(listed.p, want.p);
	str_free(&want);
	str_free(&listed);
	leave(&s);
}

static void
test_zipfile__content_of_every_size(void **state)
{
	static const struct {
		size_t size;
		const char *crc; /* of that many bytes 0, 1, … 250, 0, … */
	} cases[] = {
	    {0, "00000000"},
	    {1, "d202ef8d"},
	    {65535, NULL},
	    {65536, NULL},
	    {65537, NULL},
	    {1000000, NULL},
	};
	UNUSED(state);
	struct scene s;
	begin(&s);
	struct str bytes = STR_INIT;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		while (bytes.len < cases[i].size)
			str_addc(&bytes, (char)(bytes.len % 251));
		scratch_write(&s.dir, "content", bytes.p, bytes.len);
		assert_int_equal(add(&s, "a", "content", 0), 0);
	}
	finish(&s);
	struct str listed = STR_INIT;
	read_back(&listed, &s);
	const char *line = listed.p;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str want = STR_INIT;
		str_addf(&want, "61 plain 0o100640 1980 %zu ", cases[i].size);
		if (cases[i].crc != NULL)
			str_add(&want, cases[i].crc);
		assert_memory_equal(line, want.p, want.len);
		line = strchr(line, '\n') + 1;
		str_free(&want);
	}
	assert_int_equal(*line, '\0');
	str_free(&listed);
	str_free(&bytes);
	leave(&s);
}

static void
test_zipfile__many_entries(void **state)
{
	UNUSED(state);
	enum { MANY = 66000 }; /* more than a zip could count before zip64 */
	struct scene s;
	begin(&s);
	scratch_put(&s.dir, "content", "x");
	struct plat_file f;
	assert_int_equal(plat_open(&f, s.dir.dir, "content", &s.e), 0);
	for (int i = 0; i < MANY; i++) {
		char name[16];
		snprintf(name, sizeof(name), "%d", i);
		assert_int_equal(zipfile_add(s.zip, name, 0600,
				     (struct stamp){.sec = i}, f, &s.e),
		    0);
	}
	plat_close(&f, &s.e);
	finish(&s);
	struct str listed = STR_INIT;
	read_back(&listed, &s);
	size_t lines = 0;
	for (const char *p = listed.p; *p != '\0'; p++)
		lines += *p == '\n';
	assert_int_equal(lines, MANY);
	str_free(&listed);
	leave(&s);
}

/* ---- failures ------------------------------------------------------------ */

static void
fill_with_noise(struct scene *s, const char *name, size_t size)
{
	struct str bytes = STR_INIT;
	uint32_t x = 1;
	while (bytes.len < size) {
		x = x * 1664525 + 1013904223;
		str_addc(&bytes, (char)(x >> 24));
	}
	scratch_write(&s->dir, name, bytes.p, bytes.len);
	str_free(&bytes);
}

static void
test_zipfile__full_disk(void **state)
{
	static const size_t rooms[] = {0, 65536, 262144};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(rooms); i++) {
		struct scene s;
		begin(&s);
		fill_with_noise(&s, "noise", 500000);
		room = rooms[i];
		assert_int_equal(add(&s, "a", "noise", 0), -1);
		assert_int_equal(s.e.code, ERR_NOSPACE);
		/* From here on nothing works, and says the same. */
		room = SIZE_MAX;
		uint64_t size = written(&s);
		assert_int_equal(add(&s, "b", "noise", 0), -1);
		assert_int_equal(s.e.code, ERR_NOSPACE);
		err_clear(&s.e);
		assert_int_equal(zipfile_finish(s.zip, &s.e), -1);
		assert_int_equal(s.e.code, ERR_NOSPACE);
		assert_string_equal(s.e.frame[0], "the disk is full");
		assert_int_equal(written(&s), size);
		leave(&s);
	}
}

static void
test_zipfile__full_disk_at_the_end(void **state)
{
	UNUSED(state);
	struct scene s;
	begin(&s);
	scratch_put(&s.dir, "content", "x");
	assert_int_equal(add(&s, "a", "content", 0), 0);
	room = 0;
	assert_int_equal(zipfile_finish(s.zip, &s.e), -1);
	assert_int_equal(s.e.code, ERR_NOSPACE);
	leave(&s);
}

static void
test_zipfile__abandon(void **state)
{
	UNUSED(state);
	struct scene s;
	zipfile_abandon(NULL);
	begin(&s);
	scratch_put(&s.dir, "content", "x");
	assert_int_equal(add(&s, "a", "content", 0), 0);
	zipfile_abandon(s.zip);
	assert_int_equal(written(&s), 0);
	leave(&s);
}

static void
test_zipfile__what_cannot_be_read(void **state)
{
	UNUSED(state);
	struct scene s;
	begin(&s);
	int rc = zipfile_add(
	    s.zip, "a", 0600, (struct stamp){.sec = 0}, PLAT_FILE_NONE, &s.e);
	assert_int_equal(rc, -1);
	scratch_put(&s.dir, "content", "x");
	assert_int_equal(add(&s, "after", "content", 0), 0);
	finish(&s);
	assert_true(written(&s) < 300); /* nothing but the one entry */
	leave(&s);
}

static void
test_zipfile__bad_block(void **state)
{
	static const uint64_t where[] = {0, 100000};
	UNUSED(state);
	for (size_t i = 0; i < COUNT_OF(where); i++) {
		struct scene s;
		begin(&s);
		fill_with_noise(&s, "noise", 200000);
		bad_from = where[i];
		assert_int_equal(add(&s, "a", "noise", 0), -1);
		bad_from = UINT64_MAX;
		assert_string_equal(s.e.frame[0], "a bad block");
		err_clear(&s.e);
		assert_int_equal(zipfile_finish(s.zip, &s.e), -1);
		assert_string_equal(s.e.frame[0], "a bad block");
		leave(&s);
	}
}

/* ---- a file that changes while it is read -------------------------------- */

static void
test_zipfile__file_that_grows(void **state)
{
	UNUSED(state);
	struct scene s;
	begin(&s);
	fill_with_noise(&s, "noise", 500000);
	assert_int_equal(plat_append(&changing, s.dir.dir, "noise", &s.e), 0);
	change_to = 600000;
	assert_int_equal(add(&s, "a", "noise", 0), 0);
	assert_int_equal(changing.h, -1);
	finish(&s);
	struct str listed = STR_INIT;
	read_back(&listed, &s);
	assert_non_null(strstr(listed.p, " 500000 "));
	str_free(&listed);
	leave(&s);
}

static void
test_zipfile__file_that_shrinks(void **state)
{
	UNUSED(state);
	struct scene s;
	begin(&s);
	fill_with_noise(&s, "noise", 500000);
	assert_int_equal(plat_append(&changing, s.dir.dir, "noise", &s.e), 0);
	change_to = 10;
	assert_int_equal(add(&s, "a", "noise", 0), -1);
	assert_int_equal(s.e.code, ERR_BUSY);
	err_clear(&s.e);
	assert_int_equal(zipfile_finish(s.zip, &s.e), -1);
	assert_int_equal(s.e.code, ERR_BUSY);
	leave(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_zipfile__names),
	    cmocka_unit_test(test_zipfile__names_as_others_read_them),
	    cmocka_unit_test(test_zipfile__names_no_zip_can_hold),
	    cmocka_unit_test(test_zipfile__times_are_clamped),
	    cmocka_unit_test(test_zipfile__content_of_every_size),
	    cmocka_unit_test(test_zipfile__many_entries),
	    cmocka_unit_test(test_zipfile__full_disk),
	    cmocka_unit_test(test_zipfile__full_disk_at_the_end),
	    cmocka_unit_test(test_zipfile__abandon),
	    cmocka_unit_test(test_zipfile__what_cannot_be_read),
	    cmocka_unit_test(test_zipfile__bad_block),
	    cmocka_unit_test(test_zipfile__file_that_grows),
	    cmocka_unit_test(test_zipfile__file_that_shrinks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
