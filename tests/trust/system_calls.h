/* SPDX-License-Identifier: BSD-3-Clause */
/* The system calls that a document may name, for the filter of login_host. */
#ifndef A2A_SYSTEM_CALLS_H
#define A2A_SYSTEM_CALLS_H

#include <string.h>
#include <sys/syscall.h>

static const struct {
	const char *name;
	int number;
} system_calls[] = {
#ifdef SYS_access
	{"access", SYS_access},
#endif
#ifdef SYS_arch_prctl
	{"arch_prctl", SYS_arch_prctl},
#endif
#ifdef SYS_brk
	{"brk", SYS_brk},
#endif
#ifdef SYS_capget
	{"capget", SYS_capget},
#endif
#ifdef SYS_chdir
	{"chdir", SYS_chdir},
#endif
#ifdef SYS_chmod
	{"chmod", SYS_chmod},
#endif
#ifdef SYS_chown
	{"chown", SYS_chown},
#endif
#ifdef SYS_clock_gettime
	{"clock_gettime", SYS_clock_gettime},
#endif
#ifdef SYS_clock_nanosleep
	{"clock_nanosleep", SYS_clock_nanosleep},
#endif
#ifdef SYS_clone
	{"clone", SYS_clone},
#endif
#ifdef SYS_clone3
	{"clone3", SYS_clone3},
#endif
#ifdef SYS_close
	{"close", SYS_close},
#endif
#ifdef SYS_close_range
	{"close_range", SYS_close_range},
#endif
#ifdef SYS_connect
	{"connect", SYS_connect},
#endif
#ifdef SYS_dup
	{"dup", SYS_dup},
#endif
#ifdef SYS_dup2
	{"dup2", SYS_dup2},
#endif
#ifdef SYS_dup3
	{"dup3", SYS_dup3},
#endif
#ifdef SYS_execve
	{"execve", SYS_execve},
#endif
#ifdef SYS_exit
	{"exit", SYS_exit},
#endif
#ifdef SYS_exit_group
	{"exit_group", SYS_exit_group},
#endif
#ifdef SYS_faccessat
	{"faccessat", SYS_faccessat},
#endif
#ifdef SYS_faccessat2
	{"faccessat2", SYS_faccessat2},
#endif
#ifdef SYS_fadvise64
	{"fadvise64", SYS_fadvise64},
#endif
#ifdef SYS_fallocate
	{"fallocate", SYS_fallocate},
#endif
#ifdef SYS_fchdir
	{"fchdir", SYS_fchdir},
#endif
#ifdef SYS_fchmod
	{"fchmod", SYS_fchmod},
#endif
#ifdef SYS_fchmodat
	{"fchmodat", SYS_fchmodat},
#endif
#ifdef SYS_fchown
	{"fchown", SYS_fchown},
#endif
#ifdef SYS_fchownat
	{"fchownat", SYS_fchownat},
#endif
#ifdef SYS_fcntl
	{"fcntl", SYS_fcntl},
#endif
#ifdef SYS_fdatasync
	{"fdatasync", SYS_fdatasync},
#endif
#ifdef SYS_flock
	{"flock", SYS_flock},
#endif
#ifdef SYS_fstat
	{"fstat", SYS_fstat},
#endif
#ifdef SYS_fstatfs
	{"fstatfs", SYS_fstatfs},
#endif
#ifdef SYS_fsync
	{"fsync", SYS_fsync},
#endif
#ifdef SYS_ftruncate
	{"ftruncate", SYS_ftruncate},
#endif
#ifdef SYS_futex
	{"futex", SYS_futex},
#endif
#ifdef SYS_getcwd
	{"getcwd", SYS_getcwd},
#endif
#ifdef SYS_getdents64
	{"getdents64", SYS_getdents64},
#endif
#ifdef SYS_getegid
	{"getegid", SYS_getegid},
#endif
#ifdef SYS_geteuid
	{"geteuid", SYS_geteuid},
#endif
#ifdef SYS_getgid
	{"getgid", SYS_getgid},
#endif
#ifdef SYS_getpeername
	{"getpeername", SYS_getpeername},
#endif
#ifdef SYS_getpid
	{"getpid", SYS_getpid},
#endif
#ifdef SYS_getppid
	{"getppid", SYS_getppid},
#endif
#ifdef SYS_getrandom
	{"getrandom", SYS_getrandom},
#endif
#ifdef SYS_getrlimit
	{"getrlimit", SYS_getrlimit},
#endif
#ifdef SYS_getrusage
	{"getrusage", SYS_getrusage},
#endif
#ifdef SYS_getsockname
	{"getsockname", SYS_getsockname},
#endif
#ifdef SYS_getsockopt
	{"getsockopt", SYS_getsockopt},
#endif
#ifdef SYS_gettid
	{"gettid", SYS_gettid},
#endif
#ifdef SYS_gettimeofday
	{"gettimeofday", SYS_gettimeofday},
#endif
#ifdef SYS_getuid
	{"getuid", SYS_getuid},
#endif
#ifdef SYS_ioctl
	{"ioctl", SYS_ioctl},
#endif
#ifdef SYS_kill
	{"kill", SYS_kill},
#endif
#ifdef SYS_lgetxattr
	{"lgetxattr", SYS_lgetxattr},
#endif
#ifdef SYS_link
	{"link", SYS_link},
#endif
#ifdef SYS_linkat
	{"linkat", SYS_linkat},
#endif
#ifdef SYS_lseek
	{"lseek", SYS_lseek},
#endif
#ifdef SYS_lstat
	{"lstat", SYS_lstat},
#endif
#ifdef SYS_madvise
	{"madvise", SYS_madvise},
#endif
#ifdef SYS_membarrier
	{"membarrier", SYS_membarrier},
#endif
#ifdef SYS_mkdir
	{"mkdir", SYS_mkdir},
#endif
#ifdef SYS_mkdirat
	{"mkdirat", SYS_mkdirat},
#endif
#ifdef SYS_mknodat
	{"mknodat", SYS_mknodat},
#endif
#ifdef SYS_mlock
	{"mlock", SYS_mlock},
#endif
#ifdef SYS_mmap
	{"mmap", SYS_mmap},
#endif
#ifdef SYS_mprotect
	{"mprotect", SYS_mprotect},
#endif
#ifdef SYS_mremap
	{"mremap", SYS_mremap},
#endif
#ifdef SYS_msync
	{"msync", SYS_msync},
#endif
#ifdef SYS_munmap
	{"munmap", SYS_munmap},
#endif
#ifdef SYS_nanosleep
	{"nanosleep", SYS_nanosleep},
#endif
#ifdef SYS_newfstatat
	{"newfstatat", SYS_newfstatat},
#endif
#ifdef SYS_open
	{"open", SYS_open},
#endif
#ifdef SYS_openat
	{"openat", SYS_openat},
#endif
#ifdef SYS_openat2
	{"openat2", SYS_openat2},
#endif
#ifdef SYS_pipe2
	{"pipe2", SYS_pipe2},
#endif
#ifdef SYS_poll
	{"poll", SYS_poll},
#endif
#ifdef SYS_ppoll
	{"ppoll", SYS_ppoll},
#endif
#ifdef SYS_pread64
	{"pread64", SYS_pread64},
#endif
#ifdef SYS_prctl
	{"prctl", SYS_prctl},
#endif
#ifdef SYS_prlimit64
	{"prlimit64", SYS_prlimit64},
#endif
#ifdef SYS_pselect6
	{"pselect6", SYS_pselect6},
#endif
#ifdef SYS_pwrite64
	{"pwrite64", SYS_pwrite64},
#endif
#ifdef SYS_pwritev
	{"pwritev", SYS_pwritev},
#endif
#ifdef SYS_read
	{"read", SYS_read},
#endif
#ifdef SYS_readlink
	{"readlink", SYS_readlink},
#endif
#ifdef SYS_readlinkat
	{"readlinkat", SYS_readlinkat},
#endif
#ifdef SYS_readv
	{"readv", SYS_readv},
#endif
#ifdef SYS_recvfrom
	{"recvfrom", SYS_recvfrom},
#endif
#ifdef SYS_recvmsg
	{"recvmsg", SYS_recvmsg},
#endif
#ifdef SYS_rename
	{"rename", SYS_rename},
#endif
#ifdef SYS_renameat
	{"renameat", SYS_renameat},
#endif
#ifdef SYS_renameat2
	{"renameat2", SYS_renameat2},
#endif
#ifdef SYS_restart_syscall
	{"restart_syscall", SYS_restart_syscall},
#endif
#ifdef SYS_rmdir
	{"rmdir", SYS_rmdir},
#endif
#ifdef SYS_rseq
	{"rseq", SYS_rseq},
#endif
#ifdef SYS_rt_sigaction
	{"rt_sigaction", SYS_rt_sigaction},
#endif
#ifdef SYS_rt_sigpending
	{"rt_sigpending", SYS_rt_sigpending},
#endif
#ifdef SYS_rt_sigprocmask
	{"rt_sigprocmask", SYS_rt_sigprocmask},
#endif
#ifdef SYS_rt_sigreturn
	{"rt_sigreturn", SYS_rt_sigreturn},
#endif
#ifdef SYS_rt_sigtimedwait
	{"rt_sigtimedwait", SYS_rt_sigtimedwait},
#endif
#ifdef SYS_sched_yield
	{"sched_yield", SYS_sched_yield},
#endif
#ifdef SYS_select
	{"select", SYS_select},
#endif
#ifdef SYS_sendmmsg
	{"sendmmsg", SYS_sendmmsg},
#endif
#ifdef SYS_sendmsg
	{"sendmsg", SYS_sendmsg},
#endif
#ifdef SYS_sendto
	{"sendto", SYS_sendto},
#endif
#ifdef SYS_set_robust_list
	{"set_robust_list", SYS_set_robust_list},
#endif
#ifdef SYS_set_tid_address
	{"set_tid_address", SYS_set_tid_address},
#endif
#ifdef SYS_setsockopt
	{"setsockopt", SYS_setsockopt},
#endif
#ifdef SYS_sigaltstack
	{"sigaltstack", SYS_sigaltstack},
#endif
#ifdef SYS_socket
	{"socket", SYS_socket},
#endif
#ifdef SYS_stat
	{"stat", SYS_stat},
#endif
#ifdef SYS_statfs
	{"statfs", SYS_statfs},
#endif
#ifdef SYS_statx
	{"statx", SYS_statx},
#endif
#ifdef SYS_sync_file_range
	{"sync_file_range", SYS_sync_file_range},
#endif
#ifdef SYS_sysinfo
	{"sysinfo", SYS_sysinfo},
#endif
#ifdef SYS_tgkill
	{"tgkill", SYS_tgkill},
#endif
#ifdef SYS_time
	{"time", SYS_time},
#endif
#ifdef SYS_umask
	{"umask", SYS_umask},
#endif
#ifdef SYS_uname
	{"uname", SYS_uname},
#endif
#ifdef SYS_unlink
	{"unlink", SYS_unlink},
#endif
#ifdef SYS_unlinkat
	{"unlinkat", SYS_unlinkat},
#endif
#ifdef SYS_utimensat
	{"utimensat", SYS_utimensat},
#endif
#ifdef SYS_wait4
	{"wait4", SYS_wait4},
#endif
#ifdef SYS_write
	{"write", SYS_write},
#endif
#ifdef SYS_writev
	{"writev", SYS_writev},
#endif
};

/* Returns -1 when the table does not have it. */
static inline int system_call_number(const char *name)
{
	for (size_t i = 0; i < sizeof(system_calls) / sizeof(*system_calls); i++)
		if (strcmp(system_calls[i].name, name) == 0)
			return system_calls[i].number;
	return -1;
}

#endif
