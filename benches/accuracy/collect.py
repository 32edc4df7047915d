#!/usr/bin/env python3
"""Takes a lot of labelled real pages into real.jsonl, and their texts into the folder that is not committed.

    collect.py LOT ...      folders with gold.jsonl (labels), index.jsonl (addresses) and pages/ (texts)

The folder's name is the lot's. What real.jsonl holds of it is replaced; the same folders give the same bytes. Kept are
labels and addresses: notes, queries and titles are left behind, and a string as long as a sentence is refused.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

import real
from gold import Gold, Unusable, open_lists_of, read_gold

# What is kept of a line, in this order; all else are notes of whoever labelled it.
KEPT = ("group", "report_type", "report", "organ_accept", "code_accept", "level_accept", "year_accept", "second_report",
        "observations", "optional", "complete", "ignore", "failed_checks")
# Values that a row has where it says nothing.
USUAL = {"applicant": "all", "period": "year"}
# Longer strings could be sentences. Addresses and names of files may be of any length.
LONGEST = 40
ANY_LENGTH = frozenset({"url", "file"})


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Takes lots of labelled real pages into real.jsonl.")
    parser.add_argument("lot", nargs="+", type=Path, help="folder with gold.jsonl, index.jsonl and pages/")
    parser.add_argument("--labels", type=Path, default=real.LABELS, help="the file that the labels go into")
    parser.add_argument("--pages", type=Path, default=real.PAGES, help="the folder that the texts go into")
    options = parser.parse_args(arguments)
    try:
        lots = real.read_lots(options.labels)
        for folder in options.lot:
            lots[folder.resolve().name] = read_lot(folder)
        lines = [line for _, lot in sorted(lots.items()) for line in lot]
        check(lines)
        options.labels.write_text("".join(written(line) for line in lines), encoding="utf-8")
        for folder in options.lot:
            copy_texts(folder, lots[folder.resolve().name], options.pages)
    except (Unusable, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for folder in options.lot:
        lot = folder.resolve().name
        print(f"{lot}: {len(lots[lot])} pages")
    return 0


def read_lot(folder):
    """The lines of a lot, in the order of their files."""
    addresses = {line["file"]: line.get("url") for line in read_gold(folder / "index.jsonl")}
    lines = sorted(read_gold(folder / "gold.jsonl"), key=lambda line: line["file"])
    for line in lines:
        if line["file"] not in addresses:
            raise Unusable(f"{folder / 'index.jsonl'}: no address of a labelled page: {line['file']}")
    return [line_of(folder, line, addresses[line["file"]]) for line in lines]


def line_of(folder, line, url):
    text = (folder / "pages" / line["file"]).read_bytes()
    kept = {name: line[name] for name in KEPT if line.get(name) not in (None, []) or name == "report" and name in line}
    for rows in ("observations", "optional"):
        if rows in kept:
            kept[rows] = [slim(row) for row in kept[rows]]
    return {"lot": folder.resolve().name, "file": line["file"], "url": url, "text": real.print_of(text)} | kept


def slim(row):
    return {name: value for name, value in row.items() if USUAL.get(name) != value}


def written(line):
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


def check(lines):
    """Refuses what would make a label say two things, or carry the words of a page."""
    files, addresses, open_lists = set(), set(), open_lists_of(lines)
    for line in lines:
        place = f"{line['lot']}/{line['file']}"
        if line["file"] in files:
            raise Unusable(f"{place}: another lot has a file of this name")
        if line["url"] in addresses:
            raise Unusable(f"{place}: the address stands twice: {line['url']}")
        files.add(line["file"])
        addresses |= {line["url"]} - {None}
        for name, text in long_strings(line):
            raise Unusable(f"{place}: {name} has more than {LONGEST} characters: {text}\nhint: labels hold no sentences")
        for key in Gold(line, open_lists).doubles:
            raise Unusable(f"{place}: a key stands twice: {key}")


def long_strings(value, name=""):
    """Names and texts of the strings that could be sentences."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from long_strings(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from long_strings(inner, name)
    elif isinstance(value, str) and len(value) > LONGEST and name not in ANY_LENGTH:
        yield name, value


def copy_texts(folder, lines, pages):
    (pages / lines[0]["lot"]).mkdir(parents=True, exist_ok=True)
    for line in lines:
        shutil.copyfile(folder / "pages" / line["file"], pages / line["lot"] / line["file"])


if __name__ == "__main__":
    sys.exit(main())
