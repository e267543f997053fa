/*
 * plat_file.c - reading, writing and mapping open files.
 */
#include "platform/win32/plat_win32.h"

#include <winioctl.h>

#include "platform/plat_err.h"

/* No single call moves more: its length is a 32-bit number. */
static const size_t transfer_max = 1u << 30;

static DWORD
transfer(size_t n)
{
	return (DWORD)(n < transfer_max ? n : transfer_max);
}

static int
fail(struct err *e, const char *step)
{
	return plat_fail(e, (long)GetLastError(), "%s", step);
}

static bool
is_end(DWORD os)
{
	return os == ERROR_HANDLE_EOF || os == ERROR_BROKEN_PIPE;
}

int
plat_read(struct plat_file f, void *buf, size_t n, size_t *got, struct err *e)
{
	DWORD done = 0;
	*got = 0;
	if (!ReadFile(win32_handle(f), buf, transfer(n), &done, NULL))
		return is_end(GetLastError()) ? 0 : fail(e, "read");
	*got = done;
	return 0;
}

/* Where reading and writing go on. */
static bool
get_position(HANDLE h, LARGE_INTEGER *at)
{
	return SetFilePointerEx(
	    h, (LARGE_INTEGER){.QuadPart = 0}, at, FILE_CURRENT);
}

int
plat_read_at(struct plat_file f, void *buf, size_t n, uint64_t offset,
    size_t *got, struct err *e)
{
	HANDLE h = win32_handle(f);
	OVERLAPPED at = {
	    .Offset = (DWORD)offset, .OffsetHigh = (DWORD)(offset >> 32)};
	LARGE_INTEGER before;
	DWORD done = 0;
	*got = 0;
	if (!get_position(h, &before))
		return fail(e, "read");
	BOOL ok = ReadFile(h, buf, transfer(n), &done, &at);
	DWORD os = ok ? ERROR_SUCCESS : GetLastError();
	/* Also a read at an offset moves the position. */
	if (!SetFilePointerEx(h, before, NULL, FILE_BEGIN))
		return fail(e, "read");
	if (!ok && !is_end(os))
		return plat_fail(e, (long)os, "read");
	*got = done;
	return 0;
}

int
plat_write(struct plat_file f, const void *buf, size_t n, struct err *e)
{
	const char *p = buf;
	while (n > 0) {
		DWORD done = 0;
		if (!WriteFile(win32_handle(f), p, transfer(n), &done, NULL))
			return fail(e, "write");
		if (done == 0)
			return plat_fail(e, ERROR_DISK_FULL, "write");
		p += done;
		n -= done;
	}
	return 0;
}

int
plat_seek(struct plat_file f, uint64_t offset, struct err *e)
{
	LARGE_INTEGER to = {.QuadPart = (LONGLONG)offset};
	if (to.QuadPart < 0)
		return plat_fail(e, ERROR_NEGATIVE_SEEK, "seek");
	return SetFilePointerEx(win32_handle(f), to, NULL, FILE_BEGIN)
	    ? 0
	    : fail(e, "seek");
}

int
plat_truncate(struct plat_file f, uint64_t size, struct err *e)
{
	HANDLE h = win32_handle(f);
	LARGE_INTEGER now;
	FILE_END_OF_FILE_INFO end = {.EndOfFile.QuadPart = (LONGLONG)size};
	if (!GetFileSizeEx(h, &now))
		return fail(e, "resize");
	if (end.EndOfFile.QuadPart > now.QuadPart) {
		/* A sparse file gets a hole; where there are none, zeros do. */
		DWORD n;
		DeviceIoControl(
		    h, FSCTL_SET_SPARSE, NULL, 0, NULL, 0, &n, NULL);
	}
	return SetFileInformationByHandle(
		   h, FileEndOfFileInfo, &end, sizeof(end))
	    ? 0
	    : fail(e, "resize");
}

int
plat_file_stat(struct plat_stat *out, struct plat_file f, struct err *e)
{
	return win32_fill_stat(out, win32_handle(f)) == 0
	    ? 0
	    : fail(e, "look at the file");
}

int
plat_file_sync(struct plat_file f, struct err *e)
{
	BOOL done = FlushFileBuffers(win32_handle(f));
	if (!done && GetLastError() == ERROR_ACCESS_DENIED) {
		/* Opened for reading only: syncing takes the right to write. */
		HANDLE h = ReOpenFile(
		    win32_handle(f), GENERIC_WRITE, WIN32_SHARE_ALL, 0);
		if (h != INVALID_HANDLE_VALUE) {
			done = FlushFileBuffers(h);
			win32_close(h);
		}
	}
	return done ? 0 : fail(e, "sync");
}

int
plat_map(const void **data, size_t *size, struct plat_file f, struct err *e)
{
	LARGE_INTEGER length;
	*data = NULL;
	*size = 0;
	if (!GetFileSizeEx(win32_handle(f), &length))
		return fail(e, "map");
	if (length.QuadPart == 0)
		return 0;
	if ((uint64_t)length.QuadPart > SIZE_MAX)
		return plat_fail(e, ERROR_FILE_TOO_LARGE, "map");
	HANDLE mapping = CreateFileMappingW(
	    win32_handle(f), NULL, PAGE_READONLY, 0, 0, NULL);
	if (mapping == NULL)
		return fail(e, "map");
	*data = MapViewOfFile(
	    mapping, FILE_MAP_READ, 0, 0, (size_t)length.QuadPart);
	win32_close(mapping);
	if (*data == NULL)
		return fail(e, "map");
	*size = (size_t)length.QuadPart;
	return 0;
}

void
plat_unmap(const void *data, size_t size)
{
	UNUSED(size);
	if (data != NULL)
		UnmapViewOfFile(data);
}
