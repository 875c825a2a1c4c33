"""The SQL console: the same rows as the command, nothing written, nothing that runs for ever."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from scalinglaws import library
from scalinglaws.catalog import Catalog
from scalinglaws.database.access import open_database
from scalinglaws.database.named_queries import read_queries
from scalinglaws.database.schema import read_schema
from scalinglaws.pages import console
from scalinglaws.pages.mathematics import node_command

ROOT = Path(__file__).resolve().parents[1]
ASSETS = ROOT / "site" / "assets"
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def test_the_schema_explains_every_table_and_column(catalog_path: Path) -> None:
    connection = open_database(catalog_path)
    tables = read_schema(connection)
    codes = console.codes(connection)
    connection.close()
    by_name = {each.name: each for each in tables}
    assert {"law", "fit_value", "doc", "search", "survey_table_11"} <= set(by_name)
    assert not [name for name in by_name if name.startswith("search_")]
    assert [each.name for each in tables if not each.meaning] == []
    columns = [(table.name, each) for table in tables if table.kind == "table" for each in table.columns]
    assert [(name, each.name) for name, each in columns if not each.meaning or not each.type] == []
    assert by_name["fit_value"].key == ("fit", "symbol")
    assert {each.name: each.target for each in by_name["fit_value"].columns}["fit"] == ("fit", "id")
    assert {each.kind for each in tables} == {"table", "view", "index"}
    assert ("recalled" in dict(codes["basis"]), set(codes) & {"table", "view", "column"}) == (True, set())


def test_the_page_gets_the_queries_as_they_run(catalog: Catalog) -> None:
    queries = read_queries(catalog.queries)
    told = json.loads(console.queries_json(queries))
    assert told["verdicts"]["sql"] == queries["verdicts"].statement
    assert list(told) == list(queries)


def test_text_in_html_of_ours_is_neither_markup_nor_formula() -> None:
    assert console.html_text("<b> $x$ & 'y'") == "&lt;b&gt; &#36;x&#36; &amp; &#x27;y&#x27;"


def test_rows_become_csv_and_charts() -> None:
    calls = {
        "csv": ["csv", ["a", "b"], [["x, y", 1], ['say "z"', None], ["two\nlines", 0.5]]],
        "one": ["several", "SELECT ';' -- ; more\n;\n /* ; SELECT 2 */ ;"],
        "two": ["several", "SELECT 1; SELECT 2"],
        "quoted": ["several", "SELECT '--'; DELETE FROM law"],
        "names": ["distinct", ["a", "b", "a"]],
        "numeric": ["numericColumns", ["a", "b", "c"], [["x", 1, None], ["y", None, None]]],
        "bars": ["drawing", ["who", "n"], [["<a>", 3], ["b", -1], ["c", None]], 0, 1],
        "dots": ["drawing", ["year", "n"], [[2020, 3], [2021, 3000000]], 0, 1],
        "nothing": ["drawing", ["who", "n"], [["a", None]], 0, 1],
    }
    script = (
        f"import * as all from {json.dumps((ASSETS / 'sql-results.mjs').as_uri())};"
        f"const calls = {json.dumps(calls)};"
        "console.log(JSON.stringify(Object.fromEntries(Object.entries(calls).map("
        "([name, [made, ...given]]) => [name, all[made](...given)]))))"
    )
    done = subprocess.run(
        [node_command(), "--input-type=module", "-e", script], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    assert found["csv"] == 'a,b\n"x, y",1\n"say ""z""",\n"two\nlines",0.5\n'
    assert (found["one"], found["two"], found["quoted"]) == (False, True, True)
    assert found["names"] == ["a", "b", "a_2"]
    assert found["numeric"] == [1]
    assert found["bars"]["svg"].count('class="bar"') == 2
    assert "<a>" not in found["bars"]["svg"]
    assert found["bars"]["note"] == "1 row lacks a value"
    assert found["dots"]["svg"].count('class="dot"') == 2
    assert "NaN" not in found["bars"]["svg"] + found["dots"]["svg"]
    assert found["nothing"] == {"reason": "No row has both values."}


def status(page: Any, words: str) -> str:
    page.wait_for_function("words => document.querySelector('#sql-status')?.textContent.includes(words)", arg=words)
    return str(page.locator("#sql-status").inner_text())


def cells(page: Any) -> list[list[str]]:
    found: list[list[str]] = page.locator(".console .results tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return found


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_table_elsewhere_opens_in_the_console_with_its_query(open_page: Any, address: str) -> None:
    page, faults = open_page(address + "/reproducibility/", 1280, "light")
    shown = page.locator("small", has_text="fits-by-basis")
    shown.get_by_role("link", name="Open in the console").click()
    status(page, "rows, in")
    expected = list(library.query(library.named_query("fits-by-basis").sql))
    assert cells(page) == [[str(value) for value in row.values()] for row in expected]
    # The chart is there for the asking, and the file to save holds the same rows.
    page.locator(".console details summary").click()
    assert page.locator(".console .bar").count() == len(expected)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    assert download.value.suggested_filename == "fits-by-basis.csv"
    assert download.value.path().read_text(encoding="utf-8").splitlines()[0] == "basis,confidence,fits"
    assert faults == []


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_reader_s_own_statement_runs_stays_in_the_address_and_cannot_harm(open_page: Any, address: str) -> None:
    page, faults = open_page(address + "/sql/", 390, "dark")
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url.rsplit("/", 1)[-1]))
    field = page.get_by_role("textbox", name="SQL", exact=True)

    def run(sql: str, words: str) -> str:
        field.fill(sql)
        field.press("Control+Enter")
        return status(page, words)

    # Full-text search works; 500 rows are shown, and that there are more is said.
    run("SELECT id FROM search WHERE search MATCH 'chinchilla' AND kind = 'law' ORDER BY id", ", in")
    assert ["hoffmann2022/parametric"] in cells(page)
    assert "The first 500 rows; there are more" in run("SELECT * FROM fit_value", "there are more")
    assert len(cells(page)) == 500
    assert "read-only" in run("DELETE FROM law RETURNING id", "read-only")
    assert "returns no rows" in run("ATTACH 'x' AS y", "returns no rows")
    assert "Only one statement" in run("SELECT 1; SELECT 2", "Only one statement")
    assert "No such table: lw; the schema" in run("SELECT * FROM lw", "lw")
    assert "No row answers this" in run("SELECT 1 WHERE 0", "No row")
    # A statement that never ends is ended; the next one runs, and the file is not fetched again.
    assert "Stopped after 5 seconds" in run(ENDLESS, "Stopped after")
    run("SELECT count(*) AS laws FROM law", "1 row, in")
    assert cells(page) == [[str(library.query("SELECT count(*) AS laws FROM law")[0]["laws"])]]
    assert fetched.count("catalog.sqlite") == 1
    assert parse_qs(urlsplit(page.url).query) == {"sql": ["SELECT count(*) AS laws FROM law"]}
    assert (page.evaluate("document.documentElement.scrollWidth"), faults) == (390, [])


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_named_queries_tables_and_addresses_fill_the_field(open_page: Any, address: str) -> None:
    statement = "SELECT 'a' AS letter, NULL AS number"
    page, faults = open_page(f"{address}/sql/?sql={quote(statement)}", 1280, "dark")
    status(page, "1 row, in")
    assert cells(page) == [["a", "null"]]
    page.get_by_label("A named query").select_option("verdicts")
    status(page, "rows, in")
    assert page.url.endswith("?name=verdicts")
    page.locator(".schema summary", has_text="worked_example").click()
    page.get_by_role("link", name="First rows of worked_example").click()
    status(page, "20 rows, in")
    assert page.get_by_role("textbox", name="SQL", exact=True).input_value() == "SELECT * FROM worked_example LIMIT 20"
    again, more = open_page(f"{address}/sql/?name=no-such", 1280, "light")
    assert "There is no named query no-such" in status(again, "no-such")
    assert faults + more == []


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_opened_as_a_file_it_says_how_to_serve(built_site: Path, chromium: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        page = browser.new_page()
        page.goto((built_site / "sql" / "index.html").as_uri())
        assert "python3 -m http.server" in page.locator(".console").inner_text()
        browser.close()


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_back_gives_the_statement_before_and_a_former_name_its_query(open_page: Any, address: str) -> None:
    page, faults = open_page(address + "/sql/?name=model-ranges", 1280, "light")
    status(page, "rows, in")
    # Links from before a query took another in still work, and the address says its name now.
    assert page.get_by_label("A named query").input_value() == "paper-ranges"
    assert page.url.endswith("?name=paper-ranges")
    ranges = cells(page)
    page.get_by_label("A named query").select_option("laws-by-rung")
    page.wait_for_function("location.search.endsWith('laws-by-rung')")
    page.wait_for_function("count => document.querySelectorAll('.console .results tbody tr').length === count", arg=7)
    page.go_back()
    page.wait_for_function(
        "count => document.querySelectorAll('.console .results tbody tr').length === count", arg=len(ranges)
    )
    assert cells(page) == ranges
    assert page.get_by_label("A named query").input_value() == "paper-ranges"
    page.go_forward()
    page.wait_for_function("count => document.querySelectorAll('.console .results tbody tr').length === count", arg=7)
    assert faults == []
