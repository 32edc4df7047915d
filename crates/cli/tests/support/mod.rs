//! The binary, small folders of dumps to call it on, and what it said as one text.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

pub mod library;
pub mod world;

use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

/// Three counts in sentences, two of them parts of one.
pub const PROSE: &str = "杭州市余杭区人民政府2012年政府信息公开工作年度报告\n\n\
                         全年主动公开政府信息1,234条。\n\
                         收到政府信息公开申请12件，其中当面申请5件，网上申请7件。\n\
                         未发生行政诉讼。\n";

/// The first rows of the form of 2014; one value is blank, one does not apply.
pub const TABLE: &str = "<title>临安市人民政府2015年政府信息公开工作年度报告</title>\
                         <h1>临安市人民政府2015年政府信息公开工作年度报告</h1>\
                         <table><tr><th>统计指标</th><th>单位</th><th>统计数</th></tr>\
                         <tr><td>一、主动公开情况</td><td></td><td></td></tr>\
                         <tr><td>（一）主动公开政府信息数</td><td>条</td><td>345</td></tr>\
                         <tr><td>其中：主动公开规范性文件数</td><td>条</td><td></td></tr>\
                         <tr><td>制发规范性文件总数</td><td>件</td><td>/</td></tr>\
                         <tr><td>（二）通过不同渠道和方式公开政府信息的情况</td><td></td><td></td></tr>\
                         <tr><td>1.政府公报公开政府信息数</td><td>条</td><td>0</td></tr>\
                         <tr><td>2.政府网站公开政府信息数</td><td>条</td><td>１，３４５</td></tr></table>";

/// A temporary folder to work in; commands are called inside it, so that what they print has no absolute path.
pub struct Place {
    root: TempDir,
}

impl Place {
    /// An empty folder.
    pub fn new() -> Self {
        Self {
            root: TempDir::new().unwrap(),
        }
    }

    /// A folder with `dumps/`: a report in sentences, one in a table, one for a department.
    pub fn with_dumps() -> Self {
        let place = Self::new();
        place.write("dumps/a/prose.txt", PROSE);
        place.write("dumps/a/table.html", TABLE);
        place.write(
            "dumps/b/unit.htm",
            PROSE
                .replace("人民政府", "教育局")
                .replace("2012", "2013")
                .replace('\n', "<p>"),
        );
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// The command with these arguments, separated by spaces.
    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        command.args(arguments.split_whitespace()).current_dir(self.root.path());
        for variable in ["CLICOLOR_FORCE", "COLUMNS"] {
            command.env_remove(variable);
        }
        command
    }

    /// What the command answers.
    pub fn call(&self, arguments: &str) -> Answer {
        Answer::of(&self.command(arguments).output().unwrap())
    }

    /// Every path in the folder, sorted; links are not followed.
    pub fn listing(&self) -> Vec<String> {
        let mut listing = Vec::new();
        let mut folders = vec![self.root.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                let path = entry.path();
                listing.push(path.strip_prefix(self.root.path()).unwrap().display().to_string());
                if entry.file_type().unwrap().is_dir() {
                    folders.push(path);
                }
            }
        }
        listing.sort();
        listing
    }
}

/// What a command answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Answer {
    pub fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("what is printed is UTF-8");
        Self {
            code: output.status.code(),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }

    /// Compares with the snapshot of this name in `tests/snapshots`. `INSTA_UPDATE=always cargo test -p gongkai-cli`
    /// writes all of them anew.
    pub fn check(&self, name: &str) {
        let code = self.code.map_or_else(|| "killed".to_owned(), |code| code.to_string());
        let text = format!("exit {code}\n--- stdout\n{}--- stderr\n{}", self.out, self.err);
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.add_filter(r"\b[0-9a-f]{16}\b", "[snapshot]");
        settings.add_filter(r"\b[0-9a-f]{32}\b", "[report]");
        settings.add_filter(r"\b[0-9a-f]{64}\b", "[hash]");
        settings.add_filter(r"(?m)^speed .*$", "speed      [speed]");
        settings.bind(|| insta::assert_snapshot!(name, text));
    }
}
