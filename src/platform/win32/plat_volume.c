#include "platform/win32/plat_win32.h"

#include <stdio.h>
#include <wchar.h>

#include "platform/plat_err.h"

/* The file system's name in ASCII and lower case. */
static void
set_kind(struct plat_volume *v, const wchar_t *name)
{
	size_t n = 0;
	for (; n < sizeof(v->kind) - 1 && name[n] != L'\0'; n++) {
		wchar_t c = name[n];
		if (c >= L'A' && c <= L'Z')
			c = (wchar_t)(c - L'A' + L'a');
		v->kind[n] = c < 0x80 ? (char)c : '?';
	}
	v->kind[n] = '\0';
}

int
plat_volume(struct plat_volume *out, struct plat_dir *d, struct err *e)
{
	wchar_t name[MAX_PATH + 1] = L"";
	DWORD flags = 0;
	ULARGE_INTEGER free_bytes, total_bytes;
	if (!GetVolumeInformationByHandleW(
		d->h, NULL, 0, NULL, NULL, &flags, name, MAX_PATH) ||
	    !GetDiskFreeSpaceExW(d->path, &free_bytes, &total_bytes, NULL))
		return plat_fail(
		    e, (long)GetLastError(), "look at the file system");
	FILE_REMOTE_PROTOCOL_INFO remote;
	*out = (struct plat_volume){.free_bytes = free_bytes.QuadPart,
	    .total_bytes = total_bytes.QuadPart,
	    .read_only = (flags & FILE_READ_ONLY_VOLUME) != 0,
	    /* A single directory can be told to mind case; hardly any program
	       can live in one, so none is expected to. */
	    .fold_case = true};
	/* Only a file on another machine has a protocol. */
	out->remote = GetFileInformationByHandleEx(
	    d->h, FileRemoteProtocolInfo, &remote, sizeof(remote));
	set_kind(out, name);
	return 0;
}

int
plat_volume_sync(struct plat_dir *d, struct err *e)
{
	/* There is one, for administrators only. */
	UNUSED(d);
	UNUSED(e);
	return 1;
}
