//! Holds the scanner to html5ever's tokenizer, on chosen and on random pages.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{
    BufferQueue, TagKind, Token as StandardToken, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use proptest::prelude::*;

use super::{Scanner, Token};
use crate::html::element::Raw;
use crate::html::reference::resolved;

/// Tags as `<name attribute=value>`, text as it is.
#[derive(Default)]
struct Trace(RefCell<String>);

fn raw(name: &[u8]) -> Option<Raw> {
    match name {
        b"script" => Some(Raw::Script),
        b"style" => Some(Raw::Unshown),
        b"title" => Some(Raw::Title),
        _ => None,
    }
}

fn write_tag(trace: &mut String, is_end: bool, name: &str, attributes: &[(String, String)], closes: bool) {
    trace.push_str(if is_end { "\n</" } else { "\n<" });
    // The scanner cuts names off beyond any known length.
    trace.push_str(&String::from_utf8_lossy(
        name.as_bytes().get(..super::MAX_NAME).unwrap_or(name.as_bytes()),
    ));
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in attributes {
        if !seen.contains(&name.as_str()) {
            trace.push_str(&format!(" {name:?}={value:?}"));
            seen.push(name);
        }
    }
    trace.push_str(if closes { "/>\n" } else { ">\n" });
}

impl TokenSink for Trace {
    type Handle = ();

    fn process_token(&self, token: StandardToken, _: u64) -> TokenSinkResult<()> {
        let mut trace = self.0.borrow_mut();
        match token {
            StandardToken::CharacterTokens(text) => trace.push_str(&text),
            StandardToken::TagToken(tag) => {
                let attributes: Vec<_> = tag
                    .attrs
                    .iter()
                    .map(|a| (a.name.local.to_string(), a.value.to_string()))
                    .collect();
                write_tag(
                    &mut trace,
                    tag.kind == TagKind::EndTag,
                    &tag.name,
                    &attributes,
                    tag.self_closing,
                );
                return match raw(tag.name.as_bytes()).filter(|_| tag.kind == TagKind::StartTag) {
                    Some(Raw::Script) => TokenSinkResult::RawData(ScriptData),
                    Some(Raw::Title) => TokenSinkResult::RawData(Rcdata),
                    Some(_) => TokenSinkResult::RawData(Rawtext),
                    None => TokenSinkResult::Continue,
                };
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn standard(page: &str) -> String {
    let tokenizer = Tokenizer::new(
        Trace::default(),
        TokenizerOpts {
            discard_bom: false,
            ..Default::default()
        },
    );
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(page));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

fn ours(page: &str) -> String {
    let mut trace = String::new();
    let mut scanner = Scanner::new(page);
    while let Some(token) = scanner.next() {
        match token {
            Token::Text(text) => trace.push_str(text),
            Token::Reference(first, second) => {
                trace.push(first);
                trace.extend(second);
            }
            Token::Tag => {
                let tag = &scanner.tag;
                let name = String::from_utf8_lossy(tag.name.as_bytes()).into_owned();
                let attributes: Vec<_> = tag
                    .attributes
                    .iter()
                    .map(|(n, v)| (n.to_ascii_lowercase(), resolved(v).into_owned()))
                    .collect();
                write_tag(&mut trace, tag.is_end, &name, &attributes, tag.self_closing);
                if let Some(raw) = raw(tag.name.as_bytes()).filter(|_| !tag.is_end) {
                    scanner.enter_raw(raw);
                }
            }
        }
    }
    trace
}

fn check(page: &str) {
    assert_eq!(ours(page), standard(page), "{page}");
}

#[test]
fn chosen_pages_split_as_the_standard_says() {
    for page in [
        "<p class=a id='b' title=\"c>d\" hidden>x</p>",
        "<P CLASS = a/b c/d /x=1 =y \"z>t",
        "<br/><br /><a/ b><td colspan=2/>",
        "a < b <3 </ > </3> <> <",
        "x</",
        "<!doctype html><!-- a > b --><!--><!---><!-- x --!>y<!-- z",
        "<![if !supportEmptyParas]>&nbsp;<![endif]><o:p></o:p><?xml:namespace prefix = o />t",
        "<script>if (a<b) '</td>'; </script >x",
        "<script><!-- document.write('<script src=x></script>'); --></script>x",
        "<script><!-- </script>x",
        "<script><!--></script>x",
        "<script><!-- <script> --> </script>x",
        "<style>p>a{}</styles></style>x",
        "<title>a &amp; b<b></title>x",
        "<script>never closed </scrip",
        "<p title='&copy=1&copy;&lt'>&copy=1 &notit; &nosuch; &#x4e2d;&#20013",
        "<p a=1 a=2 A=3>",
        "<p",
        "<p a='",
        "</p a=b>x",
    ] {
        check(page);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..Default::default() })]
    #[test]
    fn random_pages_split_as_the_standard_says(
        parts in proptest::collection::vec(
            prop_oneof![
                Just("<"), Just(">"), Just("/"), Just("="), Just("\""), Just("'"), Just(" "), Just("p"), Just("script"),
                Just("</script>"), Just("<script>"), Just("<!--"), Just("-->"), Just("--"), Just("!"), Just("?"),
                Just("<title>"), Just("</title>"), Just("<style>"), Just("</style"), Just("&amp;"), Just("&lt"),
                Just("&"), Just("#"), Just("x41"), Just(";"), Just("中"), Just("\n"), Just("td a"), Just("-"),
            ],
            0..24,
        )
    ) {
        let page = parts.concat();
        prop_assert_eq!(ours(&page), standard(&page), "{}", page);
    }
}
