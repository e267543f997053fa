/*
 * plat_watch.c - ReadDirectoryChangesW.
 *
 * One handle tells of a whole tree. It is opened so that others may rename or
 * remove the directory meanwhile; the request then ends with an error.
 */
#include "platform/plat_watch.h"

#include <stdlib.h>

#include "base/mem.h"
#include "platform/plat_err.h"
#include "platform/win32/plat_win32.h"

enum { ROOTS = 4, BUFFER = 16 * 1024 };

struct root {
	HANDLE dir;
	OVERLAPPED request; /* its event is set when there is news */
	DWORD *buffer;
	bool asked; /* a request is on its way */
};

struct plat_watch {
	struct root roots[ROOTS];
	size_t n;
};

struct plat_watch *
plat_watch_new(void)
{
	return mem_zero(1, sizeof(struct plat_watch));
}

static void
close_root(struct root *r)
{
	DWORD got;
	if (r->asked) {
		/* The system writes into the buffer until it says it is done.
		 */
		CancelIo(r->dir);
		(void)GetOverlappedResult(r->dir, &r->request, &got, TRUE);
	}
	if (r->request.hEvent != NULL)
		CloseHandle(r->request.hEvent);
	if (r->dir != INVALID_HANDLE_VALUE)
		CloseHandle(r->dir);
	free(r->buffer);
}

void
plat_watch_destroy(struct plat_watch *w)
{
	if (w == NULL)
		return;
	for (size_t i = 0; i < w->n; i++)
		close_root(&w->roots[i]);
	free(w);
}

/* Ask for the next news. Reading a file changes nothing that counts here. */
static bool
ask(struct root *r)
{
	ResetEvent(r->request.hEvent);
	r->asked = ReadDirectoryChangesW(r->dir, r->buffer, BUFFER, TRUE,
	    FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME |
		FILE_NOTIFY_CHANGE_SIZE | FILE_NOTIFY_CHANGE_LAST_WRITE |
		FILE_NOTIFY_CHANGE_ATTRIBUTES,
	    NULL, &r->request, NULL);
	return r->asked;
}

int
plat_watch_tree(struct plat_watch *w, struct plat_dir *d, struct err *e)
{
	struct plat_volume volume;
	if (plat_volume(&volume, d, e) != 0)
		return -1;
	if (w->n == ROOTS)
		return 1;
	struct root *r = &w->roots[w->n];
	r->dir = CreateFileW(d->path, FILE_LIST_DIRECTORY, WIN32_SHARE_ALL,
	    NULL, OPEN_EXISTING,
	    FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OVERLAPPED, NULL);
	if (r->dir == INVALID_HANDLE_VALUE)
		return 1;
	r->request.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
	r->buffer = mem_alloc(BUFFER);
	w->n++;
	bool told = r->request.hEvent != NULL && ask(r);
	return told && !volume.remote ? 0 : 1;
}

/* What one root has to tell by now. More events than the buffer holds end the
   request with nothing in it; that something changed is all we want. */
static int
take_news(struct root *r)
{
	DWORD got;
	if (!r->asked ||
	    WaitForSingleObject(r->request.hEvent, 0) != WAIT_OBJECT_0)
		return PLAT_WATCH_NOTHING;
	r->asked = false;
	bool well = GetOverlappedResult(r->dir, &r->request, &got, FALSE);
	return well && ask(r) ? PLAT_WATCH_CHANGED : PLAT_WATCH_RESHAPED;
}

/* Everything that can be waited for: roots, and being asked to stop. */
static DWORD
gather(HANDLE *out, const struct plat_watch *w)
{
	DWORD n = 0;
	if (win32_asked() != NULL)
		out[n++] = win32_asked();
	for (size_t i = 0; w != NULL && i < w->n; i++)
		if (w->roots[i].asked)
			out[n++] = w->roots[i].request.hEvent;
	return n;
}

int
plat_watch_wait(struct plat_watch *w, long timeout_ms)
{
	HANDLE handles[ROOTS + 1];
	DWORD ms = timeout_ms < 0 ? INFINITE : (DWORD)timeout_ms;
	DWORD n = gather(handles, w);
	if (n > 0)
		(void)WaitForMultipleObjects(n, handles, FALSE, ms);
	else
		Sleep(ms);
	int told = PLAT_WATCH_NOTHING;
	for (size_t i = 0; w != NULL && i < w->n; i++)
		for (int m; (m = take_news(&w->roots[i])) != 0;)
			told = m > told ? m : told;
	return told;
}
