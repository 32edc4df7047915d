#!/usr/bin/env python3
"""A peer of gongkai: what an analyst would write in some days to read the same reports.

    peer.py run INPUT_DIR OUTPUT.parquet [--jobs N]     every file below a folder into one Parquet file of observations
    peer.py extract [--format jsonl] FILE...            JSON lines in the format of `gongkai extract --format jsonl`
"""

import argparse
import json
import resource
import sys
import time
from multiprocessing import Pool
from pathlib import Path

import lxml.etree
import pandas

from page import read_page
from places import identity, is_other_page, title_of
from prose import prose_rows
from tables import table_rows

COLUMNS = ["file", "jurisdiction_code", "jurisdiction", "organ", "level", "year", "category", "label", "applicant",
           "period", "count", "amount_cny", "status", "method", "raw"]
# A page without a title is a report when it has the numbers of one.
ENOUGH_ROWS = 10


def main(arguments=None):
    options = parse(arguments)
    if options.command == "run":
        print(json.dumps(run(options.input, options.output, options.jobs)))
    else:
        for file in options.files:
            for record in records(file):
                print(json.dumps(record, ensure_ascii=False))
    return 0


def parse(arguments):
    parser = argparse.ArgumentParser(description="Reads annual reports on open government information.")
    commands = parser.add_subparsers(dest="command", required=True)
    whole = commands.add_parser("run", help="read a folder into a Parquet file")
    whole.add_argument("input", type=Path)
    whole.add_argument("output", type=Path)
    whole.add_argument("--jobs", type=int, default=1)
    some = commands.add_parser("extract", help="print what files hold")
    some.add_argument("--format", choices=["jsonl"], default="jsonl")
    some.add_argument("files", nargs="+")
    return parser.parse_args(arguments)


def run(folder, output, jobs):
    started = time.monotonic()
    files = sorted(str(path) for path in folder.rglob("*") if path.suffix in (".html", ".htm", ".txt"))
    with Pool(jobs) as pool:
        read = pool.imap_unordered(records, files, chunksize=16)
        rows = [record for found in read for record in found if record["record"] == "observation"]
        pool.close()
        pool.join()
    frame = pandas.DataFrame(rows, columns=COLUMNS).astype({"count": "Int64", "year": "Int16"})
    frame.sort_values(["category", "jurisdiction_code", "file", "applicant"]).to_parquet(output, index=False)
    return {"files": len(files), "rows": len(frame), "seconds": round(time.monotonic() - started, 2),
            "peak_rss_mb": peak_rss(jobs)}


def peak_rss(jobs):
    """Peak memory of the tree: the parent, and every child taken to be as large as the largest."""
    parent, child = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round((parent + jobs * child) / 1024)


def records(file):
    """The records of one file: a report with its observations, or a reject."""
    try:
        page = read_page(Path(file).read_bytes())
    except (OSError, ValueError, lxml.etree.LxmlError) as error:
        return [reject(file, "unreadable", str(error))]
    title = title_of(page)
    if is_other_page(page, title or ""):
        return [reject(file, "not_a_report", title)]
    rows = unique([*table_rows(page.tables), *prose_rows(page.text)])
    if not title and len(rows) < ENOUGH_ROWS or not rows:
        return [reject(file, "not_a_report", title or "no title")]
    whose = identity(page, title)
    report = {"record": "report", "file": file, **whose}
    where = {key: whose[key] for key in ("jurisdiction_code", "jurisdiction", "organ", "level", "year")}
    return [report, *({"record": "observation", "file": file, **where, **row, "check": "none"} for row in rows)]


def reject(file, reason, message):
    return {"record": "reject", "file": file, "reason": reason, "message": message}


def unique(rows):
    """One row a key: a number goes before a blank, and what was read first before what was read later."""
    kept = {}
    for row in rows:
        key = (row["category"], row["label"], row["applicant"], row["period"])
        if key not in kept or (is_blank(kept[key]) and not is_blank(row)):
            kept[key] = row
    return list(kept.values())


def is_blank(row):
    return row["count"] is None and row["amount_cny"] is None


if __name__ == "__main__":
    sys.exit(main())
