#include "faults.h"

#include <limits.h>
#include <string.h>

#include "base/err.h"
#include "platform/plat_env.h"
#include "platform/plat_fs.h"

static bool armed, all, hit;
static unsigned countdown, busy;
static char calls[4096];

static void
arm(unsigned nth, bool all_of_them)
{
	armed = true;
	all = all_of_them;
	hit = false;
	countdown = nth;
	calls[0] = '\0';
}

void
fault_none(void)
{
	arm(UINT_MAX, false);
}

const char *
fault_calls(void)
{
	return calls;
}

void
fault_busy(unsigned tries)
{
	busy = tries;
}

void
fault_one(unsigned nth)
{
	arm(nth, false);
}

void
fault_all(unsigned nth)
{
	arm(nth, true);
}

bool
fault_over(void)
{
	armed = false;
	return hit;
}

static bool
its_turn(void)
{
	if (hit)
		return all;
	hit = countdown-- == 0;
	return hit;
}

/* Does this call fail? */
static bool
strikes(const char *name, struct err *e)
{
	if (!armed)
		return false;
	bool fails = its_turn();
	size_t n = strlen(calls);
	snprintf(calls + n, sizeof(calls) - n, "%s%s ", name, fails ? "!" : "");
	if (fails)
		err_set(e, ERR_NOSPACE, "made to fail");
	return fails;
}

/*
 * FAULTY: the function fault_NAME, which the modules under test call in the
 * place of plat_NAME.
 */
#define FAULTY(name, params, args)                                             \
	int plat_##name params;                                                \
	int fault_##name params;                                               \
	int fault_##name params                                                \
	{                                                                      \
		if (strikes(#name, e))                                         \
			return -1;                                             \
		return plat_##name args;                                       \
	}

#undef plat_append
#undef plat_close
#undef plat_create
#undef plat_dir_sync
#undef plat_file_chmod
#undef plat_file_sync
#undef plat_list
#undef plat_lock
#undef plat_map
#undef plat_mkdir
#undef plat_open
#undef plat_random
#undef plat_read
#undef plat_replace
#undef plat_seek
#undef plat_truncate
#undef plat_unlink
#undef plat_write

FAULTY(append,
    (struct plat_file * out, struct plat_dir *d, const char *name,
	struct err *e),
    (out, d, name, e))
FAULTY(create,
    (struct plat_file * out, struct plat_dir *d, const char *name,
	struct err *e),
    (out, d, name, e))
FAULTY(open,
    (struct plat_file * out, struct plat_dir *d, const char *name,
	struct err *e),
    (out, d, name, e))
FAULTY(dir_sync, (struct plat_dir * d, struct err *e), (d, e))
FAULTY(file_chmod, (struct plat_file f, uint32_t mode, struct err *e),
    (f, mode, e))
FAULTY(file_sync, (struct plat_file f, struct err *e), (f, e))
FAULTY(list, (struct plat_dir * d, plat_list_fn *fn, void *arg, struct err *e),
    (d, fn, arg, e))
FAULTY(map,
    (const void **data, size_t *size, struct plat_file f, struct err *e),
    (data, size, f, e))
FAULTY(mkdir,
    (struct plat_dir * d, const char *name, uint32_t mode, struct err *e),
    (d, name, mode, e))
FAULTY(random, (void *buf, size_t n, struct err *e), (buf, n, e))
FAULTY(read,
    (struct plat_file f, void *buf, size_t n, size_t *got, struct err *e),
    (f, buf, n, got, e))
FAULTY(replace,
    (struct plat_dir * from_dir, const char *from, struct plat_dir *to_dir,
	const char *to, struct err *e),
    (from_dir, from, to_dir, to, e))
FAULTY(
    seek, (struct plat_file f, uint64_t offset, struct err *e), (f, offset, e))
FAULTY(
    truncate, (struct plat_file f, uint64_t size, struct err *e), (f, size, e))
FAULTY(unlink, (struct plat_dir * d, const char *name, struct err *e),
    (d, name, e))

/* Closed all the same, as the contract has it, and by the death of a
   process. */
int plat_close(struct plat_file *f, struct err *e);
int fault_close(struct plat_file *f, struct err *e);

int
fault_close(struct plat_file *f, struct err *e)
{
	if (!strikes("close", e))
		return plat_close(f, e);
	(void)plat_close(f, NULL);
	return -1;
}

int plat_write(struct plat_file f, const void *buf, size_t n, struct err *e);
int fault_write(struct plat_file f, const void *buf, size_t n, struct err *e);

int
fault_write(struct plat_file f, const void *buf, size_t n, struct err *e)
{
	bool first = !hit;
	if (!strikes("write", e))
		return plat_write(f, buf, n, e);
	if (first)
		(void)plat_write(f, buf, n / 2, NULL);
	return -1;
}

bool
fault_strikes(const char *name, struct err *e)
{
	return strikes(name, e);
}

int plat_lock(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e);
int fault_lock(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e);

int
fault_lock(
    struct plat_file *out, struct plat_dir *d, const char *name, struct err *e)
{
	if (busy > 0) {
		busy--;
		return 1;
	}
	return plat_lock(out, d, name, e);
}
