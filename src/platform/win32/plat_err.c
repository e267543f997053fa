#include "platform/plat_err.h"

#include <windows.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Older headers lack it. */
#if !defined(ERROR_DISK_QUOTA_EXCEEDED)
#	define ERROR_DISK_QUOTA_EXCEEDED 1295L
#endif

enum err_code
plat_err_code(long os)
{
	switch (os) {
	case ERROR_FILE_NOT_FOUND:
	case ERROR_PATH_NOT_FOUND:
	case ERROR_BAD_NETPATH:
	case ERROR_BAD_NET_NAME:
	case ERROR_MOD_NOT_FOUND:
		return ERR_NOTFOUND;
	case ERROR_FILE_EXISTS:
	case ERROR_ALREADY_EXISTS:
	case ERROR_DIR_NOT_EMPTY:
		return ERR_EXISTS;
	case ERROR_ACCESS_DENIED:
	case ERROR_WRITE_PROTECT:
	case ERROR_NETWORK_ACCESS_DENIED:
	case ERROR_PRIVILEGE_NOT_HELD:
		return ERR_ACCESS;
	case ERROR_DIRECTORY:
	case ERROR_CANT_ACCESS_FILE:
	case ERROR_NOT_A_REPARSE_POINT:
		return ERR_TYPE;
	case ERROR_SHARING_VIOLATION:
	case ERROR_LOCK_VIOLATION:
	case ERROR_USER_MAPPED_FILE:
	case ERROR_DELETE_PENDING:
	case ERROR_BUSY:
		return ERR_BUSY;
	case ERROR_DISK_FULL:
	case ERROR_HANDLE_DISK_FULL:
	case ERROR_DISK_QUOTA_EXCEEDED:
	case ERROR_NOT_ENOUGH_QUOTA:
	case ERROR_FILE_TOO_LARGE:
		return ERR_NOSPACE;
	case ERROR_INVALID_NAME:
	case ERROR_BAD_PATHNAME:
	case ERROR_FILENAME_EXCED_RANGE:
		return ERR_NAME;
	case ERROR_INVALID_FUNCTION:
	case ERROR_NOT_SUPPORTED:
	case ERROR_CALL_NOT_IMPLEMENTED:
	case ERROR_NOT_SAME_DEVICE:
		return ERR_UNSUPPORTED;
	case ERROR_OPERATION_ABORTED:
	case ERROR_CANCELLED:
		return ERR_CANCELLED;
	default:
		return ERR_IO;
	}
}

enum { WORDS_SIZE = 128 };

/* Shorten *text* to *room* bytes at a whole character, and show it. */
static void
shorten(char *text, size_t room)
{
	static const char dots[] = "…";
	if (strlen(text) <= room)
		return;
	size_t cut = room - (sizeof(dots) - 1);
	while (cut > 0 && ((unsigned char)text[cut] & 0xC0) == 0x80)
		cut--;
	memcpy(text + cut, dots, sizeof(dots));
}

/* The system's words for *os*, without the dot and line break they end in. */
static void
find_words(char *out, long os)
{
	wchar_t wide[256];
	char text[3 * COUNT_OF(wide) + 1];
	DWORD n = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM |
		FORMAT_MESSAGE_IGNORE_INSERTS | FORMAT_MESSAGE_MAX_WIDTH_MASK,
	    NULL, (DWORD)os, 0, wide, COUNT_OF(wide), NULL);
	while (n > 0 && (wide[n - 1] <= L' ' || wide[n - 1] == L'.'))
		n--;
	int len = WideCharToMultiByte(
	    CP_UTF8, 0, wide, (int)n, text, (int)sizeof(text) - 1, NULL, NULL);
	text[len] = '\0';
	if (len == 0)
		snprintf(text, sizeof(text), "Windows error %ld", os);
	shorten(text, WORDS_SIZE - 1);
	snprintf(out, WORDS_SIZE, "%s", text);
}

int
plat_fail(struct err *e, long os, const char *fmt, ...)
{
	char words[WORDS_SIZE];
	find_words(words, os);
	char text[2 * ERR_FRAME_SIZE];
	va_list ap;
	va_start(ap, fmt);
	if (vsnprintf(text, sizeof(text), fmt, ap) < 0)
		text[0] = '\0';
	va_end(ap);
	/* Both share a frame, and a name may be long: it gives way. */
	shorten(text, ERR_FRAME_SIZE - sizeof(": ") - strlen(words));
	return err_set_os(e, plat_err_code(os), os, "%s: %s", text, words);
}
