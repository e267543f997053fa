#include "store/zip/zippiece.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/zip/zipformat.h"

void
zippiece_init(struct zippiece *p)
{
	*p = (struct zippiece){.bytes = STR_INIT,
	    .names = STR_INIT,
	    .name = STR_INIT,
	    .front = STR_INIT,
	    .deflate = deflate_new()};
}

void
zippiece_free(struct zippiece *p)
{
	str_free(&p->bytes);
	str_free(&p->names);
	str_free(&p->name);
	str_free(&p->front);
	deflate_destroy(p->deflate);
	free(p->v);
}

void
zippiece_clear(struct zippiece *p)
{
	str_clear(&p->bytes);
	str_clear(&p->names);
	p->n = 0;
}

/* Packed where that makes it smaller. How large it has become stands in front
   of it, in so many bytes whatever it says: they are put there twice. */
static void
pack(struct zippiece *p, struct zipentry *entry, const void *bytes, size_t n)
{
	struct str *out = &p->bytes;
	entry->method = METHOD_DEFLATED;
	size_t front = out->len;
	zipentry_front(out, entry);
	size_t content = out->len;
	deflate_all(p->deflate, out, bytes, n);
	if (out->len - content >= n) {
		entry->method = METHOD_STORED;
		str_cut(out, content);
		str_addn(out, bytes, n);
	}
	entry->packed = out->len - content;
	str_clear(&p->front);
	zipentry_front(&p->front, entry);
	memcpy(out->p + front, p->front.p, p->front.len);
}

int
zippiece_add(struct zippiece *p, const struct zipentry_about *about,
    const void *bytes, size_t n, struct err *e)
{
	if (zipentry_name(&p->name, about->name, e) != 0)
		return -1;
	struct zipentry entry = {
	    .name = p->name.p,
	    .name_len = (uint16_t)p->name.len,
	    .mode = (uint16_t)(about->mode & 07777),
	    .crc = flate_crc(0, bytes, n),
	    .size = n,
	    .offset = p->bytes.len,
	    .large = n >= UINT32_MAX,
	};
	zipentry_time(&entry, about->mtime);
	pack(p, &entry, bytes, n);
	str_addn(&p->names, p->name.p, p->name.len);
	p->v = mem_grow(p->v, &p->cap, p->n + 1, sizeof(*p->v));
	p->v[p->n++] = entry;
	return 0;
}

void
zippiece_list(struct str *directory, const struct zippiece *p, uint64_t start)
{
	const char *name = p->names.p;
	for (size_t i = 0; i < p->n; i++) {
		struct zipentry entry = p->v[i];
		entry.name = name;
		entry.offset += start;
		zipentry_listed(directory, &entry);
		name += entry.name_len;
	}
}
