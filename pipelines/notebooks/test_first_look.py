"""Executes first-look.ipynb on a snapshot and asks whether its tables and figures are right.

    python test_first_look.py SNAPSHOT --executed FILE.ipynb [--few]

The tables that the notebook computes must equal those that polars computes here in another way; every cell with the tag
`figure` must draw one image that is not of one colour; a cell that should say something must have said it. `--few` is for a
snapshot without reports: everything must still run, and the tables must be empty.
"""

import argparse
import base64
import io
import json
import os
import sys
from pathlib import Path

import matplotlib.image
import nbclient
import nbformat
import polars
from polars import col
from traitlets.config import Config

NOTEBOOK = Path(__file__).with_name("first-look.ipynb")
# Printed by a cell that the test puts behind the last one.
TABLES = ["requests_by_year", "refusals", "coverage", "by_year", "failures", "year_failures", "by_status"]
PRINT_TABLES = (
    "import json, polars\n"
    "tables = {name: globals()[name].select(polars.exclude(polars.List(polars.String))).to_dicts() for name in %r}\n"
    "tables['elsewhere'] = elsewhere\n"
    "tables['spot'] = [] if spot is None else spot.to_dicts()\n"
    "print(json.dumps(tables, default=str))\n" % TABLES
)


def execute(snapshot, work):
    """The executed notebook, and its tables. Settings of whoever runs the test stay out of it."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert not cell.outputs and cell.execution_count is None, f"cell {cell.id} was committed with its output"
    notebook.cells.append(nbformat.v4.new_code_cell(PRINT_TABLES, id="tables-of-the-test"))
    for name in ["IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR"]:
        folder = work / name.lower()
        folder.mkdir(parents=True, exist_ok=True)
        os.environ[name] = str(folder)
    os.environ["GONGKAI_SNAPSHOT"] = str(snapshot)
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    # Sockets below the temporary folder instead of network ports.
    ipc = Config({"KernelManager": {"transport": "ipc"}})
    nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3", config=ipc).execute()
    tables = json.loads("".join(output.text for output in notebook.cells.pop().outputs if output.output_type == "stream"))
    return notebook, tables


def figures(notebook):
    """For each cell with the tag `figure`: how many different colours each of its images has."""
    found = {}
    for cell in notebook.cells:
        images = [output.data["image/png"] for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
        if "figure" in cell.metadata.get("tags", []) or images:
            found[cell.id] = [colours(base64.b64decode(image)) for image in images]
    return found


def colours(png):
    pixels = matplotlib.image.imread(io.BytesIO(png))
    return len({tuple(pixel) for pixel in pixels.reshape(-1, pixels.shape[-1])[::7].tolist()})


def expected(root):
    """The notebook's tables, computed row by row instead of by expressions."""
    reports = polars.read_parquet(root / "reports.parquet").to_dicts()
    standing = {report["report_id"]: report for report in reports if report["duplicate_of"] is None}
    rows = polars.read_parquet(root / "observations/**/*.parquet").select(
        "report_id", "year", "level", "category", "applicant", "period", "count", "amount_cny", "status", "check", "confidence"
    )
    requests, refusals, status = {}, {}, {}
    for row in rows.iter_rows(named=True):
        if row["amount_cny"] is None:
            counts = status.setdefault(row["status"], [0, 0, 0])
            counts[0] += 1
            counts[1] += row["count"] is None
            counts[2] += row["count"] == 0
        if row["report_id"] not in standing or row["applicant"] != "all" or row["period"] != "year":
            continue
        if row["check"] == "failed" or row["confidence"] < 0.5 or row["count"] is None or row["year"] is None:
            continue
        parts = row["category"].split(".")
        if row["category"] == "requests.received.total":
            requests.setdefault((row["year"], row["level"]), []).append(row["count"])
        elif parts[:3] == ["requests", "outcome", "denied"] and parts[3:] not in (["total"], ["exempt_n"]):
            refusals.setdefault((row["year"] >= 2019, row["category"]), []).append(row["count"])
    provinces, years = {}, {}
    for report in standing.values():
        code = (report["jurisdiction_code"] or "")[:2]
        provinces[code] = provinces.get(code, 0) + 1
        if code and report["year"] is not None:
            years[code, report["year"]] = years.get((code, report["year"]), 0) + 1
    checks = polars.read_parquet(root / "checks.parquet").select("report_id", "identity", "applicant", "left", "right", "result")
    failed = sorted(
        (check["report_id"], check["identity"], check["applicant"], check["left"], check["right"])
        for check in checks.iter_rows(named=True)
        if check["result"] == "fail" and check["report_id"] in standing
    )
    over_years = polars.read_parquet(root / "year_checks.parquet").filter(col("result") == "fail")
    return requests, refusals, status, provinces, years, failed, len(over_years), len(standing)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("snapshot", type=Path)
    parser.add_argument("--executed", type=Path, required=True, help="write the executed notebook here")
    parser.add_argument("--few", action="store_true", help="the snapshot has no reports")
    arguments = parser.parse_args()
    root = arguments.snapshot.resolve()
    executed = arguments.executed.resolve()
    executed.parent.mkdir(parents=True, exist_ok=True)
    notebook, tables = execute(root, executed.parent / "notebook-settings")
    nbformat.write(notebook, executed)
    failed = 0

    def check(name, holds):
        nonlocal failed
        failed += not holds
        print(f"{'ok  ' if holds else 'FAIL'} {name}")

    drawn = figures(notebook)
    check("the notebook has five figures", len(drawn) == 5)
    for cell, images in drawn.items():
        check(f"{cell} drew one image", len(images) == 1 and images[0] > 2)
    requests, refusals, status, provinces, years, failures, over_years, standing = expected(root)
    key = lambda row, *names: tuple(row[name] for name in names)
    check(
        f"requests by year: {len(requests)} rows, sums, numbers of reports and zeros",
        {key(row, "year", "level"): key(row, "reports", "reports with none", "requests") for row in tables["requests_by_year"]}
        == {place: (len(counts), counts.count(0), sum(counts)) for place, counts in requests.items()},
    )
    check(
        f"refusals: {len(refusals)} rows",
        {(row["era"] == "2019 on", row["category"]): key(row, "reports", "refusals") for row in tables["refusals"]}
        == {place: (len(counts), sum(counts)) for place, counts in refusals.items()},
    )
    for era in {row["era"] for row in tables["refusals"] if row["refusals"]}:
        share = sum(row["share"] for row in tables["refusals"] if row["era"] == era)
        check(f"the shares of {era} add up to 100", abs(share - 100) < 1e-9)
    check("every ground has a Chinese name", all(row["label_zh"] for row in tables["refusals"]))
    found = {row["code"]: row["reports"] for row in tables["coverage"]}
    check("coverage has 31 provinces", len(found) == 31 and len({key(row, "row", "column") for row in tables["coverage"]}) == 31)
    check(
        "coverage: each province's reports, and all reports together",
        all(found[code] == provinces.get(code, 0) for code in found)
        and sum(found.values()) + tables["elsewhere"] == standing,
    )
    check("coverage by year", {key(row, "code", "year"): row["reports"] for row in tables["by_year"]} == years)
    check(
        f"failed checks: {len(failures)}",
        sorted(key(row, "report_id", "identity", "applicant", "left", "right") for row in tables["failures"]) == failures,
    )
    check(f"failed checks over years: {over_years}", len(tables["year_failures"]) == over_years)
    check(
        "blanks and zeros",
        {row["status"]: [row["rows"], row["no count"], row["count is zero"]] for row in tables["by_status"]} == status,
    )
    said = next(cell for cell in notebook.cells if cell.id == "spot").outputs
    if failures:
        check("the spot of a failed check has its numbers", bool(tables["spot"]) and all(row["before"] for row in tables["spot"]))
        check("it says how to open the page", any("gongkai explain " in output.get("text", "") for output in said))
    else:
        check("it says that no check failed", any("no check failed" in output.get("text", "") for output in said))
    check("the snapshot is as large as it should be", (standing == 0) if arguments.few else (standing > 0 and bool(requests) and bool(refusals)))
    sys.exit(f"{failed} failed" if failed else 0)


if __name__ == "__main__":
    main()
