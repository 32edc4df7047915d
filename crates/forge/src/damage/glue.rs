//! Short Han runs lost between digits: the digits of a count run into those of an enumerator or of a share. It is done
//! only where exactly one reading is left, and then the truth says so: repaired.

use super::{Place, is_plain};
use crate::doc::{Block, Key, Kind, Line, Piece, Status, Trust, Value};
use crate::printer::Page;

/// Is there a list with enumerators?
pub fn has_numbered_list(page: &Page) -> bool {
    lines(page).any(|line| (0..line.len()).any(|at| before_enumerator(line, at)))
}

/// Is there a count with its share behind it?
pub fn has_share(page: &Page) -> bool {
    lines(page).any(|line| (0..line.len()).any(|at| before_share(line, at)))
}

fn lines(page: &Page) -> impl Iterator<Item = &Line> {
    page.blocks.iter().filter_map(Block::paragraph)
}

fn lines_mut(page: &mut Page) -> impl Iterator<Item = &mut Line> {
    page.blocks.iter_mut().filter_map(Block::paragraph_mut)
}

/// `116` `条` `；` `2.部门文件类信息` begins here.
fn before_enumerator(line: &Line, at: usize) -> bool {
    let Some([number, unit, mark, next]) = line.get(at..at + 4) else {
        return false;
    };
    is_plain(number)
        && unit.kind == Kind::Unit
        && mark.text == "；"
        && next.text.starts_with(|c: char| c.is_ascii_digit())
        && next.text.contains('.')
}

/// `215` `宗` `，占27.8%` begins here.
fn before_share(line: &Line, at: usize) -> bool {
    let Some([number, unit, share]) = line.get(at..at + 3) else {
        return false;
    };
    // Without a decimal point, or with one digit of count, the run would look like a share alone.
    is_plain(number)
        && number.text.len() > 1
        && unit.kind == Kind::Unit
        && share.kind == Kind::Share
        && share.text.starts_with("，占")
        && share.text.contains('.')
}

/// `116条；2.` becomes `1162.`: enumerators count up, so the next one is known and can be taken off again.
pub fn enumerators(page: &mut Page, place: &mut Place<'_>) -> bool {
    let mut done = false;
    for line in lines_mut(page) {
        for at in 0..line.len() {
            if before_enumerator(line, at) && (!done || place.dice.chance(60)) {
                lose(&mut line[at + 1..at + 3]);
                repair(&mut line[at]);
                done = true;
            }
        }
    }
    done
}

/// `215宗，占27.8%` becomes `21527.8%`, where one split alone agrees with the total that the page prints.
pub fn shares(page: &mut Page) -> bool {
    let totals: Vec<(Key, i64)> = page
        .blocks
        .iter()
        .flat_map(Block::pieces)
        .filter_map(certain_count)
        .collect();
    let mut done = 0;
    for line in lines_mut(page) {
        for at in 0..line.len() {
            if done >= 3 || !before_share(line, at) {
                continue;
            }
            let Some(total) = total_of(&line[at], &totals) else {
                continue;
            };
            let share = line[at + 2].text.trim_start_matches("，占").to_string();
            if splits(&format!("{}{share}", line[at].text), total) != 1 {
                continue;
            }
            lose(&mut line[at + 1..at + 2]);
            line[at + 2].text = share.into();
            repair(&mut line[at]);
            done += 1;
        }
    }
    done > 0
}

fn certain_count(piece: &Piece) -> Option<(Key, i64)> {
    let reading = piece.says.first()?;
    match reading.value {
        Value::Count(count) if is_plain(piece) => Some((reading.key.clone(), count)),
        _ => None,
    }
}

/// The printed total that a count is a share of.
fn total_of(piece: &Piece, totals: &[(Key, i64)]) -> Option<i64> {
    let category = piece.says.first()?.key.category;
    let whole = match category {
        "proactive.theme" => "proactive.total",
        _ if category.starts_with("requests.received.channel") => "requests.received.total",
        _ if category.starts_with("requests.outcome") => "requests.outcome.total",
        _ => return None,
    };
    totals
        .iter()
        .find(|(key, _)| *key == Key::year(whole))
        .map(|(_, count)| *count)
}

/// In how many ways the run of digits is a count and its share of the total.
fn splits(run: &str, total: i64) -> usize {
    let digits = run.trim_end_matches('%');
    let whole = digits.find('.').unwrap_or(digits.len());
    (1..whole)
        .filter(|&at| {
            let (count, share) = (&digits[..at], &digits[at..]);
            let padded = |text: &str| text.len() > 1 && text.starts_with('0') && !text.starts_with("0.");
            let (Ok(count_value), Some(tenths)) = (count.parse::<i64>(), tenths(share)) else {
                return false;
            };
            // Within half a unit of the last digit, and a little more for those who cut instead of rounding.
            let off = (count_value * 1000 - tenths * total).abs() * 10;
            !padded(count) && !padded(share) && off <= 11 * total
        })
        .count()
}

fn tenths(share: &str) -> Option<i64> {
    let (whole, tenth) = share.split_once('.').unwrap_or((share, "0"));
    Some(whole.parse::<i64>().ok()? * 10 + tenth.parse::<i64>().ok()?)
}

fn lose(pieces: &mut [Piece]) {
    for piece in pieces {
        piece.text = "".into();
    }
}

fn repair(piece: &mut Piece) {
    for reading in &mut piece.says {
        reading.status = Status::Repaired;
        reading.trust = Trust::Sure;
    }
}

#[cfg(test)]
mod tests {
    use super::splits;

    #[test]
    fn only_the_split_that_adds_up() {
        assert_eq!(splits("21527.8%", 774), 1);
        assert_eq!(splits("21527.8%", 10), 0);
        // 1 of 9 is 11.1 %, 11 of 9 is none: one way; 5 of 10 is 50 % and 55 of 110 would be, too.
        assert_eq!(splits("111.1%", 9), 1);
        assert_eq!(splits("550%", 10), 1);
    }
}
