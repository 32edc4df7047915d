//! Sentences with holes. The language of `data/wordings.tsv`:
//!
//! | hole | prints |
//! | --- | --- |
//! | `{code\|条}` | the number of a category with its unit; unit `u` is the unit this page counts requests in |
//! | `{~code\|条}` | the same, rounded, with 约, 余 or 多 |
//! | `{+code\|条}` | the number since an earlier year |
//! | `{%part/whole}` | the share of one category in another, `12.5%` |
//! | `{0:code,code\|words}` | words that say that these were none; only where all of them are zero |
//! | `{[name]}` | a list of `data/lists.tsv` |
//! | `{#low-high}` | a number of another matter; `{?code low-high\|unit}` one that a reader may take for this category |
//! | `{<code\|unit}` | a number up to that of the category: the same thing counted in a narrower scope |
//! | `{p}` | a percentage of change |
//! | `{Y}` `{Y+1}` `{Y-1}` | the reporting year and its neighbours |
//! | `{me}` `{org}` `{place}` `{up}` `{host}` | 我区, the body, its place, the unit above, its host |

/// A part of a sentence.
#[allow(missing_docs, reason = "the fields are the parts of the hole in the table above")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Words.
    Text(&'static str),
    /// A number of a category.
    Number {
        code: &'static str,
        unit: &'static str,
        how: How,
    },
    /// A share of one category in another.
    Share { part: &'static str, whole: &'static str },
    /// Words for zero.
    Zero {
        codes: Vec<&'static str>,
        words: &'static str,
    },
    /// A list.
    List(&'static str),
    /// A number of another matter; `code` when a reader may take it for that category.
    Other {
        low: i64,
        high: i64,
        code: Option<&'static str>,
        unit: &'static str,
    },
    /// The same thing in a narrower scope: a number up to that of the category.
    Narrower { code: &'static str, unit: &'static str },
    /// A percentage of change.
    Percent,
    /// The reporting year plus this.
    Year(i32),
    /// A word about the body.
    Word(&'static str),
}

/// How a number is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// As it is.
    Plain,
    /// Rounded.
    Rounded,
    /// Since an earlier year.
    Cumulative,
}

/// A sentence with holes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(pub Vec<Part>);

/// Reads one sentence.
///
/// # Errors
/// Says which hole is not understood.
pub fn parse_template(mut rest: &'static str) -> Result<Template, String> {
    let mut parts = Vec::new();
    while let Some(open) = rest.find('{') {
        if open > 0 {
            parts.push(Part::Text(&rest[..open]));
        }
        let close = rest[open..]
            .find('}')
            .ok_or_else(|| format!("no closing brace: {rest}"))?
            + open;
        parts.push(parse_hole(&rest[open + 1..close])?);
        rest = &rest[close + 1..];
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    Ok(Template(parts))
}

fn parse_hole(hole: &'static str) -> Result<Part, String> {
    let (body, unit) = hole.split_once('|').unwrap_or((hole, ""));
    let part = match hole.chars().next() {
        Some('~') => Part::Number {
            code: &body[1..],
            unit,
            how: How::Rounded,
        },
        Some('+') => Part::Number {
            code: &body[1..],
            unit,
            how: How::Cumulative,
        },
        Some('%') => {
            let (part, whole) = hole[1..]
                .split_once('/')
                .ok_or_else(|| format!("share without whole: {hole}"))?;
            Part::Share { part, whole }
        }
        Some('0') => Part::Zero {
            codes: body[2..].split(',').collect(),
            words: unit,
        },
        Some('[') => Part::List(hole[1..].trim_end_matches(']')),
        Some('#') => {
            let (low, high) = bounds(&body[1..])?;
            Part::Other {
                low,
                high,
                code: None,
                unit,
            }
        }
        Some('<') => Part::Narrower { code: &body[1..], unit },
        Some('?') => {
            let (code, range) = body[1..].split_once(' ').ok_or_else(|| format!("no range: {hole}"))?;
            let (low, high) = bounds(range)?;
            Part::Other {
                low,
                high,
                code: Some(code),
                unit,
            }
        }
        Some('Y') => Part::Year(if hole == "Y" {
            0
        } else {
            hole[1..].parse().map_err(|_| format!("no year: {hole}"))?
        }),
        _ if hole == "p" => Part::Percent,
        _ if hole.contains('.') => Part::Number {
            code: body,
            unit,
            how: How::Plain,
        },
        _ => Part::Word(hole),
    };
    Ok(part)
}

fn bounds(range: &str) -> Result<(i64, i64), String> {
    let (low, high) = range.split_once('-').ok_or_else(|| format!("no range: {range}"))?;
    let number = |text: &str| text.parse::<i64>().map_err(|_| format!("no number: {text}"));
    Ok((number(low)?, number(high)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes() {
        let template = parse_template("{Y}年{me}收到{requests.received.total|u}，{?consult.phone 5-90|次}");
        assert_eq!(
            template,
            Ok(Template(vec![
                Part::Year(0),
                Part::Text("年"),
                Part::Word("me"),
                Part::Text("收到"),
                Part::Number {
                    code: "requests.received.total",
                    unit: "u",
                    how: How::Plain
                },
                Part::Text("，"),
                Part::Other {
                    low: 5,
                    high: 90,
                    code: Some("consult.phone"),
                    unit: "次"
                },
            ]))
        );
        assert!(parse_template("{oops").is_err());
        assert!(parse_template("{#5}").is_err());
    }
}
