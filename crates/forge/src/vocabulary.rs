//! The closed vocabularies of the labels: every name that `labels` in `truth.jsonl` can hold.

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$item_doc])* $item,)+ }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$item,)+];

            /// The name in the labels.
            pub fn name(self) -> &'static str {
                match self { $(Self::$item => $text,)+ }
            }
        }
    };
}

vocabulary! {
    /// Eras of the reporting year (`era`).
    Era {
        /// 2008 to 2013: no national form.
        Early = "2008-2013",
        /// 2014 to 2018: 国办发〔2014〕32号.
        National = "2014-2018",
        /// 2019 and 2020: 国办公开办函〔2019〕60号.
        Trial = "2019-2020",
        /// 2021 and later: 国办公开办函〔2021〕30号.
        Statutory = "2021+",
    }
}

impl Era {
    /// The era of a reporting year.
    pub fn of(year: i32) -> Self {
        match year {
            ..=2013 => Self::Early,
            2014..=2018 => Self::National,
            2019..=2020 => Self::Trial,
            _ => Self::Statutory,
        }
    }
}

vocabulary! {
    /// Table families (`family`); a report of pure prose has `prose` only.
    Family {
        /// Statistic table of the Shanghai model.
        Shanghai = "shanghai",
        /// Fujian annex of 2009.
        Fujian2009 = "fujian2009",
        /// Fujian annex of 2018.
        Fujian2018 = "fujian2018",
        /// Anhui statistic sheet.
        Anhui = "anhui",
        /// National table 2014 to 2018.
        National2014 = "national2014",
        /// National table with the rows of the Linyi sheet.
        Linyi = "linyi",
        /// Statutory form of 2019 and 2020.
        Statutory2019 = "statutory2019",
        /// Statutory form since 2021.
        Statutory2021 = "statutory2021",
        /// No table at all.
        Prose = "prose",
    }
}

impl Family {
    /// The name its shares have in `data/weights.tsv`.
    pub fn set(self) -> &'static str {
        self.name()
    }

    /// Is it the statutory form?
    pub fn is_statutory(self) -> bool {
        matches!(self, Self::Statutory2019 | Self::Statutory2021)
    }

    /// The `group` of the gold format.
    pub fn group(self) -> &'static str {
        match self {
            Self::Shanghai | Self::Fujian2009 | Self::Fujian2018 | Self::Anhui => "provincial",
            Self::National2014 | Self::Linyi => "national2014",
            other => other.name(),
        }
    }
}

vocabulary! {
    /// How blocks and cells are laid out (`layout`); a page has one of the first ten and any of the rest.
    Layout {
        /// HTML tables with rowspan and colspan.
        HtmlSpans = "html_spans",
        /// HTML tables without spans: what a merged cell covers is empty.
        HtmlFlat = "html_flat",
        /// Plain text, one cell a line.
        CellPerLine = "cell_per_line",
        /// Plain text, `a | b | c |`, empty cells kept.
        Pipes = "pipes",
        /// Plain text, cells of a row separated by tabs.
        Tabs = "tabs",
        /// Plain text, cells of a row separated by spaces.
        Spaces = "spaces",
        /// Markdown.
        Markdown = "markdown",
        /// Plain text, one cell a line, with a pipe alone on the line between two.
        PipeLines = "pipe_lines",
        /// Text of a printed document: lines of one width, labels and sentences broken over them, a page number between.
        Printed = "printed",
        /// Plain text of a page without tables.
        Text = "text",
        /// Tables inside layout tables.
        NestedTables = "nested_tables",
        /// Tables cut in two or three.
        SplitTables = "split_tables",
        /// Cells, rows and paragraphs never closed.
        UnclosedTags = "unclosed_tags",
        /// Inline styles and empty elements as Word saves them.
        WordStyles = "word_styles",
        /// Paragraphs are lines with `<br>`.
        Breaks = "breaks",
    }
}

vocabulary! {
    /// Damages (`damage`), in the order in which they are done: what is said, its words, its characters, its cells.
    Damage {
        /// One number of the table was mistyped: identities fail.
        BrokenIdentity = "broken_identity",
        /// Prose and table of one page disagree.
        ProseSlip = "prose_slip",
        /// Labels in another wording or with a typo.
        LabelVariants = "label_variants",
        /// Head cells lost or cut.
        HeadersLost = "headers_lost",
        /// Rows of a table printed twice.
        DoubledRows = "doubled_rows",
        /// `条2.` lost its unit: the digits of count and enumerator run together.
        GluedEnumerators = "glued_enumerators",
        /// `宗，占` lost: the digits of count and share run together.
        GluedShares = "glued_shares",
        /// 年, 月 between digits, and units before a comma lost.
        HanRunsLost = "han_runs_lost",
        /// 万 of a rounded number lost: what is left is no count.
        WanLost = "wan_lost",
        /// Names of places overwritten with a brand or a domain.
        BrandOverwritten = "brand_overwritten",
        /// Digits replaced by `*`.
        MaskedDigits = "masked_digits",
        /// Pinyin behind characters.
        PinyinNoise = "pinyin_noise",
        /// Digits in full width.
        FullWidth = "full_width_digits",
        /// Spaces inside numbers.
        SpacedNumbers = "spaced_numbers",
        /// The page ends in the middle.
        Truncated = "truncated",
        /// Cells that merged cells cover are printed as `-`.
        FillerDashes = "filler_dashes",
        /// Empty cells dropped from rows of plain text.
        CellsDropped = "cells_dropped",
    }
}

vocabulary! {
    /// Bytes of the file (`encoding`).
    Encoding {
        /// UTF-8, declared.
        Utf8 = "utf8",
        /// UTF-8 with a byte order mark.
        Utf8Bom = "utf8_bom",
        /// UTF-8, nothing declared.
        Utf8Undeclared = "utf8_undeclared",
        /// GB18030 under the label gb2312.
        Gb2312Label = "gb2312_label",
        /// GBK, nothing declared.
        GbkUndeclared = "gbk_undeclared",
        /// Big5, declared.
        Big5 = "big5",
        /// UTF-16, little endian, with a byte order mark.
        Utf16 = "utf16",
        /// Declares utf-8 and is GB18030.
        WrongUtf8 = "wrong_utf8",
        /// Declares gb2312 and is UTF-8.
        WrongGb2312 = "wrong_gb2312",
    }
}

vocabulary! {
    /// Characters and words (`script`), reports.md 4.2.
    Script {
        /// Simplified.
        Simplified = "hans",
        /// Traditional of an encyclopaedia in Taiwan.
        TaiwanMirror = "hant_taiwan",
        /// Traditional of a government's big5 gate.
        Big5Gate = "hant_gate",
        /// Traditional of a cloned site, character by character.
        Clone = "hant_clone",
    }
}

vocabulary! {
    /// Kind of page that is no annual report (`negative`).
    Negative {
        /// 政府信息公开指南.
        Guide = "guide",
        /// News about reports.
        News = "news",
        /// A list of links to reports.
        Links = "links",
        /// A budget report.
        Budget = "budget",
        /// A report on half a year.
        HalfYear = "half_year",
    }
}

vocabulary! {
    /// Level of the body (`level`).
    Level {
        /// 省, 自治区, 直辖市.
        Province = "province",
        /// 市, 州.
        Prefecture = "prefecture",
        /// 区, 县, 县级市.
        County = "county",
        /// 镇, 乡, 街道.
        Township = "township",
        /// 局 and the like.
        Department = "department",
        /// 开发区 and the like.
        Zone = "zone",
    }
}
