#!/usr/bin/env python3
"""Tests of the scorer: python3 -m unittest discover benches/accuracy

A prediction made from gold must be perfect, and each known mistake must move the figures it concerns and no other.
"""

import contextlib
import io
import json
import unittest

import score
import sets
from figures import asked_of, figures as figures_of, score as score_lines, worst_categories
from floors import look_up, report_floors, with_parts
from gold import Unusable, read_gold
from judge import IDENTITY_FIELDS
from tables import print_facet, print_set

GOLD, DUMPS, _ = sets.OWN["samples"]

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


def printed(print_something, *arguments):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        print_something(*arguments)
    return out.getvalue()


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
            find(records, "a.html", "proactive.theme", label="财政类信息")["label"] = "“财政” 信息数"
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

    def test_kinds_of_difficulty_are_told_apart_the_worst_first(self):
        lines = [TABLE | {"kind": "hard", "kinds": ["hard"]}, ZONE | {"kind": "easy"}, GUIDE | {"kinds": ["guide"]}]
        records = perfect(lines)
        find(records, "a.html", "requests.received.total")["count"] = 13
        records.append({"record": "report", "file": "c.html", "year": 2020})
        kinds = score_lines(lines, records).facets()["kind"]
        self.assertEqual({kind: [verdict.file for verdict in verdicts] for kind, verdicts in kinds.items()},
                         {"hard": ["a.html"], "easy": ["b.html"], "guide": ["c.html"]})
        text = printed(print_facet, "kind", kinds)
        self.assertEqual([line.split()[0] for line in text.splitlines() if line], ["kind", "guide", "hard", "easy"])

    def test_of_a_frozen_set_only_totals_are_told(self):
        records = perfect(self.LABELLED)
        find(records, "a.html", "requests.received.total")["count"] = 13
        for frozen in (False, True):
            scored = score_lines(self.LABELLED, records, frozen)
            text = printed(print_set, "lot", scored, True)
            for part in ("a.html", "requests.received", "damage"):
                self.assertEqual(part in text, not frozen, part)
                self.assertEqual(part in json.dumps(scored.all_figures()), not frozen and part != "a.html", part)
            self.assertEqual(scored.all_figures()["groups"]["all"]["missed"], 1)


class Sets(unittest.TestCase):
    """What the options choose."""

    def names(self, *arguments):
        options = score.parse(arguments)
        with contextlib.redirect_stdout(io.StringIO()):
            return [chosen.name for chosen in sets.chosen_sets(options)]

    def test_only_the_named(self):
        self.assertEqual(self.names("--only", "samples"), ["samples"])
        self.assertEqual(self.names("--set", "mine", str(GOLD), str(DUMPS), "--set", "too", str(GOLD), str(DUMPS),
                                    "--only", "too"), ["too"])

    def test_an_unknown_name_is_told_with_those_there_are(self):
        with self.assertRaisesRegex(Unusable, "no such set: smaples\nhint: there are samples, seeds, wild, forge"):
            self.names("--only", "smaples")

    def test_a_set_that_may_be_absent_is_skipped_with_a_line(self):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            self.assertIsNone(sets.read_set("wild", sets.ROOT / "nowhere", sets.ROOT, True))
        self.assertEqual(out.getvalue(), "wild: not on this machine, skipped\n\n")

    def test_what_people_read_is_the_wild_and_real_pages(self):
        options = score.parse(["--real", "--unread"])
        chosen = [name for name in sets.makers_of(options) if sets.is_read_by_people(name, options)]
        self.assertEqual({name.split("-")[0] for name in chosen}, {"wild", "real"})


class Floors(unittest.TestCase):
    def broken(self, floors):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            code = report_floors({"a": score_lines(LINES, perfect(LINES))}, floors)
        return code, out.getvalue()

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
        forged = [TABLE | {"labels": labels, "group": "prose"} for labels in classes]
        found = with_parts(score_lines(LINES + forged, perfect(LINES)))
        floors = json.loads((sets.HERE / "floor.json").read_text(encoding="utf-8"))
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


if __name__ == "__main__":
    unittest.main()
