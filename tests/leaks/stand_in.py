#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Stands behind nginx for what nginx does not do: a service of ranges with faults.

usage: stand_in.py FOLDER PORT-FILE

/FAULT/PREFIX answers with the file of this name in FOLDER, and with its Content-MD5. Two ranges have
the fault: 00007, and 0003F, which is the last one that the test asks for. With /once-FAULT/PREFIX
they have it at the first question only. With /once-all/PREFIX, each range has one of the faults at
the first question. It writes its port to PORT-FILE.
"""

import base64
import gzip
import hashlib
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FOLDER, PORT_FILE = sys.argv[1:3]
FAULTY = ("00007", "0003F")
asked = set()
lock = threading.Lock()


def lines_of(body):
    return body.split(b"\r\n")


def unsorted(body):
    lines = lines_of(body)
    lines[9], lines[10] = lines[10], lines[9]
    return b"\r\n".join(lines)


def padded(body):
    lines = lines_of(body)
    padding = [hashlib.sha1(line).hexdigest()[:35].upper().encode() + b":0" for line in lines[:50]]
    return b"\r\n".join(sorted(lines + padding))


def change_byte(body):
    return body[:100] + bytes([body[100] ^ 1]) + body[101:]


# Each changes the body; the length that is sent is that of the changed one.
BODIES = {
    "cut-in-a-line": lambda body: body[: len(body) // 2 - (len(body) // 2) % 5 - 1] + b"\r\nABC",
    "cut-between-lines": lambda body: b"\r\n".join(lines_of(body)[:100]),
    "cut-before-a-count": lambda body: body[: body.rindex(b":")],
    "empty": lambda body: b"",
    "unsorted": unsorted,
    "ntlm": lambda body: b"\r\n".join(line[8:] for line in lines_of(body)),
    "no-hashes": lambda body: b"<html><body>Please try again.</body></html>",
    "padding": padded,
    "huge": lambda body: b"\r\n".join(b"%035X:1" % number for number in range(40000)),
}
STATUS = {"403": {}, "404": {}, "500": {}, "429": {"Retry-After": "1"}, "503": {"Retry-After": "1"},
          "429-bare": {}, "429-long": {"Retry-After": "86400"}}
# Those that are over when the range is asked for again.
PASSING = [*BODIES, "404", "500", "md5", "closed", "slow", "gzip-broken", "gzip-cut", "brotli"]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def send(self, body, headers=None, status=200, length=None):
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        fault, prefix = self.path.strip("/").split("/")[-2:]
        with open(os.path.join(FOLDER, prefix), "rb") as file:
            body = file.read()
        md5 = {"Content-MD5": base64.b64encode(hashlib.md5(body).digest()).decode()}
        has_fault = prefix in FAULTY
        if fault.startswith("once-"):
            fault = fault[len("once-"):]
            with lock:
                is_first = (fault, prefix) not in asked
                asked.add((fault, prefix))
            has_fault = is_first and (has_fault or fault == "all")
        if fault == "all":
            fault = PASSING[int(prefix, 16) % len(PASSING)]
        if not has_fault:
            self.send(body, md5)
        elif fault in BODIES:
            self.send(BODIES[fault](body))
        elif fault in STATUS:
            self.send(b"no", STATUS[fault], status=int(fault[:3]))
        elif fault == "md5":
            self.send(b"\r\n".join(lines_of(body)[:-1]), md5)
        elif fault == "closed":
            self.send(body[:1000], length=len(body))
            self.close_connection = True
        elif fault == "slow":
            self.send(b"", length=len(body))
            for at in range(20):
                time.sleep(1)
                self.wfile.write(body[at:at + 1])
                self.wfile.flush()
            self.close_connection = True
        elif fault == "gzip-broken":
            self.send(change_byte(gzip.compress(body)), {"Content-Encoding": "gzip"})
        elif fault == "gzip-cut":
            self.send(gzip.compress(body)[:2000], {"Content-Encoding": "gzip"})
        elif fault == "gzip-md5":
            coded = gzip.compress(body)
            md5 = base64.b64encode(hashlib.md5(coded).digest()).decode()
            self.send(coded, {"Content-Encoding": "gzip", "Content-MD5": md5})
        elif fault == "brotli":
            self.send(body, {"Content-Encoding": "br"})
        else:
            self.send(b"no such fault", status=501)


class Server(ThreadingHTTPServer):
    request_queue_size = 256

    def handle_error(self, request, client_address):
        """Those who were asking are killed, now and then."""


server = Server(("127.0.0.1", 0), Handler)
with open(PORT_FILE + ".new", "w", encoding="ascii") as out:
    print(server.server_port, file=out)
os.rename(PORT_FILE + ".new", PORT_FILE)
server.serve_forever()
