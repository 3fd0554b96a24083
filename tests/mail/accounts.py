# SPDX-License-Identifier: BSD-3-Clause
"""Users of the tree, made as deploy/README.md says, and the ways to change their passwords."""

import os
import pty
import pwd
import select
import subprocess
import termios
import time

import doors

WEAK = 'Wachtwoord1'
numbers = iter(range(1, 1000))


class Account:
    def __init__(self, name, password):
        self.name = name
        self.password = password

    @property
    def home(self):
        return pwd.getpwnam(self.name).pw_dir


def strong():
    return subprocess.run(['all2all-pwgen'], check=True, capture_output=True,
                          text=True).stdout.strip()


def new(person='Marie Delvaux'):
    """A user with a strong password, which the policy has let pass."""
    while True:
        name = f'user{next(numbers):04}'
        try:
            pwd.getpwnam(name)
        except KeyError:
            break
    subprocess.run(['adduser', '--quiet', '--disabled-password', '--shell', '/usr/sbin/nologin',
                    '--gecos', person, name], check=True, capture_output=True)
    account = Account(name, strong())
    status, said = by_chpasswd(account, account.password)
    if status != 0:
        raise AssertionError(f'the first password could not be set: {said}')
    return account


def stored(account):
    """The user's line of /etc/shadow."""
    with open('/etc/shadow') as shadow:
        return next(line for line in shadow if line.startswith(account.name + ':'))


def by_chpasswd(account, password):
    """chpasswd as root: exit status and what it said."""
    return doors.command('chpasswd', given=f'{account.name}:{password}\n')


def by_passwd(account, *typed, language='C.UTF-8'):
    """passwd as the user, on a terminal: exit status and what stood there.

    Each of what is typed answers one question, which is when the terminal stops showing what is
    typed. When there are more questions, the user goes away."""
    entry = pwd.getpwnam(account.name)
    child, terminal = pty.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(entry.pw_gid)
            os.setuid(entry.pw_uid)
            os.execve('/usr/bin/passwd', ['passwd'],
                      {'LC_ALL': language, 'PATH': '/usr/bin:/bin'})
        finally:
            os._exit(127)
    rest = list(typed)
    shown = b''
    unanswered = False  # something was shown since the last answer
    end = time.monotonic() + doors.PATIENCE
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                piece = os.read(terminal, 4096)
            except OSError:  # the terminal has no other side any more
                break
            if not piece:
                break
            shown += piece
            unanswered = unanswered or piece.strip() != b''
        elif unanswered and not termios.tcgetattr(terminal)[3] & termios.ECHO:
            if not rest:
                break
            os.write(terminal, rest.pop(0).encode() + b'\n')
            unanswered = False
    os.close(terminal)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), shown.decode(errors='replace')
