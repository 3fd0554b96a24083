# SPDX-License-Identifier: BSD-3-Clause
"""Debian's Thunderbird without a screen, driven by Marionette: the protocol of Firefox for tests, in
which a message is its length, a colon and JSON. What is clicked and typed is what a user would."""

import base64
import itertools
import json
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import time

USER = 'thunderbird'
HOME = pathlib.Path('/home') / USER
POLICIES = pathlib.Path('/etc/thunderbird/policies/policies.json')
AUTHORITY = '/usr/local/share/ca-certificates/all2all-trial.crt'
PORT = 2828
PATIENCE = 90

PREFERENCES = {
    'datareporting.policy.dataSubmissionPolicyBypassNotification': True,
    'mail.shell.checkDefaultClient': False,
    'mailnews.start_page.enabled': False,
    # Marionette turns it off. Without it, the password is asked for again before the first mail.
    'signon.rememberSignons': True,
}

# The dialog that asks for the account, and the step that it shows.
HUB = '''
const hub = document.querySelector("account-hub-container")?.modal?.querySelector("account-hub-email");
const step = hub && [...hub.querySelectorAll(".account-hub-step")].find(one => !one.hidden);
'''
# The account and its inbox.
INBOX = '''
const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const account = MailServices.accounts.accounts.find(one => one.incomingServer.type == "imap");
const inbox = account?.incomingServer.rootFolder.getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox);
const pane = document.getElementById("tabmail").currentAbout3Pane;
'''


def prepare():
    """A user of the machine who is nobody's mailbox, and the trust in the tree's authority."""
    subprocess.run(['useradd', '--create-home', USER], check=True)
    POLICIES.parent.mkdir(parents=True, exist_ok=True)
    POLICIES.write_text(json.dumps({'policies': {'Certificates': {'Install': [AUTHORITY]}}}))


def clean_up():
    POLICIES.unlink()
    subprocess.run(['userdel', '--remove', USER], check=True, capture_output=True)


class Thunderbird:
    """One that has no account yet. Use it with `with`."""

    def __init__(self):
        self.profile = HOME / 'profile'
        self.process = self.connection = None

    def __enter__(self):
        entry = pwd.getpwnam(USER)
        shutil.rmtree(self.profile, ignore_errors=True)
        self.profile.mkdir(mode=0o700)
        (self.profile / 'user.js').write_text(''.join(
            f'user_pref({json.dumps(name)}, {json.dumps(value)});\n'
            for name, value in PREFERENCES.items()))
        for path in (self.profile, self.profile / 'user.js'):
            os.chown(path, entry.pw_uid, entry.pw_gid)
        self.log = open('/srv/results/thunderbird.log', 'wb')
        self.process = subprocess.Popen(
            ['thunderbird', '--headless', '--no-remote', '--profile', self.profile,
             '--marionette', '--remote-allow-system-access'],
            user=USER, group=entry.pw_gid, extra_groups=[], cwd=HOME, start_new_session=True,
            env={'HOME': str(HOME), 'PATH': '/usr/bin:/bin', 'LANG': 'C.UTF-8'},
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        try:
            self.connect()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.connection:
            self.connection.close()
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.log.close()

    # ---- Marionette ---------------------------------------------------------------------------

    def connect(self):
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.connection = socket.create_connection(('127.0.0.1', PORT), timeout=PATIENCE)
                break
            except OSError:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise
                time.sleep(0.1)
        self.stream = self.connection.makefile('rb')
        self.numbers = itertools.count(1)
        self.receive()  # it says first who it is
        self.command('WebDriver:NewSession')
        # The program itself, not a page that it shows.
        self.command('Marionette:SetContext', value='chrome')

    def receive(self):
        digits = b''
        while (byte := self.stream.read(1)) != b':':
            if not byte:
                raise EOFError('Thunderbird has ended: see thunderbird.log in the results')
            digits += byte
        return json.loads(self.stream.read(int(digits)))

    def command(self, name, **parameters):
        text = json.dumps([0, next(self.numbers), name, parameters]).encode()
        self.connection.sendall(str(len(text)).encode() + b':' + text)
        _, _, error, result = self.receive()
        if error:
            raise RuntimeError(f'{name}: {error["message"]}')
        return result

    def script(self, text, *arguments):
        """What the function with this body returns."""
        return self.command('WebDriver:ExecuteScript', script=text, args=arguments,
                            sandbox='system')['value']

    def until(self, text, *arguments):
        """Repeats the script until it returns something that is true."""
        end = time.monotonic() + PATIENCE
        while not (value := self.script(text, *arguments)):
            if time.monotonic() > end:
                raise TimeoutError(f'{text}\nshown: {self.shown()}')
            time.sleep(0.1)
        return value

    def shown(self):
        return self.script(HUB + 'return step ? `${step.id}: ${step.textContent}` : "no dialog"')

    def picture(self, path):
        data = self.command('WebDriver:TakeScreenshot', full=False)['value']
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    # ---- An account ---------------------------------------------------------------------------

    def wait_step(self, name):
        self.until(HUB + 'return step?.id == arguments[0]', name)

    def fill(self, field, value):
        self.script(HUB + '''
            const field = step.querySelector(arguments[0]);
            field.value = arguments[1];
            field.dispatchEvent(new Event("input", {bubbles: true}));
        ''', field, value)

    def go_on(self):
        self.until(HUB + '''
            const button = hub.querySelector("account-hub-footer #forward");
            if (button.hidden || button.disabled) return false;
            button.click();
            return true;
        ''')

    def ask(self, name, address):
        """Types name and address. Returns the settings that it has found by itself."""
        self.wait_step('emailAutoConfigSubview')
        self.fill('#realName', name)
        self.fill('#email', address)
        self.go_on()
        self.wait_step('emailConfigFoundSubview')
        return self.script(HUB + '''
            const names = ["incomingType", "incomingHost", "incomingPort", "outgoingHost",
                           "outgoingPort", "sharedUsername"];
            return names.map(name => step.querySelector("#" + name).textContent);
        ''')

    def log_in(self, password):
        self.go_on()
        self.wait_step('emailPasswordSubview')
        self.fill('#password', password)
        self.go_on()
        self.wait_step('emailAddedSuccessSubview')
        self.go_on()

    def pop3(self, xml):
        """What its own reader makes of the POP3 server of a set-up file."""
        return self.script('''
            const {readFromXML} = ChromeUtils.importESModule(
                "resource:///modules/accountcreation/readFromXML.sys.mjs");
            const {JXON} = ChromeUtils.importESModule("resource:///modules/JXON.sys.mjs");
            const tree = new DOMParser().parseFromString(arguments[0], "text/xml");
            const config = readFromXML(JXON.build(tree), "");
            const one = [config.incoming, ...config.incomingAlternatives].find(
                server => server.type == "pop3");
            return {port: one.port, leave: one.leaveMessagesOnServer};
        ''', xml)

    # ---- Mail ---------------------------------------------------------------------------------

    def read(self, subject, words):
        """Opens the message of this subject in the inbox, and waits until its text is shown."""
        self.until(INBOX + '''
            if (!inbox) return false;
            inbox.updateFolder(null);
            return [...inbox.messages].some(one => one.mime2DecodedSubject == arguments[0]);
        ''', subject)
        self.until(INBOX + '''
            if (pane.gFolder != inbox) pane.displayFolder(inbox);
            const view = pane.gDBView;
            for (let row = 0; row < (view?.rowCount ?? 0); row++)
                if (view.getMsgHdrAt(row).mime2DecodedSubject == arguments[0]) {
                    pane.threadTree.selectedIndex = row;
                    return true;
                }
            return false;
        ''', subject)
        self.until('''
            const {messageBrowser} = document.getElementById("tabmail").currentAbout3Pane;
            const page = messageBrowser.contentWindow.getMessagePaneBrowser().contentDocument;
            return page?.body?.textContent.includes(arguments[0]);
        ''', words)

    def windows(self):
        return self.command('WebDriver:GetWindowHandles')

    def send(self, recipient, subject, text):
        """Writes a message in its window, and waits until the window is gone."""
        main = self.command('WebDriver:GetWindowHandle')['value']
        self.script('MsgNewMessage()')
        end = time.monotonic() + PATIENCE
        while len(handles := self.windows()) < 2 and time.monotonic() < end:
            time.sleep(0.1)
        self.command('WebDriver:SwitchToWindow', handle=next(h for h in handles if h != main))
        self.until('return document.readyState == "complete" && !!window.gMsgCompose?.editor')
        self.script('''
            const [recipient, subject, text] = arguments;
            for (const [id, value] of [["toAddrInput", recipient], ["msgSubject", subject]]) {
                const field = document.getElementById(id);
                field.value = value;
                field.dispatchEvent(new Event("input", {bubbles: true}));
                field.blur();
            }
            document.getElementById("messageEditor").contentDocument.execCommand(
                "insertText", false, text);
        ''', recipient, subject, text)
        self.until('''
            const button = document.getElementById("button-send");
            if (button.disabled) return false;
            button.click();
            return true;
        ''')
        while len(self.windows()) > 1:
            if time.monotonic() > end:
                raise TimeoutError('the window of the message stays open')
            time.sleep(0.1)
        self.command('WebDriver:SwitchToWindow', handle=main)
