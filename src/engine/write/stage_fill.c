#include "engine/write/stage_fill.h"

#include <string.h>

void
stage_progress(struct stager *s, uint64_t bytes)
{
	if (s->progress != NULL)
		s->progress(s->progress_arg, bytes);
}

/* A hole counts in the hash as the zeros it reads as. */
static void
feed_zeros(struct stager *s, uint64_t n)
{
	if (n > 0)
		memset(s->buffer, 0, STAGE_BUFFER);
	while (n > 0) {
		size_t part = n < STAGE_BUFFER ? (size_t)n : STAGE_BUFFER;
		hash_feed(s->hash, s->buffer, part);
		n -= part;
	}
}

/* Copy [at, end) to where *to* stands; 1 when that is not all there. */
static int
copy_run(struct stager *s, struct plat_file to, struct plat_file from,
    uint64_t at, uint64_t end, struct err *e)
{
	while (at < end) {
		size_t want =
		    end - at < STAGE_BUFFER ? (size_t)(end - at) : STAGE_BUFFER;
		size_t got;
		if (plat_read_at(from, s->buffer, want, at, &got, e) != 0)
			return -1;
		if (got == 0)
			return 1;
		hash_feed(s->hash, s->buffer, got);
		if (plat_write(to, s->buffer, got, e) != 0)
			return -1;
		at += got;
		stage_progress(s, got);
	}
	return 0;
}

/* Nothing but a hole follows; or zeros, where a file cannot be extended. */
static int
end_with_hole(struct stager *s, struct plat_file to, uint64_t at, uint64_t size,
    struct err *e)
{
	if (plat_truncate(to, size, NULL) == 0)
		return 0;
	memset(s->buffer, 0, STAGE_BUFFER);
	if (plat_seek(to, at, e) != 0)
		return -1;
	while (at < size) {
		size_t part = size - at < STAGE_BUFFER ? (size_t)(size - at)
						       : STAGE_BUFFER;
		if (plat_write(to, s->buffer, part, e) != 0)
			return -1;
		at += part;
	}
	return 0;
}

/* Returns 1 when the file is shorter than it was said to be. */
static int
copy_around_holes(struct stager *s, struct plat_file to, struct plat_file from,
    uint64_t size, struct err *e)
{
	uint64_t at = 0, written = 0;
	while (at < size) {
		uint64_t start, end;
		if (plat_next_data(from, at, &start, &end, e) != 0)
			return -1;
		if (start > size)
			start = size;
		if (end > size)
			end = size;
		feed_zeros(s, start - at);
		int rc = 0;
		if (start != written && start < end)
			rc = plat_seek(to, start, e);
		if (rc == 0 && start < end)
			rc = copy_run(s, to, from, start, end, e);
		if (rc != 0)
			return rc;
		written = start < end ? end : written;
		at = end > start ? end : size;
	}
	return written < size ? end_with_hole(s, to, written, size, e) : 0;
}

/* The hash of a clone is read from the clone: it is what will be there. */
static int
hash_content(struct stager *s, struct plat_file f, uint64_t size, struct err *e)
{
	uint64_t at = 0;
	while (at < size) {
		size_t got;
		if (plat_read_at(f, s->buffer, STAGE_BUFFER, at, &got, e) != 0)
			return -1;
		if (got == 0)
			return 1;
		hash_feed(s->hash, s->buffer, got);
		at += got;
		stage_progress(s, got);
	}
	return 0;
}

/* Where two file systems do not share blocks, asking once is enough. */
static int
clone(struct stager *s, struct plat_file to, enum side side,
    const struct stage_opened *from, struct err *e)
{
	struct stager_strangers *known = &s->strangers[side];
	if (known->met && known->dev == from->st.dev)
		return 1;
	int rc = plat_clone(to, from->file, e);
	if (rc == 1)
		*known =
		    (struct stager_strangers){.met = true, .dev = from->st.dev};
	return rc;
}

int
stage_fill(struct stager *s, struct plat_file to, enum side side,
    const struct stage_opened *from, struct err *e)
{
	uint64_t size = from->st.size;
	hash_restart(s->hash);
	int cloned = size > 0 ? clone(s, to, side, from, e) : 1;
	if (cloned < 0)
		return -1;
	if (cloned == 0)
		return hash_content(s, to, size, e);
	return from->st.solid ? copy_run(s, to, from->file, 0, size, e)
			      : copy_around_holes(s, to, from->file, size, e);
}
