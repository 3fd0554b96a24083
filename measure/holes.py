# SPDX-License-Identifier: BSD-3-Clause
"""The classes "holes" of measure/classes: what an attacker finds early, and meters once let in.

Each has its size: log2 of how many passwords there are of it, as this file makes them. It is the
sum of what is drawn. All the numbers of some kinds are more than any threshold counts; a comment
says why they are weak nevertheless.
"""
import collections, functools, math, random, string

from hole_words import (BANKS_BE, BANKS_DE, BANKS_FR, BANKS_NL, CARDS, DEMONYMS,
                        GERMAN_DISTRICTS, SCRIPTS, SMALL_WORDS, TAILS, UNDER_THE_KEYS)
from words import LANGUAGES, YEARS, digits, in_leet, plain, year

GOAL = 2  # percent that may be let in

# log2 of how many there are of what is drawn below
WORD = 13   # a language's 5,000 commonest words, or a first name of Belgium
CASE = 1.2  # small letters, a capital, or all in capitals
DIGIT = 3.3
LETTER = 4.7
YEAR = 6.4
DATE = 14.8
TAIL = 1.6  # 1, 12 or 123
SIDE = 1    # before or behind
FORMS = 4   # of an IBAN: in groups of four or not, small letters or not, a letter behind or not

ROWS = {"AZERTY": ["azertyuiop", "qsdfghjklmù", "wxcvbn,"],
        "QWERTY": ["qwertyuiop[", "asdfghjkl;", "zxcvbnm,"],
        "QWERTZ": ["qwertzuiopü", "asdfghjklöä", "yxcvbnm,"]}
T9 = {letter: digit for digit, letters
      in zip("23456789", "abc def ghi jkl mno pqrs tuv wxyz".split()) for letter in letters}


# ---- People --------------------------------------------------------------------------------------

class Person:
    """Somebody whose password is judged with what a server knows of them."""

    def __init__(self, first, surname, number):
        self.first, self.surname = first.lower(), surname.lower()
        joined = [plain(name).replace("-", "") for name in (self.first, self.surname)]
        self.user = [f"user{number:04}", joined[0][0] + joined[1], ".".join(joined)][number % 3]
        self.mail = ".".join(joined) + "@example.org"
        self.initials = joined[0][0] + joined[1][0]

    def options(self):
        gecos = f"{self.first.title()} {self.surname.title()}"
        return ["--user", self.user, "--person", gecos, "--person", self.mail]

    def one_name(self, r):
        return plain(r.choice([self.first, self.surname, self.surname]))

    def both(self, r):
        """Joined as people join them, now and then with a mark; or an initial and a surname."""
        first, surname = plain(self.first), plain(self.surname)
        mark = r.choice(["", "", "", ".", "-", "_"])
        one, other = r.choice([(first, surname), (first, surname), (first[0], surname),
                               (first, surname[0])])
        return r.choice([one + mark + other, other + mark + one])


def people(names, surnames, unknown, count=20):
    """Half of them with names that are in no list: most surnames are not."""
    r = random.Random("2026 people")
    known = [Person(r.choice(names), r.choice(surnames), number) for number in range(0, count, 2)]
    return known + [Person(unknown(r), unknown(r), number) for number in range(1, count, 2)]


def of_person(persons, make):
    """make(r, person): a password of that person."""
    def made(r):
        person = r.choice(persons())
        return make(r, person), person
    return made


# ---- What is done to a word ----------------------------------------------------------------------

def simply_cased(r, word):
    style = r.random()
    return word if style < 0.6 else word.upper() if style > 0.93 else word[:1].upper() + word[1:]


def tail(r):
    return r.choice(["1", "12", "123"])


def initials(r, count):
    return simply_cased(r, "".join(r.choice(string.ascii_lowercase) for _ in range(count)))


def beside(r, text, sign):
    return r.choice([text + sign, sign + text])


def between(r, word, filler, first=None):
    """Signs of the filler, from its beginning again when it ends, behind each letter or before."""
    first = r.random() < 0.5 if first is None else first
    filler = (filler * len(word))[:len(word)]
    woven = "".join(a + b for a, b in (zip(filler, word) if first else zip(word, filler)))
    return woven if first or r.random() < 0.5 else woven[:-1]


def slipped(r, word):
    """A letter typed twice."""
    at = r.randrange(len(word))
    return word[:at] + word[at] + word[at:]


def mistyped(r, word):
    """A letter typed twice, two in the wrong order, one left out, or the one beside it."""
    at = r.randrange(len(word) - 1)
    kind = r.randrange(4)
    if kind == 0:
        return slipped(r, word)
    if kind == 1:
        return word[:at] + word[at + 1] + word[at] + word[at + 2:]
    if kind == 2:
        return word[:at] + word[at + 1:]
    rows = ROWS["AZERTY"]
    row = next((row for row in rows if word[at] in row[:-1]), None)
    return word[:at] + (row[row.index(word[at]) + 1] if row else "") + word[at + 1:]


def shifted_keys(word, rows, step):
    """Each letter from the key beside it; nothing where there is no key with a character."""
    moved = {}
    for row in rows:
        for at, key in enumerate(row):
            if 0 <= at + step < len(row):
                moved[key] = row[at + step]
    return "".join(moved[c] for c in word) if all(c in moved for c in word) else ""


def caesar(word, step):
    return "".join(chr((ord(c) - ord("a") + step) % 26 + ord("a")) for c in word)


def on_keypad(word):
    return "".join(T9[c] for c in word)


def without_vowels(word):
    return word[0] + "".join(c for c in word[1:] if c not in "aeiouy")


SOUNDS = [("qu", "k"), ("ph", "f"), ("c", "k"), ("s", "z"), ("x", "ks"), ("eau", "o"), ("au", "o"),
          ("y", "i"), ("ee", "i"), ("oo", "u"), ("ck", "k"), ("sch", "sh"), ("ch", "sh"),
          ("ou", "u"), ("th", "t"), ("v", "f"), ("z", "s"), ("ij", "y")]


def as_heard(r, word):
    """One or two of the changes, each wherever it can be."""
    possible = [sound for sound in SOUNDS if sound[0] in word]
    if not possible:
        return ""
    for old, new in r.sample(possible, min(len(possible), r.randint(1, 2))):
        word = word.replace(old, new)
    return word


# ---- Numbers that are given out ------------------------------------------------------------------

def number(r, length):
    return "".join(r.choice(string.digits) for _ in range(length))


def day_month_year(r):
    return f"{r.randint(1, 28):02}", f"{r.randint(1, 12):02}", str(r.choice(YEARS))


def vat(r, *first):
    """The first two digits, six more, and 97 less the remainder by 97."""
    body = r.choice(first or ["04", "04", "05", "06", "07", "08", "10"]) + number(r, 6)
    text = body + f"{97 - int(body) % 97:02}"
    return r.choice([text, text, f"{text[:4]}.{text[4:7]}.{text[7:]}"])


def national_number(r):
    """Date of birth, a number among those of that day, and 97 less the remainder by 97."""
    day, month, y = day_month_year(r)
    body = y[2:] + month + day + f"{r.randint(1, 400):03}"
    check = 97 - int(("2" if y >= "2000" else "") + body) % 97
    inner, before, behind = r.choice([("", "", ""), (".", "-", "."), ("", "-", ""), (" ", " ", " "),
                                      (".", ".", ".")])
    return (inner.join([body[:2], body[2:4], body[4:6]]) + before + body[6:] + behind
            + f"{check:02}")


def iban(country, body):
    """ISO 13616: 98 less the remainder of the account, the country and 00 by 97, A being 10."""
    digits_of = "".join(str(int(c, 36)) for c in body + country + "00")
    return f"{country}{98 - int(digits_of) % 97:02}{body}"


def iban_be(r):
    body = r.choice(BANKS_BE) + number(r, 7)
    return iban("BE", body + f"{int(body) % 97 or 97:02}")


def iban_fr(r):
    bank, branch, account = r.choice(BANKS_FR), number(r, 5), number(r, 11)
    key = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97
    return iban("FR", bank + branch + account + f"{key:02}")


def iban_nl(r):
    while True:  # the sum of the digits, each times its place from behind, is a multiple of 11
        account = "0" + number(r, 9)
        if sum(int(d) * (10 - at) for at, d in enumerate(account)) % 11 == 0:
            return iban("NL", r.choice(BANKS_NL) + account)


def iban_de(r):
    account = number(r, r.randint(7, 10)).rjust(10, "0")
    return iban("DE", r.choice(BANKS_DE) + account)


def in_fours(text):
    return " ".join(text[at:at + 4] for at in range(0, len(text), 4))


def written(r, text):
    """As a bank prints it, or as it is typed; with a letter behind, or not."""
    return (r.choice([text, text, text.lower(), in_fours(text)])
            + r.choice(["", r.choice(string.ascii_lowercase)]))


def card(r):
    """ISO/IEC 7812: the last digit makes the sum a multiple of 10, every second counted double."""
    body = r.choice(CARDS)
    body += number(r, 15 - len(body))
    double = [int(d) * (2 if at % 2 == 0 else 1) for at, d in enumerate(body)]
    body += str(-sum(d - 9 if d > 9 else d for d in double) % 10)
    return r.choice([body, body, in_fours(body), in_fours(body).replace(" ", "-")])


# Who knows the owner has read the plate, and who does not needs no more than there are. Joined and
# with a sign, many look as random passwords of 8 do: 0.3 % of [a-z0-9]{8} look as a new French one.
# L is a letter, D a digit, N a digit that is not 0, X a district; - is where a plate has one.
PLATES = [  # name, size, patterns
    ("Belgian plate, new", 25.4, "1-LLL-DDD 2-LLL-DDD"),
    ("Belgian plate, old", 25.4, "LLL-DDD DDD-LLL"),
    ("French plate, new", 28.8, "LL-DDD-LL"),
    ("French plate, old", 30.5, "NDDD-LL-ND NDD-LLL-ND NDD-LL-ND"),
    ("Dutch plate", 28, "LL-DD-DD DD-DD-LL DD-LL-DD LL-DD-LL LL-LL-DD DD-LL-LL DD-LLL-D D-LLL-DD "
                        "LL-DDD-L L-DDD-LL LLL-DD-L L-DD-LLL"),
    ("German plate", 29.6, "X-LL-NDDD X-LL-NDD X-LL-ND X-L-NDDD X-L-NDD"),
]


def plate(r, pattern):
    signs = {"L": "ABCDEFGHJKLMNPRSTVWXYZ", "D": string.digits, "N": "123456789"}
    pattern = pattern.replace("X", r.choice(GERMAN_DISTRICTS)) if "X" in pattern else pattern
    text = "".join(r.choice(signs.get(c, c)) for c in pattern)
    return text.lower() if r.random() < 0.5 else text


def plates():
    """With dashes and without, alone and with a sign behind, where that makes 8 characters. Small
    letters or capitals are a bit of each size."""
    def maker(patterns, dashes, more):
        def make(r):
            text = plate(r, r.choice(patterns)).replace("-", r.choice(dashes))
            return text + (r.choice(string.ascii_lowercase + string.digits) if more else "")
        return make

    for name, size, patterns in PLATES:
        patterns = patterns.split()
        for dashes, form in (["-", "-", ".", " "], "with dashes"), ([""], "joined"):
            longest = max(len(p.replace("-", dashes[0]).replace("X", 3 * "X")) for p in patterns)
            for more, more_name in (False, ""), (True, " + sign"):
                if longest + more >= 8:
                    yield (f"{name}, {form}{more_name}",
                           size + (1 if dashes[0] else 0) + (5.2 if more else 0),
                           maker(patterns, dashes, more))


# ---- Words in no list ----------------------------------------------------------------------------

# With more digits they are beyond a threshold; how many of them can be refused is for the price in
# random passwords to say.
UNKNOWN = 22  # log2: the unlikeliest word that is drawn


class Markov:
    """Letters, each after the three before it, as in names and common words."""

    def __init__(self, lessons, known):
        self.after, self.known = collections.defaultdict(collections.Counter), known
        for word in lessons:
            padded = "^^^" + word + "$"
            for at in range(3, len(padded)):
                self.after[padded[at - 3:at]][padded[at]] += 1

    def word(self, r):
        while True:
            text, bits = "^^^", 0
            while not text.endswith("$") and len(text) < 14:
                counts = self.after[text[-3:]]
                chosen = r.choices(list(counts), list(counts.values()))[0]
                bits -= math.log2(counts[chosen] / sum(counts.values()))
                text += chosen
            text = text[3:-1]
            if 4 <= len(text) <= 9 and bits <= UNKNOWN and text not in self.known:
                return text


# ---- Streets, demonyms, other scripts ------------------------------------------------------------

def street(r, towns, names):
    place, name = r.choice(towns), r.choice(names)
    return r.choice([
        f"{r.choice(['rue', 'avenue', 'chaussee', 'place', 'route', 'boulevard'])}de{place}",
        f"{r.choice(['rue', 'avenue', 'clos', 'place'])}{r.choice(['', 'saint', 'des'])}{name}",
        f"{place}{r.choice(['straat', 'sesteenweg', 'steenweg', 'laan', 'weg', 'dreef', 'plein'])}",
        f"{name}{r.choice(['straat', 'laan', 'lei', 'strasse', 'str', 'weg', 'platz', 'allee'])}"])


def demonym(r):
    """A man, a woman, or some of them."""
    language = r.choice(list(DEMONYMS))
    word = r.choice(DEMONYMS[language])
    if language == "fr":
        female = word + ("ne" if word.endswith(("ien", "éen", "on")) else "e")
        forms = [word, word, female, female + "s"]
    else:
        forms = [word, word, word[:-2] + "ars" if word.endswith("aar") else word + "in"]
    return r.choice([str, plain])(r.choice(forms))


def town_with_ending(r, towns):
    return r.choice(towns) + r.choice(["ois", "oise", "ais", "ien", "enaar", "naar", "er", "aar"])


def scripts():
    """Of each script some 60 words, the rows of its keyboard, and how both are in Latin letters."""
    def ended(r, word):
        least = max(1, 8 - len(word))
        ends = ["1", "12", "123", "1234", "12345", "123456", "2024", "1990"]
        return word + r.choice([e for e in ends if len(e) >= least] or ["12345678"[:least]])

    def walked(r, rows):
        row = r.choice(rows.split())
        length = r.randint(min(6, len(row)), len(row))
        keys = row[:length] if r.random() < 0.7 else row[-length:][::-1]
        return ended(r, keys)

    for name, (words, latin, rows) in SCRIPTS.items():
        words, latin, keys = words.split(), latin.split(), UNDER_THE_KEYS[name]
        yield (f"{name} word + 123", 9 + CASE,
               lambda r, words=words: ended(r, simply_cased(r, r.choice(words))))
        yield (f"{name} keys of a row + 123", 7, lambda r, rows=rows: walked(r, rows))
        yield (f"{name} word in Latin letters + 123", 9 + CASE,
               lambda r, latin=latin: ended(r, simply_cased(r, r.choice(latin))))
        yield (f"{name} word on QWERTY keys + 123", 9,
               lambda r, words=words, keys=keys: ended(r, "".join(
                   keys.get(c, "") for c in plain(r.choice(words)))))


# ---- Classes -------------------------------------------------------------------------------------

def holes(lists):
    """(name, log2 of the size, make). make(r) is a password, or a password and its Person."""
    def letters_only(words):
        folded = {plain(w).lower() for w in words}
        return sorted(w for w in folded if w.isascii() and w.isalpha() and 4 <= len(w) <= 11)

    first_names = lists.own("belgium-first-names")
    surnames = lists.own("belgium-surnames")
    names = letters_only(first_names)
    few_names = letters_only(lists.own("common-first-names"))
    towns = letters_only(lists.own("belgium-places", "communes", "Antwerp", "Flemish Brabant",
                                   "Limburg", "Flanders", "Walloon Brabant", "Hainaut", "Liège",
                                   "Luxembourg province", "Namur"))
    common = {language: letters_only(lists.common(language)) for language in LANGUAGES}
    commonest = {language: letters_only(lists.common(language)[:500]) for language in LANGUAGES}
    words_and_names = list(common.values()) + [names]

    def word(r, longest=11):
        while True:
            drawn = r.choice(r.choice(words_and_names))
            if len(drawn) <= longest:
                return drawn

    @functools.cache
    def unknown_words():
        lessons = names + letters_only(surnames) + towns + [w for c in common.values() for w in c]
        return Markov(lessons, lists.everything())

    def unknown(r, end):
        return simply_cased(r, unknown_words().word(r)) + end

    @functools.cache
    def persons():
        return people([n for n in first_names if n.isalpha() and len(n) >= 4],
                      [n for n in surnames if n.isalpha() and len(n) >= 4], unknown_words().word)

    def two_woven(r):
        words = commonest[r.choice(list(LANGUAGES))]
        one = r.choice(words)
        other = r.choice([w for w in words + few_names if abs(len(w) - len(one)) <= 1])
        longest = max(len(one), len(other))
        return "".join(one[at:at + 1] + other[at:at + 1] for at in range(longest)) + digits(r, 1)

    def own(name, size, make):
        return (name, size, of_person(persons, make))

    def shifted(layout, step):
        def make(r):
            moved = shifted_keys(word(r), ROWS[layout], step)
            return simply_cased(r, moved) + tail(r) if moved else ""
        return make

    def small_and_word(r):
        language = r.choice(list(LANGUAGES))
        small = [r.choice(SMALL_WORDS[language]) for _ in range(r.randint(1, 2))]
        parts = small + [r.choice(common[language])]
        return r.choice(["".join(parts), "".join(p.capitalize() for p in parts)]) + digits(r, 1)

    weave = [
        ("letters with 1234 between", WORD + CASE + SIDE,
         lambda r: between(r, simply_cased(r, word(r, 8)), "1234567890")),
        ("letters with 0000 between", WORD + CASE + SIDE + 1.5,
         lambda r: between(r, simply_cased(r, word(r, 8)), r.choice("01237"))),
        ("letters with a mark between + 123", WORD + CASE + 2 + TAIL,
         lambda r: between(r, simply_cased(r, word(r, 9)), r.choice(".-_*"), False) + tail(r)),
        ("letters with a letter between + 123", WORD + CASE + 2 + TAIL,
         lambda r: between(r, simply_cased(r, word(r, 8)), r.choice("xyza")) + tail(r)),
        ("letters with two signs between", WORD + CASE + 2,
         lambda r: r.choice(["12", "00", "..", "--"]).join(simply_cased(r, word(r, 7))) + tail(r)),
        ("letters with the word backwards between", WORD + CASE + TAIL + SIDE,
         lambda r: (lambda w: between(r, simply_cased(r, w), w[::-1]) + tail(r))(word(r, 7))),
        ("letters with a year between", WORD + CASE + SIDE + YEAR,
         lambda r: between(r, simply_cased(r, word(r, 8)), year(r))),
        ("two of 500 words interleaved + digit", 9 + 9.5 + DIGIT, two_woven),
        ("letters doubled + 123", WORD + CASE + TAIL,
         lambda r: "".join(c * 2 for c in simply_cased(r, word(r, 8))) + tail(r)),
        ("letters tripled + 123", WORD + CASE + TAIL,
         lambda r: "".join(c * 3 for c in simply_cased(r, word(r, 7))) + tail(r)),
    ]
    # The person is known, so these are found within hundreds or thousands.
    person = [
        own("own name in leet + digits", 10,
            lambda r, p: simply_cased(r, in_leet(r, p.one_name(r))) + digits(r, 2)),
        own("own name mistyped + digits", 12,
            lambda r, p: simply_cased(r, mistyped(r, p.one_name(r))) + digits(r, 2)),
        own("own initials + date", DATE + 3,
            lambda r, p: beside(r, "".join(r.choice([day_month_year(r), day_month_year(r)[::-1]])),
                                simply_cased(r, p.initials))),
        own("own initials around a year", YEAR + 4,
            lambda r, p: simply_cased(r, p.initials) + year(r) + r.choice(
                [p.initials, p.initials[::-1], p.initials.upper()])),
        own("own names joined + digits", 10,
            lambda r, p: simply_cased(r, p.both(r)) + digits(r, 2)),
        own("own name or names + year", YEAR + 4,
            lambda r, p: simply_cased(r, r.choice([p.one_name(r), p.both(r)])) + year(r)
            + r.choice(["", "", "!"])),
        own("own names, one or both in leet, + year", YEAR + 6,
            lambda r, p: simply_cased(r, in_leet(r, plain(r.choice([p.first, p.first[0]]))))
            + simply_cased(r, in_leet(r, plain(p.surname))) + year(r)),
        own("own user name in leet + digits", 10,
            lambda r, p: simply_cased(r, in_leet(r, p.user)) + r.choice(["", digits(r, 2)])),
        own("own name backwards + digits", 8,
            lambda r, p: simply_cased(r, p.one_name(r)[::-1]) + digits(r, 2)),
        own("own name, letters doubled or woven", 9,
            lambda r, p: (lambda n: r.choice(["".join(c * 2 for c in n) + tail(r),
                                              between(r, n, "1234567890")]))(
                simply_cased(r, p.one_name(r)))),
    ]
    cipher = [(f"keys shifted {side} on {layout} + 123", WORD + CASE + TAIL, shifted(layout, step))
              for layout in ROWS for side, step in (("right", 1), ("left", -1))]
    cipher += [
        ("Caesar, by 1, 2, 3, 13 or -1, + 123", WORD + CASE + TAIL + 2.3,
         lambda r: simply_cased(r, caesar(word(r), r.choice([1, 2, 3, 13, -1]))) + tail(r)),
        ("Caesar by any number + 123", WORD + CASE + TAIL + LETTER,
         lambda r: simply_cased(r, caesar(word(r), r.randint(1, 25))) + tail(r)),
        ("T9 of a word + letter", WORD + LETTER + SIDE,
         lambda r: beside(r, on_keypad(word(r)), r.choice(string.ascii_lowercase))),
        ("word + its T9", WORD + CASE + SIDE,
         lambda r: (lambda w: beside(r, simply_cased(r, w), on_keypad(w)))(word(r, 8))),
    ]
    spelling = [
        ("vowels left out + year", WORD + CASE + YEAR,
         lambda r: simply_cased(r, without_vowels(word(r))) + year(r)),
        ("a letter doubled by slip + 123", WORD + CASE + 2.8 + TAIL,
         lambda r: simply_cased(r, slipped(r, word(r))) + tail(r)),
        ("as it is heard (k for c, z for s) + 123", WORD + CASE + 3 + TAIL,
         lambda r: simply_cased(r, as_heard(r, word(r))) + tail(r)),
        ("last letter left off + digits", WORD + CASE + 2 * DIGIT,
         lambda r: simply_cased(r, word(r)[:-1]) + digits(r, 2)),
    ]
    numbers = [
        ("initials around a year", 4 * LETTER + CASE + YEAR,
         lambda r: (lambda four: four[:2] + year(r) + four[2:])(initials(r, 4))),
        ("BE + 6 digits", 6 * DIGIT + CASE,
         lambda r: r.choice(["BE", "BE", "be", "Be"]) + number(r, 6)),
        ("Belgian VAT number, BE", 22 + CASE + 2,
         lambda r: r.choice(["BE", "BE", "be", "BE ", "BE-"]) + vat(r)),
        ("  the old one of nine digits", 21 + CASE,
         lambda r: r.choice(["BE", "be"]) + vat(r, "04", "05").replace(".", "")[1:]),
        ("  without BE, + letter", 22 + 1 + LETTER + CASE + SIDE,
         lambda r: beside(r, vat(r), initials(r, 1))),
        # When the date of birth is known, there are 400 numbers.
        ("national number + letter", DATE + 8.6 + 2 + LETTER + CASE + SIDE,
         lambda r: beside(r, national_number(r), initials(r, 1))),
        # They are more than a threshold can count, but each is on invoices and in leaks.
        ("IBAN of Belgium", 28.6 + FORMS, lambda r: written(r, iban_be(r))),
        ("IBAN of France", 57 + FORMS, lambda r: written(r, iban_fr(r))),
        ("IBAN of the Netherlands", 29.5 + FORMS, lambda r: written(r, iban_nl(r))),
        ("IBAN of Germany", 37 + FORMS, lambda r: written(r, iban_de(r))),
        ("bank card + letter", 40.6 + 1.5 + LETTER + CASE + SIDE,
         lambda r: beside(r, card(r), initials(r, 1))),
        ("initial, date, initial", 2 * LETTER + CASE + DATE + 1,
         lambda r: "".join(r.choice([day_month_year(r), day_month_year(r)[::-1]])).join(
             initials(r, 2))),
        ("yymmdd + two initials", 2 * LETTER + CASE + DATE + SIDE,
         lambda r: beside(r, (lambda d: d[2][2:] + d[1] + d[0])(day_month_year(r)),
                          initials(r, 2))),
        ("yyyymmdd + initials", 2 * LETTER + CASE + DATE + SIDE,
         lambda r: beside(r, "".join(day_month_year(r)[::-1]), initials(r, r.randint(1, 2)))),
    ] + list(plates())
    ends = [(f"word or name + {end}", WORD + CASE,
             lambda r, end=end: simply_cased(r, word(r)) + end) for end in ("@123", ".123", "123!")]
    ends += [
        ("word or name + one of 40 tails", WORD + CASE + 5.3,
         lambda r: simply_cased(r, word(r)) + r.choice(TAILS)),
        ("word or name + 4me, 4you, 4ever, 2day", WORD + CASE + 2,
         lambda r: simply_cased(r, word(r)) + r.choice(["4me", "4you", "4ever", "2day"])),
        ("unknown word + @123, .123, 123!", UNKNOWN + CASE + TAIL,
         lambda r: unknown(r, r.choice(["@123", ".123", "123!"])))]
    ends += [(f"unknown word + {length} digit{'s' * (length > 1)}", UNKNOWN + CASE + length * DIGIT,
              lambda r, length=length: unknown(r, number(r, length))) for length in range(1, 5)]
    phrases = [
        ("street + number", 13 + 1.6 + 8,
         lambda r: simply_cased(r, street(r, towns, few_names)) + r.choice(["", "", " "])
         + str(r.randint(1, 250))),
        ("two common first names with et, en + digit", 2 * 8.9 + 2 + CASE + DIGIT,
         lambda r: (lambda a, b: r.choice([a + b, a.title() + b.title()]))(
             r.choice(few_names) + r.choice(["et", "en", "und", "&", "+"]), r.choice(few_names))
         + digits(r, 1)),
        ("  and year", 2 * 8.9 + 2 + CASE + YEAR,
         lambda r: r.choice(few_names) + r.choice(["et", "en", "und", "&", "+"])
         + r.choice(few_names) + year(r)),
        ("small word or two, word + digit", 5 + WORD + 1 + DIGIT, small_and_word),
        ("demonym + digit", 10 + CASE + DIGIT,
         lambda r: simply_cased(r, demonym(r)) + digits(r, 1)),
        ("  made by ending from a town", 12 + CASE + DIGIT,
         lambda r: simply_cased(r, town_with_ending(r, towns)) + digits(r, 1)),
    ]
    return weave + person + cipher + spelling + numbers + ends + phrases + list(scripts())
