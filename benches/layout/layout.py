"""Measures how the observations of a snapshot lie on disk, by year and province and by category, with DuckDB and polars.

    layout.py SNAPSHOT [--scratch DIR]

Prints one JSON object:

- `bytes_per_observation`: size of the files of the folder over its rows; `by_category_bytes` that of the file by category.
- `category`, `jurisdiction`: the share of all row groups that a filter on one value must read, because their statistics
  do not rule the value out; of all values the largest, the median and the mean. `explain` is how many row groups DuckDB's
  EXPLAIN ANALYZE says it read for the value with the largest share, which may be fewer. `category` is asked of the file by
  category, `category_in_folder` and `jurisdiction` of the folder.
- `scan`: seconds to read one category over all years and provinces, in each reader, from the file by category, from the
  folder, and from other layouts of the same rows made for this one question; the best of several runs, all in the page
  cache. `ratio` is the time of the file over that of the best of the others; `ratio_folder` that of the folder over it;
  `ratio_partitioned` that of the folder over the best of those that keep the files by year and province.
"""

import argparse
import json
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import duckdb
import polars

ROUNDS = 21
# Read most by analysts, and in every form.
CATEGORY = "requests.received.total"
# What a question about a category takes.
WANTED = ["jurisdiction_code", "year", "applicant", "count"]
# Rows in a row group of the layouts by hand.
GROUP_ROWS = [122_880, 30_720]
COMPRESSIONS = ["snappy", "zstd"]


def pattern(folder):
    return f"{folder}/**/*.parquet"


def pruning(database, files, column):
    """Of each value, the share of row groups whose statistics allow it."""
    database.execute(
        f"""create or replace table groups as select file_name, row_group_id, stats_min_value as least, stats_max_value as most
            from parquet_metadata('{files}') where path_in_schema = '{column}'"""
    )
    database.execute(
        f'create or replace table wanted as select distinct "{column}" as value from read_parquet(\'{files}\') where "{column}" is not null'
    )
    total = database.execute("select count(*) from groups").fetchall()[0][0]
    # Cut statistics still bound the values: what is cut is shorter, so it is smaller than the least and not compared as most.
    found = database.execute(
        """select value, count(*) filter (where least is null or (value >= least and (value <= most or length(most) >= 64)))
           from wanted, groups group by value order by 2 desc, 1"""
    ).fetchall()
    if not found or total == 0:
        return None
    shares = [groups / total for _, groups in found]
    return {
        "values": len(found),
        "row_groups": total,
        "largest": shares[0],
        "median": statistics.median(shares),
        "mean": statistics.fmean(shares),
        "worst": found[0][0],
        "explain": explained(database, files, column, found[0][0]),
    }


def explained(database, files, column, value):
    """How many row groups DuckDB says it read for a filter on one value, and of how many."""
    plan = database.execute(
        f"""explain (analyze, format json) select count(*), sum("count") from read_parquet('{files}') where "{column}" = ?""",
        [value],
    ).fetchall()[0][1]
    query = json.loads(plan)["query"]
    return {"scanned": query["total_row_groups_scanned"], "of": query["total_row_groups_to_scan"]}


def best(work):
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        answer = work()
        times.append(time.perf_counter() - started)
    return min(times), answer


def scans(database, files):
    """Seconds to read one category, by reader. Both must give the same sum."""
    wanted = ", ".join(f'"{name}"' for name in WANTED)

    def with_duckdb():
        rows = database.sql(f"select {wanted} from read_parquet('{files}') where category = '{CATEGORY}'").to_arrow_table()
        return rows.num_rows

    def with_polars():
        return polars.scan_parquet(files).filter(polars.col("category") == CATEGORY).select(WANTED).collect().height

    found = {"duckdb": best(with_duckdb), "polars": best(with_polars)}
    rows = {name: rows for name, (_, rows) in found.items()}
    assert len(set(rows.values())) == 1, f"the readers found different numbers of rows: {rows}"
    return {name: seconds for name, (seconds, _) in found.items()}, rows["duckdb"]


def others(database, root, scratch):
    """Writes the rows of the folder in other layouts, one after the other, and gives each layout's name and files."""
    files = pattern(root / "observations")
    ordered, path = scratch / "ordered.parquet", scratch / "again.parquet"
    database.execute(
        f"""copy (select * from read_parquet('{files}') order by category, jurisdiction_code, report_id, applicant)
            to '{ordered}' (format parquet)"""
    )
    for rows in GROUP_ROWS:
        for compression in COMPRESSIONS:
            database.execute(
                f"""copy (select * from read_parquet('{ordered}'))
                    to '{path}' (format parquet, compression {compression}, row_group_size {rows})"""
            )
            yield f"one file by category, {compression}, {rows} rows in a row group", path, path.stat().st_size
            path.unlink()
    ordered.unlink()
    for rows in GROUP_ROWS:
        folder = scratch / "partitioned"
        size = 0
        for source in sorted((root / "observations").rglob("*.parquet")):
            path = folder / source.relative_to(root)
            path.parent.mkdir(parents=True, exist_ok=True)
            database.execute(
                f"copy (select * from read_parquet('{source}')) to '{path}' (format parquet, compression zstd, row_group_size {rows})"
            )
            size += path.stat().st_size
        yield f"by year and province, zstd, {rows} rows in a row group", pattern(folder), size
        shutil.rmtree(folder)


def measure(root, scratch):
    files, by_category = pattern(root / "observations"), root / "by_category.parquet"
    database = duckdb.connect()
    database.execute("set enable_external_file_cache = false")
    rows = database.execute(f"select count(*) from read_parquet('{files}')").fetchall()[0][0]
    size = sum(path.stat().st_size for path in (root / "observations").rglob("*.parquet"))
    figures = {
        "observations": rows,
        "files": len(list((root / "observations").rglob("*.parquet"))),
        "bytes_per_observation": size / rows,
        "by_category_bytes": by_category.stat().st_size / rows,
        "category": pruning(database, str(by_category), "category"),
        "category_in_folder": pruning(database, files, "category"),
        "jurisdiction": pruning(database, files, "jurisdiction_code"),
    }
    own, found = scans(database, str(by_category))
    folder, same = scans(database, files)
    assert same == found, f"{same} rows in the folder, {found} by category"
    layouts = {}
    for name, other, written in others(database, root, scratch):
        seconds, same = scans(database, str(other))
        assert same == found, f"{name}: {same} rows, expected {found}"
        layouts[name] = {**seconds, "bytes_per_observation": written / rows}
    ratios = lambda seconds, names: {
        reader: seconds[reader] / min(layouts[name][reader] for name in names) for reader in seconds
    }
    partitioned = [name for name in layouts if name.startswith("by year")]
    figures["scan"] = {
        "category": CATEGORY,
        "rows": found,
        "seconds": own,
        "folder": folder,
        "others": layouts,
        "ratio": ratios(own, layouts),
        "ratio_folder": ratios(folder, layouts),
        "ratio_partitioned": ratios(folder, partitioned),
    }
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("snapshot", type=Path)
    parser.add_argument("--scratch", type=Path, help="folder for other layouts, removed afterwards")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.scratch) as scratch:
        print(json.dumps(measure(arguments.snapshot.resolve(), Path(scratch)), default=str))


if __name__ == "__main__":
    main()
