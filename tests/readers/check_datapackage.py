"""Validates the data package of a snapshot with Frictionless' own validator, and reads the column descriptions.

    python check_datapackage.py OUT/latest

The descriptor and codebook.csv are validated as they are. The validator reads Parquet with pandas, which makes floats of
whole numbers with nulls, and only the first of several files: the rows of Parquet tables are therefore read with pyarrow
from all the files that the package names and validated against the package's schema (types, required, enum, primary key).
"""

import json
import os
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet
from frictionless import Package, Schema
from frictionless.resources import TableResource

# The validator can hold only so many rows at a time.
LIMIT = 200_000


def errors_of(report):
    """The first errors of a validation, as text."""
    return [f"{kind} {note} (row {row})" for kind, note, row in report.flatten(["type", "note", "rowNumber"])[:3]]


def rows_of(root, resource):
    """All rows of a table, read from the files that the package names."""
    rows = []
    for file in resource["files"]:
        table = pyarrow.parquet.read_table(root / file["path"])
        assert table.num_rows == file["rows"], f"{file['path']}: {table.num_rows} rows, {file['rows']} declared"
        rows.extend(table.to_pylist())
        if len(rows) > LIMIT:
            break
    return rows[:LIMIT]


def validate_table(root, resource):
    """What is wrong with the rows of a table, as its schema has it."""
    rows = rows_of(root, resource)
    if not rows:
        return []
    names = [field["name"] for field in resource["schema"]["fields"]]
    found = list(rows[0])
    if found != names:
        return [f"columns {found}, declared {names}"]
    data = [names] + [[row[name] for name in names] for row in rows]
    table = TableResource(name=resource["name"], data=data, schema=Schema.from_descriptor(resource["schema"]))
    return errors_of(table.validate())


def descriptions_with_pyarrow(path):
    return json.loads(pyarrow.parquet.read_metadata(path).metadata[b"gongkai.columns"])


def descriptions_with_duckdb(path):
    query = "select decode(value) from parquet_kv_metadata(?) where decode(key) = 'gongkai.columns'"
    return json.loads(duckdb.execute(query, [path.as_posix()]).fetchone()[0])


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: check_datapackage.py OUT/latest")
    root = Path(sys.argv[1]).resolve()
    path = root / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    problems = [f"descriptor: {error}" for error in errors_of(Package.validate_descriptor(str(path)))]

    tables = 0
    for resource in package["resources"]:
        name = resource["name"]
        if resource["format"] == "parquet":
            tables += 1
            problems += [f"{name}: {error}" for error in validate_table(root, resource)]
            described = {field["name"]: field["description"] for field in resource["schema"]["fields"]}
            first = root / resource["files"][0]["path"]
            for reader in (descriptions_with_pyarrow, descriptions_with_duckdb):
                if reader(first) != described:
                    problems.append(f"{name}: {reader.__name__} gives other descriptions than the package")
            if not all(described.values()):
                problems.append(f"{name}: a column has no description")
        else:
            report = Package(str(path)).get_resource(name).validate()
            problems += [f"{name}: {error}" for error in errors_of(report)]

    codebook = (root / "codebook.md").read_text(encoding="utf-8")
    values = codebook[codebook.index('<a id="values"></a>'):]
    for table, column in (("rejects", "reason"), ("problems", "code"), ("reports", "script"), ("reports", "encoding_source")):
        meanings = values.split(f'<a id="values-{column}"></a>')[1].split("<a id=")[0]
        found = set(pyarrow.parquet.read_table(root / f"{table}.parquet")[column].to_pylist())
        problems += [f"{table}: {column} {name} is not in the codebook" for name in found if f"| `{name}` |" not in meanings]

    # The program that the guide shows must run where the reader stands: in the snapshot's folder.
    os.chdir(root)
    program = {}
    exec(codebook.split("```python\n")[1].split("```")[0], program)  # ours: data/codebook/guide.tsv
    if program["received"]["count"].sum() <= 0:
        problems.append("the program of the guide finds nothing")

    named = {file["path"] for resource in package["resources"] for file in resource["files"]}
    present = {file.relative_to(root).as_posix() for file in root.rglob("*") if file.is_file()}
    problems += [f"no resource names {name}" for name in sorted(present - named - {"datapackage.json", "run.json"})]

    for problem in problems:
        print(f"FAIL {problem}")
    assert tables > 5 and "codebook.html" in named, "the package names too little"
    assert not problems, f"{len(problems)} problems"
    print(f"ok   datapackage.json: {len(package['resources'])} resources valid, descriptions in pyarrow and duckdb")


if __name__ == "__main__":
    main()
