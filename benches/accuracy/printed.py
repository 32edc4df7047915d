"""Where a number stands in the text of a dump: for people who look at what was missed, not for scoring.

Labels do not say where a number stands, so that this is a guess: a number of this value that a count follows, rather than
one that was read for something else."""

import html
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from gold import bare

UNITS = Path(__file__).resolve().parent.parent.parent / "data/units.tsv"
# How far before a number its label may begin.
LABEL_REACH = 30
# Between the cells of a table.
CELL = "|"
DIGITS = {c: value for value, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
POWERS = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
NUMBER = re.compile(
    r"(?P<figures>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?:余|多|餘)?(?P<myriad>[万萬亿億])?"
    r"|(?P<words>[零〇一二两兩三四五六七八九十百千万萬]+)"
)
# Years, days, shares and the numbers of chapters and lists count nothing.
NO_COUNT_BEHIND = re.compile(r"\s*[年月日号號时%‰]")
NO_COUNT_BEFORE = re.compile(r"第\s*$|[\d.:/-]$")
ITEM_BEFORE, ITEM_BEHIND = re.compile(r"(?:^|[\n。;:(])\s*$"), re.compile(r"[、.)]")


@dataclass
class Printed:
    start: int
    end: int
    number: Decimal
    is_counted: bool


class Text:
    """A dump as text, and the numbers printed in it."""

    def __init__(self, path, units):
        self.bytes = path.read_bytes()
        self.is_plain = path.suffix == ".txt"
        self.text = folded(plain(self.bytes.decode("utf-8", errors="replace"), self.is_plain))
        self.numbers = list(numbers_in(self.text, units))

    def place(self, span, raw):
        """Start and end of what a row says it was read from; None where that is not in these bytes (of HTML the rows
        give places in the text that was made of it)."""
        start, end = span or (None, None)
        if not self.is_plain or start is None or end is None or self.bytes[start:end] != raw.encode():
            return None
        before = len(self.bytes[:start].decode("utf-8", errors="replace"))
        return before, before + len(raw)

    def likely_place(self, number, used, label=""):
        """Where a number probably stands: behind its label, if it has one, and not in a place that is used for a number
        that was read right. A zero is found only where a unit follows: most stand in cells and in words."""
        found = [printed for printed in self.numbers if printed.number == number and (number or printed.is_counted)]
        if not found:
            return None

        def doubts(it):
            has_label = label in bare(self.text[max(0, it.start - LABEL_REACH):it.start])
            return not has_label, (it.start, it.end) in used, not it.is_counted, it.start

        best = min(found, key=doubts)
        return best.start, best.end


def plain(text, is_text):
    """Of HTML what is read, in as far as it matters to a glance."""
    if is_text:
        return text
    text = re.sub(r"(?s)<(style|script)\b.*?</\1>", "", text)
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"</t[dh]>", f"\n{CELL}", text)))


def folded(text):
    """Half-width, character by character, so that places stay what they are."""
    narrow = (unicodedata.normalize("NFKC", c) for c in text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, narrow))


def read_units(path=UNITS):
    """Words that stand behind a count."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return tuple(line.split("\t")[0] for line in lines if line)


def numbers_in(text, units):
    for found in NUMBER.finditer(text):
        behind, before = text[found.end():found.end() + 8], text[max(0, found.start() - 3):found.start()]
        if NO_COUNT_BEHIND.match(behind) or NO_COUNT_BEFORE.search(before):
            continue
        if ITEM_BEFORE.search(before) and ITEM_BEHIND.match(behind):
            continue
        is_counted = behind.lstrip().lstrip("余多餘").startswith(units)
        if found["figures"]:
            number = Decimal(found["figures"].replace(",", "")) * MYRIADS.get(found["myriad"], 1)
        elif is_counted and not set(found["words"]) <= MYRIADS.keys():
            number = Decimal(number_in_words(found["words"]))
        else:
            continue
        yield Printed(found.start(), found.end(), number, is_counted)


def number_in_words(words):
    """一万二千三百一十 is 12310."""
    whole = part = digit = 0
    for word in words:
        if word in DIGITS:
            digit = DIGITS[word]
        elif word in POWERS:
            part, digit = part + (digit or 1) * POWERS[word], 0
        else:
            whole, part, digit = (whole + part + digit) * MYRIADS[word], 0, 0
    return whole + part + digit
