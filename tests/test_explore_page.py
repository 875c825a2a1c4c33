"""The page Explore: the same answers as `sl.laws` and `sl.papers`, and a state that the address keeps."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

import scalinglaws as sl
from scalinglaws.catalog import Catalog
from scalinglaws.database.access import open_database, run_query
from scalinglaws.database.named_queries import read_queries
from scalinglaws.pages.mathematics import node_command

ROOT = Path(__file__).resolve().parents[1]
ASSETS = ROOT / "site" / "assets"
AXE = ROOT / "site" / "node_modules" / "axe-core" / "axe.min.js"
#: What the page calls what the command has by `has`.
HAD = {"code": "code", "data": "data", "intervals": "interval", "refit": "reproduction"}


@pytest.fixture(scope="session")
def data(catalog: Catalog, catalog_path: Path) -> dict[str, list[dict[str, Any]]]:
    queries = read_queries(catalog.queries)
    connection = open_database(catalog_path)
    found = {name: list(run_query(connection, queries[f"explore-{name}"].sql)) for name in ("papers", "laws", "values")}
    connection.close()
    return found


def run(data: Any, expression: str, folder: Path) -> Any:
    """What an expression gives over the tables of the page and its functions."""
    file = folder / "data.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    script = f"""
        import {{ readFileSync }} from "node:fs";
        import {{ FACETS, find, readState, sortedBy, tables, untouched, writeState }} from {
        json.dumps((ASSETS / "facets.mjs").as_uri())
    };
        const found = tables(JSON.parse(readFileSync({json.dumps(str(file))}, "utf8")));
        const ids = (query) => find(readState(query, found), found).ids;
        process.stdout.write(JSON.stringify({expression}));
    """
    command = [node_command(), "--input-type=module", "--eval", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def by_symbol(call: dict[str, Any], path: Path | None = None) -> set[str]:
    """Laws as the library finds them, less those that it finds by what a symbol means: the page's lists hold symbols."""

    def literal(signature: dict[str, Any] | None) -> bool:
        wanted = call.get("want")
        return signature is None or (
            signature["given"] == {name: name for name in call.get("given", [])}
            and (wanted is None or signature["gives"] == wanted)
        )

    return {each["id"] for each in sl.laws(path=path, **call) if literal(each.get("signature"))}


def test_the_page_finds_what_the_library_finds(data: Any, catalog: Catalog, catalog_path: Path, tmp_path: Path) -> None:
    asked: list[tuple[str, dict[str, Any]]] = [("", {})]
    asked += [(f"topic={name}", {"topic": name}) for name in catalog.taxonomy.topics]
    asked += [(f"question={name}", {"question": name}) for name in catalog.questions.questions]
    asked += [(f"has={ours}", {"has": theirs}) for ours, theirs in HAD.items()]
    signatures: list[tuple[str, dict[str, Any]]] = [
        ("given=N&given=D", {"given": ["N", "D"]}),
        ("given=N&wanted=D&solve=yes", {"given": ["N"], "want": "D"}),
        ("wanted=L&solve=yes&has=refit&topic=data", {"want": "L", "has": "reproduction", "topic": "data"}),
    ]
    queries = [query for query, _ in [*asked, *signatures]] + [f"show=papers&{query}" for query, _ in asked]
    answers = run(data, f"{json.dumps(queries)}.map(ids)", tmp_path)
    expected = [by_symbol(call, catalog_path) for _, call in [*asked, *signatures]]
    expected += [{each["key"] for each in sl.papers(path=catalog_path, **call)} for _, call in asked]
    for query, answer, ids in zip(queries, answers, expected, strict=True):
        assert set(answer) == ids, query
        assert len(answer) == len(ids), query
    assert sum(bool(each) for each in expected) > 60


def test_a_law_stands_under_its_own_modality_where_its_record_says_so(
    data: Any, catalog: Catalog, tmp_path: Path
) -> None:
    queries = [f"modality={name}" for name in catalog.taxonomy.modalities]
    answers = run(data, f"{json.dumps(queries)}.map(ids)", tmp_path)
    for name, answer in zip(catalog.taxonomy.modalities, answers, strict=True):
        assert set(answer) == {law.id for law in catalog.laws() if name in law.modalities}, name
    assert [law.id for law in catalog.laws() if law.modalities_of == "law"]


@pytest.mark.parametrize(
    "query", ["", "topic=data&has=code", "given=N&rung=refit&rung=coefficients", "show=papers&has=data&words=scaling"]
)
def test_a_count_is_what_a_choice_would_find(data: Any, query: str, tmp_path: Path) -> None:
    # Where any of the choices will do, a value's count is what it would find alone.
    expression = f"""(() => {{
      const state = readState({json.dumps(query)}, found);
      const {{ counts }} = find(state, found);
      return found.facets[state.show].flatMap((facet) => facet.listed.map(({{ value }}) => {{
        const values = facet.every ? new Set([...state.chosen.get(facet.name), value]) : new Set([value]);
        const chosen = new Map(state.chosen).set(facet.name, values);
        return [facet.name, value, counts.get(facet.name).get(value) ?? 0, find({{ ...state, chosen }}, found).ids.length];
      }}));
    }})()"""
    answers = run(data, expression, tmp_path)
    assert len(answers) > 80
    for name, value, count, alone in answers:
        assert count == alone, (name, value)


@pytest.mark.parametrize(
    ("words", "some", "none"),
    [
        ("ghorbani", {"ghorbani2021"}, {"kaplan2020"}),
        ("chinchilla", {"hoffmann2022"}, {"kaplan2020"}),
        ("HOFFMANN nopt", {"hoffmann2022"}, {"kaplan2020"}),
        ("N_opt", {"kaplan2020"}, {"abnar2021"}),
        ("allen-zhu", {"allenzhu2024"}, {"kaplan2020"}),
        ("no such words", set(), {"kaplan2020"}),
    ],
)
def test_words_are_looked_for_in_names_authors_and_symbols(
    data: Any, words: str, some: set[str], none: set[str], tmp_path: Path
) -> None:
    found = {each.split("/")[0] for each in run(data, f"ids({json.dumps(urlencode({'words': words}))})", tmp_path)}
    assert some <= found
    assert not none & found


def test_one_letter_stands_for_itself_and_accents_do_not_matter(data: Any, tmp_path: Path) -> None:
    laws = {each["id"]: each for each in data["laws"]}
    for name in run(data, 'ids("words=q")', tmp_path):
        # A symbol, or an initial of an author.
        told = [laws[name][part] for part in ("gives", "takes", "coefficients", "law")]
        told += [each["authors"] for each in data["papers"] if each["key"] == laws[name]["key"]]
        assert re.search(r"\bq\b", " ".join(map(str, told)), re.I), name
    changed = {**data, "papers": [{**each, "authors": "Gödel, Kurt"} for each in data["papers"]]}
    assert len(run(changed, 'ids("words=godel")', tmp_path)) == len(laws)


def test_columns_sort_both_ways_and_what_is_not_stated_comes_last(data: Any, tmp_path: Path) -> None:
    years = {each["key"]: each["year"] for each in data["papers"]}
    up, down = run(data, 'ids("show=papers&sort=year"), ids("show=papers&sort=year&order=down")'.join("[]"), tmp_path)
    stated = [years[each] for each in up if years[each]]
    assert stated == sorted(stated)
    assert [years[each] for each in down if years[each]] == stated[::-1]
    assert years[up[-1]] is years[down[-1]] is None
    clicks = run(
        data, '(() => { const one = sortedBy(untouched(), "fits"); return [one, sortedBy(one, "fits")]; })()', tmp_path
    )
    assert [each["falling"] for each in clicks] == [True, False]


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("", ""),
        ("show=papers&words=data+mixing&topic=data&topic=model&has=code&sort=title&order=down", None),
        ("given=N&given=D&wanted=L&solve=yes", None),
        ("show=nothing&topic=no.such&given=%3Cb%3E&sort=toString&order=down", ""),
        ("show=papers&given=N", "show=papers"),
    ],
)
def test_the_address_says_the_state_and_nothing_unknown(
    data: Any, query: str, kept: str | None, tmp_path: Path
) -> None:
    answer = run(data, f"writeState(readState({json.dumps(query)}, found), found)", tmp_path)
    assert parse_qsl(answer) == parse_qsl(query if kept is None else kept)


def test_finding_takes_less_than_a_frame(data: Any, tmp_path: Path) -> None:
    expression = """(() => {
      const state = readState("words=scal&given=N&has=code&topic=model", found);
      const took = Array.from({ length: 30 }, () => {
        const begun = performance.now();
        find(state, found);
        return performance.now() - begun;
      });
      return took.sort((one, other) => one - other)[10];
    })()"""
    assert run(data, expression, tmp_path) < 16


def test_the_tables_are_complete_without_javascript(built_site: Path, catalog: Catalog) -> None:
    text = (built_site / "explore" / "index.html").read_text(encoding="utf-8")
    told = re.findall(r'<tr data-id="([^"]+)">', text)
    assert sorted(told) == sorted([*catalog.papers, *(law.id for law in catalog.laws())])
    for link in re.findall(r'<t[hd][^>]*><a href="([^"]+)">', text):
        assert (built_site / "explore" / link / "index.html").resolve().is_file(), link


def shown(page: Any, kind: str) -> list[str]:
    ids: list[str] = page.eval_on_selector_all(
        f"#explore-{kind} tbody tr", "rows => rows.filter(row => row.checkVisibility()).map(row => row.dataset.id)"
    )
    return ids


def violations(page: Any) -> list[str]:
    page.add_script_tag(path=str(AXE))
    found: list[str] = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']}).then(result => result.violations.map(each => each.id))"
    )
    return found


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_reader_narrows_sorts_shares_and_resets(open_page: Any, address: str) -> None:
    page, faults = open_page(address + "/explore/", 1280, "light")
    everything = shown(page, "laws")
    assert len(everything) == len(sl.laws())
    assert shown(page, "papers") == []
    page.get_by_role("checkbox", name=re.compile("^N parameters")).check()
    page.get_by_role("checkbox", name=re.compile("^D tokens")).check()
    assert set(shown(page, "laws")) == by_symbol({"given": ["N", "D"]})
    page.get_by_label("Title, name, author or symbol").fill("hoffmann")
    assert {each.split("/")[0] for each in shown(page, "laws")} >= {"hoffmann2022"}
    page.get_by_role("button", name="Fits").click()
    assert page.locator("#explore-laws th[aria-sort]").get_attribute("aria-sort") == "descending"
    rows = shown(page, "laws")
    assert rows[0] == "hoffmann2022/parametric"
    # Said once the typing has stopped.
    page.wait_for_function(
        "text => document.querySelector('.explorer [role=status]').textContent === text",
        arg=f"{len(rows)} of {len(everything)} laws",
    )
    again, more = open_page(page.url, 390, "dark")
    assert shown(again, "laws") == rows
    assert again.get_by_label("Title, name, author or symbol").input_value() == "hoffmann"
    page.get_by_role("button", name="Remove Takes: D").click()
    assert "given=N" in page.url
    assert "given=D" not in page.url
    page.get_by_role("button", name="Reset").click()
    assert shown(page, "laws") == everything
    assert page.url == address + "/explore/"
    assert faults == more == []


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_back_undoes_a_choice_and_leaves_only_after_the_first(open_page: Any, address: str) -> None:
    page, faults = open_page(address + "/about/", 1280, "light")
    page.goto(address + "/explore/")
    everything = shown(page, "laws")
    page.get_by_role("checkbox", name=re.compile("^N parameters")).check()
    taking = shown(page, "laws")
    # Typing makes no steps: going back from the next choice gives all of the words.
    page.get_by_label("Title, name, author or symbol").press_sequentially("hoff")
    typed = shown(page, "laws")
    page.get_by_role("button", name="Fits").click()
    assert 0 < len(typed) < len(taking) < len(everything)
    page.go_back()
    assert shown(page, "laws") == typed
    assert page.get_by_label("Title, name, author or symbol").input_value() == "hoff"
    assert page.locator("#explore-laws th[data-sort=fits][aria-sort]").count() == 0
    page.go_back()
    assert shown(page, "laws") == everything
    assert not page.get_by_role("checkbox", name=re.compile("^N parameters")).is_checked()
    assert page.get_by_label("Title, name, author or symbol").input_value() == ""
    page.go_forward()
    assert shown(page, "laws") == typed
    page.go_back()
    page.go_back()
    assert page.url == address + "/about/"
    assert faults == []


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_it_works_from_the_keyboard_on_a_phone(open_page: Any, address: str) -> None:
    page, faults = open_page(address + "/explore/?show=papers", 390, "light")
    assert not page.get_by_role("checkbox").first.is_visible()
    page.locator(".lists > summary").press("Enter")
    page.locator(".lists summary", has_text="Has").press("Enter")
    page.get_by_role("checkbox", name=re.compile("^data")).press("Space")
    assert set(shown(page, "papers")) == {each["key"] for each in sl.papers(has="data")}
    page.get_by_role("button", name="Year").press("Enter")
    assert page.url.endswith("show=papers&has=data&sort=year&order=down")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []
    page.get_by_label("Papers", exact=True).press("ArrowLeft")
    assert shown(page, "papers") == []
    assert set(shown(page, "laws")) == {each["id"] for each in sl.laws(has="data")}
    page.get_by_label("Title, name, author or symbol").fill("no such words")
    assert page.get_by_text("Nothing meets all of this.").is_visible()
    assert violations(page) == []
    assert faults == []
