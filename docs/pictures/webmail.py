# SPDX-License-Identifier: BSD-3-Clause
"""The password page of the webmail, refusing a password: a picture in each language.

usage: webmail.py NAME LANGUAGE...

docs/pictures/make runs this in the private tree of deploy/tree, with the modules of tests/server."""

import sys

sys.path.insert(0, '/srv/all2all/tests/server')

import accounts
import browser

REFUSED = 'Anderlecht2026'
PAGE = browser.WEBMAIL + '?_task=settings&_action=plugin.password'


def take(name, language):
    account = accounts.new(name)
    with browser.Browser(language) as window:
        window.ask('POST', window.session + '/window/rect', {'width': 1000, 'height': 700})
        window.log_in(account)
        window.in_mailbox()
        window.open(PAGE)
        window.change_password(account.password, REFUSED)
        window.wait_for_text('#messagestack', '1')
        window.picture('refused')


for language in sys.argv[2:]:
    take(sys.argv[1], language)
