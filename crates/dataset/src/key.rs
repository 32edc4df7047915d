//! Sort keys: byte strings whose order is the order of rows in a table, and the partition that comes first in them.
//!
//! Rows that wait on disk are compared by key alone, so merging needs to know no row type.

use crate::copies::{BodyYear, FactHash, Preference};
use crate::rows::{DumpRow, PageRow, RejectRow, ReportRow};
use crate::years::{Standing, YearEntry};

/// The partition of rows whose year or province is not known.
pub(crate) const UNKNOWN_PARTITION: &str = "unknown/00";

/// Hash of where a dump was found and of its bytes: tells the copies of one page apart.
pub(crate) type CopyKey = [u8; 16];

/// The copy key of a dump.
pub(crate) fn copy_key(origin: &str, hash: &str) -> CopyKey {
    let mut hasher = blake3::Hasher::new();
    hasher.update(origin.as_bytes()).update(&[0]).update(hash.as_bytes());
    let mut key = CopyKey::default();
    for (to, from) in key.iter_mut().zip(hasher.finalize().as_bytes()) {
        *to = *from;
    }
    key
}

/// `year/province` of a report's files; `unknown` and `00` where undecided.
pub(crate) fn partition(year: Option<i16>, jurisdiction_code: Option<&str>) -> String {
    let province = jurisdiction_code
        .and_then(|code| code.get(..2))
        .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
        .unwrap_or("00");
    match year {
        Some(year) => format!("{year}/{province}"),
        None => format!("unknown/{province}"),
    }
}

/// What makes a row's key unique: the copy it comes from and its place among the report's rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tail {
    /// The dump.
    pub copy: CopyKey,
    /// Place among the report's rows.
    pub sequence: u32,
}

impl Tail {
    /// Number of bytes at the end of a key.
    const LENGTH: usize = size_of::<CopyKey>() + size_of::<u32>();

    /// The copy that a row with this key comes from.
    pub(crate) fn copy_of(key: &[u8]) -> CopyKey {
        let mut copy = CopyKey::default();
        let tail = key.get(key.len().saturating_sub(Self::LENGTH)..).unwrap_or_default();
        for (to, from) in copy.iter_mut().zip(tail) {
            *to = *from;
        }
        copy
    }
}

/// A key under construction. Texts are closed by `00 01` and a zero byte in them is `00 ff`, so that the order of keys
/// is the order of their parts.
#[derive(Debug, Default)]
pub(crate) struct Key(Vec<u8>);

impl Key {
    /// The bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Empties the key, to build the next one in its place.
    pub(crate) fn start(&mut self) -> &mut Self {
        self.0.clear();
        self
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        for (place, part) in text.as_bytes().split(|byte| *byte == 0).enumerate() {
            if place > 0 {
                self.0.extend_from_slice(&[0, 0xff]);
            }
            self.0.extend_from_slice(part);
        }
        self.0.extend_from_slice(&[0, 1]);
        self
    }

    /// Null comes before every text.
    fn optional(&mut self, text: Option<&str>) -> &mut Self {
        self.0.push(u8::from(text.is_some()));
        match text {
            Some(text) => self.text(text),
            None => self,
        }
    }

    fn number(&mut self, number: u32) -> &mut Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    fn year(&mut self, year: i16) -> &mut Self {
        let year = i32::from(year) - i32::from(i16::MIN);
        self.number(year.unsigned_abs())
    }

    fn tail(&mut self, tail: Tail) -> &mut Self {
        self.0.extend_from_slice(&tail.copy);
        self.number(tail.sequence)
    }

    /// Reports of a partition come in the order that their values have in each category.
    pub(crate) fn values(&mut self, partition: &str, row: &ReportRow, tail: Tail) {
        self.start()
            .text(partition)
            .optional(row.jurisdiction_code.as_deref())
            .text(&row.report_id)
            .tail(tail);
    }

    /// The values of one category and report.
    pub(crate) fn category(&mut self, category: &str, jurisdiction_code: Option<&str>, report_id: &str) {
        self.start().text(category).optional(jurisdiction_code).text(report_id);
    }

    /// The part of such a key that reports which may be rivals in the panel have in common: category and jurisdiction.
    pub(crate) fn place_of(key: &[u8]) -> &[u8] {
        let jurisdiction = end_of_text(key, 0);
        match key.get(jurisdiction) {
            Some(1) => key.get(..end_of_text(key, jurisdiction + 1)).unwrap_or(key),
            _ => key,
        }
    }

    pub(crate) fn page(&mut self, partition: &str, row: &PageRow, tail: Tail) {
        self.start().text(partition).text(&row.page_id).tail(tail);
    }

    /// Checks and problems, all of a report in one.
    pub(crate) fn of_report(&mut self, report_id: &str, tail: Tail) {
        self.start().text(report_id).tail(tail);
    }

    /// Copies of a report come in the order of their origins.
    pub(crate) fn report(&mut self, row: &ReportRow, tail: Tail) {
        let origin = row.origins.first().map_or("", String::as_str);
        self.start()
            .text(&row.report_id)
            .text(origin)
            .text(&row.hash)
            .tail(tail);
    }

    /// Reports of a body by year; of those on one year and territory the one that counts comes first.
    pub(crate) fn year_entry(&mut self, row: &YearEntry, standing: Standing, tail: Tail) {
        self.start()
            .text(&row.body_id)
            .year(row.year)
            .text(&row.code)
            .number(u32::from(standing.scope))
            .number(standing.missing_observations)
            .text(&row.report_id)
            .tail(tail);
    }

    /// Reports of a body, territory and year; of copies the one that stands for them comes first.
    pub(crate) fn rival(&mut self, body: BodyYear<'_>, preference: Preference, report_id: &str, tail: Tail) {
        self.start()
            .text(body.body_id)
            .text(body.code)
            .year(body.year)
            .number(preference.missing_observations)
            .number(preference.checks_failed)
            .number(preference.doubt)
            .text(report_id)
            .tail(tail);
    }

    /// The part of such a key that reports of one body, territory and year have in common.
    pub(crate) fn rivals_of(key: &[u8]) -> &[u8] {
        let end = end_of_text(key, end_of_text(key, 0)) + size_of::<u32>();
        key.get(..end).unwrap_or(key)
    }

    /// Reports with one set of facts; those whose body and year are known come first, and of them those that stand for
    /// their copies.
    pub(crate) fn twin(
        &mut self,
        facts: FactHash,
        is_known: bool,
        preference: Preference,
        report_id: &str,
        tail: Tail,
    ) {
        self.start().0.extend_from_slice(&facts);
        self.0.push(u8::from(!is_known));
        self.number(preference.missing_observations)
            .number(preference.doubt)
            .text(report_id)
            .tail(tail);
    }

    /// The part of such a key that reports with one set of facts have in common.
    pub(crate) fn twins_of(key: &[u8]) -> &[u8] {
        key.get(..size_of::<FactHash>()).unwrap_or(key)
    }

    pub(crate) fn reject(&mut self, row: &RejectRow, tail: Tail) {
        self.start()
            .text(&row.origin)
            .optional(row.hash.as_deref())
            .text(&row.stage)
            .text(&row.reason)
            .text(&row.message)
            .tail(tail);
    }

    pub(crate) fn dump(&mut self, row: &DumpRow, tail: Tail) {
        self.start().text(&row.origin).text(&row.hash).tail(tail);
    }

    /// Dumps that were seen come in the order in which a folder is walked: names are compared part by part.
    pub(crate) fn seen(&mut self, origin: &str) {
        self.start();
        for part in origin.split('/') {
            self.text(part);
        }
    }

    /// Observations of one category and partition.
    pub(crate) fn slice(&mut self, category: &str, partition: &str, number: u32) {
        self.start().text(category).text(partition).number(number);
    }

    /// The partition in such a key.
    pub(crate) fn partition_of_slice(key: &[u8]) -> &str {
        partition_of(key.get(end_of_text(key, 0)..).unwrap_or_default())
    }

    /// Panel rows of one jurisdiction and year, from a category on.
    pub(crate) fn panel(&mut self, jurisdiction_code: &str, year: i16, category: &str) {
        self.start().text(jurisdiction_code).year(year).text(category);
    }

    /// The part of such a key that rows of one jurisdiction and year have in common.
    pub(crate) fn place_and_year_of(key: &[u8]) -> &[u8] {
        key.get(..end_of_text(key, 0) + size_of::<u32>()).unwrap_or(key)
    }
}

/// One past the text that begins at a place of a key.
fn end_of_text(key: &[u8], from: usize) -> usize {
    let rest = key.get(from..).unwrap_or_default();
    let end = rest.windows(2).position(|pair| pair == [0, 1]);
    from + end.map_or(rest.len(), |end| end + 2)
}

/// Reads the partition that stands first in a key.
pub(crate) fn partition_of(key: &[u8]) -> &str {
    first_text(key).unwrap_or(UNKNOWN_PARTITION)
}

/// Reads the text that stands first in a key and has no zero bytes.
pub(crate) fn first_text(key: &[u8]) -> Option<&str> {
    let end = key.iter().position(|byte| *byte == 0).unwrap_or(key.len());
    std::str::from_utf8(key.get(..end)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_sort_as_their_parts_do() {
        let mut texts = [
            ("a", "b"),
            ("a", ""),
            ("", "z"),
            ("a\0", "a"),
            ("ab", "a"),
            ("a\0b", ""),
            ("a", "\0"),
        ];
        texts.sort_unstable();
        let keys: Vec<Vec<u8>> = texts
            .iter()
            .map(|(left, right)| Key::default().text(left).text(right).bytes().to_vec())
            .collect();
        assert!(keys.is_sorted(), "{keys:?}");
    }

    #[test]
    fn null_comes_first() {
        let null = Key::default().optional(None).bytes().to_vec();
        assert!(null < Key::default().optional(Some("")).bytes().to_vec());
    }

    #[test]
    fn partitions() {
        assert_eq!(partition(Some(2018), Some("440106")), "2018/44");
        assert_eq!(partition(None, Some("440106")), "unknown/44");
        assert_eq!(partition(Some(2018), None), "2018/00");
        assert_eq!(partition(Some(2018), Some("../../x")), "2018/00");
        assert_eq!(
            partition_of(Key::default().text("2018/44").text("x").bytes()),
            "2018/44"
        );
    }

    #[test]
    fn slices_come_by_category_then_year_with_none_last() {
        let slices = [
            ("a", "2009/44", 1),
            ("a", "2018/00", 0),
            ("a", "unknown/44", 0),
            ("a\0", "2008/44", 3),
            ("ab", "2008/11", 2),
        ];
        let keys = slices.map(|(category, partition, number)| {
            let mut key = Key::default();
            key.slice(category, partition, number);
            assert_eq!(Key::partition_of_slice(key.bytes()), partition);
            key.bytes().to_vec()
        });
        assert!(keys.is_sorted());
    }

    #[test]
    fn rivals_for_the_panel_have_one_place() {
        let key = |category, code, report| {
            let mut key = Key::default();
            key.category(category, code, report);
            key.bytes().to_vec()
        };
        let place = |category, code, report| Key::place_of(&key(category, code, report)).to_vec();
        assert_eq!(place("a\0b", Some("44"), "r1"), place("a\0b", Some("44"), "r2"));
        assert_ne!(place("a", Some("44"), "r"), place("a", Some("45"), "r"));
        assert_ne!(place("a", Some("44"), "r"), place("b", Some("44"), "r"));
        assert_ne!(place("a", None, "r1"), place("a", None, "r2"), "no code, no rivals");
        assert_eq!(Key::place_of(&[]), [0u8; 0]);
    }

    #[test]
    fn the_fuller_copy_comes_first_then_the_one_with_fewer_failures() {
        let body = BodyYear {
            body_id: "440106:区政府",
            code: "440106",
            year: 2021,
        };
        let tail = Tail {
            copy: CopyKey::default(),
            sequence: 0,
        };
        let key = |missing_observations, checks_failed, doubt, report_id| {
            let preference = Preference {
                missing_observations,
                checks_failed,
                doubt,
            };
            let mut key = Key::default();
            key.rival(body, preference, report_id, tail);
            key.bytes().to_vec()
        };
        let keys = [
            key(1, 9, 9, "b"),
            key(2, 0, 9, "b"),
            key(2, 1, 0, "b"),
            key(2, 1, 1, "a"),
            key(2, 1, 1, "b"),
        ];
        assert!(keys.is_sorted());
        assert!(keys.iter().all(|key| Key::rivals_of(key) == Key::rivals_of(&keys[0])));
    }

    #[test]
    fn the_tail_tells_the_copy() {
        let tail = Tail {
            copy: copy_key("a", "b"),
            sequence: 7,
        };
        let mut key = Key::default();
        key.of_report("r", tail);
        assert_eq!(Tail::copy_of(key.bytes()), tail.copy);
        assert_ne!(copy_key("a", "b"), copy_key("b", "a"));
    }
}
