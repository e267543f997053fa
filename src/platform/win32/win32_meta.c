/*
 * win32_meta.c - what Windows stores about a file, in our terms.
 */
#include "platform/win32/plat_win32.h"

/* Files of the Linux subsystem, and app aliases: nothing to read in them. The
   headers of older SDKs lack some of the names. */
static const DWORD special_tags[] = {
    0x8000001B, /* APPEXECLINK */
    0x80000023, /* AF_UNIX */
    0x80000024, /* LX_FIFO */
    0x80000025, /* LX_CHR */
    0x80000026, /* LX_BLK */
};

enum {
	NAME_SURROGATE = 0x20000000, /* in a tag: stands for something else */
	RECALL_ON_OPEN = 0x40000,
	RECALL_ON_DATA_ACCESS = 0x400000,
	PLACEHOLDER =
	    RECALL_ON_OPEN | RECALL_ON_DATA_ACCESS | FILE_ATTRIBUTE_OFFLINE,
};

static enum plat_type
type_of(DWORD attributes, DWORD tag)
{
	if (attributes & FILE_ATTRIBUTE_REPARSE_POINT) {
		if (tag & NAME_SURROGATE)
			return PLAT_LINK;
		for (size_t i = 0; i < COUNT_OF(special_tags); i++)
			if (tag == special_tags[i])
				return PLAT_OTHER;
	}
	if (attributes & FILE_ATTRIBUTE_DIRECTORY)
		return PLAT_DIR;
	return attributes & FILE_ATTRIBUTE_DEVICE ? PLAT_OTHER : PLAT_FILE;
}

void
win32_fill_kind(struct plat_stat *st, DWORD attributes, DWORD tag)
{
	st->type = type_of(attributes, tag);
	st->solid = false;
	st->placeholder = st->type != PLAT_LINK && (attributes & PLACEHOLDER);
	/* On a directory the attribute only marks it as customised. */
	st->mode = st->type == PLAT_DIR              ? 0755
	    : (attributes & FILE_ATTRIBUTE_READONLY) ? 0444
						     : 0644;
}

static uint64_t
joined(DWORD high, DWORD low)
{
	return (uint64_t)high << 32 | low;
}

int
win32_fill_stat(struct plat_stat *st, HANDLE h)
{
	BY_HANDLE_FILE_INFORMATION info;
	FILE_ATTRIBUTE_TAG_INFO kind;
	FILE_BASIC_INFO basic;
	if (!GetFileInformationByHandle(h, &info) ||
	    !GetFileInformationByHandleEx(
		h, FileAttributeTagInfo, &kind, sizeof(kind)) ||
	    !GetFileInformationByHandleEx(
		h, FileBasicInfo, &basic, sizeof(basic)))
		return -1;
	win32_fill_kind(st, kind.FileAttributes, kind.ReparseTag);
	bool has_size = st->type == PLAT_FILE;
	st->size = has_size ? joined(info.nFileSizeHigh, info.nFileSizeLow) : 0;
	st->nlink = info.nNumberOfLinks;
	st->dev = info.dwVolumeSerialNumber;
	st->ino = joined(info.nFileIndexHigh, info.nFileIndexLow);
	st->mtime = win32_stamp(basic.LastWriteTime.QuadPart);
	st->ctime = win32_stamp(basic.ChangeTime.QuadPart);
	return 0;
}

/* A FILETIME counts 100 ns from 1601. */
enum { PER_SECOND = 10000000 };
static const int64_t epoch = 11644473600;

struct stamp
win32_stamp(int64_t filetime)
{
	if (filetime <= 0)
		return (struct stamp){0, 0};
	return (struct stamp){.sec = filetime / PER_SECOND - epoch,
	    .nsec = (uint32_t)(filetime % PER_SECOND * 100)};
}

bool
win32_filetime(int64_t *out, struct stamp t)
{
	if (t.sec < -epoch || t.sec >= INT64_MAX / PER_SECOND - epoch)
		return false;
	*out = (t.sec + epoch) * PER_SECOND + t.nsec / 100;
	/* 0 would mean "leave it as it is". */
	return *out > 0;
}

int
win32_set_mtime(HANDLE h, struct stamp mtime)
{
	int64_t filetime;
	if (!win32_filetime(&filetime, mtime))
		return 1;
	FILE_BASIC_INFO basic = {.FileAttributes = 0};
	basic.LastWriteTime.QuadPart = filetime;
	if (SetFileInformationByHandle(h, FileBasicInfo, &basic, sizeof(basic)))
		return 0;
	return GetLastError() == ERROR_INVALID_PARAMETER ? 1 : -1;
}

int
win32_set_writable(HANDLE h, bool writable)
{
	FILE_BASIC_INFO basic;
	if (!GetFileInformationByHandleEx(
		h, FileBasicInfo, &basic, sizeof(basic)))
		return -1;
	bool is_writable = !(basic.FileAttributes & FILE_ATTRIBUTE_READONLY);
	if (is_writable == writable ||
	    (basic.FileAttributes & FILE_ATTRIBUTE_DIRECTORY))
		return 0;
	/* Times of 0 stay as they are; no attribute at all is spelled NORMAL.
	 */
	FILE_BASIC_INFO changed = {
	    .FileAttributes = basic.FileAttributes ^ FILE_ATTRIBUTE_READONLY};
	if (changed.FileAttributes == 0)
		changed.FileAttributes = FILE_ATTRIBUTE_NORMAL;
	return SetFileInformationByHandle(
		   h, FileBasicInfo, &changed, sizeof(changed))
	    ? 0
	    : -1;
}
