"""The figures that must be reached."""

from figures import figures


def report_floors(sets, floors):
    """Prints every figure that misses its floor."""
    broken, held = [], 0
    for name, demands in floors.items():
        if name not in sets:
            continue
        found = with_parts(sets[name])
        for bound, is_kept, word in (("at_least", lambda a, b: a >= b, "below"), ("at_most", lambda a, b: a <= b, "above")):
            for path, floor in demands.get(bound, {}).items():
                value = look_up(found, path)
                if value is not None and is_kept(value, floor):
                    held += 1
                else:
                    shown = "no value" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")
                    broken.append(f"{name}: {path} is {word} its floor of {floor}: {shown}")
    print(f"floors: {held} hold, {len(broken)} do not")
    for line in broken:
        print(f"  {line}")
    return 1 if broken else 0


def with_parts(scored):
    """The figures of a set, those of its groups under `groups` and of its classes of difficulty under `asked`."""
    parts = {"groups": scored.groups(), "asked": scored.facets().get("asked", {})}
    return figures(scored.verdicts) | {
        kind: {name: figures(verdicts) for name, verdicts in values.items()} for kind, values in parts.items()
    }


def look_up(found, path):
    """`identity.year` in nested figures; a figure counted as right/of is compared by its share."""
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found["share"] if isinstance(found, dict) and "share" in found else found
