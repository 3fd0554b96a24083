# SPDX-License-Identifier: BSD-3-Clause
"""Mail programs that set themselves up: what nginx publishes, and a Thunderbird that is given a name,
an address and a password."""

import plistlib
import re
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree

import browser
import thunderbird
from case import MailCase, accounts, doors, log_since, log_size

AUTOCONFIG = f'https://autoconfig.{doors.DOMAIN}'
AUTODISCOVER = f'https://autodiscover.{doors.DOMAIN}'
VIRTUAL = '/etc/postfix/virtual'
ROUNDCUBE = '/var/lib/dbconfig-common/sqlite3/roundcube/roundcube'
QUESTION = b'''<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
<Request><EMailAddress>user0001@all2all.org</EMailAddress><AcceptableResponseSchema>
http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a
</AcceptableResponseSchema></Request></Autodiscover>'''


def fetch(address, data=None):
    """Status, type and content, without following."""
    request = urllib.request.Request(address, data, {'Content-Type': 'text/xml'} if data else {})
    try:
        with urllib.request.urlopen(request, timeout=doors.PATIENCE) as answer:
            return answer.status, answer.headers['Content-Type'], answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers['Content-Type'], b''


class SetupCase(MailCase):
    def give_alias(self, address, account):
        """As deploy/README.md says, step 6."""
        self.addCleanup(subprocess.run, ['mail-aliases'], check=True)
        self.keep(VIRTUAL)
        with open(VIRTUAL, 'a') as file:
            file.write(f'{address} {account.name}\n')
        subprocess.run(['mail-aliases'], check=True)
        # The file is looked at again when its time has changed, which counts in seconds.
        time.sleep(1.1)


class Published(SetupCase):
    """What nginx publishes."""

    def test_autoconfig(self):
        """Mozilla's file, in both places, the same for everybody"""
        status, kind, content = fetch(f'{AUTOCONFIG}/mail/config-v1.1.xml')
        self.assertEqual((200, 'text/xml'), (status, kind))
        provider = ElementTree.fromstring(content).find('emailProvider')
        found = {int(server.findtext('port')): (server.findtext('hostname'),
                                                server.findtext('socketType'),
                                                server.findtext('username'))
                 for server in provider if server.tag.endswith('Server')}
        self.assertEqual({port: (doors.HOST, 'SSL', '%EMAILADDRESS%') for port in doors.PORTS},
                         found)
        for address in ('user0001@all2all.org', 'nobody@all2all.org', 'EVOLUTIONUSER@all2all.org'):
            for place in ('/mail', '/.well-known/autoconfig/mail'):
                again = fetch(f'{AUTOCONFIG}{place}/config-v1.1.xml?emailaddress={address}')
                self.assertEqual((200, 'text/xml', content), again, (address, place))

    def test_autodiscover(self):
        """Outlook's question by POST, in its own capitals, answered"""
        for path in ('/autodiscover/autodiscover.xml', '/Autodiscover/Autodiscover.xml',
                     '/AutoDiscover/AutoDiscover.xml'):
            for host in (AUTODISCOVER, f'https://{doors.HOST}'):  # by its name, and by SRV
                status, kind, content = fetch(host + path, QUESTION)
                self.assertEqual((200, 'text/xml'), (status, kind), host + path)
                names = '{http://schemas.microsoft.com/exchange/autodiscover/outlook/' \
                        'responseschema/2006a}'
                found = [(protocol.findtext(names + 'Type'), protocol.findtext(names + 'Server'),
                          int(protocol.findtext(names + 'Port')))
                         for protocol in ElementTree.fromstring(content).iter(names + 'Protocol')]
                self.assertEqual([('IMAP', doors.HOST, 993), ('POP3', doors.HOST, 995),
                                  ('SMTP', doors.HOST, 465)], found)
        self.assertEqual(413, fetch(f'{AUTODISCOVER}/autodiscover/autodiscover.xml',
                                    b'x' * 20000)[0])

    def test_profiles(self):
        """profiles for Apple devices, signed by the server's certificate, of the right type"""
        for language in ('fr', 'nl', 'de', 'en'):
            status, kind, content = fetch(f'{AUTOCONFIG}/{language}.mobileconfig')
            self.assertEqual((200, 'application/x-apple-aspen-config'), (status, kind))
            verified = subprocess.run(
                ['openssl', 'cms', '-verify', '-inform', 'DER', '-purpose', 'any',
                 '-CAfile', thunderbird.AUTHORITY], input=content, capture_output=True)
            self.assertEqual(0, verified.returncode, verified.stderr)
            account = plistlib.loads(verified.stdout)['PayloadContent'][0]
            self.assertEqual((doors.HOST, 993, doors.HOST, 465),
                             (account['IncomingMailServerHostName'],
                              account['IncomingMailServerPortNumber'],
                              account['OutgoingMailServerHostName'],
                              account['OutgoingMailServerPortNumber']))
            self.assertNotIn('EmailAddress', account)

    def test_nothing_else(self):
        for path in ('/', '/mail/', '/mail', '/all2all.org.zone', '/autodiscover/',
                     '/mail/../../all2all.org/', '/it.mobileconfig', '/.git/'):
            for host in (AUTOCONFIG, AUTODISCOVER, f'https://{doors.HOST}'):
                # 400: the path leads out of the folder.
                self.assertIn(fetch(host + path)[0], (400, 404), host + path)

    def test_no_other_certificate(self):
        """a name that is not served gets no certificate of another one"""
        for name in (doors.DOMAIN, 'www.example.org', 'autoconfig.customer.example'):
            with socket.create_connection(('127.0.0.1', 443), timeout=doors.PATIENCE) as plain:
                with self.assertRaises(ssl.SSLError) as caught:
                    doors.tls().wrap_socket(plain, server_hostname=name)
            self.assertEqual('TLSV1_UNRECOGNIZED_NAME', caught.exception.reason, name)

    def test_names_in_the_certificate(self):
        """imap. and smtp. of the domain, which programs try, are in the certificate"""
        for host, port in (('imap', 993), ('smtp', 465)):
            name = f'{host}.{doors.DOMAIN}'
            with socket.create_connection((name, port), timeout=doors.PATIENCE) as plain:
                with doors.tls().wrap_socket(plain, server_hostname=name) as session:
                    self.assertIn(('DNS', name), session.getpeercert()['subjectAltName'])

    def test_hosted_domains(self):
        """the names of a domain that is hosted lead by http to the files"""
        for name in ('autoconfig', 'autodiscover'):
            path = '/mail/config-v1.1.xml'
            with socket.create_connection(('127.0.0.1', 80), timeout=doors.PATIENCE) as session:
                session.sendall(f'GET {path} HTTP/1.1\r\nHost: {name}.customer.example\r\n'
                                'Connection: close\r\n\r\n'.encode())
                said = session.makefile('rb').read().decode()
            self.assertIn(' 302 ', said.splitlines()[0])
            self.assertIn(f'Location: {AUTOCONFIG}{path}\r\n', said)


class Aliases(SetupCase):
    """Users who log in with an address that is not their user name."""

    def setUp(self):
        self.account, self.other = accounts.new(), accounts.new('Piet Peeters')

    def test_login(self):
        """an address logs its user in, with the user's password only, and until it is taken away"""
        address = f'marie.{self.account.name}@{doors.DOMAIN}'
        alias = accounts.Account(address, self.account.password)
        self.assertKeptOut(alias, alias.password)
        self.give_alias(address, self.account)
        before = log_size()
        self.assertLetIn(alias)
        self.assertEqual('', doors.answer(993, address.upper(), alias.password))
        self.assertIn(f'imap-login: Login: user=<{self.account.name}>', log_since(before))
        self.assertKeptOut(alias, self.other.password)
        self.assertNotEqual('', doors.answer(993, address, ''))
        # Only the whole address is the user's.
        self.assertNotEqual('', doors.answer(993, address.partition('@')[0], alias.password))
        self.doCleanups()
        time.sleep(1.1)
        self.assertNotEqual('', doors.answer(993, address, alias.password))

    def test_one_user_only(self):
        """an address of several users, or of another machine, logs nobody in"""
        self.give_alias(f'office.{self.account.name}@{doors.DOMAIN}',
                        accounts.Account(f'{self.account.name}, {self.other.name}', ''))
        self.give_alias(f'far.{self.account.name}@{doors.DOMAIN}',
                        accounts.Account('somebody@example.org', ''))
        with open('/etc/dovecot/aliases') as file:
            self.assertNotIn(self.account.name, file.read())

    def test_webmail(self):
        """the webmail takes the address for its user too, with one set of preferences"""
        address = f'marie.{self.account.name}@{doors.DOMAIN}'
        self.give_alias(address, self.account)
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        webmail = f'https://twig.{doors.DOMAIN}/'
        page = opener.open(webmail, timeout=doors.PATIENCE).read().decode()
        token = re.search(r'name="_token" value="(\w+)"', page)[1]
        page = opener.open(f'{webmail}?_task=login', urllib.parse.urlencode({
            '_task': 'login', '_action': 'login', '_token': token, '_user': address,
            '_pass': self.account.password}).encode(), timeout=doors.PATIENCE).read().decode()
        self.assertTrue('"task":"mail"' in page, 'it does not show the mailbox')
        status, said = doors.command(
            'sqlite3', '-readonly', ROUNDCUBE,
            'SELECT username, email FROM users JOIN identities USING (user_id) '
            f"WHERE username IN ('{address}', '{self.account.name}')")
        self.assertEqual((0, f'{self.account.name}|{address}\n'), (status, said))


class Found(SetupCase):
    """Debian's Thunderbird, headless."""

    @classmethod
    def setUpClass(cls):
        thunderbird.prepare()
        cls.addClassCleanup(thunderbird.clean_up)

    def set_up(self, person, account, address, picture=None):
        """Name, address and password: it finds the rest, reads a message, and sends one that comes
        back to the address."""
        doors.send(account.name, account.password, account.name, 'Bienvenue',
                   'Le premier message.\r\n')
        self.assertIsNotNone(doors.wait_for(account.name, account.password, 'Bienvenue'))
        before = log_size()
        with thunderbird.Thunderbird() as program:
            self.assertEqual(['imap', doors.HOST, '993', doors.HOST, '465', address],
                             program.ask(person, address))
            if picture:
                program.picture(browser.SCREENSHOTS / picture)
            program.log_in(account.password)
            program.read('Bienvenue', 'Le premier message.')
            program.send(address, 'Retour', 'Par Thunderbird.')
            program.read('Retour', 'Par Thunderbird.')
            pop3 = program.pop3(fetch(f'{AUTOCONFIG}/mail/config-v1.1.xml')[2].decode())
        self.assertEqual({'port': 995, 'leave': False}, pop3)
        letter = doors.wait_for(account.name, account.password, 'Retour')
        self.assertIn('Thunderbird', letter['User-Agent'])
        self.assertIn(address, letter['From'])
        said = log_since(before)
        self.assertRegex(said, rf'imap-login: Login: user=<{account.name}>.* TLS')
        self.assertRegex(said, rf'postfix/smtps/smtpd.*sasl_username={account.name}\n')
        self.assertNotIn('auth failed', said)

    def test_first_user(self):
        """Thunderbird finds the settings, logs in, reads and sends: a user"""
        account = accounts.new()
        self.set_up('Marie Delvaux', account, f'{account.name}@{doors.DOMAIN}', 'thunderbird.png')

    def test_second_user(self):
        """the same for another user, who is not offered the first one's name"""
        account = accounts.new('Jörg Müßig')
        self.set_up('Jörg Müßig', account, f'{account.name}@{doors.DOMAIN}')

    def test_alias(self):
        """the same for an address that is not the user name"""
        account = accounts.new('Piet Peeters')
        address = f'piet.peeters@{doors.DOMAIN}'
        self.give_alias(address, account)
        self.set_up('Piet Peeters', account, address)
