# SPDX-License-Identifier: BSD-3-Clause
"""Guesses passwords through all2all-passwd as somebody who has broken into the web server would.

passwd.sh runs it as root, where /etc, /run, /dev and the state directory are the test's own. Each
attack counts the passwords that pam_unix has refused, in the log, and the tries in the file."""

import contextlib
import os
import pty
import random
import resource
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

HELPER = os.environ['A2A_PASSWD']
USER = os.environ['A2A_USER']
RIGHT, WRONG, NEW = os.environ['A2A_OLD'], 'm3xq9twk', os.environ['A2A_NEW']
LOG, TRIES, WEB = os.environ['A2A_LOG'], os.environ['A2A_TRIES'], int(os.environ['A2A_WEB'])
LOGGER = int(os.environ['A2A_LOGGER'])
SUDO = os.environ.get('A2A_SUDO', '').split()
MOST, WINDOW, PLACE = 10, 900, 128
CAP_SYS_RESOURCE = 24

done = wrong = 0


def check(what, holds, *seen):
    global done, wrong
    done += 1
    if not holds:
        wrong += 1
        print('not so:', what, *seen, file=sys.stderr)


def fields(user, old):
    given = (f'user={user}', 'lang=nl', f'old={old}', f'new={NEW}')
    return ''.join(f'{len(field)}:{field},' for field in given).encode()


# ---- What the helper has done --------------------------------------------------------------------

def verified():
    """Passwords of the user that pam_unix has refused, in the log."""
    with open(LOG, 'rb') as file:
        return sum(b'authentication failure' in line and b'pam_unix' in line for line in file)


def places():
    with open(TRIES, 'rb') as file:
        content = file.read()
    return [(at, struct.unpack_from(f'={MOST}q', content, at))
            for at in range(PLACE, len(content), PLACE) if any(content[at:at + PLACE])]


def counted():
    try:
        return sum(time != 0 for _, tried in places() for time in tried)
    except FileNotFoundError:
        return 0


def forget():
    with contextlib.suppress(FileNotFoundError):
        os.remove(TRIES)


def age(seconds):
    """What was tried is so many seconds older."""
    with open(TRIES, 'r+b') as file:
        for at, tried in places():
            file.seek(at)
            file.write(struct.pack(f'={MOST}q', *(time and time - seconds for time in tried)))


# ---- Asking --------------------------------------------------------------------------------------

def start(user, old, before=None, command=(HELPER,), **options):
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, preexec_fn=before, **options)
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(fields(user, old))
        process.stdin.close()
    return process


def ask(user, old, before=None, **options):
    return start(user, old, before, **options).wait()


def burst(times, user=USER, old=WRONG, **options):
    """At once: the exit statuses, sorted."""
    return sorted(process.wait()
                  for process in [start(user, old, **options) for _ in range(times)])


def closed(what, **options):
    """Neither a wrong nor the right password is verified."""
    before = verified()
    check(f'{what}: closed', [5, 5] == burst(2, **options))
    check(f'{what}: closed for the right one', ask(USER, RIGHT, **options) == 5)
    check(f'{what}: nothing was verified', verified() == before)


# ---- The attacks ---------------------------------------------------------------------------------

def forty_at_once():
    before = verified()
    answers = burst(40)
    check('forty at once: ten answers', answers == [3] * MOST + [5] * 30, answers)
    check('forty at once: ten verified', verified() - before == MOST)
    check('forty at once: ten counted', counted() == MOST)
    closed('forty at once')


def waiting():
    """Bursts every ten minutes: once twenty in eleven minutes."""
    burst(MOST)
    age(600)
    closed('ten minutes later')
    # Some time has passed meanwhile.
    age(200)
    closed('more than thirteen minutes later')
    age(WINDOW - 800)
    check('a quarter of an hour later', ask(USER, RIGHT) in (0, 1))


def invented_names():
    """Names of nobody are counted too, and answered alike."""
    for user in ('a2anobody', 'root', 'a2asystem'):
        answers = burst(12, user=user)
        check(f'{user}: as for a user', answers == [3] * MOST + [5] * 2, answers)


@contextlib.contextmanager
def small_disk(options, folder=os.path.dirname(TRIES)):
    os.makedirs(folder, 0o700, exist_ok=True)
    subprocess.run(['mount', '-t', 'tmpfs', '-o', 'mode=700,' + options, 'small', folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(['umount', folder], check=True)


def fill(path):
    with contextlib.suppress(OSError), open(path, 'wb', buffering=0) as file:
        while True:
            file.write(bytes(4096))


def full_disk():
    with small_disk('size=1m') as folder:
        fill(os.path.join(folder, 'fill'))
        closed('a full disk')
    with small_disk('size=8m') as folder:
        ask('a2anobody', WRONG)
        fill(os.path.join(folder, 'fill'))
        answers = burst(MOST + 2)
        check('filled afterwards: counted', answers == [3] * MOST + [5] * 2, answers)
        subprocess.run(['mount', '-o', 'remount,ro', folder], check=True)
        closed('a disk that is read-only')
    with small_disk('size=1m', '/run') as folder:
        fill(os.path.join(folder, 'fill'))
        answers = burst(MOST + 2)
    check('/run is full: counted', answers == [3] * MOST + [5] * 2, answers)


def limits():
    """The caller's limits, where root may raise them and where it may not."""
    def none():
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    with open('/proc/self/status') as file:
        capabilities = next(int(line.split()[1], 16) for line in file if line.startswith('CapEff'))
    if capabilities & 1 << CAP_SYS_RESOURCE:
        answers = burst(MOST + 2, before=none)
        check('a limit that can be lifted: counted', answers == [3] * MOST + [5] * 2, answers)
        forget()
    before = verified()
    for name, value in (('FSIZE', 0), ('FSIZE', 4096), ('CPU', 600), ('AS', 1 << 30),
                        ('DATA', 1 << 30), ('NOFILE', 64), ('NPROC', 64), ('STACK', 1 << 20)):
        number = getattr(resource, 'RLIMIT_' + name)
        answer = ask(USER, WRONG, lambda: resource.setrlimit(number, (value, value)),
                     command=('setpriv', '--bounding-set=-sys_resource',
                              '--inh-caps=-sys_resource', HELPER))
        check(f'RLIMIT_{name} {value} that root may not raise: refused', answer == 2, answer)
    check('limits: nothing was verified', verified() == before)
    answer = ask(USER, WRONG, command=('setpriv', '--bounding-set=-sys_resource',
                                       '--inh-caps=-sys_resource', HELPER))
    check('without the capability but with room: as always', answer == 3, answer)


def inherited():
    """Ignored signals and a timer that runs out meanwhile."""
    def before():
        for number in range(1, signal.NSIG):
            with contextlib.suppress(OSError, ValueError):
                signal.signal(number, signal.SIG_IGN)
        signal.setitimer(signal.ITIMER_REAL, 0.5, 0.01)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.02)
        signal.setitimer(signal.ITIMER_PROF, 0.02)

    check('timers and dispositions', ask(USER, WRONG, before) == 3)


def at_terminal(keys, delay):
    """Through sudo on a terminal that belongs to the caller. Returns the answer."""
    read, write = os.pipe()
    child, terminal = pty.fork()
    if child == 0:
        os.dup2(read, 0)
        os.close(write)
        os.execvp('setpriv', ['setpriv', f'--reuid={WEB}', f'--regid={WEB}', '--clear-groups',
                              '--bounding-set=-audit_control', *SUDO, HELPER])
    os.close(read)
    os.write(write, fields(USER, WRONG))
    os.close(write)
    time.sleep(delay)
    for _ in range(5):
        os.write(terminal, keys)
        time.sleep(0.01)
    # Somebody stopped goes on, for the sake of the test.
    end = time.monotonic() + 20
    while time.monotonic() < end:
        pid, status = os.waitpid(child, os.WNOHANG | os.WUNTRACED)
        if pid and not os.WIFSTOPPED(status):
            os.close(terminal)
            return status
        if pid:
            os.kill(child, signal.SIGCONT)
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.close(terminal)
    return os.waitpid(child, 0)[1]


def terminal_signals():
    if not SUDO:
        print('sudo is not installed: signals of a terminal were not tried')
        return
    try:
        for descriptor in pty.openpty():
            os.close(descriptor)
    except OSError:
        print('there can be no terminals here: their signals were not tried')
        return
    for keys in (b'\x03', b'\x1c', b'\x1a'):
        forget()
        before = verified()
        delays = [0.04 + 0.02 * i for i in range(16)]
        threads = [threading.Thread(target=at_terminal, args=(keys, delay)) for delay in delays]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        check(f'{keys}: no more than ten verified', verified() - before <= MOST, verified() - before)
        check(f'{keys}: none that was not counted', verified() - before <= counted(),
              verified() - before, counted())
        check(f'{keys}: some were', counted() > 0)


def killed():
    """SIGKILL at any moment: nothing is verified that was not counted."""
    verdicts = 0
    for _ in range(25):
        forget()
        before = verified()
        process = start(USER, WRONG)
        time.sleep(random.uniform(0, 1.5))
        process.kill()
        process.wait()
        check('killed: counted before', verified() - before <= counted())
        verdicts += verified() - before
    check('killed: sometimes after the verification', verdicts > 0)


def flooded_log():
    """Nobody reads /dev/log, and it is full: pam_unix waits, after the count."""
    flood = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    flood.connect('/dev/log')
    flood.setblocking(False)
    os.kill(LOGGER, signal.SIGSTOP)
    try:
        with contextlib.suppress(BlockingIOError):
            while True:
                flood.send(b'flood')
        begin = time.monotonic()
        processes = [start(USER, WRONG) for _ in range(3)]
        time.sleep(1.5)
        check('a flooded log: counted before', counted() > 0)
        check('a flooded log: no answer', all(process.poll() is None for process in processes))
    finally:
        os.kill(LOGGER, signal.SIGCONT)
    answers = [process.wait() for process in processes]
    check('a flooded log: the answers', answers == [3, 3, 3], answers)
    check('a flooded log: not before three seconds', time.monotonic() - begin >= 3)
    check('a flooded log: all counted', counted() == 3, counted())


def detached():
    """It has no terminal, and all signals but two are blocked, from the first to the last moment."""
    process = subprocess.Popen([HELPER], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               start_new_session=True)
    time.sleep(0.3)
    children = open(f'/proc/{process.pid}/task/{process.pid}/children').read().split()
    pids = [process.pid, *map(int, children)]
    check('the leader of a session leaves it by a child', len(pids) == 2, pids)
    for pid in pids:
        with open(f'/proc/{pid}/status') as file:
            blocked = next(int(line.split()[1], 16) for line in file if line.startswith('SigBlk'))
        # All but SIGKILL, SIGSTOP, and two that belong to the threads of libc.
        check('all signals are blocked', blocked | 1 << 31 | 1 << 32 == 0xfffffffffffbfeff,
              hex(blocked))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM,
                       signal.SIGTSTP):
            os.kill(pid, number)
    check('and do nothing', process.poll() is None)
    check('the child has a session of its own', os.getsid(pids[-1]) == pids[-1])
    with open(f'/proc/{pids[-1]}/limits') as file:
        limits = {line[:26].strip(): line[26:].split()[:2] for line in file}
    for name, value in (('Max file size', 'unlimited'), ('Max core file size', '0'),
                        ('Max open files', '1024'), ('Max processes', '1024'),
                        ('Max stack size', '8388608'), ('Max address space', 'unlimited'),
                        ('Max cpu time', 'unlimited'), ('Max locked memory', '65536'),
                        ('Max pending signals', '1024'), ('Max realtime timeout', 'unlimited'),
                        ('Max realtime priority', '0'), ('Max nice priority', '0'),
                        ('Max msgqueue size', '0'), ('Max data size', 'unlimited')):
        check(f'{name}: {value}', limits[name] == [value, value], limits[name])
    process.stdin.write(fields('a2anobody', WRONG))
    process.stdin.close()
    check('the answer of the child is that of the first', process.wait() == 3)


def what_it_took():
    """The time and memory that the parent sees, of a user and of nobody."""
    def cost(user):
        forget()
        with tempfile.TemporaryFile() as given:
            given.write(fields(user, WRONG))
            given.seek(0)
            pid = os.posix_spawn(HELPER, [HELPER], {}, file_actions=[
                (os.POSIX_SPAWN_DUP2, given.fileno(), 0)])
            status, usage = os.wait4(pid, 0)[1:]
        check(f'{user}: wrong', os.waitstatus_to_exitcode(status) == 3)
        return usage.ru_maxrss, usage.ru_utime + usage.ru_stime

    seen = {user: [cost(user) for _ in range(2)] for user in (USER, 'a2anobody', 'root')}
    memory = {user: max(one[0] for one in costs) for user, costs in seen.items()}
    seconds = {user: min(one[1] for one in costs) for user, costs in seen.items()}
    print('memory (KiB):', memory, 'CPU (s):', {name: round(s, 3) for name, s in seconds.items()})
    check('memory tells nobody', max(memory.values()) < 1.05 * min(memory.values()), memory)
    check('time tells nobody', max(seconds.values()) < 1.5 * min(seconds.values()), seconds)


for attack in (forty_at_once, waiting, invented_names, full_disk, limits, inherited,
               terminal_signals, killed, flooded_log, detached, what_it_took):
    if len(sys.argv) > 1 and attack.__name__ not in sys.argv[1:]:
        continue
    forget()
    begin = time.monotonic()
    attack()
    print(f'{attack.__name__}: {time.monotonic() - begin:.0f} s')
forget()
print(f'{done} checks of guessing, {wrong} wrong')
sys.exit(wrong != 0)
