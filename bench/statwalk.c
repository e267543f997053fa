/*
 * statwalk - the least a mirror can do: look at every entry below the given
 * directories, with as many threads as there are processors. What a quiet plan
 * costs is measured against it.
 *
 *   statwalk [-t THREADS] DIR...
 */
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Directories still to be read: a stack of open handles. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t more;
	int *fds;
	size_t n, cap, busy;
} todo = {.lock = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER};

static _Thread_local unsigned long seen;
static unsigned long total;

static void
push(int fd)
{
	pthread_mutex_lock(&todo.lock);
	if (todo.n == todo.cap) {
		todo.cap = todo.cap != 0 ? todo.cap * 2 : 256;
		todo.fds = realloc(todo.fds, todo.cap * sizeof(*todo.fds));
		if (todo.fds == NULL)
			abort();
	}
	todo.fds[todo.n++] = fd;
	pthread_cond_signal(&todo.more);
	pthread_mutex_unlock(&todo.lock);
}

/* -1: all is done. */
static int
pop(void)
{
	int fd = -1;
	pthread_mutex_lock(&todo.lock);
	while (todo.n == 0 && todo.busy > 0)
		pthread_cond_wait(&todo.more, &todo.lock);
	if (todo.n > 0) {
		fd = todo.fds[--todo.n];
		todo.busy++;
	}
	pthread_mutex_unlock(&todo.lock);
	return fd;
}

static void
finished(void)
{
	pthread_mutex_lock(&todo.lock);
	if (--todo.busy == 0 && todo.n == 0)
		pthread_cond_broadcast(&todo.more);
	pthread_mutex_unlock(&todo.lock);
}

static void
look_into(int fd)
{
	DIR *dir = fdopendir(fd);
	if (dir == NULL)
		return;
	for (struct dirent *e; (e = readdir(dir)) != NULL;) {
		struct stat st;
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		seen++;
		if (S_ISDIR(st.st_mode)) {
			int sub = openat(fd, e->d_name,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
			if (sub >= 0)
				push(sub);
		}
	}
	closedir(dir);
}

static void *
work(void *unused)
{
	(void)unused;
	for (int fd; (fd = pop()) >= 0; finished())
		look_into(fd);
	pthread_mutex_lock(&todo.lock);
	total += seen;
	pthread_mutex_unlock(&todo.lock);
	return NULL;
}

int
main(int argc, char **argv)
{
	long threads = sysconf(_SC_NPROCESSORS_ONLN);
	int at = 1;
	if (argc > 2 && strcmp(argv[1], "-t") == 0) {
		threads = strtol(argv[2], NULL, 10);
		at = 3;
	}
	for (; at < argc; at++) {
		int fd = open(argv[at], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0) {
			perror(argv[at]);
			return 1;
		}
		push(fd);
	}
	pthread_t ids[64];
	if (threads < 1 || threads > 64)
		threads = 1;
	for (long i = 0; i < threads; i++)
		if (pthread_create(&ids[i], NULL, work, NULL) != 0)
			return 1;
	for (long i = 0; i < threads; i++)
		pthread_join(ids[i], NULL);
	printf("%lu\n", total);
	return 0;
}
