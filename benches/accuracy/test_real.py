#!/usr/bin/env python3
"""Tests of the labels of real pages, of how they are taken in, and of what is told of pages that are not here."""

import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path

import collect
import real
import sets
from gold import read_gold

LINE = {
    "file": "x001.txt", "group": "prose", "why": "a note", "report": {"organ": "临平区教育局", "year": 2014},
    "observations": [{"category": "requests.received.total", "count": 3, "applicant": "all", "period": "year"},
                     {"category": "proactive.total", "count": 9, "applicant": "all", "period": "cumulative"}],
    "optional": [], "complete": [""], "ignore": [], "failed_checks": [],
}


class Committed(unittest.TestCase):
    """What stands in real.jsonl."""

    def test_it_is_what_collecting_would_write(self):
        lots = real.read_lots()
        lines = [line for _, lot in sorted(lots.items()) for line in lot]
        collect.check(lines)
        self.assertEqual(real.LABELS.read_text(encoding="utf-8"), "".join(map(collect.written, lines)))
        self.assertLessEqual(real.FROZEN, lots.keys())

    def test_no_string_is_as_long_as_a_sentence(self):
        for line in read_gold(real.LABELS):
            self.assertEqual(list(collect.long_strings(line)), [], line["file"])

    def test_it_holds_labels_and_addresses_only(self):
        known = {"lot", "file", "url", "text", *collect.KEPT}
        for line in read_gold(real.LABELS):
            self.assertLessEqual(line.keys(), known, line["file"])

    def test_texts_are_not_committed(self):
        ignored = (sets.ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
        self.assertIn(f"/{real.PAGES.relative_to(sets.ROOT)}/", ignored)


class Collecting(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        self.labels, self.pages = self.folder / "real.jsonl", self.folder / "kept"

    def lot(self, name, *lines, urls=None):
        lot = self.folder / name
        (lot / "pages").mkdir(parents=True, exist_ok=True)
        addresses = urls or [f"http://{name}/{line['file']}" for line in lines]
        index = [{"file": line["file"], "url": url, "query": "words"} for line, url in zip(lines, addresses)]
        for path, rows in (("gold.jsonl", lines), ("index.jsonl", index)):
            (lot / path).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        for line in lines:
            (lot / "pages" / line["file"]).write_text(f"{line['file']}的正文", encoding="utf-8")
        return lot

    def collect(self, *lots):
        """The exit code, and what was said on either stream."""
        arguments = [*map(str, lots), "--labels", str(self.labels), "--pages", str(self.pages)]
        with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.redirect_stderr(said):
            code = collect.main(arguments)
        return code, said.getvalue()

    def test_labels_and_addresses_are_kept_and_notes_are_not(self):
        self.assertEqual(self.collect(self.lot("x", LINE)), (0, "x: 1 pages\n"))
        self.assertEqual(read_gold(self.labels), [{
            "lot": "x", "file": "x001.txt", "url": "http://x/x001.txt",
            "text": real.print_of("x001.txt的正文".encode()), "group": "prose", "report": LINE["report"],
            "observations": [{"category": "requests.received.total", "count": 3},
                             {"category": "proactive.total", "count": 9, "period": "cumulative"}], "complete": [""],
        }])
        self.assertEqual((self.pages / "x/x001.txt").read_text(encoding="utf-8"), "x001.txt的正文")

    def test_a_page_that_is_no_report_stays_one(self):
        self.collect(self.lot("x", LINE | {"report": None}))
        self.assertIsNone(read_gold(self.labels)[0].get("report", "nothing"))

    def test_any_order_gives_the_same_bytes_and_a_lot_is_replaced(self):
        one, other = self.lot("x", LINE | {"file": "x2.txt"}, LINE), self.lot("y", LINE | {"file": "y1.txt"})
        self.collect(one, other)
        first = self.labels.read_bytes()
        self.labels.unlink()
        self.collect(other)
        self.collect(self.lot("x", LINE))
        self.collect(self.lot("x", LINE, LINE | {"file": "x2.txt"}))
        self.assertEqual(self.labels.read_bytes(), first)

    def test_what_is_wrong_is_refused_and_nothing_written(self):
        row = LINE["observations"][0]
        long = row | {"category": "proactive.theme", "label": "句" * 41}
        for lots, words in [
            ([("x", [LINE | {"observations": [row, row]}])], "x/x001.txt: a key stands twice: requests.received.total"),
            ([("x", [LINE | {"observations": [long]}])], "x/x001.txt: label has more than 40 characters: 句"),
            ([("x", [LINE]), ("y", [LINE])], "y/x001.txt: another lot has a file of this name"),
        ]:
            with self.subTest(words):
                code, said = self.collect(*(self.lot(name, *lines) for name, lines in lots))
                self.assertEqual(code, 2)
                self.assertIn(words, said)
                self.assertFalse(self.labels.exists())

    def test_an_address_stands_once_and_may_be_missing(self):
        two = [LINE, LINE | {"file": "x2.txt"}]
        code, said = self.collect(self.lot("x", *two, urls=["http://x/a", "http://x/a"]))
        self.assertEqual((code, "x/x2.txt: the address stands twice: http://x/a" in said), (2, True))
        self.assertEqual(self.collect(self.lot("x", *two, urls=[None, None]))[0], 0)

    def test_a_label_without_its_text_is_told(self):
        lot = self.lot("x", LINE)
        (lot / "pages/x001.txt").unlink()
        code, said = self.collect(lot)
        self.assertEqual((code, "x001.txt" in said), (2, True))

    def test_how_many_texts_are_here(self):
        self.collect(self.lot("x", LINE, LINE | {"file": "x2.txt"}))
        lines, folder = real.read_lots(self.labels)["x"], self.pages / "x"
        told = lambda here: real.told("x", lines, here, folder)
        self.assertEqual(told(lines), "real-x: 2 pages are labelled, the texts of 2 are here")
        self.assertEqual(told([]), "real-x: 2 pages are labelled, the texts of none are here, skipped")
        (folder / "x2.txt").write_text("another", encoding="utf-8")
        self.assertEqual(told(lines), "real-x: 2 pages are labelled, the texts of 2 are here; "
                                      "1 of them are other texts than those labelled")


if __name__ == "__main__":
    unittest.main()
