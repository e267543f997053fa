#include <string.h>

#include "base/compiler.h"
#include "fuzz.h"
#include "store/zip/zipstream.h"

/* An archive in memory, in the place of the platform's files. */
static const uint8_t *bytes;
static size_t bytes_len;

int
plat_read_at(struct plat_file f, void *buf, size_t n, uint64_t offset,
    size_t *got, struct err *e)
{
	UNUSED(f);
	UNUSED(e);
	size_t left = offset < bytes_len ? bytes_len - (size_t)offset : 0;
	*got = n < left ? n : left;
	if (*got > 0)
		memcpy(buf, bytes + offset, *got);
	return 0;
}

int
plat_file_stat(struct plat_stat *out, struct plat_file f, struct err *e)
{
	UNUSED(f);
	UNUSED(e);
	*out = (struct plat_stat){.type = PLAT_FILE, .size = bytes_len};
	return 0;
}

/* Never more than was declared, and never more than so few bytes can be
   unpacked to. */
static void
unpack(struct zipstream *s, const struct zipread *z,
    const struct zipread_entry *entry)
{
	struct err e;
	const void *piece;
	size_t n = 1;
	uint64_t total = 0;
	int rc = zipstream_begin(s, z, entry, &e);
	while (rc == 0 && n > 0) {
		rc = zipstream_next(s, &piece, &n, &e);
		if (rc == 0)
			total += n;
		CHECK(total <= entry->size);
	}
	CHECK(total / 1040 <= bytes_len);
	CHECK(rc != 0 || total == entry->size);
}

/* The input: an archive. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zipread *z;
	struct err e;
	bytes = data;
	bytes_len = size;
	if (zipread_open(&z, PLAT_FILE_NONE, &e) != 0)
		return 0;
	CHECK(zipread_count(z) <= size / 46);
	struct zipstream *s = zipstream_new();
	uint64_t packed = 0;
	for (size_t i = 0; i < zipread_count(z); i++) {
		const struct zipread_entry *entry = zipread_at(z, i);
		CHECK(zipread_find(z, entry->name, entry->name_len) == entry);
		packed += entry->packed;
		unpack(s, z, entry);
	}
	CHECK(packed <= size);
	zipstream_destroy(s);
	zipread_close(z);
	return 0;
}
