//! `gongkai explain`: nothing of a page works as HTML in ours, and everything that was read is shown and linked.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod support;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use gongkai_test_support::{files, repository};
use support::{PROSE, Place, TABLE};

/// Tags and attributes that `explain` itself writes.
const TAGS: &str = "html head meta style title body main article aside header nav section details summary h1 h2 h3 \
                    table tr th td p div span a b i br small code ul li dl dt dd";
const ATTRIBUTES: &str = "lang charset name http-equiv content class href id title colspan rowspan open";

const SCRIPT: &str = "<script>alert(1)</script>";
const IMAGE: &str = "<img src=x onerror='alert(2)'>";
const BREAK_OUT: &str = "\"><svg onload=alert(3)>";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A page that says hostile things in its title, labels, sentences and table cells, as text and as markup.
fn html_page() -> String {
    let [script, image, break_out] = [SCRIPT, IMAGE, BREAK_OUT].map(escaped);
    format!(
        "<title>杭州市余杭区人民政府2012年政府信息公开工作年度报告{script}</title>{SCRIPT}\
         <h1 onclick='alert(4)'>杭州市余杭区人民政府2012年政府信息公开工作年度报告{script}</h1>\
         <p>{break_out}全年主动公开政府信息1234条{image}。</p>{IMAGE}\
         <table><tr><th>统计指标</th><th>单位</th><th>统计数</th></tr>\
         <tr><td>（一）主动公开政府信息数</td><td>条</td><td>345{image}</td></tr>\
         <tr><td>信息数{script}</td><td>条</td><td>5</td></tr></table>"
    )
}

#[test]
fn no_tag_of_a_page_gets_through() {
    let place = Place::new();
    let hostile_name = "\"><img src=x onerror=alert(5)>.html";
    let text = PROSE.replace("全年主动", &format!("{SCRIPT}{IMAGE}{BREAK_OUT}全年主动"));
    for (name, page) in [
        ("page.html", html_page()),
        (hostile_name, html_page()),
        ("page.txt", text),
    ] {
        place.write(name, page);
        let output = place.command("explain").arg(name).output().unwrap();
        assert!(
            output.status.success(),
            "{name}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let html = String::from_utf8(output.stdout).unwrap();
        assert!(html.contains("<span class=\"mark "), "{name}: nothing is highlighted");
        // What the page says is shown, not left out.
        assert!(html.contains(&escaped(SCRIPT)), "{name}");
        assert!(!html.to_lowercase().contains("<script"), "{name}");
        check_tags(name, &html);
    }
}

/// Every `<` begins a tag of ours, and every attribute is ours and closed.
fn check_tags(name: &str, html: &str) {
    let known = |list: &str, word: &str| list.split(' ').any(|other| other == word);
    for chunk in html.split('<').skip(1) {
        let (tag, _) = chunk
            .split_once('>')
            .unwrap_or_else(|| panic!("{name}: an open tag: {chunk}"));
        if tag == "!doctype html" {
            continue;
        }
        let (word, mut rest) = tag
            .trim_start_matches('/')
            .split_once(' ')
            .unwrap_or((tag.trim_start_matches('/'), ""));
        assert!(known(TAGS, word), "{name}: a strange tag: <{tag}>");
        while !rest.is_empty() && rest != "open" {
            let (attribute, after) = rest
                .split_once("=\"")
                .unwrap_or_else(|| panic!("{name}: not ours: <{tag}>"));
            assert!(
                known(ATTRIBUTES, attribute.trim()),
                "{name}: a strange attribute: <{tag}>"
            );
            let (value, after) = after
                .split_once('"')
                .unwrap_or_else(|| panic!("{name}: not closed: <{tag}>"));
            assert!(
                attribute.trim() != "href" || value.starts_with('#'),
                "{name}: leads out: <{tag}>"
            );
            rest = after;
        }
    }
}

/// What stands between the quotes of an attribute, wherever it occurs.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let parts = html.split(&format!(" {attribute}=\"")).skip(1).collect::<Vec<_>>();
    parts.iter().filter_map(|part| Some(part.split_once('"')?.0)).collect()
}

/// The page's side of the document, and the panel's.
fn sides(html: &str) -> (&str, &str) {
    let (paper, panel) = html.split_once("</article>").unwrap();
    (paper.split_once("<article").unwrap().1, panel)
}

/// Text without tags, entities resolved.
fn plain(html: &str) -> String {
    let text: String = html
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text))
        .collect();
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    entities
        .iter()
        .fold(text, |text, (entity, character)| text.replace(entity, character))
}

/// A highlight of the page: its anchor, what it links to, and the characters it stands on.
struct Mark<'a> {
    id: &'a str,
    links: Vec<&'a str>,
    printed: String,
}

fn marks(paper: &str) -> Vec<Mark<'_>> {
    let chunks = paper.split("<span class=\"mark ").skip(1);
    chunks
        .map(|chunk| {
            let (head, _) = chunk.split_once("<span class=\"tip\">").unwrap();
            let (tag, inner) = head.split_once('>').unwrap();
            Mark {
                id: values(tag, "id")[0],
                links: values(head, "href"),
                printed: plain(inner.split_once("</a>").unwrap().0),
            }
        })
        .collect()
}

/// Every report of a folder explained: links lead somewhere, both ways, and every observation has its highlight.
fn check_folder(folder: &Path) -> usize {
    let place = Place::new();
    let mut observations = 0;
    for file in files(folder) {
        let file = folder.join(file);
        let call = |command: &str| {
            let output = place.command(command).arg(&file).output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        let html = call("explain");
        if html.is_empty() {
            // No report.
            continue;
        }
        let name = file.display().to_string();
        check_tags(&name, &html);
        check_links(&name, &html);
        observations += check_observations(&name, &html, &call("extract --format jsonl"));
    }
    observations
}

fn check_links(name: &str, html: &str) {
    let ids = values(html, "id");
    let distinct: HashSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), distinct.len(), "{name}: an anchor stands twice");
    for link in values(html, "href") {
        assert!(
            distinct.contains(link.trim_start_matches('#')),
            "{name}: leads nowhere: {link}"
        );
    }
}

fn check_observations(name: &str, html: &str, records: &str) -> usize {
    let (paper, panel) = sides(html);
    let marks = marks(paper);
    let records = records
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let observations: Vec<_> = records.filter(|record| record["record"] == "observation").collect();
    for (number, record) in observations.iter().enumerate() {
        let entry = format!("#o0-{number}");
        let mark = marks.iter().find(|mark| mark.links.contains(&entry.as_str()));
        let mark = mark.unwrap_or_else(|| panic!("{name}: no highlight: {record}"));
        let raw = record["raw"].as_str().unwrap();
        assert!(
            mark.printed.contains(raw),
            "{name}: {:?} is highlighted for {record}",
            mark.printed
        );
        // The entry leads back.
        let (_, chip) = panel.split_once(&format!("id=\"o0-{number}\"")).unwrap();
        assert_eq!(values(chip, "href")[0], format!("#{}", mark.id), "{name}: {record}");
        let category = record["category"].as_str().unwrap();
        assert!(panel.contains(&format!(">{category}</code>")), "{name}: {category}");
    }
    observations.len()
}

#[test]
fn every_observation_of_the_samples_is_linked_from_its_highlight() {
    assert!(check_folder(&repository("data/samples/dumps")) > 500);
}

#[test]
fn every_observation_of_the_seeds_is_linked_from_its_highlight() {
    let seeds = repository("../shared/seeds");
    if seeds.is_dir() {
        assert!(check_folder(&seeds) > 0);
    } else {
        println!("seeds are absent: skipped");
    }
}

/// The text without every part that begins and ends so.
fn without(text: &str, begin: &str, end: &str) -> String {
    let mut parts = text.split(begin);
    let first = parts.next().unwrap_or_default();
    let rest = parts.map(|part| part.split_once(end).unwrap().1);
    std::iter::once(first).chain(rest).collect()
}

/// The words of the page's side, without what explains them.
fn words(html: &str) -> String {
    let (paper, _) = sides(html);
    let (_, paper) = paper.split_once("</p>").unwrap();
    let paper = without(paper, "<span class=\"tip\">", "</span></span>");
    let text = plain(&without(&paper, "<a class=\"also\"", "</a>"));
    text.chars().filter(|character| character.is_alphanumeric()).collect()
}

#[test]
fn no_word_of_a_page_is_lost() {
    let seeds = repository("../shared/seeds");
    let samples = repository("data/samples/dumps");
    let place = Place::new();
    let folders = [samples, seeds].into_iter().filter(|folder| folder.is_dir());
    let texts: Vec<PathBuf> = folders
        .flat_map(|folder| files(&folder).into_iter().map(move |file| folder.join(file)))
        .collect();
    let mut seen = 0;
    for file in texts
        .iter()
        .filter(|file| file.extension().is_some_and(|end| end == "txt"))
    {
        let Ok(text) = std::fs::read_to_string(file) else {
            continue;
        };
        let html = String::from_utf8(place.command("explain").arg(file).output().unwrap().stdout).unwrap();
        if !html.is_empty() {
            let expected: String = text.chars().filter(|character| character.is_alphanumeric()).collect();
            assert_eq!(words(&html), expected, "{}", file.display());
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen}");
}

#[test]
fn blanks_missing_cells_and_failed_checks_are_seen() {
    let place = Place::new();
    let rows = "<tr><td>1.当面申请数</td><td>件</td><td>4</td></tr>";
    let page = TABLE.replace(
        "</table>",
        &format!("<tr><td>（一）收到申请数</td><td>件</td><td>9</td></tr>{rows}</table>"),
    );
    place.write("page.html", page);
    let html = place.call("explain page.html").out;
    let (paper, panel) = sides(&html);
    assert!(paper.contains("class=\"empty\">∅</a>"), "the blank cell is highlighted");
    assert!(panel.contains("<b>N14</b>"));
    let (_, form) = panel.split_once("<b>N14</b>").unwrap();
    assert!(form.contains("title=\"blank\">∅</a>"), "the blank is told from");
    assert!(
        form.contains("title=\"not applicable\">/</a>"),
        "what does not apply and"
    );
    assert!(form.contains("<span class=\"absent\""), "what is not there");
    assert!(
        form.contains("<span class=\"silent\""),
        "what the form itself leaves empty"
    );
    // Items disclosed are fewer than those on the website, and more by the channels: what fails comes first.
    let failed = panel.find("<tr id=\"c0-").map(|at| &panel[at..]).unwrap();
    let result = values(failed, "class")[0];
    assert!(["fail", "not_testable"].contains(&result), "{result}");
}

#[test]
fn what_cannot_be_explained_is_told() {
    let place = Place::new();
    place.write("menu.html", "<p>网站地图</p>");
    place.write("empty.txt", "");
    place.write("report.txt", PROSE);
    for (name, arguments) in [
        ("explain_not_a_report", "menu.html"),
        ("explain_empty", "empty.txt"),
        ("explain_missing", "nowhere.txt"),
        ("explain_to_missing_folder", "report.txt -o nowhere/page.html"),
        ("explain_to_file", "report.txt -o page.html"),
    ] {
        place.call(&format!("explain {arguments}")).check(name);
    }
    assert!(
        std::fs::read_to_string(place.path("page.html"))
            .unwrap()
            .contains("1,234")
    );
}
