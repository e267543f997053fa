/*
 * plat_clone.c - files that share their blocks (ReFS), and files with holes.
 */
#include "platform/win32/plat_win32.h"

#include <winioctl.h>

#include "platform/plat_err.h"

/* What older headers lack; the shapes are the system's. */
enum {
	CLONING_VOLUME = 0x08000000, /* FILE_SUPPORTS_BLOCK_REFCOUNTING */
	CLONE_MAX = 1 << 30, /* bytes a call; the system takes < 4 GiB */
};

struct integrity {
	WORD algorithm;
	WORD reserved;
	DWORD flags;
	DWORD chunk_size;
	DWORD cluster_size;
};

struct clone_range {
	HANDLE from;
	LARGE_INTEGER from_offset;
	LARGE_INTEGER to_offset;
	LARGE_INTEGER bytes;
};

static const DWORD get_integrity =
    CTL_CODE(FILE_DEVICE_FILE_SYSTEM, 159, METHOD_BUFFERED, FILE_ANY_ACCESS);
static const DWORD set_integrity = CTL_CODE(FILE_DEVICE_FILE_SYSTEM, 160,
    METHOD_BUFFERED, FILE_READ_DATA | FILE_WRITE_DATA);
static const DWORD duplicate_extents =
    CTL_CODE(FILE_DEVICE_FILE_SYSTEM, 209, METHOD_BUFFERED, FILE_WRITE_DATA);

/* May the two share blocks at all? */
static bool
can_share(HANDLE to, HANDLE from)
{
	BY_HANDLE_FILE_INFORMATION a, b;
	DWORD flags = 0;
	return GetFileInformationByHandle(to, &a) &&
	    GetFileInformationByHandle(from, &b) &&
	    a.dwVolumeSerialNumber == b.dwVolumeSerialNumber &&
	    GetVolumeInformationByHandleW(
		to, NULL, 0, NULL, NULL, &flags, NULL, 0) &&
	    (flags & CLONING_VOLUME);
}

static bool
control(HANDLE h, DWORD code, void *in, size_t n)
{
	DWORD got;
	return DeviceIoControl(h, code, in, (DWORD)n, NULL, 0, &got, NULL);
}

/* Make *to* as sparse, checksummed and long as *from*, which the sharing of
   blocks asks for. */
static bool
prepare(HANDLE to, HANDLE from, LARGE_INTEGER size, DWORD *cluster)
{
	BY_HANDLE_FILE_INFORMATION info;
	struct integrity have;
	DWORD got;
	if (!GetFileInformationByHandle(from, &info) ||
	    !DeviceIoControl(from, get_integrity, NULL, 0, &have, sizeof(have),
		&got, NULL) ||
	    have.cluster_size == 0)
		return false;
	*cluster = have.cluster_size;
	/* The first fields are also the shape in which they are set. */
	if (!control(to, set_integrity, &have,
		offsetof(struct integrity, chunk_size)))
		return false;
	if ((info.dwFileAttributes & FILE_ATTRIBUTE_SPARSE_FILE) &&
	    !control(to, FSCTL_SET_SPARSE, NULL, 0))
		return false;
	FILE_END_OF_FILE_INFO end = {.EndOfFile = size};
	return SetFileInformationByHandle(
	    to, FileEndOfFileInfo, &end, sizeof(end));
}

static bool
share(HANDLE to, HANDLE from)
{
	LARGE_INTEGER size;
	DWORD cluster;
	if (!GetFileSizeEx(from, &size) || !prepare(to, from, size, &cluster))
		return false;
	/* Ranges are whole clusters, the last one beyond the end. */
	int64_t end = (size.QuadPart + cluster - 1) / cluster * cluster;
	for (int64_t at = 0; at < end; at += CLONE_MAX) {
		int64_t left = end - at;
		struct clone_range r = {.from = from};
		r.from_offset.QuadPart = at;
		r.to_offset.QuadPart = at;
		r.bytes.QuadPart = left < CLONE_MAX ? left : CLONE_MAX;
		if (!control(to, duplicate_extents, &r, sizeof(r)))
			return false;
	}
	return true;
}

int
plat_clone(struct plat_file to, struct plat_file from, struct err *e)
{
	HANDLE h = win32_handle(to);
	if (!can_share(h, win32_handle(from)))
		return 1;
	if (share(h, win32_handle(from)))
		return 0;
	/* Empty again, so that the caller can copy instead. */
	return plat_truncate(to, 0, e) < 0 ? -1 : 2;
}

/* The first allocated range in [from, size); false when the system cannot
   tell. At the end of the data it is [size, size). */
static bool
find_data(
    HANDLE h, uint64_t from, uint64_t size, FILE_ALLOCATED_RANGE_BUFFER *r)
{
	FILE_ALLOCATED_RANGE_BUFFER ask = {
	    .FileOffset.QuadPart = (LONGLONG)from,
	    .Length.QuadPart = (LONGLONG)(size - from)};
	DWORD got = 0;
	BOOL done = DeviceIoControl(h, FSCTL_QUERY_ALLOCATED_RANGES, &ask,
	    sizeof(ask), r, sizeof(*r), &got, NULL);
	if (!done && GetLastError() != ERROR_MORE_DATA)
		return false;
	if (got < sizeof(*r)) {
		r->FileOffset.QuadPart = (LONGLONG)size;
		r->Length.QuadPart = 0;
	}
	return true;
}

int
plat_next_data(struct plat_file f, uint64_t from, uint64_t *start,
    uint64_t *end, struct err *e)
{
	BY_HANDLE_FILE_INFORMATION info;
	FILE_ALLOCATED_RANGE_BUFFER r;
	HANDLE h = win32_handle(f);
	if (!GetFileInformationByHandle(h, &info))
		return plat_fail(
		    e, (long)GetLastError(), "look for the file's data");
	uint64_t size = (uint64_t)info.nFileSizeHigh << 32 | info.nFileSizeLow;
	*start = from < size ? from : size;
	*end = size;
	if (from >= size ||
	    !(info.dwFileAttributes & FILE_ATTRIBUTE_SPARSE_FILE) ||
	    !find_data(h, from, size, &r))
		return 0;
	uint64_t first = (uint64_t)r.FileOffset.QuadPart;
	uint64_t behind = first + (uint64_t)r.Length.QuadPart;
	/* Ranges are whole clusters: cut to what was asked about. */
	*start = first > from ? first : from;
	*end = behind < size ? behind : size;
	return 0;
}
