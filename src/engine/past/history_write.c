#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "engine/past/history_format.h"
#include "store/afile.h"

/* ---- the lines ---- */

static void
put_time(struct json *j, const char *key, struct stamp t)
{
	char text[STAMP_ISO_SIZE];
	json_put_string(j, key, stamp_iso(text, t, 0, 0));
}

static void
put_head(struct json *j, const char *event, const struct history_run *run)
{
	json_put_string(j, "event", event);
	json_put_string(j, "run", run->id);
	json_put_string(j, "command", run->command);
	put_time(j, "began", run->began);
	json_put_int(j, "began_unix", run->began.sec);
}

static void
put_paths(struct json *j, const struct history_run *run)
{
	json_key(j, "paths");
	json_array(j);
	for (size_t i = 0; i < run->npaths; i++) {
		const struct history_path *p = &run->paths[i];
		json_object(j);
		json_path(j, "path", p->path, p->path_len);
		json_put_string(j, "op", p->op);
		json_put_string(j, "to", p->to);
		json_end(j);
	}
	json_end(j);
	json_put_uint(j, "more_paths", run->more_paths);
}

static void
put_end(struct json *j, const struct history_run *run)
{
	put_head(j, "end", run);
	put_time(j, "ended", run->ended);
	json_put_int(j, "ended_unix", run->ended.sec);
	json_put_string(j, "result", run->result);
	json_put_string(j, "message", run->message);
	json_put_string(j, "snapshot", run->snapshot);
	json_put_string(j, "finished_by", run->finished_by);
	json_put_bool(j, "changed", run->changed);
	/* Who finishes another's run knows no more of it. */
	if (run->finished_by != NULL)
		return;
	json_key(j, "totals");
	json_object(j);
	totals_json(j, &run->totals);
	json_end(j);
	put_paths(j, run);
}

void
history_add_path(struct history_run *run, const char *path, size_t n,
    const char *op, const char *to)
{
	size_t bytes = n;
	for (size_t i = 0; i < run->npaths; i++)
		bytes += run->paths[i].path_len;
	if (run->npaths >= HISTORY_PATHS || bytes > HISTORY_PATH_BYTES) {
		run->more_paths++;
		return;
	}
	run->paths = mem_grow(
	    run->paths, &run->cap_paths, run->npaths + 1, sizeof(*run->paths));
	run->paths[run->npaths++] =
	    (struct history_path){.path = mem_copy(path, n),
		.path_len = n,
		.op = mem_string(op),
		.to = mem_string(to)};
}

/* ---- the file ---- */

/* What is full becomes the old one, in whose place it comes. */
static int
make_room(struct plat_dir *state, struct err *e)
{
	struct plat_stat st;
	int rc = plat_stat(&st, state, HISTORY_NAME, e);
	if (rc != 0 || st.size < HISTORY_SIZE)
		return rc < 0 ? -1 : 0;
	return plat_replace(state, HISTORY_NAME, state, HISTORY_OLD_NAME, e);
}

/* Does it end in the middle of a line? A full disk or a crash may have cut the
   last one; the next must not be taken for its end. */
static int
is_torn(bool *out, struct plat_dir *state, struct err *e)
{
	struct plat_file f = PLAT_FILE_NONE;
	struct plat_stat st;
	char last = '\n';
	size_t got;
	int rc = plat_open(&f, state, HISTORY_NAME, e);
	if (rc == 0)
		rc = plat_file_stat(&st, f, e);
	if (rc == 0 && st.size > 0)
		rc = plat_read_at(f, &last, 1, st.size - 1, &got, e);
	(void)plat_close(&f, NULL);
	*out = last != '\n';
	return rc < 0 ? -1 : 0;
}

static int
append(struct plat_dir *state, struct str *line, bool durable, struct err *e)
{
	struct plat_file f = PLAT_FILE_NONE;
	struct str all = STR_INIT;
	bool torn;
	if (make_room(state, e) != 0 || is_torn(&torn, state, e) != 0 ||
	    plat_append(&f, state, HISTORY_NAME, e) != 0)
		return -1;
	str_add(&all, torn ? "\n" : "");
	str_addn(&all, line->p, line->len);
	str_addc(&all, '\n');
	int rc = plat_write(f, all.p, all.len, e);
	if (rc == 0 && durable)
		rc = plat_file_sync(f, e);
	if (plat_close(&f, rc == 0 ? e : NULL) != 0)
		rc = -1;
	str_free(&all);
	return rc;
}

static int
write_line(struct plat_dir *state, const struct history_run *run,
    void (*put)(struct json *j, const struct history_run *run), bool durable,
    struct err *e)
{
	struct str line = STR_INIT;
	struct json j;
	json_init(&j, &line);
	json_object(&j);
	put(&j, run);
	json_end(&j);
	int rc = append(state, &line, durable, e);
	str_free(&line);
	return rc != 0 ? err_wrap(e, "history") : 0;
}

static void
put_begin(struct json *j, const struct history_run *run)
{
	put_head(j, "begin", run);
}

int
history_begin(struct plat_dir *state, const struct history_run *run,
    bool durable, struct err *e)
{
	return write_line(state, run, put_begin, durable, e);
}

int
history_end(struct plat_dir *state, const struct history_run *run, bool durable,
    struct err *e)
{
	return write_line(state, run, put_end, durable, e);
}

void
history_run_free(struct history_run *run)
{
	for (size_t i = 0; i < run->npaths; i++) {
		free(run->paths[i].path);
		free(run->paths[i].op);
		free(run->paths[i].to);
	}
	free(run->paths);
	free(run->id);
	free(run->command);
	free(run->result);
	free(run->message);
	free(run->snapshot);
	free(run->finished_by);
	memset(run, 0, sizeof(*run));
}
