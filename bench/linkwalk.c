/*
 * linkwalk - the least a snapshot of an unchanged tree can cost where it is
 * made of links: give every file below one directory a second name below
 * another, new one, with as many threads as there are processors. It compares
 * nothing, notes nothing and makes nothing durable.
 *
 *   linkwalk FROM TO
 */
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Pairs of open directories still to be gone through. */
struct pair {
	int from, to;
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct pair *v;
	size_t n, cap, busy;
} todo = {.lock = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER};

static void
push(struct pair p)
{
	pthread_mutex_lock(&todo.lock);
	if (todo.n == todo.cap) {
		todo.cap = todo.cap != 0 ? todo.cap * 2 : 256;
		todo.v = realloc(todo.v, todo.cap * sizeof(*todo.v));
		if (todo.v == NULL)
			abort();
	}
	todo.v[todo.n++] = p;
	pthread_cond_signal(&todo.more);
	pthread_mutex_unlock(&todo.lock);
}

/* 0: all is done. */
static int
pop(struct pair *p)
{
	int any = 0;
	pthread_mutex_lock(&todo.lock);
	while (todo.n == 0 && todo.busy > 0)
		pthread_cond_wait(&todo.more, &todo.lock);
	if (todo.n > 0) {
		*p = todo.v[--todo.n];
		todo.busy++;
		any = 1;
	}
	pthread_mutex_unlock(&todo.lock);
	return any;
}

static void
finished(void)
{
	pthread_mutex_lock(&todo.lock);
	if (--todo.busy == 0 && todo.n == 0)
		pthread_cond_broadcast(&todo.more);
	pthread_mutex_unlock(&todo.lock);
}

static int
open_dir(int at, const char *name)
{
	return openat(
	    at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static void
go_down(struct pair p, const char *name)
{
	if (mkdirat(p.to, name, 0700) != 0)
		return;
	struct pair sub = {open_dir(p.from, name), open_dir(p.to, name)};
	if (sub.from >= 0 && sub.to >= 0)
		push(sub);
}

static void
link_all(struct pair p)
{
	DIR *dir = fdopendir(p.from);
	if (dir == NULL)
		return;
	for (struct dirent *e; (e = readdir(dir)) != NULL;) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (e->d_type == DT_DIR)
			go_down(p, e->d_name);
		else if (linkat(p.from, e->d_name, p.to, e->d_name, 0) != 0) {
			perror(e->d_name);
			exit(1);
		}
	}
	closedir(dir);
	close(p.to);
}

static void *
work(void *unused)
{
	struct pair p;
	(void)unused;
	for (; pop(&p); finished())
		link_all(p);
	return NULL;
}

int
main(int argc, char **argv)
{
	long threads = sysconf(_SC_NPROCESSORS_ONLN);
	pthread_t ids[64];
	if (argc != 3 || mkdir(argv[2], 0700) != 0)
		return 1;
	struct pair top = {
	    open_dir(AT_FDCWD, argv[1]), open_dir(AT_FDCWD, argv[2])};
	if (top.from < 0 || top.to < 0)
		return 1;
	push(top);
	if (threads < 1 || threads > 64)
		threads = 1;
	for (long i = 0; i < threads; i++)
		if (pthread_create(&ids[i], NULL, work, NULL) != 0)
			return 1;
	for (long i = 0; i < threads; i++)
		pthread_join(ids[i], NULL);
	return 0;
}
