#include "engine/past/history.h"

#include <stdlib.h>
#include <string.h>

#include "engine/past/history_format.h"
#include "store/afile.h"

static void
take_lines(struct history *h, const char *name, const struct str *text)
{
	size_t number = 0;
	for (const char *p = text->p, *end = text->p + text->len; p < end;) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((eol != NULL ? eol : end) - p);
		struct err why = {.code = ERR_NONE};
		number++;
		if (n > 0 && history_parse(h, p, n, &why) != 0) {
			char line[ERR_TEXT_SIZE];
			struct str note = STR_INIT;
			str_addf(&note, "%s:%zu: passed over: %s", name, number,
			    err_text(&why, line, sizeof(line)));
			strlist_add(&h->notes, note.p);
			str_free(&note);
		}
		p += n + (eol != NULL);
	}
}

static int
load_file(
    struct history *h, struct plat_dir *state, const char *name, struct err *e)
{
	struct str text = STR_INIT;
	int rc = afile_read(&text, state, name, HISTORY_READ, e);
	if (rc == 0)
		take_lines(h, name, &text);
	str_free(&text);
	return rc < 0 ? err_wrap(e, "'%s'", name) : 0;
}

int
history_load(struct history *out, const struct config *c, struct err *e)
{
	struct plat_dir *state;
	struct err why = {.code = ERR_NONE};
	*out = (struct history){.notes = STRLIST_INIT};
	if (plat_dir_open(&state, c->paths.state_dir, &why) != 0) {
		if (why.code == ERR_NOTFOUND)
			return 0;
		*e = why;
		return err_wrap(e, "state directory");
	}
	int rc = load_file(out, state, HISTORY_OLD_NAME, e);
	if (rc == 0)
		rc = load_file(out, state, HISTORY_NAME, e);
	plat_dir_close(state);
	return rc != 0 ? err_wrap(e, "history") : 0;
}

void
history_free(struct history *h)
{
	for (size_t i = 0; i < h->n; i++)
		history_run_free(&h->v[i]);
	free(h->v);
	strlist_free(&h->notes);
	*h = (struct history){.notes = STRLIST_INIT};
}

struct history_run *
history_find(const struct history *h, const char *id, struct err *e)
{
	struct history_run *found = NULL;
	for (size_t i = 0; i < h->n; i++) {
		struct history_run *run = &h->v[i];
		if (strcmp(run->id, id) == 0)
			return run;
		if (strncmp(run->id, id, strlen(id)) != 0)
			continue;
		if (found != NULL) {
			err_set(e, ERR_USAGE,
			    "'%s' is the beginning of more than one run", id);
			return NULL;
		}
		found = run;
	}
	if (found == NULL)
		err_set(e, ERR_USAGE, "there is no run '%s'", id);
	return found;
}

const struct history_run *
history_last_good(const struct history *h)
{
	for (size_t i = h->n; i-- > 0;) {
		const struct history_run *run = &h->v[i];
		if (run->finished && run->result != NULL &&
		    strcmp(run->result, "ok") == 0)
			return run;
	}
	return NULL;
}
