//! What a domain expert knows, read from `data/`: categories, table templates, identities, prose wordings, script
//! tables and the gazetteer.
//!
//! Every file is plain TSV with a header line. A wrong file is refused with its name, the line and the reason. Knows
//! nothing of pages and of files being read.

mod category;
mod codebook;
mod derived;
mod finder;
mod gazetteer;
mod hint;
mod identity;
mod indicator;
mod label;
mod marks;
mod organ;
mod prose;
mod row;
mod script;
mod series;
mod set;
mod source;
mod statement;
mod template;
mod tsv;
mod unit;
mod utf8;
mod year_identity;
mod years;

use std::sync::Arc;

pub use category::{Categories, Category, CategoryId, CategoryKind, Role};
pub use codebook::{CodebookTexts, GuideText, Section};
pub use derived::DerivedTotal;
pub use finder::{WordFinder, WordFound, WordIndex};
pub use gazetteer::{Change, ChangeKind, Clue, ClueKind, Gazetteer, Lineage, Named, Place, PlaceLevel, Township, Zone};
pub use identity::{Comparison, Each, IdentityKind, IdentityRule, Term};
pub use indicator::{Indicator, IndicatorTerm};
pub use label::{first_of_run, inner_run, label_letters, label_run, normalize_label, strip_enumerator};
pub use marks::{MarkWords, Marks};
pub use organ::{OrganWords, WordKind, WordKinds};
pub use prose::{GrammarSets, ProseLexicon, SECTIONS, WordId, WordSet};
pub use script::ScriptTable;
pub use series::{Comparability, SeriesBook, SeriesLine};
pub use source::DataSource;
pub use statement::{
    Composed, FeatureId, FeatureKind, FeatureSet, GrammarFeatures, Lexeme, Means, Statements, Surroundings,
    Unit as StatementUnit,
};
pub use template::{
    APPLICANTS, Column, ColumnMeaning, ColumnSet, PERIODS, Relation, RowId, Template, TemplateId, TemplateKind,
    TemplateRow, Templates,
};
pub use tsv::DataError;
pub use unit::{UnitClass, Units};
pub use utf8::{NotUtf8, utf8};
pub use year_identity::{YearCount, YearEach, YearRule, YearTerm};
pub use years::Years;

/// Everything read from `data/`.
#[derive(Debug)]
pub struct Lexicon {
    /// The canonical category tree.
    pub categories: Categories,
    /// The printed forms, row by row.
    pub templates: Templates,
    /// The arithmetic that must hold within a report.
    pub identities: Vec<IdentityRule>,
    /// The arithmetic between the reports of a body on two successive years.
    pub year_identities: Vec<YearRule>,
    /// Comparable series over the forms.
    pub series: SeriesBook,
    /// Totals that forms do not print.
    pub derived: Vec<DerivedTotal>,
    /// Ratios of series, by name.
    pub indicators: Vec<Indicator>,
    /// Units of count and money.
    pub units: Units,
    /// Years that reports can be on. What a page says of others is a slip, and no clock is asked.
    pub report_years: Years,
    /// How sentences speak of the categories.
    pub prose: ProseLexicon,
    /// What words of sentences mean, and what their meanings make.
    pub statements: Statements,
    /// Small lists of the sentence grammar.
    pub marks: Marks,
    /// Traditional and Taiwan vocabulary to Mainland Simplified.
    pub script: ScriptTable,
    /// Places with their codes and years.
    pub gazetteer: Arc<Gazetteer>,
    /// Words that make titles and organs.
    pub organs: OrganWords,
    /// What the codebook says to people besides all this.
    pub codebook: CodebookTexts,
    /// Hash of every data file, hexadecimal: the version of the knowledge.
    pub version: String,
}

impl Lexicon {
    /// Reads every data file from `source`.
    ///
    /// # Errors
    /// [`DataError`] with file, line and reason for the first thing that is wrong.
    pub fn load(source: &DataSource) -> Result<Self, DataError> {
        let units = Units::parse(&source.table("units.tsv")?)?;
        let categories = Categories::parse(&source.table("categories.tsv")?, &units)?;
        let templates = Templates::parse(
            &source.table("templates.tsv")?,
            &source.table("columns.tsv")?,
            &source.table("template_rows.tsv")?,
            &source.table("contrasts.tsv")?,
            &categories,
            &units,
        )?;
        let (identities, year_identities) = identity::parse(&source.table("identities.tsv")?, &categories, &templates)?;
        let series = SeriesBook::parse(&source.table("series.tsv")?, &categories)?;
        let derived = derived::parse(&source.table("derived.tsv")?, &categories)?;
        let indicators = indicator::parse(&source.table("indicators.tsv")?, &series, &templates)?;
        let report_years = Years::alone(&source.table("report_years.tsv")?)?;
        let prose = ProseLexicon::parse(&source.table("prose/words.tsv")?)?;
        let statements = Statements::parse(
            &source.table("prose/features.tsv")?,
            &source.table("prose/lexicon.tsv")?,
            &source.table("prose/compose.tsv")?,
            &categories,
        )?;
        let marks = Marks::parse(&source.table("prose/marks.tsv")?)?;
        let script = ScriptTable::parse(
            &source.table("script/radicals.tsv")?,
            &source.table("script/hant_hans.tsv")?,
            &source.table("script/vocabulary.tsv")?,
        )?;
        let gazetteer = Arc::new(Gazetteer::parse(source)?);
        let organs = OrganWords::parse(&source.table("organ_words.tsv")?)?;
        let codebook = CodebookTexts::parse(source, &categories)?;
        let version = source.version();
        Ok(Self {
            categories,
            templates,
            identities,
            year_identities,
            series,
            derived,
            indicators,
            units,
            report_years,
            prose,
            statements,
            marks,
            script,
            gazetteer,
            organs,
            codebook,
            version,
        })
    }
}
