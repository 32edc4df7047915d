#!/usr/bin/env python3
"""Tests of the scorer: python3 -m unittest discover benches/accuracy

A prediction made from gold must be perfect, and each known mistake must move the figures it concerns and no other.
Where a second scorer of the same rules stands beside the project, both must agree on real and on spoilt predictions.
"""

import copy
import json
import random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import score
from figures import asked_of, by_category, figures as figures_of, score as score_lines, worst_categories
from floors import look_up, report_floors, with_classes
from gold import extract, read_gold
from judge import IDENTITY_FIELDS

GOLD, DUMPS, _ = score.SETS["samples"]
BINARY = score.ROOT / "target/release/gongkai"
OTHER_SCORER = score.ROOT.parent / "shared/tools/evaluate.py"

TABLE = {
    "file": "a.html",
    "group": "table",
    "report": {"jurisdiction_code": "330113", "jurisdiction": "浙江省杭州市临平区", "organ": "临平区人民政府",
               "level": "county", "year": 2021},
    "observations": [
        {"category": "requests.received.total", "count": 12},
        {"category": "requests.received.total", "count": 9, "applicant": "natural_person"},
        {"category": "requests.carried_in", "count": 0},
        {"category": "requests.outcome.granted", "count": None, "status": "blank", "applicant": "other"},
        {"category": "requests.outcome.partial", "count": None, "status": "not_applicable", "applicant": "other"},
        {"category": "review.total", "count": 0, "status": "in_words"},
        {"category": "fee.collected", "amount_cny": 12.5},
        {"category": "proactive.theme", "count": 4, "label": "财政类信息"},
        {"category": "proactive.theme", "count": 6, "label": "人事"},
    ],
    "optional": [{"category": "training.classes", "count": 3}],
    "complete": ["requests.", "review.", "fee."],
    "ignore": ["requests.closed:year", "consult."],
    "failed_checks": [{"left": 8, "right": 6}],
}
ZONE = {
    "file": "b.html",
    "group": "zone",
    "report": {"jurisdiction_code": None, "organ": "高新区管理委员会", "level": "zone", "year": 2020, "zone": True,
               "jurisdiction": "广西壮族自治区南宁市", "jurisdiction_candidates": ["450107"]},
    "organ_accept": ["南宁高新区管委会"],
    "observations": [{"category": "requests.received.total", "count": 1}],
    "complete": [""],
}
GUIDE = {"file": "c.html", "group": "none", "report": None, "observations": [], "complete": [""]}
LINES = [TABLE, ZONE, GUIDE]

# Figures that follow from others; a mistake that changes the others changes them.
DERIVED = {"f1", "document_f1", "confidence", "silent_per_1000", "right_but_flagged_share"}


def perfect(lines):
    """The records that a reader without fault gives."""
    records = []
    for line in lines:
        if line["report"] is not None:
            records.append({"record": "report", "file": line["file"]} | line["report"])
        for row in line.get("observations") or ():
            number = row.get("count") is not None or row.get("amount_cny") is not None
            sure = {"confidence": 0.99, "check": "passed", "status": "reported" if number else "blank"}
            records.append({"record": "observation", "file": line["file"]} | sure | row)
        for check in line.get("failed_checks") or ():
            records.append({"record": "check", "file": line["file"], "kind": "D", "result": "fail"} | check)
    return records


def find(records, file, category, **facets):
    """The one observation with this category; without facets, that of all applicants."""
    facets = {"applicant": None} | facets
    rows = [record for record in records if record["record"] == "observation" and record["file"] == file
            and record["category"] == category and all(record.get(k) == v for k, v in facets.items())]
    assert len(rows) == 1, rows
    return rows[0]


def flat(figures, prefix=""):
    """`blanks.right` and so on, without shares and what else follows from the counts."""
    for name, value in figures.items():
        if name in DERIVED or name == "share":
            continue
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def overall(records, lines=LINES):
    return figures_of(score_lines(lines, records).verdicts)


class KnownMistakes(unittest.TestCase):
    """Each test spoils the perfect prediction in one way and names every figure that moves."""

    def check(self, spoil, **moved):
        records = perfect(LINES)
        before = dict(flat(overall(records)))
        records = spoil(records) or records
        after = dict(flat(overall(records)))
        changes = {name: round(after[name] - before[name], 4) for name in after if after[name] != before[name]}
        # Precision and recall follow from hits and false numbers.
        shares = {"precision": changes.pop("precision", 0), "recall": changes.pop("recall", 0)}
        self.assertEqual(changes, {name.replace("__", "."): by for name, by in moved.items()})
        self.assertEqual(shares["precision"] < 0, moved.get("false", 0) > 0)
        self.assertEqual(shares["recall"] < 0, moved.get("hits", 0) < 0)

    def test_perfect(self):
        self.check(lambda records: None)
        figures = overall(perfect(LINES))
        for name in ("precision", "recall", "f1", "document_f1"):
            self.assertEqual(figures[name], 1.0, name)

    def test_wrong_count(self):
        def spoil(records):
            find(records, "a.html", "requests.received.total")["count"] = 13
        self.check(spoil, hits=-1, missed=1, false=1, contradictions=1, silent_errors=1)

    def test_wrong_count_that_is_flagged_by_its_check(self):
        def spoil(records):
            find(records, "a.html", "requests.received.total").update(count=13, check="failed")
        self.check(spoil, hits=-1, missed=1, false=1, contradictions=1)

    def test_wrong_count_that_is_flagged_by_its_confidence(self):
        def spoil(records):
            find(records, "a.html", "requests.received.total").update(count=13, confidence=0.49)
        self.check(spoil, hits=-1, missed=1, false=1, contradictions=1)

    def test_wrong_amount(self):
        def spoil(records):
            find(records, "a.html", "fee.collected")["amount_cny"] = 125000
        self.check(spoil, hits=-1, missed=1, false=1, contradictions=1, silent_errors=1)

    def test_amount_written_another_way(self):
        def spoil(records):
            find(records, "a.html", "fee.collected")["amount_cny"] = "12.50"
        self.check(spoil)

    def test_right_but_flagged(self):
        def spoil(records):
            find(records, "a.html", "requests.received.total")["confidence"] = 0.3
        self.check(spoil, right_but_flagged=1)

    def test_missing_row(self):
        def spoil(records):
            records.remove(find(records, "a.html", "requests.carried_in"))
        self.check(spoil, hits=-1, missed=1)

    def test_invented_row(self):
        def spoil(records):
            records.append(find(records, "a.html", "requests.carried_in") | {"category": "requests.carried_out"})
        self.check(spoil, false=1, invented=1, silent_errors=1)

    def test_a_right_row_beside_a_wrong_one(self):
        def spoil(records):
            records.append(find(records, "a.html", "requests.carried_in") | {"count": 5})
        self.check(spoil, false=1, contradictions=1, silent_errors=1)

    def test_the_same_row_twice(self):
        self.check(lambda records: [*records, find(records, "a.html", "requests.carried_in")])

    def test_row_that_gold_leaves_open(self):
        def spoil(records):
            for category, count in (("requests.closed.total", 8), ("consult.phone", 100), ("training.classes", 3)):
                records.append(find(records, "a.html", "requests.carried_in") | {"category": category, "count": count})
        self.check(spoil, ignored=3)

    def test_row_that_gold_says_nothing_about(self):
        def spoil(records):
            records.append(find(records, "a.html", "requests.carried_in") | {"category": "resource.websites"})
        self.check(spoil, unjudged=1)

    def test_optional_value_that_is_another(self):
        def spoil(records):
            records.append(find(records, "a.html", "requests.carried_in") | {"category": "training.classes", "count": 4})
        self.check(spoil, unjudged=1)

    def test_wrong_period(self):
        def spoil(records):
            find(records, "a.html", "requests.received.total")["period"] = "cumulative"
        self.check(spoil, hits=-1, missed=1, false=1, invented=1, silent_errors=1)

    def test_label_counts_in_open_lists_only(self):
        def spoil(records):
            find(records, "a.html", "proactive.theme", label="财政类信息")["label"] = "“财政” 信息"
            find(records, "a.html", "requests.carried_in")["label"] = "上年结转"
        self.check(spoil)

    def test_wrong_label(self):
        def spoil(records):
            find(records, "a.html", "proactive.theme", label="人事")["label"] = "规划"
        self.check(spoil, hits=-1, missed=1, unjudged=1)

    def test_blank_read_as_zero(self):
        def spoil(records):
            blank = find(records, "a.html", "requests.outcome.granted", applicant="other")
            blank.update(count=0, status="reported")
        self.check(spoil, false=1, contradictions=1, silent_errors=1, blanks__right=-1, blanks_as__number=1)

    def test_blank_of_another_kind(self):
        def spoil(records):
            find(records, "a.html", "requests.outcome.partial", applicant="other")["status"] = "blank"
        self.check(spoil, blanks__right=-1, blanks_as__other_null=1)

    def test_blank_missed(self):
        def spoil(records):
            records.remove(find(records, "a.html", "requests.outcome.granted", applicant="other"))
        self.check(spoil, blanks__right=-1, blanks_as__missed=1)

    def test_blank_invented(self):
        def spoil(records):
            blank = find(records, "a.html", "requests.outcome.granted", applicant="other")
            records.append(blank | {"applicant": "research"})
            records.append(blank | {"category": "resource.websites"})
        self.check(spoil, invented_blanks=1)

    def test_number_read_as_blank(self):
        def spoil(records):
            find(records, "a.html", "requests.carried_in").update(count=None, status="blank")
        self.check(spoil, hits=-1, missed=1, number_as_blank=1)

    def test_wrong_status(self):
        def spoil(records):
            find(records, "a.html", "review.total")["status"] = "reported"
        self.check(spoil, status__right=-1)

    def test_wrong_year(self):
        self.check(self.identity(year=2022), identity__year__right=-1)

    def test_year_not_told(self):
        self.check(self.identity(year=None), identity__year__right=-1)

    def test_wrong_code(self):
        self.check(self.identity(jurisdiction_code="330110"), identity__jurisdiction_code__right=-1)

    def test_wrong_level(self):
        self.check(self.identity(level="department"), identity__level__right=-1)

    def test_organ_with_the_units_above(self):
        self.check(self.identity(organ="杭州市临平区政府"))

    def test_organ_of_another_place(self):
        self.check(self.identity(organ="余杭区人民政府"), **{"identity__organ__right": -1, "identity__organ~__right": -1})

    def test_bare_place_for_its_government(self):
        self.check(self.identity(organ="临平区"), identity__organ__right=-1)

    def test_what_is_accepted_of_a_zone(self):
        def spoil(records):
            report = next(record for record in records if record["file"] == "b.html" and record["record"] == "report")
            report.update(jurisdiction_code="450107", level="department", organ="南宁高新区管理委员会")
        self.check(spoil)

    @staticmethod
    def identity(**fields):
        def spoil(records):
            records[0].update(fields)
        return spoil

    def test_no_report(self):
        self.check(
            lambda records: [r for r in records if not (r["record"] == "report" and r["file"] == "a.html")],
            **{"reports_found__right": -1}, **{f"identity__{name}__right": -1 for name in IDENTITY_FIELDS},
        )

    def test_report_and_row_on_a_non_report(self):
        def spoil(records):
            records.append({"record": "report", "file": "c.html", "year": 2020})
            records.append(find(records, "a.html", "requests.carried_in") | {"file": "c.html"})
        self.check(spoil, rejected__right=-1, rows_on_non_reports=1, false=1, invented=1, silent_errors=1)

    def test_failed_check_not_told(self):
        self.check(lambda records: [r for r in records if r["record"] != "check"], failed_checks__right=-1)

    def test_failed_check_besides(self):
        def spoil(records):
            check = {"record": "check", "file": "a.html", "result": "fail", "left": 1, "right": 2}
            records.extend([check | {"kind": "D"}, check | {"kind": "W"}, check | {"kind": "D", "result": "pass"}])
        self.check(spoil, unexpected_failures=1)

    def test_files_that_gold_does_not_name(self):
        self.check(lambda records: [*records, *(record | {"file": "d.html"} for record in records)])

    def test_half_year_page_may_be_left_out(self):
        line = ZONE | {"report_type": "half_year"}
        figures = overall([], [line])
        self.assertEqual(figures["reports_found"]["of"], 0)
        self.assertEqual(figures["missed"], 1)

    def test_the_second_report_of_a_page(self):
        line = TABLE | {"second_report": {"report": {"year": 2019}}}
        records = perfect([line])
        records.insert(0, records[0] | {"year": 2019})
        records.append(find(records, "a.html", "requests.carried_in") | {"year": 2019, "count": 7})
        figures = overall(records, [line])
        self.assertEqual((figures["ignored"], figures["false"], figures["identity"]["year"]["right"]), (1, 0, 1))


class Parts(unittest.TestCase):
    """What is told of parts of a set, and of what was confused with what."""

    LABELLED = [TABLE | {"labels": {"era": "2021+", "damage": ["tabs", "glued"], "prose": True, "negative": None}},
                ZONE | {"labels": {"era": "2021+", "damage": [], "prose": False, "negative": None}},
                GUIDE | {"labels": {"era": "2019-2020", "damage": [], "prose": False, "negative": "guide"}}]

    def test_a_document_counts_in_each_of_its_labels(self):
        facets = score_lines(self.LABELLED, perfect(self.LABELLED)).facets()
        counts = {facet: {value: len(part) for value, part in values.items()} for facet, values in facets.items()}
        self.assertEqual(counts, {"era": {"2019-2020": 1, "2021+": 2}, "damage": {"glued": 1, "none": 2, "tabs": 1},
                                  "prose": {"no": 2, "yes": 1}, "negative": {"guide": 1}})

    def test_forged_reports_are_told_apart_by_what_is_asked_of_the_reader(self):
        for labels, expected in [({"family": ["statutory2021"], "damage": []}, {"asked": "clean_tables"}),
                                 ({"family": ["national2014", "linyi"], "damage": ["tabs"]}, {"asked": "damaged_tables"}),
                                 ({"family": ["anhui"], "damage": []}, {"asked": "provincial_tables"}),
                                 ({"family": ["prose"], "damage": ["glued"]}, {"asked": "prose"}),
                                 ({"family": [], "negative": "guide"}, {}), ({}, {})]:
            self.assertEqual(asked_of(labels), expected)

    def test_a_mistake_moves_the_parts_of_its_document_only(self):
        records = perfect(self.LABELLED)
        find(records, "a.html", "requests.received.total")["count"] = 13
        parts = score_lines(self.LABELLED, records).all_figures()["facets"]["damage"]
        self.assertEqual({name: figures["missed"] for name, figures in parts.items()}, {"glued": 1, "none": 0, "tabs": 1})

    def test_a_number_read_as_another_category_is_told(self):
        records = perfect(LINES)
        find(records, "a.html", "requests.received.total")["category"] = "requests.carried_out"
        worst = worst_categories(score_lines(LINES, records).verdicts)
        self.assertEqual([(row["category"], row["missed"], row["false"], row["taken_for"]) for row in worst],
                         [("requests.carried_out", 0, 1, []),
                          ("requests.received.total", 1, 0, [("requests.carried_out", 1)])])

    def test_a_perfect_prediction_has_no_worst_categories(self):
        self.assertEqual(worst_categories(score_lines(LINES, perfect(LINES)).verdicts), [])


class Floors(unittest.TestCase):
    def broken(self, floors):
        sets = {"a": score_lines(LINES, perfect(LINES))}
        with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
            stdout, sys.stdout = sys.stdout, out
            try:
                code = report_floors(sets, floors)
            finally:
                sys.stdout = stdout
            out.seek(0)
            return code, out.read()

    def test_floors_that_hold(self):
        floors = {"a": {"at_least": {"precision": 1, "identity.year": 1}, "at_most": {"silent_errors": 0}}}
        self.assertEqual(self.broken(floors)[0], 0)

    def test_a_set_that_was_not_scored_breaks_nothing(self):
        self.assertEqual(self.broken({"b": {"at_least": {"precision": 1}}})[0], 0)

    def test_a_floor_that_does_not_hold_is_named_with_its_value(self):
        code, text = self.broken({"a": {"at_most": {"gold": 3}}})
        self.assertEqual(code, 1)
        self.assertIn("a: gold is above its floor of 3: 8", text)

    def test_a_figure_that_does_not_exist_breaks(self):
        code, text = self.broken({"a": {"at_least": {"precison": 0.5}}})
        self.assertEqual(code, 1)
        self.assertIn("precison is below its floor of 0.5: no value", text)

    def test_committed_floors_name_figures_that_exist(self):
        classes = [{"family": ["statutory2021"], "damage": []}, {"family": ["linyi"], "damage": ["tabs"]},
                   {"family": ["anhui"], "damage": []}, {"family": ["prose"], "damage": []}]
        forged = [TABLE | {"labels": labels} for labels in classes]
        found = with_classes(score_lines(LINES + forged, perfect(LINES)))
        floors = json.loads((score.HERE / "floor.json").read_text(encoding="utf-8"))
        for demands in floors.values():
            for path in [*demands.get("at_least", ()), *demands.get("at_most", ())]:
                self.assertIsNotNone(look_up(found, path), path)


@unittest.skipUnless(GOLD.is_file(), "data/samples is not there")
class Samples(unittest.TestCase):
    def test_perfect_prediction(self):
        lines = read_gold(GOLD)
        # What a key says twice in gold can only be right once.
        figures = overall(perfect(lines), lines)
        for name in ("precision", "recall", "f1", "document_f1"):
            self.assertEqual(figures[name], 1.0, name)
        for pair in (figures["blanks"], figures["status"], figures["failed_checks"], figures["reports_found"],
                     figures["rejected"], *figures["identity"].values()):
            self.assertEqual(pair["right"], pair["of"])
        for name in ("missed", "false", "silent_errors", "right_but_flagged", "invented_blanks", "number_as_blank",
                     "rows_on_non_reports", "unexpected_failures"):
            self.assertEqual(figures[name], 0, name)


@unittest.skipUnless(OTHER_SCORER.is_file(), "no second scorer on this machine to compare with")
@unittest.skipUnless(BINARY.is_file(), "target/release/gongkai is not built")
class SecondScorer(unittest.TestCase):
    """Two scorers written apart from each other must come to the same figures."""

    @classmethod
    def setUpClass(cls):
        cls.lines = read_gold(GOLD)
        cls.records = extract(BINARY, DUMPS, [line["file"] for line in cls.lines])

    def test_real_prediction(self):
        self.compare(self.records)

    def test_perfect_prediction(self):
        self.compare(perfect(self.lines))

    def test_spoilt_predictions(self):
        for seed in range(12):
            with self.subTest(seed=seed):
                self.compare(spoilt(self.records if seed % 2 else perfect(self.lines), random.Random(seed)))

    def compare(self, records):
        with tempfile.TemporaryDirectory() as folder:
            prediction, figures = Path(folder, "prediction.jsonl"), Path(folder, "figures.json")
            prediction.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
            command = [sys.executable, OTHER_SCORER, "--gold", GOLD, "--pred", prediction, "--json", figures]
            subprocess.run(command, check=True, capture_output=True)
            theirs = json.loads(figures.read_text(encoding="utf-8"))
        scored = score_lines(self.lines, records)
        categories = theirs.pop("by_category")
        groups = scored.groups()
        self.assertEqual({"overall" if name == "all" else name for name in groups}, set(theirs))
        for name, verdicts in groups.items():
            expected = shared_figures(theirs["overall" if name == "all" else name])
            self.assertEqual(own_figures(figures_of(verdicts)), expected, name)
        own = by_category(scored.verdicts, lambda category: category)
        for category, counts in categories.items():
            mine = {"hit": own[category]["hits"], "false": own[category]["false"]}
            self.assertEqual(mine, {"hit": counts["hit"], "false": counts["false"]}, category)


def spoilt(records, chance):
    """Records with mistakes of every kind."""
    categories = sorted({record["category"] for record in records if record["record"] == "observation"})
    spoilt_records = []
    for record in copy.deepcopy(records):
        dice = chance.random()
        if record["record"] == "observation" and dice < 0.3:
            match chance.randrange(10):
                case 0:
                    continue
                case 1:
                    record["count"] = (record.get("count") or 0) + chance.randrange(3)
                case 2:
                    record.update(count=None, amount_cny=None, status=chance.choice(["blank", "not_applicable"]))
                case 3:
                    record["category"] = chance.choice(categories)
                case 4:
                    record["applicant"] = chance.choice(["all", "business", "other", None])
                case 5:
                    record["period"] = chance.choice(["year", "cumulative", None])
                case 6:
                    record["confidence"] = chance.choice([None, 0.1, 0.4999, 0.5, 1.0])
                case 7:
                    record["check"] = chance.choice(["failed", "passed", "none"])
                case 8:
                    spoilt_records.append(record | {"amount_cny": "10.005", "count": None})
                case 9:
                    record.update(status=chance.choice(["reported", "in_words", "repaired"]), label="其他类信息")
        elif record["record"] == "report" and dice < 0.5:
            match chance.randrange(6):
                case 0:
                    continue
                case 1:
                    record["year"] = chance.choice([2018, None])
                case 2:
                    record["organ"] = chance.choice([None, "政府", "人民政府", (record.get("organ") or "")[2:]])
                case 3:
                    record["jurisdiction_code"] = chance.choice(["440106", None])
                case 4:
                    record["level"] = chance.choice(["county", "department", None])
                case 5:
                    spoilt_records.append(record | {"year": 2001})
        elif record["record"] == "check" and dice < 0.2:
            record["result"] = "fail"
            record["left"] = chance.choice([record.get("left"), 3, None])
        spoilt_records.append(record)
    non_report = "shanxi/yuncheng_xinwen.html"
    spoilt_records.append({"record": "report", "file": non_report, "title": "x"})
    spoilt_records.append({"record": "observation", "file": non_report, "category": categories[0], "count": 1})
    return spoilt_records


def shared_figures(theirs):
    """The figures of the other scorer, under our names."""
    blanks, calibration, rejected = theirs["blanks"], theirs["calibration"], theirs["rejected"]
    return {
        "documents": theirs["documents"], "gold": theirs["gold_numbers"], "hits": theirs["hits"],
        "missed": theirs["missed"], "false": theirs["false"], "contradictions": theirs["contradictions"],
        "invented": theirs["invented"], "ignored": theirs["ignored"], "unjudged": theirs["unjudged"],
        "precision": theirs["precision"], "recall": theirs["recall"], "f1": theirs["f1"],
        "document_f1": rounded(theirs["mean_document_f1"]),
        "blanks": (blanks["as_blank"], blanks["gold"]),
        "blanks_as": (blanks["as_other_null"], blanks["as_number"], blanks["missed"]),
        "number_as_blank": blanks["number_as_blank"], "invented_blanks": theirs["invented_blanks"],
        "identity": {name: (pair["right"], pair["of"]) for name, pair in theirs["identity"].items()},
        "reports_found": (theirs["reports_found"]["right"], theirs["reports_found"]["of"]),
        "rejected": (rejected["right"], rejected["of"]), "rows_on_non_reports": rejected["rows_on_non_reports"],
        "status": (theirs["status"]["right"], theirs["status"]["of"]),
        "failed_checks": (theirs["failed_checks"]["found"], theirs["failed_checks"]["of"]),
        "unexpected_failures": theirs["failed_checks"]["unexpected"],
        "silent_errors": calibration["silent"], "silent_per_1000": calibration["silent_per_1000"],
        "right_but_flagged": calibration["right_but_flagged"],
        "right_but_flagged_share": theirs["flagged_share_of_right"],
        "confidence": calibration["bins"],
    }


def own_figures(own):
    pairs = ("blanks", "reports_found", "rejected", "status", "failed_checks")
    found = own | {name: (own[name]["right"], own[name]["of"]) for name in pairs}
    found["blanks_as"] = tuple(own["blanks_as"][name] for name in ("other_null", "number", "missed"))
    found["identity"] = {name: (pair["right"], pair["of"]) for name, pair in own["identity"].items()}
    found["document_f1"] = rounded(own["document_f1"])
    return found


def rounded(value):
    return None if value is None else round(value, 9)


if __name__ == "__main__":
    unittest.main()
