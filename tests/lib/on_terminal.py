#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs a command on a terminal, and prints what it writes there.

on_terminal.py [--only-errors] COLUMNS COMMAND...

Standard output and standard error of the command are a terminal of so many columns; with
--only-errors, standard error alone. Standard input is this program's. The exit status is that of
the command. A carriage return in front of a newline is the terminal's, and is left out.
"""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

arguments = sys.argv[1:]
only_errors = arguments[0] == "--only-errors"
columns, command = int(arguments[only_errors]), arguments[only_errors + 1 :]
master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
process = subprocess.Popen(command, stdout=None if only_errors else slave, stderr=slave)
os.close(slave)
seen = b""
while True:
    try:
        part = os.read(master, 65536)
    except OSError:  # Linux says so when nobody has the terminal open any more.
        break
    if not part:
        break
    seen += part
status = process.wait()
sys.stdout.buffer.write(seen.replace(b"\r\n", b"\n"))
sys.exit(status if status >= 0 else 128 - status)
