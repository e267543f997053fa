/*
 * What a name in a usage line stands for, looked up where it is: profiles,
 * templates, snapshots, paths of the two folders.
 */
#include <string.h>

#include "base/compiler.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/complete/complete.h"
#include "config/config.h"
#include "config/template.h"
#include "engine/past/backups.h"
#include "engine/past/history.h"
#include "platform/plat_fs.h"

/* A list being read, and who gets it. */
struct listing {
	struct complete *out;
	const struct complete_line *line;
	const char *dir;   /* what stands before each name: "" or "a/b/" */
	const char *begun; /* what each name has to begin with */
};

/* A name that a shell's list could not show as it is is not offered. */
static bool
is_plain(const char *name, size_t n)
{
	struct str shown = STR_INIT;
	text_show(&shown, name, n);
	bool plain = shown.len == n && memcmp(shown.p, name, n) == 0;
	str_free(&shown);
	return plain;
}

static void
list_dir(const char *native, plat_list_fn *fn, struct listing *to)
{
	struct plat_dir *dir = NULL;
	struct err ignored;
	if (plat_dir_open(&dir, native, &ignored) != 0)
		return;
	(void)plat_list(dir, fn, to, &ignored);
	plat_dir_close(dir);
}

/* The profile the line is about; false when it cannot be told or read. */
static bool
load(struct config *out, const struct complete_line *l)
{
	struct str file = STR_INIT;
	struct config_problems problems = {.lines = STRLIST_INIT};
	struct err ignored;
	*out = (struct config){.file = NULL};
	bool good = config_find(&file, l->config, l->profile, &ignored) == 0 &&
	    config_load(out, file.p, NULL, &problems) == 0;
	strlist_free(&problems.lines);
	str_free(&file);
	return good;
}

static void
offer_profiles(struct complete *out, const struct complete_line *l)
{
	struct strlist names = STRLIST_INIT;
	struct err ignored;
	if (config_profiles(&names, &ignored) == 0)
		for (size_t i = 0; i < names.n; i++)
			if (is_plain(names.v[i], strlen(names.v[i])))
				complete_offer(out, l, names.v[i], NULL);
	strlist_free(&names);
}

static void
offer_commands(struct complete *out, const struct complete_line *l)
{
	const struct command *command;
	for (size_t i = 0; (command = command_at(i)) != NULL; i++)
		if (command->group != COMMAND_HIDDEN)
			complete_offer(out, l, command->name, command->summary);
}

static void
offer_snapshots(struct complete *out, const struct complete_line *l)
{
	struct config config;
	struct backups backups;
	struct err ignored;
	if (load(&config, l)) {
		if (backups_open(&backups, &config, &ignored) == 0)
			for (size_t i = 0; i < backups.list.n; i++)
				complete_offer(
				    out, l, backups.list.v[i].id, NULL);
		backups_close(&backups);
	}
	config_free(&config);
}

/* "machine-<id>.manifest" in the cloud folder. */
static int
offer_machine(void *arg, const char *name, size_t n, const struct plat_stat *st,
    const struct err *why)
{
	static const char before[] = "machine-", behind[] = ".manifest";
	const struct listing *to = arg;
	struct str id = STR_INIT;
	UNUSED(st);
	UNUSED(why);
	str_addn(&id, name, n);
	if (strncmp(id.p, before, sizeof(before) - 1) == 0 &&
	    str_ends(&id, behind) && is_plain(name, n)) {
		str_cut(&id, id.len - (sizeof(behind) - 1));
		complete_offer(
		    to->out, to->line, id.p + sizeof(before) - 1, NULL);
	}
	str_free(&id);
	return 0;
}

static void
offer_machines(struct complete *out, const struct complete_line *l)
{
	struct config config;
	struct str dir = STR_INIT;
	struct listing to = {.out = out, .line = l};
	if (load(&config, l)) {
		str_addf(&dir, "%s/.coldsync", config.paths.cloud_root_dir);
		list_dir(dir.p, offer_machine, &to);
	}
	str_free(&dir);
	config_free(&config);
}

/* Whose id depends on what the command is about. */
static void
offer_ids(struct complete *out, const struct complete_line *l)
{
	static const struct {
		const char *command;
		void (*offer)(
		    struct complete *out, const struct complete_line *l);
	} about[] = {
	    {"backups", offer_snapshots},
	    {"restore", offer_snapshots},
	    {"machines", offer_machines},
	};
	for (size_t i = 0; i < COUNT_OF(about); i++)
		if (strcmp(l->command->name, about[i].command) == 0)
			about[i].offer(out, l);
}

static void
offer_runs(struct complete *out, const struct complete_line *l)
{
	struct config config;
	struct history history;
	struct err ignored;
	if (load(&config, l)) {
		if (history_load(&history, &config, &ignored) == 0)
			for (size_t i = 0; i < history.n; i++)
				complete_offer(out, l, history.v[i].id,
				    history.v[i].command);
		history_free(&history);
	}
	config_free(&config);
}

static void
offer_templates(struct complete *out, const struct complete_line *l)
{
	const char *name;
	for (size_t i = 0; (name = template_name(i)) != NULL; i++) {
		struct template t;
		if (template_load(&t, name))
			complete_offer(out, l, name, t.title.p);
		template_free(&t);
	}
}

static int
offer_path(void *arg, const char *name, size_t n, const struct plat_stat *st,
    const struct err *why)
{
	const struct listing *to = arg;
	struct str path = STR_INIT;
	UNUSED(why);
	if (strncmp(name, to->begun, strlen(to->begun)) != 0 ||
	    !is_plain(name, n) || strcmp(name, ".coldsync") == 0)
		return 0;
	str_add(&path, to->dir);
	str_addn(&path, name, n);
	if (st != NULL && st->type == PLAT_DIR)
		str_addc(&path, '/');
	complete_offer(to->out, to->line, path.p, NULL);
	str_free(&path);
	return 0;
}

/* What both folders have of the directory being typed, each once. */
static void
offer_paths(struct complete *out, const struct complete_line *l)
{
	struct config config;
	struct complete all = {.kind = COMPLETE_WORDS};
	struct str dir = STR_INIT, native = STR_INIT;
	const char *slash = strrchr(l->typed, '/');
	size_t n = slash != NULL ? (size_t)(slash - l->typed) + 1 : 0;
	str_addn(&dir, l->typed, n);
	struct listing to = {&all, l, dir.p, l->typed + n};
	if (load(&config, l)) {
		const char *roots[] = {
		    config.paths.local_state_dir, config.paths.cloud_root_dir};
		for (size_t i = 0; i < COUNT_OF(roots); i++) {
			str_set(&native, roots[i]);
			str_addf(&native, "/%s", dir.p);
			list_dir(native.p, offer_path, &to);
		}
	}
	strlist_sort(&all.values);
	for (size_t i = 0; i < all.values.n; i++)
		if (i == 0 || strcmp(all.values.v[i - 1], all.values.v[i]) != 0)
			strlist_add(&out->values, all.values.v[i]);
	strlist_free(&all.values);
	str_free(&native);
	str_free(&dir);
	config_free(&config);
}

static void
offer_words(
    struct complete *out, const struct complete_line *l, const char *words)
{
	struct str word = STR_INIT;
	for (const char *p = words; *p != '\0';) {
		size_t n = strcspn(p, "|");
		str_clear(&word);
		str_addn(&word, p, n);
		complete_offer(out, l, word.p, NULL);
		p += n + (p[n] == '|' ? 1 : 0);
	}
	str_free(&word);
}

void
complete_named(
    struct complete *out, const struct complete_line *l, const char *name)
{
	static const struct {
		const char *name;
		enum complete_kind kind;
		void (*offer)(
		    struct complete *out, const struct complete_line *l);
	} names[] = {
	    {"FILE", COMPLETE_FILES, NULL},
	    {"DIR", COMPLETE_DIRS, NULL},
	    {"PROGRAM", COMPLETE_PROGRAMS, NULL},
	    {"ARGUMENT", COMPLETE_FILES, NULL},
	    {"PROFILE", COMPLETE_WORDS, offer_profiles},
	    {"COMMAND", COMPLETE_WORDS, offer_commands},
	    {"TEMPLATE", COMPLETE_WORDS, offer_templates},
	    {"ID", COMPLETE_WORDS, offer_ids},
	    {"RUN", COMPLETE_WORDS, offer_runs},
	    {"PATH", COMPLETE_WORDS, offer_paths},
	};
	if (name == NULL)
		return;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (strcmp(names[i].name, name) != 0)
			continue;
		out->kind = names[i].kind;
		if (names[i].offer != NULL)
			names[i].offer(out, l);
		return;
	}
	if (strchr(name, '|') != NULL && name[0] >= 'a')
		offer_words(out, l, name);
}
