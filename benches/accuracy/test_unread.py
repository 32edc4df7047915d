#!/usr/bin/env python3
"""Tests of the list of what was missed or read wrong."""

import contextlib
import io
import tempfile
import unittest
from decimal import Decimal
from pathlib import Path

from figures import score
from printed import CELL, Text, number_in_words, numbers_in, plain, read_units
from unread import print_unread

UNITS = read_units()
# Each line a page of its own.
PAGES = {
    "a.txt": "全年开辟查询点 4 处，2014年公开信息12条。",
    "b.txt": "全镇开辟查询点7处，其中上网信息12条。",
    "c.txt": "没有收取费用。",
    "d.txt": f"受理申请{CELL}31{CELL}件",
}


def row(category, count, **more):
    return {"category": category, "count": count} | more


LINES = [
    {"file": "a.txt", "report": {"year": 2014}, "complete": [""],
     "observations": [row("resource.reading_points", 4), row("proactive.total", 12)]},
    {"file": "b.txt", "report": {"year": 2014}, "complete": [""],
     "observations": [row("resource.reading_points", 7), row("proactive.channel.website", 12, period="cumulative")]},
    {"file": "c.txt", "report": {"year": 2014}, "complete": [""],
     "observations": [row("fee.collected", 0, status="in_words")]},
    {"file": "d.txt", "report": {"year": 2014}, "complete": [""], "observations": [row("requests.received.total", 31)]},
]


def read(file, category, count, **more):
    start = PAGES[file].encode().index(str(count).encode())
    span = {"start": start, "end": start + len(str(count)), "raw": str(count)}
    return {"record": "observation", "file": file} | span | row(category, count) | more


class Unread(unittest.TestCase):
    def listed(self, *records):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in PAGES.items():
                Path(folder, name).write_text(text, encoding="utf-8")
            with contextlib.redirect_stdout(io.StringIO()) as out:
                print_unread("wild", score(LINES, list(records)), Path(folder))
        return [line.rstrip() for line in out.getvalue().splitlines() if line.strip("=")]

    def test_missed_and_wrong_numbers_by_the_words_around_them(self):
        right = read("a.txt", "proactive.total", 12)
        wrong = read("b.txt", "proactive.total", 12, confidence=0.9)
        self.assertEqual(self.listed(right, wrong), [
            "wild: missed, 5 numbers",
            "   2  查询点",
            "         1  年开辟查询点 # 处,#年公开  resource.reading_points  (a.txt)",
            "         1  镇开辟查询点 # 处,其中上网  resource.reading_points  (b.txt)",
            "   1  a cell of a table",
            "         1   a cell of a table   requests.received.total  (d.txt)",
            "   1  a zero in words or in a cell",
            "         1   a zero in words or in a cell   fee.collected  (c.txt)",
            "   1  网信息",
            "         1  其中上网信息 # 条。  proactive.channel.website (cumulative)  (b.txt)",
            "wild: read wrong, 1 numbers",
            "   1  网信息",
            "         1  其中上网信息 # 条。  proactive.total for proactive.channel.website (cumulative) SILENT  (b.txt)",
        ])

    def test_a_wrong_number_is_told_with_that_of_gold(self):
        lines = self.listed(read("a.txt", "resource.reading_points", 12, confidence=0.2))
        self.assertIn("         1  年公开信息 # 条。  resource.reading_points = 12, gold 4, flagged  (a.txt)",
                      [line.replace("#年公开", "年公开") for line in lines])


class Printed(unittest.TestCase):
    def test_numbers_of_every_print(self):
        for text, expected in [
            ("公开1,234条", [1234]), ("公开1.2万余条", [12000]), ("公开十二件", [12]),
            ("公开一万二千三百一十条", [12310]), ("公开12、13条", [12, 13]), ("2014年3月1日", []), ("占12%", []),
            ("第三条", []), ("二、主动公开", []), ("。3.公开情况(4)其他", []), ("统一管理", []),
        ]:
            self.assertEqual([printed.number for printed in numbers_in(text, UNITS)], [Decimal(x) for x in expected], text)

    def test_numerals(self):
        for words, number in (("两", 2), ("十", 10), ("二十", 20), ("一百零三", 103), ("三万", 30000)):
            self.assertEqual(number_in_words(words), number)

    def test_of_html_what_is_read(self):
        page = "<style>td {}</style><td>收到<b>申请</b></td><td>3&nbsp;</td>"
        self.assertEqual(plain(page, False).split(), ["收到申请", CELL + "3", CELL])

    def test_a_span_holds_only_where_its_words_are(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "a.txt")
            path.write_text("公开１２条", encoding="utf-8")
            text = Text(path, UNITS)
        self.assertEqual(text.place((6, 12), "１２"), (2, 4))
        self.assertIsNone(text.place((6, 12), "12"))
        self.assertEqual(text.text, "公开12条")
        self.assertEqual(text.likely_place(12, set()), (2, 4))


if __name__ == "__main__":
    unittest.main()
