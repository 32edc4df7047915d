//! One table cell as a mention: its category, applicant, period, unit, status and value.

use gongkai_lexicon::{
    CategoryKind, Column, ColumnMeaning, Lexicon, Relation, TemplateRow, UnitClass, strip_enumerator,
};

use crate::cells::Cell;
use crate::model::{Applicant, Mention, Method, Period, Problem, Scope, Span, Status, UnitSource, Value};
use crate::number::{Amount, CellValue, Unfit, is_apart};

/// Confidence of a value whose column a header names, and what takes away from it.
const BY_HEADER: f32 = 0.97;
const BY_POSITION: f32 = 0.94;
const BY_SIMILAR_LABEL: f32 = 0.8;
/// A value whose unit had to be assumed is doubtful: below one half.
const UNIT_ASSUMED: f32 = 0.4;
/// So is one whose characters need not be one number.
pub const APART: f32 = 0.4;
/// What is said of a number that is no value for its size.
pub const TOO_LARGE: &str = "more digits than a count or a sum of money can have";

/// A cell with everything around it that tells what it means.
pub struct Place<'a> {
    /// The form's row.
    pub row: &'a TemplateRow,
    /// The form's column.
    pub column: Option<&'a Column>,
    /// The column's position in the form.
    pub position: usize,
    /// The label cell.
    pub label: &'a Cell<'a>,
    /// The value cell; none for an empty cell that the extraction dropped.
    pub cell: Option<&'a Cell<'a>>,
    /// The cell of the unit column.
    pub unit_cell: Option<&'a Cell<'a>>,
    /// The column header.
    pub header: Option<&'a Cell<'a>>,
    /// Whether the header named the column.
    pub by_header: bool,
    /// Whether the label was matched only up to a slip.
    pub fuzzy: bool,
}

/// The mention of a cell; none when the cell says nothing.
///
/// # Errors
/// The problem to note when the cell cannot be read as a value.
pub fn mention(place: &Place<'_>, text: &str, lexicon: &Lexicon) -> Result<Option<Mention>, Problem> {
    let Some(category) = place.row.category(place.position) else {
        return Ok(None);
    };
    let kind = lexicon.categories.get(category).kind;
    let blank = CellValue::Blank;
    let cell_value = place.cell.map_or(&blank, |cell| &cell.value);
    if *cell_value == CellValue::Blank && place.row.empty_is_silent {
        return Ok(None);
    }
    let (applicant, period) = dimensions(place.column);
    let (unit_printed, unit_source, yuan) = unit_of(place, kind, lexicon);
    let problem = |code: &'static str, what: &str| Problem {
        stage: "table",
        code,
        span: place.cell.map(|cell| cell.span),
        message: format!(
            "{} {}: {what}: {}",
            place.row.name,
            place.label.text,
            place.cell.map_or("", |cell| &cell.text)
        ),
    };
    // 3件 in a row of money, 12万元 in a row of counts: the row or the cell is another one than it seems.
    let class = unit_printed
        .as_deref()
        .and_then(|unit| lexicon.units.exact(unit))
        .map(|unit| unit.class);
    let contradicts = class.is_some_and(|class| (class == UnitClass::Money) != (kind == CategoryKind::Money));
    if contradicts && matches!(cell_value, CellValue::Number { .. }) {
        return Err(problem("unit_mismatch", "the unit is not one of its category"));
    }
    let (value, status) = match cell_value {
        CellValue::Blank => (Value::Nothing, Status::Blank),
        CellValue::NotApplicable => (Value::Nothing, Status::NotApplicable),
        CellValue::ZeroInWords => (zero(kind), Status::InWords),
        CellValue::Number {
            amount, approximate, ..
        } => {
            let value = value_of(*amount, kind, yuan).map_err(|unfit| match unfit {
                Unfit::Fraction => problem("not_a_whole_number", "not a whole number"),
                Unfit::TooLarge => problem("amount_out_of_range", TOO_LARGE),
            })?;
            (
                value,
                if *approximate {
                    Status::Approximate
                } else {
                    Status::Reported
                },
            )
        }
        CellValue::InPieces => return Err(problem("number_in_pieces", "the numbers are none by themselves")),
        CellValue::Masked => return Err(problem("masked", "digits are masked")),
        CellValue::Text => return Err(problem("not_a_value", "not a value")),
    };
    if matches!(value, Value::Count(count) | Value::Fen(count) if count < 0 && !lexicon.categories.code(category).ends_with("_change"))
    {
        return Err(problem("negative", "a count cannot be negative"));
    }
    let base = if place.fuzzy {
        BY_SIMILAR_LABEL
    } else if place.by_header {
        BY_HEADER
    } else {
        BY_POSITION
    };
    let printed = place.cell.map_or("", |cell| printed(cell, text));
    let confidence = if unit_source == UnitSource::Assumed && value != Value::Nothing {
        UNIT_ASSUMED
    } else if value != Value::Nothing && is_apart(printed) {
        APART
    } else {
        base
    };
    Ok(Some(Mention {
        category,
        label: Some(printed_label(place.label, kind, text)),
        template_row: Some(place.row.name.clone()),
        relation: place.row.relation,
        applicant,
        period,
        value,
        unit_printed,
        unit_source,
        status,
        method: Method::Table,
        block: place.cell.unwrap_or(place.label).block,
        span: place.cell.map_or(
            Span {
                start: place.label.span.end,
                end: place.label.span.end,
            },
            |cell| cell.span,
        ),
        scope: Scope::Unknown,
        scope_label: None,
        confidence,
    }))
}

/// The mention of a printed row that no form knows.
#[must_use]
pub fn unmapped(label: &Cell<'_>, cell: &Cell<'_>, text: &str, lexicon: &Lexicon) -> Option<Mention> {
    let CellValue::Number {
        amount,
        unit,
        approximate,
    } = &cell.value
    else {
        return None;
    };
    let yuan = unit
        .as_deref()
        .and_then(|unit| lexicon.units.exact(unit))
        .filter(|unit| unit.class == UnitClass::Money);
    let value = match yuan {
        Some(unit) => Value::Fen(amount.fen(unit.scale).ok()?),
        None => Value::Count(amount.count().ok()?),
    };
    Some(Mention {
        category: lexicon.categories.unmapped(),
        label: Some(printed_label(label, CategoryKind::List, text)),
        template_row: None,
        relation: Relation::NotComparable,
        applicant: Applicant::All,
        period: Period::Year,
        value,
        unit_printed: unit.clone(),
        unit_source: if unit.is_some() {
            UnitSource::Cell
        } else {
            UnitSource::Form
        },
        status: if *approximate {
            Status::Approximate
        } else {
            Status::Reported
        },
        method: Method::Table,
        block: cell.block,
        span: cell.span,
        scope: Scope::Unknown,
        scope_label: None,
        confidence: if is_apart(printed(cell, text)) {
            APART
        } else {
            BY_SIMILAR_LABEL
        },
    })
}

/// The characters of a cell.
fn printed<'t>(cell: &Cell<'_>, text: &'t str) -> &'t str {
    let span = cell.span.start as usize..cell.span.end as usize;
    text.get(span).unwrap_or_default()
}

/// The label as printed; in open lists, where it is part of the key, without its enumerator.
fn printed_label(label: &Cell<'_>, kind: CategoryKind, text: &str) -> String {
    let printed = text
        .get(label.span.start as usize..label.span.end as usize)
        .unwrap_or("")
        .trim();
    if kind != CategoryKind::List {
        return printed.to_owned();
    }
    let mut bare = strip_printed_enumerator(printed);
    for opening in ["其中：", "其中:", "其中"] {
        bare = bare.strip_prefix(opening).unwrap_or(bare);
    }
    strip_printed_enumerator(bare).to_owned()
}

/// An enumerator as printed: its brackets can be full-width.
fn strip_printed_enumerator(printed: &str) -> &str {
    let inner = printed.strip_prefix('（').and_then(|rest| rest.split_once('）'));
    match inner {
        Some((number, rest)) if number.chars().count() <= 3 => rest.trim_start(),
        _ => strip_enumerator(printed),
    }
}

/// Applicant and period of a column.
fn dimensions(column: Option<&Column>) -> (Applicant, Period) {
    let named = |meaning| {
        column
            .filter(|column| column.meaning == meaning)
            .map(|column| column.name.as_str())
    };
    let applicant = named(ColumnMeaning::Applicant)
        .and_then(|name| Applicant::ALL.iter().find(|applicant| applicant.as_str() == name))
        .copied()
        .unwrap_or(Applicant::All);
    let cumulative = named(ColumnMeaning::Period) == Some("cumulative");
    (applicant, if cumulative { Period::Cumulative } else { Period::Year })
}

/// A number as a value of its category.
///
/// # Errors
/// When it is a fraction of a count, or too large.
pub fn value_of(amount: Amount, kind: CategoryKind, yuan: i64) -> Result<Value, Unfit> {
    match kind {
        CategoryKind::Money => amount.fen(yuan).map(Value::Fen),
        CategoryKind::Count | CategoryKind::List => amount.count().map(Value::Count),
    }
}

/// The zero of a category.
#[must_use]
pub fn zero(kind: CategoryKind) -> Value {
    if kind == CategoryKind::Money {
        Value::Fen(0)
    } else {
        Value::Count(0)
    }
}

/// The printed unit, where it stands, and for money the yuan in one of it.
fn unit_of(place: &Place<'_>, kind: CategoryKind, lexicon: &Lexicon) -> (Option<String>, UnitSource, i64) {
    let money = kind == CategoryKind::Money;
    let yuan = |unit: &str| {
        lexicon
            .units
            .exact(unit)
            .filter(|unit| unit.class == UnitClass::Money)
            .map(|unit| unit.scale)
    };
    if let Some(CellValue::Number { unit: Some(unit), .. }) = place.cell.map(|cell| &cell.value) {
        return (Some(unit.clone()), UnitSource::Cell, yuan(unit).unwrap_or(1));
    }
    if let Some(cell) = place.unit_cell {
        let bare = cell.text.trim_matches(['(', ')']).to_owned();
        let scale = yuan(&bare).unwrap_or(1);
        return (Some(bare), UnitSource::Header, scale);
    }
    let in_header = [place.header, Some(place.label)]
        .into_iter()
        .flatten()
        .find_map(|cell| bracketed_unit(&cell.text, lexicon));
    if let Some(unit) = in_header.filter(|unit| !money || yuan(unit).is_some()) {
        let scale = yuan(&unit).unwrap_or(1);
        return (Some(unit), UnitSource::Header, scale);
    }
    // What a count is of need not be said.
    if !money {
        return (None, UnitSource::Form, 1);
    }
    let form = place.row.unit(place.position);
    // `元?`: the form fixes no unit for the amount of procurement; reports print yuan or ten thousand yuan.
    let zero =
        matches!(place.cell.map(|cell| &cell.value), Some(CellValue::Number { amount, .. }) if amount.digits == 0);
    if !zero && form.is_some_and(|unit| unit.ends_with('?')) {
        return (None, UnitSource::Assumed, 1);
    }
    (
        None,
        UnitSource::Form,
        form.map(|unit| unit.trim_end_matches('?')).and_then(yuan).unwrap_or(1),
    )
}

/// A unit in the brackets of a header or label: (单位:万元), （万元）.
fn bracketed_unit(text: &str, lexicon: &Lexicon) -> Option<String> {
    memchr::memchr(b'(', text.as_bytes())?;
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('(') {
        let (inside, next) = after.split_once(')').unwrap_or((after, ""));
        let inside = inside
            .strip_prefix("单位")
            .map_or(inside, |unit| unit.trim_start_matches([':', '：']));
        for part in inside.split([',', '，', '、']) {
            if lexicon.units.exact(part).is_some() {
                return Some(part.to_owned());
            }
        }
        rest = next;
    }
    None
}
