/*
 * A rename where the file system has links, no rename that spares what is
 * there, and no difference between "A" and "a". None is at hand, so the calls
 * are made up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "engine/write/displace_work.h"

static struct {
	uint32_t links;   /* of the one file there is */
	unsigned dropped; /* calls of plat_unlink … */
	unsigned renamed; /* … and of plat_replace */
} disk;

int test_move(struct plat_dir *from_dir, const char *from,
    struct plat_dir *to_dir, const char *to, struct err *e);
int test_link(struct plat_dir *from_dir, const char *from,
    struct plat_dir *to_dir, const char *to, struct err *e);
int test_replace(struct plat_dir *from_dir, const char *from,
    struct plat_dir *to_dir, const char *to, struct err *e);
int test_stat(
    struct plat_stat *out, struct plat_dir *d, const char *name, struct err *e);
int test_unlink(struct plat_dir *d, const char *name, struct err *e);

int
test_move(struct plat_dir *from_dir, const char *from, struct plat_dir *to_dir,
    const char *to, struct err *e)
{
	(void)from_dir, (void)from, (void)to_dir, (void)to, (void)e;
	return 1;
}

int
test_link(struct plat_dir *from_dir, const char *from, struct plat_dir *to_dir,
    const char *to, struct err *e)
{
	(void)from_dir, (void)from, (void)to_dir;
	return err_set(e, ERR_EXISTS, "'%s' is there", to);
}

int
test_replace(struct plat_dir *from_dir, const char *from,
    struct plat_dir *to_dir, const char *to, struct err *e)
{
	(void)from_dir, (void)from, (void)to_dir, (void)to, (void)e;
	disk.renamed++;
	return 0;
}

int
test_stat(
    struct plat_stat *out, struct plat_dir *d, const char *name, struct err *e)
{
	(void)d, (void)name, (void)e;
	*out = (struct plat_stat){
	    .type = PLAT_FILE, .nlink = disk.links, .dev = 1, .ino = 5};
	return 0;
}

int
test_unlink(struct plat_dir *d, const char *name, struct err *e)
{
	(void)d, (void)name, (void)e;
	disk.dropped++;
	return 0;
}

static void
test_trade_rename__a_change_of_case(void **state)
{
	struct err e;
	(void)state;
	memset(&disk, 0, sizeof(disk));
	disk.links = 1;
	assert_int_equal(trade_rename(NULL, "Name", NULL, "name", &e), 0);
	assert_int_equal(disk.dropped, 0);
	assert_int_equal(disk.renamed, 1);
}

/* We died between giving the second name and taking the first. */
static void
test_trade_rename__half_done(void **state)
{
	struct err e;
	(void)state;
	memset(&disk, 0, sizeof(disk));
	disk.links = 2;
	assert_int_equal(trade_rename(NULL, "staged", NULL, "name", &e), 0);
	assert_int_equal(disk.dropped, 1);
	assert_int_equal(disk.renamed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_trade_rename__a_change_of_case),
	    cmocka_unit_test(test_trade_rename__half_done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
