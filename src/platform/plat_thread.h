/*
 * plat_thread.h - threads and the little they share, processors, memory.
 */
#ifndef PLATFORM_PLAT_THREAD_H
#define PLATFORM_PLAT_THREAD_H

/* plat_cpu_count: processors we may use; at least 1. */
unsigned plat_cpu_count(void);

/* plat_thread_room: how many of *wanted* threads may work at once with the
   files this process may have open, each holding a few of them; at least 1. */
unsigned plat_thread_room(unsigned wanted);

/* plat_memory_trim: memory that is free goes back to the system, which
   allocators otherwise put off: for who stays up after much work. */
void plat_memory_trim(void);

struct plat_thread; /* a running thread */

/* plat_thread_start: run *fn(arg)* beside us. NULL when the system refuses;
   the caller then does the work itself. */
struct plat_thread *plat_thread_start(void (*fn)(void *arg), void *arg);

/* plat_thread_join: wait for its end and release it. NULL is fine. */
void plat_thread_join(struct plat_thread *t);

struct plat_mutex; /* with the one condition we ever need built in */

struct plat_mutex *plat_mutex_new(void);
void plat_mutex_destroy(struct plat_mutex *m);
void plat_mutex_lock(struct plat_mutex *m);
void plat_mutex_unlock(struct plat_mutex *m);

/* plat_mutex_wait: (locked) sleep until woken, then locked again; may wake for
   no reason. plat_mutex_wake: (locked) wake every waiter. */
void plat_mutex_wait(struct plat_mutex *m);
void plat_mutex_wake(struct plat_mutex *m);

#endif
