#include "model/cloud/handcode.h"

#include <string.h>

#include "base/str.h"
#include "base/unicode.h"
#include "model/ascii.h"

/* Crockford's base 32: no I, L, O, U. */
static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum { CODE_BITS = 40, DIGIT_BITS = 5, CODE_DIGITS = 8, DASH_AT = 4 };

static void
put_number(unsigned char *p, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		p[i] = (unsigned char)(v >> (8 * i));
}

/* The bytes that are summed: composed path, NUL, type, size, content. */
static struct hash
hash_entry(const struct handcode_entry *e)
{
	unsigned char tail[1 + 1 + 8 + 16] = {0};
	struct str text = STR_INIT;
	unicode_nfc(&text, e->path, e->path_len);
	tail[1] = e->type;
	put_number(tail + 2, e->size);
	hash_put(tail + 10, e->hash);
	str_addn(&text, tail, sizeof(tail));
	struct hash h = hash_of(text.p, text.len);
	str_free(&text);
	return h;
}

void
handcode_add(struct handcode *h, const struct handcode_entry *e)
{
	struct hash one = hash_entry(e);
	h->sum.lo += one.lo;
	h->sum.hi += one.hi + (h->sum.lo < one.lo);
	h->files++;
	h->bytes += e->size;
}

struct hash
handcode_root(const struct handcode *h)
{
	unsigned char bytes[16 + 8];
	hash_put(bytes, h->sum);
	put_number(bytes + 16, h->files);
	return hash_of(bytes, sizeof(bytes));
}

/* ---- the code ---- */

char *
handcode_text(char *buf, struct hash root)
{
	uint64_t code = root.hi >> (64 - CODE_BITS);
	char *p = buf;
	for (int i = 0; i < CODE_DIGITS; i++) {
		int shift = CODE_BITS - DIGIT_BITS * (i + 1);
		if (i == DASH_AT)
			*p++ = '-';
		*p++ = digits[code >> shift & 31];
	}
	*p = '\0';
	return buf;
}

/* The digit a character stands for; '\0': none. */
static char
read_digit(char c)
{
	c = ascii_lower(c);
	if (c == 'i' || c == 'l')
		return '1';
	if (c == 'o')
		return '0';
	for (size_t i = 0; i < sizeof(digits) - 1; i++)
		if (ascii_lower(digits[i]) == c)
			return digits[i];
	return '\0';
}

int
handcode_parse(char *buf, const char *text)
{
	size_t n = 0;
	for (; *text != '\0'; text++) {
		if (*text == '-' || *text == ' ')
			continue;
		char digit = read_digit(*text);
		if (digit == '\0' || n == HANDCODE_SIZE - 1)
			return -1;
		if (n == DASH_AT)
			buf[n++] = '-';
		buf[n++] = digit;
	}
	if (n != HANDCODE_SIZE - 1)
		return -1;
	buf[n] = '\0';
	return 0;
}
