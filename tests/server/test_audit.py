# SPDX-License-Identifier: BSD-3-Clause
"""The audit at login: who is recorded, what grace does, and that it never costs anybody a login."""

import contextlib
import glob
import json
import os
import shutil
import sqlite3
import subprocess
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

import browser
import login_cost
from case import MailCase, accounts, doors, log_since, log_size, replace

TOOL = shutil.which('all2all-audit')
DEPLOY = '/srv/all2all/deploy/pam.d'
STACK = '/etc/pam.d/dovecot'
STATE = '/var/lib/all2all'
STORE = f'{STATE}/audit.sqlite'
LOGINS = f'{STORE}.logins'
(MODULE,) = glob.glob('/usr/lib/*/security/pam_all2all.so')
DRIVER = '/usr/share/roundcube/plugins/password/drivers/all2all.php'
WEAK = 'Printemps1'
# A login costs 0.1 s; a busy machine takes longer. What waits for something waits longer still.
QUICK = 5


def switch(name, grace=None):
    """Puts deploy/pam.d/NAME in place, with the last line switched on when there is a grace."""
    with open(f'{DEPLOY}/{name}') as file:
        text = file.read()
    if grace is not None:
        line = next(line for line in text.splitlines() if line.startswith('#account '))
        assert line.endswith(' pam_all2all.so audit grace=30 webmail=127.0.0.1')
        text = text.replace(line, line[1:].replace('grace=30', f'grace={grace}'))
    replace(STACK, text.encode())


def new_weak(password=WEAK):
    """A user with a weak password, which got past the policy: set before there was one, say."""
    account = accounts.new()
    # With a method of its own, chpasswd does not ask PAM.
    subprocess.run(['chpasswd', '-c', 'YESCRYPT'], input=f'{account.name}:{password}\n',
                   text=True, check=True)
    account.password = password
    return account


def report(*options):
    """What the administrator reads. Exit status 1 says that somebody is weak."""
    done = subprocess.run([TOOL, *options, 'report', '--json'], capture_output=True, text=True)
    if done.returncode > 1:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


def row(account, *options):
    return next((user for user in report(*options)['users'] if user['user'] == account.name), None)


def record_of(account):
    """The file that logins write for a user."""
    (path,) = glob.glob(f'{LOGINS}/*/*/{account.name}')
    return path


@unittest.skipUnless(TOOL, 'all2all-audit is not installed in the tree')
class AuditCase(MailCase):
    def setUp(self):
        self.keep(STACK)
        switch('dovecot.audit')


class Records(AuditCase):
    def test_weak_password(self):
        """a weak password is recorded at each of the three ports, with its rule"""
        for port in doors.PORTS:
            account = new_weak()
            self.assertIsNone(row(account))
            self.assertEqual('', doors.answer(port, account.name, account.password))
            found = row(account)
            self.assertIsNotNone(found, f'not recorded at port {port}')
            self.assertEqual(['dictionary-word'], found['rules'])
            self.assertEqual('dovecot', found['service'])

    def test_good_password(self):
        """a good password is no finding"""
        account = accounts.new()
        self.assertLetIn(account)
        self.assertIsNone(row(account))
        self.assertIsNotNone(row(account, '--all'))

    def test_wrong_password(self):
        """a wrong password is not judged, however weak"""
        account = accounts.new()
        self.assertKeptOut(account, WEAK)
        self.assertIsNone(row(account, '--all'))

    def test_change_ends_it(self):
        """once changed, the finding is gone"""
        account = new_weak()
        self.assertLetIn(account)
        self.assertIsNotNone(row(account))
        new = accounts.strong()
        self.assertEqual((0, ''), accounts.by_chpasswd(account, new))
        self.assertChanged(account, new)
        self.assertIsNone(row(account))

    def test_no_password_is_kept(self):
        """neither the records nor the log have the password in them, or how long it is"""
        account = new_weak('Wachtwoord7')
        seen = log_size()
        self.assertLetIn(account)
        self.assertIsNotNone(row(account))
        for path in filter(os.path.isfile, glob.glob(f'{STATE}/**', recursive=True)):
            with open(path, 'rb') as file:
                content = file.read().lower()
            for piece in (b'wachtwoord', b'dwoow'):
                self.assertNotIn(piece, content, path)
        self.assertNotIn('wachtwoord', log_since(seen).lower())

    def test_only_root_reads_it(self):
        self.assertLetIn(new_weak())
        # pam_faillock gives its files to the users.
        for path in glob.glob(f'{STATE}/audit*/**', recursive=True) + glob.glob(f'{STATE}/*.sqlite*'):
            about = os.stat(path)
            self.assertEqual((0, 0), (about.st_uid, about.st_mode & 0o077), path)

    def test_forty_at_once(self):
        """forty users at once: all get in, all are recorded"""
        everybody = [new_weak() for _ in range(40)]
        with ThreadPoolExecutor(40) as pool:
            answers = list(pool.map(
                lambda account: doors.answer(993, account.name, account.password), everybody))
        self.assertEqual([''] * 40, answers)
        recorded = {user['user'] for user in report()['users']}
        self.assertEqual([], [account.name for account in everybody
                              if account.name not in recorded])

    def test_forgotten(self):
        """a user who is forgotten is in no file any more"""
        account = new_weak()
        self.assertLetIn(account)
        self.assertIsNotNone(row(account))
        self.assertEqual(0, doors.command(TOOL, 'forget', account.name)[0])
        self.assertIsNone(row(account, '--all'))
        for path in glob.glob(f'{STATE}/**', recursive=True):
            self.assertNotIn(account.name, path)
            if os.path.isfile(path):
                with open(path, 'rb') as file:
                    self.assertNotIn(account.name.encode(), file.read(), path)

    def test_notify(self):
        """a mail to whoever is weak, which does not come twice"""
        account = new_weak()
        self.assertLetIn(account)
        for _ in range(2):
            status, said = doors.command(
                TOOL, 'notify', '--lang', 'nl', '--from', f'postmaster@{doors.DOMAIN}')
            self.assertEqual(0, status, said)
        letter = doors.wait_for(account.name, account.password, 'wachtwoord')
        self.assertIsNotNone(letter)
        self.assertEqual(f'ALL2ALL <postmaster@{doors.DOMAIN}>', str(letter['From']))
        self.assertEqual(f'Marie Delvaux <{account.name}@{doors.DOMAIN}>', str(letter['To']))
        for kind in ('plain', 'html'):
            text = letter.get_body((kind,)).get_content()
            for piece in ('Beste Marie Delvaux,', browser.WEBMAIL, 'ALL2ALL', '555'):
                self.assertIn(piece, text)
        time.sleep(1)
        session = doors.imap(account.name, account.password)
        self.assertEqual([b'1'], session.select('INBOX')[1])
        session.logout()


    @unittest.skipUnless(os.path.exists(DRIVER), f'{DRIVER} is not installed in the tree')
    def test_notice_in_the_webmail(self):
        """the webmail's first page tells whoever is weak, and nobody else"""
        account, other = new_weak(), accounts.new()
        with browser.Browser('fr') as window:
            window.log_in(account)
            window.in_mailbox()
            window.wait_for_text('#messagestack', 'dictionnaire')
            window.picture('notice')
        with browser.Browser('nl') as window:
            window.log_in(other)
            window.in_mailbox()
            time.sleep(2)
            self.assertNotIn('wachtwoord', window.said())


class Grace(AuditCase):
    EXPIRED = {993: '[EXPIRED]', 995: 'expired', 465: 'expired'}

    def age(self, account, days):
        """Makes the finding older than it is."""
        path = record_of(account)
        with open(path) as file:
            lines = file.read().splitlines()
        since = next(line for line in lines if line.startswith('since '))
        lines[lines.index(since)] = f'since {int(since.split()[1]) - days * 86400}'
        with open(path, 'w') as file:
            file.write('\n'.join(lines) + '\n')

    def test_before_it_runs_out(self):
        switch('dovecot.audit', grace=30)
        account = new_weak()
        self.assertLetIn(account)
        self.age(account, 29)
        self.assertLetIn(account)
        self.assertEqual(1, row(account, '--grace', '30')['grace_left'])

    def test_good_password(self):
        """a good password never expires"""
        switch('dovecot.audit', grace=0)
        self.assertLetIn(accounts.new())

    def test_after_it_ran_out(self):
        """mail programs are turned away, the webmail lets in; changed there, all is well again"""
        switch('dovecot.audit', grace=30)
        account = new_weak()
        self.assertLetIn(account)
        self.age(account, 31)
        for port, answer in doors.answers(account.name, account.password).items():
            self.assertIn(self.EXPIRED[port], answer)
        # Who does not know the password is not told that it is weak.
        for answer in doors.answers(account.name, accounts.strong()).values():
            self.assertNotIn('xpired', answer)
            self.assertNotIn('EXPIRED', answer)
        new = accounts.strong()
        with browser.Browser('fr') as window:
            window.log_in(account)
            window.in_mailbox()
            window.picture('expired-webmail')
            if os.path.exists(DRIVER):
                window.change_password(account.password, new)
                window.wait_for_text('#messagestack', 'succès')
            else:
                self.assertEqual((0, ''), accounts.by_chpasswd(account, new))
        self.assertChanged(account, new)


class BrokenStore(AuditCase):
    """Whatever happens to the records and the database, nobody is kept out of the mail, or made to
    wait."""

    def setUp(self):
        super().setUp()
        self.weak, self.good = new_weak(), accounts.new()
        self.assertLetIn(self.weak)

    def assertLoginsGoOn(self, complaint=True):
        seen = log_size()
        for account in (self.weak, self.good):
            begun = time.monotonic()
            self.assertLetIn(account)
            self.assertLess(time.monotonic() - begun, QUICK)
        self.assertKeptOut(self.good, self.weak.password)
        if complaint:
            self.assertIn('pam_all2all', log_since(seen))

    def assertMended(self):
        account = new_weak()
        self.assertLetIn(account)
        self.assertIsNotNone(row(account))

    @contextlib.contextmanager
    def mounted(self, *options):
        subprocess.run(['mount', *options, STATE], check=True)
        try:
            yield
        finally:
            # A worker that is just being ended may still have it open.
            subprocess.run(['umount', '--lazy', STATE], check=True)

    def test_read_only(self):
        with self.mounted('--bind', STATE):
            subprocess.run(['mount', '-o', 'remount,bind,ro', STATE], check=True)
            # Of somebody new something would have to be written.
            self.weak = new_weak()
            self.assertLoginsGoOn()
        self.assertMended()

    def test_full(self):
        with self.mounted('-t', 'tmpfs', '-o', 'size=256k,mode=700', 'full'):
            with open(f'{STATE}/filler', 'wb', buffering=0) as filler, \
                    contextlib.suppress(OSError):
                while filler.write(bytes(4096)):
                    pass
            self.weak = new_weak()
            self.assertLoginsGoOn()
        self.assertMended()

    def test_locked(self):
        """logins do not meet the database at all"""
        self.assertIsNotNone(row(self.weak))
        with contextlib.closing(sqlite3.connect(STORE, isolation_level=None)) as store:
            store.execute('BEGIN EXCLUSIVE')
            self.weak = new_weak()
            self.assertLoginsGoOn(complaint=False)
            store.execute('ROLLBACK')
        self.assertIsNotNone(row(self.weak))
        self.assertMended()

    def test_deleted(self):
        """the database is deleted: the tool makes it anew from the records"""
        for path in glob.glob(f'{STORE}*[!s]'):
            os.remove(path)
        self.assertLoginsGoOn(complaint=False)
        self.assertIsNotNone(row(self.weak))
        self.assertMended()

    def test_folder_deleted(self):
        shutil.rmtree(STATE)
        self.assertLoginsGoOn(complaint=False)
        self.assertMended()

    def test_damaged(self):
        """not a database any more: the tool says so, logins do not notice"""
        self.assertIsNotNone(row(self.weak))
        for path in glob.glob(f'{STORE}-*'):
            os.remove(path)
        with open(STORE, 'r+b') as file:
            file.write(b'all2all' * 1000)
        self.assertLoginsGoOn(complaint=False)
        status, said = doors.command(TOOL, 'report')
        self.assertEqual(2, status)
        self.assertIn('is damaged', said)
        os.remove(STORE)
        self.assertMended()

    def test_damaged_record(self):
        """a record is damaged: it is started again, and those of the others are as they were"""
        self.assertLetIn(self.good)
        since = row(self.good, '--all')['since']
        with open(record_of(self.weak), 'w') as file:
            file.write('all2all' * 1000)
        self.assertLoginsGoOn()
        self.assertIsNotNone(row(self.weak))
        self.assertEqual(since, row(self.good, '--all')['since'])
        self.assertMended()

    def test_replaced(self):
        """a FIFO, a folder or a device in the place of a record"""
        path = record_of(self.weak)
        for put in (os.mkfifo, os.mkdir, lambda path: os.mknod(path, 0o20600, os.makedev(1, 5)),
                    lambda path: os.symlink('/dev/zero', path)):
            os.remove(path)
            put(path)
            self.assertLoginsGoOn()
            if os.path.isdir(path):
                os.rmdir(path)
                self.assertLetIn(self.weak)
            self.assertIsNotNone(row(self.weak))
        self.assertMended()

    def test_damaged_lexicon(self):
        """a damaged lexicon: nobody is judged, everybody gets in"""
        lexicon = '/usr/share/all2all/lexicon'
        self.keep(lexicon)
        replace(lexicon, b'')
        self.assertLoginsGoOn()

    def test_grace_without_a_store(self):
        """nobody's grace runs out by a record that cannot be written"""
        switch('dovecot.audit', grace=0)
        with self.mounted('--bind', STATE):
            subprocess.run(['mount', '-o', 'remount,bind,ro', STATE], check=True)
            self.weak = new_weak()
            self.assertLoginsGoOn()


class WithoutTheModule(AuditCase):
    """Uninstalled or broken, with its lines still in the stack: the mail goes on."""

    def setUp(self):
        super().setUp()
        self.keep(MODULE)
        self.weak, self.good = new_weak(), accounts.new()
        switch('dovecot.audit', grace=0)
        self.assertLetIn(self.good)
        self.assertKeptOut(self.weak, self.weak.password)

    def assertLoginsGoOn(self):
        seen = log_size()
        for account in (self.weak, self.good):
            self.assertLetIn(account)
            self.assertKeptOut(account, accounts.strong())
        # The line that refuses root and the system's accounts is before our lines.
        self.assertKeptOut(accounts.Account('root', ''), accounts.strong())
        self.assertIn('unable to dlopen(pam_all2all.so)', log_since(seen))

    def test_uninstalled(self):
        """the module is gone: right passwords are let in, wrong ones are not"""
        os.remove(MODULE)
        self.assertLoginsGoOn()

    def test_broken(self):
        """the module cannot be loaded: right passwords are let in, wrong ones are not"""
        replace(MODULE, b'this is no module')
        self.assertLoginsGoOn()


class Cost(AuditCase):
    def test_five_hundred_logins(self):
        """500 logins over 30 connections, with the audit and without"""
        everybody = [(new_weak() if number % 2 else accounts.new()) for number in range(30)]
        cost = login_cost.compare(everybody, 500, {
            'without': lambda: switch('dovecot'), 'with': lambda: switch('dovecot.audit')})
        extra = cost['with'] - cost['without']
        self.remark = (f"{cost['without']:.1f} ms of CPU a login without, {cost['with']:.1f} ms with "
                       f"the audit: {extra:+.2f} ms, times {cost['with'] / cost['without']:.3f}")
        self.assertLess(extra, 0.1 * cost['without'])

