#include "platform/plat_err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Several systems give two of these names one number, and then a switch would
   not compile: a table does. The first row that fits counts. */
static const struct {
	int os;
	enum err_code code;
} codes[] = {
    {ENOENT, ERR_NOTFOUND},
    {ESRCH, ERR_NOTFOUND},
    {EEXIST, ERR_EXISTS},
    {ENOTEMPTY, ERR_EXISTS},
    {EACCES, ERR_ACCESS},
    {EPERM, ERR_ACCESS},
    {EROFS, ERR_ACCESS},
    {ENOTDIR, ERR_TYPE},
    {EISDIR, ERR_TYPE},
    {ELOOP, ERR_TYPE},
    {EBUSY, ERR_BUSY},
    {ETXTBSY, ERR_BUSY},
    {EAGAIN, ERR_BUSY},
    {EWOULDBLOCK, ERR_BUSY},
    {ENOSPC, ERR_NOSPACE},
    {EDQUOT, ERR_NOSPACE},
    {EFBIG, ERR_NOSPACE},
    {ENAMETOOLONG, ERR_NAME},
    {EILSEQ, ERR_NAME},
    {ENOSYS, ERR_UNSUPPORTED},
    {EOPNOTSUPP, ERR_UNSUPPORTED},
    {ENOTSUP, ERR_UNSUPPORTED},
    {EXDEV, ERR_UNSUPPORTED},
    {ECANCELED, ERR_CANCELLED},
};

enum err_code
plat_err_code(long os)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].os == os)
			return codes[i].code;
	return ERR_IO;
}

/* Shorten *text* to *room* bytes at a whole UTF-8 character, and show it. */
static void
shorten(char *text, size_t len, size_t room)
{
	static const char dots[] = "…";
	if (len <= room)
		return;
	size_t cut = room - (sizeof(dots) - 1);
	while (cut > 0 && ((unsigned char)text[cut] & 0xC0) == 0x80)
		cut--;
	memcpy(text + cut, dots, sizeof(dots));
}

int
plat_fail(struct err *e, long os, const char *fmt, ...)
{
	/* The system's words come last in one frame with a name that may be
	   255 bytes long: it is the name that gives way. */
	const char *words = strerror((int)os);
	char text[2 * ERR_FRAME_SIZE];
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	size_t len = n < 0 ? 0 : (size_t)n;
	if (len >= sizeof(text))
		len = sizeof(text) - 1;
	shorten(text, len, ERR_FRAME_SIZE - sizeof(": ") - strlen(words));
	return err_set_os(e, plat_err_code(os), os, "%s: %s", text, words);
}
