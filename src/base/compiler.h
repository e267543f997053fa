/*
 * compiler.h - the few attributes we use, spelled once for every compiler.
 */
#ifndef BASE_COMPILER_H
#define BASE_COMPILER_H

#if defined(__GNUC__) || defined(__clang__)
#	if defined(__MINGW32__) && !defined(__clang__)
#		define PRINTF_LIKE(fmt, args)                                 \
			__attribute__((format(gnu_printf, fmt, args)))
#	else
#		define PRINTF_LIKE(fmt, args)                                 \
			__attribute__((format(printf, fmt, args)))
#	endif
#	define NORETURN __attribute__((noreturn))
#	define FALLTHROUGH __attribute__((fallthrough))
#else
#	define PRINTF_LIKE(fmt, args)
#	define NORETURN __declspec(noreturn)
#	define FALLTHROUGH ((void)0)
#endif

/* The number of elements of an array (never of a pointer). */
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* A parameter that a signature asks for and this body has no use for. */
#define UNUSED(x) ((void)(x))

#endif
