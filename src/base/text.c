#include "base/text.h"

#include <stdint.h>
#include <string.h>

#include "base/compiler.h"
#include "base/unicode.h"
#include "base/utf8.h"

/*
 * Characters beyond Latin-1's controls that show nothing of their own, or
 * change the direction, the line or the look of what surrounds them.
 */
static const struct {
	int32_t first, last;
} hidden_ranges[] = {
    {0x00AD, 0x00AD},   /* soft hyphen */
    {0x034F, 0x034F},   /* combining grapheme joiner */
    {0x061C, 0x061C},   /* Arabic letter mark */
    {0x115F, 0x1160},   /* Hangul fillers */
    {0x17B4, 0x17B5},   /* Khmer inherent vowels */
    {0x180B, 0x180F},   /* Mongolian selectors and separator */
    {0x200B, 0x200F},   /* zero width, direction marks */
    {0x2028, 0x202E},   /* line and paragraph separator, bidi */
    {0x2060, 0x206F},   /* word joiner, bidi isolates, deprecated */
    {0x3164, 0x3164},   /* Hangul filler */
    {0xFE00, 0xFE0F},   /* variation selectors */
    {0xFEFF, 0xFEFF},   /* byte order mark */
    {0xFFA0, 0xFFA0},   /* half-width Hangul filler */
    {0xFFF0, 0xFFFB},   /* interlinear annotation */
    {0x1BCA0, 0x1BCA3}, /* shorthand format controls */
    {0x1D173, 0x1D17A}, /* musical format controls */
    {0xE0000, 0xE0FFF}, /* tags, more variation selectors */
};

static bool
is_hidden(int32_t cp)
{
	if (cp < 0xA0)
		return cp < 0x20 || cp >= 0x7F;
	for (size_t i = 0; i < COUNT_OF(hidden_ranges); i++) {
		if (cp <= hidden_ranges[i].last)
			return cp >= hidden_ranges[i].first;
	}
	return false;
}

static bool
is_joiner(int32_t cp)
{
	return cp == 0x200C || cp == 0x200D;
}

static bool
is_selector(int32_t cp)
{
	return (cp >= 0xFE00 && cp <= 0xFE0F) ||
	    (cp >= 0xE0100 && cp <= 0xE01EF);
}

/* One character, or one stretch of bytes that are none. */
struct piece {
	const char *p;
	size_t len;
	int32_t cp;  /* -1: not UTF-8 */
	bool hidden; /* must be escaped */
};

struct reader {
	const char *p;
	size_t left;
	int32_t prev; /* the character before; -1 when it was escaped */
};

static struct reader
reader_of(const char *s, size_t n)
{
	return (struct reader){.p = s, .left = n, .prev = -1};
}

/*
 * Emoji and the scripts of India and Persia are written with joiners and
 * variation selectors. Those may stay where they do such work: one selector
 * behind a character beyond ASCII, one joiner between two. Anywhere else they
 * would only hide in a name that looks like another.
 */
static bool
is_at_work(const struct reader *r, const struct piece *piece)
{
	if (r->prev < 0x80 || is_joiner(r->prev))
		return false;
	if (is_selector(piece->cp))
		return !is_selector(r->prev);
	if (!is_joiner(piece->cp) || r->left == piece->len)
		return false;
	int32_t next;
	utf8_next(r->p + piece->len, r->left - piece->len, &next);
	return next >= 0x80 && !is_hidden(next);
}

static bool
next_piece(struct reader *r, struct piece *out)
{
	if (r->left == 0)
		return false;
	out->p = r->p;
	out->len = utf8_next(r->p, r->left, &out->cp);
	out->hidden = is_hidden(out->cp) && !is_at_work(r, out);
	r->p += out->len;
	r->left -= out->len;
	r->prev = out->hidden ? -1 : out->cp;
	return true;
}

/* Append the harmless ASCII that comes next: nearly all text is that, and
   goes over in one stretch. */
static void
add_plain(struct str *out, struct reader *r)
{
	size_t n = 0;
	while (n < r->left && r->p[n] >= 0x20 && r->p[n] < 0x7F &&
	    r->p[n] != '"' && r->p[n] != '\\')
		n++;
	if (n == 0)
		return;
	str_addn(out, r->p, n);
	r->p += n;
	r->left -= n;
	r->prev = ' ';
}

static void
add_escape(struct str *out, const struct piece *piece)
{
	static const char named[] = "\n\t\r\x1B";
	const char *name = NULL;
	if (piece->cp > 0 && piece->cp < 0x80)
		name = strchr(named, piece->cp);
	if (name != NULL) {
		str_addf(out, "\\%c", "ntre"[name - named]);
		return;
	}
	if (piece->cp >= 0x80) {
		str_addf(out, "\\u{%X}", (unsigned)piece->cp);
		return;
	}
	for (size_t i = 0; i < piece->len; i++)
		str_addf(out, "\\x%02X", (unsigned)(unsigned char)piece->p[i]);
}

static bool
holds_hidden(const char *s, size_t n, bool lines)
{
	struct reader r = reader_of(s, n);
	struct piece piece;
	while (next_piece(&r, &piece)) {
		if (piece.hidden && !(lines && piece.cp == '\n'))
			return true;
	}
	return false;
}

static void
show(struct str *out, const char *s, size_t n, bool lines)
{
	if (!holds_hidden(s, n, lines)) {
		str_addn(out, s, n);
		return;
	}
	struct reader r = reader_of(s, n);
	struct piece piece;
	for (add_plain(out, &r); next_piece(&r, &piece); add_plain(out, &r)) {
		if (piece.cp == '\\')
			str_add(out, "\\\\");
		else if (piece.hidden && !(lines && piece.cp == '\n'))
			add_escape(out, &piece);
		else
			str_addn(out, piece.p, piece.len);
	}
}

void
text_show(struct str *out, const char *s, size_t n)
{
	show(out, s, n, false);
}

void
text_message(struct str *out, const char *s, size_t n)
{
	show(out, s, n, true);
}

/* Letters, digits and what no reader of logfmt gives a meaning. */
static bool
is_bare(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c = s[i];
		bool alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		    (c >= 'a' && c <= 'z');
		if (!alnum && (c == '\0' || strchr("-._/:+@,~%", c) == NULL))
			return false;
	}
	return n > 0;
}

void
text_quote(struct str *out, const char *s, size_t n)
{
	if (is_bare(s, n)) {
		str_addn(out, s, n);
		return;
	}
	str_addc(out, '"');
	struct reader r = reader_of(s, n);
	struct piece piece;
	for (add_plain(out, &r); next_piece(&r, &piece); add_plain(out, &r)) {
		if (piece.cp == '\\' || piece.cp == '"')
			str_addc(out, '\\');
		if (piece.hidden)
			add_escape(out, &piece);
		else
			str_addn(out, piece.p, piece.len);
	}
	str_addc(out, '"');
}

/* JSON counts in UTF-16: beyond U+FFFF it takes a pair of surrogates. */
static void
add_json_escape(struct str *out, int32_t cp)
{
	unsigned u = (unsigned)cp;
	if (u < 0x10000)
		str_addf(out, "\\u%04X", u);
	else
		str_addf(out, "\\u%04X\\u%04X", 0xD800 + ((u - 0x10000) >> 10),
		    0xDC00 + (u & 0x3FF));
}

void
text_json(struct str *out, const char *s, size_t n)
{
	static const char replacement[] = "\xEF\xBF\xBD";
	str_addc(out, '"');
	struct reader r = reader_of(s, n);
	struct piece piece;
	for (add_plain(out, &r); next_piece(&r, &piece); add_plain(out, &r)) {
		if (piece.cp == '\\' || piece.cp == '"')
			str_addc(out, '\\');
		if (piece.cp < 0)
			str_add(out, replacement);
		else if (piece.hidden)
			add_json_escape(out, piece.cp);
		else
			str_addn(out, piece.p, piece.len);
	}
	str_addc(out, '"');
}

size_t
text_width(const char *s, size_t n)
{
	size_t width = 0;
	for (size_t at = 0; at < n;) {
		int32_t cp;
		at += utf8_next(s + at, n - at, &cp);
		width += cp < 0 ? 1 : (size_t)unicode_width(cp);
	}
	return width;
}

/*
 * Cutting what text_show wrote could split an escape; so the pieces are shown
 * one by one, each whole or not at all. A mark of no width goes with the
 * character it belongs to.
 */
static void
fit_middle(struct str *out, const char *s, size_t n, size_t total, size_t width)
{
	size_t head = (width - 1) / 2;
	size_t tail_from = total - (width - 1 - head);
	struct str shown = STR_INIT;
	struct reader r = reader_of(s, n);
	struct piece piece;
	bool doubled = holds_hidden(s, n, false);
	bool kept = true;
	bool cut = false;
	size_t column = 0;
	while (next_piece(&r, &piece)) {
		str_clear(&shown);
		if (piece.hidden)
			add_escape(&shown, &piece);
		else
			str_addn(&shown, piece.p, piece.len);
		if (doubled && piece.cp == '\\')
			str_addc(&shown, '\\');
		size_t wide = text_width(shown.p, shown.len);
		if (wide > 0)
			kept = column + wide <= head || column >= tail_from;
		if (!kept && !cut)
			str_add(out, "\xE2\x80\xA6");
		if (kept)
			str_addn(out, shown.p, shown.len);
		cut = cut || !kept;
		column += wide;
	}
	str_free(&shown);
}

void
text_fit(struct str *out, const char *s, size_t n, size_t width)
{
	struct str shown = STR_INIT;
	text_show(&shown, s, n);
	size_t total = text_width(shown.p, shown.len);
	if (total <= width)
		str_addn(out, shown.p, shown.len);
	else if (width > 0)
		fit_middle(out, s, n, total, width);
	str_free(&shown);
}

/* What people type is short; what is not gets no guess. */
enum { WORD_MAX = 40 };

static char
lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		c = "abcdefghijklmnopqrstuvwxyz"[c - 'A'];
	return c;
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * How many slips of the finger lie between two words: a letter too many, too
 * few, wrong, or two swapped. *row[i]* counts for the first *i* letters of *a*
 * and those letters of *b* that were looked at.
 */
static unsigned
distance(const char *a, size_t an, const char *b, size_t bn)
{
	unsigned rows[3][WORD_MAX + 1];
	for (size_t j = 0; j <= bn; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= an; i++) {
		unsigned *row = rows[i % 3];
		const unsigned *above = rows[(i + 2) % 3];
		const unsigned *twice = rows[(i + 1) % 3];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= bn; j++) {
			char x = lower(a[i - 1]);
			char y = lower(b[j - 1]);
			row[j] = above[j - 1] + (x != y);
			row[j] = least(row[j], above[j] + 1);
			row[j] = least(row[j], row[j - 1] + 1);
			if (i > 1 && j > 1 && x == lower(b[j - 2]) &&
			    lower(a[i - 2]) == y)
				row[j] = least(row[j], twice[j - 2] + 1);
		}
	}
	return rows[an % 3][bn];
}

const char *
text_nearest(const char *word, const char *const *names)
{
	size_t n = strlen(word);
	if (n < 2 || n > WORD_MAX)
		return NULL;
	const char *best = NULL;
	unsigned limit = 1 + (unsigned)n / 4;
	for (; *names != NULL; names++) {
		size_t len = strlen(*names);
		if (len > WORD_MAX)
			continue;
		unsigned d = distance(word, n, *names, len);
		/* A word cut short means the name it begins. */
		if (n >= 3 && d > 1 && strncmp(*names, word, n) == 0)
			d = 1;
		if (d < limit || (best == NULL && d == limit)) {
			best = *names;
			limit = d;
		}
	}
	return best;
}
