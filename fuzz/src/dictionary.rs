//! Words that mean something to the code under test, so that mutation need not spell them letter by letter. Those of the
//! domain are taken from `data/`.

use encoding_rs::{BIG5, GB18030};
use gongkai_test_support::repository;

/// The fields of a column of a data file, lists taken apart; the empty ones left out.
#[must_use]
pub fn column(file: &str, column: &str) -> Vec<String> {
    let text = std::fs::read_to_string(repository("data").join(file)).unwrap();
    let mut lines = text.lines().filter(|line| !line.starts_with("# "));
    let mut header = lines.next().unwrap().split('\t');
    let at = header.position(|name| name == column).expect("a column of this name");
    let fields = lines.filter_map(|line| line.split('\t').nth(at));
    let parts = fields.flat_map(|field| field.split('|')).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// For decoding: marks, declarations, pieces of characters.
#[must_use]
pub fn of_bytes() -> Vec<Vec<u8>> {
    let mut words = bytes(&[
        "<meta charset=gb2312>",
        "<meta charset=\"utf-8\">",
        "<meta http-equiv=Content-Type content=\"text/html; charset=big5\">",
        "<?xml version=\"1.0\" encoding=\"GBK\"?>",
        "charset=utf-16",
        "charset=iso-8859-1",
        "charset=x-user-defined",
        "charset=hz-gb-2312",
        "\u{FEFF}",
        "\u{FFFD}",
        "政府信息公开",
        "開",
        "<!--",
        "-->",
        "<html>",
    ]);
    let pieces: [&[u8]; 14] = [
        b"\xFF\xFE",
        b"\xFE\xFF",
        b"\0",
        b"\0\0\0",
        b"~{<:Ky2;~}",
        b"\x1B$B",
        b"\x84\x31\xA4\x37",
        b"\xB9\xAB\xBF\xAA",
        b"\xE5\xBC",
        b"\x80",
        b"\xA1\xA1",
        b"%PDF-",
        b"\x1F\x8B",
        b"\x00\xD8",
    ];
    words.extend(pieces.iter().map(|piece| piece.to_vec()));
    words.push(GB18030.encode("主动公开政府信息12条").0.into_owned());
    words.push(BIG5.encode("政府資訊公開").0.into_owned());
    words.push("公开1条".encode_utf16().flat_map(u16::to_le_bytes).collect());
    words
}

const TAGS: &[&str] = &[
    "<table>",
    "</table>",
    "<tr>",
    "</tr>",
    "<td>",
    "</td>",
    "<th>",
    "<td rowspan=3 colspan=2>",
    "<td rowspan=0>",
    "<td colspan=100000>",
    "<tbody>",
    "<thead>",
    "<caption>",
    "<tr hidden>",
    "<div hidden>",
    "<span style=display:none>",
    "<div>",
    "</div>",
    "</span>",
    "<p>",
    "</p>",
    "<h1>",
    "</h1>",
    "<h2>",
    "<li>",
    "<ul>",
    "</ul>",
    "<pre>",
    "</pre>",
    "<a href=x>",
    "</a>",
    "<br>",
    "<select>",
    "<script>",
    "</script>",
    "<style>",
    "</style>",
    "<title>",
    "</title>",
    "<xmp>",
    "</xmp>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<meta name=PubDate content=2019-01-31>",
    "<link rel=canonical href=http://www.thnet.gov.cn/a.html>",
    "<base href=//x>",
    "<plaintext>",
    "<template>",
    "<svg>",
    "&nbsp;",
    "&#0;",
    "&#x4e00;",
    "&#1114112;",
    "&amp",
    "&NotEqualTilde;",
    "\u{3000}",
    "\0",
    "|",
    "||",
    "│",
    "\t",
    "\r\n",
    "|---|:-:|\n",
    "├──┼──┤",
];

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "12",
    "1,234",
    "１２３",
    "12 514",
    "4.8万",
    "1.5亿元",
    "2000余",
    "十二",
    "一万二千三百",
    "二〇一八",
    "999999999999999",
    "9223372036854775807",
    "-1",
    "--5",
    "1**",
    "57.7%",
    "1.2.3",
    "/",
    "—",
    "无",
    "不适用",
    "2018年12月31日",
    "2018",
];

const MARKS: &[&str] = &[
    "，",
    "。",
    "；",
    "：",
    "、",
    "（",
    "）",
    "“",
    "”",
    "《",
    "》",
    "—",
    "\n",
    "\n\n",
    "一、",
    "（二）",
    "1.",
    "其中",
    " ",
    "\u{3000}",
    "\u{A0}",
    "\u{200B}",
    "均",
    "分别为",
    "共计",
    "占",
    "同比增长",
    "均已",
];

/// For pages: markup, delimiters, labels of forms.
#[must_use]
pub fn of_pages() -> Vec<Vec<u8>> {
    let mut words = bytes(TAGS);
    words.extend(bytes(NUMBERS));
    words.extend(bytes(MARKS));
    words.extend(owned(column("template_rows.tsv", "label")));
    words.extend(owned(column("columns.tsv", "labels")));
    words.extend(owned(column("units.tsv", "unit")));
    words.extend(owned(column("organ_words.tsv", "words")));
    words.extend(of_bytes().into_iter().take(6));
    words
}

/// For sentences: wordings, units, numbers, marks.
#[must_use]
pub fn of_sentences() -> Vec<Vec<u8>> {
    let mut words = bytes(MARKS);
    words.extend(bytes(NUMBERS));
    words.extend(owned(column("prose/words.tsv", "words")));
    words.extend(owned(column("prose/lexicon.tsv", "word")));
    words.extend(owned(column("prose/marks.tsv", "words")));
    words.extend(owned(column("units.tsv", "unit")));
    words.extend(owned(column("template_rows.tsv", "label")));
    words.extend(owned(column("script/vocabulary.tsv", "from")));
    words
}

/// For number forms.
#[must_use]
pub fn of_numbers() -> Vec<Vec<u8>> {
    let mut words = bytes(NUMBERS);
    words.extend(bytes(&[
        "约", "近", "余", "多", "万", "亿", "千", "百", "萬", "元", "减少", "增加", "&nbsp;", "<br>", "\u{3000}", "，",
        ",", ".", "．", "。", "；", "¥", "－", "−", "两", "零", "〇", "\n",
    ]));
    words.extend(owned(column("units.tsv", "unit")));
    words
}

/// For configurations.
#[must_use]
pub fn of_configs() -> Vec<Vec<u8>> {
    let mut words = bytes(&[
        "output",
        "jobs",
        "keep",
        "metrics",
        "input",
        "name",
        "path",
        "[[input]]",
        "[input]",
        "\"",
        "'''",
        "\"\"\"",
        " = ",
        "\n",
        "0x10",
        "1e400",
        "nan",
        "-inf",
        "true",
        "2026-11-22",
        "[",
        "]",
        "{",
        "}",
        "\\u0000",
        "\\U0010FFFF",
        "#",
        "a.b",
        "..",
        "\r\n",
        "\u{FEFF}",
        "0.1",
        "1",
        "99999999999999999999",
    ]);
    words.extend(bytes(&["max_reject_share", "max_withdrawn_share", "max_file_bytes"]));
    words
}

/// For data folders: fields of tables.
#[must_use]
pub fn of_data() -> Vec<Vec<u8>> {
    let mut words = bytes(&[
        "\t",
        "\n",
        "|",
        "?",
        "@",
        "-",
        "0",
        "-1",
        "1",
        "65536",
        "99999999999",
        "2008",
        "2019-",
        "# ",
        "\u{FEFF}",
        "\r",
        "+",
    ]);
    words.extend(bytes(&[
        "[all]",
        "(N-1)",
        "^",
        "*",
        "(",
        "\\",
        "\u{0}",
        "not_comparable",
        "exact",
    ]));
    words.push(b"\xFF".to_vec());
    words.extend(owned(column("categories.tsv", "code")));
    words.extend(owned(column("template_rows.tsv", "row")).into_iter().take(60));
    words.extend(owned(column("prose/words.tsv", "set")));
    words.extend(owned(column("series.tsv", "series")));
    words.extend(owned(column("units.tsv", "unit")));
    words.extend(owned(column("gazetteer/places.tsv", "code")).into_iter().step_by(40));
    words
}

/// Damages are numbers: no words.
#[must_use]
pub fn of_damages() -> Vec<Vec<u8>> {
    Vec::new()
}

fn bytes(words: &[&str]) -> Vec<Vec<u8>> {
    words.iter().map(|word| word.as_bytes().to_vec()).collect()
}

fn owned(words: Vec<String>) -> Vec<Vec<u8>> {
    words.into_iter().map(String::into_bytes).collect()
}
