/*
 * plat_holders.c - who has files below a directory open.
 *
 * Windows answers this for one file at a time, as its Restart Manager asks:
 * so the tree is walked, nearest to the top first, where applications keep the
 * files they lock. At most HOLDERS_FILES files are asked about; what lies
 * beyond, and what may not be looked at, counts as blind. Directories are not
 * asked about: the file manager and every cloud client hold those.
 */
#include "platform/plat_proc.h"

#include "platform/win32/plat_win32.h"

#include <winternl.h>

#include <stdlib.h>
#include <wchar.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/strlist.h"
#include "platform/plat_err.h"
#include "platform/win32/wide.h"

enum { HOLDERS_FILES = 10000, PIDS_MAX = 1024 };
enum { PROCESS_IDS_USING_FILE = 47 }; /* FileProcessIdsUsingFileInformation */

/* What the system fills in; the header for drivers alone declares it. */
struct users {
	ULONG count;
	ULONG_PTR pids[PIDS_MAX];
};

typedef NTSTATUS NTAPI query_file_fn(
    HANDLE, IO_STATUS_BLOCK *, void *, ULONG, FILE_INFORMATION_CLASS);

struct search {
	struct plat_dir *root;
	query_file_fn *query;
	plat_holder_fn *fn;
	void *arg;
	size_t *blind;
	struct users *users;   /* the system's latest answer */
	struct strlist dirs;   /* tree paths; the walked ones come first */
	struct plat_dir *here; /* the one being walked */
	const char *path;      /* its tree path */
	size_t asked;          /* entries looked at so far */
	int64_t *told;         /* pids *fn* has been given */
	size_t ntold, told_cap;
	int rc;       /* *fn*'s latest */
	bool unknown; /* the system does not know the question */
};

static bool
is_told(struct search *s, int64_t pid)
{
	for (size_t i = 0; i < s->ntold; i++)
		if (s->told[i] == pid)
			return true;
	s->told =
	    mem_grow(s->told, &s->told_cap, s->ntold + 1, sizeof(*s->told));
	s->told[s->ntold++] = pid;
	return false;
}

/* Tell the caller of the process that holds *path*. */
static int
tell(struct search *s, int64_t pid, const wchar_t *path)
{
	struct str name = STR_INIT, shown = STR_INIT;
	struct plat_holder holder = {.pid = pid};
	HANDLE h = win32_open_process(pid, 0);
	if (h != NULL) {
		holder.started = win32_started(h);
		win32_program_name(&name, h);
		CloseHandle(h);
	}
	win32_path_show(&shown, path);
	holder.name = name.p;
	holder.path = shown.p;
	int rc = s->fn(s->arg, &holder);
	str_free(&name);
	str_free(&shown);
	return rc;
}

static bool
is_unknown_question(NTSTATUS status)
{
	return status == (NTSTATUS)0xC0000002 || /* not implemented */
	    status == (NTSTATUS)0xC0000003 ||    /* no such class */
	    status == (NTSTATUS)0xC0000010 ||    /* no such request */
	    status == (NTSTATUS)0xC00000BB;      /* not supported */
}

/* Ask who has the file *path* open. */
static void
ask_about(struct search *s, const wchar_t *path)
{
	HANDLE h = win32_open_link(path,
	    (struct win32_how){
		FILE_READ_ATTRIBUTES, WIN32_SHARE_ALL, OPEN_EXISTING});
	if (h == INVALID_HANDLE_VALUE) {
		*s->blind += !win32_is_missing(GetLastError());
		return;
	}
	IO_STATUS_BLOCK io;
	s->users->count = 0;
	NTSTATUS status = s->query(h, &io, s->users, sizeof(*s->users),
	    (FILE_INFORMATION_CLASS)PROCESS_IDS_USING_FILE);
	CloseHandle(h);
	s->unknown = is_unknown_question(status);
	if (status < 0 || s->users->count > PIDS_MAX) {
		++*s->blind;
		return;
	}
	int64_t self = GetCurrentProcessId();
	for (ULONG i = 0; s->rc == 0 && i < s->users->count; i++) {
		int64_t pid = (int64_t)s->users->pids[i];
		if (pid != self && !is_told(s, pid))
			s->rc = tell(s, pid, path);
	}
}

static bool
is_over(const struct search *s)
{
	return s->rc != 0 || s->unknown || s->asked == HOLDERS_FILES;
}

static int
on_entry(void *arg, const char *name, size_t len, const struct plat_stat *st,
    const struct err *why)
{
	struct search *s = arg;
	UNUSED(why);
	if (st == NULL || s->asked == HOLDERS_FILES) {
		++*s->blind;
		return st == NULL ? 0 : -1;
	}
	s->asked++;
	if (st->type == PLAT_DIR) {
		struct str path = STR_INIT;
		str_add(&path, s->path);
		path_join(&path, name, len);
		strlist_add(&s->dirs, path.p);
		str_free(&path);
	} else if (st->type == PLAT_FILE) {
		wchar_t *path = win32_child(s->here, name, NULL);
		if (path != NULL)
			ask_about(s, path);
		free(path);
	}
	return s->rc != 0 || s->unknown ? -1 : 0;
}

/* Look at one directory; what lies deeper is put on the list. */
static void
walk(struct search *s, size_t i)
{
	s->path = s->dirs.v[i];
	s->here = NULL;
	int rc = plat_dir_sub(&s->here, s->root, s->path, NULL);
	if (rc == 0)
		rc = plat_list(s->here, on_entry, s, NULL);
	if (rc < 0 && !is_over(s))
		++*s->blind;
	plat_dir_close(s->here);
}

int
plat_proc_holders(struct plat_dir *d, plat_holder_fn *fn, void *arg,
    size_t *blind, struct err *e)
{
	UNUSED(e);
	struct search s = {.root = d, .fn = fn, .arg = arg, .blind = blind};
	*blind = 0;
	s.query = (query_file_fn *)win32_ntdll("NtQueryInformationFile");
	if (s.query == NULL)
		return 1;
	s.users = mem_alloc(sizeof(*s.users));
	strlist_add(&s.dirs, "");
	for (size_t i = 0; i < s.dirs.n && !is_over(&s); i++)
		walk(&s, i);
	strlist_free(&s.dirs);
	free(s.told);
	free(s.users);
	if (s.unknown)
		return 1;
	return s.rc < 0 ? -1 : 0;
}
