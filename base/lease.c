/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* F_SETLEASE, F_SETOWN_EX, F_SETSIG */
#include "lease.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Takes the signal of this descriptor from those that wait for the thread. If another one of its
 * number was waiting already, the kernel has merged the two, and it must go on waiting. */
static void consume(int fd, const sigset_t *sigio)
{
	const struct timespec now = {0};
	siginfo_t info;

	if (sigtimedwait(sigio, &info, &now) == SIGIO &&
		!(info.si_code == POLL_MSG && info.si_fd == fd))
		pthread_kill(pthread_self(), SIGIO);
}

/*
 * The kernel sends a signal to the owner of the open file when somebody wants to write, and without
 * an owner the taker of the lease becomes the owner. So this thread is made the owner before, as no
 * other thread may get the signal; the caller has blocked it. Afterwards nobody is the owner.
 */
static int take_blocked(int fd, const sigset_t *sigio)
{
	const struct f_owner_ex self = {F_OWNER_TID, (pid_t)syscall(SYS_gettid)};
	int error = 0;

	/* With this number, the signal says which descriptor it is about. */
	if (fcntl(fd, F_SETSIG, SIGIO) || fcntl(fd, F_SETOWN_EX, &self))
		return errno;
	if (fcntl(fd, F_SETLEASE, F_RDLCK))
		error = errno;
	fcntl(fd, F_SETOWN, 0);
	/* If nobody wanted to write until now, no signal was sent. */
	if (!error && a2a_lease_is_wanted(fd))
		consume(fd, sigio);
	return error;
}

int a2a_lease_take(int fd)
{
	sigset_t sigio, before;
	int error;

	sigemptyset(&sigio);
	sigaddset(&sigio, SIGIO);
	if (pthread_sigmask(SIG_BLOCK, &sigio, &before))
		return EINVAL;
	error = take_blocked(fd, &sigio);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

bool a2a_lease_is_wanted(int fd)
{
	return fcntl(fd, F_GETLEASE) != F_RDLCK;
}

void a2a_lease_return(int fd)
{
	fcntl(fd, F_SETLEASE, F_UNLCK);
}
