//! Whole commands: exit code, standard output and standard error of usage, `run`, `place` and `codebook`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::BTreeSet;
use std::fs::File;

use gongkai_test_support::repository;
use support::Place;

#[test]
fn usage() {
    let place = Place::new();
    for (name, arguments) in [
        ("usage_none", ""),
        ("usage_help", "--help"),
        ("usage_help_run", "run --help"),
        ("usage_help_extract", "extract --help"),
        ("usage_help_explain", "explain --help"),
        ("usage_help_place", "place --help"),
        ("usage_help_codebook", "codebook --help"),
        ("usage_help_verify", "verify --help"),
        ("usage_help_diff", "diff --help"),
        ("verify_no_snapshot", "verify ."),
        ("diff_no_snapshot", "diff . ."),
        ("usage_unknown_command", "unfold"),
        ("usage_unknown_option", "run --ouput x"),
        ("usage_wrong_jobs", "run --jobs many"),
        ("usage_wrong_format", "extract --format yaml a.txt"),
        ("usage_no_file", "extract"),
        ("usage_wrong_year", "place 天河区 --year 1999"),
    ] {
        place.call(arguments).check(name);
    }
    assert_eq!(place.listing(), [""; 0]);
}

#[test]
fn places_are_looked_up() {
    let place = Place::new();
    for (name, arguments) in [
        ("place_renamed", "place 增城市"),
        ("place_shared_name", "place 河东区 --year 2019"),
        ("place_merged", "place 静安区 --format json"),
        ("place_township", "place 越秀区北京街道"),
        ("place_zone", "place 万盛经开区"),
        ("place_of_another_year", "place 增城市 --year 2016"),
    ] {
        place.call(arguments).check(name);
    }
}

#[test]
fn a_run_publishes_and_a_second_one_says_it_is_the_same() {
    let place = Place::with_dumps();
    place.call("run --input dumps --output out --jobs 2").check("run");
    place.call("run --input dumps --output out --jobs 1").check("run_again");
    assert!(place.path("out/latest/reports.parquet").is_file());
    assert_eq!(
        std::fs::read_dir(place.path("out/state")).unwrap().count(),
        3,
        "the lock, the store, and an empty folder for what runs that die leave"
    );
}

/// The lines of a JSON log: level, event and fields of each. Their times must be in order and say what zone they are of.
fn events(log: &str) -> Vec<(String, String, serde_json::Value)> {
    let mut before = String::new();
    let mut event = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| value[key].as_str().unwrap().to_owned();
        let time = text("time");
        let shape: String = time
            .chars()
            .map(|character| if character.is_ascii_digit() { '0' } else { character })
            .collect();
        assert_eq!(shape, "0000-00-00T00:00:00.000Z", "{line}");
        assert!(before <= time, "{line}");
        before = time;
        assert_eq!(value.as_object().unwrap().len(), 4, "{line}");
        (text("level"), text("event"), value["fields"].clone())
    };
    log.lines().map(&mut event).collect()
}

#[test]
fn json_logs_are_one_object_a_line() {
    let place = Place::with_dumps();
    place.write("dumps/empty.txt", "");
    let answer = place.call("run --input dumps --output out --jobs 1 --log-format json");
    assert_eq!((answer.code, answer.out.as_str()), (Some(3), ""), "{}", answer.err);
    let events = events(&answer.err);
    let named: Vec<(&str, &str)> = events
        .iter()
        .filter(|(_, event, _)| event != "stage")
        .map(|(level, event, _)| (level.as_str(), event.as_str()))
        .collect();
    assert_eq!(
        named,
        [("info", "done"), ("info", "published"), ("warning", "too_many_rejects")]
    );
    let stages: Vec<&str> = events
        .iter()
        .filter_map(|(_, _, fields)| fields["stage"].as_str())
        .collect();
    for stage in ["check", "read", "write"] {
        assert!(stages.contains(&stage), "{stages:?}");
    }
    let published = &events.iter().find(|(_, event, _)| event == "published").unwrap().2;
    assert_eq!(published["changed"], true);
    assert_eq!(published["rows"]["rejects"], 1);
}

#[test]
fn errors_are_events_where_json_is_asked_for() {
    let place = Place::with_dumps();
    place.write("job.toml", "jbos = 1\n");
    for (arguments, code, message) in [
        (
            "run --input nowhere --output out",
            1,
            "nowhere: input nowhere cannot be read",
        ),
        (
            "run --config job.toml",
            2,
            "job.toml:1: unknown key: jbos\nhint: did you mean jobs? ",
        ),
        (
            "run --input dumps --output dumps/out",
            2,
            "input dumps holds the output",
        ),
        ("run --data nowhere", 2, "nowhere/categories.tsv: cannot be read"),
        ("run --jobs many", 2, "invalid value 'many' for '--jobs <N>'"),
    ] {
        let answer = place.call(&format!("{arguments} --log-format json"));
        assert_eq!((answer.code, answer.out.as_str()), (Some(code), ""), "{arguments}");
        let events = events(&answer.err);
        let (level, event, fields) = events.last().unwrap();
        assert_eq!((level.as_str(), event.as_str()), ("error", "error"), "{arguments}");
        assert_eq!(fields["exit_code"], code, "{arguments}");
        let found = fields["message"].as_str().unwrap();
        assert!(found.starts_with(message), "{arguments}: {found}");
    }
    assert!(place.call("run --help --log-format=json").out.starts_with("Walk "));
}

#[test]
fn every_run_leaves_its_figures_but_none_that_must_not() {
    let place = Place::with_dumps();
    place.write(
        "job.toml",
        "output = 'out'\njobs = 1\nmetrics = 'figures/gongkai.prom'\n[[input]]\nname = 'd'\npath = 'dumps'\n",
    );
    let value = |name: &str| {
        let text = std::fs::read_to_string(place.path("figures/gongkai.prom")).unwrap();
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(&format!("gongkai_{name} ")));
        line.map(|value| value.parse::<f64>().unwrap())
    };
    assert_eq!(place.call("run --config job.toml --dry-run").code, Some(0));
    assert!(!place.path("figures").exists(), "a dry run writes nothing");
    assert_eq!(place.call("run --config job.toml").code, Some(0));
    assert_eq!((value("run_exit_code"), value("run_files")), (Some(0.0), Some(3.0)));
    let success = value("last_success_timestamp_seconds");
    assert_eq!(success, value("run_end_timestamp_seconds"));
    let lock = File::options().append(true).open(place.path("out/state/lock")).unwrap();
    lock.try_lock().unwrap();
    let end = value("run_end_timestamp_seconds");
    assert_eq!(place.call("run --config job.toml").code, Some(4));
    assert_eq!(
        value("run_end_timestamp_seconds"),
        end,
        "the figures are the other run's"
    );
    drop(lock);
    std::fs::rename(place.path("dumps"), place.path("away")).unwrap();
    place.call("run --config job.toml").check("input_of_config_missing");
    assert_eq!((value("run_exit_code"), value("run_files")), (Some(1.0), None));
    assert_eq!(value("last_success_timestamp_seconds"), success);
    std::fs::rename(place.path("away"), place.path("dumps")).unwrap();
    std::fs::remove_dir_all(place.path("figures")).unwrap();
    place.write("figures", "");
    let answer = place.call("run --config job.toml");
    assert_eq!(answer.code, Some(0), "figures that cannot be written do not fail a run");
    assert!(
        answer
            .err
            .starts_with("warning: figures/gongkai.prom: metrics cannot be written: "),
        "{}",
        answer.err
    );
}

#[test]
fn a_configuration_is_read_and_overridden() {
    let place = Place::with_dumps();
    place.write(
        "job.toml",
        "output = 'there'\njobs = 1\n[[input]]\nname = 'mine'\npath = 'dumps'\n",
    );
    let answer = place.call("run --config job.toml");
    assert_eq!((answer.code, answer.err.as_str()), (Some(0), ""));
    let package = std::fs::read_to_string(place.path("there/latest/run.json")).unwrap();
    assert!(package.contains("\"mine\""), "{package}");
    assert_eq!(
        place.call("run --config job.toml --output here --input dumps/a").code,
        Some(0)
    );
    assert!(place.path("here/latest/run.json").is_file());
}

#[test]
fn wrong_inputs_and_outputs_publish_nothing() {
    let place = Place::with_dumps();
    place.write("file", "");
    std::fs::create_dir(place.path("empty")).unwrap();
    std::fs::create_dir_all(place.path("taken/latest")).unwrap();
    for (name, arguments) in [
        ("input_missing", "--input nowhere --output out"),
        ("input_file", "--input file --output out"),
        ("input_empty", "--input empty --output out"),
        ("input_one_of_two_missing", "--input dumps --input nowhere --output out"),
        ("output_file", "--input dumps --output file"),
        ("output_below_file", "--input dumps --output file/out"),
        ("output_latest_taken", "--input dumps --output taken"),
    ] {
        place.call(&format!("run --jobs 1 {arguments}")).check(name);
        assert!(!place.path("out").join("latest").exists(), "{name}");
    }
}

#[test]
fn wrong_configurations_name_the_key_and_the_valid_ones() {
    let place = Place::with_dumps();
    let input = "\n[[input]]\nname = \"a\"\npath = \"dumps\"\n";
    for (name, text) in [
        ("config_unknown_key", format!("output = \"out\"\njbos = 2{input}")),
        (
            "config_unknown_input_key",
            format!("output = \"out\"{input}glob = \"*\"\n"),
        ),
        ("config_wrong_type", format!("output = \"out\"\njobs = \"two\"{input}")),
        (
            "config_wrong_value",
            format!("output = \"out\"\nmax_reject_share = 20.0{input}"),
        ),
        ("config_name_twice", format!("output = \"out\"{input}{input}")),
        (
            "config_name_with_slash",
            format!("output = \"out\"{}", input.replace("\"a\"", "\"../a\"")),
        ),
        ("config_no_input", "output = \"out\"\ninput = []\n".to_owned()),
        ("config_no_output", input.to_owned()),
        ("config_no_toml", "output: out\n".to_owned()),
    ] {
        place.write("job.toml", text);
        place.call("run --config job.toml").check(name);
    }
    place.call("run --config nowhere.toml").check("config_missing");
    assert!(!place.path("out").exists());
}

#[test]
fn one_run_at_a_time_on_an_output() {
    let place = Place::with_dumps();
    assert_eq!(place.call("run --input dumps/a --output out").code, Some(0));
    let before = std::fs::read_link(place.path("out/latest")).unwrap();
    let lock = File::options().append(true).open(place.path("out/state/lock")).unwrap();
    lock.try_lock().unwrap();
    place.call("run --input dumps --output out").check("locked");
    assert_eq!(std::fs::read_link(place.path("out/latest")).unwrap(), before);
    drop(lock);
    place.call("run --input dumps --output out").check("withdrawals");
    let answer = place.call("run --input dumps --output out --allow-withdrawals");
    assert_eq!(answer.code, Some(0), "{}", answer.err);
}

#[test]
fn too_many_failed_dumps_are_published_and_told() {
    let place = Place::with_dumps();
    place.write("dumps/empty.txt", "");
    place.write("dumps/menu.html", "<p>网站地图</p>");
    let config = |share: &str| {
        let text =
            format!("output = 'out'\njobs = 1\nmax_reject_share = {share}\n[[input]]\nname = 'd'\npath = 'dumps'\n");
        place.write("job.toml", text);
    };
    // One of five failed; the one that was left out on purpose does not count.
    config("0.19");
    place.call("run --config job.toml").check("too_many_rejects");
    assert!(place.path("out/latest/rejects.parquet").is_file());
    config("0.2");
    assert_eq!(place.call("run --config job.toml").code, Some(0));
}

#[test]
fn a_dry_run_writes_nothing() {
    let place = Place::with_dumps();
    let before = place.listing();
    place
        .call("run --input dumps --output out --jobs 1 --dry-run")
        .check("dry_run");
    assert_eq!(place.listing(), before);
    assert_eq!(place.call("run --input dumps --output out").code, Some(0));
    let before = place.listing();
    assert_eq!(place.call("run --input dumps/b --output out --dry-run").code, Some(0));
    assert_eq!(place.listing(), before);
}

#[test]
fn verify_tells_what_is_wrong_and_where() {
    let place = Place::with_dumps();
    assert_eq!(place.call("run --input dumps --output out --jobs 1").code, Some(0));
    place.call("verify out").check("verify_sound");
    place.call("verify out/latest").check("verify_sound");
    let name = "out/latest/panel.parquet";
    let mut bytes = std::fs::read(place.path(name)).unwrap();
    bytes[10] ^= 1;
    place.write(name, bytes);
    place.write("out/latest/a.txt", "");
    place.write("out/latest/b.txt", "");
    place.call("verify out --limit 1").check("verify_damaged");
    assert_eq!(place.call("verify out --all").out.lines().count(), 4);
}

#[test]
fn diff_tells_what_changed() {
    let place = Place::with_dumps();
    assert_eq!(place.call("run --input dumps --output old --jobs 1").code, Some(0));
    place.write("dumps/a/prose.txt", support::PROSE.replace("1,234", "1,235"));
    std::fs::remove_file(place.path("dumps/b/unit.htm")).unwrap();
    assert_eq!(place.call("run --input dumps --output new --jobs 1").code, Some(0));
    place.call("diff old new").check("diff_table");
    place.call("diff old old").check("diff_same");
    place.call("diff old new --format csv").check("diff_csv");
    place.call("diff old new --format jsonl").check("diff_jsonl");
    place
        .call("diff old new --output changes.parquet")
        .check("diff_to_file");
    assert!(place.path("changes.parquet").is_file());
    place
        .call("diff old new --output changes.csv")
        .check("diff_to_csv_file");
    let all = place.call("diff old new --all");
    assert_eq!(
        (all.code, all.out.lines().count()),
        (
            Some(0),
            5 + place.call("diff old new --format jsonl").out.lines().count()
        )
    );
}

#[test]
fn the_codebook_has_every_category() {
    let answer = Place::new().call("codebook");
    assert_eq!((answer.code, answer.err.as_str()), (Some(0), ""));
    let head = answer.out.split_inclusive('\n').take(3).collect();
    support::Answer {
        out: head,
        ..answer.clone()
    }
    .check("codebook_head");
    let mut reader = csv::Reader::from_reader(answer.out.as_bytes());
    let printed: Vec<String> = reader.records().map(|record| record.unwrap()[0].to_owned()).collect();
    let data = std::fs::read_to_string(repository("data/categories.tsv")).unwrap();
    let lines = data
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .skip(1);
    let known: BTreeSet<&str> = lines.map(|line| line.split('\t').next().unwrap()).collect();
    assert!(known.len() > 100);
    assert!(
        known.iter().eq(printed.iter()),
        "the codebook has other categories than data/categories.tsv"
    );
}

#[test]
fn the_codebook_of_a_snapshot_is_the_printed_one() {
    let place = Place::with_dumps();
    assert_eq!(place.call("run --input dumps --output out").code, Some(0));
    for format in ["csv", "md", "html"] {
        let answer = place.call(&format!("codebook --format {format}"));
        assert_eq!((answer.code, answer.err.as_str()), (Some(0), ""));
        let file = place.path(&format!("out/latest/codebook.{format}"));
        assert!(answer.out == std::fs::read_to_string(file).unwrap(), "{format}");
        assert!(answer.out.contains("requests.received.total"), "{format}");
    }
}
