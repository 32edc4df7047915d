"""From the bytes of a dump to its text and the grids of its tables."""

import io
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import lxml.etree
import lxml.html
import opencc
import pandas
from charset_normalizer import from_bytes

DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)|encoding=["']([\w-]+)""", re.IGNORECASE)
# What government sites call gb2312 is mostly GBK.
REAL_NAMES = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}
LIKELY = ["utf_8", "gb18030", "big5", "utf_16"]
BLOCKS = {"p", "div", "br", "tr", "table", "li", "ul", "h1", "h2", "h3", "h4", "h5", "title", "td", "section"}
TO_SIMPLIFIED = opencc.OpenCC("t2s")
# Words of Taiwan for words of the forms, and what converters make of one.
WORDS = (("档案", "文件"), ("文件馆", "档案馆"), ("入口网站", "门户网站"), ("谘", "咨"))
# Readings that some copies print after a character.
READING = re.compile(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}\)")
LONGEST_CELL = 90
# A row with single spaces between its cells: labels and numbers, or the labels of columns.
SPACED_ROW = re.compile(r"[^。；！？]*[^\d\s。；！？](?: [-+]?[\d,.]+)+|(?:信息[内內]容|[统統]?[计計]?指[标標]\S*)(?: \S+)+")


@dataclass
class Page:
    """The title, the prose and the tables of a dump; prose is simplified and half-width, cells are as printed."""

    title: str
    text: str
    tables: list


def read_page(raw):
    """What a dump says; where its bytes fit no charset, unreadable characters are replaced."""
    markup = decode(raw)
    if re.search(r"<(html|body|table|p|div)\b", markup[:20_000], re.IGNORECASE):
        return read_html(markup)
    return read_text(markup)


def decode(raw):
    """The declared charset where it fits, UTF-8 where that fits, else what charset-normalizer believes."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    found = DECLARED.search(raw[:4096])
    declared = (found[1] or found[2]).decode("ascii").lower() if found else "utf-8"
    for name in (REAL_NAMES.get(declared, declared), "utf-8-sig"):
        try:
            return raw.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    best = from_bytes(raw, cp_isolation=LIKELY).best()
    return str(best) if best else raw.decode("gb18030", errors="replace")


def read_html(markup):
    markup = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup.replace("\x00", ""))
    tree = lxml.html.document_fromstring(markup)
    lxml.etree.strip_elements(tree, "script", "style", lxml.etree.Comment, with_tail=False)
    tables = []
    for table in list(tree.iter("table")):
        if table.find(".//table") is None and table.find(".//p/table") is None:
            tables += read_table(table)
    headings = [element.text_content() for element in tree.iter("h1", "h2")]
    title = "\n".join([*headings, tree.findtext(".//title") or ""])
    return Page(fold(title), fold(text_of(tree)), tables)


def read_table(table):
    """The grids of a table that holds no other; a table of data is taken out of the tree, so that it is not prose."""
    lxml.etree.strip_tags(table, "thead", "tbody", "tfoot")
    for cell in table.iter("th"):
        cell.tag = "td"
    try:
        frames = pandas.read_html(io.StringIO(lxml.html.tostring(table, encoding="unicode")), flavor="lxml",
                                  keep_default_na=False)
    except (ValueError, IndexError):
        return []
    grids = [[[str(cell).strip() for cell in row] for row in frame.values.tolist()] for frame in frames]
    if any(len(cell) > LONGEST_CELL for grid in grids for row in grid for cell in row):
        return []
    table.clear(keep_tail=True)
    return grids


def text_of(tree):
    for element in tree.iter():
        if element.tag in BLOCKS:
            element.tail = "\n" + (element.tail or "")
    return tree.text_content()


def read_text(text):
    """Tables in plain text: lines with separators, or one cell a line."""
    prose, rows = [], []
    for line in text.splitlines():
        cells = cells_of(line)
        if cells:
            rows.append(cells)
        else:
            prose.append(line)
    # A title is a short line as well: short lines are cells and prose.
    prose += [" ".join(cells) for cells in rows if len(cells) == 1]
    lines = [line.strip(" #\u3000\ufeff") for line in text.splitlines()]
    title = next((fold(line) for line in lines if re.search("[開开].*[報报]", line) and len(line) < 60), "")
    return Page(title, fold("\n".join(prose)), [joined(rows)])


def cells_of(line):
    """The cells of a line of a table; none where the line is prose."""
    line = line.strip(" \u3000\ufeff\r")
    if "|" in line:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
    elif "\t" in line:
        cells = [cell.strip() for cell in line.split("\t")]
    elif len(parts := re.split(r" {2,}", line)) > 1:
        cells = parts
    elif SPACED_ROW.fullmatch(line):
        cells = line.split()
    elif line and len(line) <= LONGEST_CELL and not re.search("[。；！？]", line):
        cells = [line]
    else:
        return []
    return cells if all(len(cell) <= LONGEST_CELL for cell in cells) else []


def joined(rows):
    """Rows of one cell are put together: a cell that is no value begins a row after one that is."""
    table, open_row = [], None
    for cells in rows:
        if len(cells) > 1:
            table.append(cells)
            open_row = None
        elif open_row is None or (is_value(open_row[-1]) and not is_value(cells[0])):
            open_row = list(cells)
            table.append(open_row)
        else:
            open_row += cells
    return table


@lru_cache(maxsize=100_000)
def is_value(cell):
    return re.fullmatch(r"[-+]?[\d,.\s]+(万?元)?|[-—–/\\]+|", unicodedata.normalize("NFKC", cell)) is not None


def fold(text):
    """Simplified script, half-width characters, no digits that are apart."""
    text = TO_SIMPLIFIED.convert(unicodedata.normalize("NFKC", text))
    for word, printed_on_the_mainland in WORDS:
        text = text.replace(word, printed_on_the_mainland)
    text = READING.sub("", text)
    return re.sub(r"(?<=\d)[ \u00a0,](?=\d)", "", text)
