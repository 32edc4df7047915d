//! One document from its number: plan, facts, print, damage, layout, bytes, truth.

use crate::data::{Data, DataError};
use crate::dice::Dice;
use crate::facts::{self, Draw, Facts, Stocks};
use crate::layout;
use crate::negative;
use crate::plan::{GROUP, GroupPlan, Plan, Profile};
use crate::printer::{Page, Printer, Style};
use crate::script::Converter;
use crate::site::Site;
use crate::truth::{self, Labels, PageTruth, Report, Truth};
use crate::vocabulary::{Damage, Era, Layout, Level, Negative, Script};
use crate::{body::Body, damage};

/// Files in one folder.
const FOLDER: u64 = 1000;

/// A forged document.
#[derive(Debug)]
pub struct Document {
    /// The file.
    pub bytes: Vec<u8>,
    /// Share of the page, 0 to 1, that is text and tables with their markup; the rest is the site around them.
    pub article_share: f64,
    /// Its truth; `truth.file` is its path below the output folder.
    pub truth: Truth,
}

/// Forges documents of one seed and profile.
#[derive(Debug, Clone, Copy)]
pub struct Forge {
    data: &'static Data,
    seed: u64,
    profile: Profile,
}

/// The body, the year and what is true of them.
struct Case {
    plan: GroupPlan,
    year: i32,
    facts: Facts,
}

impl Forge {
    /// A forge; it reads its data files once.
    ///
    /// # Errors
    /// A data file that cannot be read.
    pub fn new(seed: u64, profile: Profile) -> Result<Self, DataError> {
        Ok(Self {
            data: Data::load()?,
            seed,
            profile,
        })
    }

    /// Document number `at`: it depends on the seed, the profile and this number alone.
    pub fn document(&self, at: u64) -> Document {
        let mut dice = Dice::new(self.seed, 2 * at + 1);
        let mut case = self.case(at);
        let family = case.plan.family(case.year);
        let mut plan = Plan::draw(self.profile, family, &mut dice);
        if let Some(kind) = plan.negative {
            return self.negative_document(at, kind, &case, plan, &mut dice);
        }
        let mut done = Vec::new();
        if plan.damages[..plan.wanted].contains(&Damage::BrokenIdentity) && break_identity(&mut case, &mut dice) {
            done.push(Damage::BrokenIdentity);
        }
        let body = &case.plan.body;
        let printer = Printer {
            data: self.data,
            body,
            year: case.year,
            facts: &case.facts,
            family,
            prose: plan.prose,
            style: Style::draw(body, &mut dice),
            dice: &mut dice,
            ignore: Vec::new(),
        };
        let mut page = printer.page();
        self.damage(&mut page, &mut plan, &mut done, body, &mut dice);
        let has_prose = plan.prose;
        let truth = truth::read_off(&page, self.data);
        let labels = labels(&plan, &done, family.name(), case.year, body.level, has_prose);
        let (bytes, article_share) = self.bytes(&page, &plan, body, &mut dice);
        let report = report(&page, &plan, &done, body, case.year);
        Document {
            bytes,
            article_share,
            truth: line(file_name(at, &plan), family.group(), Some(report), truth, page, labels),
        }
    }

    /// The body and facts of a document: its years are drawn one after another, each from what the one before left.
    fn case(&self, at: u64) -> Case {
        let group = at / GROUP;
        let plan = GroupPlan::draw(self.data, self.profile, &mut Dice::new(self.seed, 2 * group));
        let mut stocks = Stocks::default();
        let mut facts = Facts::default();
        let mut year = plan.year(0);
        for step in 0..=at % GROUP {
            if step > 0 && plan.year(step) == year {
                continue;
            }
            year = plan.year(step);
            let mut dice = Dice::new(self.seed ^ 0x5f3c_91aa, group * GROUP + step);
            let mut draw = Draw {
                data: self.data,
                body: &plan.body,
                dice: &mut dice,
                stocks: &mut stocks,
            };
            facts = facts::draw(plan.family(year), year, &mut draw);
        }
        Case { plan, year, facts }
    }

    /// Does the damages of the plan; one that finds nothing to spoil gives way to the next.
    fn damage(&self, page: &mut Page, plan: &mut Plan, done: &mut Vec<Damage>, body: &Body, dice: &mut Dice) {
        let order = std::mem::take(&mut plan.damages);
        let fitting = order.into_iter().filter(|kind| damage::fits(*kind, page, plan));
        let mut chosen: Vec<Damage> = fitting.take(plan.wanted - done.len()).collect();
        chosen.sort_unstable();
        let mut site = damage::Place {
            data: self.data,
            body,
            plan,
            dice,
        };
        for &kind in chosen.iter().filter(|kind| !damage::is_of_characters(**kind)) {
            done.extend(damage::apply(kind, page, &mut site).then_some(kind));
        }
        let converter = Converter::new(self.data, site.plan.script);
        page.ignore.extend(converter.convert_blocks(&mut page.blocks));
        page.title = converter.convert(&page.title);
        for &kind in chosen.iter().filter(|kind| damage::is_of_characters(**kind)) {
            done.extend(damage::apply(kind, page, &mut site).then_some(kind));
        }
        // What seemed to fit may have found nothing: every page has digits.
        if done.is_empty() && site.plan.wanted > 0 && damage::apply(Damage::FullWidth, page, &mut site) {
            done.push(Damage::FullWidth);
        }
        self.settle(page, site.plan, done);
    }

    /// Layouts that cannot show an empty cell: lines of cells are put between pipes instead, since nobody could tell an
    /// empty cell from an empty line; cells between spaces lose theirs, but in a clean corpus, where they get tabs.
    fn settle(&self, page: &mut Page, plan: &mut Plan, done: &mut Vec<Damage>) {
        if !damage::has_empty_cell(page) {
            return;
        }
        match plan.look.main {
            Layout::CellPerLine | Layout::PipeLines => plan.look.main = Layout::Pipes,
            Layout::Spaces | Layout::Printed if self.profile == Profile::Clean => plan.look.main = Layout::Tabs,
            Layout::Spaces | Layout::Printed => {
                done.extend(damage::drop_cells(page, &mut plan.look).then_some(Damage::CellsDropped))
            }
            _ => {}
        }
    }

    /// The file, and the share of it that is the article.
    fn bytes(&self, page: &Page, plan: &Plan, body: &Body, dice: &mut Dice) -> (Vec<u8>, f64) {
        let (text, article) = if plan.look.is_html() {
            let inner = layout::html(&page.blocks, &plan.look, dice);
            let converter = Converter::new(self.data, plan.script);
            let convert = |text: &str| converter.convert(text);
            let site = Site {
                data: self.data,
                body,
                name: plan.site,
                title: &page.title,
                published: page.published.as_deref().unwrap_or("2012-01-01"),
                charset: plan.encoding.declaration(),
                convert: &convert,
                // A page is never mostly styles and scripts.
                weight: plan.weight.min(if self.profile == Profile::Bulk {
                    inner.len() / 2
                } else {
                    plan.weight
                }),
                truncated: plan.look.truncated,
            };
            (site.wrap(&inner, dice), inner.len())
        } else {
            let text = layout::plain(&page.blocks, &plan.look, dice);
            let article = text.len();
            (text, article)
        };
        let share = article as f64 / text.len().max(1) as f64;
        (plan.encoding.encode(&text), share)
    }

    /// A page that is no annual report: it must be turned away, and nothing may be read from it.
    fn negative_document(&self, at: u64, kind: Negative, case: &Case, plan: Plan, dice: &mut Dice) -> Document {
        let mut page = negative::page(kind, self.data, &case.plan.body, case.year, dice);
        Converter::new(self.data, plan.script).convert_blocks(&mut page.blocks);
        page.title = Converter::new(self.data, plan.script).convert(&page.title);
        let mut labels = labels(&plan, &[], "prose", case.year, case.plan.body.level, false);
        labels.negative = Some(kind.name());
        labels.family.clear();
        let (bytes, article_share) = self.bytes(&page, &plan, &case.plan.body, dice);
        let mut truth = line(
            file_name(at, &plan),
            "nonreport",
            None,
            PageTruth::default(),
            page,
            labels,
        );
        truth.report_type = (kind == Negative::HalfYear).then_some("half_year");
        Document {
            bytes,
            article_share,
            truth,
        }
    }
}

/// Mistypes one number of the table, so that an identity of the form fails.
fn break_identity(case: &mut Case, dice: &mut Dice) -> bool {
    let table = case.plan.family(case.year);
    let may = |category: &str| {
        !matches!(table, crate::vocabulary::Family::Prose)
            && [
                "requests.outcome.granted",
                "requests.outcome.total",
                "requests.received.total",
                "requests.carried_out",
            ]
            .contains(&category)
    };
    let keys: Vec<_> = case
        .facts
        .counts()
        .filter(|(key, n)| *n > 0 && may(key.category))
        .map(|(key, n)| (key.clone(), n))
        .collect();
    if keys.is_empty() {
        return false;
    }
    let (key, count) = keys[dice.below(keys.len() as u64) as usize].clone();
    let slip = dice.between(1, 9);
    case.facts.count(key, count + slip);
    true
}

fn labels(plan: &Plan, done: &[Damage], family: &'static str, year: i32, level: Level, prose: bool) -> Labels {
    Labels {
        era: Era::of(year).name(),
        family: vec![family],
        prose,
        layout: plan.look.names(),
        damage: done.iter().map(|damage| damage.name()).collect(),
        encoding: plan.encoding.name(),
        script: plan.script.name(),
        site: plan.site,
        level: level.name(),
        negative: None,
    }
}

fn report(page: &Page, plan: &Plan, done: &[Damage], body: &Body, year: i32) -> Report {
    let overwritten = done.contains(&Damage::BrandOverwritten);
    let organ = body.clear_name();
    let government = organ
        .strip_suffix("办公室")
        .or_else(|| organ.strip_suffix("办公厅"))
        .map(str::to_string);
    Report {
        jurisdiction_code: body.place.code.to_string(),
        jurisdiction: body.place.full_name(),
        organ: (!overwritten).then_some(organ),
        level: (!overwritten).then_some(body.level.name()),
        year,
        published: page.published.clone(),
        script: if plan.script == Script::Simplified {
            "hans"
        } else {
            "hant"
        },
        organ_accept: government.into_iter().collect(),
        code_accept: if overwritten { vec![None] } else { Vec::new() },
        zone: body.level == Level::Zone,
    }
}

fn line(
    file: String,
    group: &'static str,
    report: Option<Report>,
    said: PageTruth,
    page: Page,
    labels: Labels,
) -> Truth {
    let mut ignore = page.ignore;
    ignore.extend(said.open);
    ignore.sort_unstable();
    ignore.dedup();
    Truth {
        file,
        group,
        report,
        observations: said.observations,
        optional: said.optional,
        complete: page.complete,
        ignore,
        failed_checks: said.failed,
        report_type: None,
        labels,
    }
}

/// Path of a document: a folder for every thousand.
fn file_name(at: u64, plan: &Plan) -> String {
    let ending = match plan.look.main {
        _ if plan.look.is_html() => "html",
        _ => "txt",
    };
    format!("{:04}/{at:07}.{ending}", at / FOLDER)
}
