# SPDX-License-Identifier: BSD-3-Clause
"""Sizes: 12 MB for a message, 25 MB for a mailbox."""

import re
import smtplib
import time

from case import MailCase, accounts, doors

LIMIT = 12 * 1024 * 1024
QUOTA = 25 * 1024  # kB


def letter(size):
    """A message of so many bytes as it travels."""
    head = b'From: <a@all2all.org>\r\nTo: <b@all2all.org>\r\nSubject: large %d\r\n\r\n' % size
    line = b'x' * 76 + b'\r\n'
    body = line * (size // len(line))
    return head + body[:size - len(head) - 2] + b'\r\n'


def usage(account):
    """Used and allowed, in kB, as a mail program shows it."""
    session = doors.imap(account.name, account.password)
    answer = str(session.getquotaroot('INBOX')[1])
    session.logout()
    return [int(number) for number in re.search(r'STORAGE (\d+) (\d+)', answer).groups()]


class Message(MailCase):
    @classmethod
    def setUpClass(cls):
        cls.account = accounts.new()
        cls.address = f'{cls.account.name}@{doors.DOMAIN}'

    def test_limit_is_announced(self):
        with doors.smtp() as session:
            self.assertEqual(str(LIMIT), session.esmtp_features['size'])

    def test_just_below_12_MB(self):
        # What the server writes on top (Received: ...) counts as well.
        size = LIMIT - 2048
        with doors.smtp(self.account.name, self.account.password) as session:
            session.sendmail(self.address, self.address, letter(size))
        self.assertIsNotNone(
            doors.wait_for(self.account.name, self.account.password, f'large {size}'))

    def test_over_12_MB(self):
        """over 12 MB: refused before it is sent"""
        with doors.smtp(self.account.name, self.account.password) as session:
            with self.assertRaises(smtplib.SMTPSenderRefused) as caught:
                session.sendmail(self.address, self.address, letter(LIMIT + 1))
        self.assertEqual(552, caught.exception.smtp_code)

    def test_over_12_MB_unannounced(self):
        """over 12 MB, by a program that does not say how large it is"""
        with doors.smtp(self.account.name, self.account.password) as session:
            session.docmd('MAIL', f'FROM:<{self.address}>')
            session.docmd('RCPT', f'TO:<{self.address}>')
            code, said = session.data(letter(LIMIT + 4096))
        self.assertEqual(552, code, said)


class Mailbox(MailCase):
    def test_shown(self):
        """25 MB, shown to mail programs"""
        account = accounts.new()
        used, allowed = usage(account)
        self.assertEqual(QUOTA, allowed)
        self.assertLess(used, 100)

    def test_enforced(self):
        """a full mailbox: nothing goes in, deleting helps"""
        account = accounts.new()
        address = f'{account.name}@{doors.DOMAIN}'
        session = doors.imap(account.name, account.password)
        for _ in range(3):
            self.assertEqual('OK', session.append('INBOX', None, None, letter(8 * 1024 * 1024))[0])
        refusal = session.append('INBOX', None, None, letter(2 * 1024 * 1024))
        self.assertEqual('NO', refusal[0])
        self.assertIn(b'[OVERQUOTA]', refusal[1][0])
        used, allowed = usage(account)
        self.assertTrue(0.9 * allowed < used <= allowed, used)

        # By mail: at the door, with the reason.
        with doors.smtp(account.name, account.password) as sender:
            sender.mail(address, ['size=8000000'])
            code, said = sender.rcpt(address)
            self.assertEqual(552, code, said)
            self.assertIn(b'mailbox vol', said)

        # It can still be read, and emptied.
        reader = doors.pop(account.name, account.password)
        self.assertEqual(3, reader.stat()[0])
        reader.quit()
        session.select('INBOX')
        session.store('1:*', '+FLAGS', r'\Deleted')
        session.expunge()
        self.assertEqual('OK', session.append('INBOX', None, None, letter(8 * 1024 * 1024))[0])
        session.logout()
        doors.send(account.name, account.password, account.name, 'place')
        self.assertIsNotNone(doors.wait_for(account.name, account.password, 'place'))

    def test_another_quota(self):
        """another quota for one user, and the usual one for the others"""
        account, other = accounts.new(), accounts.new()
        self.keep('/etc/dovecot/quotas')
        with open('/etc/dovecot/quotas', 'a') as file:
            file.write(f'{account.name}:::::::userdb_quota_rule=*:storage=100M\n')
        # The file is looked at again when its time has changed, which counts in seconds.
        time.sleep(1.1)
        self.assertEqual(100 * 1024, usage(account)[1])
        self.assertEqual(QUOTA, usage(other)[1])
