#include "base/unicode.h"

#include <assert.h>
#include <stdbool.h>
#include <utf8proc.h>

#include "base/utf8.h"

/*
 * Text is normalised a piece at a time: a part of a path, up to a byte that is
 * no character, and hardly more than PIECE bytes, so that a hostile name takes
 * neither memory nor (putting marks in order is quadratic) time. No file
 * system has names as long as PIECE. A canonical decomposition has at most
 * three characters for every two bytes.
 */
enum { PIECE = 1024, DECOMPOSED = PIECE * 2 };

struct piece {
	size_t len;
	bool ascii;
	bool valid; /* false: one stretch that is not UTF-8 */
};

static struct piece
next_piece(const char *s, size_t n)
{
	struct piece piece = {.ascii = true, .valid = true};
	while (piece.len < n && piece.len < PIECE) {
		int32_t cp;
		size_t len = utf8_next(s + piece.len, n - piece.len, &cp);
		if (cp < 0 && piece.len == 0)
			return (struct piece){.len = len};
		if (cp < 0)
			break;
		piece.len += len;
		piece.ascii = piece.ascii && cp < 0x80;
		if (cp == '/')
			break;
	}
	return piece;
}

static char
fold_ascii(char c)
{
	if (c >= 'A' && c <= 'Z')
		c = "abcdefghijklmnopqrstuvwxyz"[c - 'A'];
	return c;
}

/*
 * The simple case folding of a character that has no decomposition. The
 * library knows the full folding, which may be several characters long; where
 * it is, the simple one is the lower case.
 */
static int32_t
fold_char(int32_t cp)
{
	utf8proc_int32_t full[4];
	utf8proc_ssize_t n =
	    utf8proc_decompose_char(cp, full, 4, UTF8PROC_CASEFOLD, NULL);
	return n == 1 ? full[0] : utf8proc_tolower(cp);
}

/*
 * Folding works on the decomposed form: folding first would give the composed
 * and the decomposed spelling of some Greek letters different keys.
 */
static void
add_normal(struct str *out, const char *s, size_t n, bool fold)
{
	utf8proc_int32_t buf[DECOMPOSED];
	utf8proc_ssize_t len = utf8proc_decompose((const utf8proc_uint8_t *)s,
	    (utf8proc_ssize_t)n, buf, DECOMPOSED, UTF8PROC_DECOMPOSE);
	assert(len >= 0 && len <= DECOMPOSED);
	if (fold) {
		for (utf8proc_ssize_t i = 0; i < len; i++)
			buf[i] = fold_char(buf[i]);
	}
	len = utf8proc_normalize_utf32(
	    buf, len, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
	str_reserve(out, (size_t)len * 4);
	for (utf8proc_ssize_t i = 0; i < len; i++) {
		char utf8[4];
		str_addn(out, utf8, utf8_put(utf8, buf[i]));
	}
}

static void
add_ascii(struct str *out, const char *s, size_t n, bool fold)
{
	size_t before = out->len;
	str_addn(out, s, n);
	for (size_t i = before; fold && i < out->len; i++)
		out->p[i] = fold_ascii(out->p[i]);
}

static void
add_text(struct str *out, const char *s, size_t n, bool fold)
{
	for (size_t at = 0; at < n;) {
		struct piece piece = next_piece(s + at, n - at);
		if (!piece.valid)
			str_addn(out, s + at, piece.len);
		else if (piece.ascii)
			add_ascii(out, s + at, piece.len, fold);
		else
			add_normal(out, s + at, piece.len, fold);
		at += piece.len;
	}
}

void
unicode_fold(struct str *out, const char *name, size_t n)
{
	add_text(out, name, n, true);
}

void
unicode_nfc(struct str *out, const char *name, size_t n)
{
	add_text(out, name, n, false);
}

int
unicode_width(int32_t cp)
{
	return utf8proc_charwidth(cp);
}
