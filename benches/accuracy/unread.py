"""What was missed or read wrong, by the words around the number: what whoever extends the vocabulary wants to see first.

Nothing of it is kept: it quotes the dumps."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from printed import CELL, Text, read_units

# Characters before and behind a number that are shown, and those right before it by which they are put together.
AROUND = 6
HEAD = 3
# What is looked at for them: spaces are left out.
REACH = 80
# Files that are named for each wording.
NAMED = 3


@dataclass
class Wording:
    """A number with the same words around it, wherever it stands."""

    meanings: Counter = field(default_factory=Counter)
    files: list = field(default_factory=list)

    @property
    def times(self):
        return self.meanings.total()


def print_unread(name, scored, dumps):
    units = read_units()
    missed, wrong = defaultdict(Wording), defaultdict(Wording)
    for verdict in scored.verdicts:
        text = Text(dumps / verdict.file, units)
        for table, words, meaning in look(verdict, text, missed, wrong):
            wording = table[words]
            wording.meanings[meaning] += 1
            if verdict.file not in wording.files:
                wording.files.append(verdict.file)
    for heading, table in (("missed", missed), ("read wrong", wrong)):
        print_wordings(f"{name}: {heading}", table)


def look(verdict, text, missed, wrong):
    """Each missed or wrong number of a document with the table it belongs to, the words around it and its meaning."""
    right = {text.place(it.span, it.raw) for it in verdict.findings if it.kind == "hit"}
    lost = [it for it in verdict.findings if it.kind == "missed"]
    for finding in verdict.findings:
        key, number = finding.key, finding.number
        if finding.kind == "missed":
            yield missed, words_around(text, text.likely_place(number[1], right, key.label), number), meaning_of(key)
        elif finding.kind in ("contradiction", "invented"):
            place = text.place(finding.span, finding.raw) or text.likely_place(number[1], set())
            meaning = f"{meaning_of(key)}{instead_of(finding, lost)} {'flagged' if finding.flagged else 'SILENT'}"
            yield wrong, words_around(text, place, number), meaning


def meaning_of(key):
    return key.category if key.period == "year" else f"{key.category} ({key.period})"


def instead_of(finding, lost):
    """What gold has under this key, or the key under which it has this number."""
    for it in lost:
        if it.key == finding.key:
            return f" = {finding.number[1]}, gold {it.number[1]},"
    for it in lost:
        if it.number == finding.number and it.number[1]:
            return f" for {it.key}"
    return ""


def words_around(text, place, number):
    """What stands before the number, the number or the words that say it, and what stands behind."""
    if place is None:
        return "", "a zero in words or in a cell" if number[1] == 0 else "not found as printed", ""
    start, end = place
    before, after = shortened(text.text[max(0, start - REACH):start]), shortened(text.text[end:end + REACH])
    if before.endswith(CELL) or after.startswith(CELL):
        return "", "a cell of a table", ""
    middle = text.text[start:end]
    return before[-AROUND:], "#" if re.search(r"\d", middle) else middle, after[:AROUND]


def shortened(text):
    """Without spaces, and with all numbers alike."""
    return re.sub(r"\d+(?:[.,]\d+)*", "#", re.sub(r"\s+", "", text))


def print_wordings(heading, table):
    heading = f"{heading}, {sum(wording.times for wording in table.values())} numbers"
    print(f"{heading}\n{'=' * len(heading)}")
    heads = defaultdict(list)
    for words in table:
        heads[words[0][-HEAD:] or words[1]].append(words)
    by_times = lambda head: (-sum(table[words].times for words in heads[head]), head)
    for head in sorted(heads, key=by_times):
        print(f"{-by_times(head)[0]:>4}  {head}")
        for words in sorted(heads[head], key=lambda words: (-table[words].times, words)):
            print_wording(words, table[words])
    print()


def print_wording(words, wording):
    meanings = ", ".join(f"{meaning} {times}" if times > 1 else meaning for meaning, times in wording.meanings.most_common())
    files = " ".join(wording.files[:NAMED]) + (f" +{len(wording.files) - NAMED}" if len(wording.files) > NAMED else "")
    before, middle, after = words
    print(f"      {wording.times:>4}  {before} {middle} {after}  {meanings}  ({files})")
