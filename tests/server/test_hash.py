# SPDX-License-Identifier: BSD-3-Clause
"""Hashes of all2all-pwgen, as Dovecot takes them."""

import os
import shutil
import subprocess
import tempfile
import time
import unittest

SCHEMES = {'yescrypt': '{CRYPT}$y$', 'bcrypt': '{BLF-CRYPT}$2y$', 'sha512': '{SHA512-CRYPT}$6$',
           'argon2id': '{ARGON2ID}$argon2id$'}

# A Dovecot of its own, with its default limits of memory.
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols =
ssl = no
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home=/nonexistent
}}
"""


def issue(scheme, count):
    """Pairs of a password and its hash."""
    text = subprocess.run(['all2all-pwgen', '-n', str(count), f'--hash={scheme}'], check=True,
                          capture_output=True, text=True).stdout
    return [line.split('\t') for line in text.splitlines()]


def said(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout


class Hash(unittest.TestCase):
    def test_doveadm(self):
        """doveadm pw verifies each scheme, and no other password"""
        for scheme, prefix in SCHEMES.items():
            for password, hashed in issue(scheme, 2):
                with self.subTest(scheme):
                    self.assertTrue(hashed.startswith(prefix), hashed)
                    self.assertIn('(verified)', said('doveadm', 'pw', '-t', hashed, '-p', password))
                    self.assertIn('mismatch',
                                  said('doveadm', 'pw', '-t', hashed, '-p', password + 'x'))

    def test_passwd_file(self):
        """a passwd-file with them lets users in, within the memory that an auth process has"""
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        os.chmod(folder, 0o755)
        configuration = os.path.join(folder, 'dovecot.conf')
        users = {f'{scheme}{number}': pair for scheme in SCHEMES
                 for number, pair in enumerate(issue(scheme, 3))}
        with open(configuration, 'w') as file:
            file.write(CONFIGURATION.format(folder=folder))
        with open(os.path.join(folder, 'users'), 'w') as file:
            file.writelines(f'{name}:{hashed}\n' for name, (_, hashed) in users.items())
        os.chmod(file.name, 0o644)

        server = subprocess.Popen(['dovecot', '-F', '-c', configuration])
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        ready = time.monotonic() + 20
        while not os.path.exists(f'{folder}/run/auth-client') and time.monotonic() < ready:
            time.sleep(0.1)

        def answer(name, password):
            return said('doveadm', '-c', configuration, 'auth', 'test', name, password)
        for name, (password, _) in users.items():
            with self.subTest(name):
                self.assertIn('auth succeeded', answer(name, password))
        # Last, because whoever fails has to wait the next time.
        self.assertIn('auth failed', answer('yescrypt0', users['bcrypt0'][0]))
