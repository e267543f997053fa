#include "engine/profile/pause.h"

#include <stdlib.h>
#include <string.h>

#include "platform/plat_env.h"
#include "platform/plat_fs.h"
#include "platform/plat_time.h"

static const char file_name[] = "paused";
static const char new_name[] = "paused.new"; /* until its text is whole */

/* "2026-11-20T23:51:37+01:00 by ada on laptop" */
static void
describe(struct str *out, const struct config *c)
{
	char text[STAMP_ISO_SIZE];
	struct stamp now = plat_now();
	char *user = plat_getenv("USER");
	if (user == NULL)
		user = plat_getenv("USERNAME");
	str_add(out, stamp_iso(text, now, plat_zone_offset(now), 0));
	if (user != NULL && user[0] != '\0')
		str_addf(out, " by %s", user);
	str_addf(out, " on %s\n", c->identity.machine_id);
	free(user);
}

static int
write_new(struct plat_dir *d, const struct str *text, struct err *e)
{
	struct plat_file f = PLAT_FILE_NONE;
	if (plat_unlink(d, new_name, e) < 0 ||
	    plat_create(&f, d, new_name, e) != 0)
		return -1;
	int rc = plat_write(f, text->p, text->len, e);
	if (rc == 0)
		rc = plat_file_sync(f, e);
	if (plat_close(&f, rc == 0 ? e : NULL) != 0)
		rc = -1;
	return rc;
}

/* The text is whole before the name that counts appears. */
static int
publish(struct plat_dir *d, const struct str *text, struct err *e)
{
	int rc = write_new(d, text, e);
	if (rc == 0)
		rc = plat_move(d, new_name, d, file_name, e);
	if (rc > 0)
		rc = plat_replace(d, new_name, d, file_name, e);
	if (rc == 0)
		return plat_dir_sync(d, e);
	(void)plat_unlink(d, new_name, NULL);
	return -1;
}

int
pause_set(const struct config *c, struct err *e)
{
	struct plat_dir *d = NULL;
	struct plat_stat st;
	if (plat_dir_make(c->paths.state_dir, 0700, e) != 0 ||
	    plat_dir_open(&d, c->paths.state_dir, e) != 0)
		return err_wrap(e, "state directory");
	struct str text = STR_INIT;
	int rc = plat_stat(&st, d, file_name, e);
	if (rc == 0) {
		rc = 1;
	} else if (rc > 0) {
		describe(&text, c);
		rc = publish(d, &text, e);
		/* Two at once: the other one's pause is as good as ours. */
		if (rc < 0 && plat_stat(&st, d, file_name, NULL) == 0)
			rc = 1;
	}
	str_free(&text);
	plat_dir_close(d);
	return rc;
}

/* 1 when there is no state directory, so nothing in it either. */
static int
open_state(struct plat_dir **out, const struct config *c, struct err *e)
{
	if (plat_dir_open(out, c->paths.state_dir, e) == 0)
		return 0;
	if (e->code == ERR_NOTFOUND)
		return 1;
	return err_wrap(e, "state directory");
}

int
pause_clear(const struct config *c, struct err *e)
{
	struct plat_dir *d = NULL;
	int rc = open_state(&d, c, e);
	if (rc != 0)
		return rc;
	rc = plat_unlink(d, file_name, e);
	if (rc == 0)
		rc = plat_dir_sync(d, e);
	plat_dir_close(d);
	return rc;
}

/* The first line, of which a made-up file may hold no more than a page. */
static void
read_since(struct str *since, struct plat_dir *d)
{
	struct plat_file f = PLAT_FILE_NONE;
	char text[512];
	size_t n = 0;
	if (plat_open(&f, d, file_name, NULL) != 0)
		return;
	if (plat_read(f, text, sizeof(text), &n, NULL) == 0) {
		const char *end = memchr(text, '\n', n);
		str_addn(since, text, end != NULL ? (size_t)(end - text) : n);
	}
	(void)plat_close(&f, NULL);
}

int
pause_is(struct str *since, const struct config *c, struct err *e)
{
	struct plat_dir *d = NULL;
	struct plat_stat st;
	int rc = open_state(&d, c, e);
	if (rc == 0) {
		rc = plat_stat(&st, d, file_name, e);
		if (rc == 0 && since != NULL)
			read_since(since, d);
		plat_dir_close(d);
	}
	return rc < 0 ? -1 : rc == 0;
}
