#include "model/plan/names.h"

#include <stdint.h>
#include <string.h>

#include "base/compiler.h"
#include "base/path.h"
#include "base/unicode.h"
#include "base/utf8.h"
#include "model/ascii.h"

/* In UTF-16 units: one part of a path; a path in OneDrive. */
enum { PART_MAX = 255, ONEDRIVE_PATH_MAX = 399 };

/* Is *name* the lower-case ASCII *word*, in any case? */
static bool
is_word(const char *name, size_t n, const char *word)
{
	size_t i = 0;
	while (i < n && word[i] != '\0' && ascii_lower(name[i]) == word[i])
		i++;
	return i == n && word[i] == '\0';
}

static bool
holds_word(const char *name, size_t n, const char *word)
{
	size_t len = strlen(word);
	for (size_t i = 0; i + len <= n; i++)
		if (is_word(name + i, len, word))
			return true;
	return false;
}

/* ---- Windows ---- */

/* Is it one digit, plain or (1, 2, 3) superscript? */
static bool
is_port_number(const char *s, size_t n)
{
	if (n == 1)
		return ascii_is_digit(s[0]);
	if (n != 2 || s[0] != '\xC2')
		return false;
	return s[1] == '\xB9' || s[1] == '\xB2' || s[1] == '\xB3';
}

/* A device is meant whatever stands behind the first dot, and blanks before
   that dot do not count. */
static bool
is_device(const char *name, size_t n)
{
	static const char *const devices[] = {"con", "prn", "aux", "nul"};
	const char *dot = memchr(name, '.', n);
	if (dot != NULL)
		n = (size_t)(dot - name);
	while (n > 0 && name[n - 1] == ' ')
		n--;
	for (size_t i = 0; i < COUNT_OF(devices); i++)
		if (is_word(name, n, devices[i]))
			return true;
	return n > 3 && (is_word(name, 3, "com") || is_word(name, 3, "lpt")) &&
	    is_port_number(name + 3, n - 3);
}

static const char *
check_bytes(const char *name, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)name[i];
		if (c < 0x20)
			return "holds a control character";
		if (strchr("<>:\"/\\|?*", c) != NULL)
			return "holds one of < > : \" / \\ | ? *";
	}
	return NULL;
}

/*
 * The surrogate that WTF-8 may hold on its own: 0xD800 to 0xDFFF, or 0. A high
 * one directly before a low one is not WTF-8: on Windows the two are one
 * character, which comes back in another spelling.
 */
static int32_t
surrogate_at(const char *p, size_t n)
{
	const unsigned char *s = (const unsigned char *)p;
	if (n < 3 || s[0] != 0xED || s[1] < 0xA0 || s[1] > 0xBF ||
	    (s[2] & 0xC0) != 0x80)
		return 0;
	return 0xD000 | (s[1] & 0x3F) << 6 | (s[2] & 0x3F);
}

/* The number of UTF-16 units of WTF-8; SIZE_MAX when it is none. */
static size_t
utf16_len(const char *p, size_t n)
{
	size_t units = 0;
	bool after_high = false;
	for (size_t at = 0; at < n;) {
		int32_t cp;
		size_t len = utf8_next(p + at, n - at, &cp);
		if (cp < 0) {
			cp = surrogate_at(p + at, n - at);
			len = 3;
			if (cp == 0 || (after_high && cp >= 0xDC00))
				return SIZE_MAX;
		}
		after_high = cp >= 0xD800 && cp < 0xDC00;
		units += cp >= 0x10000 ? 2 : 1;
		at += len;
	}
	return units;
}

/* What Windows and OneDrive have in common. */
static const char *
check_name(const char *name, size_t n)
{
	const char *why = check_bytes(name, n);
	if (why != NULL)
		return why;
	size_t units = utf16_len(name, n);
	if (units == SIZE_MAX)
		return "is not UTF-8";
	if (units > PART_MAX)
		return "is longer than 255 characters";
	if (n > 0 && name[n - 1] == '.')
		return "ends with a dot";
	if (n > 0 && name[n - 1] == ' ')
		return "ends with a space";
	if (is_device(name, n))
		return "is the name of a device on Windows";
	return NULL;
}

/* ---- OneDrive ---- */

static const char *
check_onedrive(const char *path, size_t n, size_t from)
{
	const char *name = path + from;
	size_t len = n - from;
	if (len > 0 && name[0] == ' ')
		return "begins with a space, which OneDrive refuses";
	if (len > 0 && name[0] == '~')
		return "begins with ~, which OneDrive refuses";
	if (is_word(name, len, ".lock") || is_word(name, len, "desktop.ini"))
		return "is a name OneDrive refuses";
	if (holds_word(name, len, "_vti_"))
		return "holds _vti_, which OneDrive refuses";
	size_t units = utf16_len(path, n);
	if (units != SIZE_MAX && units > ONEDRIVE_PATH_MAX)
		return "has a path of 400 characters or more, which OneDrive "
		       "refuses";
	return NULL;
}

const char *
names_forbidden(const char *path, size_t n, unsigned who)
{
	if ((who & (NAMES_WINDOWS | NAMES_ONEDRIVE)) == 0)
		return NULL;
	size_t from = path_name(path, n);
	const char *why = check_name(path + from, n - from);
	if (why == NULL && (who & NAMES_ONEDRIVE) != 0)
		why = check_onedrive(path, n, from);
	return why;
}

void
names_key(struct str *out, const char *path, size_t n)
{
	/* Folding never joins two parts: it takes each for itself. */
	unicode_fold(out, path, n);
}
