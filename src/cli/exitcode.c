#include "cli/exitcode.h"

#include <stddef.h>

#include "base/compiler.h"

/* From the one that beats all others to the one that beats none. */
static const struct {
	enum exitcode code;
	const char *result;
} ranking[] = {
    {EXITCODE_INTERRUPTED, "interrupted"},
    {EXITCODE_INVALID, "invalid"},
    {EXITCODE_RUNNING, "running"},
    {EXITCODE_REFUSED, "refused"},
    {EXITCODE_FAILED, "error"},
    {EXITCODE_CONFLICT, "conflict"},
    {EXITCODE_OK, "ok"},
};

enum exitcode
exitcode_of(enum err_code code)
{
	switch (code) {
	case ERR_NONE:
		return EXITCODE_OK;
	case ERR_USAGE:
	case ERR_CONFIG:
		return EXITCODE_INVALID;
	case ERR_RUNNING:
		return EXITCODE_RUNNING;
	case ERR_REFUSED:
	case ERR_LOCKED:
		return EXITCODE_REFUSED;
	case ERR_CANCELLED:
		return EXITCODE_INTERRUPTED;
	case ERR_NOTFOUND:
	case ERR_EXISTS:
	case ERR_ACCESS:
	case ERR_TYPE:
	case ERR_BUSY:
	case ERR_NOSPACE:
	case ERR_NAME:
	case ERR_IO:
	case ERR_CORRUPT:
	case ERR_UNSUPPORTED:
		break;
	}
	return EXITCODE_FAILED;
}

enum exitcode
exitcode_worse(enum exitcode a, enum exitcode b)
{
	for (size_t i = 0; i < COUNT_OF(ranking); i++)
		if (ranking[i].code == a || ranking[i].code == b)
			return ranking[i].code;
	return EXITCODE_FAILED;
}

const char *
exitcode_result(enum exitcode code)
{
	for (size_t i = 0; i < COUNT_OF(ranking); i++)
		if (ranking[i].code == code)
			return ranking[i].result;
	return "error";
}
