#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Asks zsh at a terminal what it offers to complete a line.

zsh_offers.py COMPLETION <LINES

COMPLETION is a file of completions. Prints for each line of standard input what the Tab key offers
behind it: the words on one line, sorted, with a tab after each.
"""

import os
import pty
import select
import sys
import tempfile
import time

SETUP = r"""
unsetopt auto_list auto_menu list_ambiguous beep prompt_sp
PS1= PS2=
fpath=({folder} $fpath)
autoload -Uz compinit
compinit -u -D
# What is offered is noted, not shown; a completion that only fills arrays is left alone.
compadd() {{
	local -a hits
	if [[ ${{@[1,(i)(-|--)]}} == *-[a-zA-Z]#[OAD]\ * ]]; then
		builtin compadd "$@"
		return
	fi
	builtin compadd -A hits "$@"
	# What precedes the word in the line, such as --color=, is part of it.
	(( $#hits )) && print -rl -- $IPREFIX$^hits >>{noted}
	builtin compadd "$@"
}}
tab() {{ zle complete-word; zle kill-buffer; : >{folder}/tabbed }}
zle -N tab
bindkey '^I' tab
print re''ady
"""


def main():
    completion = os.path.abspath(sys.argv[1])
    lines = sys.stdin.read().splitlines()
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(completion, folder + "/_all2all")
        noted, tabbed = folder + "/noted", folder + "/tabbed"
        with open(folder + "/setup", "w", encoding="utf-8") as file:
            file.write("setopt extended_glob\n" + SETUP.format(folder=folder, noted=noted))
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ.update(TERM="dumb", HISTFILE="", ZDOTDIR=folder)
            os.execvp("zsh", ["zsh", "-f", "-i"])
        seen = b""

        def wait(until):
            nonlocal seen
            end = time.monotonic() + 60
            while not until():
                if time.monotonic() > end:
                    sys.exit("zsh does not answer: " + seen[-500:].decode(errors="replace"))
                if select.select([terminal], [], [], 0.02)[0]:
                    seen += os.read(terminal, 65536)

        os.write(terminal, f". {folder}/setup\n".encode())
        wait(lambda: b"\nready" in seen)
        for line in lines:
            for old in (noted, tabbed):
                if os.path.exists(old):
                    os.unlink(old)
            os.write(terminal, line.encode() + b"\t")
            wait(lambda: os.path.exists(tabbed))
            offered = []
            if os.path.exists(noted):
                with open(noted, encoding="utf-8") as file:
                    offered = file.read().splitlines()
            print("".join(word + "\t" for word in sorted(set(offered))), flush=True)
        os.close(terminal)
        os.waitpid(pid, 0)


main()
