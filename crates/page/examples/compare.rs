//! Times the page reader against `scraper::Html::parse_document` on a synthetic report page of about 50 KB.
//!
//! `cargo run --release -p gongkai-page --example compare`

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use gongkai_page::{Limits, PageKind, read};

fn main() {
    let page = report();
    let megabytes = page.len() as f64 / 1e6;
    let limits = Limits::default();
    let ours = best_of(|| {
        black_box(read(page.as_bytes(), PageKind::Html, &limits).blocks.len());
    });
    let encoded = encoding_rs::GB18030
        .encode(&page.replace("utf-8", "gb2312"))
        .0
        .into_owned();
    let from_gb = best_of(|| {
        black_box(read(&encoded, PageKind::Html, &limits).blocks.len());
    });
    let theirs = best_of(|| {
        black_box(scraper::Html::parse_document(&page).tree.nodes().len());
    });
    let blocks = read(page.as_bytes(), PageKind::Html, &limits).blocks.len();
    println!("page: {} bytes, {blocks} blocks", page.len());
    println!("page reader: {:.0} MB/s", megabytes / ours.as_secs_f64());
    println!(
        "page reader, from GB18030: {:.0} MB/s",
        encoded.len() as f64 / 1e6 / from_gb.as_secs_f64()
    );
    println!("scraper parse: {:.0} MB/s", megabytes / theirs.as_secs_f64());
    println!(
        "share of scraper's time: {:.2}",
        ours.as_secs_f64() / theirs.as_secs_f64()
    );
}

/// The fastest of many rounds: what the code costs when nothing disturbs it.
fn best_of(mut work: impl FnMut()) -> Duration {
    (0..400)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

/// Navigation, prose and a statistics table as content management systems and Word print them.
fn report() -> String {
    let mut page = String::from(
        "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>某区2018年政府信息公开工作年度报告</title>\n\
         <meta name=\"PubDate\" content=\"2019-03-28\">\n<script>\nvar menu = '<td></td>';\n</script>\n</head>\n<body>\n",
    );
    page.push_str("<ul class=\"nav\">\n");
    for number in 0..60 {
        let _ = writeln!(
            page,
            "  <li class=\"item\"><a href=\"/zwgk/list_{number}.html\" target=\"_blank\">栏目{number}</a></li>"
        );
    }
    page.push_str("</ul>\n<div class=\"content\">\n");
    for number in 0..65 {
        let _ = writeln!(
            page,
            "<p style=\"text-indent: 2em; line-height: 150%\"><span style=\"font-family: 宋体; font-size: 16px\">\
             2018年,全区共主动公开政府信息{number}条,其中通过政府网站公开{number}条,通过政务微博、政务微信公开{number}条,\
             依法依规做好依申请公开工作,进一步规范受理答复机制。</span></p>"
        );
    }
    page.push_str("<table border=\"1\" cellspacing=\"0\" class=\"MsoNormalTable\">\n<tbody>\n");
    for number in 0..100 {
        let _ = writeln!(
            page,
            "<tr>\n<td width=\"400\" style=\"padding: 0cm 5.4pt\"><p class=\"MsoNormal\"><span lang=\"EN-US\">{number}.\
             政府网站公开政府信息数</span></p></td>\n<td width=\"60\"><p align=\"center\">条</p></td>\n\
             <td width=\"60\"><p align=\"center\">{number}&nbsp;</p></td>\n</tr>"
        );
    }
    page.push_str("</tbody>\n</table>\n</div>\n</body>\n</html>\n");
    page
}
