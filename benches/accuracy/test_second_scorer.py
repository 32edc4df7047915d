#!/usr/bin/env python3
"""Where a second scorer of the same rules stands beside the project, both must come to the same figures: on what the
binary reads, on perfect and on spoilt predictions."""

import copy
import json
import random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import sets
from figures import by_category, figures as figures_of, score as score_lines
from gold import extract, read_gold
from test_score import perfect

BINARY = sets.ROOT / "target/release/gongkai"
OTHER_SCORER = sets.SHARED / "tools/evaluate.py"


class Agreement:
    """What both must agree on, for one set."""

    NAME = ""

    @classmethod
    def setUpClass(cls):
        cls.gold, dumps, _ = sets.OWN[cls.NAME]
        for needed, why in ((OTHER_SCORER, "no second scorer on this machine"), (cls.gold, "the set is not on this machine"),
                            (BINARY, "the binary is not built")):
            if not needed.is_file():
                raise unittest.SkipTest(f"{why}: {needed}")
        cls.lines = read_gold(cls.gold)
        cls.records = extract(BINARY, dumps, [line["file"] for line in cls.lines])

    def test_real_prediction(self):
        self.compare(self.records)

    def test_perfect_prediction(self):
        self.compare(perfect(self.lines))

    def test_spoilt_predictions(self):
        for seed in range(12):
            with self.subTest(seed=seed):
                records = self.records if seed % 2 else perfect(self.lines)
                self.compare(spoilt(records, self.lines, random.Random(seed)))

    def compare(self, records):
        with tempfile.TemporaryDirectory() as folder:
            prediction, figures = Path(folder, "prediction.jsonl"), Path(folder, "figures.json")
            prediction.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
            command = [sys.executable, OTHER_SCORER, "--gold", self.gold, "--pred", prediction, "--json", figures]
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


class Samples(Agreement, unittest.TestCase):
    NAME = "samples"


class Wild(Agreement, unittest.TestCase):
    NAME = "wild"


def spoilt(records, lines, chance):
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
                    record["status"] = chance.choice(["reported", "in_words", "repaired"])
                    record["label"] = (record.get("label") or "其他") + chance.choice(["类信息", "数", "信息数"])
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
    non_report = next(line["file"] for line in lines if line["report"] is None)
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
