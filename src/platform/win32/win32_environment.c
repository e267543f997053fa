/*
 * win32_environment.c - the variables a child gets.
 */
#include "platform/win32/win32_spawn.h"

#include <stdlib.h>
#include <wchar.h>

#include "base/mem.h"
#include "platform/win32/wide.h"

struct variables {
	wchar_t **v; /* "NAME=value" */
	size_t n, cap;
};

/* The length of the name. The system's own notes ("=C:=C:\dir") begin with
   the sign that otherwise ends it. */
static int
name_length(const wchar_t *variable)
{
	return variable[0] == L'\0' ? 0 : 1 + (int)wcscspn(variable + 1, L"=");
}

static int
compare_names(const wchar_t *a, const wchar_t *b)
{
	return CompareStringOrdinal(
		   a, name_length(a), b, name_length(b), TRUE) -
	    CSTR_EQUAL;
}

/* Add *variable*, which is taken over, in place of one of its name. */
static void
set(struct variables *vars, wchar_t *variable)
{
	for (size_t i = 0; i < vars->n; i++)
		if (compare_names(vars->v[i], variable) == 0) {
			free(vars->v[i]);
			vars->v[i] = variable;
			return;
		}
	vars->v = mem_grow(vars->v, &vars->cap, vars->n + 1, sizeof(*vars->v));
	vars->v[vars->n++] = variable;
}

static void
set_ours(struct variables *vars)
{
	wchar_t *ours = GetEnvironmentStringsW();
	for (const wchar_t *p = ours; p != NULL && *p != L'\0';
	     p += wcslen(p) + 1)
		set(vars, wide_join(p, L"", L""));
	if (ours != NULL)
		FreeEnvironmentStringsW(ours);
}

static int
by_name(const void *a, const void *b)
{
	return compare_names(*(wchar_t *const *)a, *(wchar_t *const *)b);
}

/* One behind the other, each with its NUL, and one more at the end. */
static wchar_t *
join(const struct variables *vars)
{
	size_t len = 2, at = 0;
	for (size_t i = 0; i < vars->n; i++)
		len += wcslen(vars->v[i]) + 1;
	wchar_t *block = mem_zero(len, sizeof(wchar_t));
	for (size_t i = 0; i < vars->n; i++) {
		size_t n = wcslen(vars->v[i]) + 1;
		memcpy(block + at, vars->v[i], n * sizeof(wchar_t));
		at += n;
	}
	return block;
}

wchar_t *
win32_environment(const char *const *env)
{
	struct variables vars = {.v = NULL};
	wchar_t *block = NULL;
	set_ours(&vars);
	for (; env != NULL && *env != NULL; env++) {
		wchar_t *variable = wide_from(*env, strlen(*env));
		if (variable == NULL)
			goto out;
		set(&vars, variable);
	}
	if (vars.n > 0)
		qsort(vars.v, vars.n, sizeof(*vars.v), by_name);
	block = join(&vars);
out:
	for (size_t i = 0; i < vars.n; i++)
		free(vars.v[i]);
	free(vars.v);
	return block;
}
