//! Pages in, blocks out, in a compact rendering: `H1 heading`, `P paragraph`, `T 2x3 a|b|c/d|e|f`.
//!
//! A cell that covers more than itself says so: `label<2x1>` covers two columns and one row.

use gongkai_page::{BlockKind, Limits, Page, PageKind, read};

fn page(kind: PageKind, source: &str) -> Page {
    read(source.as_bytes(), kind, &Limits::default())
}

fn render(page: &Page) -> String {
    let text = |span: &std::ops::Range<usize>| page.text.get(span.clone()).unwrap_or("OUT OF BOUNDS");
    let blocks = page.blocks.iter().map(|block| match &block.kind {
        BlockKind::Heading(level) => format!("H{level} {}", text(&block.span)),
        BlockKind::Paragraph => format!("P {}", text(&block.span)),
        BlockKind::Table(grid) => {
            let mut out = format!("T {}x{} ", grid.rows, grid.columns);
            let mut row = 0;
            for (index, cell) in grid.cells.iter().enumerate() {
                if cell.row > row {
                    out.push_str(&"/".repeat((cell.row - row) as usize));
                } else if index > 0 {
                    out.push('|');
                }
                row = cell.row;
                out.push_str(text(&cell.span));
                if (cell.column_span, cell.row_span) != (1, 1) {
                    out.push_str(&format!("<{}x{}>", cell.column_span, cell.row_span));
                }
            }
            out
        }
    });
    blocks.collect::<Vec<_>>().join("\n")
}

fn html(source: &str, expected: &str) {
    assert_eq!(render(&page(PageKind::Html, source)), expected, "{source}");
}

fn text(source: &str, expected: &str) {
    assert_eq!(render(&page(PageKind::Text, source)), expected, "{source}");
}

#[test]
fn paragraphs_end_at_blocks_and_breaks() {
    html("<p>一<p>二</p>三", "P 一\nP 二\nP 三");
    html("<div>一<div>二</div>三</div>四", "P 一\nP 二\nP 三\nP 四");
    html("一<br>二<br/>三</br>四<hr>五", "P 一\nP 二\nP 三\nP 四\nP 五");
    html("<ul><li>一<li>二</ul><dl><dt>三<dd>四</dl>", "P 一\nP 二\nP 三\nP 四");
    html("<p></p><p> &nbsp;\u{3000}</p><div><br></div>", "");
    html("<h1>题</h1><h3>节<b>名</b></h3><p>文", "H1 题\nH3 节名\nP 文");
    html("<div><h2>题</div><p>文", "H2 题\nP 文");
    html("<h2>题<h3>节</h3>文", "H2 题\nH3 节\nP 文");
    html("<h1>题</h2>文", "H1 题\nP 文");
}

#[test]
fn white_space_collapses_except_in_pre() {
    html("<p> 公开\n\t 信息  <b> 12 </b>条 </p>", "P 公开 信息 12 条");
    html("<p>1<span>2</span><font>3</font><o:p></o:p>条", "P 123条");
    html("<p>&nbsp;&#12288;甲&nbsp;乙\u{3000}&nbsp;</p>", "P 甲\u{A0}乙");
    html("<pre>甲  乙\r\n  丙</pre>丁  戊", "P 甲  乙\nP 丙\nP 丁 戊");
    html("<xmp>a <b> c</xmp>d", "P a <b> c\nP d");
    html("甲 <!-- 注 --> 乙", "P 甲 乙");
    html("a &lt; b &amp; c&#x4E2D;", "P a < b & c中");
}

#[test]
fn what_is_not_shown_is_skipped() {
    html(
        "甲<script>var a = '</td><p>x</p>';</script>乙<style>p{}</style>丙",
        "P 甲乙丙",
    );
    html(
        "<script><!--\ndocument.write('<script>x</script>');\n//--></script>甲",
        "P 甲",
    );
    html(
        "<noscript><p>x</p></noscript><iframe>x</iframe><textarea><p>x</textarea>甲",
        "P 甲",
    );
    html(
        "<select><option>x<option>y</select><template><p>x</p></template><svg><style/><text>x</text></svg>甲",
        "P 甲",
    );
    html("<xml><w:View>Normal</w:View></xml>甲", "P 甲");
    html(
        "<p style='color:red; DISPLAY : none'>x</p>甲<span hidden>x</span>乙",
        "P 甲乙",
    );
    html("<div style=display:none>x<div>y</div>z</div>甲", "P 甲");
    html("<div><span style=display:none>x</div>甲", "P 甲");
    html("<p style=display:none>x<p>甲", "P 甲");
    html("<ul><li hidden>x<ul><li>y</ul>z<li>甲</ul>", "P 甲");
    html(
        "<img style=display:none>甲<br hidden>乙<span style='display:none'/>丙",
        "P 甲\nP 乙丙",
    );
    html("<body style='display:none'>甲", "P 甲");
}

#[test]
fn struck_text_and_marks_of_notes_are_not_read() {
    html("公开<del>240</del><ins>242</ins>条", "P 公开242条");
    html("申请<s>5</s>7件，<strike>x</strike>甲", "P 申请7件，甲");
    html("242<sup>1</sup>条<sup>[2]</sup>", "P 242条");
    html("<p>甲<s>x</p><p>乙", "P 甲\nP 乙");
    html("<div>甲<del>x</div>乙<p>丙<s>y<p>丁", "P 甲\nP 乙\nP 丙\nP 丁");
    html("<table><tr><td>a<s>x<td>b<tr><td>c<td>7<sup>1</table>", "T 2x2 a|b/c|7");
}

#[test]
fn hidden_parts_of_tables_end_with_them() {
    html(
        "<table><tr><td>a<td hidden>x<td>b<tr><td>c<td>d</table>",
        "T 2x2 a|b/c|d",
    );
    html(
        "<table><tr><td>a<td>b<tr style=display:none><td>x<td>y</tr><tr><td>c<td>d</table>",
        "T 2x2 a|b/c|d",
    );
    html(
        "<table><tr><td>a<td>b<tbody hidden><tr><td>x<td>y</tbody><tr><td>c<td>d</table>",
        "T 2x2 a|b/c|d",
    );
    html("<table hidden><tr><td>x<table><tr><td>y</table>z</table>甲", "P 甲");
    html(
        "<table><tr><td>a<span hidden>x<td>b<tr><td>c<td>d</table>",
        "T 2x2 a|b/c|d",
    );
    html(
        "<table><tr><td>a<td><div hidden>x<table><tr><td>y</table></div>b</table>",
        "T 1x2 a|b",
    );
}

#[test]
fn fields_in_cells_show_their_values() {
    html(
        "<input value=x><table><tr><td>a<td><input type=text value=12><tr><td>b<td><INPUT VALUE='3&#52;'>件\
         <tr><td><input type=hidden value=y><input type=checkbox value=z>c<td><span hidden><input value=u></span>d</table>",
        "T 3x2 a|12/b|34件/c|d",
    );
}

#[test]
fn tables_become_grids() {
    html(
        "<table><tr><td>指标</td><td>单位</td><td>数</td></tr><tr><td>收到</td><td>件</td><td></td></tr></table>",
        "T 2x3 指标|单位|数/收到|件|",
    );
    html("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "T 2x2 a|b/c|d");
    html("<table><td>a<td>b<tr><td>c<td>d", "T 2x2 a|b/c|d");
    html(
        "<table><thead><tr><th>a<th>b<tbody><tr><td>c<td>d<tfoot><tr><td>e<td>f</table>",
        "T 3x2 a|b/c|d/e|f",
    );
    html("<table><tr><td colspan=2>a<tr><td>b<td>c</table>", "T 2x2 a<2x1>/b|c");
    html("<table><tr><td rowspan='2'>a<td>b<tr><td>c</table>", "T 2x2 a<1x2>|b/c");
    html(
        "<table><tr><td rowspan=0>a<td>b<tr><td>c<tr><td>d</table>",
        "T 3x2 a<1x3>|b/c/d",
    );
    html(
        "<table><tr><td rowspan=9>a<td>b<tbody><tr><td>c<td>d</table>",
        "T 2x2 a|b/c|d",
    );
    html(
        "<table><tr><td colspan=x>a<td colspan=0>b<td colspan=' 2%'>c</table>",
        "T 1x4 a|b|c<2x1>",
    );
    html(
        "<table><tr><td>a<td>b</tr></tbody></table></td></tr></table>c",
        "T 1x2 a|b\nP c",
    );
    html(
        "<table><tr><td>a<td>b<table><tr><td>c<td>d</table>",
        "P a\nP b\nT 1x2 c|d",
    );
    html(
        "<table><tr><td>a<td>b</tr><table><tr><td>c<td>d</table>",
        "T 1x2 a|b\nT 1x2 c|d",
    );
    html("<td>a</td><tr>b</tr></table>c", "P a\nP b\nP c");
}

#[test]
fn cells_join_their_lines_with_a_space() {
    html(
        "<table><tr><td>商业<br>企业<td><p>1</p><p>2</p></table>",
        "T 1x2 商业 企业|1 2",
    );
    html("<table><tr><td> <p>&nbsp;</p><td>\u{3000}</table>", "");
    html(
        "<table><tr><td>数<td><p><span>1</span><span>23</span></p></table>",
        "T 1x2 数|123",
    );
    html("<table><tr><td>a</div></p></li>b<td>c</table>", "T 1x2 a b|c");
}

#[test]
fn text_outside_cells_comes_before_the_table() {
    html(
        "<table><caption>表 1</caption><tr><td>a<td>b</table>",
        "P 表 1\nT 1x2 a|b",
    );
    html(
        "<table>甲<tr>乙<td>a<td>b</tr>丙</table>丁",
        "P 甲\nP 乙\nP 丙\nT 1x2 a|b\nP 丁",
    );
}

#[test]
fn tables_that_arrange_the_page_are_no_grids() {
    html(
        "<table><tr><td>导航<td><p>文</p><table><tr><td>a<td>b<tr><td>c<td>d</table>后</table>尾",
        "P 导航\nP 文\nT 2x2 a|b/c|d\nP 后\nP 尾",
    );
    html(
        "<table><tr><td>a</td><td><table><tr><td> </table></td><td>b</table>",
        "T 1x3 a||b",
    );
    html("<table><tr><td><h1>题</h1><p>文</p><td>b</table>", "H1 题\nP 文\nP b");
    html("<table><tr><td><h4>指标</h4><td><h4>数</h4></table>", "T 1x2 指标|数");
    html("<table><tr><td>一<br>二<tr><td>三</table>", "P 一\nP 二\nP 三");
    html("<table><tr><td><td>文</table>", "P 文");
    let long = "长".repeat(1001);
    html(
        &format!("<table><tr><td>a<td>{long}</table>"),
        &format!("P a\nP {long}"),
    );
}

#[test]
fn word_noise_breaks_nothing() {
    html(
        "<!--[if gte mso 9]><xml><w:x>y</w:x></xml><![endif]--><?xml:namespace prefix = o ns = \"u:o\" />\
         <p class=MsoNormal><![if !supportEmptyParas]>&nbsp;<![endif]><o:p></o:p></p>\
         <table class=MsoNormalTable><tr style='mso-yfti-irow:0'><td><p><st1:chsdate w:st=\"on\">一<o:p/></p></td>\
         <td><p>2<o:p>&nbsp;</o:p></p></td></tr><![if !supportMisalignedColumns]><tr height=0><td></td><td></td></tr>\
         <![endif]></table>",
        "T 2x2 一|2/|",
    );
}

#[test]
fn the_head_goes_to_the_fields() {
    let page = page(
        PageKind::Html,
        "<title> 某区 \n年度报告 &amp; </title><meta name=PubDate content='2019-01-02 '><meta property='og:url' content='http://b/'>\
         <meta http-equiv=x content=y><link rel='shortcut icon' href=i><link rel=Canonical href='http://a/?x=1&amp;y=2'>\
         <body><title>x</title>文<svg><title>y</title></svg>",
    );
    assert_eq!(page.title.as_deref(), Some("某区 年度报告 &"));
    assert_eq!(page.url.as_deref(), Some("http://a/?x=1&y=2"));
    let expected = [("PubDate", "2019-01-02"), ("og:url", "http://b/")];
    assert_eq!(
        page.meta,
        expected.map(|(name, content)| (name.to_owned(), content.to_owned()))
    );
    assert_eq!(render(&page), "P 文");
    let untitled = self::page(PageKind::Html, "<p>a<h2>题</h2>");
    assert_eq!(untitled.title.as_deref(), Some("题"));
}

#[test]
fn the_text_is_laid_out_in_lines_and_tabs() {
    let page = page(
        PageKind::Html,
        "<p>甲<table><tr><td><td rowspan=2>b<tr><td>c<tr><td>d<td></table>乙",
    );
    assert_eq!(page.text, "甲\n\tb\nc\nd\t\n乙");
}

#[test]
fn bytes_in_links_are_counted() {
    let check = |source: &str, expected: &[usize]| {
        let links: Vec<usize> = page(PageKind::Html, source)
            .blocks
            .iter()
            .map(|block| block.link_bytes)
            .collect();
        assert_eq!(links, expected, "{source}");
    };
    check("<a href=x>abc</a>de<p><a name=y>abc</a>", &[3, 0]);
    check("<li><a href=x>ab<li>cd</li>", &[2, 0]);
    check("<div><a href=x>ab</div>cd", &[2, 0]);
    check("<table><tr><td><a href=x>ab<td>cd</table>", &[2]);
    check("<a href=x> <br> abc </a>", &[3]);
}

#[test]
fn lines_of_text_are_paragraphs() {
    text("甲\r\n\r\n\u{3000}\u{3000}乙 丙\u{A0}\n\n丁", "P 甲\nP 乙 丙\nP 丁");
    text("甲\r乙", "P 甲\nP 乙");
    text(
        "指标\n单位\n数\n收到\n件\n12",
        "P 指标\nP 单位\nP 数\nP 收到\nP 件\nP 12",
    );
    assert_eq!(page(PageKind::Text, "\u{FEFF} a \r\n").text, " a \r\n");
}

#[test]
fn pipe_rows_are_tables() {
    text("| a | b |\n|---|:-:|\n| c | |\n", "T 2x2 a|b/c|");
    text("a | b | c\nd | | f\ng | h | i", "T 3x3 a|b|c/d||f/g|h|i");
    text("a | b\nc | d", "P a | b\nP c | d");
    text("首页 | 公开 | 互动\n文", "P 首页 | 公开 | 互动\nP 文");
    text(
        "a | b | c | d |\ne | f | g | h |\ni | j |\n文",
        "T 3x4 a|b|c|d/e|f|g|h/i|j\nP 文",
    );
    text("│a│b│\n├─┼─┤\n│c│d│\n└─┴─┘", "T 2x2 a|b/c|d");
}

#[test]
fn tab_rows_are_tables() {
    text("指标\t单位\t数\r\n收到\t件\t12\r\n", "T 2x3 指标|单位|数/收到|件|12");
    text("\t一\t二\n三\t\t四\n五\n", "T 2x3 |一|二/三||四\nP 五");
    text("a\tb\n\t\t5\n合计\t\t", "T 3x3 a|b/||5/合计||");
    text("\t第一段\n\t第二段", "P 第一段\nP 第二段");
    text("a\tb", "P a\tb");
    let long = "长".repeat(300);
    text(
        &format!("1.\t{long}\n2.\t{long}"),
        &format!("P 1.\t{long}\nP 2.\t{long}"),
    );
}

#[test]
fn spilled_cells_are_one_column() {
    text(
        "统 计 指 标 |\n单位 |\n数 |\n一、公开 |\n||\n收到 |\n件 |\n|\n(注)",
        "T 9x1 统 计 指 标/单位/数/一、公开///收到/件/\nP (注)",
    );
    text(
        "索引: | x | 目录: | y |\n日期: | z | 日期: | u |\n机构: | v |\n指标 |\n单位 |\n12 |",
        "T 3x4 索引:|x|目录:|y/日期:|z|日期:|u/机构:|v\nT 3x1 指标/单位/12",
    );
    text("机构 |\n文", "P 机构 |\nP 文");
}

#[test]
fn a_spilled_cell_may_break_before_its_pipe() {
    text("规章 |\n0 |\n规范性文件\n|\n3 |", "T 4x1 规章/0/规范性文件/3");
    text("规章 |\n0 |\n尚未\n审结 |\n3 |", "T 4x1 规章/0/尚未\n审结/3");
    text(
        "规章 |\n0 |\n1 |\n三、收到和处理政府信息公开申请情况\n自然人 |\n3 |\n4 |",
        "T 3x1 规章/0/1\nP 三、收到和处理政府信息公开申请情况\nT 3x1 自然人/3/4",
    );
}
