//! `gongkai explain`: nothing of a page works as HTML in ours.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use support::{PROSE, Place};

/// Tags and attributes that `explain` itself writes.
const TAGS: &str = "html head meta style title body h1 h2 table tr th td p pre mark a ul li";
const ATTRIBUTES: &str = "lang charset http-equiv content class href id title";

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
        assert!(html.contains("<mark"), "{name}: nothing is highlighted");
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
        while !rest.is_empty() {
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
                attribute.trim() != "href" || value.starts_with("#b"),
                "{name}: leads out: <{tag}>"
            );
            rest = after;
        }
    }
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
