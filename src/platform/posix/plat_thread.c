#include "platform/plat_thread.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/mem.h"
#include "platform/posix/sig.h"

/* What a run has open besides, and what one thread does at its worst. */
enum { FILES_OF_RUN = 24, FILES_OF_THREAD = 4 };

unsigned
plat_thread_room(unsigned wanted)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0 ||
	    files.rlim_cur == RLIM_INFINITY)
		return wanted;
	rlim_t room = files.rlim_cur > FILES_OF_RUN
	    ? 1 + (files.rlim_cur - FILES_OF_RUN) / FILES_OF_THREAD
	    : 1;
	return room < wanted ? (unsigned)room : wanted;
}

struct plat_thread {
	pthread_t id;
	void (*fn)(void *arg);
	void *arg;
};

static void *
run(void *arg)
{
	struct plat_thread *t = arg;
	t->fn(t->arg);
	return NULL;
}

struct plat_thread *
plat_thread_start(void (*fn)(void *arg), void *arg)
{
	struct plat_thread *t = mem_alloc(sizeof(*t));
	t->fn = fn;
	t->arg = arg;
	/* A request to stop goes to a thread that waits for one. */
	sigset_t requests, old;
	sig_set_requests(&requests);
	pthread_sigmask(SIG_BLOCK, &requests, &old);
	int rc = pthread_create(&t->id, NULL, run, t);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (rc != 0) {
		free(t);
		return NULL;
	}
	return t;
}

void
plat_thread_join(struct plat_thread *t)
{
	if (t == NULL)
		return;
	pthread_join(t->id, NULL);
	free(t);
}

struct plat_mutex {
	pthread_mutex_t lock;
	pthread_cond_t woken;
};

struct plat_mutex *
plat_mutex_new(void)
{
	struct plat_mutex *m = mem_alloc(sizeof(*m));
	/* Neither fails with default attributes but for want of memory. */
	if (pthread_mutex_init(&m->lock, NULL) != 0 ||
	    pthread_cond_init(&m->woken, NULL) != 0)
		mem_exhausted();
	return m;
}

void
plat_mutex_destroy(struct plat_mutex *m)
{
	if (m == NULL)
		return;
	pthread_cond_destroy(&m->woken);
	pthread_mutex_destroy(&m->lock);
	free(m);
}

void
plat_mutex_lock(struct plat_mutex *m)
{
	pthread_mutex_lock(&m->lock);
}

void
plat_mutex_unlock(struct plat_mutex *m)
{
	pthread_mutex_unlock(&m->lock);
}

void
plat_mutex_wait(struct plat_mutex *m)
{
	pthread_cond_wait(&m->woken, &m->lock);
}

void
plat_mutex_wake(struct plat_mutex *m)
{
	pthread_cond_broadcast(&m->woken);
}
