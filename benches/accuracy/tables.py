"""Figures as tables for people."""

from figures import by_category, figures, harmonic, share, worst_categories
from judge import IDENTITY_FIELDS

# Findings that --verbose lists, with the heading they stand under.
LISTED = {
    "contradiction": "wrong number", "invented": "invented number", "missed": "missed",
    "blank_missed": "blank missed", "blank_other_null": "blank as another null", "blank_as_number": "blank as number",
    "blank_invented": "blank invented", "number_as_blank": "number as blank", "not_rejected": "not rejected",
    "row_on_non_report": "row on non-report", "report_not_found": "no report", "failure_missed": "failure not told",
    "failure_unexpected": "failure unexpected",
}


def print_set(name, scored, verbose):
    if verbose and not scored.frozen:
        print_findings(scored)
    groups = {group: figures(verdicts) for group, verdicts in scored.groups().items()}
    heading = f"{name}: {groups['all']['documents']} documents" + (", frozen: totals only" if scored.frozen else "")
    print(f"{heading}\n{'=' * len(heading)}")
    print_totals(groups)
    if not scored.frozen:
        print_parts(scored)
    print_calibration(groups["all"]["confidence"])


def print_totals(groups):
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


def print_parts(scored):
    for facet, values in scored.facets().items():
        print_facet(facet, values)
    families = by_category(scored.verdicts, lambda category: ".".join(category.split(".")[:2]))
    print_rows(["category", "gold", "hits", "missed", "false", "precision", "recall", "F1"],
               [[family, n["gold"], n["hits"], n["missed"], n["false"], *rates(n)] for family, n in families.items()])
    print_worst(scored.verdicts)


def print_facet(facet, values):
    """Worst first, so that the eye falls on what is to be done."""
    found = {value: figures(verdicts) for value, verdicts in values.items()}
    order = sorted(found, key=lambda value: (worth(found[value]), value))
    print_rows([facet, "docs", "gold", "missed", "false", "precision", "recall", "F1", "F1/doc", "/1000", "flagged",
                "blanks", "rejected", *(x.removeprefix("jurisdiction_") for x in IDENTITY_FIELDS)],
               [[value, f["documents"], f["gold"], f["missed"], f["false"], percent(f["precision"]), percent(f["recall"]),
                 percent(f["f1"]), percent(f["document_f1"]), decimal(f["silent_per_1000"]),
                 f["right_but_flagged"], percent(f["blanks"]["share"]),
                 ratio(f["rejected"]), *(percent(f["identity"][x]["share"]) for x in IDENTITY_FIELDS)]
                for value, f in ((value, found[value]) for value in order)])


def worth(f):
    """From 0, all wrong, to 1: of pages that are no reports the share that was rejected."""
    known = [share for share in (f["f1"], f["rejected"]["share"]) if share is not None]
    return known[0] if known else 1.0


def print_worst(verdicts):
    print_rows(["worst categories", "gold", "missed", "false", "F1", "most often taken for"],
               [[n["category"], n["gold"], n["missed"], n["false"], rates(n)[2],
                 ", ".join(f"{wrong} ({times})" for wrong, times in n["taken_for"])] for n in worst_categories(verdicts)])


def print_calibration(bins):
    """A calibrated reader is right as often as its confidence says."""
    print_rows(["confidence", "numbers", "right", "share right"],
               [[f"{name} - {float(name) + 0.1:.1f}" if name != "none" else name, n["right"] + n["wrong"], n["right"],
                 percent(share(n["right"], n["right"] + n["wrong"]))] for name, n in bins.items()])


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
