#!/usr/bin/env python3
"""What the peer reads from small pages: python3 test_peer.py"""

import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path

import pandas

import peer
from page import decode, fold, read_page

TITLE = "临沂市河东区人民政府2022年政府信息公开工作年度报告"
MATRIX = """<table>
<tr><td colspan=3></td><td>自然人</td><td>商业企业</td><td>科研机构</td><td>社会公益组织</td><td>法律服务机构</td>
<td>其他</td><td>总计</td></tr>
<tr><td colspan=3>一、本年新收政府信息公开申请数量</td><td>5</td><td>1</td><td>0</td><td></td><td>0</td><td>0</td><td>6</td></tr>
<tr><td rowspan=2>三、本年度办理结果</td><td rowspan=2>（六）其他处理</td><td>1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请</td>
<td>1</td><td>/</td><td>0</td><td>0</td><td>0</td><td>0</td><td>1</td></tr>
<tr><td>3.其他</td><td>2</td><td>0</td><td>0</td><td>0</td><td>0</td><td>0</td><td>2</td></tr></table>"""
SECTION_TWO = """<table><tr><td colspan=4>第二十条第（一）项</td></tr>
<tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>
<tr><td>行政规范性文件</td><td>4</td><td>0</td><td>1,029</td></tr>
<tr><td>信息内容</td><td colspan=3>本年收费金额（单位：万元）</td></tr>
<tr><td>行政事业性收费</td><td colspan=3>12.5</td></tr></table>"""
NATIONAL = """统计指标 | 单位 | 统计数 |
（一）收到申请数 | 件 | 12 |
四、行政复议数量 | 件 | 7 |
（一）维持具体行政行为数 | 件 | 4 |
五、行政诉讼数量 | 件 | 3 |
（二）被依法纠错数 | 件 | - |
七、依申请公开信息收取的费用 | 万元 | 0.4 |"""
FUJIAN = "指标名称\n单位\n2018年度\n历年累计\n主动公开文件数\n条\n2589\n46269\n行政复议数\n件\n0\n4"


class Reading(unittest.TestCase):
    def records(self, text, name="page.html", encoding="utf-8"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(text.encode(encoding))
            return peer.records(str(path))

    def values(self, body, **how):
        """Values by category and what else tells keys apart; blanks by their status."""
        report, *rows = self.records(f"{TITLE}\n{body}" if how.get("name") else f"<h1>{TITLE}</h1>{body}", **how)
        self.assertEqual(report["record"], "report", report)
        found = {}
        for row in rows:
            facets = [row[name] for name in ("label", "applicant", "period") if row[name] not in (None, "all", "year")]
            number = row["count"] if row["count"] is not None else row["amount_cny"]
            found[" ".join([row["category"], *facets])] = row["status"] if number is None else number
        return found

    def test_matrix_by_applicant(self):
        found = self.values(MATRIX)
        self.assertEqual(found["requests.received.total"], 6)
        self.assertEqual(found["requests.received.total natural_person"], 5)
        self.assertEqual(found["requests.received.total public_interest"], "blank")
        self.assertEqual(found["requests.outcome.other.no_supplement business"], "not_applicable")
        self.assertEqual(found["requests.outcome.other.rest natural_person"], 2)
        self.assertEqual(len(found), 21)

    def test_section_two_by_its_columns(self):
        self.assertEqual(self.values(SECTION_TWO), {
            "statutory.norm.issued": 4, "statutory.norm.repealed": 0, "statutory.norm.in_force": 1029,
            "statutory.fee.amount": 125000,
        })

    def test_section_four_by_place(self):
        cells = "".join(f"<td>{number}</td>" for number in range(15))
        found = self.values(f"<table><tr>{cells}</tr></table>")
        self.assertEqual((found["review.upheld"], found["review.total"]), (0, 4))
        self.assertEqual((found["litigation.direct.total"], found["litigation.after_review.total"]), (9, 14))

    def test_national_table_of_2014(self):
        self.assertEqual(self.values(NATIONAL, name="page.txt"), {
            "requests.received.total": 12, "review.total": 7, "review.upheld": 4, "litigation.total": 3,
            "litigation.corrected": "blank", "fee.collected": 4000,
        })

    def test_one_cell_a_line_with_two_periods(self):
        self.assertEqual(self.values(FUJIAN, name="page.txt"), {
            "proactive.total": 2589, "proactive.total cumulative": 46269, "review.total": 0, "review.total cumulative": 4,
        })

    def test_rows_with_single_spaces(self):
        found = self.values("二、上年结转政府信息公开申请数量 2 0 0 0 0 1 3", name="page.txt")
        self.assertEqual((found["requests.carried_in"], found["requests.carried_in other"]), (3, 1))

    def test_sentences(self):
        found = self.values("<p>全年主动公开政府信息1.2万余条。收到申请9件，其中当面申请4件，网上申请5件。"
                            "因政府信息公开申请行政复议3件，其中维持2件，被依法纠错1件。</p>")
        self.assertEqual(found, {
            "proactive.total": 12000, "requests.received.total": 9, "requests.received.channel.in_person": 4,
            "requests.received.channel.online": 5, "review.total": 3, "review.upheld": 2, "review.corrected": 1,
        })

    def test_status_of_sentences(self):
        status = {row["category"]: row["status"] for row in self.records(
            f"<h1>{TITLE}</h1><p>主动公开政府信息约300条。未收到政府信息公开申请。</p>")[1:]}
        self.assertEqual(status, {"proactive.total": "approximate", "requests.received.total": "in_words"})

    def test_themes_keep_their_label(self):
        found = self.values("<p>其中，机构职能类信息14条，规划计划类信息6条，其他信息3条。</p>")
        self.assertEqual(found["proactive.theme 机构职能"], 14)
        self.assertEqual(found["proactive.theme 规划计划"], 6)

    def test_traditional_script(self):
        found = self.values("<table><tr><td>統計指標</td><td>單位</td><td>統計數</td></tr>"
                            "<tr><td>主動公開規範性檔案數</td><td>條</td><td>３１</td></tr></table>")
        self.assertEqual(found, {"proactive.normative_disclosed": 31})

    def test_identity(self):
        report = self.records(f"<h1>{TITLE}</h1><p>收到申请9件。</p>")[0]
        self.assertEqual((report["year"], report["organ"], report["level"]), (2022, "临沂市河东区人民政府", "county"))
        self.assertEqual((report["jurisdiction_code"], report["jurisdiction"]), ("371312", "山东省临沂市河东区"))

    def test_ambiguous_place_is_decided_by_the_text_or_not_at_all(self):
        title = "<h1>河东区人民政府2022年政府信息公开工作年度报告</h1><p>收到申请9件。</p>"
        self.assertIsNone(self.records(title)[0]["jurisdiction_code"])
        self.assertEqual(self.records(title + "<p>天津市</p>")[0]["jurisdiction_code"], "120102")

    def test_other_pages_are_rejected(self):
        for title in ("临沂市河东区2022年政府信息公开指南年度报告", "政府信息公开工作2022年上半年报告", "通知"):
            found = self.records(f"<h1>{title}</h1><p>收到申请9件。</p>")
            self.assertEqual([record["record"] for record in found], ["reject"], title)

    def test_charsets(self):
        page = f"<meta charset=gb2312><h1>{TITLE}</h1>"
        self.assertIn(TITLE, decode(page.encode("gb18030")))
        self.assertIn(TITLE, decode(page.encode("utf-8")))
        self.assertIn(TITLE, decode((TITLE * 9).encode("gb18030")))
        self.assertIn(TITLE, decode(TITLE.encode("utf-16")))

    def test_fold(self):
        self.assertEqual(fold("信息(xìn)公開１２ ３"), "信息公开123")

    def test_table_of_data_is_no_prose(self):
        page = read_page(f"<p>前言</p>{MATRIX}".encode())
        self.assertNotIn("自然人", page.text)
        self.assertEqual(len(page.tables), 1)


class Commands(unittest.TestCase):
    def test_run_writes_one_parquet_file(self):
        with tempfile.TemporaryDirectory() as folder:
            dumps = Path(folder) / "dumps/2022"
            dumps.mkdir(parents=True)
            (dumps / "a.html").write_text(f"<h1>{TITLE}</h1>{MATRIX}", encoding="utf-8")
            (dumps / "b.html").write_text("<p>通知</p>", encoding="utf-8")
            output = Path(folder) / "out.parquet"
            told = self.printed("run", str(dumps.parent), str(output), "--jobs", "2")
            self.assertEqual((told["files"], told["rows"]), (2, 21))
            self.assertGreater(told["peak_rss_mb"], 0)
            self.assertEqual(pandas.read_parquet(output)["count"].sum(), 18)

    def test_extract_names_the_file_as_given(self):
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/./a.txt"
            Path(path).write_text("通知", encoding="utf-8")
            self.assertEqual(self.printed("extract", "--format", "jsonl", "--", path)["file"], path)

    def printed(self, *arguments):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            self.assertEqual(peer.main(arguments), 0)
        return json.loads(out.getvalue())


if __name__ == "__main__":
    unittest.main()
