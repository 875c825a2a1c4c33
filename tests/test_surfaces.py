"""One question, one answer: in Python, on the command line, from the file, a server, Datasette, an assistant and the site."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import anyio
import pytest

import scalinglaws as sl
from scalinglaws.assistants.server import server
from scalinglaws.cli import main
from scalinglaws.exports.export import Exported
from scalinglaws.library import named_query

#: Questions of different make: joins, counts by group, a recursive tree, a parameter.
QUESTIONS: list[tuple[str, dict[str, Any]]] = [
    ("disputed-fits", {}),
    ("laws-by-rung", {}),
    ("figure-taxonomy", {}),
    ("fits-of-law", {"law": "kaplan2020/nopt"}),
]
SEARCHES = ["chinchilla", "mixture of experts kind:law", "has:interval rung:refit", '"compute-optimal" -kaplan']
Table = list[dict[str, Any]]


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def from_datasette(exported: Exported, name: str, values: dict[str, Any]) -> Table:
    async def answer() -> Any:
        metadata = json.loads((exported.folder / "datasette.json").read_text(encoding="utf-8"))
        datasette = Datasette([], immutables=[str(exported.folder / "catalog.sqlite")], metadata=metadata)
        found = await datasette.client.get(
            f"/catalog/{name}.json?{urlencode({'_shape': 'array', '_size': 'max', **values})}"
        )
        datasette.remove_database("catalog")
        return found.json()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from datasette.app import Datasette

        return list(asyncio.run(answer()))


def from_assistant(path: Path, tool: str, **arguments: Any) -> dict[str, Any]:
    from mcp import Client

    async def answer() -> Any:
        async with Client(server(path)) as client:
            return await client.call_tool(tool, arguments)

    return dict(anyio.run(answer).structured_content)


@pytest.mark.xdist_group("postgresql")
@pytest.mark.parametrize(("name", "values"), QUESTIONS)
def test_a_named_query_has_one_answer(
    name: str,
    values: dict[str, Any],
    catalog_path: Path,
    real_url: str,
    exported: Exported,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = list(sl.query(name=name, path=catalog_path, **values))
    assert rows
    given = [f"{key}={value}" for key, value in values.items()]
    read: dict[str, Callable[[], Table]] = {
        "the command": lambda: printed(capsys, "query", "--name", name, *given, "--database", str(catalog_path)),
        "the server": lambda: list(sl.query(name=name, path=real_url, **values)),
        "the command on the server": lambda: printed(capsys, "query", "--name", name, *given, "--database", real_url),
        "Datasette": lambda: from_datasette(exported, name, values),
        "an assistant": lambda: _table(from_assistant(catalog_path, "query", name=name, parameters=values)),
        "the exported file": lambda: _plain(exported.folder / "catalog.sqlite", name, values),
        "a data frame": lambda: _from_frame(sl.query(name=name, path=catalog_path, **values).df()),
        "an Arrow table": lambda: sl.query(name=name, path=catalog_path, **values).arrow().to_pylist(),
    }
    for surface, answer in read.items():
        assert answer() == rows, surface


def _table(answer: dict[str, Any]) -> Table:
    rows = answer["rows"]
    return [row if isinstance(row, dict) else dict(zip(answer["columns"], row, strict=True)) for row in rows]


def _plain(path: Path, name: str, values: dict[str, Any]) -> Table:
    """What SQLite itself says, with nothing of ours between."""
    query = named_query(name)
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    found = [dict(row) for row in connection.execute(query.sql, {**query.defaults, **values})]
    connection.close()
    return found


def _from_frame(frame: Any) -> Table:
    return list(frame.astype(object).where(frame.notna(), None).to_dict("records"))


@pytest.mark.xdist_group("postgresql")
@pytest.mark.parametrize("text", SEARCHES)
def test_a_search_finds_the_same(
    text: str, catalog_path: Path, real_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = [each["id"] for each in sl.search(text, limit=400, path=catalog_path)]
    assert found
    told = printed(capsys, "search", text, "--limit", "400", "--database", str(catalog_path))
    assert [each["id"] for each in told] == found
    # Two databases rank by measures of their own; what they find is the same.
    assert {each["id"] for each in sl.search(text, limit=400, path=real_url)} == set(found)
    answer = from_assistant(catalog_path, "search", words=text)
    assert [each["id"] for each in answer["found"]] == found[: len(answer["found"])]


@pytest.mark.xdist_group("postgresql")
def test_a_law_has_one_value(catalog_path: Path, real_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    name = "hoffmann2022/parametric/besiroglu2024"
    inputs: dict[str, Any] = {"N": 70e9, "D": 1.4e12}
    law, _, fit = name.rpartition("/")
    value = sl.law(law, fit=fit, path=catalog_path)(**inputs)
    assert value == pytest.approx(1.9739, abs=5e-5)
    assert sl.law(law, fit=fit, path=real_url)(**inputs) == value
    for place in (str(catalog_path), real_url):
        told = printed(capsys, "eval", name, "N=70e9", "D=1.4e12", "--database", place)
        assert told["output"]["value"] == value
    assert from_assistant(catalog_path, "eval", law=name, inputs=inputs)["output"]["value"] == value


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("name", ["disputed-fits", "laws-by-rung", "figure-taxonomy"])
def test_the_console_of_the_site_answers_alike(open_page: Any, address: str, name: str, built_site: Path) -> None:
    rows = sl.query(name=name, path=built_site / "downloads" / "catalog.sqlite")
    page, faults = open_page(f"{address}/sql/?name={name}", 1280, "light")
    page.wait_for_selector(".results table tbody tr")
    head = [each.inner_text() for each in page.locator(".results table thead th").all()]
    assert head == list(rows.columns)
    shown = page.locator(".results table tbody tr").all()
    assert len(shown) == len(rows)
    first = [each.inner_text() for each in shown[0].locator("td, th").all()]
    assert first[0] == str(rows.rows[0][0])
    assert faults == []
