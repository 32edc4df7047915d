"""Write changes.tsv: what became of a code, year by year, from the rows of places.tsv and hand-written rows."""
import collections
import re
import sys

AREA = re.compile(r"(地区|盟)$")
COUNTY = re.compile(r"(县|旗|特区|群岛)$")
CITY = re.compile(r"市$")
DISTRICT = re.compile(r"区$")


def valid(row, year):
    return (row["from"] or 0) <= year <= (row["to"] or 9999)


def next_row(row, rows):
    """The row in which most of an ended row's territory goes on the year after."""
    year = row["to"] + 1
    final = row["succ"] or row["code"]
    hits = [r for r in rows if valid(r, year) and final == (r["succ"] or r["code"])]
    if not hits:
        sys.exit("what became of it? %s" % row)
    return min(hits, key=lambda r: (r["code"] != row["code"], r["name"] != row["name"], r["from"] != year, r["code"]))


def is_upgrade(old, new):
    return bool(AREA.search(old) and CITY.search(new)
                or COUNTY.search(old) and (CITY.search(new) or DISTRICT.search(new) and not COUNTY.search(new))
                or CITY.search(old) and DISTRICT.search(new))


def derived(rows):
    """(year, kind, from, to) of every row that ended."""
    pairs = [(row, next_row(row, rows)) for row in rows if row["to"]]
    shares = collections.Counter((old["to"], new["code"]) for old, new in pairs)
    for old, new in pairs:
        year = old["to"] + 1
        if old["code"] == new["code"]:
            kind = "rename"
        elif shares[old["to"], new["code"]] > 1 or new["from"] != year:
            kind = "merge"
        else:
            kind = "upgrade" if is_upgrade(old["name"], new["name"]) else "recode"
        yield year, kind, old["code"], new["code"], ""


def build_changes(rows, written, path):
    """Hand-written rows stand in place of all derived ones of the same year and place."""
    by_hand = [(int(r["valid_from"]), r["name"], r["code"], r["successor"], r["note"]) for r in written]
    told = {(year, old) for year, kind, old, new, note in by_hand if kind != "transfer"}
    changes = sorted(set(by_hand) | {c for c in derived(rows) if (c[0], c[2]) not in told})
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write("year\tkind\tfrom\tto\tnote\n")
        for change in changes:
            f.write("%d\t%s\t%s\t%s\t%s\n" % change)
    print("changes.tsv: %d rows %s" % (len(changes), dict(collections.Counter(c[1] for c in changes))))
