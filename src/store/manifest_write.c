#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/path.h"
#include "model/cloud/handcode.h"
#include "model/entry.h"
#include "store/manifest.h"
#include "store/manifest_format.h"

/* The origins met so far: a table by hash, and their order. */
struct origins {
	struct version *v;
	size_t n, cap;
	uint32_t *slots; /* 1 + index into v; 0: free */
	size_t nslots;   /* a power of two */
};

struct manifest_writer {
	const struct manifest_head *head;
	const struct roster *roster;
	const struct seen *seen;
	struct str records, last;
	uint64_t nrecords;
	struct origins origins;
	struct handcode code;
};

/* ---- origins ---- */

static size_t
slot_of(const struct origins *o, const struct version *v)
{
	uint64_t mix = (v->generation * 1000003u) ^ v->machine;
	size_t at = (size_t)(mix * 0x9E3779B97F4A7C15u >> 20);
	for (;; at++) {
		at &= o->nslots - 1;
		const struct version *have =
		    o->slots[at] > 0 ? &o->v[o->slots[at] - 1] : NULL;
		if (have == NULL ||
		    (have->machine == v->machine &&
			have->generation == v->generation))
			return at;
	}
}

static void
grow_slots(struct origins *o)
{
	o->nslots = o->nslots > 0 ? o->nslots * 2 : 64;
	free(o->slots);
	o->slots = mem_zero(o->nslots, sizeof(*o->slots));
	for (size_t i = 0; i < o->n; i++)
		o->slots[slot_of(o, &o->v[i])] = (uint32_t)(i + 1);
}

static size_t
origin_index(struct origins *o, const struct version *v)
{
	if (o->n * 2 >= o->nslots)
		grow_slots(o);
	size_t at = slot_of(o, v);
	if (o->slots[at] == 0) {
		o->v = mem_grow(o->v, &o->cap, o->n + 1, sizeof(*o->v));
		o->v[o->n++] = *v;
		o->slots[at] = (uint32_t)o->n;
	}
	return o->slots[at] - 1;
}

/* ---- records ---- */

struct manifest_writer *
manifest_begin(const struct manifest_head *head, const struct roster *roster,
    const struct seen *seen)
{
	struct manifest_writer *w = mem_zero(1, sizeof(*w));
	*w = (struct manifest_writer){.head = head,
	    .roster = roster,
	    .seen = seen,
	    .records = STR_INIT,
	    .last = STR_INIT};
	return w;
}

static void
put_path(struct manifest_writer *w, const struct claim *c)
{
	size_t shared = 0;
	while (shared < c->path_len && shared < w->last.len &&
	    c->path[shared] == w->last.p[shared])
		shared++;
	manifest_put_varint(&w->records, shared);
	manifest_put_varint(&w->records, c->path_len - shared);
	str_addn(&w->records, c->path + shared, c->path_len - shared);
	str_cut(&w->last, shared);
	str_addn(&w->last, c->path + shared, c->path_len - shared);
}

static void
put_version(struct manifest_writer *w, const struct claim *c, unsigned i)
{
	const struct version *v = &c->v[i];
	unsigned char hash[16];
	assert(v->generation <= seen_get(w->seen, v->machine));
	str_addc(
	    &w->records, (char)(v->type | (i > 0 ? MANIFEST_SAME_PATH : 0)));
	if (i == 0)
		put_path(w, c);
	if (v->type != ENTRY_NONE) {
		manifest_put_varint(&w->records, v->size);
		hash_put(hash, v->hash);
		str_addn(&w->records, hash, sizeof(hash));
	}
	manifest_put_varint(&w->records, origin_index(&w->origins, v));
	w->nrecords++;
}

void
manifest_add(void *arg, const struct claim *c)
{
	struct manifest_writer *w = arg;
	for (unsigned i = 0; i < c->n; i++)
		put_version(w, c, i);
	if (c->n > 0 && c->v[0].type != ENTRY_NONE)
		handcode_add(&w->code,
		    &(struct handcode_entry){.path = c->path,
			.path_len = c->path_len,
			.type = c->v[0].type,
			.size = c->v[0].size,
			.hash = c->v[0].hash});
}

const struct handcode *
manifest_code(const struct manifest_writer *w)
{
	return &w->code;
}

/* ---- all of it ---- */

static void
put_text(struct str *out, const char *text)
{
	size_t n = text != NULL ? strlen(text) : 0;
	n = n > MANIFEST_TEXT_MAX ? MANIFEST_TEXT_MAX : n;
	manifest_put_number(out, n, 2);
	str_addn(out, text, n);
}

static size_t
count_seen(const struct seen *seen)
{
	size_t n = 0;
	for (size_t i = 0; i < seen->n; i++)
		n += seen->v[i] > 0;
	return n;
}

/* The author first, so that no other place has to name it. Returns each
   machine's place in the table; the caller frees it. */
static uint32_t *
put_seen(struct str *out, const struct manifest_writer *w)
{
	uint32_t *place = mem_zero(w->seen->n, sizeof(*place));
	uint32_t n = 0, self = w->head->machine;
	for (size_t i = 0; i <= w->seen->n; i++) {
		size_t m = i == 0 ? self : i - 1;
		if ((i > 0 && m == self) || seen_get(w->seen, (uint32_t)m) == 0)
			continue;
		const char *id = w->roster->ids.v[m];
		manifest_put_number(out, strlen(id), 1);
		str_add(out, id);
		manifest_put_number(out, w->seen->v[m], 8);
		place[m] = n++;
	}
	return place;
}

static void
put_head(struct str *out, const struct manifest_writer *w)
{
	const struct manifest_head *h = w->head;
	unsigned char hash[16];
	struct str install = STR_INIT;
	str_addn(out, MANIFEST_MAGIC, 8);
	manifest_put_number(out, MANIFEST_VERSION, 4);
	manifest_put_number(out, h->partial ? MANIFEST_PARTIAL : 0, 4);
	manifest_put_number(out, h->generation, 8);
	manifest_put_number(out, (uint64_t)h->time, 8);
	(void)num_unhex(&install, h->install, MANIFEST_INSTALL_SIZE - 1);
	str_addn(out, install.p, install.len);
	str_free(&install);
	manifest_put_number(out, h->place, 8);
	hash_put(hash, handcode_root(&w->code));
	str_addn(out, hash, sizeof(hash));
	manifest_put_number(out, w->code.files, 8);
	manifest_put_number(out, w->code.bytes, 8);
	manifest_put_number(out, w->nrecords, 8);
	manifest_put_number(out, w->records.len, 8);
	manifest_put_number(out, count_seen(w->seen), 8);
	manifest_put_number(out, w->origins.n, 8);
}

void
manifest_end(struct manifest_writer *w, struct str *out)
{
	size_t start = out->len;
	unsigned char sum[MANIFEST_SUM];
	put_head(out, w);
	put_text(out, w->head->label);
	put_text(out, w->head->os);
	uint32_t *place = put_seen(out, w);
	for (size_t i = 0; i < w->origins.n; i++) {
		const struct version *v = &w->origins.v[i];
		manifest_put_varint(out, place[v->machine]);
		manifest_put_varint(out, v->generation);
	}
	free(place);
	str_addn(out, w->records.p, w->records.len);
	hash_put(sum, hash_of(out->p + start, out->len - start));
	str_addn(out, sum, sizeof(sum));
	str_free(&w->records);
	str_free(&w->last);
	free(w->origins.v);
	free(w->origins.slots);
	free(w);
}
