"""The database: whole or absent, the same bytes from the same records, and self-explaining."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from scalinglaws.catalog import Catalog
from scalinglaws.database import access, build, tables
from scalinglaws.database.build import build_database
from scalinglaws.database.rows import catalog_rows
from scalinglaws.vocabulary import VOCABULARIES


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_same_records_give_the_same_bytes(toy: Catalog, toy_path: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.sqlite"
    build_database(Catalog.load(Path(__file__).parent / "toy"), again)
    assert digest(again) == digest(toy_path)


def test_indexes_are_made_by_name(toy_connection: sqlite3.Connection) -> None:
    # In any other order the bytes would change from one run to the next.
    made = toy_connection.execute("SELECT tbl_name, name FROM sqlite_master WHERE name LIKE 'ix%' ORDER BY rowid")
    by_table: dict[str, list[str]] = {}
    for table, name in made:
        by_table.setdefault(table, []).append(name)
    assert max(map(len, by_table.values())) > 2
    assert all(names == sorted(names) for names in by_table.values())


def test_a_failed_build_leaves_the_previous_database(
    toy: Catalog, toy_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "catalog.sqlite"
    path.write_bytes(toy_path.read_bytes())
    before = digest(path)

    def broken(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(build, "index_entries", broken)
    with pytest.raises(RuntimeError):
        build_database(toy, path)
    assert digest(path) == before
    assert [each.name for each in tmp_path.iterdir()] == ["catalog.sqlite"]


def test_foreign_keys_are_declared_and_hold(toy_connection: sqlite3.Connection) -> None:
    assert toy_connection.execute("PRAGMA foreign_key_check").fetchall() == []
    targets = toy_connection.execute("SELECT \"table\" FROM pragma_foreign_key_list('fit_value')").fetchall()
    assert ("fit",) in targets


def test_foreign_keys_are_enforced_while_loading(toy: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def orphaned(catalog: Catalog, edition: str) -> object:
        rows = catalog_rows(catalog, edition)
        rows[tables.Fit][0]["law"] = "nobody/nothing"
        return rows

    monkeypatch.setattr(build, "catalog_rows", orphaned)
    with pytest.raises(Exception, match="FOREIGN KEY"):
        build_database(toy, tmp_path / "x.sqlite")


def test_rows_are_validated_by_their_models() -> None:
    with pytest.raises(ValueError, match="law"):
        tables.Fit.model_validate({"id": "a/b/c", "law": None})


def test_tables_are_listed_in_loading_order() -> None:
    names = [tables.table_name(table) for table in tables.TABLES]
    assert set(names) == set(SQLModel.metadata.tables)
    for position, name in enumerate(names):
        for key in SQLModel.metadata.tables[name].foreign_keys:
            assert names.index(key.column.table.name) <= position, f"{name} points forward"


CONTRACT_TABLES = [
    "paper",
    "author",
    "topic",
    "question",
    "guideline",
    "criticism",
    "direction",
    "equation",
    "fitting_method",
    "survey_row",
    "architecture",
    "task",
    "modality",
    "law",
    "variable",
    "coefficient",
    "fit",
    "fit_value",
    "worked_example",
    "claim",
    "finding",
    "dataset",
    "reproduction",
    "code",
    "alias",
]


def test_the_contract_tables_exist(toy_connection: sqlite3.Connection) -> None:
    present = {row[0] for row in toy_connection.execute("SELECT name FROM sqlite_master")}
    assert present >= {*CONTRACT_TABLES, "search", "info", "doc"}


def test_every_table_column_and_code_is_explained(toy_connection: sqlite3.Connection) -> None:
    explained = {(row[0], row[1]): row[2] for row in toy_connection.execute("SELECT kind, name, meaning FROM doc")}
    for table in tables.TABLES:
        name = tables.table_name(table)
        assert explained["table", name]
        for column in table.model_fields:
            assert explained["column", f"{name}.{column}"] not in ("", "None")
    for vocabulary, codes in VOCABULARIES.items():
        assert all(explained[vocabulary, code] for code in codes)


def test_info_names_edition_hash_and_licence(toy: Catalog, toy_connection: sqlite3.Connection) -> None:
    info = dict(toy_connection.execute("SELECT key, value FROM info"))
    assert info["records_sha256"] == toy.hash
    assert info["licence"] == "CC-BY-4.0"
    assert info["schema_version"] == str(tables.SCHEMA_VERSION) == str(access.READS_SCHEMA)


def test_survey_views_give_the_printed_cells(toy_connection: sqlite3.Connection) -> None:
    assert toy_connection.execute("SELECT * FROM survey_table_1").fetchall() == [(1, "Ash (2020)", "1M - 1B")]


def test_values_keep_their_uncertainty_and_source(toy_connection: sqlite3.Connection) -> None:
    row = toy_connection.execute(
        "SELECT value, low, high, level, standard_error, basis FROM fit_value "
        "WHERE fit = 'power2020/loss/published' AND symbol IN ('A', 'alpha') ORDER BY symbol"
    ).fetchall()
    assert row == [(100.0, None, None, None, 3.0, "paper"), (0.5, 0.4, 0.6, 0.95, None, "paper")]


def test_a_modality_is_the_fit_s_own_or_that_of_what_it_belongs_to(toy_connection: sqlite3.Connection) -> None:
    fits = toy_connection.execute("SELECT fit, modality, said_of FROM fit_modality ORDER BY fit, modality").fetchall()
    assert [row for row in fits if row[0].startswith("power2020/")] == [
        ("power2020/loss/partial", "code", "fit"),
        ("power2020/loss/published", "code", "paper"),
        ("power2020/loss/published", "text", "paper"),
    ]
    laws = toy_connection.execute("SELECT law, said_of, count(*) FROM law_modality GROUP BY law, said_of").fetchall()
    assert ("power2020/size", "paper", 2) in laws
    assert not [row for row in laws if row[0].startswith("blend2021/")], "its paper states none, and none is guessed"


def test_what_a_coefficient_does_is_told(toy_connection: sqlite3.Connection) -> None:
    statement = "SELECT symbol, exponent_of, exponent_sign, term_sign FROM coefficient WHERE law = ? ORDER BY position"
    rows = toy_connection.execute(statement, ("power2020/loss",)).fetchall()
    assert rows == [("E", None, None, 1), ("A", None, None, None), ("alpha", "N", -1, None)]
    # Of the law turned round alpha is the power of no variable.
    assert toy_connection.execute(statement, ("power2020/size",)).fetchall()[-1] == ("alpha", None, None, None)


def test_not_stated_is_a_row_without_a_value(toy_connection: sqlite3.Connection) -> None:
    statement = "SELECT symbol, value, stated FROM fit_value WHERE fit = 'power2020/loss/partial' ORDER BY symbol"
    assert toy_connection.execute(statement).fetchall() == [("A", None, 0), ("E", None, 0), ("alpha", 0.4, 1)]


def test_taken_values_are_resolved_and_marked(toy_connection: sqlite3.Connection) -> None:
    statement = "SELECT value, taken_from FROM fit_value WHERE fit = 'blend2021/mixture/three' AND symbol = 'c'"
    assert toy_connection.execute(statement).fetchall() == [(1.0, "mixture/two")]


def test_documents_are_json(toy_connection: sqlite3.Connection) -> None:
    for name, content in toy_connection.execute("SELECT id, content FROM document"):
        assert json.loads(content)["id"] == name


def test_it_opens_in_datasette(toy_path: Path) -> None:
    import asyncio

    from datasette.app import Datasette

    async def ask() -> int:
        datasette = Datasette([str(toy_path)])
        answer = await datasette.client.get("/catalog/law.json?_shape=array&_labels=on")
        datasette.remove_database("catalog")
        return len(answer.json())

    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert asyncio.run(ask()) == 5
