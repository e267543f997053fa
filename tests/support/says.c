#include "support/says.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "model/entry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const letters[] = {"a", "b", "c", "d"};

void
says_roster(struct roster *r)
{
	*r = (struct roster){.ids = STRLIST_INIT};
	for (size_t i = 0; i < sizeof(letters) / sizeof(*letters); i++)
		assert_int_equal(roster_add(r, letters[i]), i);
}

static uint32_t
machine(char c)
{
	assert_in_range(c, 'a', 'd');
	return (uint32_t)(c - 'a');
}

static uint64_t
number(const char *p, const char **end)
{
	uint64_t n = 0;
	for (; *p >= '0' && *p <= '9'; p++)
		n = n * 10 + (uint64_t)(*p - '0');
	*end = p;
	return n;
}

/* The content's first letter is its first hash byte; its length its size. */
static struct version
read_version(const char *p, const char **end)
{
	size_t n = strcspn(p, "@");
	struct version v = {.type = ENTRY_FILE, .size = n};
	v.hash = hash_of(p, n);
	v.hash.hi = (unsigned char)p[0];
	if (n == 1 && *p == '-')
		v = (struct version){.type = ENTRY_NONE};
	v.machine = machine(p[n + 1]);
	v.generation = number(p + n + 2, end);
	return v;
}

struct version
says_version(const char *text)
{
	const char *end;
	return read_version(text, &end);
}

static void
read_claims(struct manifest_writer *w, const char *p)
{
	while (*p != '\0') {
		struct claim c = {.path = p, .path_len = strcspn(p, "=")};
		p += c.path_len;
		while (*p == '=' || *p == '|')
			c.v[c.n++] = read_version(p + 1, &p);
		manifest_add(w, &c);
		p += strspn(p, " ");
	}
}

static void
read_seen(struct seen *out, const char *p)
{
	while (*p != '\0') {
		uint32_t who = machine(*p);
		seen_raise(out, who, number(p + 1, &p));
		p += strspn(p, " ");
	}
}

void
says_bytes(struct str *out, struct roster *r, const char *author,
    const char *seen, const char *claims, bool partial)
{
	struct seen s = {.v = NULL};
	const char *end;
	struct manifest_head head = {.machine = machine(author[0]),
	    .generation = number(author + 1, &end),
	    .time = 1000,
	    .label = (char *)"a label",
	    .os = (char *)"linux",
	    .place = 77,
	    .partial = partial};
	memcpy(head.install, "0123456789abcdef0123456789abcdef", 33);
	read_seen(&s, seen);
	seen_raise(&s, head.machine, head.generation);
	struct manifest_writer *w = manifest_begin(&head, r, &s);
	read_claims(w, claims);
	manifest_end(w, out);
	seen_free(&s);
}

void
says_make(struct manifest *out, struct roster *r, const char *author,
    const char *seen, const char *claims)
{
	struct str bytes = STR_INIT;
	struct err e;
	says_bytes(&bytes, r, author, seen, claims, false);
	size_t size = bytes.len;
	assert_int_equal(manifest_parse(out, r, str_take(&bytes), size, &e), 0);
	assert_int_equal(manifest_check(out, &e), 0);
}

static void
add_claim(void *arg, const struct claim *c)
{
	struct str *out = arg;
	str_add(out, out->len > 0 ? " " : "");
	str_addn(out, c->path, c->path_len);
	for (unsigned i = 0; i < c->n; i++) {
		const struct version *v = &c->v[i];
		char letter = v->type == ENTRY_NONE ? '-' : (char)v->hash.hi;
		str_addf(out, "%s%c@%s%d", i > 0 ? "|" : "=", letter,
		    letters[v->machine], (int)v->generation);
	}
}

struct claims_sink
says_sink(struct str *out)
{
	return (struct claims_sink){.claim = add_claim, .arg = out};
}

void
says_text(struct str *out, const struct manifest *m)
{
	struct manifest_cursor c;
	manifest_open(&c, m);
	for (; !c.claims.ended; claims_next(&c.claims))
		add_claim(out, &c.claims.now);
	manifest_close(&c);
}
