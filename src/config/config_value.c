#include "config/config_value.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"
#include "config/config_path.h"
#include "config/config_value_list.h"

/* What each check below works on. */
struct setting {
	const struct config_key *key;
	const struct config_text *text;
	void *member; /* of struct config */
	struct config_complaints *complaints;
	struct config_about about;
};

enum { MACHINE_ID_MAX = 64 };

static bool
is_machine_id_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

static bool
is_machine_id(const char *s)
{
	size_t n = strlen(s);
	for (size_t i = 0; i < n; i++)
		if (!is_machine_id_char(s[i]))
			return false;
	return n > 0 && n <= MACHINE_ID_MAX;
}

void
config_machine_id(struct str *out, const char *host)
{
	size_t from = out->len;
	for (; *host != '\0' && out->len - from < MACHINE_ID_MAX; host++) {
		if (is_machine_id_char(*host))
			str_addc(out, *host);
		else if (out->len > from && out->p[out->len - 1] != '-')
			str_addc(out, '-');
	}
	size_t n = out->len;
	while (n > from && (out->p[n - 1] == '-' || out->p[n - 1] == '.'))
		n--;
	str_cut(out, n);
	if (n == from)
		str_add(out, "host");
}

static int
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool
same_word(const char *a, const char *b)
{
	while (*a != '\0' && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return *a == *b;
}

static void
replace(const struct setting *s, char *fresh)
{
	char **member = s->member;
	free(*member);
	*member = fresh;
}

/* "'…' is not a whole number from 0 to 100" */
static bool
refuse(const struct setting *s)
{
	char shown[CONFIG_SHOWN_SIZE];
	struct str allowed = STR_INIT;
	config_key_allowed(&allowed, s->key);
	config_complain(s->complaints, s->about, "%s is not %s",
	    config_shown(shown, s->text->s, strlen(s->text->s)), allowed.p);
	str_free(&allowed);
	return false;
}

static bool
set_text(const struct setting *s)
{
	const char *text = s->text->s;
	size_t n = strlen(text);
	if (!utf8_valid(text, n)) {
		config_complain(s->complaints, s->about, "is not UTF-8");
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (((unsigned char)text[i] < 0x20 && text[i] != '\t') ||
		    text[i] == 0x7F) {
			config_complain(s->complaints, s->about,
			    "a control character is in it");
			return false;
		}
	}
	replace(s, mem_copy(text, n));
	return true;
}

static bool
set_machine_id(const struct setting *s)
{
	if (!is_machine_id(s->text->s))
		return refuse(s);
	replace(s, mem_string(s->text->s));
	return true;
}

static bool
set_path(const struct setting *s)
{
	struct err e;
	struct str path = STR_INIT;
	if (config_path(&path, s->text->s, s->text->base, &e) != 0) {
		char why[ERR_TEXT_SIZE];
		config_complain(s->complaints, s->about, "%s",
		    err_text(&e, why, sizeof(why)));
		str_free(&path);
		return false;
	}
	replace(s, str_take(&path));
	return true;
}

static bool
set_tree_path(const struct setting *s)
{
	struct str path = STR_INIT;
	if (config_tree_path(&path, s->text->s, strlen(s->text->s)) != 0) {
		str_free(&path);
		return refuse(s);
	}
	replace(s, str_take(&path));
	return true;
}

/* The index of the text among the key's words; -1 and a complaint when it is
   none of them. */
static int
find_word(const struct setting *s)
{
	for (int i = 0; s->key->words[i] != NULL; i++)
		if (same_word(s->key->words[i], s->text->s))
			return i;
	refuse(s);
	return -1;
}

static bool
set_word(const struct setting *s)
{
	int i = find_word(s);
	if (i >= 0)
		replace(s, mem_string(s->key->words[i]));
	return i >= 0;
}

static bool
set_enum(const struct setting *s)
{
	int i = find_word(s);
	if (i >= 0)
		*(int *)s->member = i;
	return i >= 0;
}

static bool
set_bool(const struct setting *s)
{
	static const char *const words[] = {
	    "no", "yes", "false", "true", "off", "on", "0", "1"};
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (same_word(words[i], s->text->s)) {
			*(bool *)s->member = i % 2 == 1;
			return true;
		}
	}
	return refuse(s);
}

static bool
set_int(const struct setting *s)
{
	int64_t *member = s->member;
	if (num_parse(member, s->text->s, strlen(s->text->s), s->key->min,
		s->key->max) == 0)
		return true;
	return refuse(s);
}

static bool
set_single(const struct setting *s)
{
	if (strchr(s->text->s, '\n') != NULL) {
		config_complain(s->complaints, s->about,
		    "takes one line, but the next begins with a blank and so "
		    "continues it");
		return false;
	}
	switch (s->key->type) {
	case CONFIG_KEY_TEXT:
		return set_text(s);
	case CONFIG_KEY_MACHINE_ID:
		return set_machine_id(s);
	case CONFIG_KEY_PATH:
		return set_path(s);
	case CONFIG_KEY_TREE_PATH:
		return set_tree_path(s);
	case CONFIG_KEY_WORD:
		return set_word(s);
	case CONFIG_KEY_ENUM:
		return set_enum(s);
	case CONFIG_KEY_BOOL:
		return set_bool(s);
	default:
		return set_int(s);
	}
}

bool
config_value_set(struct config *out, const struct config_key *k,
    const struct config_text *text, struct config_complaints *c)
{
	struct str name = STR_INIT;
	str_addf(&name, "%s.%s", k->section, k->name);
	struct config_about about = {.line = text->line, .name = name.p};
	void *member = (char *)out + k->offset;
	bool good;
	if (config_key_is_list(k)) {
		good = config_value_list(member, k, text->s, about, c);
	} else {
		struct setting s = {.key = k,
		    .text = text,
		    .member = member,
		    .complaints = c,
		    .about = about};
		good = set_single(&s);
	}
	str_free(&name);
	return good;
}

void
config_value_free(struct config *c, const struct config_key *k)
{
	void *member = (char *)c + k->offset;
	if (config_key_is_list(k)) {
		strlist_free(member);
	} else if (k->type < CONFIG_KEY_ENUM) {
		char **text = member;
		free(*text);
		*text = NULL;
	}
}
