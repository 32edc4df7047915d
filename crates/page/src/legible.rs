//! Whether characters make text, or are the bytes of another encoding read as characters (mojibake).
//!
//! Nearly every Han character of a text is a common one, since both Chinese standards put what is common into rows of
//! its own: the 3,755 of level 1 in GB 2312-80 and the 5,401 of level 1 in Big5. Of mojibake a third at least is not.

use std::sync::LazyLock;

use encoding_rs::{BIG5, Encoding, GB18030};

/// So many strange characters are needed before a page is called illegible at all.
const MIN_STRANGE: usize = 4;
/// What U+FFFD in UTF-8 becomes as GB18030, twice: three characters that are common or nearly so.
static LOST_AND_READ_AGAIN: LazyLock<String> = LazyLock::new(|| {
    let (text, _) = GB18030.decode_without_bom_handling("\u{FFFD}\u{FFFD}".as_bytes());
    text.into_owned()
});
/// A bit for each character of the basic plane.
static COMMON_HAN: LazyLock<[u64; 1024]> = LazyLock::new(|| {
    let mut bits = [0; 1024];
    let high = 0xA1..=0xFE;
    mark(&mut bits, GB18030, 0xB0..=0xD7, high.clone());
    mark(&mut bits, BIG5, 0xA4..=0xC6, (0x40..=0x7E).chain(high));
    bits
});

/// How a page can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Legibility {
    /// As text in some language.
    Legible,
    /// Hardly at all: most of its characters were lost, here or before the page was saved.
    Lost,
    /// Not at all: it was read in another encoding than it was written in, here or before the page was saved.
    Mojibake,
}

/// Whether the text of a page is text. Pages in other languages are.
#[must_use]
pub fn legibility(text: &str) -> Legibility {
    let mut count = Count::default();
    let mut previous = ' ';
    for character in text.chars() {
        count.add(character, previous);
        previous = character;
    }
    count.lost += 3 * text.matches(LOST_AND_READ_AGAIN.as_str()).count();
    count.verdict()
}

/// How many characters of Chinese text are better explained by a wrong encoding: those that no text has, rare ones, and
/// letters of the scripts that bytes of Chinese text turn into.
pub(crate) fn doubtful(text: &str) -> usize {
    let is_doubtful = |character: &char| match character {
        ' '..='~' => false,
        '\u{80}'..='\u{7FF}' => character.is_alphabetic(),
        '\u{2500}'..='\u{257F}' | '\u{3040}'..='\u{312F}' => true,
        _ => is_no_text(*character) || is_rare_han(*character),
    };
    text.chars().filter(is_doubtful).count()
}

/// Whether it is a Han character that Chinese text is mostly made of.
pub(crate) fn is_common_han(character: char) -> bool {
    let code = u32::from(character) as usize;
    let bits = COMMON_HAN.get(code / 64).copied().unwrap_or(0);
    bits >> (code % 64) & 1 == 1
}

fn is_rare_han(character: char) -> bool {
    is_han(character) && !is_common_han(character)
}

fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// Control characters, private ones, and the mark for what could not be decoded.
fn is_no_text(character: char) -> bool {
    matches!(character, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..)
        || character.is_control() && !character.is_ascii_whitespace()
}

fn mark(
    bits: &mut [u64; 1024],
    encoding: &'static Encoding,
    leads: impl Iterator<Item = u8>,
    trails: impl Iterator<Item = u8> + Clone,
) {
    let pairs: Vec<u8> = leads
        .flat_map(|lead| trails.clone().flat_map(move |trail| [lead, trail]))
        .collect();
    let (text, _) = encoding.decode_without_bom_handling(&pairs);
    for character in text.chars().filter(|character| is_han(*character)) {
        let code = u32::from(character) as usize;
        if let Some(place) = bits.get_mut(code / 64) {
            *place |= 1 << (code % 64);
        }
    }
}

/// The characters of a text by what they say of it. Digits, spaces and punctuation say nothing.
#[derive(Debug, Default)]
struct Count {
    /// Letters and characters of words.
    plain: usize,
    /// Those among them that are letters of ASCII.
    ascii: usize,
    /// Latin letters with accents, which no language has more of than of the others.
    accented: usize,
    /// What words are hardly ever made of.
    strange: usize,
    /// What stands where characters were.
    lost: usize,
}

impl Count {
    fn add(&mut self, character: char, previous: char) {
        match character {
            'a'..='z' | 'A'..='Z' => {
                self.ascii += 1;
                self.plain += 1;
            }
            char::REPLACEMENT_CHARACTER => self.lost += 1,
            // One question mark for each lost character, as encoders write.
            '?' if previous == '?' => self.lost += 1,
            '\u{A0}'..='\u{17F}' => self.accented += usize::from(character.is_alphabetic()),
            _ if is_no_text(character) || is_rare_han(character) => self.strange += 1,
            _ => self.plain += usize::from(character.is_alphabetic()),
        }
    }

    /// A quarter divides what was seen: of reports, guides and news at most two characters of a hundred are strange, of
    /// lists of names a tenth, of text read in a wrong encoding a third, and hardly less where it is short.
    fn verdict(&self) -> Legibility {
        let (strange, plain) = if self.accented > self.ascii {
            (self.strange + self.accented, self.plain)
        } else {
            (self.strange, self.plain + self.accented)
        };
        let bad = strange + self.lost;
        if bad < MIN_STRANGE || bad * 4 < plain + bad {
            Legibility::Legible
        } else if self.lost >= strange {
            Legibility::Lost
        } else {
            Legibility::Mojibake
        }
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, GB18030, SHIFT_JIS, UTF_8, UTF_16BE, WINDOWS_1252};

    use super::Legibility::{Legible, Lost, Mojibake};
    use super::legibility;

    const REPORT: &str = "2018年,本机关共收到政府信息公开申请12件,均已按时办结,其中予以公开7件,不予公开3件。\
                          全年通过门户网站主动公开政府信息341条,没有因此引起的行政复议和行政诉讼。";

    #[test]
    fn text_of_any_language_is_legible() {
        for text in [
            REPORT,
            "公開",
            "二〇一二年本市人民政府共受理信息公開申請一千六百七十二件,其中當面申請三百件。",
            "Rapport annuel sur l'accès à l'information: les autorités ont reçu 12 demandes, déjà traitées à l'été.",
            "Báo cáo thường niên về công khai thông tin của chính phủ năm 2018, đã nhận được mười hai đơn yêu cầu.",
            "Годовой отчёт об открытости информации: получено двенадцать запросов, все рассмотрены в срок.",
            "情報公開年次報告書:本年度は十二件の請求を受け付け、すべて期限内に処理しました。発行は総務課です。",
            "정보공개 연차보고서: 올해 열두 건의 청구를 접수하여 모두 기한 내에 처리하였습니다.",
            "གཞུང་གི་ཆ་འཕྲིན་མངོན་གསལ་གྱི་ལོ་འཁོར་སྙན་ཞུ།",
            "ھۆكۈمەت ئۇچۇرلىرىنى ئاشكارىلاش يىللىق دوكلاتى",
            "What is published? Where?? Is it really??? 12345 ???",
            "\u{FFFD}网站地图",
            "朱镕基、陶喆、王堃、张祎、李昇等同志出席了会议,会议由区委办公室主持召开,部署了下一阶段的重点工作。",
            "----------- 1 2 3 4 5 6 7 8 9 10 11 12",
            "",
        ] {
            assert_eq!(legibility(text), Legible, "{text}");
        }
    }

    #[test]
    fn text_read_in_a_wrong_encoding_is_not() {
        let gb = GB18030.encode(REPORT).0;
        let utf16: Vec<u8> = REPORT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let lost = UTF_8.decode_without_bom_handling(&gb).0;
        for (bytes, encoding, expected) in [
            (REPORT.as_bytes(), GB18030, Mojibake),
            (REPORT.as_bytes(), BIG5, Lost),
            (REPORT.as_bytes(), SHIFT_JIS, Mojibake),
            (REPORT.as_bytes(), WINDOWS_1252, Mojibake),
            (REPORT.as_bytes(), UTF_16BE, Mojibake),
            (&gb, BIG5, Mojibake),
            (&gb, WINDOWS_1252, Mojibake),
            (&gb, UTF_8, Lost),
            (&utf16, UTF_16BE, Mojibake),
            (lost.as_bytes(), GB18030, Lost),
        ] {
            let text = encoding.decode_without_bom_handling(bytes).0;
            assert_eq!(legibility(&text), expected, "{} {text}", encoding.name());
        }
        let asked: String = REPORT
            .chars()
            .map(|character| if character.is_ascii() { character } else { '?' })
            .collect();
        assert_eq!(legibility(&asked), Lost, "{asked}");
    }
}
