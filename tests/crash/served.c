/*
 * served - a program that is started once and run thousands of times.
 *
 * Preloaded into a program, it stops it just before main: whatever the loader
 * does has been done. For each request on a socket it forks, and the child goes
 * on into main with the arguments, environment and directory asked for. What
 * runs is the program itself, unchanged, from its first line.
 *
 * The child may meet faults: a system call it makes for the n-th time is
 * answered with an error, stops it, kills it, or is only written down. The
 * kernel hands such a call to a signal handler here (seccomp's trap), which
 * does it in the program's place; nothing else is slowed down.
 *
 * A request is a sequence of strings, each with its end: the directory, the
 * number of faults, the faults, the number of arguments, the arguments, then
 * the environment. A fault is `CALL ACTION VALUE FIRST LAST`, LAST 0 meaning
 * for ever. Each time the child ends or stops, its pid and its wait status go
 * back; any answer makes a stopped one go on. tests/crash/served.py is the
 * other end.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

typedef int program_main(int, char **, char **);
typedef int start_main(program_main *, int, char **, void (*)(void),
    void (*)(void), void (*)(void), void *);

extern char **environ;

/* ---- what differs between processors ---- */

/* A system call that seccomp lets through: the filter knows this place. */
long served_call(long number, const long *arguments);
extern const char served_called[];

#if defined(__x86_64__)
#	define ARCHITECTURE AUDIT_ARCH_X86_64
__asm__(".text\n"
	".hidden served_call\n.hidden served_called\n"
	".globl served_call\n.globl served_called\n"
	"served_call:\n"
	"	mov %rdi, %rax\n"
	"	mov %rsi, %r11\n"
	"	mov 0(%r11), %rdi\n"
	"	mov 8(%r11), %rsi\n"
	"	mov 16(%r11), %rdx\n"
	"	mov 24(%r11), %r10\n"
	"	mov 32(%r11), %r8\n"
	"	mov 40(%r11), %r9\n"
	"	syscall\n"
	"served_called:\n"
	"	ret\n");

static void
read_call(const ucontext_t *at, long arguments[6])
{
	const greg_t *r = at->uc_mcontext.gregs;

	arguments[0] = r[REG_RDI];
	arguments[1] = r[REG_RSI];
	arguments[2] = r[REG_RDX];
	arguments[3] = r[REG_R10];
	arguments[4] = r[REG_R8];
	arguments[5] = r[REG_R9];
}

static void
answer_call(ucontext_t *at, long result)
{
	at->uc_mcontext.gregs[REG_RAX] = result;
}
#elif defined(__aarch64__)
#	define ARCHITECTURE AUDIT_ARCH_AARCH64
__asm__(".text\n"
	".hidden served_call\n.hidden served_called\n"
	".globl served_call\n.globl served_called\n"
	"served_call:\n"
	"	mov x8, x0\n"
	"	mov x9, x1\n"
	"	ldp x0, x1, [x9]\n"
	"	ldp x2, x3, [x9, #16]\n"
	"	ldp x4, x5, [x9, #32]\n"
	"	svc #0\n"
	"served_called:\n"
	"	ret\n");

static void
read_call(const ucontext_t *at, long arguments[6])
{
	for (int i = 0; i < 6; i++)
		arguments[i] = (long)at->uc_mcontext.regs[i];
}

static void
answer_call(ucontext_t *at, long result)
{
	at->uc_mcontext.regs[0] = (unsigned long)result;
}
#endif

/* ---- the calls that can be met ---- */

struct call {
	const char *name;
	long number;
	unsigned strings; /* bit i: argument i is a path */
	int flags;        /* which argument holds O_CREAT; -1: none */
};

#define CALL(name, strings, flags)                                             \
	{                                                                      \
#		name, SYS_##name, strings, flags                              \
	}

static const struct call calls[] = {
#ifdef SYS_rename
    CALL(rename, 3, -1),
    CALL(link, 3, -1),
    CALL(unlink, 1, -1),
    CALL(mkdir, 1, -1),
    CALL(rmdir, 1, -1),
    CALL(symlink, 3, -1),
    CALL(chmod, 1, -1),
#endif
#ifdef SYS_renameat
    CALL(renameat, 10, -1),
#endif
    CALL(openat, 2, 2),
    CALL(openat2, 2, -1),
    CALL(write, 0, -1),
    CALL(pwrite64, 0, -1),
    CALL(writev, 0, -1),
    CALL(renameat2, 10, -1),
    CALL(linkat, 10, -1),
    CALL(unlinkat, 2, -1),
    CALL(mkdirat, 2, -1),
    CALL(symlinkat, 5, -1),
    CALL(fchmod, 0, -1),
    CALL(fchmodat, 2, -1),
    CALL(utimensat, 2, -1),
    CALL(truncate, 1, -1),
    CALL(ftruncate, 0, -1),
    CALL(fallocate, 0, -1),
    CALL(fsync, 0, -1),
    CALL(fdatasync, 0, -1),
    CALL(syncfs, 0, -1),
    CALL(copy_file_range, 0, -1),
    CALL(sendfile, 0, -1),
    CALL(ioctl, 0, -1),
    CALL(getdents64, 0, -1),
    CALL(newfstatat, 2, -1),
    CALL(statx, 2, -1),
    CALL(fstat, 0, -1),
    CALL(pread64, 0, -1),
    CALL(read, 0, -1),
    CALL(readlinkat, 2, -1),
    CALL(lseek, 0, -1),
    CALL(flock, 0, -1),
    CALL(fcntl, 0, -1),
    CALL(fstatfs, 0, -1),
};

static const struct call *
call_named(const char *name)
{
	for (size_t i = 0; i < COUNT(calls); i++) {
		if (strcmp(calls[i].name, name) == 0)
			return &calls[i];
	}
	return NULL;
}

/* ---- faults ---- */

struct fault {
	const struct call *call;
	char action;          /* e(rror), k(ill), s(top), l(ist) */
	int value;            /* of an error */
	unsigned first, last; /* which time; last 0: from the first on */
	unsigned met;         /* how often the call was made */
};

static struct fault faults[64];
static size_t n_faults;
static int log_fd = -1;

static long
do_call(long number, long a, long b, long c)
{
	const long arguments[6] = {a, b, c, 0, 0, 0};

	return served_call(number, arguments);
}

/* One line: the call and its paths in quotes, or else its descriptor. */
static void
write_down(const struct call *call, const long arguments[6])
{
	char line[4096];
	size_t n = (size_t)snprintf(line, sizeof(line), "%s(", call->name);

	if (call->strings == 0)
		n += (size_t)snprintf(
		    line + n, sizeof(line) - n, "%d", (int)arguments[0]);
	for (int i = 0; i < 4; i++) {
		const char *path = NULL;

		memcpy(&path, &arguments[i], sizeof(path));
		if ((call->strings >> i & 1) != 0 && path != NULL)
			n += (size_t)snprintf(
			    line + n, sizeof(line) - n, "\"%.1500s\" ", path);
	}
	if (call->flags >= 0 && (arguments[call->flags] & O_CREAT) != 0)
		n += (size_t)snprintf(line + n, sizeof(line) - n, "O_CREAT");
	if (call->number == SYS_ioctl && arguments[1] == (long)FICLONE)
		n += (size_t)snprintf(line + n, sizeof(line) - n, " FICLONE");
	for (size_t i = 0; i < n; i++) {
		if (line[i] == '\n')
			line[i] = '?';
	}
	line[n++] = '\n';
	do_call(SYS_write, log_fd, (long)(uintptr_t)line, (long)n);
}

/* Is it this time? */
static int
is_due(struct fault *fault)
{
	fault->met++;
	return fault->met >= fault->first &&
	    (fault->last == 0 || fault->met <= fault->last);
}

static void
send_self(int signal)
{
	do_call(SYS_kill, do_call(SYS_getpid, 0, 0, 0), signal, 0);
}

/* A call somebody wants to meet: kills and errors come before it, stops
   after. */
static void
on_call(int signal, siginfo_t *info, void *context)
{
	ucontext_t *at = context;
	long arguments[6];
	long result = 0;
	int stops = 0, error = errno;

	(void)signal;
	read_call(at, arguments);
	for (size_t i = 0; i < n_faults; i++) {
		struct fault *fault = &faults[i];

		if (fault->call->number != info->si_syscall || !is_due(fault))
			continue;
		if (fault->action == 'l')
			write_down(fault->call, arguments);
		else if (fault->action == 'k')
			send_self(SIGKILL);
		else if (fault->action == 's')
			stops = 1;
		else if (fault->action == 'e')
			result = -fault->value;
	}
	if (result == 0)
		result = served_call(info->si_syscall, arguments);
	if (stops)
		send_self(SIGSTOP);
	answer_call(at, result);
	errno = error;
}

/* fault_read: the fault of *text*; NULL is what it could not be read from. */
static const char *
fault_read(struct fault *fault, char *text)
{
	char *rest = text;
	const char *word[5];

	for (size_t i = 0; i < COUNT(word); i++) {
		word[i] = strtok_r(rest, " ", &rest);
		if (word[i] == NULL)
			return NULL;
	}
	fault->call = call_named(word[0]);
	fault->action = word[1][0];
	fault->value = (int)strtol(word[2], NULL, 10);
	fault->first = (unsigned)strtoul(word[3], NULL, 10);
	fault->last = (unsigned)strtoul(word[4], NULL, 10);
	return word[0];
}

/* The kernel hands over the calls that have faults, and no others. */
static int
arm(void)
{
	struct sock_filter code[COUNT(faults) * 2 + 10];
	struct sock_fprog filter = {0, code};
	uintptr_t here = (uintptr_t)served_called;
	struct sigaction action = {.sa_sigaction = on_call,
	    .sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART};
	unsigned short n = 0;

#define LOAD(member)                                                           \
	(struct sock_filter) BPF_STMT(                                         \
	    BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define EQUAL(value, yes, no)                                                  \
	(struct sock_filter)                                                   \
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)(value), yes, no)
#define ANSWER(what) (struct sock_filter) BPF_STMT(BPF_RET | BPF_K, what)
	if (n_faults == 0)
		return 0;
	/* Our own call, by its address in two halves, is let through. */
	code[n++] = LOAD(instruction_pointer);
	code[n++] = EQUAL(here, 0, 3);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
	    offsetof(struct seccomp_data, instruction_pointer) + 4);
	code[n++] = EQUAL(here >> 32, 0, 1);
	code[n++] = ANSWER(SECCOMP_RET_ALLOW);
	code[n++] = LOAD(nr);
	for (size_t i = 0; i < n_faults; i++) {
		code[n++] = EQUAL(faults[i].call->number, 0, 1);
		code[n++] = ANSWER(SECCOMP_RET_TRAP);
	}
	code[n++] = ANSWER(SECCOMP_RET_ALLOW);
	filter.len = n;
	return sigaction(SIGSYS, &action, NULL) == 0 &&
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0
	    ? 0
	    : -1;
}

/* ---- requests ---- */

enum { REQUEST_MAX = 1 << 17, STRINGS_MAX = 1024 };

struct request {
	char text[REQUEST_MAX];
	char *string[STRINGS_MAX + 2]; /* NULL after arguments and all */
	size_t n;
};

static int
request_receive(struct request *r, int socket)
{
	ssize_t got = recv(socket, r->text, sizeof(r->text) - 1, 0);

	if (got <= 0)
		return -1;
	r->text[got] = '\0';
	r->n = 0;
	for (char *at = r->text; at < r->text + got && r->n < STRINGS_MAX;
	     at += strlen(at) + 1)
		r->string[r->n++] = at;
	r->string[r->n] = NULL;
	return 0;
}

/* The child's part: become what was asked for, and begin. */
static int
begin(struct request *r, program_main *program)
{
	size_t at = 1, arguments;

	n_faults = strtoul(r->string[at++], NULL, 10);
	for (size_t i = 0; i < n_faults; i++) {
		if (fault_read(&faults[i], r->string[at++]) == NULL ||
		    faults[i].call == NULL)
			_exit(120);
	}
	arguments = strtoul(r->string[at++], NULL, 10);
	environ = r->string + at + arguments;
	memmove(r->string + at + arguments + 1, environ,
	    (r->n - at - arguments) * sizeof(*environ));
	environ++;
	r->string[at + arguments] = NULL;
	environ[r->n - at - arguments] = NULL;
	if (chdir(r->string[0]) != 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
	    arm() != 0)
		_exit(121);
	return program((int)arguments, r->string + at, environ);
}

/* Until the child has ended; each stop is told, and waits for an answer. */
static void
attend(pid_t child, int socket)
{
	int answer[2] = {child, 0};
	char go_on;

	for (;;) {
		if (waitpid(child, &answer[1], WUNTRACED) != child)
			_exit(122);
		if (send(socket, answer, sizeof(answer), 0) < 0)
			_exit(123);
		if (!WIFSTOPPED(answer[1]))
			return;
		if (recv(socket, &go_on, 1, 0) <= 0)
			_exit(124);
		kill(child, SIGCONT);
	}
}

static int socket_fd = -1;
static program_main *program_begin;

static int
serve(int argc, char **argv, char **envp)
{
	static struct request r;

	(void)argc;
	(void)argv;
	(void)envp;
	/* Whoever asks may die while a child still runs. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		_exit(126);
	while (request_receive(&r, socket_fd) == 0) {
		pid_t child = fork();

		if (child == 0)
			return begin(&r, program_begin);
		if (child < 0)
			_exit(125);
		attend(child, socket_fd);
	}
	_exit(0);
}

/* The descriptor named in the environment, out of the program's way. */
static int
taken_over(const char *name)
{
	const char *text = getenv(name);
	int from = text != NULL ? (int)strtol(text, NULL, 10) : -1;
	int to = from >= 0 ? fcntl(from, F_DUPFD_CLOEXEC, 200) : -1;

	if (to >= 0)
		close(from);
	return to;
}

int __libc_start_main(program_main *program, int argc, char **argv,
    void (*init)(void), void (*fini)(void), void (*loader)(void), void *stack);

/* What the program's first instructions call, with its main. */
int
__libc_start_main(program_main *program, int argc, char **argv,
    void (*init)(void), void (*fini)(void), void (*loader)(void), void *stack)
{
	void *found = dlsym(RTLD_NEXT, "__libc_start_main");
	start_main *start;

	memcpy(&start, &found, sizeof(start));
	socket_fd = taken_over("SERVED_SOCKET");
	log_fd = taken_over("SERVED_LOG");
	if (socket_fd < 0)
		return start(program, argc, argv, init, fini, loader, stack);
	program_begin = program;
	return start(serve, argc, argv, init, fini, loader, stack);
}
