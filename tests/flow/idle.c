/*
 * A program that is there: it opens the files it is given, says so, and stays
 * until its standard input ends. Tests give it names.
 */
#include <stdio.h>

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");
		if (f == NULL && argv[i][0] == '=')
			return 1;
	}
	puts("ready");
	fflush(stdout);
	while (getchar() != EOF)
		continue;
	return 0;
}
