#include "platform/plat_env.h"

#include "platform/win32/plat_win32.h"

#include <stdlib.h>

#include "base/mem.h"
#include "platform/plat_err.h"

#if !defined(ENABLE_VIRTUAL_TERMINAL_PROCESSING)
#	define ENABLE_VIRTUAL_TERMINAL_PROCESSING 0x0004
#endif

static HANDLE
handle_of(enum plat_stream s)
{
	return GetStdHandle(s == PLAT_STDIN ? STD_INPUT_HANDLE
		: s == PLAT_STDOUT          ? STD_OUTPUT_HANDLE
					    : STD_ERROR_HANDLE);
}

bool
plat_is_terminal(enum plat_stream s)
{
	DWORD mode;
	return GetConsoleMode(handle_of(s), &mode);
}

int
plat_terminal_width(enum plat_stream s)
{
	CONSOLE_SCREEN_BUFFER_INFO info;
	if (!GetConsoleScreenBufferInfo(handle_of(s), &info))
		return 0;
	return info.srWindow.Right - info.srWindow.Left + 1;
}

int
plat_terminal_height(enum plat_stream s)
{
	CONSOLE_SCREEN_BUFFER_INFO info;
	if (!GetConsoleScreenBufferInfo(handle_of(s), &info))
		return 0;
	return info.srWindow.Bottom - info.srWindow.Top + 1;
}

bool
plat_terminal_color(enum plat_stream s)
{
	DWORD mode;
	HANDLE h = handle_of(s);
	return s != PLAT_STDIN && GetConsoleMode(h, &mode) &&
	    SetConsoleMode(h,
		mode | ENABLE_PROCESSED_OUTPUT |
		    ENABLE_VIRTUAL_TERMINAL_PROCESSING);
}

struct plat_terminal {
	DWORD in, out;
	bool has_out;
};

struct plat_terminal *
plat_terminal_keep(void)
{
	struct plat_terminal now;
	if (!GetConsoleMode(handle_of(PLAT_STDIN), &now.in))
		return NULL;
	now.has_out = GetConsoleMode(handle_of(PLAT_STDOUT), &now.out);
	struct plat_terminal *t = mem_alloc(sizeof(*t));
	*t = now;
	return t;
}

void
plat_terminal_restore(struct plat_terminal *t)
{
	if (t == NULL)
		return;
	SetConsoleMode(handle_of(PLAT_STDIN), t->in);
	if (t->has_out)
		SetConsoleMode(handle_of(PLAT_STDOUT), t->out);
	free(t);
}

/* A console shows UTF-16, whatever its code page. */
static bool
write_console(HANDLE h, const wchar_t *w, size_t n)
{
	enum { PIECE = 8 * 1024 }; /* older consoles refuse more */
	while (n > 0) {
		DWORD piece = n < PIECE ? (DWORD)n : PIECE, done = 0;
		/* Both halves of a character have to go at once. */
		if (piece < n && w[piece - 1] >= 0xD800 &&
		    w[piece - 1] <= 0xDBFF)
			piece--;
		if (!WriteConsoleW(h, w, piece, &done, NULL) || done == 0)
			return false;
		w += done;
		n -= done;
	}
	return true;
}

static bool
write_text(HANDLE h, const char *text, size_t n)
{
	enum { PIECE = 64 * 1024 };
	wchar_t *w = mem_resize(NULL, PIECE, sizeof(*w));
	bool good = true;
	while (good && n > 0) {
		size_t piece = n < PIECE ? n : PIECE;
		while (piece < n && piece > PIECE - 4 &&
		    ((unsigned char)text[piece] & 0xC0) == 0x80)
			piece--;
		int len =
		    MultiByteToWideChar(CP_UTF8, 0, text, (int)piece, w, PIECE);
		good = len > 0 && write_console(h, w, (size_t)len);
		text += piece;
		n -= piece;
	}
	free(w);
	return good;
}

static bool
write_bytes(HANDLE h, const char *p, size_t n)
{
	while (n > 0) {
		DWORD piece = n < 1u << 20 ? (DWORD)n : 1u << 20, done = 0;
		if (!WriteFile(h, p, piece, &done, NULL))
			return false;
		p += done;
		n -= done;
	}
	return true;
}

int
plat_out(enum plat_stream s, const void *bytes, size_t n, struct err *e)
{
	HANDLE h = handle_of(s);
	bool good = plat_is_terminal(s) ? write_text(h, bytes, n)
					: write_bytes(h, bytes, n);
	return good ? 0
		    : plat_fail(e, (long)GetLastError(), "write the output");
}
