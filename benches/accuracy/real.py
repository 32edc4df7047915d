"""Real pages: their labels and addresses stand in real.jsonl, their texts in a folder that is not committed."""

import hashlib
from pathlib import Path

from gold import read_gold

HERE = Path(__file__).resolve().parent
LABELS = HERE / "real.jsonl"
PAGES = HERE / "pages"
# The lots as sets of the scorer: real-a and so on.
PREFIX = "real-"
# Lots that are kept to measure with at the end: nothing but totals is told of them.
FROZEN = frozenset({"a"})


def read_lots(labels=LABELS):
    """The lines of the labels by lot."""
    lots = {}
    for line in read_gold(labels) if labels.is_file() else ():
        lots.setdefault(line["lot"], []).append(line)
    return lots


def told(lot, lines, here, folder):
    """How much of a lot can be scored on this machine."""
    said = f"{PREFIX}{lot}: {len(lines)} pages are labelled, the texts of {len(here) or 'none'} are here"
    if not here:
        return f"{said}, skipped"
    others = sum(print_of((folder / line["file"]).read_bytes()) != line["text"] for line in here)
    return f"{said}; {others} of them are other texts than those labelled" if others else said


def print_of(text):
    """What a text is known by: its length in bytes and the beginning of its hash."""
    return {"bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()[:16]}
