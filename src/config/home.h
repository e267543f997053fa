/*
 * home.h - a home directory to look for things in.
 *
 * Abstract, so that what is looked for on one system can be tested on any: who
 * looks is handed functions that answer for a real home, or for one that is
 * only described. Nothing here changes anything.
 */
#ifndef CONFIG_HOME_H
#define CONFIG_HOME_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "base/strlist.h"

struct home {
	const char *os;  /* "linux", "macos", "windows" */
	const char *dir; /* the home directory itself, '/' between its parts */
	void *arg;       /* handed to all of these: */
	/* append the variable's value; false when it is not set or empty */
	bool (*variable)(struct str *out, void *arg, const char *name);
	/* append the names in a directory, sorted; none when it has none or
	   will not be listed */
	void (*names)(struct strlist *out, void *arg, const char *path);
	bool (*is_dir)(void *arg, const char *path);
	/* append the text of a small file of another program's settings; false
	   when there is none */
	bool (*read)(struct str *out, void *arg, const char *path);
};

/*
 * home_find: append what *pattern* stands for: "~" at its beginning is the
 * home, "${NAME}" a variable (an unset one: nothing is found), and '*' and the
 * like in a part match as in a glob, hidden names only where the part begins
 * with a dot. Only what is there is found, and only directories. Bounded: a
 * hundred finds are enough for anybody.
 */
void home_find(struct strlist *out, const struct home *h, const char *pattern);

/* home_has: is *name* (of a file or directory) in the directory *path*? */
bool home_has(const struct home *h, const char *path, const char *name);

/* home_fits: is a thing of system *os* ("*": of any) one of this home? */
bool home_fits(const struct home *h, const char *os);

/* What a real home answers from. */
struct home_real {
	struct home home;
	struct str dir;
};

/* home_open: the home of whoever runs this. */
int home_open(struct home_real *out, struct err *e);
void home_close(struct home_real *h);

#endif
