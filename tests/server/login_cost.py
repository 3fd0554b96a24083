# SPDX-License-Identifier: BSD-3-Clause
"""What a login costs Dovecot, in CPU time of all its processes: no TLS and no mailbox, which would
only add noise, but the calls of PAM as at every login.

The logins come through Dovecot's socket for it, as those of Postfix do."""

import base64
import glob
import os
import socket
from concurrent.futures import ThreadPoolExecutor

SOCKET = '/run/dovecot/auth-client'
CONNECTIONS = 30
ROUNDS = 4


class Connection:
    """Dovecot's protocol for its clients: a line a message, fields with tabs between them."""

    def __init__(self, number):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(60)
        self.socket.connect(SOCKET)
        self.lines = self.socket.makefile('rw')
        # Its process number must be another one for each connection, and is asked no more of.
        self.lines.write(f'VERSION\t1\t2\nCPID\t{1000000 + number}\n')
        self.lines.flush()
        while self.lines.readline() != 'DONE\n':
            pass
        self.last = 0

    def log_in(self, account):
        self.last += 1
        words = base64.b64encode(f'\0{account.name}\0{account.password}'.encode()).decode()
        self.lines.write(f'AUTH\t{self.last}\tPLAIN\tservice=imap\tsecured\tno-penalty\t'
                         f'rip=127.0.0.2\tlip=127.0.0.2\tresp={words}\n')
        self.lines.flush()
        answer = self.lines.readline()
        if not answer.startswith(f'OK\t{self.last}\t'):
            raise AssertionError(f'{account.name}: {answer}')

    def close(self):
        self.lines.close()
        self.socket.close()


def cpu_of_dovecot():
    """Milliseconds of all its processes, of those that ended too."""
    with open('/run/dovecot/master.pid') as file:
        master = int(file.read())
    ticks = 0
    for path in glob.glob('/proc/[0-9]*/stat'):
        try:
            with open(path) as file:
                head, _, rest = file.read().rpartition(')')
        except OSError:  # it has just ended: its parent has its time
            continue
        pid, fields = int(head.split()[0]), rest.split()
        if master in (pid, int(fields[1])):
            ticks += sum(int(field) for field in fields[11:15])
    return ticks * 1000 / os.sysconf('SC_CLK_TCK')


def measure(everybody, logins):
    """Milliseconds of CPU a login."""
    connections = [Connection(number) for number in range(CONNECTIONS)]

    def some(number):
        for turn in range(number, logins, CONNECTIONS):
            connections[number].log_in(everybody[turn % len(everybody)])
    before = cpu_of_dovecot()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(some, range(CONNECTIONS)))
    after = cpu_of_dovecot()
    for connection in connections:
        connection.close()
    return (after - before) / logins


def compare(everybody, logins, switches):
    """So many logins under each of the switches, by turns, so that a machine that gets busier meets
    them alike. Returns milliseconds of CPU a login, by name."""
    total = dict.fromkeys(switches, 0)
    for turn in switches.values():  # workers are started, caches filled, records written
        turn()
        measure(everybody, 2 * len(everybody))
    for _ in range(ROUNDS):
        for name, turn in switches.items():
            turn()
            total[name] += measure(everybody, logins // ROUNDS)
    return {name: sum_ / ROUNDS for name, sum_ in total.items()}
