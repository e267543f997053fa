/*
 * plat_case.c - whether a directory tells upper from lower case, asked of what
 * is in it: nothing is created to find out.
 */
#include "platform/posix/plat_posix.h"

#include <dirent.h>
#include <string.h>

/* Not more entries than this are looked at; a folder of photographs has its
   first letter soon enough. */
enum { LOOK_AT = 64 };

/* Turn the first ASCII letter of *name* into the other case. */
static bool
flip_first_letter(char *name)
{
	for (char *p = name; *p != '\0'; p++) {
		if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z')) {
			*p = (char)(*p ^ 0x20);
			return true;
		}
	}
	return false;
}

/* Is *name*, spelt so, in the listing? */
static bool
is_listed(int fd, const char *name)
{
	int own = unix_openat(fd, ".", POSIX_O_DIR, 0);
	DIR *stream = own < 0 ? NULL : fdopendir(own);
	if (stream == NULL) {
		unix_close_quietly(own);
		return false;
	}
	const struct dirent *entry = readdir(stream);
	while (entry != NULL && strcmp(entry->d_name, name) != 0)
		entry = readdir(stream);
	closedir(stream);
	return entry != NULL;
}

/*
 * 1: the entry answers to its flipped name; 0: it does not; -1: no telling.
 * Inode numbers would not do: FUSE invents one for each spelling.
 */
static int
folds(int fd, struct str *name)
{
	struct stat flipped;
	if (!flip_first_letter(name->p))
		return -1;
	if (fstatat(fd, name->p, &flipped, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -1;
	return !is_listed(fd, name->p);
}

bool
unix_folds_case(int fd, bool otherwise)
{
	int own = unix_openat(fd, ".", POSIX_O_DIR, 0);
	DIR *stream = own < 0 ? NULL : fdopendir(own);
	if (stream == NULL) {
		unix_close_quietly(own);
		return otherwise;
	}
	struct str name = STR_INIT;
	int answer = -1;
	for (int i = 0; answer < 0 && i < LOOK_AT; i++) {
		const struct dirent *entry = readdir(stream);
		if (entry == NULL)
			break;
		str_set(&name, entry->d_name);
		answer = folds(fd, &name);
	}
	str_free(&name);
	closedir(stream);
	return answer < 0 ? otherwise : answer == 1;
}
