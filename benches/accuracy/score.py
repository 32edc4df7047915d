#!/usr/bin/env python3
"""Scores what gongkai reads against what a careful human reader wrote down, or what the forge knows it printed.

    score.py                             the sets that come with the project: samples, a forged corpus of a fixed seed,
                                         and seeds and the wild where they exist
    score.py --fresh [SEED]              another forged corpus besides, of a random seed or of this one
    score.py --real                      the lots of real pages besides, as far as their texts are here
    score.py --set NAME GOLD DUMPS ...   other sets: a gold file and the folder that its file names are relative to
    score.py --only NAME ...             of all these sets no others, e.g. --only wild
    score.py --unread                    no figures: the numbers that were missed or read wrong in the wild (and with
                                         --real in real pages), by the words around them, the most frequent first
    options: --binary FILE, --forge FILE, --verbose, --json FILE, --floor FILE, --record

The binary reads every dump that the gold file names (`extract --format jsonl`), and each value it gives falls into
one class:

    hit            gold has this number under this key
    ignored        gold leaves it open: an `ignore` entry covers it, it is one of the `optional` values, or it belongs
                   to the second report of the page
    contradiction  gold has another number under this key, or a blank
    invented       gold has nothing under this key although it claims to be complete there
    unjudged       gold claims nothing about it

A key is category, applicant and period, and in open lists the label as well. Precision is hits among hits,
contradictions and inventions; recall is hits among gold's numbers. Blank cells are not numbers and have figures of
their own. A wrong number is silent unless its arithmetic check failed or its confidence is below one half: silent
errors are what an analyst cannot see.

Exit codes: 0 every floor holds, 1 a figure is below its floor (each is named), 2 the scorer could not run.
"""

import argparse
import json
import sys
from pathlib import Path

import forged
import record
import sets
from figures import score
from floors import report_floors
from gold import Unusable, extract
from tables import print_set
from unread import print_unread


def main(arguments=None):
    options = parse(arguments)
    try:
        if options.unread:
            return list_unread(options)
        floors = json.loads(options.floor.read_text(encoding="utf-8"))
        scored = dict(score_each(options))
        for name, verdicts in scored.items():
            print_set(name, verdicts, options.verbose)
        if options.json:
            figures = {name: verdicts.all_figures() for name, verdicts in scored.items()}
            options.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if options.record:
            print(f"recorded: {record.write(sets.HERE / 'runs', sets.ROOT, scored)}")
    except (Unusable, OSError, json.JSONDecodeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return report_floors(scored, floors)


def parse(arguments):
    parser = argparse.ArgumentParser(
        description="Scores what gongkai reads against gold.", formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    built = sets.ROOT / "target/release"
    parser.add_argument("--set", nargs=3, action="append", metavar=("NAME", "GOLD", "DUMPS"), default=None,
                        help="score this set instead of the project's own; may be given several times")
    parser.add_argument("--fresh", nargs="?", type=int, metavar="SEED", const=forged.fresh_seed(), default=None,
                        help="score another forged set, of this seed or of a random one")
    parser.add_argument("--real", action="store_true", help="score the lots of real pages, too")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="score no other sets than these")
    parser.add_argument("--unread", action="store_true", help="list what was missed or read wrong by the words around it")
    parser.add_argument("--binary", type=Path, default=built / "gongkai", help="the built gongkai")
    parser.add_argument("--forge", type=Path, default=built / "gongkai-forge", help="the built gongkai-forge")
    parser.add_argument("--floor", type=Path, default=sets.HERE / "floor.json", help="figures that must be reached")
    parser.add_argument("--verbose", action="store_true", help="list every miss and every error")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to this file")
    parser.add_argument("--record", action="store_true", help="write the figures to runs/<date>-<commit>.json")
    return parser.parse_args(arguments)


def score_each(options):
    for chosen, records in extract_each(options):
        yield chosen.name, score(chosen.lines, records, chosen.frozen)


def list_unread(options):
    for chosen, records in extract_each(options):
        if chosen.frozen:
            print(f"{chosen.name}: frozen, nothing is listed\n")
        else:
            print_unread(chosen.name, score(chosen.lines, records), chosen.dumps)
    return 0


def extract_each(options):
    """The sets, each with what the binary says of its dumps."""
    if not options.binary.is_file():
        raise Unusable(f"{options.binary}: no such binary\nhint: cargo build --release --workspace --bins")
    for chosen in sets.chosen_sets(options):
        yield chosen, extract(options.binary, chosen.dumps, [line["file"] for line in chosen.lines])


if __name__ == "__main__":
    sys.exit(main())
