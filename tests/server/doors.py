# SPDX-License-Identifier: BSD-3-Clause
"""The doors of the mail server as mail programs use them: IMAPS, POP3S, SMTPS.

Certificates are checked: the tree trusts the authority that signed them."""

import email
import email.message
import email.policy
import email.utils
import imaplib
import poplib
import smtplib
import socket
import ssl
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

HOST = 'maximusconfessor.all2all.org'
DOMAIN = 'all2all.org'
PORTS = (993, 995, 465)
# A wrong password is answered after 2 seconds; a busy machine takes longer.
PATIENCE = 60

# poplib takes no longer lines than these; messages of 12 MB in one line are none of ours.
poplib._MAXLINE = 20480


def tls():
    return ssl.create_default_context()


def imap(user, password):
    """A session on 993, logged in. Raises imaplib.IMAP4.error with the server's answer."""
    session = imaplib.IMAP4_SSL(HOST, 993, ssl_context=tls(), timeout=PATIENCE)
    try:
        session.login(user, password)
    except BaseException:
        session.shutdown()
        raise
    return session


def pop(user, password):
    """A session on 995, logged in. Raises poplib.error_proto with the server's answer."""
    session = poplib.POP3_SSL(HOST, 995, context=tls(), timeout=PATIENCE)
    try:
        session.user(user)
        session.pass_(password)
    except BaseException:
        session.close()
        raise
    return session


def smtp(user=None, password=None):
    """A session on 465, logged in if a user is given. Raises smtplib.SMTPException."""
    session = smtplib.SMTP_SSL(HOST, 465, context=tls(), timeout=PATIENCE)
    try:
        session.ehlo()
        if user is not None:
            session.user, session.password = user, password
            session.auth('PLAIN', session.auth_plain)
    except BaseException:
        session.close()
        raise
    return session


def answer(port, user, password):
    """Tries to log in. Returns '' when let in, else the words of the refusal."""
    try:
        if port == 993:
            imap(user, password).logout()
        elif port == 995:
            pop(user, password).quit()
        else:
            smtp(user, password).quit()
        return ''
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        return text_of(error.args[0])
    except poplib.error_proto as error:
        return text_of(error.args[0])
    except smtplib.SMTPAuthenticationError as error:
        return f'{error.smtp_code} {text_of(error.smtp_error)}'


def answers(user, password):
    """The three ports at once (a refusal takes 2 seconds): {port: answer}."""
    with ThreadPoolExecutor(len(PORTS)) as pool:
        return dict(zip(PORTS, pool.map(lambda port: answer(port, user, password), PORTS)))


def text_of(words):
    return words.decode(errors='replace') if isinstance(words, bytes) else str(words)


def is_open(port, host='127.0.0.1'):
    try:
        socket.create_connection((host, port), timeout=5).close()
        return True
    except ConnectionRefusedError:
        return False


def message(sender, recipient, subject, text='Bonjour.\r\n'):
    letter = email.message.EmailMessage()
    letter['From'] = sender
    letter['To'] = recipient
    letter['Subject'] = subject
    letter['Date'] = email.utils.localtime()
    letter['Message-ID'] = email.utils.make_msgid(domain=DOMAIN)
    letter.set_content(text)
    return letter


def send(sender, password, recipient, subject, text='Bonjour.\r\n'):
    """From one user to another, through 465, as a mail program would."""
    letter = message(f'{sender}@{DOMAIN}', f'{recipient}@{DOMAIN}', subject, text)
    with smtp(sender, password) as session:
        session.send_message(letter)


def wait_for(user, password, subject, seconds=60):
    """The message with that subject (a part of it), once it is in the user's INBOX; else None."""
    end = time.monotonic() + seconds
    while True:
        session = imap(user, password)
        session.select('INBOX')
        found = session.search(None, 'SUBJECT', f'"{subject}"')[1][0].split()
        if found:
            content = session.fetch(found[-1], '(RFC822)')[1][0][1]
            session.logout()
            return email.message_from_bytes(content, policy=email.policy.default)
        session.logout()
        if time.monotonic() > end:
            return None
        time.sleep(0.5)


def command(*words, given=''):
    """A program of the tree: its exit status and all that it says."""
    done = subprocess.run(words, input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=120)
    return done.returncode, done.stdout
