#include "platform/plat_sig.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/select.h>
#include <unistd.h>

#include "platform/posix/sig.h"

/* The signals that ask us to stop. */
static const int requests[] = {SIGINT, SIGTERM, SIGHUP};

/*
 * The only state of this layer that is not handed in: a handler has nowhere
 * else to look. The last request, its sign negative when a process sent it (a
 * terminal sends its own to all of its foreground). Only ever accessed
 * atomically, since any thread may be the one the signal finds.
 */
static int request;

static void
note(int number, siginfo_t *info, void *context)
{
	(void)context;
	bool by_process = info->si_code == SI_USER || info->si_code == SI_QUEUE;
	__atomic_store_n(
	    &request, by_process ? -number : number, __ATOMIC_RELAXED);
}

static void catch (int number)
{
	/* No SA_RESTART: a wait is to end. */
	struct sigaction action = {
	    .sa_sigaction = note, .sa_flags = SA_SIGINFO};
	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

void
plat_sig_install(void)
{
	struct sigaction old;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		/* nohup has asked for us to outlive the terminal. */
		if (requests[i] == SIGHUP &&
		    sigaction(SIGHUP, NULL, &old) == 0 &&
		    old.sa_handler == SIG_IGN)
			continue;
		catch (requests[i]);
	}
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigemptyset(&ignore.sa_mask);
	sigaction(SIGPIPE, &ignore, NULL);
	/* A limit on the size of files is an error of the call that meets it.
	 */
	sigaction(SIGXFSZ, &ignore, NULL);
}

bool
plat_sig_asked(void)
{
	return __atomic_load_n(&request, __ATOMIC_RELAXED) != 0;
}

int
plat_sig_check(struct err *e)
{
	if (!plat_sig_asked())
		return 0;
	return err_set(e, ERR_CANCELLED, "interrupted");
}

int
plat_sig_await_input(struct err *e)
{
	sigset_t held, before;
	fd_set in;
	/* What comes between the question and the wait stays pending, and ends
	   the wait: only while waiting may it be handled. */
	sig_set_requests(&held);
	pthread_sigmask(SIG_BLOCK, &held, &before);
	do {
		FD_ZERO(&in);
		FD_SET(STDIN_FILENO, &in);
	} while (!plat_sig_asked() &&
	    pselect(1, &in, NULL, NULL, NULL, &before) < 0 && errno == EINTR);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	/* A wait that failed says nothing: reading will. */
	return plat_sig_check(e);
}

int
sig_take(bool *by_process)
{
	int last = __atomic_exchange_n(&request, 0, __ATOMIC_RELAXED);
	*by_process = last < 0;
	return last < 0 ? -last : last;
}

void
sig_drop_from_terminal(void)
{
	int last = __atomic_load_n(&request, __ATOMIC_RELAXED);
	if (last > 0)
		__atomic_compare_exchange_n(&request, &last, 0, false,
		    __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* Those of *more* that came, a bit for each; as *request*. */
static int came;

static void
note_more(int number, siginfo_t *info, void *context)
{
	(void)info;
	(void)context;
	__atomic_fetch_or(&came, number == SIGUSR1 ? 1 : 2, __ATOMIC_RELAXED);
}

static void
set_handler(int number, void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	struct sigaction old;
	/* What was to be ignored still is. */
	if (sigaction(number, NULL, &old) < 0 ||
	    ((old.sa_flags & SA_SIGINFO) == 0 && old.sa_handler == SIG_IGN))
		return;
	if (handler != NULL) {
		action.sa_sigaction = handler;
		action.sa_flags = SA_SIGINFO;
	}
	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

void
sig_pass_more(bool on)
{
	set_handler(SIGQUIT, on ? note : NULL);
	set_handler(SIGUSR1, on ? note_more : NULL);
	set_handler(SIGUSR2, on ? note_more : NULL);
}

int
sig_take_more(void)
{
	int now = __atomic_load_n(&came, __ATOMIC_RELAXED);
	int bit = (now & 1) != 0 ? 1 : now & 2;
	__atomic_fetch_and(&came, ~bit, __ATOMIC_RELAXED);
	return bit == 0 ? 0 : bit == 1 ? SIGUSR1 : SIGUSR2;
}

void
sig_set_requests(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		sigaddset(set, requests[i]);
}

void
sig_reset(void)
{
	struct sigaction standard = {.sa_handler = SIG_DFL};
	struct sigaction old;
	sigemptyset(&standard.sa_mask);
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		if (sigaction(requests[i], NULL, &old) == 0 &&
		    (old.sa_flags & SA_SIGINFO) != 0)
			sigaction(requests[i], &standard, NULL);
	sigaction(SIGPIPE, &standard, NULL);
	sigaction(SIGXFSZ, &standard, NULL);
}
