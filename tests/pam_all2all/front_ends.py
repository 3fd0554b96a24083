#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""The password dialogs of two desktops, which drive passwd(1) by what it prints.

    front_ends.py UID OLD NEW SERVICE-FILE STACK

Both dialogs know only some English words. When none of these comes after a refusal, they wait for
ever. This program goes through the same states, as passwd(1) sees them: GNOME's
(gnome-control-center, panels/user-accounts/run-passwd.c) and MATE's (mate-control-center,
capplets/about-me/mate-about-me-password.c). For each rule and each setting of the languages, a
dialog must end with a refusal that its user understands. A good password must be set.

STACK is the text of the service file, with @ARGUMENTS@ in the place of our arguments.
"""
import os
import select
import signal
import subprocess
import sys
import time

SECONDS = 20  # after which a dialog counts as hung
READ = 64     # bytes at once, as both of them do
OLD_WRONG = ("failure", "wrong", "error")

SHORT = "too short"
SIMPLE = "too simple"
SIMILAR = "too similar to the old one"

# What a dialog tells its user when it finds one of these words, in the order in which it looks. The
# last rows are words that end the wait without a reason that fits.
GNOME = [
    (("recovered",), "system error"),
    (("short", "longer"), SHORT),
    (("palindrome", "simple", "simplistic", "dictionary"), SIMPLE),
    (("similar", "different", "case", "wrapped"), SIMILAR),
    (("recent",), "used recently"),
    (("1 numeric or special",), "needs digits"),
    (("unchanged", "match"), "same as the old one"),
    (("failure",), "authenticate again"),
    (("DIFFERENT", "BAD PASSWORD"), "unknown error"),
]
MATE = [
    (("recovered",), "system error"),
    (("short", "longer"), SHORT),
    (("palindrome", "simpl", "dictionary"), SIMPLE),
    (("similar", "different", "case", "wrapped"), SIMILAR),
    (("1 numeric or special",), "needs digits"),
    (("unchanged", "match"), "same as the old one"),
    (("recent",), "used recently"),
    (("failure",), "authenticate again"),
]

LANGUAGES = ["", "lang=fr,nl", "lang=de suggest", "lang=fr,nl,de,en suggest"]

# rule, arguments, password, what a dialog should say
RULES = [
    ("not-text", "", "k7mv\ttq2x9", SIMPLE),
    ("too-short", "", "k7m", SHORT),
    ("too-long", "max_length=40", "k7mvtq2xr9" * 5, SIMPLE),
    ("no-letter", "", "4928175360", SIMPLE),
    ("no-digit", "", "kmvtqwxrzp", SIMPLE),
    ("person", "", "7Delvaux9", SIMPLE),
    ("old-password", "", "@OLD@x", SIMILAR),
    ("dictionary-word", "", "Wachtwoord1", SIMPLE),
    ("leaked", "", "1q2w3e4r", SIMPLE),
    ("guessable", "", "9876edoc", SIMPLE),
    ("second-opinion", "ucredit=-2", "k7mvtq2xr9", SIMPLE),
]


class Dialog:
    def __init__(self, words, environment, ignores_sigpipe, uid, old):
        self.words = words
        self.environment = environment
        self.ignores_sigpipe = ignores_sigpipe
        self.uid = uid
        self.old = old

    def as_user(self):
        # Python ignores SIGPIPE; a dialog's child has it as the dialog left it.
        signal.signal(signal.SIGPIPE,
                      signal.SIG_IGN if self.ignores_sigpipe else signal.SIG_DFL)
        os.setgroups([])
        os.setresgid(self.uid, self.uid, self.uid)
        os.setresuid(self.uid, self.uid, -1)

    def change(self, new):
        """Returns what the user is told, or None when nothing comes any more."""
        passwd = subprocess.Popen(["/usr/bin/passwd"], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
                                  env=self.environment, preexec_fn=self.as_user)
        # Both dialogs close the pipe of standard output: dup2(my_stderr, my_stdout).
        passwd.stdout.close()
        try:
            return self.converse(passwd, new)
        finally:
            passwd.kill()
            passwd.wait()
            passwd.stdin.close()
            passwd.stderr.close()

    def converse(self, passwd, new):
        answers = [self.old, new, new]
        state, text = "none", ""
        end = time.monotonic() + SECONDS
        while True:
            left = end - time.monotonic()
            if left <= 0 or not select.select([passwd.stderr], [], [], left)[0]:
                return None
            piece = os.read(passwd.stderr.fileno(), READ)
            if not piece:
                # The dialogs learn of the end by the child's status, and only in this state.
                return "changed" if passwd.wait() == 0 and state == "retype" else None
            text += piece.decode("utf-8", "replace")
            prompt = "assword: " in text
            if state == "none" and prompt:
                assert "new" not in text and "New" not in text, text
                state = "authenticate"
            elif state == "authenticate" and (prompt or any(word in text for word in OLD_WRONG)):
                if not prompt:
                    return "wrong old password"
                state = "new"
            elif state == "new" and prompt:
                state = "retype"
            elif state == "retype":
                if "successfully" in text:
                    return "changed"
                for words, told in self.words:
                    if any(word in text for word in words):
                        return told
                continue
            else:
                continue
            text = ""
            os.write(passwd.stdin.fileno(), answers.pop(0).encode() + b"\n")


def main():
    uid, old, new, service, stack = int(sys.argv[1]), *sys.argv[2:]
    environment = dict(os.environ, LC_ALL="C")
    dialogs = {
        "GNOME": Dialog(GNOME, environment, True, uid, old),
        "MATE": Dialog(MATE, {}, False, uid, old),
    }
    failures = done = 0

    def expect(dialog, arguments, password, wanted, what):
        nonlocal failures, done
        with open(service, "w", encoding="utf-8") as file:
            file.write(stack.replace("@ARGUMENTS@", arguments))
        told = dialogs[dialog].change(password)
        done += 1
        if told != wanted:
            failures += 1
            print(f"FAILED: {dialog}: {what}, {arguments}: the user is told {told!r}, "
                  f"not {wanted!r}")

    for dialog in dialogs:
        for language in LANGUAGES:
            for rule, arguments, password, wanted in RULES:
                expect(dialog, f"{arguments} {language}", password.replace("@OLD@", old), wanted,
                       rule)
    expect("GNOME", "lang=fr,nl", new, "changed", "a good one")
    print(f"{done} dialogs, {failures} wrong")
    return 1 if failures or not done else 0


if __name__ == "__main__":
    sys.exit(main())
