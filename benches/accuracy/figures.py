"""From verdicts to figures."""

import sys
from collections import Counter
from dataclasses import dataclass

from gold import Gold, open_lists_of, predictions_of
from judge import IDENTITY_FIELDS, judge


# The families of forms that single provinces used.
PROVINCIAL = {"shanghai", "fujian2009", "fujian2018", "anhui"}


@dataclass
class Scored:
    """The verdicts of a set. Of a frozen one nothing but totals is told, so that nobody develops on it by accident."""

    verdicts: list
    frozen: bool = False

    def groups(self):
        """The whole set first, then its groups by name."""
        names = sorted({verdict.group for verdict in self.verdicts})
        parts = {"all": self.verdicts}
        if names != ["all"]:
            parts |= {name: [verdict for verdict in self.verdicts if verdict.group == name] for name in names}
        return parts

    def all_figures(self):
        if self.frozen:
            return {"groups": {"all": figures(self.verdicts)}, "facets": {}, "categories": {}, "worst_categories": []}
        whole = {name: figures(verdicts) for name, verdicts in self.groups().items()}
        parts = {facet: {value: figures(verdicts) for value, verdicts in values.items()}
                 for facet, values in self.facets().items()}
        return {"groups": whole, "facets": parts, "categories": by_category(self.verdicts, lambda category: category),
                "worst_categories": worst_categories(self.verdicts)}

    def facets(self):
        """The verdicts by what the labels of the documents say: facet, value, verdicts."""
        parts = {}
        for verdict in self.verdicts:
            for facet, label in (verdict.labels | asked_of(verdict.labels)).items():
                for value in values_of(label):
                    parts.setdefault(facet, {}).setdefault(value, []).append(verdict)
        return {facet: dict(sorted(values.items())) for facet, values in parts.items()}


def asked_of(labels):
    """How hard a forged report is to read, in the classes that the goals are set for; nothing for other documents."""
    families = labels.get("family") or []
    if not families or labels.get("negative"):
        return {}
    if "prose" in families:
        return {"asked": "prose"}
    if PROVINCIAL & set(families):
        return {"asked": "provincial_tables"}
    return {"asked": "damaged_tables" if labels.get("damage") else "clean_tables"}


def score(lines, records, frozen=False):
    open_lists, found = open_lists_of(lines), predictions_of(records, lines)
    golds = [Gold(line, open_lists) for line in lines]
    for gold in golds:
        for key in gold.doubles:
            print(f"{gold.file}: a key stands twice in gold, its last value is taken: {key}", file=sys.stderr)
    return Scored([judge(gold, found[gold.file]) for gold in golds], frozen)


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
            if finding.key is not None:
                table.setdefault(name_of(finding.key.category), Counter())[finding.kind] += 1
    return {
        name: {"gold": n["gold_number"], "hits": n["hit"], "missed": n["missed"],
               "false": n["contradiction"] + n["invented"]}
        for name, n in sorted(table.items())
    }


def values_of(label):
    """A document with several values counts in each of them, one with an empty list under `none`."""
    match label:
        case None:
            return []
        case bool():
            return ["yes" if label else "no"]
        case list():
            return label or ["none"]
        case _:
            return [str(label)]


def worst_categories(verdicts, most=30):
    """The categories that lose most numbers, and what each is most often taken for."""
    table, taken_for = by_category(verdicts, lambda category: category), {}
    for verdict in verdicts:
        for right, wrong in confusions(verdict.findings):
            taken_for.setdefault(right.category, Counter())[f"{wrong}"] += 1
    lost = sorted(table.items(), key=lambda item: (-item[1]["missed"] - item[1]["false"], item[0]))
    return [{"category": category, **counts, "taken_for": (taken_for.get(category) or Counter()).most_common(1)}
            for category, counts in lost[:most] if counts["missed"] + counts["false"]]


def confusions(findings):
    """Pairs of keys: gold's number was missed under the one and read under the other. Numbers below ten are too common
    to tell where they come from."""
    wrong = [finding for finding in findings if finding.kind in ("contradiction", "invented") and finding.number[1] >= 10]
    missed = {finding.number: finding.key for finding in findings if finding.kind == "missed"}
    return [(missed[finding.number], finding.key) for finding in wrong if finding.number in missed]
