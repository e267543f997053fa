#include "platform/plat_thread.h"

#include "platform/win32/plat_win32.h"

void
plat_memory_trim(void)
{
	(void)HeapCompact(GetProcessHeap(), 0);
	/* And what is not used may leave our share of real memory. */
	(void)SetProcessWorkingSetSize(
	    GetCurrentProcess(), (SIZE_T)-1, (SIZE_T)-1);
}
