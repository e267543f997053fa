/*
 * ledger_head.c - what the ledger knows beside its records, as pairs of a key
 * and a value. A key this version does not know is passed over.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/ledger_format.h"

static const char *const root_keys[SIDES] = {
    [SIDE_LOCAL] = "local-root", [SIDE_CLOUD] = "cloud-root"};
static const char marker_key[] = "marker";
static const char generation_key[] = "generation";
static const char seen_key[] = "seen";
static const char run_key[] = "run";
static const char snapshot_key[] = "snapshot";

/* Two lengths stand before each key and its value. */
struct pair_size {
	uint32_t key, value;
};

/* ---- writing ---- */

static void
put_pair(struct str *out, const char *key, const void *value, size_t n)
{
	struct pair_size size = {
	    .key = (uint32_t)strlen(key), .value = (uint32_t)n};
	str_addn(out, &size, sizeof(size));
	str_add(out, key);
	str_addn(out, value, n);
}

void
ledger_put_meta(struct str *out, const struct ledger_head *head)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		put_pair(
		    out, root_keys[s], head->roots[s], strlen(head->roots[s]));
	for (size_t i = 0; i < head->markers.n; i++)
		put_pair(out, marker_key, head->markers.v[i],
		    strlen(head->markers.v[i]));
	put_pair(
	    out, generation_key, &head->generation, sizeof(head->generation));
	for (size_t i = 0; i < head->seen.n; i++)
		put_pair(
		    out, seen_key, head->seen.v[i], strlen(head->seen.v[i]));
	if (head->run != NULL)
		put_pair(out, run_key, head->run, strlen(head->run));
	if (head->snapshot != NULL)
		put_pair(
		    out, snapshot_key, head->snapshot, strlen(head->snapshot));
}

/* ---- reading ---- */

struct pair {
	const char *key, *value;
	struct pair_size size;
};

/* Take one pair from *at*, of which *left* bytes remain. Returns its size in
   the file, 0 when there is no whole pair. */
static size_t
get_pair(struct pair *out, const unsigned char *at, size_t left)
{
	if (left < sizeof(out->size))
		return 0;
	memcpy(&out->size, at, sizeof(out->size));
	left -= sizeof(out->size);
	if (out->size.key > left || out->size.value > left - out->size.key)
		return 0;
	out->key = (const char *)at + sizeof(out->size);
	out->value = out->key + out->size.key;
	return sizeof(out->size) + out->size.key + out->size.value;
}

static bool
key_is(const struct pair *p, const char *key)
{
	return p->size.key == strlen(key) &&
	    memcmp(p->key, key, p->size.key) == 0;
}

/* A value that becomes a string holds no NUL. */
static bool
is_text(const struct pair *p)
{
	return memchr(p->value, '\0', p->size.value) == NULL;
}

static int
get_string(char **out, const struct pair *p)
{
	if (*out != NULL || !is_text(p))
		return -1;
	*out = mem_copy(p->value, p->size.value);
	return 0;
}

static int
get_text(struct strlist *out, const struct pair *p)
{
	if (!is_text(p))
		return -1;
	strlist_addn(out, p->value, p->size.value);
	return 0;
}

static int
get_generation(struct ledger_head *out, const struct pair *p)
{
	if (p->size.value != sizeof(out->generation))
		return -1;
	memcpy(&out->generation, p->value, sizeof(out->generation));
	return 0;
}

static int
take_pair(struct ledger_head *out, const struct pair *p)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++) {
		if (key_is(p, root_keys[s]))
			return get_string(&out->roots[s], p);
	}
	if (key_is(p, marker_key))
		return get_text(&out->markers, p);
	if (key_is(p, seen_key))
		return get_text(&out->seen, p);
	if (key_is(p, generation_key))
		return get_generation(out, p);
	if (key_is(p, run_key))
		return get_string(&out->run, p);
	if (key_is(p, snapshot_key))
		return get_string(&out->snapshot, p);
	return 0;
}

int
ledger_get_meta(
    struct ledger_head *out, const unsigned char *meta, size_t n, struct err *e)
{
	for (size_t at = 0, size; at < n; at += size) {
		struct pair p;
		size = get_pair(&p, meta + at, n - at);
		if (size == 0 || take_pair(out, &p) < 0)
			return err_set(
			    e, ERR_CORRUPT, "damaged: meta at byte %zu", at);
	}
	if (out->roots[SIDE_LOCAL] == NULL || out->roots[SIDE_CLOUD] == NULL)
		return err_set(e, ERR_CORRUPT, "damaged: no roots");
	return 0;
}

/* ---- a head as a value ---- */

void
ledger_head_copy(struct ledger_head *out, const struct ledger_head *from)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		out->roots[s] = mem_string(from->roots[s]);
	out->markers = STRLIST_INIT;
	for (size_t i = 0; i < from->markers.n; i++)
		strlist_add(&out->markers, from->markers.v[i]);
	out->generation = from->generation;
	out->seen = STRLIST_INIT;
	for (size_t i = 0; i < from->seen.n; i++)
		strlist_add(&out->seen, from->seen.v[i]);
	out->run = from->run != NULL ? mem_string(from->run) : NULL;
	out->snapshot =
	    from->snapshot != NULL ? mem_string(from->snapshot) : NULL;
}

void
ledger_head_free(struct ledger_head *h)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		free(h->roots[s]);
	strlist_free(&h->markers);
	strlist_free(&h->seen);
	free(h->run);
	free(h->snapshot);
	memset(h, 0, sizeof(*h));
}
