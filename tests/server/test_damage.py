# SPDX-License-Identifier: BSD-3-Clause
"""Whatever is broken: no weak password gets in by any door, and mail goes on."""

import os
import pathlib

from case import MailCase, accounts, doors, log_since, log_size, replace

LEXICON = '/usr/share/all2all/lexicon'
SETTINGS = '/etc/security/all2all.conf'
MODULE = next(map(str, pathlib.Path('/usr/lib').glob('*/security/pam_all2all.so')), None)
# Weak in ways that the module alone knows of, and pam_unix does not.
WEAK = ('Wachtwoord1', 'Anderlecht2026', 'Azertyuiop1')


class Damage(MailCase):
    def setUp(self):
        self.account = accounts.new()
        self.before = accounts.stored(self.account)
        # Drawn now: all2all-pwgen does not work without the lexicon either.
        self.strong = accounts.strong()

    def assertSafe(self, words='cannot be checked'):
        """Neither passwd nor chpasswd takes anything; mail programs do not notice."""
        seen = log_size()
        for weak in WEAK:
            status, said = accounts.by_chpasswd(self.account, weak)
            self.assertNotEqual(0, status, f'chpasswd took {weak}')
            self.assertSays(words, said)
        for new in (WEAK[0], self.strong):
            status, said = accounts.by_passwd(self.account, self.account.password, new, new)
            self.assertNotEqual(0, status, f'passwd took {new}: {said}')
        self.assertNotEqual(0, accounts.by_chpasswd(self.account, self.strong)[0])
        self.assertEqual(self.before, accounts.stored(self.account))
        self.assertLetIn(self.account)
        self.assertIsNone(next((weak for weak in WEAK if weak in log_since(seen)), None))
        return log_since(seen)

    def with_lexicon(self, content):
        self.keep(LEXICON)
        replace(LEXICON, content)
        self.assertIn(LEXICON, self.assertSafe())

    def test_lexicon_cut_short(self):
        whole = pathlib.Path(LEXICON).read_bytes()
        self.with_lexicon(whole[:len(whole) // 2])

    def test_lexicon_flipped_bit(self):
        """a lexicon with one bit flipped, in the middle of its words"""
        whole = bytearray(pathlib.Path(LEXICON).read_bytes())
        whole[len(whole) // 2] ^= 4
        self.with_lexicon(bytes(whole))

    def test_lexicon_empty(self):
        self.with_lexicon(b'')

    def test_lexicon_of_zeros(self):
        self.with_lexicon(bytes(os.path.getsize(LEXICON)))

    def test_lexicon_missing(self):
        self.keep(LEXICON)
        os.remove(LEXICON)
        self.assertIn(LEXICON, self.assertSafe())

    def test_lexicon_that_others_may_write(self):
        self.keep(LEXICON)
        os.chmod(LEXICON, 0o666)
        self.assertIn(LEXICON, self.assertSafe())

    def test_settings_with_a_mistake(self):
        """a mistake in the settings: named with file and line in the log"""
        self.keep(SETTINGS)
        replace(SETTINGS, b'min_length = 8\nmin_lenght = 12\n')
        self.assertIn(f'{SETTINGS}:2', self.assertSafe())

    def test_module_missing(self):
        """the module's file is missing: no password can be changed, mail goes on"""
        self.keep(MODULE)
        os.remove(MODULE)
        self.assertSafe(words='')

    def test_mended(self):
        """once mended, all works again"""
        new = accounts.strong()
        self.assertEqual((0, ''), accounts.by_chpasswd(self.account, new))
        self.assertChanged(self.account, new)
        doors.send(self.account.name, new, self.account.name, 'mended')
        self.assertIsNotNone(doors.wait_for(self.account.name, new, 'mended'))
