//! What a document will be, before anything of it exists: body, year, family, layout, damage, bytes.

use crate::body::Body;
use crate::data::Data;
use crate::dice::Dice;
use crate::layout::Look;
use crate::vocabulary::{Damage, Encoding, Family, Layout, Negative, Script};

/// Documents of one body, in successive years, that stand behind each other in the corpus.
pub const GROUP: u64 = 4;

/// How the corpus is mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Profile {
    /// Half of the documents damaged, one in twenty no report.
    Mix,
    /// No damage, no negatives, declared encodings.
    Clean,
    /// Every report with one to four damages.
    Damaged,
    /// HTML pages of 40 to 60 KB, for speed.
    Bulk,
}

/// The body and table family of a group.
#[derive(Debug, Clone)]
pub struct GroupPlan {
    /// Who reports.
    pub body: Body,
    /// First reporting year of the group.
    pub first: i32,
    tables: bool,
    linyi: bool,
    shanghai: bool,
}

impl GroupPlan {
    /// Draws a group.
    pub fn draw(data: &'static Data, profile: Profile, dice: &mut Dice) -> Self {
        let first = dice.between(2008, 2022) as i32;
        let body = Body::draw(data, first, dice);
        // Pages of mere prose are too small to measure speed with.
        let bulk = profile == Profile::Bulk;
        let tables = dice.chance(if bulk { 95 } else { 70 });
        let linyi = body.place.code.starts_with("37") && dice.chance(60);
        // Its home and the provinces that took it over use the Shanghai model more than others.
        let home = ["31", "62", "44"].contains(&&body.place.code[..2]);
        let shanghai = dice.chance(if bulk || home { 85 } else { 45 });
        Self {
            body,
            first,
            tables,
            linyi,
            shanghai,
        }
    }

    /// The reporting year of the document at this place in the group; never outside the years of its place.
    pub fn year(&self, at: u64) -> i32 {
        (self.first + at as i32)
            .min(self.body.place.to)
            .max(self.body.place.from)
    }

    /// The table family the body uses in a year.
    pub fn family(&self, year: i32) -> Family {
        let province = &self.body.place.code[..2];
        match year {
            2021.. => Family::Statutory2021,
            2019..=2020 => Family::Statutory2019,
            _ if !self.tables => Family::Prose,
            2014..=2018 if province == "35" => Family::Fujian2018,
            2014..=2018 if self.linyi => Family::Linyi,
            2014..=2018 => Family::National2014,
            _ if province == "35" => Family::Fujian2009,
            _ if province == "34" => Family::Anhui,
            _ if self.shanghai => Family::Shanghai,
            _ => Family::Prose,
        }
    }
}

/// The plan of one document.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Kind of page that is no report.
    pub negative: Option<Negative>,
    /// Layout.
    pub look: Look,
    /// Damages in the order in which they are tried; one that finds nothing to spoil gives way to the next.
    pub damages: Vec<Damage>,
    /// How many of them are done.
    pub wanted: usize,
    /// Bytes.
    pub encoding: Encoding,
    /// Characters.
    pub script: Script,
    /// Template of the site; `none` for plain text.
    pub site: &'static str,
    /// Do tables have sentences around them?
    pub prose: bool,
    /// Bytes of styles and scripts.
    pub weight: usize,
}

impl Plan {
    /// Draws the plan of one document.
    pub fn draw(profile: Profile, family: Family, dice: &mut Dice) -> Self {
        let negative = match profile {
            Profile::Mix | Profile::Bulk if dice.chance(5) => Some(dice.pick(Negative::ALL)),
            _ => None,
        };
        let script = draw_script(profile, dice);
        let main = draw_layout(profile, family, script, dice);
        let mut look = Look {
            main,
            more: Vec::new(),
            filler_dashes: false,
            cells_dropped: false,
            truncated: false,
        };
        if look.is_html() {
            look.more = draw_extras(profile, dice);
        }
        let site = draw_site(profile, &look, script, dice);
        let weight = match profile {
            _ if !look.is_html() => 0,
            Profile::Bulk => dice.between(6_000, 24_000) as usize,
            _ if matches!(site, "bare" | "word") => 600,
            _ => dice.magnitude(2_000, 90_000) as usize,
        };
        let (damages, wanted) = draw_damages(profile, dice);
        Self {
            negative,
            damages,
            wanted,
            encoding: draw_encoding(profile, &look, script, dice),
            look,
            script,
            site,
            prose: family == Family::Prose || dice.chance(80),
            weight,
        }
    }
}

fn draw_script(profile: Profile, dice: &mut Dice) -> Script {
    match profile {
        Profile::Bulk => Script::Simplified,
        _ => [
            Script::Simplified,
            Script::TaiwanMirror,
            Script::Big5Gate,
            Script::Clone,
        ][dice.weighted(&[90, 4, 3, 3])],
    }
}

fn draw_layout(profile: Profile, family: Family, script: Script, dice: &mut Dice) -> Layout {
    if profile == Profile::Bulk {
        return if dice.chance(85) {
            Layout::HtmlSpans
        } else {
            Layout::HtmlFlat
        };
    }
    if script == Script::Big5Gate || script == Script::Clone {
        return Layout::HtmlSpans;
    }
    if family == Family::Prose {
        return if dice.chance(60) {
            Layout::HtmlSpans
        } else {
            Layout::Text
        };
    }
    [
        Layout::HtmlSpans,
        Layout::HtmlFlat,
        Layout::CellPerLine,
        Layout::Pipes,
        Layout::Tabs,
        Layout::Spaces,
        Layout::Markdown,
        Layout::PipeLines,
        Layout::Printed,
    ][dice.weighted(&[49, 8, 12, 10, 6, 5, 5, 2, 3])]
}

fn draw_extras(profile: Profile, dice: &mut Dice) -> Vec<Layout> {
    let mut extras = Vec::new();
    for (layout, percent) in [
        (Layout::NestedTables, 10),
        (Layout::SplitTables, 8),
        (Layout::UnclosedTags, 10),
        (Layout::WordStyles, if profile == Profile::Bulk { 52 } else { 20 }),
        (Layout::Breaks, 8),
    ] {
        if dice.chance(percent) {
            extras.push(layout);
        }
    }
    extras
}

fn draw_site(profile: Profile, look: &Look, script: Script, dice: &mut Dice) -> &'static str {
    match script {
        _ if !look.is_html() => "none",
        Script::TaiwanMirror => "mirror",
        Script::Clone => "clone",
        _ if profile == Profile::Bulk => dice.pick(&["portal", "department", "catalogue", "table2008"]),
        _ if look.has(Layout::WordStyles) && dice.chance(50) => "word",
        _ => dice.pick(&["portal", "portal", "department", "catalogue", "table2008", "bare"]),
    }
}

fn draw_encoding(profile: Profile, look: &Look, script: Script, dice: &mut Dice) -> Encoding {
    use Encoding::{Big5, Gb2312Label, GbkUndeclared, Utf8, Utf8Bom, Utf8Undeclared, Utf16, WrongGb2312, WrongUtf8};
    match (look.is_html(), profile) {
        _ if script == Script::Big5Gate => [Big5, Utf8][dice.weighted(&[80, 20])],
        (true, Profile::Clean) => [Utf8, Gb2312Label][dice.weighted(&[70, 30])],
        (true, _) => {
            let all = [
                Utf8,
                Utf8Bom,
                Utf8Undeclared,
                Gb2312Label,
                GbkUndeclared,
                Utf16,
                WrongUtf8,
                WrongGb2312,
            ];
            all[dice.weighted(&[52, 4, 6, 22, 6, 3, 4, 3])]
        }
        (false, Profile::Clean) => Utf8Undeclared,
        (false, _) => [Utf8Undeclared, Utf8Bom, GbkUndeclared, Utf16][dice.weighted(&[70, 8, 16, 6])],
    }
}

/// Every damage in the order in which this document tries them, and how many it wants.
fn draw_damages(profile: Profile, dice: &mut Dice) -> (Vec<Damage>, usize) {
    let wanted = match profile {
        Profile::Clean | Profile::Bulk => 0,
        Profile::Mix if dice.chance(50) => 0,
        Profile::Mix => dice.between(1, 2),
        Profile::Damaged => dice.between(1, 4),
    };
    let mut pool: Vec<Damage> = Damage::ALL.to_vec();
    let mut order = Vec::with_capacity(pool.len());
    // Damages that find their place on few pages are tried first on some, so that they occur often enough to be judged.
    const SCARCE: [Damage; 6] = [
        Damage::GluedEnumerators,
        Damage::WanLost,
        Damage::CellsDropped,
        Damage::FillerDashes,
        Damage::HeadersLost,
        Damage::GluedShares,
    ];
    if dice.chance(40) {
        let scarce = dice.pick(&SCARCE);
        pool.retain(|kind| *kind != scarce);
        order.push(scarce);
    }
    while !pool.is_empty() {
        order.push(pool.swap_remove(dice.below(pool.len() as u64) as usize));
    }
    (order, wanted as usize)
}
