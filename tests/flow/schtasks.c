/*
 * A Task Scheduler of one task, for the tests: what is created is kept in the
 * file that TASK names, as narrow text, which is how schtasks tells it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* From UTF-16 with its mark; what the tests hand over is all ASCII. */
static int
keep(const char *xml, const char *task)
{
	FILE *in = fopen(xml, "rb");
	FILE *out = fopen(task, "wb");
	if (in == NULL || out == NULL || getc(in) != 0xff || getc(in) != 0xfe)
		return 1;
	for (int c = getc(in); c != EOF; c = getc(in)) {
		putc(c, out);
		if (getc(in) != 0)
			return 1;
	}
	fclose(in);
	return fclose(out) == 0 ? 0 : 1;
}

static int
show(const char *task)
{
	FILE *in = fopen(task, "rb");
	if (in == NULL) {
		fputs("ERROR: no such task\n", stderr);
		return 1;
	}
	for (int c = getc(in); c != EOF; c = getc(in))
		putchar(c);
	fclose(in);
	return 0;
}

int
main(int argc, char **argv)
{
	const char *task = getenv("TASK");
	if (argc < 4 || task == NULL)
		return 2;
	if (strcmp(argv[1], "/Query") == 0)
		return show(task);
	if (strcmp(argv[1], "/Create") == 0 && argc > 5)
		return keep(argv[5], task);
	if (strcmp(argv[1], "/Delete") == 0)
		return remove(task) == 0 ? 0 : 1;
	return 2;
}
