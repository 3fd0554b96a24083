#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs every example of the manual pages, and compares what it prints with what the page says.

An example is a line behind "$" or "#" in a display (.Bd, .Dl), with the lines that it prints below
it; "..." stands for any more of them. In EXAMPLES, a display without such a line is a part of a
file, of the kind that the page is about, and is read as one. Examples run in a folder of their own,
where the files lie that they name; paths of the system become those below that folder. The table
EXCEPTIONS has those that are not run, and why; they are printed.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE, BUILD = os.environ["A2A_SOURCE"], os.environ["A2A_BUILD"]
HAS_SHEETS = os.environ.get("A2A_SHEETS", "yes") == "yes"
PAGES = [
    "tools/all2all-audit.1",
    "tools/all2all-dict.1",
    "tools/all2all-issue.1",
    "tools/all2all-leaks.8",
    "tools/all2all-passwd.8",
    "tools/all2all-pwcheck.1",
    "tools/all2all-pwgen.1",
    "pam_all2all/all2all.conf.5",
    "pam_all2all/pam_all2all.8",
    "sheets/sheets.conf.5",
]

# A page, the beginning of a command, and why it is not run.
EXCEPTIONS = [
    ("all2all-dict.1", "apt-get download", "fetches packages from the network"),
    ("all2all-dict.1", "for package in", "unpacks the packages that the line above fetches"),
    ("all2all-leaks.8", "all2all-leaks fetch", "asks a service: tests/leaks/fetch.sh runs it"),
    ("all2all-leaks.8", "all2all-leaks update", "asks a service: tests/leaks/fetch.sh runs it"),
    ("all2all-leaks.8", "all2all-leaks install", "there is no filter: tests/leaks/fetch.sh runs it"),
    ("all2all-leaks.8", "echo CONTACT", "is for the timer"),
    ("all2all-leaks.8", "systemctl", "changes the machine"),
    ("pam_all2all.8", "pam-auth-update", "changes the stacks of the machine: ./check --install runs it"),
]

# What a command of an example prints is different each time: only its form is compared.
RANDOM = re.compile(r"all2all-pwgen|printf .*all2all-passwd --propose")

# A page, the beginning of a command, and what is typed or piped into it.
INPUT = [
    ("all2all-leaks.8", "all2all-leaks look", "geheim\n"),
    ("all2all-pwcheck.1", "all2all-pwcheck --lang fr,nl", "Anderlecht2026\n"),
]

# A page, the beginning of a command, and its exit status, if it is not 0.
STATUS = [
    ("all2all-audit.1", "all2all-audit --grace 30 report", 1),
    ("all2all-audit.1", "all2all-audit report", 1),
    ("all2all-passwd.8", "printf '13:user=user0001,7:lang=fr,6:new=a1,'", 1),
    ("all2all-pwcheck.1", "all2all-pwcheck --lang fr,nl", 1),
    ("all2all-pwcheck.1", "all2all-pwcheck --user user0001", 1),
    # Of a pipe: some of the list are refused.
    ("all2all-pwcheck.1", "all2all-pwcheck --batch", 1),
]

# For each example: the commands are those of the build, with what the machine would have given them.
PREAMBLE = r"""
set -o pipefail
PATH=$A2A_BUILD/tools:$PATH
all2all-audit() { command all2all-audit --store "$PWD/state/audit.sqlite" --sendmail /bin/true --sheets "$PWD/etc/all2all/sheets" "$@"; }
all2all-issue() {
	command all2all-issue --sheets "$PWD/etc/all2all/sheets" --format text "$@"
}
all2all-dict() {
	local sources=()
	[ "$1" != build ] || sources=(--sources conf/sources.conf)
	command all2all-dict "$@" "${sources[@]}"
}
less() { cat; }
"""

wrong = []
checks = 0


def check(where, what, good, said=""):
    global checks
    checks += 1
    if not good:
        wrong.append(where)
        print(f"not so: {where}: {what}\n{said}".rstrip(), file=sys.stderr)


class Display:
    def __init__(self, page, line, is_example):
        self.page, self.line, self.is_example = page, line, is_example
        self.text = []

    def where(self):
        return f"{self.page}:{self.line}"


def plain(text):
    """A line without the markup of mdoc(7)."""
    return text.replace("\\&", "").replace("\\-", "-").replace("\\e", "\\")


def displays(page):
    """The displays of a page; of one-line displays, those that follow each other are one."""
    found, current, section, last = [], None, "", 0
    with open(os.path.join(SOURCE, page), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if line.startswith(".Sh "):
                section = line[4:]
            elif line.startswith(".Bd"):
                current = Display(os.path.basename(page), number, section == "EXAMPLES")
                found.append(current)
            elif line.startswith(".Ed"):
                current = None
            elif line.startswith(".Dl "):
                if not found or last != number - 1:
                    found.append(Display(os.path.basename(page), number, section == "EXAMPLES"))
                found[-1].text.append(plain(line[4:]))
                last = number
            elif current is not None:
                current.text.append(plain(line))
    return found


def is_prompt(line):
    # In what a file prints, # begins a comment.
    return re.match(r"\$ |# (all2all-|pam-auth-update|mv |echo |systemctl )", line)


def commands(display):
    """The commands of a display, each with the lines that it prints."""
    found = []
    for line in display.text:
        if is_prompt(line):
            found.append([line[2:], []])
        elif not found:
            # A line of a crontab.
            match = re.match(r"(?:[0-9*]+ ){5}root (.*)", line)
            if match:
                found.append([match[1], []])
        elif found[-1][0].endswith(("&&", "\\")):
            found[-1][0] += "\n" + line
        else:
            match = re.match(r"(?:[0-9*]+ ){5}root (.*)", line)
            if match:
                found.append([match[1], []])
            else:
                found[-1][1].append(line)
    return found


def of_table(table, page, command, default):
    for row in table:
        if row[0] == page and command.startswith(row[1]):
            return row[2]
    return default


def prepare(folder):
    """Makes the files that the examples name."""

    def write(path, text):
        path = os.path.join(folder, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    write("list", "Welkom01\nx4mvt8qa\nkort1\n")
    write("two-lines", "Smet2026x\nx4mvt8qa\n")
    write("accounts.csv", "user,name,language\nuser0001,Jan Smet,nl\nuser0002,Anne Dupont,fr\n")
    write("new.conf", "min_length = 8\n")
    write("etc/security/pwquality.conf", "minlen = 10\nminclass = 3\n")
    write("etc/all2all/sheets/sheets.conf", "server = mail.example.org\ndomain = example.org\norganisation = Example\nhelp = +32 2 555 01 23\n")
    write("etc/all2all/languages", "user0001 nl\n")
    for language in "fr", "nl", "de", "en":
        write(f"etc/all2all/sheets/sheet.{language}.md", "# Account\n\n    {{user}}\n\n    {{password}}\n")
    write("words.txt", "# Our house, our streets, our mascot\nSint-Jansplein\nPompelmoes\n")
    write("own.txt", "geheim\n")
    write("conf/words/own.txt", "pompelmoes\nzonneschijn\n")
    write("conf/sources.conf", "*\town\trequired\t1\t1\t-\twords\n")
    leaked = [f"word{i}" for i in range(100)] + ["geheim"]
    hashes = sorted(hashlib.sha1(word.encode()).hexdigest().upper() for word in leaked)
    write("pwnedpasswords.txt", "".join(f"{hash}:20\n" for hash in hashes))
    for hash in hashes:
        write(f"ranges/{hash[:5]}", f"{hash[5:]}:20\n")
    os.makedirs(os.path.join(folder, "usr/share/all2all"))
    os.makedirs(os.path.join(folder, "var/lib/all2all"))
    os.makedirs(os.path.join(folder, "state"), mode=0o700)


def run_shell(folder, script, typed=""):
    environment = dict(os.environ, LC_ALL="C.UTF-8", A2A_BUILD=BUILD)
    for name in "LANGUAGE", "LANG", "NO_COLOR":
        environment.pop(name, None)
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def words(text):
    """What is compared: words, whatever is between them."""
    return text.split()


def agrees(wanted, got, is_random):
    """Tells whether the lines that a page shows are those that came."""
    wanted = [line for line in wanted if line.strip()]
    # A prompt is shown at a terminal alone.
    if wanted and wanted[0].rstrip().endswith(":") and wanted[0] not in got:
        wanted = wanted[1:]
    if not wanted:
        return True
    got = [line for line in got.splitlines() if line.strip()]
    if is_random and wanted[-1].strip() == "...":
        got, wanted = got[: len(wanted) - 1], wanted[:-1]
    if is_random:
        # As many lines, and in each as many cells, with what is said of bits.
        return len(wanted) == len(got) and all(
            bool(re.search(r"[0-9] bits", one)) == bool(re.search(r"[0-9] bits", other))
            and one.startswith(" ") == other.startswith(("\t", " "))
            for one, other in zip(wanted, got)
        )
    if wanted[-1].strip() == "...":
        return len(got) > len(wanted) - 1 and [words(line) for line in wanted[:-1]] == [
            words(line) for line in got[: len(wanted) - 1]
        ]
    return [words(line) for line in wanted] == [words(line) for line in got]


def run_example(folder, display, command, wanted, before):
    page = display.page
    where = f"{display.where()}: {command}"
    reason = of_table(EXCEPTIONS, page, command, None)
    if reason is None and command.startswith("all2all-issue") and not HAS_SHEETS:
        reason = "is not built here"
    if reason is None and "all2all-issue" in command and "--hash" not in command:
        reason = run_as_root(folder, display, command)
        if reason is None:
            return 0
    if reason is not None:
        print(f"not run: {where}: {reason}")
        return 0
    # The status of the command before.
    script = PREAMBLE + f"(exit {before})\n" + re.sub(r"(?<![\w.])/(etc|usr|var)/", r"\1/", command)
    status, out, said = run_shell(folder, script, of_table(INPUT, page, command, ""))
    due = of_table(STATUS, page, command, 0)
    check(where, f"its status is {status}", status == due, out + said)
    check(
        where,
        "it prints something else",
        agrees(wanted, out, RANDOM.match(command)),
        "wanted:\n" + "\n".join(wanted) + "\ngot:\n" + out + said,
    )
    return status


# Sets a password for real: through pam_unix, in a mount namespace with an /etc of its own.
AS_ROOT = r"""
set -e
mount -t tmpfs -o mode=755 all2all mnt
cp -a /etc mnt/etc
mkdir mnt/run
mount --bind mnt/etc /etc
mount --bind mnt/run /run
[ "$(stat -c %d /etc)" = "$(stat -c %d mnt)" ]
printf 'passwd: files\nshadow: files\ngroup: files\n' >/etc/nsswitch.conf
echo 'user0001:x:54321:54321:Jan Smet,,,:/nonexistent:/bin/sh' >>/etc/passwd
echo 'user0002:x:54322:54322:Anne Dupont,,,:/nonexistent:/bin/sh' >>/etc/passwd
printf 'user000%s:!:19000:0:99999:7:::\n' 1 2 >>/etc/shadow
printf 'password required pam_unix.so sha512 rounds=1000\n' >/etc/pam.d/chpasswd
mkdir -p /etc/all2all
cp -r etc/all2all/sheets /etc/all2all
set +e
eval "$1"
status=$?
grep -c '^user000[12]:\$6\$' /etc/shadow
exit $status
"""


def run_as_root(folder, display, command):
    """Runs an example that sets passwords. Returns None, or why it cannot be run."""
    if os.geteuid() != 0:
        return "sets a password, and needs root"
    unshare = ["unshare", "--mount", "--propagation", "private"]
    if subprocess.run(unshare + ["true"], check=False, capture_output=True).returncode:
        return "sets a password, and no mount namespace can be had here"
    os.makedirs(os.path.join(folder, "mnt"), exist_ok=True)
    # --show wants a terminal; --setup is left as it is.
    terminal = [os.path.join(SOURCE, "tests/lib/on_terminal.py"), "80"] if "--show" in command else []
    done = subprocess.run(
        unshare + terminal + ["bash", "-c", AS_ROOT, "example", command],
        cwd=folder,
        env=dict(os.environ, PATH=f"{BUILD}/tools:{os.environ['PATH']}", LC_ALL="C.UTF-8"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    where = f"{display.where()}: {command}"
    check(where, f"its status is {done.returncode}", done.returncode == 0, done.stdout + done.stderr)
    new = r"^0$" if "--dry-run" in command else r"^[12]$"
    check(where, "who has a new password", re.search(new, done.stdout, re.M), done.stdout)
    if "--show" in command:
        shown = r"User name +user0001\nPassword +\S+\nSpelled +\S.*(\n {11}\S.*)*\n1\n"
        check(where, "it shows something else", re.fullmatch(shown, done.stdout), done.stdout)
    return None


def run_check(folder, options, text, where):
    """A part of all2all.conf is good."""
    path = os.path.join(folder, "part.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(text) + "\n")
    os.chmod(path, 0o644)
    status, out, said = run_shell(folder, PREAMBLE + options)
    check(where, "it is not good", status == 0, out + said)


def stack_arguments():
    with open(os.path.join(SOURCE, "pam_all2all/door.c"), encoding="utf-8") as file:
        rows = file.read().split("static const struct a2a_setting rows[] = {")[1].split("};")[0]
    return set(re.findall(r'^\t\{"([a-z_]+)"', rows, re.M))


def check_stack(folder, display):
    """Of each line of a stack, the arguments of the module are its own, or settings that are good."""
    own = stack_arguments()
    for line in display.text:
        match = re.match(r"\s*(password|auth|account|session)\s+(\[[^]]*\]|\w+)\s+(\S+\.so)(.*)", line)
        check(f"{display.where()}: {line}", "it is no line of a stack", match)
        if not match or not match[3].endswith("pam_all2all.so"):
            continue
        for word in re.findall(r"\[[^]]*\]|\S+", match[4]):
            word = word.strip("[]")
            if word.split("=")[0] in own:
                continue
            status, out, said = run_shell(folder, PREAMBLE + f"all2all-pwcheck --test --set '{word}'")
            check(f"{display.where()}: {word}", "it is no argument", status == 0, out + said)


def check_part(folder, display):
    """Reads a display of EXAMPLES as what it is a part of."""
    where = display.where()
    if display.page == "all2all.conf.5":
        run_check(folder, "all2all-pwcheck --test --config part.conf", display.text, where)
    elif display.page == "pam_all2all.8":
        check_stack(folder, display)
    elif display.page == "sheets.conf.5":
        if not HAS_SHEETS:
            print(f"not run: {where}: all2all-issue is not built here")
            return
        place = os.path.join(folder, "sheets-example")
        shutil.copytree(os.path.join(folder, "etc/all2all/sheets"), place)
        with open(os.path.join(place, "sheets.conf"), "w", encoding="utf-8") as file:
            file.write("\n".join(display.text) + "\n")
        status, out, said = run_shell(
            folder,
            PREAMBLE + "command all2all-issue --sheets sheets-example --hash --dry-run --out no user0001",
        )
        check(where, "it is not good", status == 0, out + said)
    elif display.page == "all2all-audit.1":
        # A line of the file of --languages.
        with open(os.path.join(folder, "etc/all2all/languages"), "w", encoding="utf-8") as file:
            file.write("\n".join(display.text) + "\n")
        command = "all2all-audit notify --dry-run --force --languages etc/all2all/languages"
        status, out, said = run_shell(folder, PREAMBLE + command)
        check(where, "it is not good", status == 0, out + said)
    else:
        check(where, "it is of no kind that this test knows", False, "\n".join(display.text))


def check_spelling(display, command):
    """Examples have the long options, which say what they do."""
    for part in re.findall(r"all2all-[a-z]+[^|;&]*", command):
        short = re.findall(r" (-[A-Za-z]+)\b", part)
        check(f"{display.where()}: {command}", f"short options: {' '.join(short)}", not short)


def check_rendered(page):
    """As a reader sees it, no option lost a dash: behind one, there are short options alone."""
    name = os.path.basename(page).rsplit(".", 1)[0]
    done = subprocess.run(
        ["mandoc", "-T", "ascii", os.path.join(SOURCE, page)], capture_output=True, text=True, check=True
    )
    text = re.sub(r".\x08", "", done.stdout)
    program = os.path.join(BUILD, "tools", name)
    short = ""
    if os.path.exists(program):
        short = "".join(re.findall(r"^ +-(.),", subprocess.run(
            [program, "--help"], capture_output=True, text=True, check=True).stdout, re.M))
    for word in re.findall(r"(?:^|[\s\[|(])-([A-Za-z]{2,}[a-z-]*)", text):
        # SQLite's names of files, and options of other programs.
        if word in ("wal", "shm"):
            continue
        check(page, f"-{word} is no option", short and set(word) <= set(short))


def main():
    examples = 0
    for page in PAGES:
        if shutil.which("mandoc"):
            check_rendered(page)
        else:
            print("mandoc is not installed, so what readers see was not checked")
        with tempfile.TemporaryDirectory() as folder:
            prepare(folder)
            if "audit" in page:
                record(folder)
            status = 0
            for display in displays(page):
                found = commands(display)
                # Each display is for itself: none has issued anything before.
                shutil.rmtree(os.path.join(folder, "sheets"), ignore_errors=True)
                if not found and display.is_example:
                    check_part(folder, display)
                    examples += 1
                for command, wanted in found:
                    check_spelling(display, command)
                    status = run_example(folder, display, command, wanted, status)
                    examples += 1
    print(f"{examples} examples, {checks} checks, {len(wrong)} wrong")
    check("all pages", "there are too few examples to believe it", examples > 50)
    sys.exit(1 if wrong else 0)


def record(folder):
    """Two logins, as the audit records them."""
    stack = os.path.join(folder, "pam.d")
    os.makedirs(stack)
    open(os.path.join(stack, "other"), "w", encoding="utf-8").close()
    for user, password in ("user0001", "Welkom2026"), ("user0002", "k7mvtq2xr9"):
        with open(os.path.join(stack, "dovecot"), "w", encoding="utf-8") as file:
            file.write(
                f"auth required {BUILD}/tests/pam_record.so set={password}\n"
                f"auth optional {BUILD}/pam_all2all/pam_all2all.so audit "
                f"conf={BUILD}/uninstalled.conf store={folder}/state/audit.sqlite\n"
            )
        subprocess.run(
            [f"{BUILD}/tests/pam_drive", stack, "dovecot", user, "authenticate"],
            check=False,
            capture_output=True,
        )


main()
