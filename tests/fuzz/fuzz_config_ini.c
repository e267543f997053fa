/*
 * Any bytes as a config: both readers find the same, in order, and what they
 * find is what the header promises.
 */
#include <string.h>

#include "base/str.h"
#include "config/config_ini.h"
#include "fuzz.h"

static void
note(struct str *out, unsigned line, const char *text)
{
	str_addf(out, "%u", line);
	str_addn(out, text, strlen(text) + 1);
}

static void
check_name(const char *name)
{
	size_t n = strlen(name);
	CHECK(n > 0 && n <= 48);
	CHECK(strpbrk(name, " \t\r\n[]=:;#") == NULL);
}

static void
take_section(void *arg, unsigned line, const char *name)
{
	check_name(name);
	note(arg, line, name);
}

static void
take_item(void *arg, const struct config_ini_item *item)
{
	size_t n = strlen(item->value);
	check_name(item->key);
	CHECK(n == 0 || strchr(" \t\n", item->value[n - 1]) == NULL);
	CHECK(n == 0 || strchr(" \t", item->value[0]) == NULL);
	CHECK(strchr(item->value, '\r') == NULL);
	note(arg, item->line, item->section);
	note(arg, item->line, item->key);
	note(arg, item->line, item->value);
}

static void
take_bad_line(void *arg, unsigned line, const char *what)
{
	note(arg, line, what);
}

static void
transcribe(struct str *out,
    void (*parse)(const char *, size_t, const struct config_ini_sink *),
    const uint8_t *data, size_t size)
{
	struct config_ini_sink sink = {.section = take_section,
	    .item = take_item,
	    .bad_line = take_bad_line,
	    .arg = out};
	parse((const char *)data, size, &sink);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str own = STR_INIT, inih = STR_INIT;
	transcribe(&own, config_ini_parse_own, data, size);
#ifdef WITH_INIH
	transcribe(&inih, config_ini_parse_inih, data, size);
	CHECK(own.len == inih.len);
	CHECK(memcmp(own.p, inih.p, own.len) == 0);
#endif
	str_free(&own);
	str_free(&inih);
	return 0;
}
