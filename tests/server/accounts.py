# SPDX-License-Identifier: BSD-3-Clause
"""Users of the tree, made as deploy/README.md says, and the ways to change their passwords."""

import ctypes
import itertools
import os
import pty
import pwd
import select
import shutil
import subprocess
import termios
import time

import doors

WEAK = 'Wachtwoord1'
numbers = iter(range(1, 10000))


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


def many(people):
    """Users with strong passwords of old, for each of the names; quickly, so into the files. Each has
    a line of /etc/passwd, /etc/shadow and /etc/group, and a home folder. Take them away again with
    remove()."""
    taken = {entry.pw_name for entry in pwd.getpwall()}
    taken_numbers = {entry.pw_uid for entry in pwd.getpwall()}
    names = (name for number in numbers if (name := f'user{number:04}') not in taken)
    user_numbers = (number for number in itertools.count(20000) if number not in taken_numbers)
    passwords = subprocess.run(['all2all-pwgen', '-n', str(len(people))], check=True,
                               capture_output=True, text=True).stdout.split()
    everybody = [Account(name, password) for name, password in zip(names, passwords)]
    with open('/etc/passwd', 'a') as users, open('/etc/group', 'a') as groups, \
            open('/etc/shadow', 'a') as shadow:
        for account, person, number in zip(everybody, people, user_numbers):
            users.write(f'{account.name}:x:{number}:{number}:{person},,,:/home/{account.name}:'
                        '/usr/sbin/nologin\n')
            groups.write(f'{account.name}:x:{number}:\n')
            shadow.write(f'{account.name}:!:20000:0:99999:7:::\n')
    for account in everybody:
        entry = pwd.getpwnam(account.name)
        os.mkdir(entry.pw_dir, 0o700)
        os.chown(entry.pw_dir, entry.pw_uid, entry.pw_gid)
    # With a method of its own, chpasswd does not ask PAM; and one that takes little time.
    subprocess.run(['chpasswd', '-c', 'SHA512', '-s', '1000'], check=True, text=True,
                   input=''.join(f'{account.name}:{account.password}\n' for account in everybody))
    return everybody


def remove(everybody):
    """Takes them away again, with their mail."""
    names = {account.name for account in everybody}
    for path in ('/etc/passwd', '/etc/shadow', '/etc/group'):
        with open(path) as file:
            lines = [line for line in file if line.partition(':')[0] not in names]
        about = os.stat(path)
        with open(path + '.new', 'w') as file:
            file.writelines(lines)
        os.chmod(path + '.new', about.st_mode)
        os.chown(path + '.new', about.st_uid, about.st_gid)
        os.rename(path + '.new', path)
    for name in names:
        shutil.rmtree(f'/home/{name}', ignore_errors=True)


def fits(password, hashed):
    """Whether it is the password of the hash, as crypt(3) has it."""
    crypt = ctypes.CDLL('libcrypt.so.1').crypt
    crypt.restype = ctypes.c_char_p
    return crypt(password.encode(), hashed.encode()) == hashed.encode()


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
