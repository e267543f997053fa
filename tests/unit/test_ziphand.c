#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "scratch.h"
#include "store/zip/ziphand.h"
#include "store/zip/zipread.h"

/* Entries, of which each tenth is added to the archive itself; and how many
   bytes they have: enough for hands to hand over before their run ends. */
enum { ENTRIES = 2000, RUN = 64, LARGE = 700 * 1000 };

struct filling {
	struct zipturns turns;
	struct plat_file large; /* what each tenth says */
	struct plat_mutex *mutex;
	size_t next;
};

/* No two alike, and not to be packed. */
static size_t
content_of(char *bytes, size_t i)
{
	size_t n = i % 97 == 0 ? 150000 : i % 31 * 100;
	uint32_t x = (uint32_t)i + 1;
	for (size_t k = 0; k < n; k++) {
		x = x * 1664525 + 1013904223;
		bytes[k] = (char)(x >> 24);
	}
	return n;
}

static void
add(struct ziphand *h, struct filling *f, size_t i, char *bytes)
{
	struct err e;
	char name[16];
	struct zipfile *z;
	snprintf(name, sizeof(name), "%04zu", i);
	if (i % 200 == 0) {
		assert_int_equal(ziphand_archive(&z, h, &e), 0);
		assert_int_equal(zipfile_add(z, name, 0600,
				     (struct stamp){.sec = 0}, f->large, &e),
		    0);
		return;
	}
	struct zipentry_about about = {name, 0600, {.sec = 0}};
	assert_int_equal(
	    ziphand_add(h, &about, bytes, content_of(bytes, i), &e), 0);
}

static void
fill_runs(void *arg)
{
	struct filling *f = arg;
	struct ziphand h;
	char *bytes = mem_alloc(150000);
	ziphand_init(&h, &f->turns);
	for (;;) {
		plat_mutex_lock(f->mutex);
		size_t from = f->next;
		f->next += RUN;
		plat_mutex_unlock(f->mutex);
		if (from >= ENTRIES)
			break;
		ziphand_begin(&h, from / RUN);
		for (size_t i = from; i < from + RUN && i < ENTRIES; i++)
			add(&h, f, i, bytes);
		ziphand_end(&h);
	}
	ziphand_free(&h);
	free(bytes);
}

static void
fill(struct scratch *dir, const char *name, unsigned threads)
{
	struct err e;
	struct plat_file out;
	struct zipfile *z;
	struct plat_thread *crew[8];
	struct filling f = {.next = 0};
	assert_int_equal(plat_create(&out, dir->dir, name, &e), 0);
	assert_int_equal(plat_open(&f.large, dir->dir, "large", &e), 0);
	assert_int_equal(zipfile_create(&z, out, &e), 0);
	f.mutex = plat_mutex_new();
	zipturns_init(&f.turns, z);
	for (unsigned i = 1; i < threads; i++)
		crew[i] = plat_thread_start(fill_runs, &f);
	fill_runs(&f);
	for (unsigned i = 1; i < threads; i++)
		plat_thread_join(crew[i]);
	zipturns_free(&f.turns);
	plat_mutex_destroy(f.mutex);
	assert_int_equal(zipfile_finish(z, &e), 0);
	assert_int_equal(plat_close(&f.large, &e), 0);
	assert_int_equal(plat_close(&out, &e), 0);
}

/* Pieces of content, compared with what was added. */
struct comparing {
	const char *want;
	size_t at, n;
};

static int
compare(void *arg, const void *bytes, size_t n, struct err *e)
{
	struct comparing *c = arg;
	UNUSED(e);
	assert_true(n <= c->n - c->at);
	assert_memory_equal(c->want + c->at, bytes, n);
	c->at += n;
	return 0;
}

static void
check(struct scratch *dir, const char *name, const char *large)
{
	struct err e;
	struct plat_file f;
	struct zipread *z;
	char *bytes = mem_alloc(150000);
	assert_int_equal(plat_open(&f, dir->dir, name, &e), 0);
	assert_int_equal(zipread_open(&z, f, &e), 0);
	assert_int_equal(zipread_count(z), ENTRIES);
	for (size_t i = 0; i < ENTRIES; i++) {
		const struct zipread_entry *entry = zipread_at(z, i);
		struct comparing c = {.want = bytes};
		char want[16];
		snprintf(want, sizeof(want), "%04zu", i);
		assert_int_equal(entry->name_len, strlen(want));
		assert_memory_equal(entry->name, want, entry->name_len);
		if (i % 200 == 0)
			c = (struct comparing){.want = large, .n = LARGE};
		else
			c.n = content_of(bytes, i);
		assert_int_equal(zipread_content(z, entry, compare, &c, &e), 0);
		assert_int_equal(c.at, c.n);
	}
	zipread_close(z);
	assert_int_equal(plat_close(&f, &e), 0);
	free(bytes);
}

static void
test_ziphand__one_archive_however_many(void **state)
{
	static const struct {
		const char *name;
		unsigned threads;
	} cases[] = {{"1.zip", 1}, {"2.zip", 2}, {"7.zip", 7}};
	UNUSED(state);
	struct scratch dir;
	struct str first = STR_INIT, other = STR_INIT;
	scratch_open(&dir);
	char *large = mem_alloc(LARGE);
	for (size_t i = 0; i < LARGE; i++)
		large[i] = (char)(i * i >> 7);
	scratch_write(&dir, "large", large, LARGE);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		fill(&dir, cases[i].name, cases[i].threads);
		check(&dir, cases[i].name, large);
		scratch_check_zip(&dir, cases[i].name);
		str_clear(&other);
		scratch_read(&other, &dir, cases[i].name);
		if (i == 0)
			str_addn(&first, other.p, other.len);
		assert_int_equal(first.len, other.len);
		assert_memory_equal(first.p, other.p, first.len);
	}
	str_free(&first);
	str_free(&other);
	free(large);
	scratch_close(&dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ziphand__one_archive_however_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
