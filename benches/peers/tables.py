"""From the grids of a page to rows."""

import re
from decimal import Decimal

from labels import APPLICANTS, PARTED, PARTS, RESULTS, SUBJECT_COLUMNS, SUBJECTS, bare, category_of, is_money
from page import fold, is_value

EXEMPTION = re.compile(r"(免予|不予)公开范围\d$")


def table_rows(grids):
    """The rows of all tables of a page; a table that goes on in the next one keeps its header."""
    table = Table()
    for grid in grids:
        for cells in grid:
            yield from table.row(cells)


class Table:
    """What the rows above say about the row below."""

    def __init__(self):
        self.columns, self.is_fee_in_wan, self.parted = [], False, None
        self.periods, self.has_cumulative = None, False

    def row(self, cells):
        if len(cells) >= 15 and all(map(is_value, cells[-15:])) and any(cells[-15:]):
            yield from values(zip(RESULTS, cells[-15:]))
            return
        at = last_label(cells)
        self.read_header(cells)
        if at is None:
            return
        label, rest = cells[at], cells[at + 1:]
        if bare(label) in SUBJECTS and self.columns:
            subject = SUBJECTS[bare(label)]
            yield from values(zip((f"statutory.{subject}.{column}" for column in self.columns), rest),
                              wan=self.is_fee_in_wan)
        elif (of_applicants := matrix_values(rest)) and (category := category_of(label, "matrix")):
            for applicant, cell in zip(APPLICANTS, of_applicants):
                yield value(category, cell, applicant=applicant)
        else:
            yield from self.old_row(label, rest, cells)

    def read_header(self, cells):
        columns = [SUBJECT_COLUMNS[bare(cell)] for cell in cells if bare(cell) in SUBJECT_COLUMNS]
        if columns:
            self.columns = columns
            self.is_fee_in_wan = "万元" in fold("".join(cells))
        names = [fold(cell) for cell in cells]
        if any(re.match("(统计)?指 ?标", name) for name in names):
            periods = [period_of(name) for name in names]
            self.has_cumulative = "cumulative" in periods
            # With one cell a line the first row of numbers stands in the row of the header.
            self.periods = None if re.search(r"\d", cells[-1]) else periods

    def old_row(self, label, rest, cells):
        category = self.part_of(label) or category_of(label, "old")
        exemption = EXEMPTION.search(bare(label))
        if exemption:
            category = "requests.outcome.denied.exempt_n"
        if category is None or not any(map(is_value, rest)):
            return
        if category.endswith(".total") and category.count(".") == 1:
            self.parted = category.removesuffix(".total")
        wan = "万元" in fold("".join(cells))
        for period, cell in self.numbers(rest, cells):
            yield value(category, cell, period=period, wan=wan, label=strip_number(label) if exemption else None)

    def part_of(self, label):
        part = PARTS.get(bare(label))
        return f"{self.parted}.{part}" if part and self.parted in PARTED else None

    def numbers(self, rest, cells):
        """The cells that hold numbers, with their periods: by the header where the row has its width, else the last ones."""
        if self.periods and len(self.periods) == len(cells):
            pairs = [(period, cell) for period, cell in zip(self.periods, cells) if period]
            # Where a table has months, the sum of the year stands last.
            years = [pair for pair in pairs if pair[0] == "year"]
            return years[-1:] + [pair for pair in pairs if pair[0] == "cumulative"]
        found = [cell for cell in rest if is_value(cell) and cell]
        if self.has_cumulative and len(found) == 2:
            return list(zip(("year", "cumulative"), found))
        return [("year", found[-1] if found else "")]


def matrix_values(cells):
    """The seven values of a row, where there are: cells without a number may stand before or behind them."""
    size = len(APPLICANTS)
    if size <= len(cells) <= size + 3:
        for first, last in ((cells[:-size], cells[-size:]), (cells[size:], cells[:size])):
            if not re.search(r"\d", "".join(first)):
                return last
    return None


def last_label(cells):
    """The place of the last cell that is neither a value nor a unit."""
    places = [place for place, cell in enumerate(cells) if not is_value(cell) and not is_unit(cell)]
    return places[-1] if places else None


def is_unit(cell):
    return re.fullmatch(r"\(?(条|件|次|篇|个|人|人次|元|万元|期|份|项|宗)(\([件条次]\))?\)?", fold(cell)) is not None


def period_of(name):
    if "历年" in name:
        return "cumulative"
    return "year" if re.search("年度|本年|统计|数量|数$|数值", name) and "指标" not in name else None


def values(pairs, wan=False):
    for category, cell in pairs:
        yield value(category, cell, wan=wan)


def value(category, cell, applicant="all", period="year", wan=False, label=None):
    """One row; a cell without a number is blank or not applicable."""
    row = {"category": category, "label": label, "applicant": applicant, "period": period, "count": None,
           "amount_cny": None, "status": "reported", "method": "table", "raw": cell}
    text = fold(cell).replace(" ", "").replace(",", "")
    number = re.fullmatch(r"([-+]?\d+(?:\.\d+)?)(万元|元)?", text)
    if number is None:
        row["status"] = "not_applicable" if text in ("/", "\\") else "blank"
    elif is_money(category):
        in_wan = number[2] == "万元" or (wan and number[2] is None)
        row["amount_cny"] = float(Decimal(number[1]) * (10_000 if in_wan else 1))
    else:
        row["count"] = int(Decimal(number[1]))
    return row


def strip_number(label):
    return re.sub(r"^\s*[(（]?\d+[)）.、]", "", label)
