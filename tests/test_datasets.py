"""Public data: every recorded file loads as recorded; what is altered, missing or cut off is told and nothing is lost."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import scalinglaws as sl
from conftest import need
from scalinglaws import datasets
from scalinglaws.catalog import Catalog
from scalinglaws.cli import main
from scalinglaws.data_formats import (
    READERS,
    DataFormatError,
    read_checkpoint_log,
    read_csv,
    read_csv_gz,
    read_json_columns,
    read_json_pairs,
    read_lines,
    read_run_notebook,
)
from scalinglaws.database.documents import dataset_document
from scalinglaws.datasets import Dataset, DatasetError, all_datasets, dataset
from scalinglaws.formulas.evaluation import Compiled, Formula
from scalinglaws.library import UnknownName
from scalinglaws.problems import InvalidRecords
from scalinglaws.records.files import read_contents
from scalinglaws.vocabulary import DATA_FORMATS, UNREAD_FORMATS

ROOT = Path(__file__).resolve().parents[1]
CATALOG = Catalog.load(ROOT / "catalog")
DOCUMENTS = {name: dataset_document(CATALOG, record) for name, record in CATALOG.datasets.items()}
FILES = [(name, file["name"]) for name, document in DOCUMENTS.items() for file in document["files"]]
POINTS = b"Size,Loss,Kind\n1e4,2.5,a\n1e6,1.6,b\n"
READ = b"N,L,Kind,C\n1e4,2.5,a,6e4\n1e6,1.6,b,6e6\n"


def at_hand(name: str, file: str) -> Dataset:
    """A dataset of the catalog, with the test skipped by name where the file is not here."""
    data = Dataset(DOCUMENTS[name])
    need(f"{name}/{file}", found=data.at_hand()[file] is not None)
    return data


# The records, held against the files.


@pytest.mark.parametrize(("name", "file"), FILES, ids=["/".join(each) for each in FILES])
def test_every_file_loads_as_recorded(
    shared_data: Path | None, capsys: pytest.CaptureFixture[str], name: str, file: str
) -> None:
    data = at_hand(name, file)
    entry = next(each for each in data.document["files"] if each["name"] == file)
    table = data.table(file)
    assert set(table) == set(entry["columns"])
    assert {len(values) for values in table.values()} == {entry["rows"]}
    for column in data.document["columns"]:
        if file in column["files"]:
            assert table[column["name"]].dtype.kind == ("U" if column["unit"] is None else "f"), column["name"]
    # Silence means that the SHA-256 is one of those recorded.
    assert capsys.readouterr().err == ""
    recorded = {entry["sha256"]: entry["bytes"]}
    if entry["derived"]:
        recorded[entry["derived"]["sha256"]] = entry["derived"]["bytes"]
    content = data.path(file).read_bytes()
    assert recorded[hashlib.sha256(content).hexdigest()] == len(content)


def test_every_file_of_the_folder_has_a_record(shared_data: Path | None) -> None:
    if shared_data is None:
        pytest.skip("the data is in the cache, which holds what was asked for")
    for name, document in DOCUMENTS.items():
        named = {each["name"] for each in document["files"]}
        named |= {each["derived"]["name"] for each in document["files"] if each["derived"]}
        for path in (shared_data / name).iterdir():
            assert path.name in {*named, "README.md"}, path


@pytest.mark.parametrize(
    ("name", "file", "csv"),
    [
        ("mixing-ye", "2Mix_70M.txt", "2Mix_70M.csv"),
        ("mixing-ye", "2Mix_160M.txt", "2Mix_160M.csv"),
        ("mixing-ye", "5Mix_70M.txt", "5Mix_70M.csv"),
        ("routed-lm", "curves.csv.gz", "curves.csv"),
    ],
)
def test_a_reader_gives_what_was_read_out_before(shared_data: Path | None, name: str, file: str, csv: str) -> None:
    folder = at_hand(name, file).path(file).parent
    need(f"{name}/{csv}", found=(folder / csv).is_file())
    read = READERS[next(each["format"] for each in DOCUMENTS[name]["files"] if each["name"] == file)]
    assert read((folder / file).read_bytes()) == read_csv((folder / csv).read_bytes())


@pytest.mark.parametrize("name", [name for name, each in DOCUMENTS.items() if each["variables"]])
def test_the_mapping_gives_finite_numbers(shared_data: Path | None, name: str) -> None:
    document = DOCUMENTS[name]
    table = at_hand(name, document["files"][0]["name"]).table()
    values: dict[str, Any] = {symbol: table[column] for symbol, column in document["variables"].items()}
    for symbol, text in document["let"].items():
        compiled = Compiled(Formula.read(text))
        values[symbol] = compiled({each: values[each] for each in compiled.arguments})
    for symbol, numbers in values.items():
        # Rows may lack a value; a wrong mapping would leave none, or infinities.
        assert np.isfinite(numbers).mean() > 0.8, symbol
        assert not np.isinf(numbers).any(), symbol


def test_mapped_symbols_belong_to_a_law_of_the_dataset() -> None:
    for name, document in DOCUMENTS.items():
        symbols = {*document["variables"], *document["let"]}
        known: set[str] = set()
        for law in (CATALOG.law(each) for each in document["laws"]):
            known |= {law.record.output.symbol, *law.record.variables}
        if document["laws"] and symbols:
            assert symbols & known, name


def test_chinchilla_rows_are_those_of_the_published_refit(shared_data: Path | None) -> None:
    runs = at_hand("chinchilla-svg", "svg_extracted_data.csv").table()
    tokens = runs["Training FLOP"] / (6 * runs["Model Size"])
    highest = np.argsort(runs["loss"])[::-1][:5]
    assert set(highest) == set(np.argsort(tokens)[:5]) == {0, 1, 2, 3, 4}


# Readers, on small texts.


def test_every_format_is_read_or_named_as_unread() -> None:
    assert {*READERS, *UNREAD_FORMATS} == set(DATA_FORMATS)


def test_readers_give_columns_of_text() -> None:
    assert read_csv(b'a,b\n1,"x,\ny"\n') == {"a": ["1"], "b": ["x,\ny"]}
    assert read_csv_gz(gzip.compress(b"a\n1\n")) == {"a": ["1"]}
    assert read_json_columns(b'{"a": {"0": 1, "2": null}, "b": {"0": 2.5, "2": 3}}') == {
        "a": ["1", ""],
        "b": ["2.5", "3"],
    }
    assert read_json_pairs(b'{"x": 0.5}') == {"name": ["x"], "value": ["0.5"]}
    assert read_lines(b"0.5-0.5\n\n 1-0 \n") == {"line": ["0.5-0.5", "1-0"]}


LOG = """\
/a/b//70M_2-0.5-0.5/3000\t/c/pile.valid.Github.bin\t1.5
/a/b//70M_10-1-0/12000\t/c/pile.valid.Github.bin\t1.25
/a/b//70M_10-1-0/3000\t/c/pile.valid.Github.bin\t1.75
/a/b//70M_10-1-0/3000\t/d/pile.valid.Github.bin\t1.75
/a/b//70M_10-1-0/final\t/c/pile.valid.Github.bin\t1.0
"""


def test_logs_are_sorted_and_merged_and_hold_steps_only() -> None:
    columns = read_checkpoint_log(LOG.encode())
    assert columns["run"] == ["70M_10", "70M_10", "70M_2"]
    assert columns["ratio"] == ["1-0", "1-0", "0.5-0.5"]
    assert columns["step"] == ["3000", "12000", "3000"]
    assert columns["loss"] == ["1.75", "1.25", "1.5"]
    assert columns["domain"] == ["Github"] * 3


def notebook(*cells: str) -> bytes:
    return json.dumps({"cells": [{"cell_type": "code", "source": [each]} for each in cells]}).encode()


MAPS = 'TOKENS_MAP = {"1b25": 1.25, "100m": 0.1}\nPARAMS_MAP = {"2b8": 2.81e9, "14m": 1.41e7}\n'


def test_notebooks_are_read_and_never_run() -> None:
    first = 'NAMES_TO_VAL_LOSSES = {"2b855b1b25c4seed1": 3.4, "14m91b100m": 0, "14m3b9100m": 6.5, "2b84b4bdedup": 3}\n'
    second = 'NAMES_TO_VAL_LOSSES = {"14m3b9100m": 6.5}\nraise SystemExit\n'
    assert read_run_notebook(notebook(first + MAPS, "print(1)", second + MAPS)) == {
        "name": ["2b855b1b25c4seed1", "14m3b9100m"],
        "params": ["2810000000.0", "14100000.0"],
        "tokens": ["55000000000.0", "3900000000.0"],
        "unique_tokens": ["1250000000.0", "100000000.0"],
        "val_loss": ["3.4", "6.5"],
        "in_default_fit": ["0", "1"],
    }


@pytest.mark.parametrize(
    ("read", "content", "words"),
    [
        (read_csv, b"", "line 1 does not name"),
        (read_csv, b"a,a\n1,2\n", "line 1 does not name every column once"),
        (read_csv, b"a,b\n1\n", "line 2 has 1 values for 2 columns"),
        (read_csv, b"a\n\xff\n", "no text in UTF-8"),
        (read_csv_gz, b"a\n1\n", "gzip cannot read it"),
        (read_csv_gz, gzip.compress(b"a\n1\n", mtime=0)[:-9], "gzip cannot read it"),
        (read_json_columns, b"[1]", "no JSON object of columns"),
        (read_json_columns, b'{"a": {"0": 1}, "b": {"1": 1}}', "differ in their rows"),
        (read_json_pairs, b"{", "it is no JSON"),
        (read_json_pairs, b"[]", "no JSON object"),
        (read_checkpoint_log, b"x\ty\n", "line 1 is no checkpoint"),
        (
            read_checkpoint_log,
            LOG.replace("/d/pile.valid.Github.bin\t1.75", "/d/pile.valid.Github.bin\t1.8").encode(),
            "line 4 gives another loss",
        ),
        (read_run_notebook, b"[]", "no two cells"),
        (read_run_notebook, notebook("NAMES_TO_VAL_LOSSES = {\n"), "no two cells"),
        (
            read_run_notebook,
            notebook(*['NAMES_TO_VAL_LOSSES = {"9z4b4b": 3}\n' + MAPS] * 2),
            "begins with no known size",
        ),
        (
            read_run_notebook,
            notebook(*['NAMES_TO_VAL_LOSSES = {"14mxyz100m": 3}\n' + MAPS] * 2),
            "spells no amount of tokens",
        ),
    ],
)
def test_what_cannot_be_read_is_named(read: Callable[[bytes], Any], content: bytes, words: str) -> None:
    with pytest.raises(DataFormatError, match=words):
        read(content)


# Where files come from, on the toy dataset.


class Server:
    """A server on this machine that gives one content, and may promise more than it sends."""

    def __init__(self) -> None:
        self.content = POINTS
        self.promised: int | None = None
        self.status = 200
        self.asked = 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked += 1
                self.send_response(outer.status)
                self.send_header("Content-Length", str(outer.promised or len(outer.content)))
                self.end_headers()
                self.wfile.write(outer.content)

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, no folder of data, and no proxy."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.delenv("SCALINGLAWS_DATA", raising=False)
    monkeypatch.setattr(datasets, "_warned", set())
    return tmp_path / "cache"


@pytest.fixture
def toy_data(toy_path: Path, cache: Path, server: Server) -> Dataset:
    data = dataset("toy-points", path=toy_path)
    data.document["files"][0]["url"] = f"http://127.0.0.1:{server.server.server_port}/points.csv"
    return data


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of data, with an empty folder for the toy dataset; asked for after `toy_data`."""
    (tmp_path / "data" / "toy-points").mkdir(parents=True)
    monkeypatch.setenv("SCALINGLAWS_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / "toy-points"


def kept(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.rglob("*") if path.is_file())


def test_a_file_is_fetched_once_and_verified(toy_data: Dataset, server: Server, cache: Path) -> None:
    path = toy_data.path()
    assert path.read_bytes() == POINTS
    assert path.is_relative_to(cache)
    assert toy_data.path("points.csv") == toy_data.path("read.csv") == toy_data.fetch() == path
    assert (server.asked, kept(cache)) == (1, ["points.csv"])


def test_a_table_is_arrays_by_column(toy_data: Dataset) -> None:
    table = toy_data.table()
    assert list(table) == ["N", "L", "Kind", "C"]
    assert table["N"].tolist() == [1e4, 1e6]
    assert table["Kind"].tolist() == ["a", "b"]
    assert table["C"].tolist() == [6e4, 6e6]


def test_an_empty_cell_is_nan(toy_data: Dataset, folder: Path) -> None:
    (folder / "points.csv").write_bytes(POINTS.replace(b"2.5", b""))
    assert np.isnan(toy_data.table()["L"][0])


def test_the_csv_read_out_serves_as_well(toy_data: Dataset, folder: Path, server: Server) -> None:
    (folder / "read.csv").write_bytes(READ)
    assert toy_data.path() == folder / "read.csv"
    assert toy_data.table()["C"].tolist() == [6e4, 6e6]
    assert server.asked == 0
    assert toy_data.at_hand() == {"points.csv": folder / "read.csv", "drawn.csv": None}


def test_content_counts_before_the_name(toy_data: Dataset, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "points.csv").write_bytes(READ)
    assert toy_data.table()["C"].tolist() == [6e4, 6e6]
    assert capsys.readouterr().err == ""


def test_a_tampered_file_in_the_folder_is_used_with_one_warning(
    toy_data: Dataset, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "points.csv").write_bytes(POINTS.replace(b"2.5", b"9.5"))
    assert toy_data.table()["L"].tolist() == [9.5, 1.6]
    toy_data.table()
    err = capsys.readouterr().err
    assert err.count("differs from the record") == 1
    assert hashlib.sha256(POINTS).hexdigest() in err


def test_a_file_of_another_shape_is_refused(toy_data: Dataset, folder: Path) -> None:
    (folder / "points.csv").write_bytes(b"Size,Lost\n1,2\n")
    with pytest.raises(DatasetError, match="it has no column 'L', but Size, Lost"):
        toy_data.table()
    (folder / "points.csv").write_bytes(POINTS.replace(b"2.5", b"high"))
    with pytest.raises(DatasetError, match="row 1 of column 'L' holds no number: 'high'"):
        toy_data.table()


def test_a_damaged_file_in_the_cache_is_fetched_again(toy_data: Dataset, server: Server) -> None:
    path = toy_data.path()
    path.write_bytes(b"damaged")
    assert toy_data.path().read_bytes() == POINTS
    assert server.asked == 2


def test_what_differs_upstream_is_refused_and_nothing_kept(toy_data: Dataset, server: Server, cache: Path) -> None:
    server.content = POINTS + b"1,2,c\n"
    with pytest.raises(DatasetError) as error:
        toy_data.path()
    for digest in (POINTS, server.content):
        assert hashlib.sha256(digest).hexdigest() in str(error.value)
    assert "SCALINGLAWS_DATA" in str(error.value)
    assert kept(cache) == []


def test_a_failure_leaves_what_was_there(toy_data: Dataset, server: Server, cache: Path) -> None:
    path = toy_data.path()
    path.write_bytes(b"damaged")
    server.status = 404
    with pytest.raises(DatasetError, match="404"):
        toy_data.path()
    assert (path.read_bytes(), kept(cache)) == (b"damaged", ["points.csv"])


def test_half_a_download_is_not_kept(toy_data: Dataset, server: Server, cache: Path) -> None:
    server.content, server.promised = POINTS[:20], len(POINTS)
    with pytest.raises(DatasetError, match="cannot be fetched"):
        toy_data.path()
    assert kept(cache) == []
    server.content, server.promised = POINTS, None
    assert toy_data.path().read_bytes() == POINTS


def test_an_unreachable_address_is_told_with_what_to_do(toy_data: Dataset, cache: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    toy_data.document["files"][0]["url"] = f"http://127.0.0.1:{port}/points.csv"
    with pytest.raises(DatasetError) as error:
        toy_data.path()
    message = str(error.value)
    for words in (
        "toy-points/points.csv cannot be fetched",
        f"127.0.0.1:{port}",
        "refused",
        "set SCALINGLAWS_DATA",
        str(cache / "scalinglaws" / "datasets" / "toy-points"),
        hashlib.sha256(POINTS).hexdigest(),
    ):
        assert words in message
    # By hand, as the message says.
    place = Path(message.partition("fetch it by hand to ")[2].partition(" (SHA-256")[0])
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(POINTS)
    assert toy_data.path() == place


def test_what_was_read_from_a_figure_cannot_be_fetched(toy_data: Dataset, folder: Path, server: Server) -> None:
    with pytest.raises(DatasetError, match="published nowhere as a table") as error:
        toy_data.path("drawn.csv")
    assert "put it at" in str(error.value)
    (folder / "drawn.csv").write_bytes(b"N,L\n1e5,2.0\n")
    assert toy_data.table("drawn.csv")["N"].tolist() == [1e5]
    assert toy_data.fetch("drawn.csv") == folder / "drawn.csv"
    assert server.asked == 0


def test_a_long_download_is_told(
    toy_data: Dataset, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    toy_data.path()
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(datasets, "QUIET_SECONDS", 0.0)
    progress = datasets._Progress("toy-points/points.csv")
    progress._timer.join()
    progress.total = 2_000_000
    progress.update(1_000_000)
    progress.close()
    assert capsys.readouterr().err == "\rscalinglaws: fetching toy-points/points.csv, 0.0 MB\n"


def test_a_folder_that_is_none_is_told(toy_data: Dataset, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SCALINGLAWS_DATA", str(tmp_path / "none"))
    with pytest.raises(DatasetError, match="which is no folder"):
        toy_data.path()


def test_names_are_told_apart(toy_data: Dataset, toy_path: Path) -> None:
    with pytest.raises(UnknownName, match=r"did you mean points.csv"):
        toy_data.path("point.csv")
    with pytest.raises(UnknownName, match="did you mean toy-points"):
        dataset("toy-point", path=toy_path)
    with pytest.raises(UnknownName, match="there are toy-points"):
        dataset("power2020", path=toy_path)
    with pytest.raises(UnknownName, match="is a dataset; the laws that it stands behind are power2020/loss"):
        sl.law("toy-points", path=toy_path)
    assert [each.id for each in all_datasets(path=toy_path)] == ["toy-points"]
    assert repr(toy_data) == "<Dataset toy-points: Two toy runs>"
    assert sl.Dataset is Dataset
    assert sl.dataset is dataset


# The command.


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        status = main(list(arguments))
    except SystemExit as stop:
        status = int(stop.code or 0)
    return status, *capsys.readouterr()


def test_the_command_lists_and_shows(
    toy_path: Path, cache: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = ("--database", str(toy_path))
    (folder / "points.csv").write_bytes(POINTS)
    status, out, _ = call(capsys, "datasets", *database)
    assert (status, "3 rows, licence none found, 1 of 2 files at hand" in out) == (0, True)
    (row,) = json.loads(call(capsys, "datasets", "--json", *database)[1])
    assert row["id"] == "toy-points"
    assert (row["rows"], row["files"], row["at_hand"], row["redistributable"]) == (3, 2, 1, "no")
    document = json.loads(call(capsys, "datasets", "toy-points", "--json", *database)[1])
    assert document["at_hand"] == {"points.csv": str(folder / "points.csv"), "drawn.csv": None}
    shown = json.loads(call(capsys, "show", "toy-points", "--json", *database)[1])
    assert shown == {name: value for name, value in document.items() if name != "at_hand"}
    text = call(capsys, "show", "toy-points", *database)[1]
    for words in ("One row is one run.", "C: compute [FLOP] (in points.csv)", "logN = log(N)", "Written out."):
        assert words in text
    assert call(capsys, "datasets", "toy-points", *database)[1].startswith(text)


def test_the_command_fetches(toy_path: Path, cache: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = ("--database", str(toy_path))
    (folder / "drawn.csv").write_bytes(b"N,L\n1e5,2.0\n")
    # The toy's address is a port that nobody listens on: one file fails, and the other is still told.
    status, out, err = call(capsys, "datasets", "toy-points", "--fetch", *database)
    assert (status, out) == (1, f"{folder / 'drawn.csv'}\n")
    assert "points.csv cannot be fetched" in err
    status, out, err = call(capsys, "datasets", "toy-points", "--fetch", "--json", *database)
    assert json.loads(out) == {
        "id": "toy-points",
        "paths": {"points.csv": None, "drawn.csv": str(folder / "drawn.csv")},
    }
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["datasets", "toy-pints"], 2, "did you mean toy-points"),
        (["datasets", "--fetch"], 2, "name the dataset to fetch"),
        (["eval", "toy-points", "N=1"], 2, "is a dataset"),
    ],
)
def test_wrong_calls_say_what_next(
    toy_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, words: str
) -> None:
    got, out, err = call(capsys, *arguments, "--database", str(toy_path))
    assert (got, out, words in err) == (status, "", True)


def test_papers_and_laws_know_their_data(toy_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sl.show("power2020/loss", path=toy_path)["public_data"] == ["toy-points"]
    assert sl.show("curve2022", path=toy_path)["public_data"] == ["toy-points"]
    assert [each["key"] for each in sl.papers(has="data", path=toy_path)] == ["curve2022"]
    assert sl.search("toy runs", path=toy_path)[0]["kind"] == "dataset"
    assert "public data: toy-points" in call(capsys, "show", "power2020/loss", "--database", str(toy_path))[1]


def test_the_tables_hold_the_records(toy_connection: sqlite3.Connection) -> None:
    def rows(statement: str) -> list[Any]:
        return toy_connection.execute(statement).fetchall()

    assert rows("SELECT id, redistributable, variables FROM dataset") == [("toy-points", "no", '{"N":"N","L":"L"}')]
    assert rows("SELECT id, rows, bytes, derived_name FROM dataset_file ORDER BY position") == [
        ("toy-points/points.csv", 2, 35, "read.csv"),
        ("toy-points/drawn.csv", 1, None, "drawn.csv"),
    ]
    assert rows("SELECT name, quantity FROM dataset_column WHERE file = 'toy-points/drawn.csv' ORDER BY position") == [
        ("N", "parameters"),
        ("L", "nat/token"),
    ]
    assert rows("SELECT law FROM dataset_law") == [("power2020/loss",)]
    assert rows("SELECT paper FROM dataset_paper") == [("curve2022",)]
    assert rows("SELECT corpus FROM paper_corpus WHERE paper = 'power2020'") == [("ToyText",)]


HEAVY = {"numpy", "scipy", "sqlalchemy", "sqlmodel", "pydantic", "yaml", "pooch", "requests", "urllib3", "jinja2"}


@pytest.mark.parametrize("arguments", [["datasets"], ["datasets", "toy-points"], ["show", "toy-points"]], ids=" ".join)
def test_looking_up_data_imports_nothing_heavy(toy_path: Path, cache: Path, arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "scalinglaws.cli", *arguments, "--database", str(toy_path)],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )
    assert done.returncode == 0, done.stderr
    imported = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert not imported & HEAVY


# Faulty records.

TOY = "datasets/toy-points.yaml"
FAULTS = [
    ("id: toy-points", "id: toy-point", "id", "is not the file's name"),
    ("papers: [curve2022]", "papers: [curve2021]", "papers[0]", "did you mean curve2022"),
    ("papers: [curve2022]", "papers: []", "papers", "at least 1"),
    ("power2020/old-loss", "power2020/old-los", "laws[0]", "did you mean power2020/loss"),
    ("redistributable: no", "redistributable: yes", "licence.redistributable", "no licence was found"),
    ("redistributable: no", "redistributable: maybe", "licence.redistributable", "is no redistribution"),
    ("name: drawn.csv", "name: read.csv", "files[1].name", "stands twice"),
    ("name: drawn.csv", "name: ../drawn.csv", "files[1].name", "does not have the form"),
    ("456789/drawn.pdf", "456/drawn.pdf", "files[1].url", "pin it"),
    ("format: figure", "format: figures", "files[1].format", "did you mean figure"),
    ("format: figure", "format: csv", "files[1].derived", "has no name of its own"),
    ("    bytes: 35\n", "", "files[0]", "give sha256 and bytes"),
    ("    what: as drawn", "    whatt: as drawn", "files[1].whatt", "did you mean what"),
    ("upstream: Size}", "upstream: Size, files: [point.csv]}", "columns[0].files[0]", "did you mean points.csv"),
    ("name: Kind", "name: L", "columns[1]", "two columns 'L'"),
    ("computed: 6*N", "computed: 6*M", "columns[3].computed", "'M' is not declared above"),
    ("computed: 6*N", "computed: 6^N", "columns[3].computed", "write ** for a power"),
    ("unit: {quantity: FLOP}, ", "", "columns[3]", "a computed column has no unit"),
    ("quantity: FLOP}", "quantity: FLOPs}", "columns[3].unit.quantity", "did you mean FLOP"),
    ("variables: {N: N,", "variables: {N: Size,", "variables.N", "has no column 'Size'"),
    ("variables: {N: N,", "variables: {N: Kind,", "variables.N", "holds text"),
    ("variables: {N: N,", "variables: {1N: N,", "variables.1N", "is no symbol"),
    ("let: {logN: log(N)}", "let: {L: log(N)}", "let.L", "stands under variables too"),
    ("let: {logN: log(N)}", "let: {logN: log(M)}", "let.logN", "'M' is not declared above"),
    ("sha256: f3a2", "sha256: F3a2", "files[0].sha256", "does not have the form"),
]


@pytest.mark.parametrize(("old", "new", "field", "words"), FAULTS, ids=[f"{each[2]}-{each[3]}" for each in FAULTS])
def test_faulty_records_are_refused(toy_contents: dict[str, str], old: str, new: str, field: str, words: str) -> None:
    assert toy_contents[TOY].count(old) >= 1
    with pytest.raises(InvalidRecords) as error:
        Catalog.from_contents({**toy_contents, TOY: toy_contents[TOY].replace(old, new, 1)})
    found = [each for each in error.value.problems if each.file == TOY and each.field == field]
    assert any(words in f"{each.message} - {each.repair}" for each in found), error.value.problems
    assert all(each.line for each in found)


def test_an_id_belongs_to_one_record(toy_contents: dict[str, str]) -> None:
    text = toy_contents.pop(TOY).replace("id: toy-points", "id: curve2022")
    with pytest.raises(InvalidRecords, match="'curve2022' is another record's id"):
        Catalog.from_contents({**toy_contents, "datasets/curve2022.yaml": text})


def test_a_single_file_is_checked_in_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "datasets" / "chinchilla-svg.yaml"
    path.parent.mkdir()
    text = read_contents(ROOT / "catalog")["datasets/chinchilla-svg.yaml"]
    path.write_text(text.replace("N: Model Size", "N: Model Sise"), encoding="utf-8")
    status, out, _ = call(capsys, "check", str(path))
    assert (status, "did you mean Model Size" in out) == (1, True)


# What the project keeps.


def test_no_data_is_shipped() -> None:
    folders = {"papers": {".yaml"}, "datasets": {".yaml"}, "queries": {".sql"}}
    for folder, suffixes in folders.items():
        assert {path.suffix for path in (ROOT / "catalog" / folder).iterdir()} == suffixes


def test_pages_link_data_laws_and_papers_both_ways(built_site: Path) -> None:
    page = (built_site / "datasets" / "chinchilla-svg" / "index.html").read_text(encoding="utf-8")
    assert "../../laws/hoffmann2022/parametric/" in page
    assert "../../papers/hoffmann2022/" in page
    assert DOCUMENTS["chinchilla-svg"]["files"][0]["url"] in page
    for address in ("laws/hoffmann2022/parametric", "papers/hoffmann2022", "datasets"):
        assert "chinchilla-svg/" in (built_site / address / "index.html").read_text(encoding="utf-8")
    for address in ("reproducibility", "downloads"):
        assert "../datasets/" in (built_site / address / "index.html").read_text(encoding="utf-8")
