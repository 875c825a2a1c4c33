"""The export: every format reads back as the database, its descriptions hold by their own tools, what is not ours stays."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from scalinglaws import EDITION_DATE, library
from scalinglaws.catalog import Catalog
from scalinglaws.cli import main
from scalinglaws.database.access import open_database
from scalinglaws.database.named_queries import read_queries
from scalinglaws.database.schema import Table, read_schema
from scalinglaws.database.value_hash import value_hash
from scalinglaws.exports import files
from scalinglaws.exports.bibliography import csl_items
from scalinglaws.exports.export import Exported, export
from scalinglaws.exports.tables import FORMATS
from scalinglaws.library import InputError
from scalinglaws.records.reading import Reference

# Documents are long, and Python's reader has its own idea of how long a cell may be.
csv.field_size_limit(1 << 20)


@pytest.fixture(scope="module")
def small(toy: Catalog, toy_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return export(tmp_path_factory.mktemp("small") / "out", named=read_queries(toy.queries), path=toy_path)


@pytest.fixture(scope="module", params=["toy", "real"])
def both(request: pytest.FixtureRequest, small: Exported, exported: Exported) -> Exported:
    return small if request.param == "toy" else exported


@pytest.fixture
def connection(both: Exported) -> Iterator[sqlite3.Connection]:
    opened = open_database(both.folder / "catalog.sqlite")
    yield opened
    opened.close()


def tables(connection: sqlite3.Connection) -> list[Table]:
    return [each for each in read_schema(connection) if each.kind == "table"]


def stored(connection: sqlite3.Connection, table: Table) -> list[dict[str, Any]]:
    """Every row as the database has it, by key."""
    order = ", ".join(table.key)
    names = [each.name for each in table.columns]
    return [
        dict(zip(names, row, strict=True))
        for row in connection.execute(f"SELECT * FROM {table.name} ORDER BY {order}")  # what SQLite says itself
    ]


def tree(folder: Path) -> dict[str, bytes]:
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_every_table_reads_back_in_every_format(both: Exported, connection: sqlite3.Connection) -> None:
    from pyarrow import parquet

    for table in tables(connection):
        expected = stored(connection, table)
        folder = both.folder
        whole = json.loads((folder / "json" / f"{table.name}.json").read_text(encoding="utf-8"))
        assert whole == expected, table.name
        lines = (folder / "jsonl" / f"{table.name}.jsonl").read_text(encoding="utf-8").split("\n")
        assert lines.pop() == ""
        assert [json.loads(line) for line in lines] == expected, table.name
        found = parquet.read_table(folder / "parquet" / f"{table.name}.parquet")
        assert found.to_pylist() == expected, table.name
        told = {each.name: each for each in found.schema}
        assert {name: each.metadata[b"description"].decode() for name, each in told.items()} == {
            each.name: each.meaning for each in table.columns
        }
        with (folder / "csv" / f"{table.name}.csv").open(encoding="utf-8", newline="") as file:
            assert [typed(row, table) for row in csv.DictReader(file)] == expected, table.name


def typed(row: dict[str, str], table: Table) -> dict[str, Any]:
    """A row of CSV with the types of its table: nothing is no value, but for text that every row has."""
    read: dict[str, Any] = {"string": str, "integer": int, "number": float, "boolean": ["false", "true"].index}
    return {
        each.name: None
        if row[each.name] == "" and not (each.required and each.type == "string")
        else read[each.type](row[each.name])
        for each in table.columns
    }


def test_pandas_reads_parquet_with_types(exported: Exported, catalog: Catalog) -> None:
    import pandas as pd

    frame = pd.read_parquet(exported.folder / "parquet" / "fit_value.parquet")
    assert frame["stated"].dtype == bool
    assert frame["value"].dtype == float
    values = frame[frame["fit"] == "hoffmann2022/parametric/besiroglu2024"].set_index("symbol")["value"]
    assert values["alpha"] == 0.3478


def test_fits_bear_the_hash_of_their_values(exported: Exported) -> None:
    values: dict[str, dict[str, float]] = {}
    for row in json.loads((exported.folder / "json" / "fit_value.json").read_text(encoding="utf-8")):
        if row["stated"]:
            values.setdefault(row["fit"], {})[row["symbol"]] = row["value"]
    fits = json.loads((exported.folder / "json" / "fit.json").read_text(encoding="utf-8"))
    assert len(fits) > 100
    for fit in fits:
        assert fit["values_sha256"] == value_hash(values[fit["id"]]), fit["id"]


def test_the_list_of_hashes_covers_every_other_file(both: Exported) -> None:
    contents = tree(both.folder)
    assert {each.name: (each.bytes, each.sha256) for each in both.files} == {
        name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in contents.items()
    }
    lines = contents["SHA256SUMS"].decode().splitlines()
    assert all(re.fullmatch(r"[0-9a-f]{64}  [\w./-]+", line) for line in lines)
    assert {line[66:]: line[:64] for line in lines} == {
        name: hashlib.sha256(content).hexdigest() for name, content in contents.items() if name != "SHA256SUMS"
    }
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=both.folder, check=True)


def test_the_same_records_give_the_same_bytes(small: Exported, toy: Catalog, toy_path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere.sqlite"
    copy.write_bytes(toy_path.read_bytes())
    again = export(tmp_path / "again", named=read_queries(toy.queries), path=copy)
    assert tree(again.folder) == tree(small.folder)


def test_the_readme_says_what_each_file_is(both: Exported) -> None:
    text = (both.folder / "README.txt").read_text(encoding="utf-8")
    assert all(each.what in text for each in both.files if each.name != "README.txt")
    assert all(f"{name}/" in text for name in FORMATS)
    assert "CC-BY-4.0" in text
    assert EDITION_DATE in text
    assert "Cite: The Scaling Laws Catalog contributors." in text


def test_laws_are_the_documents(exported: Exported) -> None:
    laws = json.loads((exported.folder / "laws.json").read_text(encoding="utf-8"))
    lines = (exported.folder / "laws.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == laws
    by_id = {each["id"]: each for each in laws}
    connection = open_database(exported.folder / "catalog.sqlite")
    (content,) = connection.execute("SELECT content FROM document WHERE id = 'kaplan2020/nopt'").fetchone()
    connection.close()
    assert by_id["kaplan2020/nopt"] == json.loads(content)


#: What CSL 1.0.2 requires of an item, and of what we use allows.
CSL = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "type"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string"},
            "type": {
                "enum": [
                    "article",
                    "article-journal",
                    "book",
                    "chapter",
                    "document",
                    "paper-conference",
                    "report",
                    "thesis",
                ]
            },
            "author": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {name: {"type": "string", "minLength": 1} for name in ("family", "given", "literal")},
                    "oneOf": [{"required": ["family", "given"]}, {"required": ["literal"]}],
                },
            },
            "issued": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "date-parts": {
                        "type": "array",
                        "items": {"type": "array", "items": {"type": "integer"}, "minItems": 1},
                    }
                },
            },
            **{
                name: {"type": "string", "minLength": 1}
                for name in ("title", "container-title", "DOI", "URL", "archive", "number")
            },
        },
    },
}


def test_references_as_csl(exported: Exported, catalog: Catalog) -> None:
    items = json.loads((exported.folder / "references.csl.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(CSL).validate(items)
    by_key = {each["id"]: each for each in items}
    assert list(by_key) == list(catalog.references)
    assert by_key["bahri2021"] == {
        "id": "bahri2021",
        "type": "article-journal",
        "title": "Explaining Neural Scaling Laws",
        "author": [
            {"family": "Bahri", "given": "Yasaman"},
            {"family": "Dyer", "given": "Ethan"},
            {"family": "Kaplan", "given": "Jared"},
            {"family": "Lee", "given": "Jaehoon"},
            {"family": "Sharma", "given": "Utkarsh"},
        ],
        "issued": {"date-parts": [[2024]]},
        "container-title": "Proceedings of the National Academy of Sciences",
        "URL": "https://arxiv.org/abs/2102.06701",
        "archive": "arXiv",
        "number": "arXiv:2102.06701",
    }
    bibtex = (exported.folder / "references.bib").read_text(encoding="utf-8")
    assert bibtex.count("\n@") + 1 == len(items)


def test_kinds_of_references() -> None:
    book = Reference("a", "book", "A", ("{Some} Team",), None, "Press", None, "10.1/x", None, "")
    page = Reference("b", "misc", "B", (), 2020, None, None, None, "https://example.org", "")
    preprint = Reference("c", "misc", "C", ("van der Wal, Oskar",), 2020, None, "2001.00001", None, None, "")
    assert csl_items([book, page, preprint]) == [
        {
            "id": "a",
            "type": "book",
            "title": "A",
            "author": [{"literal": "{Some} Team"}],
            "container-title": "Press",
            "DOI": "10.1/x",
        },
        {"id": "b", "type": "document", "title": "B", "issued": {"date-parts": [[2020]]}, "URL": "https://example.org"},
        {
            "id": "c",
            "type": "article",
            "title": "C",
            "author": [{"family": "van der Wal", "given": "Oskar"}],
            "issued": {"date-parts": [[2020]]},
            "URL": "https://arxiv.org/abs/2001.00001",
            "archive": "arXiv",
            "number": "arXiv:2001.00001",
        },
    ]


def test_frictionless_finds_the_data_package_valid(both: Exported, connection: sqlite3.Connection) -> None:
    from frictionless import validate

    package = json.loads((both.folder / "datapackage.json").read_text(encoding="utf-8"))
    assert {each["name"] for each in package["resources"]} == {each.name for each in tables(connection)}
    fields = [field for each in package["resources"] for field in each["schema"]["fields"]]
    assert all(each["description"] and each["type"] for each in fields)
    fit = next(each for each in package["resources"] if each["name"] == "fit")["schema"]
    assert fit["primaryKey"] == ["id"]
    assert {"fields": ["law"], "reference": {"resource": "law", "fields": ["id"]}} in fit["foreignKeys"]
    assert package["sources"]
    report = validate(str(both.folder / "datapackage.json"))
    assert report.flatten(["title", "message"]) == []
    assert len(report.tasks) == len(package["resources"])


@pytest.mark.parametrize(
    ("table", "old", "new", "kind"),
    [
        ("fit", "power2020/loss,", "power2020/nothing,", "foreign-key"),
        ("fit", ",true,", ",,", "constraint-error"),
        ("law", "power2020/loss,power2020,", "power2020/loss,,", "constraint-error"),
        ("fit_value", ",100.0,", ",many,", "type-error"),
    ],
)
def test_the_data_package_says_enough_to_find_faults(
    small: Exported, tmp_path: Path, table: str, old: str, new: str, kind: str
) -> None:
    from frictionless import validate

    shutil.copytree(small.folder, tmp_path / "out")
    file = tmp_path / "out" / "csv" / f"{table}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    found = {each for (each,) in validate(str(tmp_path / "out" / "datapackage.json")).flatten(["type"])}
    assert {kind, "hash-count"} <= found


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame.reset_index is deprecated")
def test_croissant_loads_and_gives_records(both: Exported, connection: sqlite3.Connection) -> None:
    import mlcroissant

    described = json.loads((both.folder / "croissant.json").read_text(encoding="utf-8"))
    hashes = {each.name: each.sha256 for each in both.files}
    assert {each["contentUrl"]: each["sha256"] for each in described["distribution"]} == {
        name: digest
        for name, digest in hashes.items()
        if name not in {"datapackage.json", "croissant.json", "README.txt", "SHA256SUMS"}
    }
    assert described["datePublished"] == EDITION_DATE
    dataset = mlcroissant.Dataset(jsonld=str(both.folder / "croissant.json"))
    assert (dataset.metadata.ctx.issues.errors, dataset.metadata.ctx.issues.warnings) == (set(), set())
    assert {each.name for each in dataset.metadata.record_sets} == {each.name for each in tables(connection)}
    (table,) = [each for each in tables(connection) if each.name == "paper"]
    expected = stored(connection, table)
    records = [
        {name.partition("/")[2]: value.decode() if isinstance(value, bytes) else value for name, value in row.items()}
        for row in dataset.records("paper")
    ]
    assert [each["key"] for each in records] == [each["key"] for each in expected]
    for record, row in zip(records, expected, strict=True):
        assert {name: value for name, value in record.items() if row[name] is not None} == {
            name: value for name, value in row.items() if value is not None
        }


def ask(folder: Path, addresses: list[str]) -> list[Any]:
    """What Datasette answers over an export, in process: status and text of each address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from datasette.app import Datasette

        async def answers() -> list[Any]:
            metadata = json.loads((folder / "datasette.json").read_text(encoding="utf-8"))
            datasette = Datasette([], immutables=[str(folder / "catalog.sqlite")], metadata=metadata)
            found = [await datasette.client.get(each) for each in addresses]
            datasette.remove_database("catalog")
            return [(each.status_code, each.text) for each in found]

        return asyncio.run(answers())


def test_datasette_shows_what_the_metadata_says(exported: Exported, catalog_path: Path) -> None:
    late = "/catalog/papers-of-topic.json?_shape=array&topic=model&since=2024"
    index, table, plain, asked, unset, large, write = ask(
        exported.folder,
        [
            "/",
            "/catalog/fit",
            "/catalog/disputed-fits.json?_shape=array",
            late,
            "/catalog/papers-of-topic.json?_shape=array",
            "/catalog/laws-taking.json?_shape=array&quantity=parameters&reaches=1e10",
            "/catalog.json?sql=DELETE+FROM+law",
        ],
    )
    assert index[0] == table[0] == 200
    assert "The Scaling Laws Catalog" in index[1]
    assert "CC-BY-4.0" in index[1]
    assert "Published or recomputed sets of values" in table[1]
    assert "SHA-256 of the values as canonical JSON" in table[1]
    assert 'id="facet-basis"' in table[1]

    def query(name: str, **values: Any) -> list[dict[str, Any]]:
        return list(library.query(name=name, path=catalog_path, **values))

    assert json.loads(plain[1]) == query("disputed-fits")
    assert json.loads(asked[1]) == query("papers-of-topic", topic="model", since=2024) != []
    assert json.loads(unset[1]) == query("papers-of-topic") != []
    assert json.loads(large[1]) == query("laws-taking", quantity="parameters", reaches=1e10) != []
    assert write[0] == 400


def test_every_named_query_is_a_canned_one(exported: Exported, catalog: Catalog) -> None:
    shown = json.loads((exported.folder / "datasette.json").read_text(encoding="utf-8"))["databases"]["catalog"]
    named = read_queries(catalog.queries)
    assert {name: each["title"] for name, each in shown["queries"].items()} == {
        name: each.title for name, each in named.items()
    }
    assert set(shown["queries"]) & set(shown["tables"]) == set()
    assert "search" in shown["tables"]
    names = list(named)
    answers = ask(exported.folder, [f"/catalog/{name}.json?_shape=array&_size=max" for name in names])
    for name, (status, text) in zip(names, answers, strict=True):
        assert (status, bool(json.loads(text))) == (200, True), name


def test_without_pyarrow_it_says_how_to_get_it_or_do_without(
    toy_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    call = ["export", "--to", str(tmp_path / "out"), "--database", str(toy_path)]
    assert main(call) == 1
    assert "Parquet needs the package pyarrow: pip install 'scalinglaws[dataframes]'" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert main([*call, "--format", "json, csv", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["formats"] == ["json", "csv"]
    assert {each["name"] for each in told["files"]} == set(tree(tmp_path / "out"))
    assert not (tmp_path / "out" / "parquet").exists()


def test_without_csv_nothing_describes_it(toy_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["export", "--to", str(tmp_path / "out"), "--format", "jsonl", "--database", str(toy_path)]
    assert main(call) == 0
    assert capsys.readouterr().out.startswith(f"wrote {tmp_path / 'out'}: edition ")
    names = set(tree(tmp_path / "out"))
    assert not {"datapackage.json", "croissant.json"} & names
    assert {"catalog.sqlite", "jsonl/law.jsonl", "SHA256SUMS"} <= names
    text = (tmp_path / "out" / "README.txt").read_text(encoding="utf-8")
    assert "jsonl/" in text
    assert "croissant" not in text


@pytest.mark.parametrize(("formats", "words"), [("xlsx", "not 'xlsx'"), ("csv,", "not ''"), ("", "not ''")])
def test_an_unknown_format_is_refused(
    toy_path: Path, tmp_path: Path, formats: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "--to", str(tmp_path / "x"), "--format", formats, "--database", str(toy_path)]) == 2
    assert f"tables are written as csv, parquet, json, jsonl, {words}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def write(folder: Path, toy_path: Path, *formats: str, force: bool = False) -> Exported:
    return export(folder, formats or ("csv",), named={}, force=force, path=toy_path)


def test_an_earlier_export_is_replaced_whole(toy_path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    write(folder, toy_path, "csv")
    again = write(folder, toy_path, "json")
    assert set(tree(folder)) == {each.name for each in again.files}
    assert not (folder / "csv").exists()
    assert [each.name for each in folder.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("change", ["other", "edited", "unmarked", "empty folder", "link"])
def test_what_is_not_ours_is_never_replaced(toy_path: Path, tmp_path: Path, change: str) -> None:
    folder = tmp_path / "out"
    write(folder, toy_path)
    if change == "other":
        (folder / "csv" / "mine.csv").write_text("x\n", encoding="utf-8")
    elif change == "edited":
        (folder / "csv" / "law.csv").write_text("x\n", encoding="utf-8")
    elif change == "unmarked":
        # A list of hashes alone makes no folder ours.
        (folder / "README.txt").write_text("Someone else's\n", encoding="utf-8")
    elif change == "empty folder":
        (folder / "drafts").mkdir()
    else:
        (folder / "csv" / "law.csv").unlink()
        (folder / "csv" / "law.csv").symlink_to(toy_path)
    before = tree(folder)
    with pytest.raises(InputError, match=r"holds what no export wrote, such as .*--force"):
        write(folder, toy_path, "json")
    assert tree(folder) == before
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


def test_force_writes_beside_what_is_not_ours(toy_path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    (folder / "csv").mkdir(parents=True)
    (folder / "csv" / "mine.csv").write_text("x\n", encoding="utf-8")
    (folder / "README.txt").write_text("mine\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"README\.txt"):
        write(folder, toy_path)
    first = write(folder, toy_path, "csv", force=True)
    assert set(tree(folder)) == {each.name for each in first.files} | {"csv/mine.csv"}
    # Of our own, what the new export lacks goes; of the other's, nothing.
    second = write(folder, toy_path, "json", force=True)
    assert set(tree(folder)) == {each.name for each in second.files} | {"csv/mine.csv"}
    (folder / "jsonl").write_text("in the way", encoding="utf-8")
    before = tree(folder)
    with pytest.raises(InputError, match="something else stands there"):
        write(folder, toy_path, "jsonl", force=True)
    assert tree(folder) == before


def test_the_current_folder_stays_the_same_folder(
    toy_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    identity = folder.stat().st_ino
    written = write(Path(), toy_path)
    assert (folder.stat().st_ino, written.folder) == (identity, folder)
    assert set(tree(folder)) == {each.name for each in written.files}


def test_a_file_is_no_folder(toy_path: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="is a file; name a folder"):
        write(tmp_path / "out", toy_path, force=True)
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("failing", ["add", "replace"])
def test_a_failed_export_leaves_what_was_there(
    toy_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    folder = tmp_path / "out"
    write(folder, toy_path)
    before = tree(folder)

    def full(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    if failing == "add":
        monkeypatch.setattr(files.Writer, "add", full)
    else:
        replace = Path.replace
        monkeypatch.setattr(
            Path, "replace", lambda path, to: full() if path.suffix == ".unfinished" else replace(path, to)
        )
    with pytest.raises(OSError, match="the disk is full"):
        write(folder, toy_path, "json")
    monkeypatch.undo()
    assert tree(folder) == before
    assert [each.name for each in tmp_path.iterdir()] == ["out"]
