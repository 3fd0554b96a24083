# SPDX-License-Identifier: BSD-3-Clause
"""Vacation replies and redirections, by the administrator's scripts of deploy/dovecot/sieve."""

import os
import pathlib
import shutil
import subprocess

from case import MailCase, accounts, doors

EXAMPLES = pathlib.Path('/srv/all2all/deploy/dovecot/sieve')
SCRIPTS = pathlib.Path('/etc/dovecot/sieve')


class Sieve(MailCase):
    def setUp(self):
        self.account, self.other = accounts.new(), accounts.new('Piet Peeters')

    def install(self, example, replacements):
        script = SCRIPTS / f'{self.account.name}.sieve'
        text = (EXAMPLES / example).read_text()
        for old, new in replacements.items():
            self.assertIn(old, text)
            text = text.replace(old, new)
        script.write_text(text)
        subprocess.run(['sievec', script], check=True)
        self.addCleanup(script.unlink)
        self.addCleanup(script.with_suffix('.svbin').unlink)

    def test_vacation(self):
        """a vacation reply, once to each sender; the message is kept"""
        self.install('vacation.sieve', {'user0001': self.account.name})
        for subject in ('Question un', 'Question deux'):
            doors.send(self.other.name, self.other.password, self.account.name, subject)
            self.assertIsNotNone(
                doors.wait_for(self.account.name, self.account.password, subject))
        reply = doors.wait_for(self.other.name, self.other.password, 'Absent / afwezig')
        self.assertIsNotNone(reply)
        self.assertIn('Je suis en vacances', reply.get_content())
        self.assertIn('à mon retour', reply.get_content())
        self.assertIn(f'{self.account.name}@{doors.DOMAIN}', reply['From'])
        self.assertIn('auto-replied', reply['Auto-Submitted'])
        session = doors.imap(self.other.name, self.other.password)
        self.assertEqual([b'1'], session.select('INBOX')[1])
        session.logout()

    def test_redirect(self):
        """a redirection, with a copy left here"""
        self.install('redirect.sieve', {'user0002': self.other.name})
        sender = accounts.new()
        doors.send(sender.name, sender.password, self.account.name, 'Suivi')
        for account in (self.other, self.account):
            self.assertIsNotNone(doors.wait_for(account.name, account.password, 'Suivi'))

    def test_users_cannot_write_scripts(self):
        """neither the folder nor a file in the home makes a redirection"""
        owner = os.stat(SCRIPTS)
        self.assertEqual((0, 0o755), (owner.st_uid, owner.st_mode & 0o777))
        home = pathlib.Path(self.account.home)
        (home / '.forward').write_text(f'{self.other.name}\n')
        (home / '.dovecot.sieve').write_text(f'redirect "{self.other.name}@{doors.DOMAIN}";\n')
        for file in ('.forward', '.dovecot.sieve'):
            shutil.chown(home / file, self.account.name, self.account.name)
        doors.send(self.other.name, self.other.password, self.account.name, 'Reste ici')
        self.assertIsNotNone(
            doors.wait_for(self.account.name, self.account.password, 'Reste ici'))
        self.assertIsNone(
            doors.wait_for(self.other.name, self.other.password, 'Reste ici', seconds=2))
