#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "fuzz.h"
#include "store/ledger_format.h"

/* What later code relies on without looking. */
static void
check_agreed(const struct agreed *a, size_t names_size)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct agreed_record *r = &a->v[i];
		CHECK(r->path_at <= names_size);
		CHECK(r->path_len <= names_size - r->path_at);
		CHECK(path_is_safe(agreed_path(a, r), r->path_len));
		CHECK(agreed_find(a, agreed_path(a, r), r->path_len) == r);
		CHECK(r->type == ENTRY_FILE || r->type == ENTRY_DIR ||
		    r->type == ENTRY_LINK);
		CHECK(agreed_present(r, SIDE_LOCAL) ||
		    agreed_present(r, SIDE_CLOUD));
	}
}

static void
check_head(const struct ledger_head *head)
{
	struct ledger_head copy;
	struct str meta = STR_INIT;
	ledger_head_copy(&copy, head);
	ledger_put_meta(&meta, &copy);
	CHECK(meta.len >= strlen(head->roots[SIDE_LOCAL]));
	str_free(&meta);
	ledger_head_free(&copy);
}

static void
read_one(const unsigned char *bytes, size_t size)
{
	struct ledger_parts parts;
	struct ledger_head head = {.generation = 0};
	struct err e;
	if (ledger_read(&parts, bytes, size, &e) == 0) {
		struct agreed a = {
		    .v = parts.records, .n = parts.n, .names = parts.names};
		check_agreed(&a, parts.names_size);
		if (ledger_get_meta(&head, parts.meta, parts.meta_size, &e) ==
		    0)
			check_head(&head);
	}
	ledger_head_free(&head);
}

/* No input would ever hit the right size and checksum: both are put right, so
   that what lies behind them is tried too. */
static void
seal(unsigned char *bytes, size_t size)
{
	struct ledger_header h;
	memcpy(&h, bytes, sizeof(h));
	memcpy(h.magic, LEDGER_MAGIC, sizeof(h.magic));
	h.order = LEDGER_ORDER;
	h.version = LEDGER_VERSION;
	h.file_size = size;
	h.record_size = sizeof(struct agreed_record);
	size_t body = size - sizeof(h);
	h.records %= body / sizeof(struct agreed_record) + 1;
	body -= (size_t)h.records * sizeof(struct agreed_record);
	h.names_size %= body + 1;
	h.meta_size = (uint32_t)(body - h.names_size);
	struct hash_stream *s = hash_open();
	hash_feed(s, bytes + sizeof(h), size - sizeof(h));
	struct hash sum = ledger_checksum(s, &h);
	hash_close(s);
	h.hash_hi = sum.hi;
	h.hash_lo = sum.lo;
	memcpy(bytes, &h, sizeof(h));
}

/* The input: a ledger file. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *bytes = mem_alloc(size);
	if (size > 0)
		memcpy(bytes, data, size);
	read_one(bytes, size);
	if (size >= sizeof(struct ledger_header)) {
		seal(bytes, size);
		read_one(bytes, size);
	}
	free(bytes);
	return 0;
}
