"""What gold says and what the binary says, and when two values are the same."""

import json
import re
import subprocess
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

FILES_PER_CALL = 200
# Categories whose rows are told apart by their label, in addition to those that carry labels in gold.
ALWAYS_OPEN = frozenset({"proactive.theme", "requests.outcome.denied.exempt_n", "unmapped"})


class Unusable(Exception):
    """The scorer cannot run; the message says why."""


def read_gold(path):
    lines, seen = [], set()
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
        except json.JSONDecodeError as error:
            raise Unusable(f"{path}:{number}: {error}") from error
        if line["file"] in seen:
            raise Unusable(f"{path}:{number}: a file stands twice: {line['file']}")
        seen.add(line["file"])
        lines.append(line)
    return lines


def extract(binary, dumps, names):
    """Every record the binary prints for these dumps, `file` being the name relative to the folder."""
    for name in names:
        if not (dumps / name).is_file():
            raise Unusable(f"{dumps}: gold names a dump that is not there: {name}")
    records = []
    for start in range(0, len(names), FILES_PER_CALL):
        command = [str(binary.resolve()), "extract", "--format", "jsonl", "--", *names[start:start + FILES_PER_CALL]]
        done = subprocess.run(command, cwd=dumps, capture_output=True, check=False)
        # 1 means that a dump failed: its document scores as missed.
        if done.returncode not in (0, 1) or not done.stdout:
            raise Unusable(f"{binary}: ended with {done.returncode}: {done.stderr.decode(errors='replace').strip()}")
        lines = done.stdout.decode("utf-8").splitlines()
        # Mentions are half of what is printed and not judged.
        records.extend(json.loads(line) for line in lines if '"record":"mention"' not in line[:40])
    return records


@dataclass(frozen=True)
class Key:
    category: str
    label: str
    applicant: str
    period: str

    def __str__(self):
        label = f"[{self.label}]" if self.label else ""
        applicant = "" if self.applicant == "all" else f" @{self.applicant}"
        period = "" if self.period == "year" else f" ({self.period})"
        return f"{self.category}{label}{applicant}{period}"


def bare(text):
    """Compared without width, spaces and quotes."""
    folded = unicodedata.normalize("NFKC", "" if text is None else str(text))
    return "".join(c for c in folded if not c.isspace() and c not in "\"'“”‘’「」『』《》")


def bare_label(text):
    """Themes are printed with and without 类, 信息 and 数 at their end."""
    whole = bare(text)
    return re.sub("(?:类|信息|数)+$", "", whole) or whole


def key_of(row, open_lists):
    category = row["category"]
    label = bare_label(row.get("label")) if category in open_lists else ""
    return Key(category, label, row.get("applicant") or "all", row.get("period") or "year")


def number_of(row):
    """What the row counts, as (kind, number); None for a blank."""
    for kind, column, places in (("amount", "amount_cny", Decimal("0.01")), ("count", "count", None)):
        printed = row.get(column)
        if printed is None:
            continue
        try:
            number = Decimal(str(printed))
            return kind, number.quantize(places) if places else number
        except InvalidOperation:
            return kind, str(printed)
    return None


def is_flagged(row):
    """Whether an analyst is warned of this row."""
    confidence = row.get("confidence")
    return row.get("check") == "failed" or (confidence is not None and confidence < 0.5)


def open_lists_of(lines):
    labelled = {row["category"] for line in lines for row in line.get("observations") or () if row.get("label")}
    return ALWAYS_OPEN | labelled


def labels_of(line):
    """What kind of document this is: the labels of a forged one, the kinds of difficulty of one from the wild."""
    kinds = line.get("kinds") or ([line["kind"]] if line.get("kind") else [])
    return (line.get("labels") or {}) | ({"kind": kinds} if kinds else {})


class Gold:
    """One line of a gold file, with its values by key."""

    def __init__(self, line, open_lists):
        self.line, self.open_lists = line, open_lists
        self.file = line["file"]
        self.group = line.get("group") or "all"
        self.labels = labels_of(line)
        self.says_whose = "report" in line
        self.report = line.get("report")
        self.is_no_report = self.says_whose and self.report is None
        self.complete = tuple(line.get("complete") or ())
        self.numbers, self.blanks, self.rows = {}, {}, {}
        # Keys that stand twice: their last value counts.
        self.doubles = []
        for row in line.get("observations") or ():
            key = key_of(row, open_lists)
            if key in self.rows:
                self.doubles.append(key)
                self.numbers.pop(key, None)
                self.blanks.pop(key, None)
            self.rows[key] = row
            number = number_of(row)
            if number is None:
                self.blanks[key] = row.get("status") or "blank"
            else:
                self.numbers[key] = number
        self.optional = {(key_of(row, open_lists), number_of(row)) for row in line.get("optional") or ()}
        second = (line.get("second_report") or {}).get("report") or {}
        self.other_year = second.get("year")

    def claims_all_of(self, category):
        return category.startswith(self.complete)

    def leaves_open(self, row):
        facets = (row.get("period") or "year", row.get("applicant") or "all", row.get("method"), row.get("status"))
        for entry in self.line.get("ignore") or ():
            prefix, _, facet = entry.partition(":")
            if row["category"].startswith(prefix) and (not facet or facet in facets):
                return True
        return False


@dataclass
class Prediction:
    """What the binary says about one dump."""

    report: dict | None = None
    rows: list = field(default_factory=list)
    checks: list = field(default_factory=list)


def predictions_of(records, lines):
    """Records by file. Where a page holds two reports, the one of gold's year is taken."""
    wanted = {line["file"]: (line.get("report") or {}).get("year") for line in lines}
    found = {name: Prediction() for name in wanted}
    for record in records:
        prediction = found.get(record.get("file"))
        if prediction is None:
            continue
        match record.get("record"):
            case "observation":
                prediction.rows.append(record)
            case "check":
                prediction.checks.append(record)
            case "report":
                held, year = prediction.report, wanted[record["file"]]
                if held is None or (held.get("year") != year and record.get("year") == year):
                    prediction.report = record
    return found
