"""Runs the nightly job as pipelines/ has it, as a scheduler would, and reads what it leaves.

    python check_operations.py target/release/gongkai

1. The units: `systemd-analyze verify`, where there is one, with the program's path put in.
2. The command line of the service, in a folder laid out as the service expects it: a night, a night with nothing new, a
   night whose input is not mounted. Every line of the log must be one JSON object, the metrics must be read by
   Prometheus' own parser, and what they say must agree with the log and the exit code.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

ROOT = Path(__file__).resolve().parents[2]
UNITS = ROOT / "pipelines" / "systemd"
SERVICE = UNITS / "gongkai-nightly.service"
LEVELS = {"info", "warning", "error"}


def settings(unit):
    """The settings of a unit file; the last of several counts."""
    lines = unit.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def check_units(binary, folder):
    """What systemd says against the units, with paths that exist on this machine."""
    if shutil.which("systemd-analyze") is None:
        print("skip systemd-analyze is not installed: the units were not verified")
        return
    service = SERVICE.read_text(encoding="utf-8").replace("/usr/local/bin/gongkai", str(binary))
    (folder / SERVICE.name).write_text(service, encoding="utf-8")
    shutil.copy(UNITS / "gongkai-nightly.timer", folder)
    names = [str(folder / SERVICE.name), str(folder / "gongkai-nightly.timer")]
    found = subprocess.run(["systemd-analyze", "verify", *names], capture_output=True, text=True)
    said = [line for line in (found.stdout + found.stderr).splitlines() if "gongkai" in line]
    assert found.returncode == 0 and not said, f"systemd-analyze verify: {found.returncode}\n{found.stderr}"
    print("ok   systemd-analyze verify has nothing to say")


def run(command, folder):
    """Exit code and log of a night; every line must be an event."""
    found = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert found.stdout == "", f"a line that is no event: {found.stdout[:200]}"
    events = []
    for line in found.stderr.splitlines():
        event = json.loads(line)
        assert list(event) == ["time", "level", "event", "fields"], line
        assert event["level"] in LEVELS and isinstance(event["fields"], dict), line
        assert event["time"].endswith("Z"), line
        datetime.fromisoformat(event["time"].replace("Z", "+00:00"))
        events.append(event)
    return found.returncode, events


def metrics(path):
    """Every sample, by name and labels; one family each, all gauges, names as Prometheus wants them."""
    samples = {}
    for family in text_string_to_metric_families(path.read_text(encoding="utf-8")):
        assert family.type == "gauge" and family.documentation, family
        assert family.name.startswith("gongkai_") and not family.name.endswith("_total"), family.name
        for sample in family.samples:
            key = (sample.name.removeprefix("gongkai_"), *sorted(sample.labels.items()))
            assert key not in samples, key
            samples[key] = sample.value
    return samples


def named(events, name):
    return [event["fields"] for event in events if event["event"] == name]


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: check_operations.py GONGKAI")
    binary = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        check_units(binary, folder)

        service = settings(SERVICE)
        state, config = Path(service["WorkingDirectory"]).name, "/etc/gongkai/nightly.toml"
        assert service["StateDirectory"] == state, "the service starts in a folder that nobody makes"
        command = shlex.split(service["ExecStart"])
        assert config in command, "the service reads another configuration than its set-up installs"
        command = [str(binary), *command[1:]]
        command[command.index(config)] = str(ROOT / "pipelines" / "nightly.toml")
        shutil.copytree(ROOT / "data" / "samples" / "dumps", folder / "dumps")
        textfile = folder / "out" / "metrics" / "gongkai.prom"

        before = time.time()
        code, events = run(command, folder)
        assert code == 0, events
        stages = [fields["stage"] for fields in named(events, "stage")]
        assert stages[:2] == ["check", "read"] and "write" in stages, stages
        done, first = named(events, "done")[0], metrics(textfile)
        assert first["run_exit_code",] == 0 and first["snapshot_changed",] == 1
        for name, key in (("run_files", "files"), ("run_reports", "reports"), ("run_observations", "observations")):
            assert first[name,] == done[key] > 0, name
        for reason, count in done["rejects"].items():
            assert first["run_rejects", ("reason", reason)] == count, reason
        assert before <= first["last_success_timestamp_seconds",] + 0.001 <= time.time() + 0.001
        snapshot = Path(named(events, "published")[0]["path"]).name
        assert os.path.basename(os.readlink(folder / "out/nightly/latest")) == snapshot

        code, events = run(command, folder)
        again = metrics(textfile)
        assert code == 0 and not named(events, "published")[0]["changed"] and again["snapshot_changed",] == 0
        assert again["last_success_timestamp_seconds",] > first["last_success_timestamp_seconds",]

        (folder / "dumps").rename(folder / "unmounted")
        code, events = run(command, folder)
        failed, error = metrics(textfile), events[-1]
        assert code == 1 == failed["run_exit_code",] == error["fields"]["exit_code"], events
        assert error["level"] == "error" and "nightly.toml" in error["fields"]["message"], error
        for name in ("last_success_timestamp_seconds", "last_published_timestamp_seconds"):
            assert failed[name,] == again[name,], f"{name} was lost"
        assert ("run_files",) not in failed and ("snapshot_changed",) not in failed
        assert os.path.basename(os.readlink(folder / "out/nightly/latest")) == snapshot
        assert [path.name for path in textfile.parent.iterdir()] == [textfile.name]
    print("ok   the nightly job, its log and its metrics")


if __name__ == "__main__":
    main()
