//! `gongkai explain`: a page as HTML with every count highlighted, the forms recognised and every check.
//!
//! Everything that comes from the page is escaped: no tag, script or address of it works in our HTML.

use std::fmt::Write as _;
use std::io::Write as _;

use anyhow::{Context as _, bail};
use gongkai_crawl::read;
use gongkai_extract::{CheckResult, Extractor, Outcome, Report, Value};
use gongkai_lexicon::Lexicon;
use gongkai_page::Page;
use gongkai_pipeline::DumpReader;

use crate::args::ExplainOptions;
use crate::extract::{MAX_BYTES, file_ref};

/// Reads the file and writes the HTML.
pub fn execute(options: &ExplainOptions, extractor: &Extractor) -> anyhow::Result<()> {
    let name = options.file.display().to_string();
    let dump = read(&file_ref(&options.file, &name), MAX_BYTES).with_context(|| name.clone())?;
    let reading = match DumpReader::new(extractor, MAX_BYTES).read(&dump.bytes, &name) {
        Ok(reading) => reading,
        Err(message) => bail!("{name}: {message}"),
    };
    let html = match &reading.outcome {
        Outcome::Reports(reports) => render(&name, &reading.page, reports, extractor.lexicon()),
        Outcome::NotAReport { reason, message } => bail!("{name}: no annual report ({reason}): {message}"),
    };
    match &options.output {
        Some(path) => std::fs::write(path, html).with_context(|| path.display().to_string()),
        None => Ok(std::io::stdout().write_all(html.as_bytes())?),
    }
}

const HEAD: &str = "<!doctype html>
<html lang=\"zh\"><head><meta charset=\"utf-8\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">
<style>
body{font:15px/1.7 sans-serif;max-width:62em;margin:2em auto;padding:0 1em;color:#222}
pre{white-space:pre-wrap;font:inherit;background:#fafafa;border:1px solid #ddd;padding:1em}
mark{background:#d8f0d8;border-bottom:2px solid #4a4}mark.warned{background:#fdf1c7;border-color:#c90}
mark.failed{background:#fbd5d5;border-color:#c33}mark.none{background:#dfe9fb;border-color:#57b}
mark.unused{background:#eee;border-color:#aaa}mark.empty::after{content:'∅';color:#888}
table{border-collapse:collapse;width:100%;font-size:13px}td,th{border:1px solid #ddd;padding:2px 6px;text-align:left}
td.n{text-align:right}tr.fail td{background:#fbd5d5}tr.not_testable td{color:#999}h2{font-size:1.1em;margin-top:2em}
</style>";

fn render(name: &str, page: &Page, reports: &[Report], lexicon: &Lexicon) -> String {
    let mut html = String::from(HEAD);
    line(&mut html, format_args!("<title>{}</title></head><body>", escape(name)));
    for report in reports {
        identity(&mut html, name, page, report);
        observations(&mut html, page, report, lexicon);
        checks(&mut html, report);
        problems(&mut html, report);
        html.push_str("<h2>The page, as read</h2>\n");
        html.push_str("<p>Green: a test holds. Blue: no test. Yellow: a usual-practice or share test fails. Red: the form's arithmetic fails. Grey: read, but not taken as the report's value.</p>\n");
        text(&mut html, page, report, lexicon);
    }
    html.push_str("</body></html>\n");
    html
}

/// Writing to a string cannot fail.
fn line(html: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = html.write_fmt(text);
    html.push('\n');
}

fn identity(html: &mut String, name: &str, page: &Page, report: &Report) {
    let who = &report.identity;
    let or_dash = |text: Option<&str>| escape(text.unwrap_or("—"));
    line(
        html,
        format_args!("<h1>{}</h1>", or_dash(who.title.as_deref().or(Some(name)))),
    );
    html.push_str("<table>\n");
    let mut row = |key: &str, value: String| line(html, format_args!("<tr><th>{key}</th><td>{value}</td></tr>"));
    row("file", escape(name));
    row(
        "encoding",
        format!("{} ({})", escape(page.encoding), page.encoding_source.as_str()),
    );
    row("organ", or_dash(who.organ.as_deref()));
    row("level", or_dash(who.level.map(gongkai_extract::Level::as_str)));
    row(
        "jurisdiction",
        format!(
            "{} {}",
            or_dash(who.jurisdiction.as_deref()),
            or_dash(who.jurisdiction_code.as_deref())
        ),
    );
    row("candidates", escape(&who.candidates.join(", ")));
    row("evidence", escape(&who.jurisdiction_evidence.join("; ")));
    row(
        "year",
        format!(
            "{} — {}",
            who.year.map_or_else(|| "—".to_owned(), |year| year.to_string()),
            escape(&who.year_evidence.join("; "))
        ),
    );
    row("published", or_dash(who.published.as_deref()));
    row(
        "forms",
        if report.templates.is_empty() {
            "none: prose only".to_owned()
        } else {
            escape(&report.templates.join(", "))
        },
    );
    html.push_str("</table>\n");
}

fn observations(html: &mut String, page: &Page, report: &Report, lexicon: &Lexicon) {
    html.push_str("<h2>Values</h2>\n<table>\n<tr><th>category</th><th>applicant</th><th>period</th><th>value</th><th>status</th><th>printed</th><th>label</th><th>check</th><th>confidence</th></tr>\n");
    for observation in &report.observations {
        let Some(mention) = report.mentions.get(observation.mention) else {
            continue;
        };
        let printed = page
            .text
            .get(mention.span.start as usize..mention.span.end as usize)
            .unwrap_or("");
        line(
            html,
            format_args!(
                "<tr><td><a href=\"#b{}\">{}</a></td><td>{}</td><td>{}</td><td class=\"n\">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"n\">{:.2}</td></tr>",
                mention.span.start,
                escape(lexicon.categories.code(mention.category)),
                mention.applicant.as_str(),
                mention.period.as_str(),
                value(mention.value),
                mention.status.as_str(),
                escape(printed),
                escape(mention.label.as_deref().unwrap_or("")),
                observation.check.as_str(),
                observation.confidence,
            ),
        );
    }
    html.push_str("</table>\n");
}

fn value(value: Value) -> String {
    match value {
        Value::Count(count) => count.to_string(),
        Value::Fen(fen) => {
            let sign = if fen < 0 { "-" } else { "" };
            format!("{sign}{}.{:02} CNY", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
        }
        Value::Nothing => String::new(),
    }
}

fn checks(html: &mut String, report: &Report) {
    html.push_str("<h2>Checks</h2>\n<table>\n<tr><th>identity</th><th>kind</th><th>result</th><th>finding</th></tr>\n");
    let order = |result: CheckResult| (result != CheckResult::Fail, result == CheckResult::NotTestable);
    let mut sorted: Vec<_> = report.checks.iter().collect();
    sorted.sort_by_key(|check| order(check.result));
    for check in sorted {
        line(
            html,
            format_args!(
                "<tr class=\"{0}\"><td>{1}</td><td>{2}</td><td>{0}</td><td>{3}</td></tr>",
                check.result.as_str(),
                escape(&check.identity),
                check.kind.as_str(),
                escape(&check.message)
            ),
        );
    }
    html.push_str("</table>\n");
}

fn problems(html: &mut String, report: &Report) {
    if report.problems.is_empty() {
        return;
    }
    html.push_str("<h2>Left out, capped or repaired</h2>\n<ul>\n");
    for problem in &report.problems {
        line(
            html,
            format_args!("<li>{}: {}</li>", escape(problem.code), escape(&problem.message)),
        );
    }
    html.push_str("</ul>\n");
}

/// The page's text with a mark around every place a value was read.
fn text(html: &mut String, page: &Page, report: &Report, lexicon: &Lexicon) {
    let chosen = |index: usize| {
        report
            .observations
            .iter()
            .find(|observation| observation.mention == index)
    };
    let mut places: Vec<(usize, usize, usize)> = report
        .mentions
        .iter()
        .enumerate()
        .map(|(index, mention)| (mention.span.start as usize, mention.span.end as usize, index))
        .collect();
    // A number that several categories share is marked once, as the value that was taken.
    places.sort_by_key(|(start, end, index)| (*start, *end, chosen(*index).is_none()));
    places.dedup_by_key(|(start, end, _)| (*start, *end));
    html.push_str("<pre>");
    let mut done = 0;
    for (start, end, index) in places {
        let Some(mention) = report.mentions.get(index).filter(|_| start >= done) else {
            continue;
        };
        let class = chosen(index).map_or("unused", |observation| observation.check.as_str());
        html.push_str(&escape(page.text.get(done..start).unwrap_or("")));
        let _ = write!(
            html,
            "<mark id=\"b{start}\" class=\"{class}{}\" title=\"{} = {} ({})\">{}</mark>",
            if start == end { " empty" } else { "" },
            escape(lexicon.categories.code(mention.category)),
            value(mention.value),
            mention.status.as_str(),
            escape(page.text.get(start..end).unwrap_or(""))
        );
        done = end;
    }
    html.push_str(&escape(page.text.get(done..).unwrap_or("")));
    html.push_str("</pre>\n");
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Control characters have no place in HTML; line ends and tabs do.
            character if character.is_control() && character != '\n' && character != '\t' => out.push('\u{fffd}'),
            character => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_of_a_page_works_in_our_html() {
        assert_eq!(
            escape("<script>alert('1')</script> \"&\u{7}"),
            "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &quot;&amp;\u{fffd}"
        );
    }
}
