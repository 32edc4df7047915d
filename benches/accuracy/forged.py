"""Sets of forged documents: made anew for each scoring, so that no one can read them by heart."""

import secrets
import shutil
import subprocess

from gold import Unusable

# The set whose figures have floors and a history.
SEED = 20080501
COUNT = 2000


def fresh_seed():
    return secrets.randbelow(10**9)


def forge(binary, seed, folder):
    """The truth and the folder of the dumps of this seed."""
    if not binary.is_file():
        raise Unusable(f"{binary}: no such binary\nhint: cargo build --release --workspace --bins")
    shutil.rmtree(folder, ignore_errors=True)
    command = [str(binary), "--count", str(COUNT), "--seed", str(seed), "--out", str(folder), "--profile", "mix"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unusable(f"{binary}: ended with {done.returncode}: {done.stderr.strip()}")
    return folder / "truth.jsonl", folder
