/*
 * What somebody typed after 'receive'.
 */
#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "fuzz.h"
#include "model/cloud/handcode.h"

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static bool
is_code(const char *p)
{
	for (size_t i = 0; i < HANDCODE_SIZE - 1; i++) {
		bool good =
		    i == 4 ? p[i] == '-' : p[i] != '\0' && strchr(digits, p[i]);
		if (!good)
			return false;
	}
	return p[HANDCODE_SIZE - 1] == '\0';
}

/* Without the dashes, in small letters, as a person would type it. */
static void
type_again(char *out, const char *code)
{
	for (; *code != '\0'; code++) {
		if (*code == '-')
			continue;
		*out++ = *code == '1' ? 'l'
		    : *code == '0'    ? 'o'
		    : *code > '9'     ? (char)(*code | 0x20)
				      : *code;
	}
	*out = '\0';
}

static void
check_text(const char *text)
{
	char code[HANDCODE_SIZE + 1], again[HANDCODE_SIZE + 1];
	char typed[HANDCODE_SIZE];
	/* Not a byte more is written. */
	code[HANDCODE_SIZE] = again[HANDCODE_SIZE] = '#';
	if (handcode_parse(code, text) != 0)
		return;
	CHECK(is_code(code));
	CHECK(handcode_parse(again, code) == 0 && strcmp(code, again) == 0);
	type_again(typed, code);
	CHECK(handcode_parse(again, typed) == 0 && strcmp(code, again) == 0);
	CHECK(code[HANDCODE_SIZE] == '#' && again[HANDCODE_SIZE] == '#');
}

/* The input is a text, and the beginning of a root hash. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_alloc(size + 1);
	struct hash root = {0};
	char code[HANDCODE_SIZE], parsed[HANDCODE_SIZE];
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	check_text(text);
	free(text);
	if (size > 0)
		memcpy(&root, data, size < sizeof(root) ? size : sizeof(root));
	handcode_text(code, root);
	CHECK(is_code(code));
	CHECK(handcode_parse(parsed, code) == 0 && strcmp(code, parsed) == 0);
	return 0;
}
