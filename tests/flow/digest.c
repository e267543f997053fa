/*
 * The XXH3-128 of each file it is given, one a line: what stands in snapshots,
 * for tests that make their own.
 */
#include <stdio.h>

#include "base/hash.h"

static int
print_hash(const char *name)
{
	char buf[4096], hex[HASH_HEX_SIZE];
	size_t n;
	FILE *f = fopen(name, "rb");
	if (f == NULL)
		return 1;
	struct hash_stream *hash = hash_open();
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		hash_feed(hash, buf, n);
	puts(hash_hex(hex, hash_end(hash)));
	hash_close(hash);
	fclose(f);
	return 0;
}

int
main(int argc, char **argv)
{
	int bad = 0;
	for (int i = 1; i < argc; i++)
		bad |= print_hash(argv[i]);
	return bad;
}
