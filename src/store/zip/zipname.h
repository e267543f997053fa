/*
 * zipname.h - the names files have in our archives.
 */
#ifndef STORE_ZIP_ZIPNAME_H
#define STORE_ZIP_ZIPNAME_H

#include "base/str.h"

/*
 * zipname_add: append the name a file called *name* has in an archive. UTF-8
 * stays as it is. Each byte that is not becomes U+FFFD and two upper-case
 * hexadecimal digits; a U+FFFD that such digits happen to follow is written
 * that way too, so that no two names become one.
 */
void zipname_add(struct str *out, const char *name);

#endif
