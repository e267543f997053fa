#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/path.h"
#include "model/entry.h"
#include "store/manifest.h"
#include "store/manifest_format.h"

/* ---- bytes that may be anything ---- */

struct reader {
	const unsigned char *p, *end;
	bool bad; /* it did not hold what was asked for */
};

static const unsigned char *
take(struct reader *r, uint64_t n)
{
	if (r->bad || n > (uint64_t)(r->end - r->p)) {
		r->bad = true;
		return NULL;
	}
	const unsigned char *at = r->p;
	r->p += n;
	return at;
}

static uint64_t
take_number(struct reader *r, int bytes)
{
	const unsigned char *p = take(r, (uint64_t)bytes);
	return p != NULL ? manifest_get_number(p, bytes) : 0;
}

/* The shortest form only: one number, one way to write it. */
static uint64_t
take_varint(struct reader *r)
{
	uint64_t v = 0;
	for (int shift = 0; shift < 64; shift += 7) {
		const unsigned char *p = take(r, 1);
		if (p == NULL)
			return 0;
		if (shift == 63 && *p > 1)
			break;
		v |= (uint64_t)(*p & 127) << shift;
		if (*p < 128) {
			r->bad |= *p == 0 && shift > 0;
			return v;
		}
	}
	r->bad = true;
	return 0;
}

static char *
take_text(struct reader *r)
{
	uint64_t n = take_number(r, 2);
	r->bad |= n > MANIFEST_TEXT_MAX;
	const unsigned char *p = take(r, n);
	if (p == NULL || memchr(p, '\0', (size_t)n) != NULL) {
		r->bad = true;
		return mem_string("");
	}
	return mem_copy(p, (size_t)n);
}

/* ---- the head ---- */

bool
manifest_is_id(const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	static const char allowed[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	for (size_t i = 0; i < n; i++)
		if (p[i] == '\0' || strchr(allowed, p[i]) == NULL)
			return false;
	return n > 0 && n <= MANIFEST_ID_MAX;
}

/* How many of each part the head announces. */
struct counts {
	uint64_t seen, origins;
};

static void
read_head(struct manifest *m, struct reader *r, struct counts *n)
{
	struct manifest_head *h = &m->head;
	struct str hex = STR_INIT;
	h->partial = take_number(r, 4) == MANIFEST_PARTIAL;
	h->generation = take_number(r, 8);
	h->time = (int64_t)take_number(r, 8);
	const unsigned char *p = take(r, 16);
	if (p != NULL)
		num_hex(&hex, p, 16);
	memcpy(h->install, hex.p, hex.len + 1);
	str_free(&hex);
	h->place = take_number(r, 8);
	p = take(r, 16);
	h->root = p != NULL ? hash_get(p) : h->root;
	h->files = take_number(r, 8);
	h->bytes = take_number(r, 8);
	m->nrecords = take_number(r, 8);
	m->records_size = (size_t)take_number(r, 8);
	n->seen = take_number(r, 8);
	n->origins = take_number(r, 8);
	h->label = take_text(r);
	h->os = take_text(r);
}

/* The machines it has seen, itself first. *places* becomes their indexes. */
static void
read_seen(struct manifest *m, struct roster *roster, struct reader *r,
    uint64_t n, uint32_t *places)
{
	char id[MANIFEST_ID_MAX + 1];
	for (uint64_t i = 0; i < n && !r->bad; i++) {
		size_t len = (size_t)take_number(r, 1);
		const unsigned char *p = take(r, len);
		uint64_t generation = take_number(r, 8);
		if (r->bad || !manifest_is_id(p, len) || generation == 0) {
			r->bad = true;
			return;
		}
		memcpy(id, p, len);
		id[len] = '\0';
		places[i] = roster_add(roster, id);
		r->bad |= seen_get(&m->seen, places[i]) != 0;
		seen_raise(&m->seen, places[i], generation);
	}
	m->head.machine = places[0];
	r->bad |= seen_get(&m->seen, places[0]) != m->head.generation;
}

static void
read_origins(struct manifest *m, struct reader *r, const uint32_t *places,
    const struct counts *n)
{
	/* Each takes two bytes at least. */
	if (n->origins > (uint64_t)(r->end - r->p) / 2) {
		r->bad = true;
		return;
	}
	m->origins = mem_zero((size_t)n->origins, sizeof(*m->origins));
	m->norigins = (size_t)n->origins;
	for (size_t i = 0; i < m->norigins && !r->bad; i++) {
		uint64_t place = take_varint(r);
		uint64_t generation = take_varint(r);
		if (r->bad || place >= n->seen || generation == 0 ||
		    generation > seen_get(&m->seen, places[place])) {
			r->bad = true;
			return;
		}
		m->origins[i].machine = places[place];
		m->origins[i].generation = generation;
	}
}

static void
read_parts(struct manifest *m, struct roster *roster, struct reader *r)
{
	uint32_t places[MANIFEST_MACHINES_MAX];
	struct counts n;
	read_head(m, r, &n);
	if (r->bad || n.seen == 0 || n.seen > MANIFEST_MACHINES_MAX) {
		r->bad = true;
		return;
	}
	read_seen(m, roster, r, n.seen, places);
	if (!r->bad)
		read_origins(m, r, places, &n);
	m->records = r->p;
	r->bad |= m->records_size != (size_t)(r->end - r->p);
}

int
manifest_parse(struct manifest *out, struct roster *roster, char *bytes,
    size_t size, struct err *e)
{
	*out = (struct manifest){.bytes = bytes, .size = size};
	struct reader r = {.p = (const unsigned char *)bytes};
	if (size < MANIFEST_FRONT + MANIFEST_SUM ||
	    memcmp(bytes, MANIFEST_MAGIC, 8) != 0)
		return err_set(e, ERR_CORRUPT, "it is no manifest, or cut off");
	r.end = r.p + size - MANIFEST_SUM;
	r.p += 8;
	uint64_t version = take_number(&r, 4);
	if (version != MANIFEST_VERSION)
		return err_set(e, ERR_UNSUPPORTED,
		    "it is of version %llu, which a newer coldsync wrote",
		    (unsigned long long)version);
	out->sum = hash_of(bytes, size - MANIFEST_SUM);
	if (!hash_equal(out->sum, hash_get(r.end)))
		return err_set(
		    e, ERR_CORRUPT, "it is damaged, or has not fully arrived");
	read_parts(out, roster, &r);
	if (r.bad)
		return err_set(
		    e, ERR_CORRUPT, "it says what no manifest can say");
	return 0;
}

void
manifest_free(struct manifest *m)
{
	free(m->head.label);
	free(m->head.os);
	seen_free(&m->seen);
	free(m->origins);
	free(m->bytes);
	*m = (struct manifest){.bytes = NULL};
}

/* ---- records ---- */

/* One record: its version, and, unless it is another of the same path, its
   path put together in *path*. */
static bool
take_record(struct version *v, bool *same_path, struct str *path,
    const struct manifest *m, struct reader *r)
{
	uint64_t first = take_number(r, 1);
	uint64_t shared = 0, n = 0;
	*same_path = (first & MANIFEST_SAME_PATH) != 0;
	*v = (struct version){
	    .type = (uint8_t)(first & (MANIFEST_SAME_PATH - 1))};
	if (!*same_path) {
		shared = take_varint(r);
		n = take_varint(r);
	}
	const unsigned char *tail = take(r, n);
	if (r->bad || shared > path->len)
		return false;
	if (!*same_path) {
		str_cut(path, (size_t)shared);
		str_addn(path, tail, (size_t)n);
	}
	if (v->type != ENTRY_NONE) {
		v->size = take_varint(r);
		const unsigned char *hash = take(r, 16);
		v->hash = hash != NULL ? hash_get(hash) : v->hash;
	}
	uint64_t origin = take_varint(r);
	if (r->bad || origin >= m->norigins)
		return false;
	v->machine = m->origins[origin].machine;
	v->generation = m->origins[origin].generation;
	return first <= (MANIFEST_SAME_PATH | ENTRY_LINK) &&
	    (v->type == ENTRY_NONE || v->type == ENTRY_FILE ||
		v->type == ENTRY_LINK);
}

static struct reader
records_of(const struct manifest *m)
{
	return (struct reader){
	    .p = m->records, .end = m->records + m->records_size};
}

int
manifest_check(const struct manifest *m, struct err *e)
{
	struct reader r = records_of(m);
	struct str path = STR_INIT, last = STR_INIT;
	struct version v;
	unsigned versions = 0;
	bool same, fine = true;
	for (uint64_t i = 0; i < m->nrecords && fine; i++) {
		fine = take_record(&v, &same, &path, m, &r);
		versions = same ? versions + 1 : 1;
		if (fine && same)
			fine = last.len > 0 && versions <= CLAIM_VERSIONS;
		else if (fine)
			fine = path_is_safe(path.p, path.len) &&
			    path_cmp(last.p, last.len, path.p, path.len) < 0;
		str_clear(&last);
		str_addn(&last, path.p, path.len);
	}
	fine = fine && r.p == r.end;
	str_free(&path);
	str_free(&last);
	return fine ? 0
		    : err_set(e, ERR_CORRUPT,
			  "it holds a record that no manifest can hold");
}

/* Read one record ahead: only the next one tells that a claim is whole. */
static bool
next_claim(struct claims *base)
{
	struct manifest_cursor *c = (struct manifest_cursor *)base;
	struct claim *now = &base->now;
	const struct manifest *m = c->from;
	struct reader r = {.p = c->at, .end = m->records + m->records_size};
	bool same = false;
	*now = (struct claim){.path = ""};
	if (c->ahead) {
		str_clear(&c->last);
		str_addn(&c->last, c->path.p, c->path.len);
		now->v[now->n++] = c->v;
		c->ahead = false;
	}
	while (c->left > 0) {
		c->left--;
		if (!take_record(&c->v, &same, &c->path, m, &r))
			c->left = 0;
		else if (now->n > 0 && !same) {
			c->ahead = true;
			break;
		} else if (now->n < CLAIM_VERSIONS) {
			if (now->n == 0) {
				str_clear(&c->last);
				str_addn(&c->last, c->path.p, c->path.len);
			}
			now->v[now->n++] = c->v;
		}
	}
	c->at = r.p;
	now->path = c->last.p;
	now->path_len = c->last.len;
	return now->n > 0;
}

void
manifest_open(struct manifest_cursor *c, const struct manifest *m)
{
	*c = (struct manifest_cursor){.claims = {.next = next_claim},
	    .from = m,
	    .at = m->records,
	    .left = m->nrecords,
	    .path = STR_INIT,
	    .last = STR_INIT};
	claims_begin(&c->claims);
}

void
manifest_close(struct manifest_cursor *c)
{
	str_free(&c->path);
	str_free(&c->last);
}
