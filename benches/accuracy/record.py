"""The history of the figures: one file for each state that was recorded."""

import datetime
import json
import subprocess

# What the history keeps of each part of a set.
KEPT = ("documents", "gold", "hits", "missed", "false", "precision", "recall", "f1", "document_f1", "blanks", "identity",
        "rejected", "status", "failed_checks", "silent_errors", "silent_per_1000", "right_but_flagged_share")

# Kinds of difficulty are many and have one to four documents each.
KEPT_OF_KINDS = ("documents", "gold", "hits", "missed", "false", "rejected")


def write(folder, root, sets):
    """Writes <date>-<commit>.json; gives its path."""
    commit = git(root, "rev-parse", "--short", "HEAD") or "unknown"
    date = datetime.date.today().isoformat()
    record = {"date": date, "commit": commit, "sets": {name: slim(scored) for name, scored in sets.items()}}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{date}-{commit}.json"
    path.write_text(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    return path


def slim(scored):
    whole = scored.all_figures()
    keep = lambda figures, names=KEPT: {name: figures[name] for name in names}
    overall = whole["groups"].pop("all")
    return {"all": keep(overall) | {"confidence": overall["confidence"]},
            "groups": {group: keep(figures) for group, figures in whole["groups"].items()},
            "facets": {facet: {value: keep(figures, KEPT_OF_KINDS if facet == "kind" else KEPT)
                               for value, figures in values.items()} for facet, values in whole["facets"].items()},
            "worst_categories": whole["worst_categories"]}


def git(root, *words):
    done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=False)
    return done.stdout.strip()
