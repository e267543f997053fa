/*
 * The usage line of a command, read to know which argument comes next:
 * "[PATH...]", "install|remove|status", "list|show ID|verify [ID]".
 * Words in small letters stand for themselves, others name what is meant.
 */
#include <string.h>

#include "cli/command.h"
#include "cli/complete/complete.h"

enum { WORDS_MAX = 8 };

/* One alternative: its words, without brackets. */
struct way {
	char *word[WORDS_MAX];
	size_t n;
	bool repeats; /* the last one may stand again and again */
};

static bool
is_name(const char *word)
{
	return word[0] >= 'A' && word[0] <= 'Z';
}

/* Cut what says "and more of it" off the end of *word*. */
static bool
cut_dots(char *word)
{
	static const char *const dots[] = {"...", "…"};
	size_t n = strlen(word);
	for (size_t i = 0; i < 2; i++) {
		size_t d = strlen(dots[i]);
		if (n > d && strcmp(word + n - d, dots[i]) == 0) {
			word[n - d] = '\0';
			return true;
		}
	}
	return false;
}

/* The words of *text*, which they take over. Options and "--" are not what
   arguments are counted by. */
static void
read_way(struct way *out, char *text)
{
	*out = (struct way){.n = 0};
	for (char *p = text; *p != '\0' && out->n < WORDS_MAX;) {
		p += strspn(p, " []");
		size_t n = strcspn(p, " []");
		char *next = p + n;
		bool more = *next != '\0';
		*next = '\0';
		if (n > 0 && p[0] != '-') {
			out->repeats = cut_dots(p);
			out->word[out->n++] = p;
		}
		p = next + (more ? 1 : 0);
	}
}

/* What comes after *args*, or NULL when this is not the way they go. */
static const char *
next_word(const struct way *w, const struct strlist *args)
{
	for (size_t i = 0; i < args->n; i++) {
		size_t at = i < w->n ? i : w->n - 1;
		if (w->n == 0 || (i >= w->n && !w->repeats))
			return NULL;
		if (!is_name(w->word[at]) &&
		    strcmp(w->word[at], args->v[i]) != 0)
			return NULL;
	}
	if (args->n < w->n)
		return w->word[args->n];
	return w->repeats ? w->word[w->n - 1] : NULL;
}

void
complete_usage(struct complete *out, const struct complete_line *l)
{
	struct str text = STR_INIT;
	struct way way;
	for (const char *p = l->command->args; *p != '\0';) {
		size_t n = strcspn(p, "|");
		str_clear(&text);
		str_addn(&text, p, n);
		read_way(&way, text.p);
		const char *word = next_word(&way, l->args);
		if (word != NULL && is_name(word))
			complete_named(out, l, word);
		else if (word != NULL)
			complete_offer(out, l, word, NULL);
		p += n + (p[n] == '|' ? 1 : 0);
	}
	str_free(&text);
}
