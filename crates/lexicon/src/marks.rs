//! Small closed lists of the sentence grammar: what stands beside a number and says what it is not.

use rustc_hash::FxHashSet;

use crate::tsv::{DataError, Table};

/// The lists; each is asked at one place beside a number, so they are plain words and no automaton.
#[derive(Debug)]
pub struct Marks {
    /// Behind a number that is a date, a measure or an address.
    pub after_date: MarkWords,
    /// Right before an ordinal.
    pub before_ordinal: MarkWords,
    /// Ends like one of these, and is none.
    pub no_ordinal: MarkWords,
    /// Right before a 十 that is no ten.
    pub before_vague: MarkWords,
    /// Right before a numeral that counts nothing.
    pub before_idle: MarkWords,
    /// Units with which 一 can be a statistic.
    pub case_unit: MarkWords,
    /// 共计, 合计: words with 计 that a count follows.
    pub sum: MarkWords,
    /// Right before a share whose % was lost.
    pub before_rate: MarkWords,
    /// Units of kinds, in front of how many there are of them: 16项65条.
    pub kind_unit: MarkWords,
    /// Units of one and the same text.
    pub text_unit: MarkWords,
    /// Behind the digits of a year that is told from its first day on.
    pub since_start: MarkWords,
    /// Behind the unit of a bound.
    pub after_about: MarkWords,
    /// Behind the digits that name a hotline.
    pub after_hotline: MarkWords,
    /// Right before the digits of a telephone.
    pub before_contact: MarkWords,
    /// Before a theme's name, no part of it.
    pub theme_opening: Vec<String>,
    /// Behind the quoted name of a theme: 栏目.
    pub theme_column: MarkWords,
    /// Behind the name of a theme, no part of it.
    pub theme_ending: Vec<String>,
    /// In the name of what is no single theme.
    pub theme_vague: Vec<String>,
    /// How the name of a class of information ends.
    pub theme_class: MarkWords,
    /// How an item of a list of information can end.
    pub theme_item: MarkWords,
    /// Between the labels of one zero.
    pub joint: Vec<String>,
    /// Characters of what says nothing of what is counted: 其中, 共.
    pub filler: String,
    /// Characters that may stand between a label and its number without a unit.
    pub label_end: String,
    /// From one number to another.
    pub range: MarkWords,
    /// At the end of a line whose sentence goes on in the next.
    pub unfinished: MarkWords,
}

impl Marks {
    pub(crate) fn parse(table: &Table) -> Result<Self, DataError> {
        let mut asked_for = Vec::new();
        let mut list = |name: &'static str| {
            asked_for.push(name);
            let row = table.rows().find(|row| row.get("set").is_ok_and(|set| set == name));
            let row = row.ok_or_else(|| DataError::Wrong {
                file: table.file.clone(),
                line: 1,
                reason: format!("missing set: {name}"),
            })?;
            row.required("words")?;
            let words = row.distinct("words", '|')?;
            Ok(words.into_iter().map(str::to_owned).collect::<Vec<String>>())
        };
        let marks = Self {
            after_date: MarkWords::new(list("after_date")?),
            before_ordinal: MarkWords::new(list("before_ordinal")?),
            no_ordinal: MarkWords::new(list("no_ordinal")?),
            before_vague: MarkWords::new(list("before_vague")?),
            before_idle: MarkWords::new(list("before_idle")?),
            case_unit: MarkWords::new(list("case_unit")?),
            sum: MarkWords::new(list("sum")?),
            before_rate: MarkWords::new(list("before_rate")?),
            kind_unit: MarkWords::new(list("kind_unit")?),
            text_unit: MarkWords::new(list("text_unit")?),
            since_start: MarkWords::new(list("since_start")?),
            after_about: MarkWords::new(list("after_about")?),
            after_hotline: MarkWords::new(list("after_hotline")?),
            before_contact: MarkWords::new(list("before_contact")?),
            theme_opening: list("theme_opening")?,
            theme_column: MarkWords::new(list("theme_column")?),
            theme_ending: list("theme_ending")?,
            theme_vague: list("theme_vague")?,
            theme_class: MarkWords::new(list("theme_class")?),
            theme_item: MarkWords::new(list("theme_item")?),
            joint: list("joint")?,
            filler: list("filler")?.concat(),
            label_end: list("label_end")?.concat(),
            range: MarkWords::new(list("range")?),
            unfinished: MarkWords::new(list("unfinished")?),
        };
        let mut seen = FxHashSet::default();
        for row in table.rows() {
            let name = row.required("set")?;
            if !asked_for.contains(&name) {
                return Err(row.unknown("nothing asks for this set", name, asked_for, &table.file));
            }
            if !seen.insert(name) {
                return Err(row.wrong(format!("listed twice: {name}")));
            }
        }
        Ok(marks)
    }
}

/// A few words, asked for at the start or the end of a text.
#[derive(Debug)]
pub struct MarkWords {
    words: Vec<String>,
    /// For the low bits of a character, whether a word begins with one that has them; most texts are told by that.
    first: [bool; 256],
    /// The same for the last character.
    last: [bool; 256],
}

impl MarkWords {
    fn new(words: Vec<String>) -> Self {
        let having = |characters: &dyn Fn(&str) -> Option<char>| {
            let mut bits = [false; 256];
            for character in words.iter().filter_map(|word| characters(word)) {
                bits[low_bits(character)] = true;
            }
            bits
        };
        Self {
            first: having(&|word| word.chars().next()),
            last: having(&|word| word.chars().next_back()),
            words,
        }
    }

    /// Whether a text begins with one of the words.
    #[must_use]
    pub fn begin(&self, text: &str) -> bool {
        text.chars().next().is_some_and(|first| self.first[low_bits(first)])
            && self.words.iter().any(|word| text.starts_with(word.as_str()))
    }

    /// Whether a text is one of the words.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        self.words.iter().any(|word| word == text)
    }

    /// Whether a text ends with one of the words.
    #[must_use]
    pub fn end(&self, text: &str) -> bool {
        text.chars().next_back().is_some_and(|last| self.last[low_bits(last)])
            && self.words.iter().any(|word| text.ends_with(word.as_str()))
    }
}

fn low_bits(character: char) -> usize {
    (character as u32 % 256) as usize
}
