/*
 * A finger for tests: waits for a message box that says a certain word, tells
 * all it says, and presses the button of that number (IDYES is 6, IDNO 7,
 * IDCANCEL 2).
 */
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATIENCE = 20000, NAP = 20 }; /* ms */

struct search {
	const char *word;
	char text[4096]; /* of the box looked at */
	HWND box;
};

static BOOL CALLBACK
read_part(HWND part, LPARAM arg)
{
	struct search *s = (struct search *)arg;
	size_t n = strlen(s->text);
	int room = (int)(sizeof(s->text) - n - 1);
	int told = GetWindowTextA(part, s->text + n, room);
	if (told > 0)
		memcpy(s->text + n + told, "\n", 2);
	return TRUE;
}

static BOOL CALLBACK
read_box(HWND window, LPARAM arg)
{
	struct search *s = (struct search *)arg;
	char kind[16];
	if (GetClassNameA(window, kind, sizeof(kind)) == 0 ||
	    strcmp(kind, "#32770") != 0)
		return TRUE;
	s->text[0] = '\0';
	EnumChildWindows(window, read_part, arg);
	if (strstr(s->text, s->word) == NULL)
		return TRUE;
	s->box = window;
	return FALSE;
}

int
main(int argc, char **argv)
{
	static struct search s;
	if (argc < 3)
		return 2;
	s.word = argv[1];
	puts("ready");
	fflush(stdout);
	for (int waited = 0; s.box == NULL && waited < PATIENCE;
	     waited += NAP) {
		Sleep(NAP);
		EnumWindows(read_box, (LPARAM)&s);
	}
	if (s.box == NULL)
		return 1;
	fputs(s.text, stdout);
	fflush(stdout);
	WPARAM button = (WPARAM)strtoul(argv[2], NULL, 10);
	return PostMessageA(s.box, WM_COMMAND, button, 0) ? 0 : 1;
}
