#include "platform/plat_thread.h"

#include <windows.h>

#include <stdlib.h>

#include "base/compiler.h"
#include "base/mem.h"

unsigned
plat_cpu_count(void)
{
	DWORD_PTR ours = 0, all = 0;
	unsigned n = 0;
	if (GetProcessAffinityMask(GetCurrentProcess(), &ours, &all))
		for (; ours != 0; ours &= ours - 1)
			n++;
	/* More than 64 processors come in groups, and no mask shows them. */
	if (n == 0)
		n = GetActiveProcessorCount(ALL_PROCESSOR_GROUPS);
	return n > 0 ? n : 1;
}

/* Handles are as many as there is memory for. */
unsigned
plat_thread_room(unsigned wanted)
{
	return wanted;
}

struct plat_thread {
	HANDLE h;
	void (*fn)(void *arg);
	void *arg;
};

static DWORD WINAPI
run(void *arg)
{
	struct plat_thread *t = arg;
	t->fn(t->arg);
	return 0;
}

struct plat_thread *
plat_thread_start(void (*fn)(void *arg), void *arg)
{
	struct plat_thread *t = mem_zero(1, sizeof(*t));
	t->fn = fn;
	t->arg = arg;
	t->h = CreateThread(NULL, 0, run, t, 0, NULL);
	if (t->h != NULL)
		return t;
	free(t);
	return NULL;
}

void
plat_thread_join(struct plat_thread *t)
{
	if (t == NULL)
		return;
	WaitForSingleObject(t->h, INFINITE);
	CloseHandle(t->h);
	free(t);
}

struct plat_mutex {
	SRWLOCK lock;
	CONDITION_VARIABLE woken;
};

struct plat_mutex *
plat_mutex_new(void)
{
	struct plat_mutex *m = mem_zero(1, sizeof(*m));
	InitializeSRWLock(&m->lock);
	InitializeConditionVariable(&m->woken);
	return m;
}

void
plat_mutex_destroy(struct plat_mutex *m)
{
	/* Neither part holds anything of the system's. */
	free(m);
}

void
plat_mutex_lock(struct plat_mutex *m)
{
	AcquireSRWLockExclusive(&m->lock);
}

void
plat_mutex_unlock(struct plat_mutex *m)
{
	ReleaseSRWLockExclusive(&m->lock);
}

void
plat_mutex_wait(struct plat_mutex *m)
{
	SleepConditionVariableSRW(&m->woken, &m->lock, INFINITE, 0);
}

void
plat_mutex_wake(struct plat_mutex *m)
{
	WakeAllConditionVariable(&m->woken);
}
