"""Opens a snapshot with polars, pandas (pyarrow) and DuckDB and asks each the same three questions, of the folder of
observations and of the file by category.

    python check_readers.py OUT/latest

The answers must agree and must not be empty. The questions:

1. Requests received in each year: the sum over reports of requests.received.total, all applicants, the year's own.
2. Refusal share of each jurisdiction, over all its years: the counts of every category that starts with
   requests.outcome.denied., over those of requests.outcome.total. Where a report prints
   requests.outcome.denied.total, that count alone is taken, since the grounds below it are parts of it.
   Jurisdictions whose replies sum to zero are left out.
3. Rows whose check failed, for each category; categories without such rows are left out. An answer without rows is
   allowed here when no row failed anywhere.
"""

import sys
from pathlib import Path

import duckdb
import pandas
import polars

RECEIVED = "requests.received.total"
REPLIES = "requests.outcome.total"
DENIED = "requests.outcome.denied."
DENIED_TOTAL = DENIED + "total"
COLUMNS = ["report_id", "jurisdiction_code", "year", "category", "applicant", "period", "count", "check"]


def files(path):
    """The Parquet files of a table: one, or all in a folder."""
    return path / "**/*.parquet" if path.is_dir() else path


def with_polars(path):
    rows = polars.scan_parquet(files(path))
    col = polars.col
    failed = rows.filter(col("check") == "failed").group_by("category").agg(polars.len().alias("rows")).collect()
    rows = rows.filter((col("applicant") == "all") & (col("period") == "year") & col("count").is_not_null())
    received = (
        rows.filter((col("category") == RECEIVED) & col("year").is_not_null())
        .group_by("year").agg(col("count").sum()).collect()
    )
    printed = rows.filter(col("category") == DENIED_TOTAL).select("report_id").unique()
    grounds = rows.filter(col("category").str.starts_with(DENIED) & (col("category") != DENIED_TOTAL))
    denied = polars.concat([
        rows.filter(col("category") == DENIED_TOTAL).select("jurisdiction_code", "count"),
        grounds.join(printed, on="report_id", how="anti").select("jurisdiction_code", "count"),
    ]).group_by("jurisdiction_code").agg(col("count").sum().alias("denied"))
    replies = (
        rows.filter((col("category") == REPLIES) & col("jurisdiction_code").is_not_null())
        .group_by("jurisdiction_code").agg(col("count").sum().alias("replies")).filter(col("replies") > 0)
    )
    shares = replies.join(denied, on="jurisdiction_code", how="left").with_columns(col("denied").fill_null(0)).collect()
    return (
        {row["year"]: row["count"] for row in received.to_dicts()},
        {row["jurisdiction_code"]: row["denied"] / row["replies"] for row in shares.to_dicts()},
        {row["category"]: row["rows"] for row in failed.to_dicts()},
    )


def with_pandas(path):
    rows = pandas.read_parquet(path, columns=COLUMNS, engine="pyarrow")
    failed = rows[rows["check"] == "failed"].groupby("category").size()
    rows = rows[(rows["applicant"] == "all") & (rows["period"] == "year") & rows["count"].notna()]
    received = rows[(rows["category"] == RECEIVED) & rows["year"].notna()].groupby("year")["count"].sum()
    is_total = rows["category"] == DENIED_TOTAL
    is_ground = rows["category"].str.startswith(DENIED) & ~is_total
    printed = rows.loc[is_total, "report_id"]
    denied = rows[is_total | (is_ground & ~rows["report_id"].isin(printed))]
    denied = denied.groupby("jurisdiction_code")["count"].sum()
    replies = rows[rows["category"] == REPLIES].groupby("jurisdiction_code")["count"].sum()
    replies = replies[replies > 0]
    shares = denied.reindex(replies.index).fillna(0) / replies
    return (
        {int(year): int(count) for year, count in received.items()},
        {code: float(share) for code, share in shares.items()},
        {category: int(count) for category, count in failed.items()},
    )


def with_duckdb(path):
    database = duckdb.connect()
    database.execute(f"create view rows as select * from read_parquet('{files(path).as_posix()}')")
    database.execute(
        """create view counts as select * from rows
           where applicant = 'all' and "period" = 'year' and "count" is not null"""
    )
    received = database.execute(
        'select "year", sum("count") from counts where category = ? and "year" is not null group by all', [RECEIVED]
    ).fetchall()
    shares = database.execute(
        """with denied as (
               select jurisdiction_code, sum("count") as denied from counts
               where category = $total or (starts_with(category, $denied) and category <> $total and report_id not in
                   (select report_id from counts where category = $total))
               group by all
           ), replies as (
               select jurisdiction_code, sum("count") as replies from counts
               where category = $replies and jurisdiction_code is not null group by all having replies > 0
           )
           select jurisdiction_code, coalesce(denied, 0)::double / replies
           from replies left join denied using (jurisdiction_code)""",
        {"total": DENIED_TOTAL, "denied": DENIED, "replies": REPLIES},
    ).fetchall()
    failed = database.execute("""select category, count(*) from rows where "check" = 'failed' group by all""").fetchall()
    return (
        {year: int(count) for year, count in received},
        dict(shares),
        dict(failed),
    )


def close(left, right):
    return left.keys() == right.keys() and all(abs(left[key] - right[key]) < 1e-12 for key in left)


def every_table_opens(root):
    """Each table of the snapshot has the same number of rows in all three readers."""
    counts = {}
    for path in sorted(root.iterdir()):
        if path.is_dir() or path.suffix == ".parquet":
            counts[path.stem] = (
                polars.scan_parquet(files(path)).select(polars.len()).collect().item(),
                len(pandas.read_parquet(path, engine="pyarrow")),
                duckdb.sql(f"select count(*) from read_parquet('{files(path).as_posix()}')").fetchall()[0][0],
            )
    return counts


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: check_readers.py OUT/latest")
    root = Path(sys.argv[1]).resolve()
    passed = failed = 0

    def check(name, holds):
        nonlocal passed, failed
        passed, failed = passed + bool(holds), failed + (not holds)
        print(f"{'ok  ' if holds else 'FAIL'} {name}")

    for table, counts in every_table_opens(root).items():
        check(f"{table}: {counts[0]} rows in polars, pandas and duckdb", len(set(counts)) == 1)

    readers = {"polars": with_polars, "pandas": with_pandas, "duckdb": with_duckdb}
    tables = ["observations", "by_category.parquet"]
    answers = {(name, table): read(root / table) for table in tables for name, read in readers.items()}
    questions = ["requests received per year", "refusal share per jurisdiction", "failed checks per category"]
    for place, question in enumerate(questions):
        first = answers["polars", "observations"][place]
        print(f"\n{question}: {len(first)} rows, e.g. {dict(sorted(first.items())[:3])}")
        for (reader, table), answer in answers.items():
            check(f"{reader} says so of {table}", close(first, answer[place]))
        if question != "failed checks per category":
            check("the answer is not empty", first)

    print(f"\n{passed} passed, {failed} failed")
    assert failed == 0, f"{failed} checks failed"


if __name__ == "__main__":
    main()
