# SPDX-License-Identifier: BSD-3-Clause
"""Chromium, driven through chromedriver by W3C WebDriver, with nothing but the standard library."""

import base64
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from case import RESULTS

WEBMAIL = 'https://twig.all2all.org/'
ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'  # the name that the standard gives it
SCREENSHOTS = pathlib.Path('/srv/screenshots')  # .cache/mail/screenshots


class NotThere(Exception):
    """No such element, or not yet one that can be used."""


class Browser:
    """One window, with a profile of its own, in one language."""

    def __init__(self, language):
        self.language = language
        self.profile = tempfile.mkdtemp(prefix='browser.')
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            port = free.getsockname()[1]
        self.log = open(os.path.join(RESULTS, 'chromedriver.log'), 'ab')
        self.driver = subprocess.Popen(['chromedriver', f'--port={port}'],
                                       stdout=self.log, stderr=self.log)
        self.base = f'http://127.0.0.1:{port}'
        try:
            self.trust_the_authority()
            self.session = None
            session = self.patiently(lambda: self.ask('POST', '/session', {
                'capabilities': {'alwaysMatch': {
                    'timeouts': {'script': 60000},
                    'goog:loggingPrefs': {'browser': 'ALL'}, 'goog:chromeOptions': {
                    'args': ['--headless=new', '--no-sandbox', '--disable-gpu',
                             '--window-size=1400,900', f'--accept-lang={language}',
                             f'--user-data-dir={self.profile}/chromium']}}}}), OSError)
            self.session = f'/session/{session["sessionId"]}'
        except BaseException:
            self.close()
            raise

    def trust_the_authority(self):
        """As a user's browser would trust a real one: no warning about certificates is passed by."""
        store = pathlib.Path.home() / '.pki/nssdb'
        if store.exists():
            return
        store.mkdir(parents=True)
        for options in (['-N', '--empty-password'],
                        ['-A', '-n', 'trial', '-t', 'C,,', '-i',
                         '/usr/local/share/ca-certificates/all2all-trial.crt']):
            subprocess.run(['certutil', '-d', f'sql:{store}', *options], check=True)

    def close(self):
        try:
            if getattr(self, 'session', None):
                self.ask('DELETE', self.session)
        finally:
            self.driver.terminate()
            self.driver.wait(timeout=30)
            self.log.close()
            shutil.rmtree(self.profile, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # ---- The protocol ----------------------------------------------------------------------------

    def ask(self, method, path, body=None):
        request = urllib.request.Request(
            self.base + path, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={'Content-Type': 'application/json'})
        try:
            with urllib.request.urlopen(request, timeout=90) as answer:
                return json.load(answer)['value']
        except urllib.error.HTTPError as error:
            value = json.load(error)['value']
            if value['error'] in ('no such element', 'element not interactable',
                                  'stale element reference', 'element click intercepted'):
                raise NotThere(value['message'].splitlines()[0]) from None
            raise RuntimeError(value['message']) from None

    @staticmethod
    def patiently(action, error=NotThere, seconds=60):
        """Until it works."""
        end = time.monotonic() + seconds
        while True:
            try:
                return action()
            except error:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    # ---- What a person does ----------------------------------------------------------------------

    def open(self, address):
        self.ask('POST', self.session + '/url', {'url': address})

    def find(self, selector):
        element = self.ask('POST', self.session + '/element',
                           {'using': 'css selector', 'value': selector})
        return f'{self.session}/element/{element[ELEMENT]}'

    def type(self, selector, text):
        def do():
            element = self.find(selector)
            self.ask('POST', element + '/clear', {})
            self.ask('POST', element + '/value', {'text': text})
        self.patiently(do)

    def click(self, selector):
        self.patiently(lambda: self.ask('POST', self.find(selector) + '/click', {}))

    def text(self, selector='body'):
        return self.patiently(lambda: self.ask('GET', self.find(selector) + '/text'))

    def attribute(self, selector, name):
        return self.patiently(
            lambda: self.ask('GET', f'{self.find(selector)}/attribute/{name}'))

    def script(self, text):
        return self.ask('POST', self.session + '/execute/sync', {'script': text, 'args': []})

    def script_later(self, text):
        """What the script hands to done()."""
        return self.ask('POST', self.session + '/execute/async', {
            'script': f'var done = arguments[arguments.length - 1]; {text}', 'args': []})

    def complaints(self):
        """What the page has brought onto the browser's console since it was asked last."""
        return [entry['message'] for entry in
                self.ask('POST', self.session + '/se/log', {'type': 'browser'})]

    def like_a_telephone(self, width, height):
        self.ask('POST', self.session + '/goog/cdp/execute', {
            'cmd': 'Emulation.setDeviceMetricsOverride', 'params': {
                'width': width, 'height': height, 'deviceScaleFactor': 1, 'mobile': True}})

    def printed(self):
        """The page on paper, A4, as a PDF; its margins are the page's own."""
        return base64.b64decode(self.ask('POST', self.session + '/print', {
            'page': {'width': 21.0, 'height': 29.7}, 'background': True, 'shrinkToFit': False}))

    def wait_for_text(self, selector, words, seconds=60):
        """All of the element's text, once it has these words."""
        def look():
            text = self.ask('GET', self.find(selector) + '/text')
            if words not in text:
                raise NotThere(f'{words!r} is not in {text!r}')
            return text
        return self.patiently(look, seconds=seconds)

    def picture(self, name):
        picture = self.ask('GET', self.session + '/screenshot')
        name = re.sub(r'[^a-z0-9-]+', '-', name.lower())
        (SCREENSHOTS / f'{name}-{self.language}.png').write_bytes(base64.b64decode(picture))

    # ---- The webmail -----------------------------------------------------------------------------

    def log_in(self, account, password=None):
        """Fills in the form of the first page; whether it worked is the caller's to see."""
        self.open(WEBMAIL)
        self.type('#rcmloginuser', account.name)
        self.type('#rcmloginpwd', account.password if password is None else password)
        self.click('#rcmloginsubmit')

    def in_mailbox(self):
        """Waits for the list of messages, and until the page has all that it asks the server for, as
        a person does: Roundcube may forget a message that is begun in the meantime."""
        def at_rest():
            self.find('#messagelist')
            if not self.script('return !!window.rcmail && !rcmail.busy && jQuery.active === 0'):
                raise NotThere('the page is still loading')
        self.patiently(at_rest)

    def change_password(self, old, new, again=None):
        self.open(WEBMAIL + '?_task=settings&_action=plugin.password')
        self.type('#curpasswd', old)
        self.type('#newpasswd', new)
        self.type('#confpasswd', new if again is None else again)
        # The page that comes is another one: by this, the old one is known.
        self.script('document.body.dataset.before = "yes"')
        self.click('#password-form ~ .formbuttons button, button.submit')

        def other_page():
            if self.script('return document.body === null || document.body.dataset.before'):
                raise NotThere('still the page before')
        self.patiently(other_page)

    def said(self):
        """The messages at the edge of the page."""
        return ' '.join(self.text('#messagestack').split())
