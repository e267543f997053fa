/*
 * Conflict copies: whose a name is, and what it is a copy of.
 */
#include <string.h>

#include "base/path.h"
#include "model/ascii.h"
#include "model/cloud/quirks_table.h"

/* No system has longer names; what is longer costs no search. */
enum { NAME_MAX_BYTES = 1024 };

struct name {
	const char *s;
	size_t n;
	/* Where an extension may begin: its last dot (a.gz), the dot before
	   (a.tar.gz), and the end of the name: it may have none. */
	size_t ends[3];
	size_t nends;
};

static struct name
read_name(const char *s, size_t n)
{
	struct name name = {.s = s, .n = n};
	size_t at = path_extension(s, n);
	if (at < n)
		name.ends[name.nends++] = at;
	size_t before = path_extension(s, at);
	if (before < at)
		name.ends[name.nends++] = before;
	name.ends[name.nends++] = n;
	return name;
}

/* The part of a name that is the mark. */
struct span {
	size_t from, to;
};

/* A name is never mark alone: nothing would be the original. */
static bool
is_mark(const struct name *name, struct span at)
{
	return at.to > at.from && at.to - at.from < name->n;
}

/* ---- marks of the table ---- */

static bool
holds(const struct name *name, const char *hint)
{
	size_t len = strlen(hint);
	for (size_t i = 0; i + len <= name->n; i++)
		if (ascii_same(name->s + i, hint, len))
			return true;
	return false;
}

/* Does "-HOST" stand before *end*, for one of the machines? */
static bool
find_host(const struct name *name, size_t end, const struct strlist *machines,
    struct span *out)
{
	for (size_t i = 0; i < machines->n; i++) {
		const char *host = machines->v[i];
		size_t len = strlen(host);
		if (len == 0 || end < len + 2 ||
		    name->s[end - len - 1] != '-' ||
		    !ascii_same(name->s + end - len, host, len))
			continue;
		out->from = end - len - 1;
		return true;
	}
	return false;
}

/* "-HOST" or "-HOST-N" before *end*. */
static bool
find_machine(const struct name *name, size_t end,
    const struct strlist *machines, struct span *out)
{
	if (machines == NULL)
		return false;
	out->to = end;
	if (find_host(name, end, machines, out))
		return true;
	size_t number = end;
	while (number > 0 && ascii_is_digit(name->s[number - 1]))
		number--;
	return number < end && number > 0 && name->s[number - 1] == '-' &&
	    find_host(name, number - 1, machines, out);
}

static bool
find_mark(const struct quirks_finder *f, const struct name *name,
    const struct strlist *machines, struct span *out)
{
	if (!holds(name, f->mark->hint))
		return false;
	bool at_end = (f->mark->flags & QUIRKS_AT_END) != 0;
	for (size_t i = 0; i < name->nends; i++) {
		size_t end = name->ends[i];
		if (at_end && end != name->n)
			continue;
		bool found = f->mark->pattern[0] == '\0'
		    ? find_machine(name, end, machines, out)
		    : pattern_find(
			  &f->pattern, name->s, end, &out->from, &out->to);
		if (found && out->from > 0)
			return true;
	}
	return false;
}

static const struct quirks_finder *
find_any(const struct quirks_finder *f, size_t n, const struct name *name,
    const struct strlist *machines, struct span *out)
{
	for (size_t i = 0; i < n; i++)
		if (find_mark(&f[i], name, machines, out))
			return &f[i];
	return NULL;
}

/* ---- marks of the config ---- */

/* Before the extension if it can be had, so that ".*" leaves that alone. */
static bool
find_extra(const struct quirks *q, const struct name *name, struct span *out)
{
	for (size_t i = 0; i < q->nconflict; i++) {
		const struct pattern *p = &q->extra_conflict[i];
		if (p->n == 0)
			continue;
		if (pattern_find(
			p, name->s, name->ends[0], &out->from, &out->to) &&
		    is_mark(name, *out))
			return true;
		if (pattern_find(p, name->s, name->n, &out->from, &out->to) &&
		    is_mark(name, *out))
			return true;
	}
	return false;
}

/* ---- ours ---- */

/* '0' stands for any digit. */
static const char own_tag[] = ".conflict-00000000-000000-";

enum { OWN_TAG_LEN = sizeof(own_tag) - 1, MACHINE_MAX = 64, NUMBER_MAX = 11 };

static bool
is_own_tag(const char *s)
{
	for (size_t i = 0; i < OWN_TAG_LEN; i++)
		if (own_tag[i] == '0' ? !ascii_is_digit(s[i])
				      : s[i] != own_tag[i])
			return false;
	return true;
}

/* A machine id, with or without a number behind it. */
static bool
is_machine(const char *s, size_t n)
{
	if (n == 0 || n > MACHINE_MAX + NUMBER_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = ascii_lower(s[i]);
		if (!ascii_is_digit(c) && (c < 'a' || c > 'z') && c != '.' &&
		    c != '_' && c != '-')
			return false;
	}
	return true;
}

/* What stands behind the tag: where the extension begins in it. */
static size_t
extension_of(const char *s, size_t n)
{
	for (size_t i = n; i > 1; i--)
		if (s[i - 1] == '.')
			return i < n ? i - 1 : n;
	return n;
}

bool
quirks_own_copy(const char *name, size_t n, struct str *original)
{
	size_t from = path_name(name, n);
	name += from;
	n -= from;
	for (size_t at = n; at-- > 1;) {
		if (n - at <= OWN_TAG_LEN || !is_own_tag(name + at))
			continue;
		const char *rest = name + at + OWN_TAG_LEN;
		size_t len = n - at - OWN_TAG_LEN;
		size_t extension = extension_of(rest, len);
		if (!is_machine(rest, extension))
			return false;
		if (original != NULL) {
			str_addn(original, name, at);
			str_addn(original, rest + extension, len - extension);
		}
		return true;
	}
	return false;
}

/* ---- the question ---- */

bool
quirks_copy(const struct quirks *q, const char *s, size_t n,
    const struct strlist *machines, struct quirks_copy *out,
    struct str *original)
{
	if (n == 0 || n > NAME_MAX_BYTES)
		return false;
	struct name name = read_name(s, n);
	struct span at;
	*out = (struct quirks_copy){.provider = "config"};
	/* A provider's copy of our copy is held; our copy itself is not, even
	   where its machine looks like one of the vaguer marks. */
	const struct quirks_finder *f =
	    find_any(q->finders, q->nstrong, &name, machines, &at);
	if (f == NULL && quirks_own_copy(s, n, NULL))
		return false;
	if (f == NULL && !find_extra(q, &name, &at)) {
		f = find_any(q->finders + q->nstrong, q->nfinders - q->nstrong,
		    &name, machines, &at);
		if (f == NULL)
			return false;
	}
	if (f != NULL) {
		out->provider = f->row->id;
		out->weak = (f->mark->flags & QUIRKS_WEAK) != 0;
	}
	if (original != NULL) {
		str_addn(original, s, at.from);
		str_addn(original, s + at.to, n - at.to);
	}
	return true;
}
