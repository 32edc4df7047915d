#!/usr/bin/env python3
"""Builds script/traditional.tsv and script/pinyin.tsv for the characters that occur in the forge's own data and sources.

    build_script.py --hanziconv DIR

The characters come from the PyPI package hanziconv, the pinyin from pypinyin; see README.md for versions and licences.
"""

import argparse
import sys
from pathlib import Path

from pypinyin import Style, pinyin

HERE = Path(__file__).resolve().parent
# One Simplified character, several Traditional ones: what official prose means by it.
CHOICES = {"复": "復", "制": "制", "系": "係", "面": "面", "里": "里", "后": "後", "余": "餘", "干": "幹", "台": "台", "征": "徵",
           "准": "準", "历": "歷", "据": "據", "范": "範", "只": "只", "采": "採", "占": "佔", "布": "布", "志": "志", "咨": "諮",
           "并": "並", "于": "於", "云": "雲", "岳": "岳", "谷": "谷", "几": "幾", "向": "向", "才": "才", "表": "表", "致": "致",
           "出": "出", "合": "合", "回": "回", "局": "局", "家": "家", "注": "注", "签": "簽", "游": "遊", "升": "升", "冲": "衝",
           "折": "折", "党": "黨", "丰": "豐", "杰": "傑", "松": "松", "朱": "朱", "沈": "瀋", "舍": "舍", "御": "御", "曲": "曲",
           "郁": "郁", "万": "萬", "同": "同", "群": "群", "床": "床", "峰": "峰", "广": "廣", "厂": "廠", "须": "須", "发": "發",
           "克": "克", "斗": "斗", "卷": "卷", "周": "周", "困": "困", "夸": "誇", "尽": "盡", "胡": "胡", "秋": "秋", "蒙": "蒙",
           "千": "千", "卜": "卜", "姜": "姜", "板": "板", "扎": "扎", "栖": "棲", "了": "了", "线": "線", "累": "累", "产": "產", "冬": "冬", "启": "啟", "咸": "咸", "群": "群", "卫": "衛", "为": "為", "众": "眾",
           "内": "內", "录": "錄", "户": "戶", "温": "溫", "没": "沒", "强": "強", "查": "查", "汇": "彙", "宁": "寧", "峡": "峽", "吴": "吳"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--hanziconv", type=Path, required=True)
    sys.path.insert(0, str(parser.parse_args().hanziconv))
    from hanziconv import HanziConv

    files = [p for p in sorted(HERE.rglob("*")) if p.suffix in (".tsv", ".html") and p.parent.name != "script"]
    files += sorted((HERE.parent / "src").rglob("*.rs"))
    chars = sorted({c for p in files for c in p.read_text(encoding="utf-8") if "\u4e00" <= c <= "\u9fff"})
    write("traditional.tsv", "Simplified and Traditional, one character each; build_script.py writes it",
          [(c, t) for c in chars if (t := CHOICES.get(c) or HanziConv.toTraditional(c)) != c and len(t) == 1])
    write("pinyin.tsv", "Characters and their pinyin; build_script.py writes it",
          [(c, pinyin(c, style=Style.TONE)[0][0]) for c in chars])


def write(name, about, rows):
    with open(HERE / "script" / name, "w", encoding="utf-8") as out:
        out.write(f"# {about}.\n")
        out.writelines(f"{a}\t{b}\n" for a, b in rows)


if __name__ == "__main__":
    main()
