#include "platform/plat_env.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "platform/plat_err.h"

/*
 * A closed standard stream stays one for its user: reading finds the end,
 * writing fails. Lowest first, because open gives the lowest that is free.
 */
static void
hold_standard_streams(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)!open("/dev/null", O_RDONLY);
}

void
plat_env_init(int *argc, char ***argv)
{
	/* Arguments are bytes here and stay them. */
	(void)argc;
	(void)argv;
	hold_standard_streams();
	tzset();
}

char *
plat_getenv(const char *name)
{
	const char *value = getenv(name);
	return value != NULL ? mem_string(value) : NULL;
}

/* No record of a user is longer. */
enum { PASSWD_MAX = 1 << 20 };

/* The home directory the user database knows. */
static int
home_from_passwd(struct str *out)
{
	size_t size = 1024;
	char *buf = mem_alloc(size);
	struct passwd entry;
	struct passwd *found = NULL;
	int rc;
	while (
	    (rc = getpwuid_r(getuid(), &entry, buf, size, &found)) == ERANGE &&
	    size < PASSWD_MAX) {
		size *= 2;
		buf = mem_resize(buf, size, 1);
	}
	bool usable = rc == 0 && found != NULL && entry.pw_dir[0] == '/';
	if (usable)
		str_add(out, entry.pw_dir);
	free(buf);
	return usable ? 0 : -1;
}

int
plat_home(struct str *out, struct err *e)
{
	const char *home = getenv("HOME");
	if (home != NULL && plat_is_absolute(home)) {
		str_add(out, home);
		return 0;
	}
	if (home_from_passwd(out) == 0)
		return 0;
	return err_set(e, ERR_NOTFOUND,
	    "no home directory: neither HOME nor the user database names one");
}

/* The base directory specification has relative values ignored. */
static int
base_dir(struct str *out, const char *variable, const char *below_home,
    struct err *e)
{
	const char *base = getenv(variable);
	if (base != NULL && plat_is_absolute(base)) {
		str_add(out, base);
	} else {
		if (plat_home(out, e) < 0)
			return -1;
		str_add(out, below_home);
	}
	str_add(out, "/coldsync");
	return 0;
}

int
plat_config_home(struct str *out, struct err *e)
{
	return base_dir(out, "XDG_CONFIG_HOME", "/.config", e);
}

int
plat_state_home(struct str *out, struct err *e)
{
	return base_dir(out, "XDG_STATE_HOME", "/.local/state", e);
}

void
plat_host_name(struct str *out)
{
	char name[256];
	if (gethostname(name, sizeof(name)) < 0)
		name[0] = '\0';
	name[sizeof(name) - 1] = '\0'; /* it may be cut without one */
	str_add(out, name[0] != '\0' ? name : "host");
}

bool
plat_is_absolute(const char *native)
{
	return native[0] == '/';
}

int
plat_absolute(struct str *out, const char *native, struct err *e)
{
	if (!plat_is_absolute(native)) {
		char *cwd = getcwd(NULL, 0);
		if (cwd == NULL || cwd[0] != '/') {
			int os = cwd == NULL ? errno : ENOENT;
			free(cwd);
			return plat_fail(e, os, "find the current directory");
		}
		str_add(out, cwd);
		free(cwd);
		if (!str_ends(out, "/"))
			str_addc(out, '/');
	}
	str_add(out, native);
	return 0;
}

bool
plat_expands_percent(void)
{
	return false;
}
