# SPDX-License-Identifier: BSD-3-Clause
"""Who gets in on 993, 995 and 465, and what is open besides."""

import smtplib
import subprocess

from case import MailCase, accounts, doors


class Login(MailCase):
    @classmethod
    def setUpClass(cls):
        cls.account = accounts.new()
        cls.wrong = accounts.strong()

    def test_right_password_993(self):
        self.assertEqual('', doors.answer(993, self.account.name, self.account.password))

    def test_right_password_995(self):
        self.assertEqual('', doors.answer(995, self.account.name, self.account.password))

    def test_right_password_465(self):
        self.assertEqual('', doors.answer(465, self.account.name, self.account.password))

    def test_wrong_password_993(self):
        self.assertIn('[AUTHENTICATIONFAILED]',
                      doors.answer(993, self.account.name, self.wrong))

    def test_wrong_password_995(self):
        self.assertIn('-ERR [AUTH]', doors.answer(995, self.account.name, self.wrong))

    def test_wrong_password_465(self):
        self.assertIn('535 5.7.8', doors.answer(465, self.account.name, self.wrong))

    def test_no_such_user(self):
        self.assertKeptOut(accounts.Account('nobody9999', ''), self.wrong)

    def test_empty_password(self):
        self.assertKeptOut(self.account, '')

    def test_names_as_mail_programs_guess_them(self):
        """USER0001 and user0001@all2all.org are user0001"""
        for name in (self.account.name.upper(), f'{self.account.name}@all2all.org'):
            self.assertLetIn(accounts.Account(name, self.account.password))

    def test_system_accounts(self):
        """root and the system's accounts are no mail users, whatever their password"""
        root = accounts.Account('root', accounts.strong())
        self.assertEqual((0, ''), accounts.by_chpasswd(root, root.password))
        self.addCleanup(subprocess.run, ['passwd', '-dl', 'root'], capture_output=True)
        self.assertKeptOut(root, root.password)

    def test_locked_user(self):
        account = accounts.new()
        self.assertLetIn(account)
        subprocess.run(['usermod', '-L', account.name], check=True)
        self.assertKeptOut(account, account.password)
        subprocess.run(['usermod', '-U', account.name], check=True)
        self.assertLetIn(account)


class Guessing(MailCase):
    """Wrong passwords from this machine itself, as of somebody who has broken into the webmail."""

    def from_elsewhere(self, account, password):
        """Dovecot's answer to a login from another address: its exit status and what it said."""
        return doors.command('doveadm', 'auth', 'test', '-x', 'service=imap', '-x',
                             'rip=192.0.2.7', account.name, password)

    def test_ten_wrong_ones(self):
        """ten wrong ones from here: no more logins of the user from here, but from elsewhere"""
        account, other, wrong = accounts.new(), accounts.new(), accounts.strong()
        self.assertLetIn(account)
        for _ in range(4):
            self.assertKeptOut(account, wrong)  # on three ports
        self.assertKeptOut(account, account.password)
        self.assertLetIn(other)
        status, said = self.from_elsewhere(account, account.password)
        self.assertEqual(0, status, said)
        status, said = self.from_elsewhere(account, wrong)
        self.assertNotEqual(0, status, said)
        doors.command('faillock', '--dir', '/var/lib/all2all/faillock', '--user', account.name,
                      '--reset')
        self.assertLetIn(account)


class Programs(MailCase):
    """Clients that people have."""

    @classmethod
    def setUpClass(cls):
        cls.account = accounts.new()

    def curl(self, address, password):
        return doors.command('curl', '-sS', '--config', '-', address,
                             given=f'user = "{self.account.name}:{password}"\n')

    def test_curl_imaps(self):
        status, said = self.curl(f'imaps://{doors.HOST}/', self.account.password)
        self.assertEqual(0, status, said)
        for folder in ('INBOX', 'Sent', 'Trash'):
            self.assertIn(folder, said)
        self.assertEqual(67, self.curl(f'imaps://{doors.HOST}/', 'w4zk8tq2mx')[0])

    def test_curl_pop3s(self):
        self.assertEqual(0, self.curl(f'pop3s://{doors.HOST}/', self.account.password)[0])
        self.assertEqual(67, self.curl(f'pop3s://{doors.HOST}/', 'w4zk8tq2mx')[0])

    def swaks(self, password, *options):
        return doors.command(
            'swaks', '--tlsc', '--tls-verify', '--server', doors.HOST, '--port', '465',
            '--from', f'{self.account.name}@{doors.DOMAIN}',
            '--to', f'{self.account.name}@{doors.DOMAIN}',
            '--header', 'Subject: swaks', '--auth-user', self.account.name,
            '--auth-password', password, '--protect-prompt', *options)

    def test_swaks_plain(self):
        status, said = self.swaks(self.account.password, '--auth', 'PLAIN')
        self.assertEqual(0, status, said)
        self.assertIsNotNone(doors.wait_for(self.account.name, self.account.password, 'swaks'))

    def test_swaks_login(self):
        """AUTH LOGIN, as Outlook does"""
        self.assertEqual(0, self.swaks(self.account.password, '--auth', 'LOGIN')[0])

    def test_swaks_wrong_password(self):
        self.assertEqual(28, self.swaks('w4zk8tq2mx', '--auth', 'PLAIN')[0])


class Openings(MailCase):
    def test_nothing_in_clear(self):
        """no IMAP, POP3, submission or ManageSieve in clear"""
        for port in (110, 143, 587, 4190):
            self.assertFalse(doors.is_open(port), port)
            self.assertFalse(doors.is_open(port, '::1'), port)

    def s_client(self, port, *options):
        return doors.command('openssl', 's_client', '-connect', f'{doors.HOST}:{port}',
                             '-verify_return_error', '-verify_hostname', doors.HOST,
                             # The client itself is willing: it is the server that must refuse.
                             '-cipher', 'DEFAULT@SECLEVEL=0', *options)

    def test_tls_versions(self):
        """TLS 1.2 and 1.3 with a certificate that is right; TLS 1.1 refused"""
        for port in (*doors.PORTS, 443):
            for version in ('-tls1_2', '-tls1_3'):
                status, said = self.s_client(port, version)
                self.assertEqual(0, status, said)
                self.assertIn('Verify return code: 0 (ok)', said)
            status, said = self.s_client(port, '-tls1_1')
            self.assertNotEqual(0, status, f'TLS 1.1 on {port}')
            # The client did offer it: it was the server that would not.
            self.assertRegex(said, 'read [0-9]+ bytes and written [1-9]')

    def test_no_sending_without_a_password(self):
        account = accounts.new()
        with doors.smtp() as session:
            session.mail(f'{account.name}@{doors.DOMAIN}')
            self.assertEqual(554, session.rcpt('somebody@example.org')[0])
            self.assertEqual(554, session.rcpt(f'{account.name}@{doors.DOMAIN}')[0])

    def test_port_25(self):
        """takes mail for users, knows no passwords, and refuses what is for nobody here"""
        account = accounts.new()
        with smtplib.SMTP(doors.HOST, 25, timeout=doors.PATIENCE) as session:
            session.ehlo()
            self.assertFalse(session.has_extn('auth'))
            self.assertTrue(session.has_extn('starttls'))
            session.mail('somebody@example.org')
            self.assertEqual(550, session.rcpt(f'nobody9999@{doors.DOMAIN}')[0])
            self.assertEqual(250, session.rcpt(f'{account.name}@{doors.DOMAIN}')[0])
            session.rset()
            session.send_message(
                doors.message('somebody@example.org', f'{account.name}@{doors.DOMAIN}', 'de loin'))
        self.assertIsNotNone(doors.wait_for(account.name, account.password, 'de loin'))
