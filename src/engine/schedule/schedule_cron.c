/*
 * schedule_cron.c - our lines in the user's crontab: a comment with the seal,
 * and the line behind it. All others stay as they are, byte by byte.
 */
#include <string.h>

#include "engine/schedule/scheduler.h"

static const char seal_start[] = "# " SCHEDULE_SEAL;

/* A user without a crontab has an empty one. Whatever else goes wrong is not
   that: what is written later would take the place of all there is. */
static int
explain(const char *const *list, struct err *e)
{
	struct str said = STR_INIT;
	int rc = schedule_tool(&said, list, e);
	if (rc > 0 && strstr(said.p, "no crontab") != NULL)
		rc = 0;
	else if (rc >= 0) {
		str_cut(&said, strcspn(said.p, "\r\n"));
		rc = err_set(e, ERR_IO, "crontab -l: %s",
		    said.len > 0 ? said.p : "it failed without a word");
	}
	str_free(&said);
	return rc;
}

/* The whole crontab, and nothing of what the program warns of beside it. */
static int
read_tab(struct str *out, struct err *e)
{
	const char *const list[] = {"crontab", "-l", NULL};
	const char *const quiet[] = {
	    "/bin/sh", "-c", "exec crontab -l 2>/dev/null", NULL};
	int rc = schedule_tool(out, quiet, e);
	if (rc > 0) {
		str_clear(out);
		rc = explain(list, e);
	}
	return rc != 0 ? err_wrap(e, "read the crontab") : 0;
}

static size_t
line_length(const char *line)
{
	const char *end = strchr(line, '\n');
	return end != NULL ? (size_t)(end - line) + 1 : strlen(line);
}

/* Is this the comment over a job of this profile? */
static bool
is_ours(const char *line, const char *profile)
{
	struct schedule_sealed s;
	bool ours = false;
	struct str one = STR_INIT;
	if (strncmp(line, seal_start, strlen(seal_start)) == 0) {
		str_addn(&one, line, line_length(line));
		ours = schedule_unseal(&s, one.p) == 0 &&
		    strcmp(s.job.profile, profile) == 0;
		schedule_sealed_free(&s);
		str_free(&one);
	}
	return ours;
}

/* The first of our jobs in *tab*: where it begins, and how long it is. A
   comment whose line is gone stands alone. */
static const char *
find_lines(size_t *len, const char *tab, const char *profile)
{
	const char *line = tab;
	for (; *line != '\0'; line += line_length(line)) {
		if (!is_ours(line, profile))
			continue;
		*len = line_length(line);
		if (line[*len] != '\0' && line[*len] != '#')
			*len += line_length(line + *len);
		return line;
	}
	return NULL;
}

static int
find(struct schedule_found *out, const char *profile, struct err *e)
{
	struct str tab = STR_INIT;
	size_t len;
	if (read_tab(&tab, e) != 0) {
		str_free(&tab);
		return -1;
	}
	const char *at = find_lines(&len, tab.p, profile);
	if (at != NULL) {
		str_addn(&out->texts[0], at, len);
		out->there[0] = true;
		out->heeded = true; /* cron reads it by itself */
	}
	str_free(&tab);
	return 0;
}

/* With NULL for the job, its lines go. */
static int
rewrite(const char *profile, const struct schedule_job *j, const char *state,
    struct err *e)
{
	static const char file[] = "crontab.new";
	struct str tab = STR_INIT, text = STR_INIT, path = STR_INIT;
	const char *rest;
	const char *at;
	size_t len;
	int rc = read_tab(&tab, e);
	for (rest = tab.p; (at = find_lines(&len, rest, profile)) != NULL;
	     rest = at + len)
		str_addn(&text, rest, (size_t)(at - rest));
	str_add(&text, rest);
	if (text.len > 0 && !str_ends(&text, "\n"))
		str_addc(&text, '\n');
	if (j != NULL)
		schedule_cron(&text, j);
	if (rc == 0)
		rc = schedule_pass(&path, state, file, &text, e);
	const char *const install[] = {"crontab", path.p, NULL};
	if (rc == 0)
		rc = schedule_tell("write the crontab", install, e);
	schedule_unpass(state, file);
	str_free(&path);
	str_free(&text);
	str_free(&tab);
	return rc;
}

static int
where(struct str *out, const char *profile, struct err *e)
{
	(void)profile;
	(void)e;
	str_add(out, "the crontab");
	return 0;
}

static int
put(const struct schedule_job *j, const char *state, struct err *e)
{
	return rewrite(j->profile, j, state, e);
}

static int
drop(const char *profile, const char *state, struct err *e)
{
	return rewrite(profile, NULL, state, e);
}

const struct scheduler scheduler_cron = {where, find, put, drop};
