/*
 * What is the same in the texts of all schedulers: a job's name, what it runs,
 * and the seal that says whose it is.
 */
#include <inttypes.h>
#include <string.h>

#include "base/num.h"
#include "engine/schedule/schedule_text.h"

static bool
is_plain(const char *p)
{
	/* "_x" begins an escape, so it is one itself. */
	if (*p == '_')
		return p[1] != 'x';
	return (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
	    (*p >= '0' && *p <= '9') || *p == '.' || *p == '-';
}

void
schedule_name(struct str *out, const char *profile)
{
	str_add(out, "coldsync-");
	for (const char *p = profile; *p != '\0'; p++) {
		if (is_plain(p))
			str_addc(out, *p);
		else
			str_addf(out, "_x%02x_", (unsigned char)*p);
	}
}

const char *
schedule_arg(const struct schedule_job *j, int i, struct str *room)
{
	const char *head[] = {j->program, "-q", "-c", j->config};
	const int n = (int)COUNT_OF(head);
	const int set = j->state[0] != '\0' ? 2 : 0;
	if (i < n)
		return head[i];
	if (set > 0 && i == n)
		return "--set";
	if (set > 0 && i == n + 1) {
		str_set(room, "paths.state_dir=");
		str_add(room, j->state);
		return room->p;
	}
	if (i == n + set)
		return "sync";
	if (i == n + set + 1)
		return j->apply ? "--apply" : "--dry-run";
	/* Nobody sees what a dry run says, so it says it in the log. */
	return i == n + set + 2 && !j->apply ? "--log" : NULL;
}

/* ---- seals: a version, then fields between blanks, texts in hexadecimal,
   so that no quoting of any scheduler can touch them ---- */

static const char *const whens[] = {
    [SCHEDULE_EVERY] = "every",
    [SCHEDULE_DAILY] = "daily",
    [SCHEDULE_LOGIN] = "login",
};

void
schedule_seal(struct str *out, const struct schedule_job *j)
{
	const char *texts[] = {j->profile, j->program, j->config, j->state};
	str_addf(out, SCHEDULE_SEAL "1 %s %" PRId64 " %s", whens[j->when],
	    j->number, j->apply ? "apply" : "dry-run");
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		str_add(out, " x");
		num_hex(out, texts[i], strlen(texts[i]));
	}
}

/* The next field; steps behind it and the blank. */
static size_t
next_field(const char **field, const char **at)
{
	size_t n = strcspn(*at, " \r\n<");
	*field = *at;
	*at += n;
	if (**at == ' ')
		++*at;
	return n;
}

static bool
is_word(const char *field, size_t n, const char *word)
{
	return strlen(word) == n && memcmp(field, word, n) == 0;
}

static int
read_texts(struct schedule_sealed *s, const char *at)
{
	struct str *texts[] = {&s->profile, &s->program, &s->config, &s->state};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		const char *field;
		size_t n = next_field(&field, &at);
		if (n == 0 || field[0] != 'x' ||
		    num_unhex(texts[i], field + 1, n - 1) != 0 ||
		    strlen(texts[i]->p) != texts[i]->len)
			return -1;
	}
	s->job.profile = s->profile.p;
	s->job.program = s->program.p;
	s->job.config = s->config.p;
	s->job.state = s->state.p;
	s->job.user = "";
	return 0;
}

int
schedule_unseal(struct schedule_sealed *out, const char *text)
{
	const char *at = strstr(text, SCHEDULE_SEAL);
	const char *field;
	size_t n;
	*out = (struct schedule_sealed){.profile = STR_INIT,
	    .program = STR_INIT,
	    .config = STR_INIT,
	    .state = STR_INIT};
	if (at == NULL)
		return -1;
	at += strlen(SCHEDULE_SEAL);
	n = next_field(&field, &at);
	if (!is_word(field, n, "1"))
		return -1;
	n = next_field(&field, &at);
	size_t when = 0;
	while (when < COUNT_OF(whens) && !is_word(field, n, whens[when]))
		when++;
	if (when == COUNT_OF(whens))
		return -1;
	out->job.when = (enum schedule_when)when;
	n = next_field(&field, &at);
	if (num_parse(&out->job.number, field, n, 0, INT32_MAX) != 0)
		return -1;
	n = next_field(&field, &at);
	out->job.apply = is_word(field, n, "apply");
	if (!out->job.apply && !is_word(field, n, "dry-run"))
		return -1;
	return read_texts(out, at);
}

void
schedule_sealed_free(struct schedule_sealed *s)
{
	str_free(&s->profile);
	str_free(&s->program);
	str_free(&s->config);
	str_free(&s->state);
}
