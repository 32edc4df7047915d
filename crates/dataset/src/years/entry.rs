//! What year-to-year identities take from a report: who and when, its forms, and the few values that take part.

use gongkai_extract::{Applicant, BodyKind, Period, Scope, Status};
use gongkai_lexicon::{CategoryId, TemplateId};
use serde::{Deserialize, Serialize};

use super::YearBook;
use crate::convert::ReportRows;
use crate::name::Named;
use crate::rows::{MentionRow, ReportRow};

/// A report, as far as year-to-year identities need it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct YearEntry {
    pub body_id: String,
    /// Today's code of the territory.
    pub lineage_code: String,
    pub code: String,
    pub kind: Option<Named<BodyKind>>,
    pub organ: String,
    pub year: i16,
    pub report_id: String,
    /// Numbers of the forms that have such identities.
    forms: Vec<u16>,
    values: Vec<YearValue>,
}

/// A value that takes part.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct YearValue {
    category: u16,
    applicant: Named<Applicant>,
    period: Named<Period>,
    /// The number; none where a blank is printed, and where only about how many are.
    pub number: Option<f64>,
    /// First byte in the page's text.
    pub start: u32,
}

/// Which of several reports on one body and year counts: the smallest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    /// 0 for the whole work, 1 when the report does not say, more for parts.
    pub scope: u8,
    /// Fewer than the most possible by as many observations as the report has.
    pub missing_observations: u32,
}

impl Standing {
    /// The standing of a report.
    pub(crate) fn of(report: &ReportRow) -> Self {
        let is = |wanted| report.scope.is_some_and(|scope| scope == wanted);
        Self {
            scope: match () {
                () if is(Scope::Territory) => 0,
                () if is(Scope::OwnLevel) => 2,
                () if is(Scope::Subset) => 3,
                () => 1,
            },
            missing_observations: u32::MAX - report.n_observations,
        }
    }
}

impl YearEntry {
    /// The entry of a report; none when it cannot be joined with another year or has nothing to compare. A report that
    /// does not name its organ is not joined: all such reports of a territory would pass for one body.
    pub(crate) fn of(rows: &ReportRows, book: &YearBook) -> Option<Self> {
        let report = &rows.report;
        let (body_id, organ) = (report.body_id.as_ref()?, report.organ.as_ref()?);
        let (code, year) = (report.jurisdiction_code.as_ref()?, report.year?);
        let forms = report.templates.iter().filter_map(|form| book.forms.get(form));
        let forms: Vec<u16> = forms.map(|form| form.0).collect();
        if forms.is_empty() {
            return None;
        }
        let observed = rows.observed.iter().filter_map(|seen| rows.mentions.get(seen.mention));
        let values = observed.filter_map(|row| {
            let category = book.categories.get(row.category.as_str())?;
            Some(YearValue::of(*category, row))
        });
        let values: Vec<YearValue> = values.collect();
        (!values.is_empty()).then(|| Self {
            body_id: body_id.clone(),
            lineage_code: report.successor_code.as_ref().unwrap_or(code).clone(),
            code: code.clone(),
            kind: report.body_kind,
            organ: organ.clone(),
            year,
            report_id: report.report_id.clone(),
            forms,
            values,
        })
    }

    /// Whether the report has one of the forms.
    pub(crate) fn has_form(&self, forms: &[TemplateId]) -> bool {
        forms.iter().any(|form| self.forms.contains(&form.0))
    }

    /// The value of a category, applicant and period.
    pub(crate) fn value(&self, category: CategoryId, applicant: Applicant, period: Period) -> Option<&YearValue> {
        self.values
            .iter()
            .find(|value| value.category == category.0 && value.applicant == applicant && value.period == period)
    }
}

impl YearValue {
    fn of(category: CategoryId, row: &MentionRow) -> Self {
        #[allow(clippy::cast_precision_loss)] // counts are far below 2^53
        let printed = match (row.count, row.amount_cny) {
            (Some(count), _) => Some(count as f64),
            (None, Some(fen)) => Some(fen.0 as f64 / 100.0),
            (None, None) => None,
        };
        Self {
            category: category.0,
            applicant: row.applicant,
            period: row.period,
            number: printed.filter(|_| row.status != Status::Approximate),
            start: row.start,
        }
    }
}
