/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "start.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- Signals and timers ---------------------------------------------------------------------- */

/* ^C must not end a verification whose outcome the caller has seen in another way, and no signal
 * must end the writing of a file. */
static const char *block_signals(void)
{
	sigset_t all;

	sigfillset(&all);
	if (sigprocmask(SIG_SETMASK, &all, NULL))
		return "signals cannot be blocked";
	/* Functions of libc and programs that are run unblock some of them. */
	for (int number = 1; number < NSIG; number++)
		if (number != SIGKILL && number != SIGSTOP)
			signal(number, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	return NULL;
}

/* These survive execve(2); timers of timer_create(2) do not. */
static const char *stop_timers(void)
{
	static const int timers[] = {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF};
	const struct itimerval never = {0};

	for (size_t i = 0; i < sizeof(timers) / sizeof(timers[0]); i++)
		if (setitimer(timers[i], &never, NULL))
			return "timers cannot be stopped";
	return NULL;
}

bool a2a_end_within(unsigned seconds)
{
	static timer_t timer;
	static bool exists;
	struct sigevent end = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
	const struct itimerspec when = {.it_value.tv_sec = seconds};

	if (!exists)
		exists = timer_create(CLOCK_MONOTONIC, &end, &timer) == 0;
	return exists && timer_settime(timer, 0, &when, NULL) == 0;
}

/* ---- Limits ---------------------------------------------------------------------------------- */

/* Those that Linux heeds. A container may not let even root raise them, so none is higher than it
 * needs to be. */
static const struct {
	int resource;
	rlim_t value; /* the soft and the hard limit */
	const char *failure;
} limits[] = {
	{RLIMIT_AS, RLIM_INFINITY, "the limit on memory (RLIMIT_AS) cannot be lifted"},
	{RLIMIT_CORE, 0, "core dumps cannot be switched off"},
	{RLIMIT_CPU, RLIM_INFINITY, "the limit on time (RLIMIT_CPU) cannot be lifted"},
	{RLIMIT_DATA, RLIM_INFINITY, "the limit on memory (RLIMIT_DATA) cannot be lifted"},
	{RLIMIT_FSIZE, RLIM_INFINITY, "the limit on files (RLIMIT_FSIZE) cannot be lifted"},
	{RLIMIT_MEMLOCK, 1 << 16, "RLIMIT_MEMLOCK is below 64 KiB and cannot be raised"},
	{RLIMIT_MSGQUEUE, 0, "RLIMIT_MSGQUEUE cannot be set"},
	{RLIMIT_NICE, 0, "RLIMIT_NICE cannot be set"},
	{RLIMIT_NOFILE, 1024, "RLIMIT_NOFILE is below 1024 and cannot be raised"},
	{RLIMIT_NPROC, 1024, "RLIMIT_NPROC is below 1024 and cannot be raised"},
	{RLIMIT_RTPRIO, 0, "RLIMIT_RTPRIO cannot be set"},
	{RLIMIT_RTTIME, RLIM_INFINITY, "the limit on time (RLIMIT_RTTIME) cannot be lifted"},
	{RLIMIT_SIGPENDING, 1024, "RLIMIT_SIGPENDING is below 1024 and cannot be raised"},
	{RLIMIT_STACK, 8 << 20, "RLIMIT_STACK is below 8 MiB and cannot be raised"},
};

static const char *set_limits(void)
{
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		const struct rlimit limit = {limits[i].value, limits[i].value};

		if (setrlimit(limits[i].resource, &limit))
			return limits[i].failure;
	}
	return NULL;
}

/* ---- The rest -------------------------------------------------------------------------------- */

static const char *clean_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			return "/dev/null cannot be opened";
	closefrom(STDERR_FILENO + 1);
	return NULL;
}

static const char *clean_environment(void)
{
	if (clearenv() || setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1))
		return "the environment cannot be cleared";
	return NULL;
}

static int wait_for(pid_t child, int broken)
{
	int status;

	if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return broken;
	return WEXITSTATUS(status);
}

/* The leader of a process group, which a shell makes of each of its commands, cannot leave its
 * session; a child of it can. */
static const char *leave_session(int broken)
{
	pid_t child;

	if (setsid() >= 0)
		return NULL;
	child = fork();
	if (child > 0)
		_exit(wait_for(child, broken));
	return child == 0 && setsid() >= 0 ? NULL : "the caller's session cannot be left";
}

const char *a2a_start_clean(int broken)
{
	const char *failure = block_signals();

	if (!failure)
		failure = stop_timers();
	if (!failure)
		failure = clean_descriptors();
	if (!failure)
		failure = clean_environment();
	/* Without rights, a low limit harms nobody but the caller. */
	if (!failure && geteuid() == 0)
		failure = set_limits();
	if (!failure)
		failure = leave_session(broken);
	if (!failure && chdir("/"))
		failure = "the folder / cannot be entered";
	return failure;
}
