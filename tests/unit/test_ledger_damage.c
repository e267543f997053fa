#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "ledger_scene.h"
#include "store/afile.h"
#include "store/ledger_format.h"
#include "support/tempdir.h"

enum { LIMIT = 1 << 20 };

/* ---- the file, taken apart ----------------------------------------------- */

/* A whole file in memory, aligned as a mapped one is. */
struct image {
	unsigned char *p;
	size_t n;
};

static struct image
image_of(struct plat_dir *d)
{
	struct str text = STR_INIT;
	struct err e;
	assert_done(afile_read(&text, d, LEDGER_NAME, LIMIT, &e), &e);
	struct image i = {.p = mem_alloc(text.len), .n = text.len};
	memcpy(i.p, text.p, text.len);
	str_free(&text);
	return i;
}

/* What ledger_load does with a file's bytes. */
static int
check(const struct image *i, struct err *e)
{
	struct ledger_parts parts;
	struct ledger_head head = {.generation = 0};
	int rc = ledger_read(&parts, i->p, i->n, e);
	if (rc == 0)
		rc = ledger_get_meta(&head, parts.meta, parts.meta_size, e);
	ledger_head_free(&head);
	return rc;
}

static struct ledger_header *
header(const struct image *i)
{
	return (void *)i->p;
}

static struct agreed_record *
records(const struct image *i)
{
	return (void *)(i->p + sizeof(struct ledger_header));
}

static unsigned char *
names(const struct image *i)
{
	return (void *)(records(i) + header(i)->records);
}

static unsigned char *
meta(const struct image *i)
{
	return names(i) + header(i)->names_size;
}

/* Its checksum is right again. */
static void
seal(const struct image *i)
{
	struct ledger_header *h = header(i);
	struct hash_stream *s = hash_open();
	hash_feed(s, i->p + sizeof(*h), i->n - sizeof(*h));
	struct hash sum = ledger_checksum(s, h);
	hash_close(s);
	h->hash_hi = sum.hi;
	h->hash_lo = sum.lo;
}

static void
test_ledger_damage__cut_anywhere(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	assert_done(write_ledger(t->dir, 3, false, &e), &e);
	struct image i = image_of(t->dir);
	for (size_t n = 0; n < i.n; n++) {
		assert_done(
		    afile_replace(t->dir, LEDGER_NAME, i.p, n, false, &e), &e);
		assert_ledger_empty(t->dir, n == 0 ? "empty" : "damaged");
	}
	assert_done(
	    afile_replace(t->dir, LEDGER_NAME, i.p, i.n, false, &e), &e);
	assert_ledger(t->dir, 3);
	free(i.p);
}

static void
test_ledger_damage__any_bit_flipped(void **state)
{
	struct tempdir *t = *state;
	struct err e;
	assert_done(write_ledger(t->dir, LEDGER_PATHS, false, &e), &e);
	struct image i = image_of(t->dir);
	assert_done(check(&i, &e), &e);
	for (size_t bit = 0; bit < i.n * 8; bit++) {
		unsigned char flip = (unsigned char)(1u << bit % 8);
		i.p[bit / 8] ^= flip;
		assert_int_equal(check(&i, &e), -1);
		i.p[bit / 8] ^= flip;
	}
	assert_done(check(&i, &e), &e);
	free(i.p);
}

/* A ledger of an earlier version 1 must still be read by this one. */
static void
test_ledger_damage__bytes_are_settled(void **state)
{
	static const uint32_t order = LEDGER_ORDER;
	struct tempdir *t = *state;
	char hex[HASH_HEX_SIZE];
	struct err e;
	if (*(const unsigned char *)&order != 0x04)
		skip();
	assert_done(write_ledger(t->dir, LEDGER_PATHS, false, &e), &e);
	struct image i = image_of(t->dir);
	hash_hex(hex, hash_of(i.p, i.n));
	assert_string_equal(hex, "31b44ca10783c3b8009e961f3494ac10");
	free(i.p);
}

/* ---- well sealed, and wrong all the same --------------------------------- */

static void
swap_order(const struct image *i)
{
	header(i)->order = 0x04030201;
}

static void
newer(const struct image *i)
{
	header(i)->version = LEDGER_VERSION + 1;
}

static void
version_zero(const struct image *i)
{
	header(i)->version = 0;
}

static void
other_magic(const struct image *i)
{
	header(i)->magic[0] ^= 1;
}

static void
size_off(const struct image *i)
{
	header(i)->file_size++;
}

static void
too_many(const struct image *i)
{
	header(i)->records = UINT64_MAX / sizeof(struct agreed_record) + 1;
}

static void
one_more(const struct image *i)
{
	header(i)->records++;
}

static void
one_less(const struct image *i)
{
	header(i)->records--;
	header(i)->names_size += sizeof(struct agreed_record);
}

static void
record_size(const struct image *i)
{
	header(i)->record_size++;
}

static void
names_grow(const struct image *i)
{
	header(i)->names_size = UINT64_MAX;
}

static void
names_spare(const struct image *i)
{
	header(i)->names_size++;
	header(i)->meta_size--;
}

static void
names_shift(const struct image *i)
{
	header(i)->names_size--;
	header(i)->meta_size++;
}

static void
path_elsewhere(const struct image *i)
{
	records(i)[1].path_at++;
}

static void
path_too_long(const struct image *i)
{
	records(i)[2].path_len = UINT32_MAX;
}

static void
path_empty(const struct image *i)
{
	records(i)[0].path_len = 0;
	records(i)[1].path_at = 0;
	records(i)[1].path_len++;
}

static void
path_climbs(const struct image *i)
{
	memcpy(names(i), "../", 3);
	records(i)[0].path_len = 3;
	records(i)[1].path_at = 3;
	records(i)[1].path_len = 1;
}

static void
path_nul(const struct image *i)
{
	names(i)[0] = '\0';
}

static void
path_twice(const struct image *i)
{
	records(i)[1].path_len = 1;
}

static void
out_of_order(const struct image *i)
{
	names(i)[0] = 'b';
}

static void
type_none(const struct image *i)
{
	records(i)[0].type = ENTRY_NONE;
}

static void
type_unknown(const struct image *i)
{
	records(i)[2].type = ENTRY_UNKNOWN;
}

static void
nobody_has_it(const struct image *i)
{
	records(i)[0].flags = 0;
}

static void
racy_where_absent(const struct image *i)
{
	records(i)[0].flags = AGREED_PRESENT | AGREED_RACY << SIDE_CLOUD;
}

static void
exec_where_absent(const struct image *i)
{
	records(i)[0].flags =
	    AGREED_PRESENT << SIDE_CLOUD | AGREED_EXEC << SIDE_LOCAL;
}

static void
unknown_flag(const struct image *i)
{
	records(i)[0].flags |= 0x40;
}

static void
reserved(const struct image *i)
{
	records(i)[0].reserved = 0x100;
}

static void
mtime_nsec(const struct image *i)
{
	records(i)[0].side[SIDE_LOCAL].mtime_nsec = 1000000000;
}

static void
ctime_nsec(const struct image *i)
{
	records(i)[2].side[SIDE_CLOUD].ctime_nsec = UINT32_MAX;
}

static void
meta_key_len(const struct image *i)
{
	uint32_t n = UINT32_MAX;
	memcpy(meta(i), &n, sizeof(n));
}

static void
meta_value_len(const struct image *i)
{
	uint32_t n = UINT32_MAX - 8;
	memcpy(meta(i) + 4, &n, sizeof(n));
}

/* The first key is "local-root", the second "cloud-root". */
static void
no_local_root(const struct image *i)
{
	meta(i)[8] = 'X';
}

static void
no_cloud_root(const struct image *i)
{
	uint32_t value;
	memcpy(&value, meta(i) + 4, sizeof(value));
	meta(i)[8 + 10 + value + 8] = 'X';
}

static void
root_twice(const struct image *i)
{
	uint32_t value;
	memcpy(&value, meta(i) + 4, sizeof(value));
	memcpy(meta(i) + 8 + 10 + value + 8, "local", 5);
}

static void
root_with_nul(const struct image *i)
{
	meta(i)[8 + 10] = '\0';
}

/* The very last bytes are the generation's value, before them its key. */
static void
marker_with_nul(const struct image *i)
{
	i->p[i->n - 8 - 10 - 8 - 1] = '\0';
}

static void
generation_size(const struct image *i)
{
	uint32_t size = 7;
	memcpy(i->p + i->n - 8 - 10 - 4, &size, sizeof(size));
	header(i)->meta_size--;
	header(i)->file_size--;
}

/* Of a key that is passed over. */
static void
last_value_too_long(const struct image *i)
{
	uint32_t size = 9;
	memcpy(i->p + i->n - 8 - 10 - 4, &size, sizeof(size));
	i->p[i->n - 8 - 10] = 'X';
}

static void
test_ledger_damage__wrong_but_sealed(void **state)
{
	static const struct {
		void (*spoil)(const struct image *i);
		const char *why;
	} rows[] = {
	    {swap_order, "another byte order"},
	    {newer, "newer coldsync (format 2, not 1)"},
	    {version_zero, "of no known version"},
	    {other_magic, "not a ledger"},
	    {size_off, "not of the size"},
	    {too_many, "too many records"},
	    {one_more, "parts of the wrong size"},
	    {one_less, "damaged: record"},
	    {names_spare, "names of no record"},
	    {record_size, "too many records"},
	    {names_grow, "parts of the wrong size"},
	    {names_shift, "record 2 with its path elsewhere"},
	    {path_elsewhere, "record 1 with its path elsewhere"},
	    {path_too_long, "record 2 with its path elsewhere"},
	    {path_empty, "record 0 with an unsafe path"},
	    {path_climbs, "record 0 with an unsafe path"},
	    {path_nul, "record 0 with an unsafe path"},
	    {path_twice, "record 1 out of order"},
	    {out_of_order, "record 1 out of order"},
	    {type_none, "record 0 of an unknown type"},
	    {type_unknown, "record 2 of an unknown type"},
	    {nobody_has_it, "record 0 with impossible flags"},
	    {racy_where_absent, "record 0 with impossible flags"},
	    {exec_where_absent, "record 0 with impossible flags"},
	    {unknown_flag, "record 0 with impossible flags"},
	    {reserved, "record 0 with impossible flags"},
	    {mtime_nsec, "record 0 with an impossible time"},
	    {ctime_nsec, "record 2 with an impossible time"},
	    {meta_key_len, "meta at byte 0"},
	    {meta_value_len, "meta at byte 0"},
	    {no_local_root, "no roots"},
	    {no_cloud_root, "no roots"},
	    {root_twice, "meta at byte"},
	    {root_with_nul, "meta at byte 0"},
	    {marker_with_nul, "meta at byte"},
	    {generation_size, "meta at byte"},
	    {last_value_too_long, "meta at byte"},
	};
	struct tempdir *t = *state;
	struct err e;
	assert_done(write_ledger(t->dir, 3, false, &e), &e);
	struct image whole = image_of(t->dir);
	struct image i = {.p = mem_alloc(whole.n), .n = whole.n};
	for (size_t row = 0; row < COUNT_OF(rows); row++) {
		memcpy(i.p, whole.p, whole.n);
		i.n = whole.n;
		rows[row].spoil(&i);
		if (rows[row].spoil == generation_size)
			i.n--;
		seal(&i);
		assert_done(
		    afile_replace(t->dir, LEDGER_NAME, i.p, i.n, false, &e),
		    &e);
		assert_ledger_empty(t->dir, rows[row].why);
	}
	free(i.p);
	free(whole.p);
}

/* A later version of this format may say more of itself. */
static void
test_ledger_damage__unknown_keys(void **state)
{
	static const char pair[] = "\0\0\0\0\0\0\0\0shoepink\0";
	struct tempdir *t = *state;
	struct str text = STR_INIT;
	struct err e;
	assert_done(write_ledger(t->dir, 2, false, &e), &e);
	assert_done(afile_read(&text, t->dir, LEDGER_NAME, LIMIT, &e), &e);
	size_t at = text.len;
	uint32_t sizes[2] = {4, 5};
	str_addn(&text, pair, sizeof(pair) - 1);
	memcpy(text.p + at, sizes, sizeof(sizes));
	struct image i = {.p = mem_alloc(text.len), .n = text.len};
	memcpy(i.p, text.p, text.len);
	header(&i)->meta_size += (uint32_t)(sizeof(pair) - 1);
	header(&i)->file_size += sizeof(pair) - 1;
	seal(&i);
	assert_done(
	    afile_replace(t->dir, LEDGER_NAME, i.p, i.n, false, &e), &e);
	assert_ledger(t->dir, 2);
	free(i.p);
	str_free(&text);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, tempdir_setup, tempdir_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_ledger_damage__cut_anywhere),
	    TEST(test_ledger_damage__any_bit_flipped),
	    TEST(test_ledger_damage__bytes_are_settled),
	    TEST(test_ledger_damage__wrong_but_sealed),
	    TEST(test_ledger_damage__unknown_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
