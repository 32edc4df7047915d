//! The report of the years to 2018: sections of prose in the order of the national notices, the table as an annex.

use super::Printer;
use crate::doc::Block;
use crate::vocabulary::Family;

impl Printer<'_> {
    pub(super) fn early(&mut self, blocks: &mut Vec<Block>) {
        let has_table = self.family != Family::Prose;
        // That all were dealt with, or all in time, is said in passing and may be taken for a number or not.
        self.ignore.push("requests.closed:prose".to_string());
        blocks.push(Block::Para(self.paragraph(&["intro", "e.scope"])));
        if self.prose {
            self.sections("early", blocks);
        }
        if has_table {
            self.annex(blocks);
        }
    }

    /// May this slot be filled? Small bodies often have nothing to say of advice and training, nobody has of requests
    /// that did not come.
    pub(super) fn early_slot(&mut self, slot: &'static str) -> &'static str {
        match slot {
            "e.themes" if !self.facts.themes_close => "e.themes.open",
            "e.subject" if self.facts.of("requests.received.total") == 0 => "",
            "e.consult" | "e.training" if !self.body.is_government() && self.dice.chance(50) => "",
            other => other,
        }
    }

    /// Channels of disclosure and reactions to the public, of the years that name them.
    pub(super) fn publication(&mut self, blocks: &mut Vec<Block>) {
        let slots: &[&'static str] = match self.year {
            2014.. if self.facts.of("resource.gazette_issues") > 0 => {
                &["e.publication", "e.normative", "e.response", "e.gazette"]
            }
            2014.. => &["e.publication", "e.normative", "e.response"],
            _ => &["e.media"],
        };
        let line = self.paragraph(slots);
        if self.dice.chance(75) {
            blocks.push(Block::Para(line));
        }
    }
}
