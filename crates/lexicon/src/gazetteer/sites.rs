//! Official sites: which hosts, and which pieces of paths on a portal, are whose.

use rustc_hash::FxHashMap;

use super::codes::Codes;
use crate::tsv::{DataError, Table};

/// Hosts and path fragments with the codes of their places.
#[derive(Debug)]
pub(super) struct Sites {
    hosts: FxHashMap<String, String>,
    /// Longest first.
    fragments: Vec<(String, String)>,
}

impl Sites {
    /// Reads `sites.tsv`.
    pub(super) fn parse(table: &Table, codes: &Codes<'_>) -> Result<Self, DataError> {
        let mut hosts = FxHashMap::default();
        let mut fragments: Vec<(String, String)> = Vec::new();
        for row in table.rows() {
            let (site, code) = (row.required("site")?, row.required("code")?);
            let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/');
            if !site.bytes().all(plain) || site.starts_with("www.") || site.trim_matches(['/', '.']) != site {
                return Err(row.wrong(format!("not a plain host or piece of a path: {site}")));
            }
            codes.check(row, code)?;
            let twice = if is_host(site) {
                hosts.insert(site.to_owned(), code.to_owned()).is_some()
            } else {
                let twice = fragments.iter().any(|(fragment, _)| fragment == site);
                fragments.push((site.to_owned(), code.to_owned()));
                twice
            };
            if twice {
                return Err(row.wrong(format!("listed twice: {site}")));
            }
        }
        fragments.sort_by_key(|(fragment, _)| std::cmp::Reverse(fragment.len()));
        Ok(Self { hosts, fragments })
    }

    /// The code of a host's, an address's or a path's place. A copied page keeps its path on a foreign host, and a
    /// portal holds pages of many bodies, so the path goes before the host; among hosts the longest goes first.
    pub(super) fn code(&self, address: &str) -> Option<&str> {
        let (host, path) = parts(address);
        let fragment = self.fragments.iter().find(|(fragment, _)| has_piece(path, fragment));
        if let Some((_, code)) = fragment {
            return Some(code);
        }
        let host = host.to_ascii_lowercase();
        let ends = std::iter::successors(Some(host.as_str()), |end| end.split_once('.').map(|(_, rest)| rest));
        ends.into_iter().find_map(|end| self.hosts.get(end)).map(String::as_str)
    }
}

/// Whether an entry is a host: its first piece has a dot.
fn is_host(site: &str) -> bool {
    site.split('/').next().is_some_and(|piece| piece.contains('.'))
}

/// Host and path of an address, with or without a scheme; a path alone has no host.
fn parts(address: &str) -> (&str, &str) {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.rsplit('@').next().unwrap_or_default();
    (host.split(':').next().unwrap_or_default(), path)
}

/// Whether a path holds these whole pieces in a row.
fn has_piece(path: &str, fragment: &str) -> bool {
    path.match_indices(fragment).any(|(start, _)| {
        let (before, after) = (path.get(..start), path.get(start + fragment.len()..));
        before.is_some_and(|text| text.is_empty() || text.ends_with('/'))
            && after.is_some_and(|text| text.is_empty() || text.starts_with('/'))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::gazetteer::codes;
    use crate::{DataSource, Lexicon};

    #[test]
    fn addresses_lead_to_places() {
        let lexicon = Lexicon::load(&DataSource::embedded()).unwrap();
        for (address, code) in [
            ("gz.gov.cn", Some("440100")),
            ("http://www.GZ.gov.cn:80/index.html", Some("440100")),
            ("https://czj.xm.gov.cn/a?b=hunan.gov.cn", Some("350200")),
            ("http://dingan.hainan.gov.cn/xxgk/", Some("469021")),
            ("http://www.hainan.gov.cn/hainan/", Some("460000")),
            ("http://hedong.gov.cn/", Some("371312")),
            ("http://www.nanjing.gov.cn/xxgk/glqrmzf/1.html", Some("320106")),
            ("http://clone.example.com/zfjgzy/gzsrmzfbgt/t1.html", Some("440100")),
            ("/zfjgzy/gzsrmzfbgt", Some("440100")),
            ("/hnszfx/", None),
            ("notgz.gov.cn", None),
            ("gov.cn", None),
            ("", None),
        ] {
            let found = lexicon.gazetteer.site(address).map(|place| place.code.as_str());
            assert_eq!(found, code, "{address}");
        }
    }

    fn check(rows: &str, expected: &str) {
        let table = Table::parse("s.tsv", &format!("site\tcode\tnote\n{rows}\n")).unwrap();
        let places = codes::places(&[("440100", None, None)]);
        let found = Sites::parse(&table, &Codes::new(&places)).map(|_| String::new());
        assert_eq!(found.unwrap_or_else(|error| error.to_string()), expected);
    }

    #[test]
    fn sites_are_read_or_refused() {
        check("gz.gov.cn\t440100\t\ngzsrmzf\t440100\t", "");
        check(
            "gz.gov.cn\t440199\t",
            "s.tsv:2: not the code of a place: 440199\nhint: did you mean 440100? there may stand 440100",
        );
        check(
            "gz.gov.cn\t440100\t\ngz.gov.cn\t440100\t",
            "s.tsv:3: listed twice: gz.gov.cn",
        );
        for wrong in ["http://gz.gov.cn", "www.gz.gov.cn", "GZ.gov.cn", "/gzsrmzf/"] {
            check(
                &format!("{wrong}\t440100\t"),
                &format!("s.tsv:2: not a plain host or piece of a path: {wrong}"),
            );
        }
    }
}
