//! Who reports: a government, its office, a bureau, a town or a zone of a real place, with the words it uses for itself.

use crate::data::{Data, Place};
use crate::dice::Dice;
use crate::vocabulary::Level;

/// A reporting body.
#[derive(Debug, Clone)]
pub struct Body {
    /// Its territory; for towns, bureaus and zones the place above them.
    pub place: &'static Place,
    /// Its level.
    pub level: Level,
    /// Its own part of the name: 人民政府, 民政局, 荔城街道办事处.
    pub own_name: String,
    /// 我区, 我局, 我镇.
    pub me: &'static str,
    /// How large it is among its like, 0 to 100.
    pub size: i64,
}

impl Body {
    /// Draws a body whose place exists in `year`.
    pub fn draw(data: &'static Data, year: i32, dice: &mut Dice) -> Self {
        let level = [
            Level::Province,
            Level::Prefecture,
            Level::County,
            Level::Township,
            Level::Department,
            Level::Zone,
        ][dice.weighted(&[5, 14, 42, 15, 20, 4])];
        let wanted = match level {
            Level::Province => "province",
            Level::Prefecture | Level::Zone => "prefecture",
            Level::County | Level::Township => "county",
            Level::Department => dice.pick(&["province", "prefecture", "prefecture", "county", "county", "county"]),
        };
        let place = draw_place(data, wanted, year, level == Level::Township, dice);
        let (own_name, me) = match level {
            Level::Province | Level::Prefecture | Level::County => government(place, dice),
            Level::Township => town(place, dice),
            Level::Department => (
                bureau(data, place, year, dice),
                dice.pick(&["我局", "本局", "我单位", "本单位"]),
            ),
            Level::Zone => (dice.pick(data.words("zones")).to_string(), "我区"),
        };
        let size = dice.below(101) as i64;
        Self {
            place,
            level,
            own_name,
            me,
            size,
        }
    }

    /// The full name, from the nearest unit above: 广州市天河区人民政府, 天河区民政局.
    pub fn clear_name(&self) -> String {
        match self.level {
            Level::Zone => self.place.name.trim_end_matches('市').to_string() + &self.own_name,
            _ => self.place.clear_name() + &self.own_name,
        }
    }

    /// The name without the unit above.
    pub fn short_name(&self) -> String {
        match self.level {
            Level::Zone => self.clear_name(),
            _ => self.place.name.to_string() + &self.own_name,
        }
    }

    /// The column of `data/magnitudes.tsv` that tells its sizes.
    pub fn scale(&self) -> usize {
        match self.level {
            Level::Province => 0,
            Level::Prefecture => 1,
            Level::County => 2,
            Level::Township => 3,
            Level::Department | Level::Zone => 4,
        }
    }

    /// Is it the government of a whole territory?
    pub fn is_government(&self) -> bool {
        self.scale() < 3
    }
}

/// A place that exists in the year; the provinces with table families of their own more often than their share.
fn draw_place(data: &'static Data, level: &str, year: i32, with_towns: bool, dice: &mut Dice) -> &'static Place {
    let home = [("35", 9), ("34", 7), ("37", 7), ("31", 5)]
        .into_iter()
        .find(|(_, percent)| dice.chance(*percent));
    let fits = |p: &&Place| p.level == level && p.from <= year && year <= p.to && (!with_towns || !p.towns.is_empty());
    let mut fitting: Vec<&'static Place> = data.places.iter().filter(fits).collect();
    if let Some((province, _)) = home
        && fitting.iter().any(|place| place.code.starts_with(province))
    {
        fitting.retain(|place| place.code.starts_with(province));
    }
    dice.pick(&fitting)
}

fn government(place: &Place, dice: &mut Dice) -> (String, &'static str) {
    let me = match place.name.chars().last() {
        Some('省') => "我省",
        Some('市') => "我市",
        Some('县') => "我县",
        Some('州') => "我州",
        Some('旗') => "我旗",
        _ => "我区",
    };
    let own = match dice.below(100) {
        0..12 if place.level == "province" => "人民政府办公厅",
        0..12 => "人民政府办公室",
        _ => "人民政府",
    };
    (own.to_string(), me)
}

fn town(place: &Place, dice: &mut Dice) -> (String, &'static str) {
    let town = dice.pick(&place.towns);
    match town.chars().last() {
        Some('道') => (format!("{town}办事处"), dice.pick(&["我街道", "本街道"])),
        Some('乡') => (format!("{town}人民政府"), "我乡"),
        _ => (format!("{town}人民政府"), "我镇"),
    }
}

/// A bureau that stood in the year and the three after it: `data/words.tsv` names bureaus with the years between which they stood.
fn bureau(data: &'static Data, place: &Place, year: i32, dice: &mut Dice) -> String {
    let fits = |entry: &&&'static str| {
        let mut parts = entry.split(' ').skip(1);
        let bound = |text: Option<&str>, open: i32| text.and_then(|t| t.parse().ok()).unwrap_or(open);
        let (from, to) = (bound(parts.next(), i32::MIN), bound(parts.next(), i32::MAX));
        from <= year && year + 3 <= to
    };
    let standing: Vec<&&str> = data.words("bureaus").iter().filter(fits).collect();
    let name = dice.pick(&standing).split(' ').next().unwrap_or_default();
    if place.level == "province" && place.name.ends_with(['省', '区']) {
        return name.trim_end_matches('局').to_string() + "厅";
    }
    name.to_string()
}
