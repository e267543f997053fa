#include "platform/posix/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "platform/posix/plat_posix.h"
#include "platform/posix/sig.h"

extern char **environ;

static size_t
count(const char *const *list)
{
	size_t n = 0;
	while (list != NULL && list[n] != NULL)
		n++;
	return n;
}

/* Do two "NAME=value" texts set the same variable? */
static bool
same_variable(const char *a, const char *b)
{
	size_t n = strcspn(a, "=");
	return strncmp(a, b, n) == 0 && (b[n] == '=' || b[n] == '\0');
}

static bool
is_overridden(const char *variable, const char *const *by)
{
	for (; by != NULL && *by != NULL; by++)
		if (same_variable(*by, variable))
			return true;
	return false;
}

/* Ours, less what is given anew, and that. The array is new, the texts are
   not. */
static char **
make_env(const char *const *more)
{
	const char *const *ours = (const char *const *)environ;
	size_t most = count(ours) + count(more);
	char **env = mem_zero(most + 1, sizeof(*env));
	size_t n = 0;
	for (size_t i = 0; i < count(ours); i++)
		if (!is_overridden(ours[i], more))
			env[n++] = environ[i];
	for (size_t i = 0; i < count(more); i++)
		env[n++] = (char *)more[i];
	return env;
}

/* Every place execvp would try, in its order. */
static char **
make_paths(const char *program)
{
	char **paths = NULL;
	size_t n = 0, cap = 0;
	const char *list = getenv("PATH");
	if (list == NULL)
		list = "/usr/local/bin:/usr/bin:/bin";
	if (strchr(program, '/') != NULL || program[0] == '\0') {
		paths = mem_zero(2, sizeof(*paths));
		paths[0] = mem_string(program);
		return paths;
	}
	for (const char *p = list;;) {
		size_t len = strcspn(p, ":");
		struct str path = STR_INIT;
		str_addn(&path, p, len);
		if (len > 0)
			str_addc(&path, '/');
		str_add(&path, program);
		paths = mem_grow(paths, &cap, n + 2, sizeof(*paths));
		paths[n++] = str_take(&path);
		if (p[len] == '\0')
			break;
		p += len + 1;
	}
	paths[n] = NULL;
	return paths;
}

void
launch_init(struct launch *l, const struct plat_spawn *how, int output)
{
	size_t argc = count(how->argv);
	*l = (struct launch){
	    .paths = make_paths(how->argv[0]),
	    .env = make_env(how->env),
	    .shell = mem_zero(argc + 2, sizeof(*l->shell)),
	    .argv = how->argv,
	    .dir = how->dir,
	    .output = output,
	    .to_error = how->output == PLAT_OUT_ERROR,
	};
	l->shell[0] = "/bin/sh";
	for (size_t i = 1; i < argc; i++)
		l->shell[i + 1] = how->argv[i];
}

void
launch_free(struct launch *l)
{
	for (char **p = l->paths; *p != NULL; p++)
		free(*p);
	free(l->paths);
	free(l->env);
	free(l->shell);
}

/* Exec takes its arguments without const and leaves them alone. */
static void
become(const char *path, const char *const *argv, char **env)
{
	execve(path, (char *const *)argv, env);
}

/* As execvp goes on: over what is not there, remembering what may not be run;
   anything else is the answer. A directory in PATH that is closed to us hides
   nothing we could have meant. */
static int
try_paths(const struct launch *l)
{
	int os = ENOENT;
	bool only = l->paths[0] != NULL && l->paths[1] == NULL;
	for (char **p = l->paths; *p != NULL; p++) {
		become(*p, l->argv, l->env);
		if (errno == ENOEXEC) {
			l->shell[1] = *p;
			become(l->shell[0], l->shell, l->env);
		}
		if (errno == EACCES) {
			if (only || access(*p, F_OK) == 0)
				os = EACCES;
		} else if (errno != ENOENT && errno != ENOTDIR) {
			return errno;
		}
	}
	return os;
}

static int
redirect(int output)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0)
		return -1;
	return 0;
}

struct launch_failure
launch_exec(const struct launch *l)
{
	sigset_t requests;
	sig_reset();
	/* The thread that forked may have kept them off itself. */
	sig_set_requests(&requests);
	sigprocmask(SIG_UNBLOCK, &requests, NULL);
	/* What we capture is not the terminal's foreground any more. */
	if (l->output >= 0) {
		setpgid(0, 0);
		if (redirect(l->output) < 0)
			return (struct launch_failure){LAUNCH_STREAMS, errno};
	}
	if (l->to_error && dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		return (struct launch_failure){LAUNCH_STREAMS, errno};
	if (l->dir != NULL && chdir(l->dir) < 0)
		return (struct launch_failure){LAUNCH_DIR, errno};
	return (struct launch_failure){LAUNCH_EXEC, try_paths(l)};
}
