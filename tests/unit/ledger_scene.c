#include "ledger_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "support/tempdir.h"

/* ---- building ------------------------------------------------------------ */

/* In tree order: '/' comes before '-' and '.'. */
const char *const ledger_paths[LEDGER_PATHS] = {
    "a", "a/b", "a/b/c", "a-b", "a.b", "caf\xc3\xa9", "x\ny", "z/\xff"};

struct agreed_record
ledger_record(unsigned i)
{
	struct agreed_record r = {
	    .type = (uint8_t)(ENTRY_FILE + i % 3),
	    .flags = (uint8_t)(i % 2 == 0 ? LEDGER_BOTH
					  : AGREED_PRESENT << i % 3 / 2),
	    .size = 1000 + i,
	    .hash_hi = 0x1111111111111111u * i,
	    .hash_lo = ~(uint64_t)i,
	};
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		r.side[s] = (struct agreed_side){.mtime_sec = -5 + (int)i,
		    .ctime_sec = INT64_MAX - i,
		    .mtime_nsec = 999999999 - i,
		    .ctime_nsec = i,
		    .ino = i * 7};
	return r;
}

void
ledger_fill_head(struct ledger_head *head)
{
	memset(head, 0, sizeof(*head));
	head->roots[SIDE_LOCAL] = mem_string("/home/ada/.app");
	head->roots[SIDE_CLOUD] = mem_string("/cloud/app \xe2\x98\x83");
	strlist_add(&head->markers, "id-0123456789abcdef0123456789abcdef");
	strlist_add(&head->markers, "id-ffffffffffffffffffffffffffffffff");
	head->generation = 0x8000000000000001u;
}

int
write_ledger(struct plat_dir *d, size_t n, bool durable, struct err *e)
{
	struct ledger_writer *w;
	struct ledger_head head;
	if (ledger_begin(&w, d, e) < 0)
		return -1;
	for (unsigned i = 0; i < n; i++) {
		struct agreed_record r = ledger_record(i);
		ledger_add(w, &r, ledger_paths[i], strlen(ledger_paths[i]));
	}
	ledger_fill_head(&head);
	int rc = ledger_commit(w, &head, durable, e);
	ledger_head_free(&head);
	return rc;
}

/* ---- looking ------------------------------------------------------------- */

void
assert_ledger_head(const struct ledger_head *got)
{
	struct ledger_head want;
	ledger_fill_head(&want);
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		assert_string_equal(got->roots[s], want.roots[s]);
	assert_int_equal(got->markers.n, want.markers.n);
	for (size_t i = 0; i < want.markers.n; i++)
		assert_string_equal(got->markers.v[i], want.markers.v[i]);
	assert_true(got->generation == want.generation);
	ledger_head_free(&want);
}

static void
assert_record(const struct agreed *a, size_t i)
{
	struct agreed_record want = ledger_record((unsigned)i);
	size_t n = strlen(ledger_paths[i]);
	assert_int_equal(a->v[i].path_len, n);
	assert_memory_equal(agreed_path(a, &a->v[i]), ledger_paths[i], n);
	want.path_at = a->v[i].path_at;
	want.path_len = a->v[i].path_len;
	assert_memory_equal(&a->v[i], &want, sizeof(want));
	assert_ptr_equal(agreed_find(a, ledger_paths[i], n), &a->v[i]);
}

void
assert_ledger(struct plat_dir *d, size_t n)
{
	struct ledger l;
	struct str trouble = STR_INIT;
	struct err e;
	assert_done(ledger_load(&l, d, &trouble, &e), &e);
	assert_string_equal(trouble.p, "");
	assert_int_equal(l.agreed.n, n);
	for (size_t i = 0; i < n; i++)
		assert_record(&l.agreed, i);
	assert_ledger_head(&l.head);
	ledger_free(&l);
	str_free(&trouble);
}

void
assert_ledger_empty(struct plat_dir *d, const char *why)
{
	struct ledger l;
	struct str trouble = STR_INIT;
	struct err e;
	assert_done(ledger_load(&l, d, &trouble, &e), &e);
	if (l.agreed.n != 0)
		fail_msg("not empty, in spite of '%s'", why);
	assert_null(l.map);
	assert_null(agreed_find(&l.agreed, "a", 1));
	assert_string_equal(l.head.roots[SIDE_LOCAL], "");
	assert_string_equal(l.head.roots[SIDE_CLOUD], "");
	assert_int_equal(l.head.markers.n, 0);
	assert_true(l.head.generation == 0);
	if (why[0] == '\0')
		assert_string_equal(trouble.p, "");
	else if (strstr(trouble.p, why) == NULL)
		fail_msg("'%s' does not say '%s'", trouble.p, why);
	ledger_free(&l);
	str_free(&trouble);
}
