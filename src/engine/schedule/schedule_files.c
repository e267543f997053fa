/*
 * Jobs whose texts are files in a directory of the scheduler's: systemd's
 * units, launchd's property list.
 */
#include <stdlib.h>

#include "engine/schedule/scheduler.h"
#include "platform/plat_env.h"
#include "platform/plat_fs.h"
#include "store/afile.h"

enum { TEXT_MOST = 1 << 20 };

static int
units_dir(struct str *out, enum schedule_kind kind, struct err *e)
{
	char *config = plat_getenv("XDG_CONFIG_HOME");
	int rc = 0;
	if (kind == SCHEDULE_SYSTEMD && config != NULL &&
	    plat_is_absolute(config)) {
		str_add(out, config);
		str_add(out, "/systemd/user");
	} else {
		rc = plat_home(out, e);
		str_add(out,
		    kind == SCHEDULE_SYSTEMD ? "/.config/systemd/user"
					     : "/Library/LaunchAgents");
	}
	free(config);
	return rc;
}

int
schedule_files_where(struct str *out, const char *profile,
    enum schedule_kind kind, struct err *e)
{
	if (units_dir(out, kind, e) != 0)
		return -1;
	str_addc(out, '/');
	schedule_file(out, profile, kind, kind == SCHEDULE_SYSTEMD ? 1 : 0);
	return 0;
}

int
schedule_files_read(struct schedule_found *out, const char *profile,
    enum schedule_kind kind, struct err *e)
{
	struct str path = STR_INIT, name = STR_INIT;
	struct plat_dir *d = NULL;
	struct err why;
	int rc = units_dir(&path, kind, e);
	if (rc == 0 && plat_dir_open(&d, path.p, &why) != 0 &&
	    why.code != ERR_NOTFOUND)
		rc = err_pass(e, &why);
	for (int i = 0; d != NULL && i < schedule_texts(kind); i++) {
		str_clear(&name);
		schedule_file(&name, profile, kind, i);
		int got = afile_read(&out->texts[i], d, name.p, TEXT_MOST, e);
		out->there[i] = got == 0;
		rc = got < 0 ? -1 : rc;
	}
	plat_dir_close(d);
	str_free(&name);
	str_free(&path);
	return rc;
}

int
schedule_files_write(
    const struct schedule_job *j, enum schedule_kind kind, struct err *e)
{
	struct str path = STR_INIT;
	struct plat_dir *d = NULL;
	int rc = units_dir(&path, kind, e);
	if (rc == 0)
		rc = plat_dir_make(path.p, 0755, e);
	if (rc == 0)
		rc = plat_dir_open(&d, path.p, e);
	for (int i = 0; rc == 0 && i < schedule_texts(kind); i++) {
		struct str name = STR_INIT, text = STR_INIT;
		schedule_file(&name, j->profile, kind, i);
		schedule_text(&text, j, kind, i);
		rc = afile_replace(d, name.p, text.p, text.len, true, e);
		str_free(&text);
		str_free(&name);
	}
	plat_dir_close(d);
	str_free(&path);
	return rc;
}

int
schedule_files_remove(
    const char *profile, enum schedule_kind kind, struct err *e)
{
	struct str path = STR_INIT, name = STR_INIT;
	struct plat_dir *d = NULL;
	int rc = units_dir(&path, kind, e);
	if (rc == 0)
		rc = plat_dir_open(&d, path.p, e);
	for (int i = 0; rc == 0 && i < schedule_texts(kind); i++) {
		str_clear(&name);
		schedule_file(&name, profile, kind, i);
		rc = plat_unlink(d, name.p, e) < 0 ? -1 : 0;
	}
	plat_dir_close(d);
	str_free(&name);
	str_free(&path);
	return rc;
}
