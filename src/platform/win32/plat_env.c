#include "platform/plat_env.h"

#include "platform/win32/plat_win32.h"

#include <bcrypt.h>
#include <shellapi.h>

#include <stdlib.h>
#include <wchar.h>

#include "base/mem.h"
#include "platform/plat_err.h"
#include "platform/win32/wide.h"

/* A program started without one of the standard streams has "NUL" there. */
static void
fill_streams(void)
{
	static const DWORD streams[] = {
	    STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
	for (size_t i = 0; i < COUNT_OF(streams); i++) {
		HANDLE h = GetStdHandle(streams[i]);
		if (h != NULL && h != INVALID_HANDLE_VALUE)
			continue;
		h = CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE,
		    WIN32_SHARE_PIN, NULL, OPEN_EXISTING, 0, NULL);
		if (h != INVALID_HANDLE_VALUE)
			SetStdHandle(streams[i], h);
	}
}

static char *
narrow(const wchar_t *w)
{
	struct str s = STR_INIT;
	wide_to(&s, w, wcslen(w));
	return str_take(&s);
}

void
plat_env_init(int *argc, char ***argv)
{
	/* No libraries out of the directory the user happens to be in, and no
	   dialog for an empty drive. */
	SetDllDirectoryW(L"");
	SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX);
	fill_streams();
	int n = 0;
	wchar_t **wide = CommandLineToArgvW(GetCommandLineW(), &n);
	if (wide == NULL)
		return;
	/* They live as long as the program. */
	char **args = mem_zero((size_t)n + 1, sizeof(*args));
	for (int i = 0; i < n; i++)
		args[i] = narrow(wide[i]);
	LocalFree(wide);
	*argc = n;
	*argv = args;
}

char *
plat_getenv(const char *name)
{
	wchar_t *w = wide_from(name, strlen(name));
	if (w == NULL)
		return NULL;
	char *value = NULL;
	SetLastError(ERROR_SUCCESS);
	DWORD room = GetEnvironmentVariableW(w, NULL, 0);
	if (room > 0) {
		wchar_t *wide = mem_zero(room, sizeof(wchar_t));
		/* It may have grown since; then it is gone for us. */
		if (GetEnvironmentVariableW(w, wide, room) < room)
			value = narrow(wide);
		free(wide);
	} else if (GetLastError() == ERROR_SUCCESS) {
		value = mem_string("");
	}
	free(w);
	return value;
}

/* Append the directory an environment variable names, and *below* it. */
static bool
add_known(struct str *out, const char *variable, const char *below)
{
	char *value = plat_getenv(variable);
	bool good = value != NULL && plat_is_absolute(value) &&
	    plat_absolute(out, value, NULL) == 0;
	free(value);
	if (good)
		str_add(out, below);
	return good;
}

int
plat_home(struct str *out, struct err *e)
{
	if (add_known(out, "USERPROFILE", ""))
		return 0;
	return err_set(
	    e, ERR_NOTFOUND, "no home directory: USERPROFILE is not set");
}

/* The variable, or where it usually points. */
static int
add_home(
    struct str *out, const char *variable, const char *usual, struct err *e)
{
	if (add_known(out, variable, "/coldsync"))
		return 0;
	if (plat_home(out, e) < 0)
		return -1;
	str_addf(out, "/%s/coldsync", usual);
	return 0;
}

int
plat_config_home(struct str *out, struct err *e)
{
	return add_home(out, "APPDATA", "AppData/Roaming", e);
}

int
plat_state_home(struct str *out, struct err *e)
{
	return add_home(out, "LOCALAPPDATA", "AppData/Local", e);
}

void
plat_host_name(struct str *out)
{
	wchar_t name[256];
	DWORD n = COUNT_OF(name);
	if (GetComputerNameExW(ComputerNamePhysicalDnsHostname, name, &n) &&
	    n > 0)
		wide_to(out, name, n);
	else
		str_add(out, "host");
}

const char *
plat_os(void)
{
	return "windows";
}

/* Made when the system was installed. */
void
plat_machine_id(struct str *out)
{
	WCHAR text[64];
	DWORD size = sizeof(text);
	if (RegGetValueW(HKEY_LOCAL_MACHINE,
		L"SOFTWARE\\Microsoft\\Cryptography", L"MachineGuid",
		RRF_RT_REG_SZ | RRF_SUBKEY_WOW6464KEY, NULL, text,
		&size) != ERROR_SUCCESS)
		return;
	for (size_t i = 0; i < COUNT_OF(text) && text[i] != 0; i++)
		str_addc(out, (char)text[i]); /* digits and dashes only */
}

bool
plat_expands_percent(void)
{
	return true;
}

int
plat_random(void *buf, size_t n, struct err *e)
{
	unsigned char *p = buf;
	while (n > 0) {
		ULONG piece = n < 1u << 30 ? (ULONG)n : 1u << 30;
		NTSTATUS status = BCryptGenRandom(
		    NULL, p, piece, BCRYPT_USE_SYSTEM_PREFERRED_RNG);
		if (status < 0)
			return err_set_os(e, ERR_IO, status,
			    "the system gives no random bytes");
		p += piece;
		n -= piece;
	}
	return 0;
}
