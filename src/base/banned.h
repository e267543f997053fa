/*
 * banned.h - library functions nobody here may call.
 *
 * The build includes this file before everything else, so that no source file
 * can forget it. The headers below come first because a name must be declared
 * before it may be taken away. mem.c alone takes the allocators back: every
 * other file allocates through it, and so never has to ask for NULL.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Some systems' headers make macros of these themselves. */
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf

/* Unbounded or silently cutting: use struct str. */
#define strcpy(d, s) BANNED_strcpy
#define strcat(d, s) BANNED_strcat
#define strncpy(d, s, n) BANNED_strncpy
#define strncat(d, s, n) BANNED_strncat
#define sprintf(...) BANNED_sprintf
#define vsprintf(...) BANNED_vsprintf
#define gets(s) BANNED_gets

/* Hidden state shared between threads: use (ptr, len) and plat_time. */
#define strtok(s, d) BANNED_strtok
#define asctime(t) BANNED_asctime
#define ctime(t) BANNED_ctime
#define gmtime(t) BANNED_gmtime
#define localtime(t) BANNED_localtime

/* Cannot report an error: use num. */
#define atoi(s) BANNED_atoi
#define atol(s) BANNED_atol
#define atof(s) BANNED_atof

/* May return NULL: use mem. */
#define malloc(n) BANNED_malloc
#define calloc(n, s) BANNED_calloc
#define realloc(p, n) BANNED_realloc
#define strdup(s) BANNED_strdup
#define strndup(s, n) BANNED_strndup

#endif
