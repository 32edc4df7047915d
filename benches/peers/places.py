"""Whose report it is: organ, place and level from the title, year from the title or the text."""

import csv
import re
from collections import Counter, defaultdict
from functools import lru_cache
from pathlib import Path

PLACES = Path(__file__).resolve().parents[2] / "data/gazetteer/places.tsv"
# The name of the body may stand on a line of its own.
TITLE = re.compile(r"(?:[^\n。:;]{2,30}(?:政府|办公室|局)\s*\n\s*(?=20\d\d))?[^\n。:;]{0,60}(?:信息公开|政务公开)[^\n。;,]{0,30}?(?:报告|年报)")
YEAR = re.compile(r"(20[0-2]\d)\s*年(?:度)?")
PUBLISHER = re.compile(r"发布机构:?\s*([一-龥]{4,40})")
OTHER_PAGES = re.compile("指南|目录|上半年|下半年|季度|预算|决算|集中发布|多家单位|办法|规定")
LEVELS = [
    ("zone", re.compile("(?:管理委员会|管委会|开发区|高新区)$")),
    ("township", re.compile("[镇乡]人民政府|街道办事处|苏木")),
    ("department", re.compile("(?:局|厅|委员会|中心|支队|办事处|院|队|馆|公司|委|科)$")),
]


def title_of(page):
    """The line that names a year, open information and a report; in the page's title first."""
    for text in (page.title, page.text):
        for found in TITLE.finditer(text):
            if YEAR.search(found[0]):
                return re.sub(r"\s", "", found[0]).strip("#\ufeff")
    return None


def is_other_page(page, title):
    """Guides, budgets, news, half years, and lists of the titles of reports."""
    if re.search("记者从|近日,", page.text) or re.search("[上下]半年", page.title):
        return True
    listed = {found[0].strip() for found in TITLE.finditer(page.text) if YEAR.search(found[0])}
    return bool(OTHER_PAGES.search(title)) or len(listed) > 8


def year_of(title, text):
    period = re.search(r"(20\d\d)年1月1日[^。]{0,8}(?:至|到|起)", text)
    for found in (YEAR.search(title or ""), period):
        if found:
            return int(found[1])
    years = Counter(YEAR.findall(text))
    return int(years.most_common(1)[0][0]) if years else None


def organ_of(title):
    """What stands before 政府信息公开, without the year."""
    name = YEAR.sub("", title).strip()
    found = re.match(r"(?:关于)?(.{2,40}?)(?:关于)?(?:政府信息公开|政务信息公开|政务公开|信息公开)", name)
    if not found:
        return None
    organ = re.sub(r"[\s_\-|<>《》:]", "", found[1])
    if organ.endswith("人民"):
        return organ + "政府"
    return organ + "人民政府" if organ.endswith(("省", "市", "县", "区", "镇", "乡")) else organ


@lru_cache(maxsize=32)
def places_of(year):
    """Codes by name, and full names by code, of a year."""
    by_name, names = defaultdict(list), {}
    with PLACES.open(encoding="utf-8") as lines:
        for place in csv.DictReader(lines, delimiter="\t"):
            if int(place["valid_from"] or 0) <= year <= int(place["valid_to"] or 9999):
                by_name[place["name"]].append(place["code"])
                names[place["code"]] = place["name"]
    return by_name, names


def parents(code):
    return [parent for parent in (code[:2] + "0000", code[:4] + "00") if parent != code]


def place_of(organ, text, year):
    """The code of the places that the organ's name begins with; of several, the one whose parents the text names."""
    by_name, names = places_of(year or 2018)
    rest, candidates = organ, []
    while (name := longest_name(rest, by_name)) is not None:
        below = [code for code in by_name[name] if any(is_below(code, above) for above in candidates)]
        if candidates and not below:
            break
        candidates, rest = below or by_name[name], rest[len(name):]
    if len(candidates) > 1:
        named = [sum(text.count(names.get(parent, "-")) for parent in parents(code)) for code in candidates]
        best = max(named)
        candidates = [code for code, times in zip(candidates, named) if best and times == best]
    return (candidates[0] if len(candidates) == 1 else None), names


def longest_name(text, by_name):
    return next((text[:length] for length in range(15, 1, -1) if text[:length] in by_name), None)


def is_below(code, above):
    return code != above and code.startswith(above.rstrip("0") if not above.endswith("0000") else above[:2])


def level_of(organ, code):
    for level, pattern in LEVELS:
        if pattern.search(organ):
            return level
    if code is None:
        return None
    return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"


def identity(page, title):
    """The report's columns about itself."""
    year = year_of(title, page.text)
    organ = organ_of(title) if title else None
    publisher = PUBLISHER.search(page.text)
    if not organ and publisher:
        organ = publisher[1]
    code, names = place_of(organ, page.text, year) if organ else (None, {})
    if code is None and publisher:
        code, names = place_of(publisher[1], page.text, year)
    full = "".join(names[place] for place in [*parents(code), code] if place in names) if code else None
    return {"title": title, "organ": organ, "year": year, "level": level_of(organ or "", code),
            "jurisdiction_code": code, "jurisdiction": full}
