#include "engine/log/log_writer.h"

/* Enough for any number of processes that fill files under our feet; more
   would mean a directory that plays tricks. */
enum { TRIES = 64 };

void
log_writer_init(struct log_writer *w, const struct log_place *place)
{
	*w = (struct log_writer){
	    .place = place, .file = PLAT_FILE_NONE, .name = STR_INIT};
}

static void
close_file(struct log_writer *w)
{
	struct err ignored; /* each record's own write has reported */
	plat_close(&w->file, &ignored);
	plat_dir_close(w->dir);
	w->dir = NULL;
}

void
log_writer_free(struct log_writer *w)
{
	close_file(w);
	str_free(&w->name);
}

/* ---- choosing and opening ---- */

static int
choose_name(struct log_writer *w, int64_t day, size_t len, struct err *e)
{
	struct log_files files;
	struct log_name name = {.kind = LOG_PLAIN, .day = day};
	int rc = log_files_list(&files, w->dir, w->place->stem, e);
	if (rc == 0) {
		name.part = log_files_part(&files, w->place, day, len);
		if (name.part < 0)
			rc = err_set(e, ERR_EXISTS,
			    "no number is left for another file");
	}
	log_files_free(&files);
	if (rc != 0)
		return -1;
	str_clear(&w->name);
	log_name_put(&w->name, w->place->stem, &name);
	return 0;
}

/* Does the file end in the middle of a line? A full disk or a crash may have
   cut the last record; the next must not be taken for its end. */
static int
look_at_end(struct log_writer *w, struct err *e)
{
	w->torn = false;
	struct plat_file f = PLAT_FILE_NONE;
	int rc = plat_open(&f, w->dir, w->name.p, e);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	struct plat_stat st;
	rc = plat_file_stat(&st, f, e);
	if (rc == 0 && st.size > 0) {
		char last;
		size_t got;
		rc = plat_read_at(f, &last, 1, st.size - 1, &got, e);
		w->torn = rc == 0 && got == 1 && last != '\n';
	}
	struct err ignored;
	plat_close(&f, &ignored);
	return rc;
}

static int
open_file(struct log_writer *w, int64_t day, size_t len, struct err *e)
{
	close_file(w);
	if (log_place_open(&w->dir, w->place, e) != 0)
		return -1;
	w->day = day;
	if (choose_name(w, day, len, e) == 0 && look_at_end(w, e) == 0 &&
	    plat_append(&w->file, w->dir, w->name.p, e) == 0)
		return 0;
	close_file(w);
	return -1;
}

/* ---- writing ---- */

static bool
has_room(const struct log_writer *w, int64_t day, size_t len)
{
	struct plat_stat st;
	struct err ignored; /* opening again will say what is wrong */
	return w->dir != NULL && w->day == day &&
	    plat_file_stat(&st, w->file, &ignored) == 0 &&
	    log_fits(w->place, st.size, len);
}

/* Would somebody who looks for the file now find what we have written? */
static bool
still_there(const struct log_writer *w)
{
	struct plat_stat ours, named;
	struct err ignored; /* not being sure is answered with no */
	/* A file without a name may still have one of its system's making. */
	return plat_file_stat(&ours, w->file, &ignored) == 0 &&
	    ours.nlink > 0 &&
	    plat_stat(&named, w->dir, w->name.p, &ignored) == 0 &&
	    named.dev == ours.dev && named.ino == ours.ino;
}

static int
append(struct log_writer *w, const struct str *lines, struct err *e)
{
	if (w->torn && plat_write(w->file, "\n", 1, e) != 0)
		return -1;
	w->torn = false;
	return plat_write(w->file, lines->p, lines->len, e);
}

int
log_writer_put(
    struct log_writer *w, int64_t day, const struct str *lines, struct err *e)
{
	int begun = 0;
	for (int i = 0; i < TRIES; i++) {
		if (!has_room(w, day, lines->len)) {
			if (open_file(w, day, lines->len, e) != 0)
				return -1;
			begun = 1;
			continue; /* others may have filled it meanwhile */
		}
		if (append(w, lines, e) != 0) {
			close_file(w);
			return -1;
		}
		if (still_there(w))
			return begun;
		close_file(w);
	}
	return err_set(e, ERR_BUSY, "'%s' does not stay", w->name.p);
}
