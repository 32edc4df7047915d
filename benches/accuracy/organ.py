"""When two reports name the same body, place, level or year."""

from gold import bare

# What is left of a name once the units above are taken away and that names nobody.
NOBODY = frozenset({"", "政府", "办公室", "政府办公室", "管理委员会", "街道", "街道办事处"})
# Endings that a bare place stands for in the lenient comparison, and what must stand before them.
GOVERNMENT_OF = (("政府", tuple("省市县区旗盟州镇乡")), ("管理委员会", ("区",)), ("办事处", ("街道",)))


def is_same_identity(gold, name, found):
    """Whether an identity field holds gold's value or one that gold accepts as well."""
    column = name.removesuffix("~")
    also = "code_accept" if column == "jurisdiction_code" else f"{column}_accept"
    accepted = [gold.report.get(column), *(gold.line.get(also) or gold.report.get(also) or ())]
    if gold.report.get("zone") and column in ("jurisdiction_code", "level"):
        # A development zone has neither a code nor a rank of its own.
        accepted += [None, "department", *(gold.report.get("jurisdiction_candidates") or ())]
    if column == "organ":
        place = gold.report.get("jurisdiction")
        return any(is_same_organ(organ, found, place, lenient=name.endswith("~")) for organ in accepted)
    return any(found is None if value is None else found is not None and str(value) == str(found) for value in accepted)


def is_same_organ(one, other, place, lenient):
    """Equal, or one begins with names of the units above: 广州市天河区人民政府 is 天河区人民政府."""
    short, long = sorted((plain_organ(one, lenient), plain_organ(other, lenient)), key=len)
    if short == long:
        return True
    if short in NOBODY or not long.endswith(short):
        return False
    above = long[:len(long) - len(short)]
    return above in bare(place) or above == "中华人民共和国"


def plain_organ(organ, lenient):
    name = bare(organ).replace("人民政府", "政府")
    if name.endswith("政府办"):
        name += "公室"
    if name.endswith("管委会"):
        name = name.removesuffix("管委会") + "管理委员会"
    if lenient:
        for ending, before in GOVERNMENT_OF:
            rest = name.removesuffix(ending)
            if rest != name and rest.endswith(before):
                return rest
    return name
