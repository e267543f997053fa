/*
 * replay.c - a main for fuzz targets where there is no libFuzzer.
 *
 * Runs every file named on the command line through the target, whole and cut
 * short after each of its first bytes: a reader's mistakes are at the ends.
 */
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "fuzz.h"

enum { PREFIXES = 2048 };

static int
read_file(struct str *out, const char *name)
{
	FILE *f = fopen(name, "rb");
	if (f == NULL)
		return -1;
	char buf[4096];
	size_t n;
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		str_addn(out, buf, n);
	int rc = ferror(f) ? -1 : 0;
	fclose(f);
	return rc;
}

/* The target gets memory of just that size, so that a sanitizer sees the first
   byte read beyond it. */
static void
run_one(const char *bytes, size_t n)
{
	uint8_t *exact = mem_alloc(n);
	if (n > 0)
		memcpy(exact, bytes, n);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct str input = STR_INIT;
		if (read_file(&input, argv[i]) < 0) {
			fprintf(stderr, "cannot read %s\n", argv[i]);
			return 1;
		}
		for (size_t n = 0; n < input.len && n < PREFIXES; n++)
			run_one(input.p, n);
		run_one(input.p, input.len);
		str_free(&input);
	}
	return argc > 1 ? 0 : 1;
}
