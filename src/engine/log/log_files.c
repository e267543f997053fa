#include "engine/log/log_files.h"

#include <stdlib.h>

#include "base/mem.h"

int
log_place_open(struct plat_dir **out, const struct log_place *p, struct err *e)
{
	if (plat_dir_make(p->dir, 0700, e) != 0)
		return -1;
	return plat_dir_open(out, p->dir, e);
}

/* ---- listing ---- */

struct listing {
	struct log_files *files;
	const char *stem;
};

static int
add_file(void *arg, const char *name, size_t len, const struct plat_stat *st,
    const struct err *why)
{
	UNUSED(why);
	struct listing *to = arg;
	struct log_file f = {.regular = st != NULL && st->type == PLAT_FILE,
	    .size = st != NULL ? st->size : 0};
	if (!log_name_parse(&f.name, to->stem, name, len))
		return 0;
	struct log_files *l = to->files;
	l->v = mem_grow(l->v, &l->cap, l->n + 1, sizeof(*l->v));
	l->v[l->n++] = f;
	return 0;
}

static int
compare(const void *left, const void *right)
{
	const struct log_name *a = &((const struct log_file *)left)->name;
	const struct log_name *b = &((const struct log_file *)right)->name;
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	if (a->part != b->part)
		return a->part < b->part ? -1 : 1;
	return 0;
}

int
log_files_list(
    struct log_files *out, struct plat_dir *d, const char *stem, struct err *e)
{
	*out = (struct log_files){.v = NULL};
	struct listing to = {.files = out, .stem = stem};
	if (plat_list(d, add_file, &to, e) != 0)
		return -1;
	if (out->n > 1)
		qsort(out->v, out->n, sizeof(*out->v), compare);
	return 0;
}

void
log_files_free(struct log_files *l)
{
	free(l->v);
	*l = (struct log_files){.v = NULL};
}

/* ---- which part ---- */

int64_t
log_files_last(const struct log_files *l, int64_t day)
{
	int64_t last = -1;
	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].name.day == day)
			last = l->v[i].name.part;
	}
	return last;
}

bool
log_fits(const struct log_place *p, uint64_t size, size_t len)
{
	return size == 0 ||
	    (size <= p->max_bytes && len <= p->max_bytes - size);
}

int64_t
log_files_part(const struct log_files *l, const struct log_place *p,
    int64_t day, size_t len)
{
	int64_t last = log_files_last(l, day);
	if (last < 0)
		return 0;
	bool takes = true;
	for (size_t i = 0; i < l->n; i++) {
		const struct log_file *f = &l->v[i];
		if (f->name.day != day || f->name.part != last)
			continue;
		takes = takes && f->regular && f->name.kind == LOG_PLAIN &&
		    log_fits(p, f->size, len);
	}
	if (takes)
		return last;
	return last < LOG_NUMBER_MAX ? last + 1 : -1;
}
