//! Other pages with the same report, and with other versions of it, count once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use gongkai_forge::data::Data;
use gongkai_forge::vocabulary::Encoding;
use gongkai_pipeline::Summary;
use gongkai_test_support::{contents, lists, read, texts};
use support::{EXTRACTOR, input, run};
use tempfile::TempDir;

const PROSE: &str = "2021年，我区坚持以公开促落实、强监管，把群众关心的就学、就医、养老事项放在首位，办好十件民生实事。\n\
    全年开设老旧小区改造、垃圾分类、数字乡村三个专题，邀请市民代表走进行政服务大厅，面对面答疑。\n\
    对公开申请实行首问负责，凡能当面答复的不拖延，凡要会商的由牵头科室召集，办件质量比上年有明显提高。\n\
    存在的不足：个别镇街更新不及时，解读形式单一；下一步将建立通报制度，充实专职队伍，用好短视频讲解。\n";
const OTHER_PROSE: &str = "一年来，本机关围绕法治建设的总目标，梳理权力清单，压缩审批环节，推动窗口前移、服务下沉。\n\
    依托融媒体中心开办访谈节目，请部门负责人讲政策、听意见，收集的诉求全部转交并限时回复。\n\
    在培训上分批组织业务骨干赴外地学习，编印案例手册，建立疑难申请的集体讨论机制。\n\
    今后要加强档案数字化，完善保密审查流程，并对照考核指标逐条整改。\n";

/// A report in the form of 2021, as a site may show it.
#[derive(Clone)]
struct Report {
    organ: &'static str,
    year: i16,
    published: Option<&'static str>,
    prose: &'static str,
    /// New requests of natural persons, on which a row, a column and the sums depend.
    new: i64,
    carried_in: i64,
    /// What every count is multiplied with.
    factor: i64,
    /// Links, a line each, above the report.
    navigation: &'static str,
}

const REPORT: Report = Report {
    organ: "杭州市西湖区人民政府",
    year: 2021,
    published: Some("2022-01-20"),
    prose: PROSE,
    new: 137,
    carried_in: 2,
    factor: 1,
    navigation: "",
};

impl Report {
    fn title(&self) -> String {
        format!("{}{}年政府信息公开工作年度报告", self.organ, self.year)
    }

    fn published(&self) -> String {
        self.published.map_or(String::new(), |day| format!("发布日期：{day}"))
    }

    /// The counts of a row: six columns and their sum; none where a row is a header.
    fn counts(&self, category: &str) -> Option<[i64; 7]> {
        let new = [self.new, 14, 0, 0, 3, 0];
        let carried_in = [self.carried_in, 1, 0, 0, 0, 0];
        let partial = [25, 6, 0, 0, 0, 0];
        let carried_out = [4, 0, 0, 0, 1, 0];
        let total = |at: usize| new[at] + carried_in[at] - carried_out[at];
        let count = |at: usize| match category {
            "requests.received.total" => new[at],
            "requests.carried_in" => carried_in[at],
            "requests.outcome.partial" => partial[at],
            "requests.carried_out" => carried_out[at],
            "requests.outcome.granted" => total(at) - partial[at],
            "requests.outcome.total" => total(at),
            _ => 0,
        };
        let mut counts = [0; 7];
        for at in 0..6 {
            counts[at] = self.factor * count(at);
            counts[6] += counts[at];
        }
        (!category.is_empty()).then_some(counts)
    }

    /// Labels and counts, row by row.
    fn rows(&self) -> Vec<(String, Option<[i64; 7]>)> {
        let lexicon = EXTRACTOR.lexicon();
        let form = lexicon.templates.id("S21-3").unwrap();
        let rows = lexicon.templates.rows().filter(|(_, row)| row.template == form);
        rows.map(|(_, row)| {
            let category = row.categories.first().map_or("", |id| lexicon.categories.code(*id));
            (row.label.clone(), self.counts(category))
        })
        .collect()
    }

    fn html(&self) -> String {
        let mut rows = String::new();
        for (label, counts) in self.rows() {
            let cells: String = match counts {
                Some(counts) => counts.iter().map(|count| format!("<td>{count}</td>")).collect(),
                None => "<td colspan=7></td>".to_owned(),
            };
            writeln!(rows, "<tr><td>{label}</td>{cells}</tr>").unwrap();
        }
        let columns: String = COLUMNS.iter().map(|column| format!("<th>{column}</th>")).collect();
        let prose: String = self.prose.lines().map(|line| format!("<p>{line}</p>\n")).collect();
        let navigation: String = self
            .navigation
            .lines()
            .map(|line| format!("<li><a href=#>{line}</a></li>"))
            .collect();
        let (title, published) = (self.title(), self.published());
        format!(
            "<title>{title}</title><ul>{navigation}</ul><h1>{title}</h1><p>{published}</p><h2>一、总体情况</h2>{prose}\
             <h2>三、收到和处理政府信息公开申请情况</h2><table><tr>{columns}</tr>{rows}</table>"
        )
    }

    fn text(&self) -> String {
        let mut rows = format!("|{}|\n", COLUMNS.join("|"));
        for (label, counts) in self.rows() {
            let cells: Vec<String> = match counts {
                Some(counts) => counts.iter().map(i64::to_string).collect(),
                None => vec![String::new(); 7],
            };
            writeln!(rows, "|{label}|{}|", cells.join("|")).unwrap();
        }
        let (title, published, prose) = (self.title(), self.published(), self.prose);
        format!("{title}\n\n{published}\n\n一、总体情况\n\n{prose}\n三、收到和处理政府信息公开申请情况\n\n{rows}")
    }
}

const COLUMNS: [&str; 8] = [
    "统计指标",
    "自然人",
    "商业企业",
    "科研机构",
    "社会公益组织",
    "法律服务机构",
    "其他",
    "总计",
];

const NAVIGATION: &str = "网站首页\n走进西湖\n政务动态\n公示公告\n领导之窗\n机构职能\n人事任免\n财政预决算\n重大项目\n应急管理\n\
    建议提案\n网上调查\n民意征集\n在线访谈\n办事指南\n便民查询\n场景服务\n投资环境\n旅游文化\n无障碍阅读";

fn traditional(text: &str) -> String {
    let data = Data::load().unwrap();
    let folded = text.chars().map(|c| data.traditional.get(&c).copied().unwrap_or(c));
    folded.collect()
}

/// What stands for which: the files of a report, the one that stands first.
struct Found {
    groups: Vec<Vec<String>>,
    /// Code and message of what the comparison of reports has to tell, behind the file.
    told: Vec<String>,
    summary: Summary,
    _folder: TempDir,
}

fn found(files: &[(&str, Vec<u8>)], jobs: usize) -> Found {
    let folder = TempDir::new().unwrap();
    let dumps = folder.path().join("dumps");
    std::fs::create_dir(&dumps).unwrap();
    for (name, bytes) in files {
        std::fs::write(dumps.join(name), bytes).unwrap();
    }
    let summary = run(vec![input("in", &dumps)], &folder.path().join("out"), jobs);
    let path = &summary.published.as_ref().unwrap().path;
    let reports = read(&path.join("reports.parquet"));
    let names = lists(&reports, "origins")
        .into_iter()
        .map(|origins| origins[0].replace("in/", ""));
    let names: BTreeMap<String, String> = texts(&reports, "report_id").into_iter().zip(names).collect();
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, standing) in texts(&reports, "report_id").iter().zip(texts(&reports, "duplicate_of")) {
        let members = groups
            .entry(if standing.is_empty() {
                id.clone()
            } else {
                standing.clone()
            })
            .or_default();
        let place = if standing.is_empty() { 0 } else { members.len() };
        members.insert(place, names[id].clone());
    }
    // Whatever stands for others stands for itself.
    let pairs = texts(&reports, "report_id")
        .into_iter()
        .zip(texts(&reports, "duplicate_of"));
    for (id, standing) in pairs {
        assert!(
            standing.is_empty() || !groups.contains_key(&id),
            "{} stands for others",
            names[&id]
        );
    }
    let problems = read(&path.join("problems.parquet"));
    let [ids, codes, messages] = ["report_id", "code", "message"].map(|column| texts(&problems, column));
    let told = (0..problems.height()).filter(|row| codes[*row] == "revised" || codes[*row].starts_with("versions_"));
    let told = told.map(|row| format!("{} {}: {}", names[&ids[row]], codes[row], messages[row]));
    let mut groups: Vec<Vec<String>> = groups.into_values().collect();
    groups.iter_mut().for_each(|members| members[1..].sort());
    groups.sort();
    Found {
        groups,
        told: told.collect(),
        summary,
        _folder: folder,
    }
}

/// The files of each report, in whatever order.
fn sets(files: &[(&str, Vec<u8>)]) -> Vec<String> {
    let sets = found(files, 2).groups.into_iter().map(|mut members| {
        members.sort();
        members.join(" ")
    });
    let mut sets: Vec<String> = sets.collect();
    sets.sort();
    sets
}

fn utf8(text: String) -> Vec<u8> {
    text.into_bytes()
}

#[test]
fn one_report_on_many_sites_is_one() {
    let with_navigation = Report {
        navigation: NAVIGATION,
        ..REPORT
    };
    let undated = Report {
        published: None,
        ..REPORT
    };
    let variants: [(&str, Vec<u8>); 7] = [
        ("text.txt", utf8(REPORT.text())),
        (
            "gbk.html",
            Encoding::Gb2312Label.encode(&(Encoding::Gb2312Label.declaration().to_owned() + &with_navigation.html())),
        ),
        ("utf16.txt", Encoding::Utf16.encode(&undated.text())),
        (
            "big5.html",
            Encoding::Big5.encode(&(Encoding::Big5.declaration().to_owned() + &traditional(&REPORT.html()))),
        ),
        ("hant.txt", utf8(traditional(&REPORT.text()))),
        ("chrome.html", utf8(with_navigation.html())),
        (
            "words.html",
            utf8(
                REPORT
                    .html()
                    .replace("<h2>三", "<p>本报告由办公室负责解释，欢迎来电咨询。</p><h2>三"),
            ),
        ),
    ];
    for (name, bytes) in &variants {
        let pair = [("first.html", utf8(REPORT.html())), (*name, bytes.clone())];
        assert_eq!(sets(&pair).len(), 1, "{name}");
    }
    let mut all = variants.to_vec();
    all.push(("first.html", utf8(REPORT.html())));
    let found = found(&all, 2);
    assert_eq!(found.groups.len(), 1, "{:?}", found.groups);
    assert_eq!(found.told, [""; 0]);
}

#[test]
fn the_same_text_in_two_places_is_no_copy_of_itself() {
    let page = utf8(REPORT.html());
    let files = [
        ("a.html", page.clone()),
        ("b.html", page.clone()),
        ("c.html", page),
        ("d.txt", utf8(REPORT.text())),
    ];
    let found = found(&files, 2);
    let [members] = found.groups.as_slice() else {
        panic!("{:?}", found.groups)
    };
    assert_eq!(
        members.len(),
        2,
        "a.html stands for b.html and c.html as one of its origins"
    );
}

#[test]
fn a_number_told_roughly_contradicts_none() {
    let with = |sentence: &str| utf8(REPORT.html().replace("<h2>三", &format!("<p>{sentence}</p><h2>三")));
    let exact = with("全年主动公开政府信息1234条。");
    let files = [
        ("exact.html", exact.clone()),
        ("rough.html", with("全年主动公开政府信息1200余条。")),
    ];
    assert_eq!(found(&files, 2).groups.len(), 1);
    let files = [
        ("exact.html", exact),
        ("other.html", with("全年主动公开政府信息1200条。")),
    ];
    assert_eq!(found(&files, 2).groups.len(), 2);
}

#[test]
fn a_copy_without_tables_is_the_same_report() {
    let page = REPORT.html();
    let sentence = "<p>全年收到政府信息公开申请154件。</p>";
    let prose = page.split("<h2>三").next().unwrap().to_owned() + sentence;
    let table = page.replace("<h2>三", &format!("{sentence}<h2>三"));
    let found = found(&[("prose.html", utf8(prose)), ("whole.html", utf8(table))], 2);
    assert_eq!(found.groups, [["whole.html", "prose.html"]]);
}

#[test]
fn reports_that_are_not_the_same_stay_apart() {
    let department = Report {
        organ: "杭州市西湖区教育局",
        factor: 3,
        ..REPORT
    };
    let same_numbers = Report {
        organ: "杭州市西湖区教育局",
        ..REPORT
    };
    let next_year = Report { year: 2022, ..REPORT };
    let second = Report {
        prose: OTHER_PROSE,
        factor: 7,
        ..REPORT
    };
    let of_another_year = Report { factor: 3, ..REPORT };
    // There is a 朝阳区 in 北京 and one in 长春.
    let in_beijing = Report {
        organ: "北京市朝阳区人民政府",
        ..REPORT
    };
    let in_changchun = Report {
        organ: "长春市朝阳区人民政府",
        ..REPORT
    };
    let somewhere = Report {
        organ: "朝阳区人民政府",
        prose: OTHER_PROSE,
        factor: 5,
        ..REPORT
    };
    let cases: [(&str, Report, Report); 8] = [
        ("a department copies the words", REPORT, department),
        ("two bodies with the same words and numbers", REPORT, same_numbers),
        ("two years", REPORT, next_year),
        ("two reports of one body", REPORT, second),
        (
            "the words of another year, and all numbers others",
            REPORT,
            of_another_year,
        ),
        ("two places of one name", in_beijing.clone(), in_changchun),
        ("a place not known", in_beijing, somewhere.clone()),
        (
            "two reports of a place not known",
            somewhere.clone(),
            Report { factor: 1, ..somewhere },
        ),
    ];
    for (name, left, right) in cases {
        let found = found(
            &[("left.html", utf8(left.html())), ("right.html", utf8(right.html()))],
            2,
        );
        assert_eq!(found.groups, [["left.html"], ["right.html"]], "{name}");
        assert_eq!(found.told, [""; 0], "{name}");
    }
}

#[test]
fn a_report_of_an_unknown_body_is_found_again_by_its_numbers() {
    // There is a 朝阳区 in 北京 and one in 长春, and many a place has an 鼓楼区.
    let named = Report {
        organ: "北京市朝阳区人民政府",
        ..REPORT
    };
    let of = |organ: &'static str| Report { organ, ..REPORT };
    let elsewhere = format!("地址：浙江省杭州市西湖区文三路1号。\n{PROSE}");
    let another_year = Report {
        year: 2020,
        ..of("朝阳区人民政府")
    };
    let other_words = Report {
        prose: OTHER_PROSE,
        ..of("朝阳区人民政府")
    };
    for (name, unknown, is_found) in [
        ("a short name", of("朝阳区人民政府"), true),
        ("no name", of(""), true),
        (
            "no name in another format",
            Report {
                navigation: NAVIGATION,
                ..of("")
            },
            true,
        ),
        ("another place", of("鼓楼区人民政府"), false),
        (
            "another address",
            Report {
                prose: elsewhere.leak(),
                ..of("")
            },
            false,
        ),
        ("another organ", of("朝阳区教育局"), false),
        ("another year", another_year, false),
        ("other words", other_words, false),
        (
            "other numbers",
            Report {
                new: 138,
                ..of("朝阳区人民政府")
            },
            false,
        ),
    ] {
        let files = [
            ("named.html", utf8(named.html())),
            ("unknown.html", utf8(unknown.html())),
        ];
        let groups = found(&files, 2).groups;
        assert_eq!(groups.len(), if is_found { 1 } else { 2 }, "{name}");
        assert_eq!(groups[0][0], "named.html", "{name}");
    }
    // Nor where all have zeros.
    let zeros = |organ| {
        let report = Report { factor: 0, ..of(organ) };
        utf8(report.html())
    };
    let files = [
        ("named.html", zeros("北京市朝阳区人民政府")),
        ("unknown.html", zeros("")),
    ];
    assert_eq!(found(&files, 2).groups.len(), 2);
    let two_bodies = [
        ("unknown.html", utf8(of("").html())),
        ("named.html", utf8(named.html())),
        ("bureau.html", utf8(of("北京市朝阳区教育局").html())),
    ];
    assert_eq!(found(&two_bodies, 2).groups.len(), 3);
}

#[test]
fn reports_that_name_no_organ_are_no_versions_of_each_other() {
    let nobody = |new, published| {
        let report = Report {
            organ: "",
            new,
            published: Some(published),
            ..REPORT
        };
        let address = "<p>地址：浙江省杭州市西湖区文三路1号</p><h2>一";
        utf8(report.html().replace("<h2>一", address))
    };
    let files = [
        ("a.html", nobody(137, "2022-01-20")),
        ("b.html", nobody(138, "2022-02-20")),
    ];
    let found = found(&files, 2);
    let reports = read(&found.summary.published.as_ref().unwrap().path.join("reports.parquet"));
    assert_eq!(texts(&reports, "organ"), [""; 2]);
    assert_eq!(texts(&reports, "jurisdiction_code"), ["330106"; 2]);
    assert_eq!(found.groups.len(), 2);
}

#[test]
fn the_later_version_stands_and_says_what_it_changed() {
    let corrected = Report {
        new: 147,
        published: Some("2022-03-05"),
        ..REPORT
    };
    // Mirrors of the first version are later than the correction.
    let mirror = Report {
        published: Some("2022-06-01"),
        navigation: NAVIGATION,
        ..REPORT
    };
    let files = [
        ("first.html", utf8(REPORT.html())),
        ("mirror.txt", utf8(mirror.text())),
        ("corrected.html", utf8(corrected.html())),
    ];
    let found = found(&files, 2);
    assert_eq!(found.groups, [["corrected.html", "first.html", "mirror.txt"]]);
    let [told] = found.told.as_slice() else {
        panic!("{:?}", found.told)
    };
    assert!(
        told.starts_with("corrected.html revised: replaces the version of 2022-01-20 ("),
        "{told}"
    );
    let changes = "): 6 values changed: requests.outcome.granted 121 to 131, requests.outcome.granted natural_person 110 to 120, \
                   requests.outcome.total 152 to 162, requests.outcome.total natural_person 135 to 145, \
                   requests.received.total 154 to 164, …";
    assert!(told.ends_with(changes), "{told}");
}

#[test]
fn the_latest_version_stands_for_all_before_it() {
    let version = |new, published| Report {
        new,
        published: Some(published),
        ..REPORT
    };
    let files = [
        ("1.html", utf8(version(137, "2022-01-20").html())),
        ("2.html", utf8(version(139, "2022-02-20").html())),
        ("2.txt", utf8(version(139, "2022-02-21").text())),
        ("3.html", utf8(version(141, "2022-03-20").html())),
    ];
    let found = found(&files, 2);
    assert_eq!(found.groups, [["3.html", "1.html", "2.html", "2.txt"]]);
    assert_eq!(found.told.len(), 2, "{:?}", found.told);
    assert!(
        found.told.iter().all(|told| told.starts_with("3.html revised")),
        "{:?}",
        found.told
    );
}

#[test]
fn versions_without_an_order_stand_both_and_say_so() {
    let other = |published| Report {
        new: 147,
        published,
        ..REPORT
    };
    for published in [None, REPORT.published] {
        let files = [
            ("a.html", utf8(REPORT.html())),
            ("b.html", utf8(other(published).html())),
        ];
        let found = found(&files, 2);
        assert_eq!(found.groups, [["a.html"], ["b.html"]]);
        let starts: Vec<&str> = found.told.iter().map(|told| told.split(':').next().unwrap()).collect();
        let mut sorted = starts.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, ["a.html versions_undecided", "b.html versions_undecided"]);
        assert!(
            found.told.iter().all(|told| told.contains("6 values changed")),
            "{:?}",
            found.told
        );
    }
}

#[test]
fn a_later_page_whose_sums_fail_is_no_correction() {
    let later = Report {
        published: Some("2022-03-05"),
        ..REPORT
    };
    let damaged = later.html().replacen("<td>154</td>", "<td>164</td>", 1);
    let found = found(
        &[("first.html", utf8(REPORT.html())), ("damaged.html", utf8(damaged))],
        2,
    );
    assert_eq!(found.groups, [["damaged.html"], ["first.html"]]);
    assert_eq!(found.told.len(), 2, "{:?}", found.told);
}

#[test]
fn panel_and_years_take_the_version_that_stands() {
    let before = Report {
        year: 2020,
        published: Some("2021-01-20"),
        new: 90,
        ..REPORT
    };
    // Four and one were carried out of 2020; the first version of 2021 carries two and one in.
    let corrected = Report {
        carried_in: 4,
        new: 135,
        published: Some("2022-03-05"),
        ..REPORT
    };
    let files = [
        ("2020.html", utf8(before.html())),
        // The fuller one, which would be taken if both were reports of their own.
        (
            "first.html",
            utf8(
                REPORT
                    .html()
                    .replace("<h2>三", "<p>全年主动公开政府信息1234条。</p><h2>三"),
            ),
        ),
        ("corrected.html", utf8(corrected.html())),
    ];
    let found = found(&files, 2);
    let path = &found.summary.published.as_ref().unwrap().path;
    assert_eq!(found.groups, [vec!["2020.html"], vec!["corrected.html", "first.html"]]);
    let checks = read(&path.join("year_checks.parquet"));
    let [applicants, results] = ["applicant", "result"].map(|column| texts(&checks, column));
    let row = applicants
        .iter()
        .position(|applicant| applicant == "natural_person")
        .unwrap();
    assert_eq!(results[row], "pass");
    assert_eq!(results.len(), 7, "a column each, once");
    let panel = read(&path.join("panel.parquet"));
    let reports = read(&path.join("reports.parquet"));
    let replaced = texts(&reports, "duplicate_of")
        .iter()
        .position(|standing| !standing.is_empty());
    let replaced = &texts(&reports, "report_id")[replaced.unwrap()];
    assert!(panel.height() > 100 && !texts(&panel, "report_id").contains(replaced));
}

#[test]
fn any_number_of_threads_finds_the_same() {
    let files: Vec<(String, Vec<u8>)> = (0..24)
        .flat_map(|number: i64| {
            let report = Report {
                new: 137 + number / 6,
                published: Some(["2022-01-20", "2022-02-20", "2022-03-20"][(number % 3) as usize]),
                ..REPORT
            };
            [
                (format!("{number}.html"), utf8(report.html())),
                (format!("{number}.txt"), utf8(traditional(&report.text()))),
            ]
        })
        .collect();
    let files: Vec<(&str, Vec<u8>)> = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.clone()))
        .collect();
    let one = found(&files, 1);
    let three = found(&files, 3);
    let snapshot = |found: &Found| contents(&found.summary.published.as_ref().unwrap().path);
    assert!(snapshot(&one) == snapshot(&three));
    assert!(one.groups.len() < 8, "{:?}", one.groups);
}
