#include "config/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "config/config_check.h"
#include "config/config_complaints.h"
#include "config/config_given.h"
#include "config/config_keys.h"
#include "config/config_path.h"
#include "config/config_value.h"
#include "platform/plat_env.h"

/* One load under way. */
struct loading {
	struct config *out;
	struct config_given *given;
	struct config_complaints complaints;
	struct str file_dir, here; /* where relative paths begin: the file's,
				      --set's; "" when it cannot be known */
};

/* ---- the profile ---- */

/*
 * The name becomes a directory in the state home. It may hold what people put
 * into file names, but nothing that would lead elsewhere, and nothing a file
 * system might drop so that two profiles end up in one directory.
 */
static const char *
profile_fault(const char *name, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)name[i] < 0x20 || name[i] == 0x7F)
			return "holds a control character";
	if (!path_is_safe(name, n))
		return "is no name";
	if (name[0] == ' ' || name[n - 1] == ' ' || name[n - 1] == '.')
		return "begins or ends with a blank or ends with a dot";
	return NULL;
}

/* The file's stem; false when it cannot serve as a profile's name. */
static bool
set_profile(struct loading *l)
{
	const char *file = l->out->file;
	const char *windows =
	    strcmp(plat_os(), "windows") == 0 ? strrchr(file, '\\') : NULL;
	const char *slash = strrchr(file, '/');
	if (windows != NULL && (slash == NULL || windows > slash))
		slash = windows;
	const char *name = slash == NULL ? file : slash + 1;
	size_t n = path_extension(name, strlen(name));
	l->out->profile = mem_copy(name, n);
	const char *fault = profile_fault(name, n);
	if (fault != NULL)
		config_complain(&l->complaints,
		    (struct config_about){.line = CONFIG_NO_LINE},
		    "the file's name without its ending is the profile's, and "
		    "it %s",
		    fault);
	return fault == NULL;
}

/* ---- values ---- */

static void
set_default(struct loading *l, const struct config_key *k)
{
	if (k->fallback == NULL)
		return;
	struct config_text text = {
	    .s = k->fallback, .line = CONFIG_NO_LINE, .base = ""};
	config_value_set(l->out, k, &text, &l->complaints);
}

static void
set_value(struct loading *l, const struct config_key *k)
{
	const struct config_given *g = config_given_of(l->given, k);
	if (g->value == NULL) {
		if (k->required)
			config_complain_key(&l->complaints, k,
			    g->section_line > 0 ? g->section_line : 1,
			    "is required");
		set_default(l, k);
		return;
	}
	struct config_text text = {
	    .s = g->value,
	    .line = g->line,
	    .base = g->line == CONFIG_FROM_SET ? l->here.p : l->file_dir.p,
	};
	/* Another system's variant is checked and forgotten. */
	struct config other = {.file = NULL};
	bool ours = k->system == NULL || strcmp(k->system, plat_os()) == 0;
	bool good =
	    config_value_set(ours ? l->out : &other, k, &text, &l->complaints);
	if (!ours)
		config_value_free(&other, k);
	if (!good && !config_key_is_list(k))
		set_default(l, k);
}

/* Members that hold text never hold NULL, whatever went wrong. */
static void
fill_texts(struct config *c)
{
	for (size_t i = 0; i < config_keys_n; i++) {
		const struct config_key *k = &config_keys[i];
		void *member = (char *)c + k->offset;
		char **text = member;
		if (k->type < CONFIG_KEY_ENUM && *text == NULL)
			*text = mem_string("");
	}
}

/* ---- computed defaults ---- */

static bool
is_given(struct loading *l, const char *section, const char *name)
{
	return config_given_of(l->given, config_key_find(section, name))
		   ->value != NULL;
}

static void
default_machine_id(struct loading *l)
{
	struct str host = STR_INIT, id = STR_INIT;
	plat_host_name(&host);
	config_machine_id(&id, host.p);
	l->out->identity.machine_id = str_take(&id);
	str_free(&host);
}

static void
default_state_dir(struct loading *l)
{
	struct err e;
	struct str dir = STR_INIT;
	if (plat_state_home(&dir, &e) != 0) {
		char why[ERR_TEXT_SIZE];
		config_complain_key(&l->complaints,
		    config_key_find("paths", "state_dir"), 1,
		    err_text(&e, why, sizeof(why)));
		str_free(&dir);
		return;
	}
	str_addf(&dir, "/%s", l->out->profile);
	l->out->paths.state_dir = str_take(&dir);
}

static void
default_below_state(struct loading *l, char **member, const char *name)
{
	if (l->out->paths.state_dir == NULL)
		return;
	struct str dir = STR_INIT;
	str_addf(&dir, "%s/%s", l->out->paths.state_dir, name);
	*member = str_take(&dir);
}

static void
set_computed(struct loading *l, bool profile_is_good)
{
	struct config *c = l->out;
	if (!is_given(l, "identity", "machine_id"))
		default_machine_id(l);
	if (!is_given(l, "paths", "state_dir") && profile_is_good)
		default_state_dir(l);
	if (!is_given(l, "paths", "backup_dir"))
		default_below_state(l, &c->paths.backup_dir, "backups");
	if (!is_given(l, "logging", "dir"))
		default_below_state(l, &c->logging.dir, "logs");
}

/* ---- all of it ---- */

static void
judge(struct loading *l, bool profile_is_good)
{
	for (size_t i = 0; i < config_keys_n; i++)
		set_value(l, &config_keys[i]);
	set_computed(l, profile_is_good);
	config_check(l->out, l->given, &l->complaints);
}

static void
begin(struct loading *l, struct config *out, const char *file)
{
	*l = (struct loading){
	    .out = out,
	    .given = config_given_new(),
	    .complaints = {.file = file},
	    .file_dir = STR_INIT,
	    .here = STR_INIT,
	};
	*out = (struct config){.file = mem_string(file)};
	config_path_dir(&l->file_dir, file, NULL);
	config_path_dir(&l->here, "file", NULL);
}

static int
finish(struct loading *l, struct config_problems *problems)
{
	fill_texts(l->out);
	int rc = l->complaints.n > 0 ? -1 : 0;
	config_complaints_write(&l->complaints, &problems->lines);
	problems->unknown = l->complaints.unknown;
	config_complaints_free(&l->complaints);
	config_given_destroy(l->given);
	str_free(&l->file_dir);
	str_free(&l->here);
	return rc;
}

int
config_load(struct config *out, const char *file, const struct strlist *sets,
    struct config_problems *problems)
{
	struct err e;
	struct loading l;
	begin(&l, out, file);
	bool profile_is_good = set_profile(&l);
	if (config_given_file(l.given, file, &l.complaints, &e) != 0) {
		char why[ERR_TEXT_SIZE];
		config_complain(&l.complaints,
		    (struct config_about){.line = CONFIG_NO_LINE}, "%s",
		    err_text(&e, why, sizeof(why)));
	} else {
		config_given_sets(l.given, sets, &l.complaints);
		judge(&l, profile_is_good);
	}
	return finish(&l, problems);
}

int
config_load_text(struct config *out, const char *file, const char *text,
    size_t n, struct config_problems *problems)
{
	struct loading l;
	begin(&l, out, file);
	bool profile_is_good = set_profile(&l);
	config_given_text(l.given, text, n, &l.complaints);
	judge(&l, profile_is_good);
	return finish(&l, problems);
}

void
config_free(struct config *c)
{
	for (size_t i = 0; i < config_keys_n; i++)
		config_value_free(c, &config_keys[i]);
	free(c->file);
	free(c->profile);
	*c = (struct config){.file = NULL};
}
