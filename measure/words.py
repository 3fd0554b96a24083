# SPDX-License-Identifier: BSD-3-Clause
"""The words of the lists, and what people do with a word: for the programs that make passwords."""
import glob, os, sys, unicodedata

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COMMON = 5000  # "common": so many of the most frequent words of a language, of 4 letters or more

LANGUAGES = {"fr": "French", "nl": "Dutch", "de": "German", "en": "English"}
YEARS = list(range(1940, 2027))
LEET = {"a": "4@", "b": "8", "e": "3", "g": "9", "i": "1!", "l": "1", "o": "0", "s": "5$",
        "t": "7", "z": "2"}
LAYOUTS = {  # rows from above, a key a character; the digit row as the fingers meet it
    "AZERTY": ["1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn"],
    "AZERTY, unshifted, Belgian": ["&é\"'(§è!çà", "azertyuiop", "qsdfghjklm", "wxcvbn"],
    "AZERTY, unshifted, French": ["&é\"'(-è_çà", "azertyuiop", "qsdfghjklm", "wxcvbn"],
    "QWERTY": ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"],
    "QWERTZ": ["1234567890", "qwertzuiop", "asdfghjkl", "yxcvbnm"],
}


# ---- Words ---------------------------------------------------------------------------------------

class Words:
    """The lists of dict/sources.conf, read when they are first asked for."""

    def __init__(self, root):
        self.root, self.known = root, {}

    def unpacked(self, path):
        return self.root + path if os.path.exists(self.root + path) else path

    def path(self, kind, language):
        for line in open(TREE + "/dict/sources.conf", encoding="utf-8"):
            fields = line.split()
            if fields[:2] == [language, kind]:
                return self.unpacked(fields[-1])
        sys.exit(f"dict/sources.conf has no {kind} of {language}")

    def all(self, language):
        if language not in self.known:
            text = open(self.path("lexicon", language), encoding="utf-8").read()
            words = {unicodedata.normalize("NFC", w) for w in text.split("\n")}
            self.known[language] = sorted(w for w in words if w.isalpha() and len(w) >= 4)
        return self.known[language]

    def common(self, language):
        return self.ranked(language)[:COMMON]

    def ranked(self, language):
        """All words of 4 letters or more that are counted, the most frequent first."""
        name = "ranked " + language
        if name not in self.known:
            counts, in_words = [], False
            for line in open(self.path("ranked", language), encoding="utf-8"):
                if line.startswith("\\"):
                    in_words = line.startswith("\\1-grams")
                fields = line.split()
                if in_words and len(fields) == 2 and fields[1].isalpha() and len(fields[1]) >= 4:
                    counts.append((-int(fields[0]), unicodedata.normalize("NFC", fields[1])))
            self.known[name] = [word for _, word in sorted(counts)]
        return self.known[name]

    def everything(self):
        """All words of all lists, in small letters without accents."""
        if "everything" not in self.known:
            paths = glob.glob(f"{TREE}/dict/words/*.txt")
            for line in open(TREE + "/dict/sources.conf", encoding="utf-8"):
                fields = line.split()
                if len(fields) == 7 and fields[1] in ("password", "ranked", "lexicon"):
                    paths.append(self.unpacked(fields[-1]))
            words = set()
            for path in filter(os.path.exists, paths):
                text = open(path, encoding="utf-8", errors="replace").read().lower()
                words.update(text.split())  # of a ranked list, the counts too
            self.known["everything"] = words | {plain(w) for w in words if not w.isascii()}
        return self.known["everything"]

    def own(self, name, *sections):
        """Of dict/words/NAME.txt, those under a heading that contains one of the texts."""
        words, heading = [], None
        for line in open(f"{TREE}/dict/words/{name}.txt", encoding="utf-8"):
            line = line.strip()
            if not line:
                heading = heading or ""
            elif line.startswith("#"):
                heading = line if heading is not None else None
            elif not sections or any(s in heading for s in sections):
                words.append(line)
        if not words:
            sys.exit(f"dict/words/{name}.txt has nothing under {sections}")
        return words


# ---- What people do with a word ------------------------------------------------------------------

def cased(r, word):
    """As written, in small letters, with a capital, and now and then all in capitals."""
    style = r.random()
    if style < 0.3:
        return word
    if style < 0.6:
        return word.lower()
    return word.upper() if style > 0.93 else word[:1].upper() + word[1:]


def cased_keys(r, keys):
    """The same for keys: shift makes no capital of the key that writes é unshifted."""
    return "".join(new if old.isascii() else old for old, new in zip(keys, cased(r, keys)))


def digits(r, most=3):
    return "".join(r.choice("0123456789") for _ in range(r.randint(1, most)))


def year(r):
    return str(r.choice(YEARS))


def in_leet(r, word):
    """Each letter always with the same sign; all letters that have one, or some of them."""
    share = r.choice([1.0, 0.6])
    signs = {c: r.choice(s) for c, s in LEET.items() if r.random() < share}
    return "".join(signs.get(c, c) for c in word.lower())


def plain(word):
    if word.isascii():
        return word
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def date(r):
    day, month, y = r.randint(1, 28), r.randint(1, 12), r.choice(YEARS)
    separator = r.choice(["", "", "", "-", "/", "."])
    padded = r.random() < 0.8 or not separator
    d, m = (f"{day:02}", f"{month:02}") if padded else (str(day), str(month))
    short = f"{y % 100:02}" if r.random() < 0.3 else str(y)
    return separator.join(r.choice([[d, m, short], [d, m, short], [d, m, short], [short, m, d]]))


def phone(r):
    """Belgian mobile and fixed numbers, French ones; written together or in groups."""
    kind = r.random()
    if kind < 0.5:
        number = r.choice(["047", "048", "049"]) + "".join(r.choice("0123456789") for _ in range(7))
    elif kind < 0.8:
        number = r.choice(["02", "03", "04", "09"]) + "".join(r.choice("0123456789")
                                                              for _ in range(7))
    else:
        number = r.choice(["06", "07"]) + "".join(r.choice("0123456789") for _ in range(8))
    return number


def rows_walked(r):
    """azertyui, azerqsdf, azertyytreza, mlkjhgfd: rows, or as many keys of the next row too, or
    back again; from the edge of the keyboard."""
    rows = LAYOUTS[r.choice(list(LAYOUTS))]
    row = r.randrange(len(rows))
    length = r.randint(4, len(rows[row]))
    backwards = r.random() < 0.3
    first = rows[row][-length:][::-1] if backwards else rows[row][:length]
    second = rows[(row + r.choice([1, -1])) % len(rows)]
    second = second[-length:][::-1] if backwards else second[:length]
    return first + r.choice(["", second, first[::-1], first])


def stretches_walked(r):
    """sdfghjk, fghjvbnm: two or three stretches of 3 keys or more, from any key on."""
    rows = LAYOUTS[r.choice(list(LAYOUTS))]
    row, walked = r.randrange(len(rows)), ""
    for _ in range(r.choice([1, 2, 2, 3])):
        length = r.randint(3, len(rows[row]))
        start = r.randint(0, len(rows[row]) - length)
        stretch = rows[row][start:start + length]
        walked += stretch[::-1] if r.random() < 0.25 else stretch
        row = (row + r.choice([0, 1])) % len(rows)
    return walked


def columns(r):
    """1q2w3e4r, aqwzsx, zaq1xsw2: down or up some rows, from column to column."""
    rows = LAYOUTS[r.choice(list(LAYOUTS))]
    height = r.randint(2, 4)
    top = r.randint(0, 4 - height)
    taken = rows[top:top + height]
    step = r.choice([1, 1, 1, -1])
    column = r.randint(0, 5) if step > 0 else r.randint(3, 9)
    order, turning = r.choice([1, 1, -1]), r.random() < 0.15
    walked = ""
    while len(walked) < 8 and 0 <= column < 10:
        keys = [row[column] for row in taken if column < len(row)]
        walked += "".join(keys[::order])
        order = -order if turning else order
        column += step
    return walked
