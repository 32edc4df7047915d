"""What is right and wrong about the reading of one document."""

from collections import Counter
from dataclasses import dataclass

from gold import Key, is_flagged, key_of, number_of
from organ import is_same_identity

IDENTITY_FIELDS = ("jurisdiction_code", "year", "level", "organ", "organ~")
# Left and right side of a check are printed with at most one decimal in shares.
SIDE_TOLERANCE = 0.06


@dataclass
class Finding:
    """One thing that was found out about a document. All figures are counts of findings."""

    kind: str
    text: str = ""
    key: Key | None = None
    number: tuple | None = None
    flagged: bool = False
    status: bool | None = None
    confidence: float | None = None
    raw: str = ""
    span: tuple | None = None


@dataclass
class Verdict:
    """Everything found out about one document."""

    file: str
    group: str
    labels: dict
    findings: list
    f1: float | None


def judge(gold, prediction):
    findings = [*judge_values(gold, prediction.rows), *judge_identity(gold, prediction.report),
                *judge_checks(gold, prediction.checks)]
    kinds = Counter(finding.kind for finding in findings)
    of = len(gold.numbers) + kinds["hit"] + kinds["contradiction"] + kinds["invented"]
    f1 = 2 * (len(gold.numbers) - kinds["missed"]) / of if gold.numbers else None
    return Verdict(gold.file, gold.group, gold.labels, findings, f1)


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
        yield Finding("gold_number", key=key, number=number)
        if key not in found:
            yield Finding("missed", f"{key} = {number[1]}", key=key, number=number)
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
    read = {"key": key, "number": number, "flagged": is_flagged(row), "confidence": confidence,
            "raw": row.get("raw") or "", "span": (row.get("start"), row.get("end"))}
    if number == expected:
        found.add(key)
        status = gold.rows[key].get("status")
        return Finding("hit", status=row.get("status") == status if status else None, **read)
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
    return Finding(kind, text, **read)


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
