#include "platform/plat_time.h"

#include "platform/win32/plat_win32.h"

static int64_t
number_of(FILETIME t)
{
	ULARGE_INTEGER n = {
	    .LowPart = t.dwLowDateTime, .HighPart = t.dwHighDateTime};
	return (int64_t)n.QuadPart;
}

struct stamp
plat_now(void)
{
	FILETIME now;
	GetSystemTimePreciseAsFileTime(&now);
	return win32_stamp(number_of(now));
}

uint64_t
plat_ticks(void)
{
	LARGE_INTEGER per_second, now;
	QueryPerformanceFrequency(&per_second);
	QueryPerformanceCounter(&now);
	uint64_t n = (uint64_t)now.QuadPart;
	uint64_t f = (uint64_t)per_second.QuadPart;
	return n / f * 1000 + n % f * 1000 / f;
}

void
plat_sleep(unsigned ms)
{
	HANDLE asked = win32_asked();
	if (asked == NULL)
		Sleep(ms);
	else
		WaitForSingleObject(asked, ms);
}

int
plat_zone_offset(struct stamp t)
{
	int64_t utc, local;
	/* Calendar dates are known to the system up to the year 30827. */
	if (!win32_filetime(&utc, t))
		return 0;
	FILETIME ft = {
	    .dwLowDateTime = (DWORD)utc, .dwHighDateTime = (DWORD)(utc >> 32)};
	SYSTEMTIME here, there;
	if (!FileTimeToSystemTime(&ft, &there) ||
	    !SystemTimeToTzSpecificLocalTime(NULL, &there, &here) ||
	    !SystemTimeToFileTime(&there, &ft))
		return 0;
	/* Both through the calendar, which drops what is below 1 ms. */
	utc = number_of(ft);
	if (!SystemTimeToFileTime(&here, &ft))
		return 0;
	local = number_of(ft);
	return (int)((local - utc) / 10000000);
}
