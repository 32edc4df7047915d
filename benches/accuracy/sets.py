"""What can be scored: each set with its name, its gold and the folder of its dumps."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import forged
import real
from gold import Unusable, read_gold

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SHARED = ROOT.parent / "shared"
# The sets of the project: gold, dumps, and whether it may be absent.
OWN = {
    "samples": (ROOT / "data/samples/gold.jsonl", ROOT / "data/samples/dumps", False),
    "seeds": (SHARED / "gold/seeds.jsonl", SHARED / "seeds", True),
    "wild": (SHARED / "wild/gold.jsonl", SHARED / "wild/dumps", True),
}
FORGED = ROOT / "target/accuracy"


@dataclass
class Set:
    """Gold lines whose file names are relative to a folder of dumps."""

    name: str
    lines: list
    dumps: Path
    frozen: bool = False


def chosen_sets(options):
    """The sets that the options ask for, one after the other: forged ones are made when their turn comes."""
    makers = makers_of(options)
    for name in options.only or ():
        if name not in makers:
            raise Unusable(f"--only: no such set: {name}\nhint: there are {', '.join(makers)}")
    wanted = options.only or [name for name in makers if not options.unread or is_read_by_people(name, options)]
    for name in wanted:
        chosen = makers[name]()
        if chosen is not None:
            yield chosen


def is_read_by_people(name, options):
    """Whether the list of what was not read is made of this set, unless others are named."""
    return bool(options.set) or name == "wild" or name.startswith(real.PREFIX)


def makers_of(options):
    """By name, what makes the set, or gives None after a line that says why it cannot be scored here."""
    makers = {}
    if options.set:
        makers |= {name: partial(read_set, name, Path(gold), Path(dumps), False) for name, gold, dumps in options.set}
    else:
        makers |= {name: partial(read_set, name, *where) for name, where in OWN.items()}
        makers["forge"] = partial(forge_set, "forge", options.forge, forged.SEED)
    if options.fresh is not None:
        makers["forge-fresh"] = partial(forge_set, "forge-fresh", options.forge, options.fresh)
    if options.real:
        makers |= {real.PREFIX + lot: partial(real_set, lot, lines) for lot, lines in real.read_lots().items()}
    return makers


def read_set(name, gold, dumps, may_be_absent):
    if may_be_absent and not (gold.is_file() and dumps.is_dir()):
        print(f"{name}: not on this machine, skipped\n")
        return None
    return Set(name, read_gold(gold), dumps)


def forge_set(name, binary, seed):
    if seed != forged.SEED:
        print(f"{name}: seed {seed}; once more with --fresh {seed}\n")
    gold, dumps = forged.forge(binary, seed, FORGED / name)
    return Set(name, read_gold(gold), dumps)


def real_set(lot, lines):
    folder = real.PAGES / lot
    here = [line for line in lines if (folder / line["file"]).is_file()]
    print(f"{real.told(lot, lines, here, folder)}\n")
    return Set(real.PREFIX + lot, here, folder, frozen=lot in real.FROZEN) if here else None
