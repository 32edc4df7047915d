#!/usr/bin/env python3
"""Scores what gongkai reads against what a careful human reader wrote down.

    score.py                             the sets that come with the project: samples, and seeds where they exist
    score.py --set NAME GOLD DUMPS ...   other sets: a gold file and the folder that its file names are relative to
    options: --binary FILE, --verbose, --json FILE, --floor FILE

The binary reads every dump that the gold file names (`extract --format jsonl`), and each value it gives falls into
one class:

    hit            gold has this number under this key
    ignored        gold leaves it open: an `ignore` entry covers it, it is one of the `optional` values, or it belongs
                   to the second report of the page
    contradiction  gold has another number under this key, or a blank
    invented       gold has nothing under this key although it claims to be complete there
    unjudged       gold claims nothing about it

A key is category, applicant and period, and in open lists the label as well. Precision is hits among hits,
contradictions and inventions; recall is hits among gold's numbers. Blank cells are not numbers and have figures of
their own. A wrong number is silent unless its arithmetic check failed or its confidence is below one half: silent
errors are what an analyst cannot see.

Exit codes: 0 every floor holds, 1 a figure is below its floor (each is named), 2 the scorer could not run.
"""

import argparse
import json
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# The sets of the project: gold, dumps, and whether it may be absent.
SETS = {
    "samples": (ROOT / "data/samples/gold.jsonl", ROOT / "data/samples/dumps", False),
    "seeds": (ROOT.parent / "shared/gold/seeds.jsonl", ROOT.parent / "shared/seeds", True),
}
FILES_PER_CALL = 200

IDENTITY_FIELDS = ("jurisdiction_code", "year", "level", "organ", "organ~")
# Categories whose rows are told apart by their label, in addition to those that carry labels in gold.
ALWAYS_OPEN = frozenset({"proactive.theme", "requests.outcome.denied.exempt_n", "unmapped"})
# Left and right side of a check are printed with at most one decimal in shares.
SIDE_TOLERANCE = 0.06


class Unusable(Exception):
    """The scorer cannot run; the message says why."""


def main(arguments=None):
    options = parse(arguments)
    try:
        floors = json.loads(options.floor.read_text(encoding="utf-8"))
        sets = run_sets(options)
    except (Unusable, OSError, json.JSONDecodeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for name, scored in sets.items():
        print_set(name, scored, options.verbose)
    if options.json:
        figures = {name: scored.all_figures() for name, scored in sets.items()}
        options.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return report_floors(sets, floors)


def parse(arguments):
    parser = argparse.ArgumentParser(
        description="Scores what gongkai reads against gold.", formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--set", nargs=3, action="append", metavar=("NAME", "GOLD", "DUMPS"), default=None,
                        help="score this set instead of the project's own; may be given several times")
    parser.add_argument("--binary", type=Path, default=ROOT / "target/release/gongkai", help="the built gongkai")
    parser.add_argument("--floor", type=Path, default=HERE / "floor.json", help="figures that must be reached")
    parser.add_argument("--verbose", action="store_true", help="list every miss and every error")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to this file")
    return parser.parse_args(arguments)


def run_sets(options):
    if not options.binary.is_file():
        raise Unusable(f"{options.binary}: no such binary\nhint: cargo build --release -p gongkai-cli")
    if options.set:
        chosen = {name: (Path(gold), Path(dumps), False) for name, gold, dumps in options.set}
    else:
        chosen = SETS
    scored = {}
    for name, (gold, dumps, may_be_absent) in chosen.items():
        if may_be_absent and not (gold.is_file() and dumps.is_dir()):
            print(f"{name}: not on this machine, skipped\n")
            continue
        lines = read_gold(gold)
        scored[name] = score(lines, extract(options.binary, dumps, [line["file"] for line in lines]))
    return scored


# ------------------------------------------------------------------------------------------------ reading

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
        records.extend(json.loads(line) for line in done.stdout.decode("utf-8").splitlines())
    return records


# ------------------------------------------------------------------------------------------------ keys and values

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
    """Themes are printed with and without 类 and 信息 at their end."""
    whole = rest = bare(text)
    while rest.endswith(("类", "信息")):
        rest = rest.removesuffix("类").removesuffix("信息")
    return rest or whole


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


# ------------------------------------------------------------------------------------------------ gold and prediction

class Gold:
    """One line of a gold file, with its values by key."""

    def __init__(self, line, open_lists):
        self.line, self.open_lists = line, open_lists
        self.file = line["file"]
        self.group = line.get("group") or "all"
        self.says_whose = "report" in line
        self.report = line.get("report")
        self.is_no_report = self.says_whose and self.report is None
        self.complete = tuple(line.get("complete") or ())
        self.numbers, self.blanks, self.rows = {}, {}, {}
        for row in line.get("observations") or ():
            key = key_of(row, open_lists)
            if key in self.rows:
                print(f"{self.file}: a key stands twice in gold, its last value is taken: {key}", file=sys.stderr)
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


# ------------------------------------------------------------------------------------------------ judging

@dataclass
class Finding:
    """One thing that was found out about a document. All figures are counts of findings."""

    kind: str
    text: str = ""
    category: str | None = None
    flagged: bool = False
    status: bool | None = None
    confidence: float | None = None


@dataclass
class Verdict:
    """Everything found out about one document."""

    file: str
    group: str
    findings: list
    f1: float | None


def judge(gold, prediction):
    findings = [*judge_values(gold, prediction.rows), *judge_identity(gold, prediction.report),
                *judge_checks(gold, prediction.checks)]
    kinds = Counter(finding.kind for finding in findings)
    of = len(gold.numbers) + kinds["hit"] + kinds["contradiction"] + kinds["invented"]
    f1 = 2 * (len(gold.numbers) - kinds["missed"]) / of if gold.numbers else None
    return Verdict(gold.file, gold.group, findings, f1)


def judge_values(gold, rows):
    seen, found, cells = set(), set(), {}
    for row in rows:
        if gold.other_year and row.get("year") == gold.other_year:
            yield Finding("ignored")
            continue
        if gold.is_no_report:
            yield Finding("row_on_non_report", str(key_of(row, gold.open_lists)))
        key, number = key_of(row, gold.open_lists), number_of(row)
        if number is None:
            yield from judge_blank(gold, row, key, found, cells)
        elif (key, number) not in seen:
            seen.add((key, number))
            yield judge_number(gold, row, key, number, found, cells)
    for key, number in gold.numbers.items():
        yield Finding("gold_number", category=key.category)
        if key not in found:
            yield Finding("missed", f"{key} = {number[1]}", category=key.category)
    for key in gold.blanks:
        outcome = cells.get(key, "blank_missed")
        yield Finding(outcome, str(key))


def judge_blank(gold, row, key, found, cells):
    """A row without a number: a cell that gold knows to be blank, a number that was overlooked, or neither."""
    if key in gold.blanks:
        same = row.get("status") == gold.blanks[key]
        cells.setdefault(key, "blank_ok" if same else "blank_other_null")
    elif key in gold.numbers:
        if key not in found:
            yield Finding("number_as_blank", f"{key}, gold {gold.numbers[key][1]}")
    elif gold.claims_all_of(key.category) and not gold.leaves_open(row):
        yield Finding("blank_invented", str(key))


def judge_number(gold, row, key, number, found, cells):
    confidence, expected = row.get("confidence"), gold.numbers.get(key)
    if number == expected:
        found.add(key)
        status = gold.rows[key].get("status")
        return Finding("hit", category=key.category, flagged=is_flagged(row), confidence=confidence,
                       status=row.get("status") == status if status else None)
    if key in gold.blanks:
        cells[key] = "blank_as_number"
    if gold.leaves_open(row) or (key, number) in gold.optional:
        return Finding("ignored")
    if key in gold.rows:
        kind = "contradiction"
    elif gold.claims_all_of(key.category):
        kind = "invented"
    else:
        return Finding("unjudged")
    wish = "" if kind == "invented" else f", gold {expected[1] if expected else 'blank'}"
    text = f"{key} = {number[1]}{wish}  [{row.get('method') or '-'}: {row.get('raw') or ''}]"
    return Finding(kind, text, category=key.category, flagged=is_flagged(row), confidence=confidence)


def judge_identity(gold, report):
    if not gold.says_whose:
        return
    if gold.is_no_report:
        yield Finding("reject_expected")
        if report is None:
            yield Finding("rejected")
        else:
            yield Finding("not_rejected", report.get("title") or report.get("organ") or "")
        return
    if report is None and gold.line.get("report_type") == "half_year":
        return  # Leaving a half-year page out is as right as reading it.
    yield Finding("report_expected")
    yield Finding("report_found" if report else "report_not_found")
    for name in IDENTITY_FIELDS:
        column = name.removesuffix("~")
        if column not in gold.report:
            continue
        right = report is not None and is_same_identity(gold, name, report.get(column))
        wish = "" if right or report is None else f"{name} = {report.get(column)}, gold {gold.report[column]}"
        yield Finding(f"{name}:{'right' if right else 'wrong'}", wish)


def judge_checks(gold, checks):
    """Gold lists the identities that a report breaks: each must be told, and no definitional one besides."""
    expected = [sides_of(check) for check in gold.line.get("failed_checks") or ()]
    yield from (Finding("failure_expected") for _ in expected)
    for check in checks:
        if check.get("result") != "fail" and check.get("passed") is not False:
            continue
        sides = sides_of(check)
        known = next((place for place, other in enumerate(expected) if is_near(sides, other)), None)
        if known is not None:
            del expected[known]
            yield Finding("failure_found")
        elif check.get("kind", "D") == "D":
            yield Finding("failure_unexpected", f"{check.get('identity')} {sides}: {check.get('message') or ''}")
    for sides in expected:
        yield Finding("failure_missed", str(sides))


def sides_of(check):
    left, right = check.get("left", check.get("printed")), check.get("right", check.get("computed"))
    try:
        return tuple(sorted((float(left), float(right))))
    except (TypeError, ValueError):
        return None


def is_near(one, other):
    return bool(one and other) and all(abs(a - b) <= SIDE_TOLERANCE for a, b in zip(one, other))


# ------------------------------------------------------------------------------------------------ who reports

# What is left of a name once the units above are taken away and that names nobody.
NOBODY = frozenset({"", "政府", "办公室", "政府办公室", "管理委员会", "街道", "街道办事处"})
# Endings that a bare place stands for in the lenient comparison, and what must stand before them.
GOVERNMENT_OF = (("政府", tuple("省市县区旗盟州镇乡")), ("管理委员会", ("区",)), ("办事处", ("街道",)))


def is_same_identity(gold, name, found):
    """Whether an identity field holds gold's value or one that gold accepts as well."""
    column = name.removesuffix("~")
    also = "code_accept" if column == "jurisdiction_code" else f"{column}_accept"
    accepted = [gold.report.get(column), *(gold.line.get(also) or gold.report.get(also) or ())]
    if gold.report.get("zone") and column in ("jurisdiction_code", "level"):
        # A development zone has neither a code nor a rank of its own.
        accepted += [None, "department", *(gold.report.get("jurisdiction_candidates") or ())]
    if column == "organ":
        place = gold.report.get("jurisdiction")
        return any(is_same_organ(organ, found, place, lenient=name.endswith("~")) for organ in accepted)
    return any(found is None if value is None else found is not None and str(value) == str(found) for value in accepted)


def is_same_organ(one, other, place, lenient):
    """Equal, or one begins with names of the units above: 广州市天河区人民政府 is 天河区人民政府."""
    short, long = sorted((plain_organ(one, lenient), plain_organ(other, lenient)), key=len)
    if short == long:
        return True
    if short in NOBODY or not long.endswith(short):
        return False
    above = long[:len(long) - len(short)]
    return above in bare(place) or above == "中华人民共和国"


def plain_organ(organ, lenient):
    name = bare(organ).replace("人民政府", "政府")
    if name.endswith("政府办"):
        name += "公室"
    if name.endswith("管委会"):
        name = name.removesuffix("管委会") + "管理委员会"
    if lenient:
        for ending, before in GOVERNMENT_OF:
            rest = name.removesuffix(ending)
            if rest != name and rest.endswith(before):
                return rest
    return name


# ------------------------------------------------------------------------------------------------ figures

@dataclass
class Scored:
    """The verdicts of a set."""

    verdicts: list

    def groups(self):
        """The whole set first, then its groups by name."""
        names = sorted({verdict.group for verdict in self.verdicts})
        parts = {"all": self.verdicts}
        if names != ["all"]:
            parts |= {name: [verdict for verdict in self.verdicts if verdict.group == name] for name in names}
        return parts

    def all_figures(self):
        whole = {name: figures(verdicts) for name, verdicts in self.groups().items()}
        return {"groups": whole, "categories": by_category(self.verdicts, lambda category: category)}


def score(lines, records):
    labelled = {row["category"] for line in lines for row in line.get("observations") or () if row.get("label")}
    open_lists = ALWAYS_OPEN | labelled
    found = predictions_of(records, lines)
    return Scored([judge(Gold(line, open_lists), found[line["file"]]) for line in lines])


def share(part, whole):
    return part / whole if whole else None


def harmonic(precision, recall):
    if precision and recall:
        return 2 * precision * recall / (precision + recall)
    return None if precision is None and recall is None else 0.0


def figures(verdicts):
    findings = [finding for verdict in verdicts for finding in verdict.findings]
    n = Counter(finding.kind for finding in findings)
    hits = [finding for finding in findings if finding.kind == "hit"]
    wrong = [finding for finding in findings if finding.kind in ("contradiction", "invented")]
    silent = sum(not finding.flagged for finding in wrong)
    flagged_hits = sum(hit.flagged for hit in hits)
    judged = len(hits) + len(wrong)
    blanks = n["blank_ok"] + n["blank_other_null"] + n["blank_as_number"] + n["blank_missed"]
    precision, recall = share(len(hits), judged), share(len(hits), n["gold_number"])
    document_f1 = [verdict.f1 for verdict in verdicts if verdict.f1 is not None]
    status = [hit.status for hit in hits if hit.status is not None]
    return {
        "documents": len(verdicts),
        "gold": n["gold_number"], "hits": len(hits), "missed": n["gold_number"] - len(hits),
        "false": len(wrong), "contradictions": n["contradiction"], "invented": n["invented"],
        "ignored": n["ignored"], "unjudged": n["unjudged"],
        "precision": precision, "recall": recall, "f1": harmonic(precision, recall),
        "document_f1": share(sum(document_f1), len(document_f1)),
        "blanks": counted(n["blank_ok"], blanks),
        "blanks_as": {"other_null": n["blank_other_null"], "number": n["blank_as_number"], "missed": n["blank_missed"]},
        "number_as_blank": n["number_as_blank"], "invented_blanks": n["blank_invented"],
        "identity": {name: counted(n[f"{name}:right"], n[f"{name}:right"] + n[f"{name}:wrong"])
                     for name in IDENTITY_FIELDS},
        "reports_found": counted(n["report_found"], n["report_expected"]),
        "rejected": counted(n["rejected"], n["reject_expected"]),
        "rows_on_non_reports": n["row_on_non_report"],
        "status": counted(sum(status), len(status)),
        "failed_checks": counted(n["failure_found"], n["failure_expected"]),
        "unexpected_failures": n["failure_unexpected"],
        "silent_errors": silent, "silent_per_1000": share(1000 * silent, judged),
        "right_but_flagged": flagged_hits, "right_but_flagged_share": share(flagged_hits, len(hits)),
        "confidence": confidence_bins(hits, wrong),
    }


def counted(right, of):
    return {"right": right, "of": of, "share": share(right, of)}


def confidence_bins(hits, wrong):
    bins = {}
    for kind, findings in (("right", hits), ("wrong", wrong)):
        for finding in findings:
            value = finding.confidence
            name = "none" if value is None else f"0.{min(int(value * 10), 9)}"
            bins.setdefault(name, {"right": 0, "wrong": 0})[kind] += 1
    return dict(sorted(bins.items()))


def by_category(verdicts, name_of):
    table = {}
    for verdict in verdicts:
        for finding in verdict.findings:
            if finding.category is not None:
                table.setdefault(name_of(finding.category), Counter())[finding.kind] += 1
    return {
        name: {"gold": n["gold_number"], "hits": n["hit"], "missed": n["missed"],
               "false": n["contradiction"] + n["invented"]}
        for name, n in sorted(table.items())
    }


# ------------------------------------------------------------------------------------------------ floors

def report_floors(sets, floors):
    """Prints every figure that misses its floor."""
    broken, held = [], 0
    for name, demands in floors.items():
        if name not in sets:
            continue
        found = figures(sets[name].verdicts)
        for bound, is_kept, word in (("at_least", lambda a, b: a >= b, "below"), ("at_most", lambda a, b: a <= b, "above")):
            for path, floor in demands.get(bound, {}).items():
                value = look_up(found, path)
                if value is not None and is_kept(value, floor):
                    held += 1
                else:
                    shown = "no value" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")
                    broken.append(f"{name}: {path} is {word} its floor of {floor}: {shown}")
    print(f"floors: {held} hold, {len(broken)} do not")
    for line in broken:
        print(f"  {line}")
    return 1 if broken else 0


def look_up(found, path):
    """`identity.year` in nested figures; a figure counted as right/of is compared by its share."""
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found["share"] if isinstance(found, dict) and "share" in found else found


# ------------------------------------------------------------------------------------------------ printing

# Findings that --verbose lists, with the heading they stand under.
LISTED = {
    "contradiction": "wrong number", "invented": "invented number", "missed": "missed",
    "blank_missed": "blank missed", "blank_other_null": "blank as another null", "blank_as_number": "blank as number",
    "blank_invented": "blank invented", "number_as_blank": "number as blank", "not_rejected": "not rejected",
    "row_on_non_report": "row on non-report", "report_not_found": "no report", "failure_missed": "failure not told",
    "failure_unexpected": "failure unexpected",
}


def print_set(name, scored, verbose):
    if verbose:
        print_findings(scored)
    groups = {group: figures(verdicts) for group, verdicts in scored.groups().items()}
    heading = f"{name}: {groups['all']['documents']} documents"
    print(f"{heading}\n{'=' * len(heading)}")
    print_rows(["values", "docs", "gold", "hits", "missed", "false", "unjudged", "precision", "recall", "F1", "F1/doc",
                "silent", "/1000", "flagged"],
               [[group, f["documents"], f["gold"], f["hits"], f["missed"], f["false"], f["unjudged"],
                 percent(f["precision"]), percent(f["recall"]), percent(f["f1"]), percent(f["document_f1"]),
                 f["silent_errors"], decimal(f["silent_per_1000"]), f["right_but_flagged"]]
                for group, f in groups.items()])
    print_rows(["blanks", "ok", "other null", "as number", "missed", "number as blank", "invented", "status",
                "failed checks", "unexpected"],
               [[group, ratio(f["blanks"]), f["blanks_as"]["other_null"], f["blanks_as"]["number"],
                 f["blanks_as"]["missed"], f["number_as_blank"], f["invented_blanks"], ratio(f["status"]),
                 ratio(f["failed_checks"]), f["unexpected_failures"]] for group, f in groups.items()])
    print_rows(["identity", "reports", "rejected", "rows on non-reports", *(x.removeprefix("jurisdiction_") for x in IDENTITY_FIELDS)],
               [[group, ratio(f["reports_found"]), ratio(f["rejected"]), f["rows_on_non_reports"],
                 *(ratio(f["identity"][x]) for x in IDENTITY_FIELDS)] for group, f in groups.items()])
    families = by_category(scored.verdicts, lambda category: ".".join(category.split(".")[:2]))
    print_rows(["category", "gold", "hits", "missed", "false", "precision", "recall", "F1"],
               [[family, n["gold"], n["hits"], n["missed"], n["false"], *rates(n)] for family, n in families.items()])


def rates(n):
    precision, recall = share(n["hits"], n["hits"] + n["false"]), share(n["hits"], n["gold"])
    return [percent(precision), percent(recall), percent(harmonic(precision, recall))]


def print_findings(scored):
    for verdict in scored.verdicts:
        for finding in verdict.findings:
            heading = LISTED.get(finding.kind)
            if heading is None and finding.kind.endswith(":wrong") and finding.text and "~" not in finding.kind:
                heading = "identity"
            if heading is None:
                continue
            if finding.kind in ("contradiction", "invented"):
                heading += " (flagged)" if finding.flagged else " (SILENT)"
            print(f"{heading:<26}{verdict.file}  {finding.text}")
    print()


def print_rows(head, rows):
    """Columns as wide as they need, the first to the left and numbers to the right."""
    cells = [head, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    for row in cells:
        first, *others = (cell.ljust(width) if column == 0 else cell.rjust(width)
                          for column, (cell, width) in enumerate(zip(row, widths)))
        print("  ".join([first, *others]))
    print()


def percent(value):
    return "-" if value is None else f"{100 * value:.2f}"


def decimal(value):
    return "-" if value is None else f"{value:.1f}"


def ratio(pair):
    return f"{pair['right']}/{pair['of']}" if pair["of"] else "-"


if __name__ == "__main__":
    sys.exit(main())
