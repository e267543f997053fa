/*
 * plat_list.c - what is in a directory.
 *
 * A listing brings the metadata along, so nothing is opened for it: that is
 * what makes looking at a large tree quick, and looking at placeholders free.
 * It does not bring the number of links (nlink is 0).
 */
#include "platform/win32/plat_win32.h"

#include <stdlib.h>
#include <wchar.h>

#include "base/mem.h"
#include "platform/plat_err.h"
#include "platform/win32/wide.h"

enum { BATCH = 64 * 1024 }; /* bytes of records at a time */

/* One listing on its way. */
struct listing {
	struct plat_dir *dir;
	HANDLE h; /* the directory once more: how far a listing has come is
		     kept with the handle, and there may be two at a time */
	plat_list_fn *fn;
	void *arg;
	struct str name;
	uint64_t dev;
};

static int
give(struct listing *l, const wchar_t *name, size_t len,
    const struct plat_stat *st)
{
	if (name[0] == L'.' && (len == 1 || (len == 2 && name[1] == L'.')))
		return 0;
	str_clear(&l->name);
	wide_to(&l->name, name, len);
	return l->fn(l->arg, l->name.p, l->name.len, st, NULL);
}

static int
give_record(struct listing *l, const FILE_ID_BOTH_DIR_INFO *r)
{
	struct plat_stat st = {.dev = l->dev};
	/* For a reparse point this field holds the tag. */
	win32_fill_kind(&st, r->FileAttributes, r->EaSize);
	if (st.type == PLAT_FILE)
		st.size = (uint64_t)r->EndOfFile.QuadPart;
	st.ino = (uint64_t)r->FileId.QuadPart;
	st.mtime = win32_stamp(r->LastWriteTime.QuadPart);
	st.ctime = win32_stamp(r->ChangeTime.QuadPart);
	return give(l, r->FileName, r->FileNameLength / sizeof(wchar_t), &st);
}

/* Records lie behind one another, each saying how far away the next is. */
static int
give_batch(struct listing *l, const char *records)
{
	for (;;) {
		const FILE_ID_BOTH_DIR_INFO *r =
		    (const void *)records; /* aligned by the system */
		if (give_record(l, r) < 0)
			return -1;
		if (r->NextEntryOffset == 0)
			return 0;
		records += r->NextEntryOffset;
	}
}

/* List by the handle. Returns 1 when this file system cannot. */
static int
list_by_handle(struct listing *l, DWORD *os)
{
	char *records = mem_alloc(BATCH);
	bool any = false;
	int rc = 0;
	while (rc == 0 &&
	    GetFileInformationByHandleEx(
		l->h, FileIdBothDirectoryInfo, records, BATCH)) {
		any = true;
		rc = give_batch(l, records);
	}
	*os = rc == 0 ? GetLastError() : ERROR_SUCCESS;
	free(records);
	return rc == 0 && !any && win32_is_unknown(*os) ? 1 : rc;
}

static int
give_found(struct listing *l, const WIN32_FIND_DATAW *found)
{
	struct plat_stat st = {.dev = 0};
	win32_fill_kind(&st, found->dwFileAttributes, found->dwReserved0);
	if (st.type == PLAT_FILE)
		st.size =
		    (uint64_t)found->nFileSizeHigh << 32 | found->nFileSizeLow;
	ULARGE_INTEGER t = {.LowPart = found->ftLastWriteTime.dwLowDateTime,
	    .HighPart = found->ftLastWriteTime.dwHighDateTime};
	st.mtime = win32_stamp((int64_t)t.QuadPart);
	return give(l, found->cFileName, wcslen(found->cFileName), &st);
}

/* List by the path, which tells less but which every file server knows. */
static int
list_by_path(struct listing *l, DWORD *os)
{
	wchar_t *pattern = win32_below(l->dir, L"*");
	WIN32_FIND_DATAW found;
	HANDLE h = FindFirstFileExW(pattern, FindExInfoBasic, &found,
	    FindExSearchNameMatch, NULL, FIND_FIRST_EX_LARGE_FETCH);
	*os = GetLastError();
	free(pattern);
	if (h == INVALID_HANDLE_VALUE)
		return 0;
	int rc;
	do
		rc = give_found(l, &found);
	while (rc == 0 && FindNextFileW(h, &found));
	*os = rc == 0 ? GetLastError() : ERROR_SUCCESS;
	FindClose(h);
	return rc;
}

int
win32_list(struct plat_dir *d, bool by_path, plat_list_fn *fn, void *arg,
    struct err *e)
{
	struct listing l = {.dir = d, .fn = fn, .arg = arg, .name = STR_INIT};
	BY_HANDLE_FILE_INFORMATION info;
	l.h = win32_open(d->path,
	    (struct win32_how){FILE_LIST_DIRECTORY | SYNCHRONIZE,
		WIN32_SHARE_PIN, OPEN_EXISTING});
	if (l.h == INVALID_HANDLE_VALUE)
		return plat_fail(e, (long)GetLastError(), "list the directory");
	if (GetFileInformationByHandle(l.h, &info))
		l.dev = info.dwVolumeSerialNumber;
	DWORD os;
	int rc = by_path ? 1 : list_by_handle(&l, &os);
	if (rc == 1)
		rc = list_by_path(&l, &os);
	CloseHandle(l.h);
	str_free(&l.name);
	/* The end comes as an error; the root of an empty volume, which has
	   not even ".", says there is no file. */
	if (rc < 0 || os == ERROR_NO_MORE_FILES || os == ERROR_FILE_NOT_FOUND)
		return rc;
	return plat_fail(e, (long)os, "list the directory");
}

int
plat_list(struct plat_dir *d, plat_list_fn *fn, void *arg, struct err *e)
{
	return win32_list(d, false, fn, arg, e);
}
