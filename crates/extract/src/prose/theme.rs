//! Themes: what was disclosed, by its content, in a list that a total opened. The printed name is the label.

use std::ops::Range;

use gongkai_lexicon::Lexicon;

use super::clauses::is_separator;
use super::numbers::{Quantity, Role};
use super::window::{Found, Window};
use super::words::{Words, is_bracketed};
use crate::statement::within;

/// Where a number stands among those of its list.
#[derive(Debug, Clone, Copy, Default)]
pub struct ListPlace {
    /// Whether the sentence has given statistics before.
    pub goes_on: bool,
    /// Whether themes may follow what was disclosed, in all or over one channel, and the number has its unit.
    pub headed: bool,
    /// Whether the chapter has told how much was disclosed in all.
    pub below_total: bool,
    /// Whether the number beside it has the same unit, with nothing but a mark and a name between them.
    pub listed: bool,
}

/// How sure it is that a number is a theme's, and what is lost without a unit.
const THEME: f32 = 0.9;
const NO_UNIT: f32 = 0.1;

/// The longest name that a theme without 信息 or 类 has, in characters.
const MAX_NAME: usize = 18;

/// Whether the number at a position is one of a list: 通知公告40条，机构领导6条.
pub fn is_listed(text: &str, quantities: &[Quantity], position: usize, words: &Words, lexicon: &Lexicon) -> bool {
    let opening = &lexicon.prose.grammar().list_opening;
    let continues = |position| {
        let name = name_in_list(text, quantities, position);
        // 其他类别79条 is an item; 类别 opens a list only where names follow.
        name.is_some_and(|name| !words.any_in(&(name.start..name.end.saturating_sub(1)), opening))
    };
    let next = (position + 1..quantities.len()).find(|next| quantities[*next].role != Role::Share);
    continues(position) || next.is_some_and(continues)
}

/// The name of a number that follows one with the same unit, with only a mark before the name; shares and the numbers of
/// items may stand between: 1.组织机构6；2.规章20.
fn name_in_list(text: &str, quantities: &[Quantity], position: usize) -> Option<Range<usize>> {
    let (before, item) = quantities.split_at_checked(position)?;
    let item = item.first()?;
    let of_list = |quantity: &&Quantity| quantity.role == Role::Count;
    let previous = before.iter().rfind(of_list)?;
    let share = before.last().filter(|last| last.role == Role::Share);
    let counts = item.role == Role::Count && item.unit_character() == previous.unit_character();
    let end = share.map_or(previous.end, |share| share.end);
    let gap = text.get(end..item.token.range.start).filter(|_| counts)?;
    let name = gap.strip_prefix(|c: char| is_separator(c) || c == '、')?;
    let name = strip_item(name.trim_start());
    (!name.is_empty() && !name.contains(is_separator))
        .then(|| item.token.range.start - name.len()..item.token.range.start)
}

/// A name without the number of its item: 2.规章.
fn strip_item(name: &str) -> &str {
    let behind_digits = name.trim_start_matches(|c: char| c.is_ascii_digit());
    match behind_digits.len() < name.len() {
        true => behind_digits.strip_prefix(['.', '、', ')']).unwrap_or(name),
        false => name,
    }
}

impl Window<'_> {
    /// A number as that of a theme, where its name can be one.
    pub fn theme_of(
        &self,
        quantity: &Quantity,
        words: &Words,
        brackets: &[Range<usize>],
        lexicon: &Lexicon,
    ) -> Option<Found> {
        let clause = self.clause();
        let whole = words.last_in(&clause, &lexicon.prose.grammar().partitive);
        let clause = whole.map_or(clause.start, |(_, end)| end)..clause.end;
        let label = self.theme(&clause, quantity, words, brackets, lexicon)?;
        Some(Found {
            confidence: THEME - if quantity.unit.is_none() { NO_UNIT } else { 0.0 },
            ..Found::listed(lexicon.categories.theme(), label, quantity)
        })
    }

    /// The name of a theme that the clause before the number is: `…类信息N条`, or an item of a list of what was disclosed.
    fn theme(
        &self,
        clause: &Range<usize>,
        quantity: &Quantity,
        words: &Words,
        brackets: &[Range<usize>],
        lexicon: &Lexicon,
    ) -> Option<Range<usize>> {
        let clause = self.without_ending(clause, lexicon);
        let label = self.text.get(clause.clone()).unwrap_or("");
        let vague = &lexicon.marks.theme_vague;
        if vague.iter().any(|word| label.contains(word.as_str())) {
            return None;
        }
        let unit = quantity.unit.as_ref().map(|(unit, _)| unit.as_str());
        let fits = unit.is_none_or(|unit| unit.starts_with(['条', '件', '项', '篇', '则', '份', '个', '次']));
        let section = matches!(self.section, None | Some("section.proactive" | "section.overview"));
        if !section || !fits || label.chars().count() < 2 {
            return None;
        }
        let opening = self.is_opened(words, lexicon);
        if let Some(column) = self.column(&clause, lexicon).filter(|_| opening && self.list.headed) {
            return Some(column);
        }
        let list = self.list;
        let in_list = list.goes_on || list.headed || list.listed || list.below_total;
        let marks = &lexicon.marks;
        let item = marks.theme_item.end(label);
        let is_class = marks.theme_class.end(label) || item && label.contains('类');
        let not_a_theme = &lexicon.statements.grammar().not_a_theme;
        let lexemes = within(self.lexemes, &clause);
        // 部门工作公开信息50条: what is disclosed there is what the words before say.
        let disclosed = lexemes.last().filter(|last| {
            let names = last.start > clause.start && last.end == clause.end;
            names && last.features.contains(lexicon.statements.grammar().disclose)
        });
        let names = lexemes
            .get(..lexemes.len() - usize::from(disclosed.is_some()))
            .unwrap_or_default();
        let plain = !names.iter().any(|lexeme| lexeme.features.intersects(not_a_theme));
        let is_item = item && plain && in_list && (opening || is_enumerated(label));
        if is_class && (opening || in_list) || is_item {
            return Some(self.theme_label(clause, lexicon));
        }
        let opened = opening || is_bracketed(brackets, clause.start);
        if !(plain && opened && self.list.headed && self.list.listed) {
            return None;
        }
        let name = self.theme_label(clause, lexicon);
        let length = self.text.get(name.clone()).unwrap_or("").chars().count();
        (2..=MAX_NAME).contains(&length).then_some(name)
    }

    /// Whether the words before the number open a list: 其中, 包括.
    pub fn is_opened(&self, words: &Words, lexicon: &Lexicon) -> bool {
        let opening = &lexicon.prose.grammar().list_opening;
        words.any_in(&(self.sentence.start..self.left.end), opening)
    }

    /// The name of the column in which something was disclosed: “机构设置”栏目发布信息.
    pub fn column(&self, clause: &Range<usize>, lexicon: &Lexicon) -> Option<Range<usize>> {
        let label = self.text.get(clause.clone())?;
        let start = label.find(['“', '"'])?;
        let inside = label.get(start..)?.chars().next()?.len_utf8() + start;
        let length = label.get(inside..)?.find(['”', '"'])?;
        let behind = label.get(inside + length..)?.trim_start_matches(['”', '"']);
        let name = clause.start + inside..clause.start + inside + length;
        (length > 0 && lexicon.marks.theme_column.begin(behind)).then_some(name)
    }

    /// A clause without what stands between the name of a theme and its number: 业务公开累计96条.
    fn without_ending(&self, clause: &Range<usize>, lexicon: &Lexicon) -> Range<usize> {
        let mut label = self.text.get(clause.clone()).unwrap_or("");
        let endings = &lexicon.marks.theme_ending;
        while let Some(rest) = endings.iter().find_map(|ending| label.strip_suffix(ending.as_str())) {
            label = rest;
        }
        clause.start..clause.start + label.len()
    }

    /// The theme's name without list words and enumerators, and without the channel: 通过网站发布政务类信息.
    fn theme_label(&self, clause: Range<usize>, lexicon: &Lexicon) -> Range<usize> {
        let name = |range: &Range<usize>| self.text.get(range.clone()).unwrap_or("");
        let not_a_theme = &lexicon.statements.grammar().not_a_theme;
        let disclose = lexicon.statements.grammar().disclose;
        let lexemes = within(self.lexemes, &clause).iter();
        let mut before = lexemes.filter(|lexeme| lexeme.end < clause.end && lexeme.features.intersects(not_a_theme));
        // 依托网站公开简报类信息: what was disclosed, and not what comes before that.
        let told = before.clone().rfind(|lexeme| lexeme.features.contains(disclose));
        let told = told.or_else(|| before.next_back());
        let mut start = told.map_or(clause.start, |told| told.end);
        // 5条和政策文件7条: the joint belongs to neither.
        if clause.start == self.left.start && clause.start > self.sentence.start {
            let item = name(&clause);
            let joint = lexicon
                .marks
                .joint
                .iter()
                .find(|joint| item.starts_with(joint.as_str()));
            start = start.max(clause.start + joint.map_or(0, String::len));
        }
        loop {
            let rest = &self.text[start..clause.end];
            let mut next = rest
                .trim_start_matches(|c: char| is_separator(c) || matches!(c, ' ' | '、' | '.' | '(' | ')' | '"' | '“'));
            next = gongkai_lexicon::strip_enumerator(next);
            let digits = next.trim_start_matches(|c: char| c.is_ascii_digit());
            if digits.len() < next.len() && digits.starts_with(['.', '、', ')']) {
                next = digits;
            }
            for opening in &lexicon.marks.theme_opening {
                next = next.strip_prefix(opening.as_str()).unwrap_or(next);
            }
            if next.len() == rest.len() {
                break;
            }
            start = clause.end - next.len();
        }
        let label = self.text[start..clause.end].trim_end_matches(['"', '”', '“']);
        start..start + label.len()
    }
}

/// Whether a clause begins with an enumerator: `3.财政信息`, `(二)规划计划信息`.
fn is_enumerated(clause: &str) -> bool {
    let item = clause.trim_start_matches(|c: char| is_separator(c) || c == ' ');
    strip_item(item).len() < item.len() || gongkai_lexicon::strip_enumerator(item).len() < item.len()
}
