# SPDX-License-Identifier: BSD-3-Clause
"""Passwords that all2all-issue hands over: each sheet opens the mailbox it is for, and nothing else
does any more; also when the run was killed on its way."""

import collections
import csv
import glob
import itertools
import os
import pwd
import random
import re
import shutil
import stat
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor

import browser
from case import MailCase, accounts, doors, log_since, log_size, replace

COUNT = 200
LANGUAGES = ('fr', 'nl', 'de', 'en')
TITLES = {'fr': 'Votre compte e-mail', 'nl': 'Uw e-mailaccount', 'de': 'Ihr E-Mail-Konto',
          'en': 'Your e-mail account'}
NAMES = ('Hélène Dûpré', "Wouter D'hondt", 'Jörg Müßig', 'Zoë O’Brien', 'François Œuvrard',
         'Loïc Vandenbroucke', 'Käthe Größl', 'Anne-Marie Noël', 'Łukasz Wiśniewski',
         'Σοφία Παππά', 'Günther Weiß', 'Siân Llŷr')
JOURNAL = '.all2all-issue.journal'
# As many logins at a time as Dovecot has workers that ask PAM.
AT_ONCE = 30


def people(count):
    return list(itertools.islice(itertools.cycle(NAMES), count))


def languages(everybody):
    """Each with its language, in turn."""
    return zip(everybody, itertools.cycle(LANGUAGES))


def write_list(path, rows):
    """As a spreadsheet saves "CSV UTF-8" here: semicolons, and a byte order mark."""
    with open(path, 'w', encoding='utf-8-sig', newline='') as file:
        csv.writer(file, delimiter=';').writerows(rows)


def read_list(path):
    with open(path, encoding='utf-8-sig', newline='') as file:
        return list(csv.reader(file, delimiter=';'))


def issue(*options, given=''):
    """Exit status, standard output, and what it said."""
    done = subprocess.run(['all2all-issue', *options], input=given, capture_output=True, text=True,
                          timeout=900)
    return done.returncode, done.stdout, done.stderr


def content(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def on_sheet(folder, account):
    """The password on the text sheet, which is the user's."""
    user, password = re.findall(r'^ {7}(\S+)$', content(f'{folder}/{account.name}.txt'), re.M)
    assert user == account.name, user
    return password


def on_page(folder, account):
    """The password on the HTML sheet."""
    return re.findall(r'<code class="language-password[^"]*">(\S+)\n',
                      content(f'{folder}/{account.name}.html'))[0]


def on_paper(folder, account):
    """What stands on the PDF sheet, by lines."""
    text = subprocess.run(['pdftotext', '-layout', f'{folder}/{account.name}.pdf', '-'], check=True,
                          capture_output=True, text=True).stdout
    return [' '.join(line.split()) for line in text.splitlines()]


def pages(path):
    said = subprocess.run(['pdfinfo', path], check=True, capture_output=True, text=True).stdout
    return int(re.search(r'^Pages: +(\d+)$', said, re.M)[1])


def picture(pdf, name):
    subprocess.run(['pdftoppm', '-png', '-r', '80', '-singlefile', pdf,
                    str(browser.SCREENSHOTS / name)], check=True)


def stored_hash(account):
    return accounts.stored(account).split(':')[1]


class IssueCase(MailCase):
    @classmethod
    def make(cls, count):
        """Users with an old password each, for this class."""
        everybody = accounts.many(people(count))
        cls.addClassCleanup(accounts.remove, everybody)
        return everybody

    @classmethod
    def make_folder(cls):
        folder = tempfile.mkdtemp(prefix='issue.')
        cls.addClassCleanup(shutil.rmtree, folder)
        return folder

    def assertAllIn(self, attempts):
        """attempts: port, account, password. As many at a time as the server likes."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = pool.map(lambda attempt: doors.answer(attempt[0], attempt[1].name, attempt[2]),
                               attempts)
            refused = {(attempt[1].name, attempt[0]): answer
                       for attempt, answer in zip(attempts, answers) if answer}
        self.assertEqual({}, refused)

    def assertDead(self, everybody):
        """The old passwords. A refusal takes 2 seconds, so all of them are held against /etc/shadow,
        which is what PAM does, and some are tried at the three ports."""
        for account in everybody:
            self.assertFalse(accounts.fits(account.password, stored_hash(account)), account.name)
        some = everybody[::max(1, len(everybody) // 12)][:12]
        with ThreadPoolExecutor(len(some)) as pool:
            list(pool.map(lambda account: self.assertKeptOut(account, account.password), some))


class TwoHundred(IssueCase):
    """A list in four languages, with mistakes in it."""

    @classmethod
    def setUpClass(cls):
        cls.folder = cls.make_folder()
        cls.out = f'{cls.folder}/sheets'
        cls.list = f'{cls.folder}/comptes.csv'
        cls.everybody = cls.make(COUNT)
        cls.long, cls.foreign, cls.addressless = cls.wrong = cls.make(3)
        cls.header = ['Utilisateur', 'Nom', 'Courriel', 'Langue', 'Remarque du bureau']
        rows = [[account.name, person, f'{account.name}.x@all2all.org' if number % 2 else '',
                 language, f'étage {number}; "aile B"']
                for number, ((account, language), person)
                in enumerate(zip(languages(cls.everybody), people(COUNT)))]
        # Where they stand in the list does not matter.
        cls.mistakes = [
            (1, ['nobody9999', 'Personne', '', 'fr', ''], 'there is no such user'),
            (50, [cls.long.name, 'Trop Long', '', 'fr', '', 'x'],
             'there are 6 cells, and the first row names 5'),
            (100, [cls.foreign.name, 'Marco Rossi', '', 'it', ''], 'no sheets in the language "it"'),
            (150, [cls.addressless.name, 'Jan Peeters', 'jan at home', 'nl', ''],
             '"jan at home" is no mail address'),
            (190, ['root', 'Root', '', 'en', ''], 'it is an account of the system'),
            (190, ['nobody', 'Nobody', '', 'en', ''], 'it is an account of the system'),
            (len(rows), rows[0], 'the user name is there twice'),
        ]
        for place, row, _ in reversed(cls.mistakes):
            rows.insert(place, row)
        write_list(cls.list, [cls.header, *rows])
        cls.kept = {account.name: accounts.stored(account) for account in cls.wrong}
        seen, begun = log_size(), time.monotonic()
        cls.status, cls.output, cls.said = cls.issue_list(cls.list)
        cls.seconds = time.monotonic() - begun
        cls.logged = log_since(seen)
        cls.errors = read_list(f'{cls.out}/errors.csv')

    @classmethod
    def issue_list(cls, path):
        return issue('--csv', path, '--out', cls.out, '--format', 'text,pdf,html', '--setup')

    def test_every_sheet_logs_in(self):
        """200 accounts in four languages: each sheet's password logs in over IMAPS, POP3S and SMTPS"""
        attempts = [(port, account, on_sheet(self.out, account))
                    for account in self.everybody for port in doors.PORTS]
        self.assertEqual(COUNT, len({password for _, _, password in attempts}))
        begun = time.monotonic()
        self.assertAllIn(attempts)
        self.remark = (f'issued in {self.seconds:.1f} s, {len(attempts)} logins in '
                       f'{time.monotonic() - begun:.1f} s')

    def test_old_passwords(self):
        """the old passwords do not, on any port"""
        self.assertDead(self.everybody)

    def test_bad_rows_come_back(self):
        """the bad rows come back as they were, with the reason; exit status 1; nobody else does"""
        self.assertEqual(1, self.status, self.said)
        self.assertEqual('', self.output)
        self.assertIn(f'{COUNT} passwords issued', self.said)
        self.assertIn(f'{len(self.mistakes)} accounts got none', self.said)
        self.assertEqual(['error', *self.header], self.errors[0])
        self.assertEqual([row for _, row, _ in self.mistakes], [row[1:] for row in self.errors[1:]])
        for (_, _, reason), row in zip(self.mistakes, self.errors[1:]):
            self.assertIn(reason, row[0])
        # Theirs are as they were, and none has a sheet.
        for account in self.wrong:
            self.assertEqual(self.kept[account.name], accounts.stored(account))
            self.assertEqual([], glob.glob(f'{self.out}/{account.name}.*'))
        self.assertEqual([], glob.glob(f'{self.out}/root.*') + glob.glob(f'{self.out}/nobody*'))

    def test_corrected_rows(self):
        """the bad rows, corrected in the file they came back in, are issued"""
        late = self.make(1)[0]
        rows = read_list(f'{self.out}/errors.csv')
        by_user = {row[1]: row for row in rows}
        by_user['nobody9999'][1] = late.name
        by_user[self.long.name][4:] = ['de', 'raccourci']
        by_user[self.foreign.name][4] = 'FR-be'
        by_user[self.addressless.name][3] = 'jan@example.org'
        for user in ('root', 'nobody', self.everybody[0].name):
            rows.remove(by_user[user])
        corrected = f'{self.folder}/errors corrected.csv'
        write_list(corrected, rows)
        before = {account.name: accounts.stored(account) for account in self.everybody}
        status, _, said = self.issue_list(corrected)
        self.assertEqual(0, status, said)
        self.assertFalse(os.path.exists(f'{self.out}/errors.csv'))
        for account in (late, *self.wrong):
            self.assertLetIn(account, on_sheet(self.out, account))
        self.assertDead([late, *self.wrong])
        self.assertIn(TITLES['de'], content(f'{self.out}/{self.long.name}.txt'))
        self.assertIn('jan@example.org', content(f'{self.out}/{self.addressless.name}.txt'))
        self.assertEqual(before, {account.name: accounts.stored(account)
                                  for account in self.everybody})

    def test_the_same_list_again(self):
        """the same list again: nobody gets a second password"""
        before = {account.name: (accounts.stored(account), on_sheet(self.out, account))
                  for account in self.everybody}
        status, _, said = self.issue_list(self.list)
        self.assertEqual(1, status, said)
        self.assertIn(f'{COUNT} accounts already had a password from an earlier run', said)
        self.assertEqual(before, {account.name: (accounts.stored(account),
                                                 on_sheet(self.out, account))
                                  for account in self.everybody})

    def test_three_sheets_say_the_same(self):
        """text, HTML and PDF have the same password, the user's name, and the user's language"""
        for (account, language), person in zip(languages(self.everybody), people(COUNT)):
            password = on_sheet(self.out, account)
            text, page = (content(f'{self.out}/{account.name}.{ending}')
                          for ending in ('txt', 'html'))
            self.assertEqual(password, on_page(self.out, account))
            # Behind the organisation's name, if it has one.
            self.assertIn(TITLES[language], text.splitlines()[:3])
            self.assertIn(f'<html lang="{language}">', page)
            # What keeps a word with a hyphen in one line is no part of the name.
            page = re.sub('</?span[^>]*>', '', page)
            self.assertIn(person, ' '.join(text.split()))
            self.assertIn(person.replace("'", '&#39;') if '&#39;' in page else person, page)
        for account in self.everybody[::10]:
            lines = on_paper(self.out, account)
            for words in (account.name, on_sheet(self.out, account)):
                self.assertEqual(1, lines.count(words), lines)
            self.assertEqual(1, pages(f'{self.out}/{account.name}.pdf'))

    def test_set_up_files(self):
        """the set-up files name this server's doors, and have no password in them"""
        for account in self.everybody:
            path = f'{self.out}/{account.name}.autoconfig.xml'
            provider = ElementTree.parse(path).getroot().find('emailProvider')
            found = {int(server.findtext('port')): (server.get('type'),
                                                    server.findtext('hostname'),
                                                    server.findtext('socketType'),
                                                    server.findtext('username'))
                     for server in provider if server.tag.endswith('Server')}
            self.assertEqual({port: (kind, doors.HOST, 'SSL', account.name)
                              for port, kind in ((993, 'imap'), (995, 'pop3'), (465, 'smtp'))},
                             found)
            self.assertNotIn(on_sheet(self.out, account), content(path))
            # The server's certificate signs profiles: sheets.conf says so.
            profile = subprocess.run(
                ['openssl', 'cms', '-verify', '-inform', 'DER', '-purpose', 'any',
                 '-CAfile', '/etc/ssl/certs/ca-certificates.crt',
                 '-in', f'{self.out}/{account.name}.mobileconfig'],
                check=True, capture_output=True, text=True).stdout
            ElementTree.fromstring(profile)
            self.assertIn(f'>{account.name}<', profile)
            self.assertNotIn(on_sheet(self.out, account), profile)

    def test_no_password_elsewhere(self):
        """neither log, journal, messages nor errors.csv have a password; only root reads the sheets"""
        said = '\n'.join([self.logged, self.said, content(f'{self.out}/{JOURNAL}'),
                          str(self.errors)])
        # The log does say that it was done.
        for account in self.everybody:
            self.assertIn(f'issued a password to user {account.name}\n', self.logged)
            self.assertNotIn(on_sheet(self.out, account), said)
            self.assertNotIn(account.password, said)
        self.assertEqual(0o700, stat.S_IMODE(os.stat(self.out).st_mode))
        for name in os.listdir(self.out):
            about = os.stat(f'{self.out}/{name}')
            self.assertEqual((0, 0o600), (about.st_uid, stat.S_IMODE(about.st_mode)), name)


class Again(IssueCase):
    """A second password for an account."""

    def setUp(self):
        self.out = f'{self.make_folder()}/sheets'
        self.account = self.make(1)[0]

    def one_more(self, *options):
        status, _, said = issue('--out', self.out, *options, self.account.name)
        self.assertEqual(0, status, said)

    def test_sheets_are_replaced(self):
        """a sheet with the former password does not stay beside the new one"""
        self.one_more('--format', 'text,html,pdf')
        self.one_more('--format', 'text')
        self.assertEqual(sorted([JOURNAL, f'{self.account.name}.txt']),
                         sorted(os.listdir(self.out)))
        self.assertLetIn(self.account, on_sheet(self.out, self.account))

    def test_many_at_once(self):
        """six at once for one account, into six folders: one sheet is right, and the last one"""
        folders = [f'{self.out}-{number}' for number in range(6)]
        for folder in folders:
            self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        with ThreadPoolExecutor(len(folders)) as pool:
            done = list(pool.map(lambda folder: issue('--out', folder, '--format', 'text',
                                                      self.account.name), folders))
        self.assertEqual([0] * len(folders), [status for status, _, _ in done])
        right = [folder for folder in folders if accounts.fits(
            on_sheet(folder, self.account), stored_hash(self.account))]
        self.assertEqual(1, len(right))
        self.assertEqual(right[0], max(
            folders, key=lambda folder: os.stat(f'{folder}/{self.account.name}.txt').st_ctime_ns))
        self.assertLetIn(self.account, on_sheet(right[0], self.account))

    def test_full_disk(self):
        """a full disk: the old password stays, and the sheet of it, until there is room again"""
        os.mkdir(self.out, 0o700)
        subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=64k,mode=700', 'full', self.out],
                       check=True)
        self.addCleanup(subprocess.run, ['umount', self.out], check=True)
        self.one_more('--format', 'text')
        before = accounts.stored(self.account), on_sheet(self.out, self.account)
        with open(f'{self.out}/filler', 'wb', buffering=0) as filler:
            try:
                while filler.write(bytes(4096)):
                    pass
            except OSError:
                pass
        status, _, said = issue('--out', self.out, '--format', 'text', self.account.name)
        self.assertEqual(2, status, said)
        self.assertIn('No space left on device', said)
        self.assertEqual(before, (accounts.stored(self.account), on_sheet(self.out, self.account)))
        self.assertEqual(sorted(['filler', JOURNAL, f'{self.account.name}.txt']),
                         sorted(os.listdir(self.out)))
        os.remove(f'{self.out}/filler')
        self.one_more('--format', 'text')
        self.assertLetIn(self.account, on_sheet(self.out, self.account))


class Killed(IssueCase):
    def journal(self):
        with open(f'{self.out}/{JOURNAL}') as file:
            return [line.split('\t')[1] for line in file if line.startswith('issued\t')]

    def setUp(self):
        self.folder = self.make_folder()
        self.out = f'{self.folder}/bladen'
        self.everybody = self.make(COUNT)
        write_list(f'{self.folder}/lijst.csv',
                   [['Gebruikersnaam', 'Naam', 'Taal'],
                    *([account.name, person, language] for (account, language), person
                      in zip(languages(self.everybody), people(COUNT)))])
        self.options = ['--csv', f'{self.folder}/lijst.csv', '--out', self.out,
                        '--format', 'text,html', '--setup']

    def kill_one(self, chance):
        """Runs it until some accounts are done, and a moment more."""
        def done():
            return len(self.journal()) if os.path.exists(f'{self.out}/{JOURNAL}') else 0
        wanted = done() + chance.randrange(9)
        with open(f'{self.folder}/said', 'ab') as said:
            run = subprocess.Popen(['all2all-issue', *self.options], stdout=said, stderr=said)
        while run.poll() is None and done() < wanted:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.2))
        self.assertIsNone(run.poll(), 'it ended by itself')
        run.kill()
        run.wait()
        return [name for name in os.listdir(self.out) if '.new.' in name] \
            if os.path.exists(self.out) else []

    def test_twenty_times(self):
        """killed at random 20 times and rerun: each account has one password, that on its sheet"""
        seed = int(os.environ.get('A2A_SEED', random.SystemRandom().randrange(1000000)))
        chance = random.Random(seed)
        others = {line.split(':')[0]: line for line in content('/etc/shadow').splitlines()}
        for account in self.everybody:
            del others[account.name]
        seen = log_size()
        try:
            left = [self.kill_one(chance) for _ in range(20)]
            reached = len(self.journal())
            status, _, said = issue(*self.options)
            self.assertEqual(0, status, said)
            self.check(others, log_since(seen))
        except BaseException as error:
            raise AssertionError(f'with A2A_SEED={seed}') from error
        self.remark = (f'seed {seed}; {reached} were issued when it was killed for the last time; '
                       f'{sum(map(bool, left))} times in the middle of an account')

    def check(self, others, logged):
        endings = ('txt', 'html', 'autoconfig.xml', 'mobileconfig')
        self.assertEqual(
            sorted([JOURNAL, *(f'{account.name}.{ending}' for account in self.everybody
                               for ending in endings)]), sorted(os.listdir(self.out)))
        journal = collections.Counter(self.journal())
        self.assertEqual({account.name for account in self.everybody}, set(journal))
        lines = collections.Counter(line.split(':')[0] for line in
                                    content('/etc/shadow').splitlines())
        passwords = {}
        for account in self.everybody:
            passwords[account.name] = password = on_sheet(self.out, account)
            self.assertEqual(password, on_page(self.out, account))
            self.assertEqual(1, lines[account.name])
            self.assertTrue(accounts.fits(password, stored_hash(account)), account.name)
            self.assertNotIn(password, logged)
            self.assertNotIn(password, content(f'{self.out}/{JOURNAL}'))
        self.assertEqual(COUNT, len(set(passwords.values())))
        # Each at one port: the account's only hash is that of the sheet already.
        self.assertAllIn([(port, account, passwords[account.name]) for account, port
                          in zip(self.everybody, itertools.cycle(doors.PORTS))])
        self.assertDead(self.everybody)
        # Nobody else's line was touched.
        self.assertEqual(others, {line.split(':')[0]: line for line in
                                  content('/etc/shadow').splitlines()
                                  if line.split(':')[0] not in passwords})


class Hashes(IssueCase):
    """For mail users who are none of the machine's."""
    SCHEMES = {'yescrypt': '{CRYPT}$y$', 'bcrypt': '{BLF-CRYPT}$2y$', 'sha512': '{SHA512-CRYPT}$6$',
               'argon2id': '{ARGON2ID}$argon2id$'}
    CONFIGURATION = '/etc/dovecot/dovecot.conf'
    PASSWORDS = '/etc/dovecot/issued'

    def setUp(self):
        """Four users for each scheme, one a language, who are in no file yet."""
        self.folder = self.make_folder()
        self.lines, self.passwords = {}, {}
        for scheme, begin in self.SCHEMES.items():
            out = f'{self.folder}/{scheme}'
            users = [accounts.Account(f'virtual.{scheme}.{language}', '') for language in LANGUAGES]
            rows = ''.join(f'{user.name},{language}\n' for user, language in languages(users))
            status, output, said = issue('--csv', '-', f'--hash={scheme}', '--format', 'text',
                                         '--out', out, given='user,language\n' + rows)
            self.assertEqual(0, status, said)
            self.assertEqual([user.name for user in users],
                             [line.split(':')[0] for line in output.splitlines()])
            for user, line in zip(users, output.splitlines()):
                self.assertTrue(line.startswith(f'{user.name}:{begin}'), line)
                self.lines[user.name] = line
                self.passwords[user.name] = on_sheet(out, user)

    def test_doveadm_accepts_them(self):
        """"doveadm pw -t" accepts every hash with its sheet's password, and with no other"""
        other = accounts.strong()
        for user, line in self.lines.items():
            hashed = line.partition(':')[2]
            status, said = doors.command('doveadm', 'pw', '-t', hashed, '-p', self.passwords[user])
            self.assertEqual(0, status, f'{line}: {said}')
            self.assertNotEqual(0, doors.command('doveadm', 'pw', '-t', hashed, '-p', other)[0], line)

    def test_dovecot_lets_them_in(self):
        """as a passwd-file of Dovecot's, each hash lets its user in on 993, 995 and 465"""
        self.keep(self.CONFIGURATION)
        self.keep_absent(self.PASSWORDS)
        self.addCleanup(doors.command, 'doveadm', 'reload')
        homes = '/home/virtual'
        user = pwd.getpwnam(accounts.new().name)
        os.mkdir(homes, 0o700)
        self.addCleanup(shutil.rmtree, homes)
        os.chown(homes, user.pw_uid, user.pw_gid)
        with open(self.PASSWORDS, 'w') as file:
            os.chmod(self.PASSWORDS, 0o640)
            shutil.chown(self.PASSWORDS, group='dovecot')
            file.write(''.join(line + '\n' for line in self.lines.values()))
        replace(self.CONFIGURATION, (content(self.CONFIGURATION) + f'''
passdb {{
  driver = passwd-file
  args = username_format=%u {self.PASSWORDS}
}}
userdb {{
  driver = static
  args = uid={user.pw_uid} gid={user.pw_gid} home={homes}/%u
}}
''').encode())
        self.assertEqual((0, ''), doors.command('doveadm', 'reload'))
        everybody = [accounts.Account(name, password) for name, password in self.passwords.items()]
        # It takes a moment until all processes have it.
        browser.Browser.patiently(lambda: self.assertLetIn(everybody[0]), AssertionError, 20)
        self.assertAllIn([(port, account, account.password)
                          for account in everybody for port in doors.PORTS])
        self.assertKeptOut(everybody[0], everybody[1].password)


class Pages(IssueCase):
    """The sheets as they are seen and printed; the pictures are there to be looked at."""

    @classmethod
    def setUpClass(cls):
        cls.out = f'{cls.make_folder()}/sheets'
        cls.everybody = dict(zip(LANGUAGES, cls.make(len(LANGUAGES))))
        rows = [[account.name, person, language] for (language, account), person
                in zip(cls.everybody.items(), NAMES)]
        status, _, said = issue('--csv', '-', '--out', cls.out, '--format', 'html,pdf,text',
                                given=''.join(','.join(row) + '\n'
                                              for row in (['user', 'name', 'language'], *rows)))
        if status:
            raise AssertionError(said)

    def look_at(self, language):
        account = self.everybody[language]
        sheet = f'{self.out}/{account.name}'
        with browser.Browser(language) as window:
            window.ask('POST', window.session + '/window/rect', {'width': 900, 'height': 1400})
            window.open(f'file://{sheet}.html')
            self.assertIn(TITLES[language], window.text('h1'))
            self.assertIn(on_sheet(self.out, account), window.text())
            window.picture('sheet-html')
            # The browser's own first page has complaints of its own.
            self.assertEqual([], [words for words in window.complaints()
                                  if not words.startswith('chrome://')])
            # What it has loaded beside itself; pictures that stand in it (data:) are nothing.
            self.assertEqual([], [name for name in window.script(
                'return performance.getEntriesByType("resource").map(entry => entry.name)')
                if not name.startswith('data:')])
            self.assertTrue(window.script(
                'return [...document.images].every(image => image.naturalWidth > 0)'))
            with open(f'{sheet}.printed.pdf', 'wb') as printed:
                printed.write(window.printed())
            # On a telephone nobody has to scroll sideways.
            window.like_a_telephone(360, 800)
            self.assertEqual([360, 360], window.script(
                'return [document.documentElement.scrollWidth, innerWidth]'))
            lines = window.script('''return [...document.querySelectorAll("pre code")].map(code =>
                code.getBoundingClientRect().height / parseFloat(getComputedStyle(code).fontSize))''')
            self.assertEqual(2, len(lines))
            for height in lines:
                self.assertLess(height, 2, 'the user name or the password is broken')
            window.picture('sheet-html-telephone')
        for path, name in ((f'{sheet}.printed.pdf', 'sheet-html-printed'),
                           (f'{sheet}.pdf', 'sheet-pdf')):
            picture(path, f'{name}-{language}')
            self.assertEqual(1, pages(path), name)

    def test_french(self):
        """in French: HTML without an error or a request, one page on paper, and so is the PDF"""
        self.look_at('fr')

    def test_dutch(self):
        """in Dutch: the same"""
        self.look_at('nl')

    def test_german(self):
        """in German: the same"""
        self.look_at('de')

    def test_english(self):
        """in English: the same"""
        self.look_at('en')

    def test_webmail(self):
        """a sheet's password opens the webmail, and can be changed there"""
        account = self.make(1)[0]
        status, _, said = issue('--out', self.out, '--format', 'text', '--lang', 'fr', account.name)
        self.assertEqual(0, status, said)
        password = on_sheet(self.out, account)
        with browser.Browser('fr') as window:
            window.log_in(account, account.password)
            window.wait_for_text('#messagestack', 'échoué')
            window.log_in(account, password)
            window.in_mailbox()
            new = accounts.strong()
            window.change_password(password, new)
            window.wait_for_text('#messagestack', 'succès')
        account.password = password
        self.assertChanged(account, new)


class ForcedChange(IssueCase):
    def test_shuts_out(self):
        """--force-change: every door of this server, the webmail too, says that it expired"""
        out = self.make_folder()
        account = self.make(1)[0]
        status, _, said = issue('--out', out, '--format', 'text', '--force-change', account.name)
        self.assertEqual(0, status, said)
        self.assertEqual('0', accounts.stored(account).split(':')[2])
        password = on_sheet(out, account)
        self.assertTrue(accounts.fits(password, stored_hash(account)))
        for port, answer in doors.answers(account.name, password).items():
            self.assertIn('xpired', answer.replace('EXPIRED', 'xpired'), port)
        with browser.Browser('fr') as window:
            window.log_in(account, password)
            window.wait_for_text('#messagestack', 'échoué')
            window.picture('forced-change')
        # The way back for the administrator, with the same sheet.
        self.assertEqual((0, ''), doors.command('chage', '-d', '-1', account.name))
        self.assertLetIn(account, password)
