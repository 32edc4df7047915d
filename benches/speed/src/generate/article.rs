//! The articles of every kind of page: sections, tables and the sentences between them.

use std::fmt::Write as _;

use super::form::{self, Requests};
use super::page::Kind;
use super::writer::Writer;

/// Bytes of running text that a report is filled up to.
const PROSE_BYTES: (u64, u64) = (8_000, 16_000);

impl Writer<'_> {
    /// What stands before the article, the article, and what stands after it.
    pub(super) fn parts(&mut self, kind: Kind) -> [String; 3] {
        let (head, foot) = if self.is_old {
            &self.maker.heads[1]
        } else {
            &self.maker.heads[0]
        };
        self.fill(head);
        let before = std::mem::replace(&mut self.out, String::with_capacity(80_000));
        match kind {
            Kind::Statutory2021 => self.statutory(0),
            Kind::Statutory2019 => self.statutory(1),
            Kind::National => self.national(),
            Kind::Prose => self.prose(),
            Kind::Guide => {
                for name in ["guide", "service", "guide"] {
                    self.section("", &[name], PROSE_BYTES.0 / 3);
                }
            }
            Kind::Links => self.list(),
        }
        let article = std::mem::take(&mut self.out);
        self.fill(foot);
        [before, article, std::mem::take(&mut self.out)]
    }

    fn statutory(&mut self, form: usize) {
        let prose = self.chance.between(PROSE_BYTES.0, PROSE_BYTES.1);
        let maker = self.maker;
        let (matrix, requests) =
            form::section_three(maker.forms.get(form).map_or(&[], Vec::as_slice), &mut self.chance);
        self.heading("一、总体情况");
        self.agreeing(requests);
        self.section(
            "",
            &["overview", "proactive", "service", "platform", "supervision"],
            prose * 3 / 4,
        );
        self.heading("二、主动公开政府信息情况");
        let mut filled = String::new();
        if let Some(section) = maker.sections.get(form) {
            section.fill(&mut filled, &self.facts, &maker.words, &mut self.chance);
        }
        self.grid(&form::section_two(&filled));
        self.heading("三、收到和处理政府信息公开申请情况");
        self.grid(&matrix);
        self.heading("四、政府信息公开行政复议、行政诉讼情况");
        let disputes = form::section_four(&mut self.chance);
        self.grid(&disputes);
        self.section("五、存在的主要问题及改进情况", &["problem", "next"], prose / 5);
        self.section("六、其他需要报告的事项", &["other"], prose / 20);
    }

    /// Sentences that tell what the table says.
    fn agreeing(&mut self, requests: Requests) {
        let Requests {
            received,
            disposed,
            carried_out,
        } = requests;
        self.paragraph(&format!(
            "全年新收政府信息公开申请{received}件，办结{disposed}件，结转下年度继续办理{carried_out}件。"
        ));
    }

    fn national(&mut self) {
        let prose = self.chance.between(PROSE_BYTES.0, PROSE_BYTES.1);
        self.section("一、概述", &["overview"], prose / 3);
        self.section("二、主动公开和平台建设", &["proactive", "platform"], prose / 3);
        self.section("三、保障和监督", &["service", "supervision"], prose / 6);
        self.section("四、问题和打算", &["problem", "next"], prose / 6);
        let year = self.fact("year");
        self.heading("政府信息公开情况统计表");
        self.heading(&format!("（{year}年度）"));
        let table = form::national(self.maker.forms.get(2).map_or(&[], Vec::as_slice), &mut self.chance);
        self.grid(&table);
    }

    fn prose(&mut self) {
        let prose = self.chance.between(PROSE_BYTES.0, PROSE_BYTES.1);
        self.figures();
        self.section("一、概述", &["overview"], prose / 4);
        self.section("二、主动公开政府信息情况", &["figures.proactive"], 1);
        self.section("", &["proactive", "platform"], prose / 4);
        self.section("三、依申请公开政府信息情况", &["figures.requests"], 1);
        self.section("", &["service"], prose / 8);
        self.section("四、政府信息公开的收费及减免情况", &["figures.fees"], 1);
        self.section("五、咨询、行政复议和行政诉讼情况", &["figures.disputes"], 1);
        self.section(
            "六、存在的主要问题和改进措施",
            &["supervision", "problem", "next"],
            prose * 3 / 8,
        );
    }

    /// Figures of a report without tables: channels and themes, requests and replies add up.
    fn figures(&mut self) {
        let chance = &mut self.chance;
        let total = chance.between(200, 20_000);
        let received = chance.between(4, 300);
        let mut figures = vec![("total", total), ("received", received)];
        figures.extend(
            ["website", "gazette", "elsewhere"]
                .into_iter()
                .zip(chance.split(total, 3)),
        );
        figures.extend(["theme1", "theme2", "theme3"].into_iter().zip(chance.split(total, 3)));
        figures.extend(
            ["in_person", "fax", "online", "letter"]
                .into_iter()
                .zip(chance.split(received, 4)),
        );
        figures.extend(
            ["granted", "partial", "denied", "absent"]
                .into_iter()
                .zip(chance.split(received, 4)),
        );
        for (name, most) in [
            ("fee", 900),
            ("review", 9),
            ("litigation", 5),
            ("visits", 900),
            ("calls", 5000),
            ("clicks", 700),
        ] {
            figures.push((name, chance.between(0, most)));
        }
        self.facts
            .extend(figures.into_iter().map(|(name, figure)| (name, figure.to_string())));
    }

    fn list(&mut self) {
        self.out.push_str("<ul class=\"list\">\n");
        let place = self.fact("place");
        for _ in 0..80 {
            let year = self.chance.between(2008, 2023);
            let office = self
                .maker
                .words
                .get("office")
                .and_then(|offices| self.chance.pick(offices))
                .copied()
                .unwrap_or("");
            let number = self.chance.between(100_000, 999_999);
            let _ = writeln!(
                self.out,
                "<li><a href=\"/zwgk/nb/{year}/{number}.html\" title=\"{place}{office}{year}年政府信息公开工作年度报告\" target=\"_blank\" style=\"color:#333;font-size:16px\">{place}{office}{year}年政府信息公开工作年度报告</a><span style=\"float:right;color:#999\">{}-01-{}</span></li>",
                year + 1,
                self.chance.between(10, 31)
            );
        }
        self.out.push_str("</ul>\n");
    }
}
