# SPDX-License-Identifier: BSD-3-Clause
"""What the tests of several topics say in the same words."""

import os
import shutil
import tempfile
import unittest

import accounts
import doors

RESULTS = '/srv/results'


class MailCase(unittest.TestCase):
    maxDiff = None

    def assertLetIn(self, account, password=None):
        """On all three ports."""
        password = account.password if password is None else password
        self.assertEqual(dict.fromkeys(doors.PORTS, ''), doors.answers(account.name, password))

    def assertKeptOut(self, account, password):
        """On all three ports."""
        for port, answer in doors.answers(account.name, password).items():
            self.assertNotEqual('', answer, f'port {port} let it in')

    def assertChanged(self, account, password):
        """From now on that is the password, and what it was before is dead."""
        before, account.password = account.password, password
        self.assertLetIn(account)
        self.assertKeptOut(account, before)

    def assertSays(self, words, said):
        self.assertIn(words, ' '.join(said.split()))

    def keep(self, path):
        """The file as it is now is there again after the test, whatever happens to it."""
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        copy = os.path.join(folder, 'copy')
        shutil.copy2(path, copy)
        owner = os.stat(path)

        def put_back():
            # Beside it first: whoever has the file mapped keeps the one that was there.
            shutil.copy2(copy, path + '.new')
            os.chown(path + '.new', owner.st_uid, owner.st_gid)
            os.rename(path + '.new', path)
        self.addCleanup(put_back)
        return copy

    def keep_absent(self, path):
        self.addCleanup(lambda: os.path.exists(path) and os.remove(path))


def replace(path, content):
    """As an installation would: a new file in its place."""
    mode = os.stat(path).st_mode
    with open(path + '.new', 'wb') as new:
        new.write(content)
    os.chmod(path + '.new', mode)
    os.rename(path + '.new', path)


def log():
    with open('/var/log/syslog', errors='replace') as file:
        return file.read()


def log_since(size):
    with open('/var/log/syslog', errors='replace') as file:
        file.seek(size)
        return file.read()


def log_size():
    return os.path.getsize('/var/log/syslog')


__all__ = ['MailCase', 'RESULTS', 'accounts', 'doors', 'log', 'log_since', 'log_size', 'replace']
