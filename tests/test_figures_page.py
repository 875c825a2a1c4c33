"""The figures: what is drawn is what the queries say, is whole, and can be read."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from scalinglaws.catalog import Catalog
from scalinglaws.database.access import FileReader, Rows, open_database, run_query
from scalinglaws.database.named_queries import read_queries
from scalinglaws.pages import figures, svg
from scalinglaws.pages.svg import Mark

ROOT = Path(__file__).resolve().parents[1]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def connection(catalog_path: Path) -> Iterator[FileReader]:
    connection = open_database(catalog_path)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def drawn(catalog: Catalog, connection: FileReader) -> dict[str, figures.Figure]:
    queries = read_queries(catalog.queries)
    return figures.all_figures(lambda name: run_query(connection, queries[name].statement))


def parsed(picture: str) -> ET.Element:
    return ET.fromstring(picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def texts(picture: str, kind: str | None = None) -> list[str]:
    return [
        str(each.text)
        for each in parsed(picture).iter(f"{SVG}text")
        if kind is None or kind in each.get("class", "").split()
    ]


def count(picture: str, tag: str, kind: str) -> int:
    return sum(kind in each.get("class", "").split() for each in parsed(picture).iter(SVG + tag))


def test_long_labels_are_wrapped_and_then_cut() -> None:
    assert svg.wrap("one", 100) == ["one"]
    lines = svg.wrap("Variants of the Transformer (Funnel, Performer, ALBERT and others)", 178)
    assert len(lines) == 2
    assert lines[-1].endswith("\N{HORIZONTAL ELLIPSIS}")
    assert all(svg.text_width(line) <= 178 for line in lines)


def test_bars_are_as_long_as_their_counts() -> None:
    picture = svg.bar_chart([("a", 4), ("b", 1), ("<c>", 0)], "Of 5, 4 are a")
    widths = [float(each.get("width", 0)) for each in parsed(picture).iter(f"{SVG}rect")]
    assert widths[0] == pytest.approx(4 * widths[1], abs=0.3)
    assert len(widths) == 2
    assert texts(picture, "value") == ["4", "1", "0"]
    assert texts(picture, "end") == ["a", "b", "<c>"]
    assert 'role="img" aria-label="Of 5, 4 are a"' in picture


def test_parts_of_a_bar_carry_their_numbers_and_the_sum() -> None:
    picture = svg.stacked_bars([("All", []), ("a", [3, 5]), ("b", [0, 2])], ["x", "y"], "m")
    assert texts(picture, "heading") == ["All"]
    assert texts(picture, "inside") == ["3", "5"]
    assert texts(picture, "value") == ["8", "2"]


def test_values_and_intervals_stand_where_the_axis_says() -> None:
    marks = [Mark("head"), Mark("a", 0.1, 0.05, 0.2), Mark("b", 0.3)]
    picture = svg.interval_chart(marks, 0.1, "m")
    ticks = {
        str(t.text): float(t.get("x", 0)) for t in parsed(picture).iter(f"{SVG}text") if "tick" in t.get("class", "")
    }
    at = [float(c.get("cx", 0)) for c in parsed(picture).iter(f"{SVG}circle")]
    assert at == pytest.approx([ticks["0.1"], ticks["0.3"]], abs=0.11)
    assert count(picture, "path", "interval") == 1


def test_a_pale_bar_goes_from_the_least_to_the_most_and_stays_on_the_axis() -> None:
    picture = svg.interval_chart([Mark("a", 0.2, spread=(0.1, 0.4)), Mark("b", 0.1)], 0.1, "m")
    ticks = {
        str(t.text): float(t.get("x", 0)) for t in parsed(picture).iter(f"{SVG}text") if "tick" in t.get("class", "")
    }
    (bar,) = [each for each in parsed(picture).iter(f"{SVG}rect") if each.get("class") == "passed"]
    ends = float(bar.get("x", 0)), float(bar.get("x", 0)) + float(bar.get("width", 0))
    assert ends == pytest.approx((ticks["0.1"], ticks["0.4"]), abs=0.15)


def test_ranges_stand_on_a_logarithmic_axis() -> None:
    picture = svg.range_bars([Mark("a", None, 1e3, 1e5), Mark("b", None, 1e4, 1e6)], "m")
    first, second = [(float(r.get("x", 0)), float(r.get("width", 0))) for r in parsed(picture).iter(f"{SVG}rect")]
    assert first[1] == pytest.approx(second[1], abs=0.2)
    assert second[0] - first[0] == pytest.approx(first[1] / 2, abs=0.2)
    assert "10³" in texts(picture, "tick")


def test_events_of_one_moment_stand_on_one_another() -> None:
    picture = svg.timeline([("lane", [(2020.1, "a"), (2020.1, "b"), (2021.9, "c")])], "m")
    dots = [(c.get("cx"), c.get("cy")) for c in parsed(picture).iter(f"{SVG}circle")]
    assert len(set(dots)) == 3
    assert dots[0][0] == dots[1][0]
    assert texts(picture, "tick") == ["2020", "2021"] * 2


def test_a_tree_has_a_line_for_every_node_beneath_another() -> None:
    picture = svg.tree([(0, "root", 0), (1, "child", 2), (2, "grandchild", 1), (1, "other", 0)], "m")
    assert count(picture, "path", "frame") == 3
    assert texts(picture, "value") == ["2", "1"]


def test_the_picture_of_each_figure_has_the_numbers_of_its_table(drawn: dict[str, figures.Figure]) -> None:
    for name in ("topics", "architectures", "tasks", "verdicts"):
        column = "published_fits" if name == "verdicts" else "papers"
        assert [int(each) for each in texts(drawn[name].picture, "value")] == [row[column] for row in drawn[name].rows]
    often = [row["papers"] for row in drawn["scaling-variables"].rows if row["papers"] > 1]
    assert [int(each) for each in texts(drawn["scaling-variables"].picture, "value")] == often
    for name in ("fitting-methods", "code-and-data"):
        assert [int(each) for each in texts(drawn[name].picture, "value")] == [
            row["papers"] for row in drawn[name].rows
        ]
    assert [int(each) for each in texts(drawn["rungs"].picture, "value")] == [
        row["reach_it"] for row in drawn["rungs"].rows
    ]
    assert [int(each) for each in texts(drawn["taxonomy"].picture, "value")] == [
        row["papers"] for row in drawn["taxonomy"].rows if row["papers"]
    ]
    assert count(drawn["taxonomy"].picture, "circle", "node") == len(drawn["taxonomy"].rows)
    assert count(drawn["timeline"].picture, "circle", "event") == len(drawn["timeline"].rows)
    for name in ("loss-in-parameters", "loss-in-data", "loss-in-compute", "optimal-size-in-compute"):
        rows = list(drawn[name].rows)
        assert count(drawn[name].picture, "circle", "value") == len(rows)
        assert count(drawn[name].picture, "path", "interval") == sum(row["low"] is not None for row in rows)
    for name in ("model-sizes", "data-sizes"):
        assert count(drawn[name].picture, "rect", "c0") == len(drawn[name].rows)


def test_every_paper_counts_once_where_the_figure_says_so(catalog: Catalog, drawn: dict[str, figures.Figure]) -> None:
    surveyed = len(catalog.survey.references)
    assert sum(row["papers"] for row in drawn["topics"].rows) == surveyed
    assert len({row["paper"] for row in drawn["timeline"].rows}) == len(drawn["timeline"].rows) == surveyed
    for what in ("Analysis code", "Training code", "Data points"):
        rows = [row for row in drawn["code-and-data"].rows if row["what"] == what]
        assert sum(row["papers"] for row in rows) == surveyed
        assert all(row["papers"] == sum(row[state] for state in figures._STATES) for row in rows)


def test_counts_agree_with_the_records(catalog: Catalog, drawn: dict[str, figures.Figure]) -> None:
    surveyed = {each.paper for each in catalog.survey.references}
    papers = [paper for key, paper in catalog.papers.items() if key in surveyed]
    for name, facet in (("architectures", "architectures"), ("tasks", "tasks")):
        held = [each for paper in papers for each in set(getattr(paper, facet))]
        assert sum(row["papers"] for row in drawn[name].rows) == len(held)
    table = catalog.survey.tables["10"]
    named = {(row.paper, each.strip().lower()) for row in table.rows for each in str(row.cells[2]).split(",")}
    assert sum(row["papers"] for row in drawn["scaling-variables"].rows) == len(named)


def test_each_exponent_stands_once_and_is_what_the_law_calls_an_exponent(
    drawn: dict[str, figures.Figure], connection: FileReader
) -> None:
    names = ("loss-in-parameters", "loss-in-data", "loss-in-compute", "optimal-size-in-compute")
    rows = [row for name in names for row in drawn[name].rows]
    assert len({(row["fit"], row["symbol"]) for row in rows}) == len(rows)
    assert len(
        {(row["fit"].rpartition("/")[0], row["symbol"], row["source"], row["modality"], row["floor"]) for row in rows}
    ) == len(rows)
    for row in rows:
        statement = "SELECT c.meaning FROM coefficient c JOIN fit f ON f.law = c.law WHERE f.id = ? AND c.symbol = ?"
        (meaning,) = connection.execute(statement, (row["fit"], row["symbol"])).fetchone()
        assert meaning.startswith("exponent"), row
        assert 0 < row["least"] <= row["value"] <= row["most"] < 1
        assert (row["fits"] > 1) or row["least"] == row["most"]


def test_exponents_stand_under_the_modality_of_their_fit(drawn: dict[str, figures.Figure]) -> None:
    by_law: dict[str, set[str]] = {}
    for row in drawn["loss-in-parameters"].rows:
        by_law.setdefault(row["fit"].rpartition("/")[0], set()).add(row["modality"])
    assert by_law["henighan2020/n"] == {"Images", "Images, Text", "Mathematics", "Text", "Video"}
    assert "Speech, Text" in by_law["aghajanyan2023/unimodal"]
    for name in ("loss-in-parameters", "loss-in-data", "loss-in-compute", "optimal-size-in-compute"):
        assert not [label for label in texts(drawn[name].picture) if label.endswith("\N{HORIZONTAL ELLIPSIS}")], name
    # Heads of the picture are the modalities, so that sources are beside one another.
    assert {"Images", "Text"} <= set(texts(drawn["loss-in-parameters"].picture, "heading"))


def test_markup_escapes_what_records_say() -> None:
    rows = Rows(("which_one", "low"), (("<b> & $x$", None), ("b", 0.5)))
    figure = figures.Figure("q", 'A "title"', "a < b", "<svg></svg>", rows)
    queries = read_queries({"queries/q.sql": "-- title: T\n-- answers: What?\nSELECT 1"})
    html = figures.figure_markup(figure, queries["q"], lambda value: Markup(f"{value:g}"), "../sql/")
    assert "<td>&lt;b&gt; &amp; &#36;x&#36;</td><td>\N{EN DASH}</td>" in html
    assert '<th scope="col">which one</th>' in html
    assert 'href="../sql/?name=q"' in html
    assert "\n\n" not in html


CROWDED = """() => {
  const faults = [];
  for (const svg of document.querySelectorAll("svg.figure")) {
    const box = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll("text")].map(each => [each.textContent, each.getBoundingClientRect()]);
    for (const [number, [words, at]] of texts.entries()) {
      if (at.left < box.left - 0.5 || at.right > box.right + 0.5 || at.top < box.top - 1 || at.bottom > box.bottom + 1)
        faults.push("outside: " + words);
      for (const [other, there] of texts.slice(number + 1))
        if (at.left < there.right - 0.5 && there.left < at.right - 0.5 && at.top < there.bottom - 1.5 && there.top < at.bottom - 1.5)
          faults.push(words + " over " + other);
    }
    for (const mark of svg.querySelectorAll("rect, circle")) {
      const at = mark.getBoundingClientRect();
      if (at.left < box.left - 1 || at.right > box.right + 1) faults.push("a mark outside");
    }
    const scale = box.width / svg.viewBox.baseVal.width;
    const least = Math.min(...[...svg.querySelectorAll("text")].map(each => parseFloat(getComputedStyle(each).fontSize)));
    if (least * scale < 9) faults.push(`text of ${least * scale} px`);
  }
  return faults;
}"""


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_no_text_overlaps_or_leaves_its_picture(open_page: Any, address: str) -> None:
    for width, scheme in ((390, "light"), (1280, "dark")):
        page, faults = open_page(address + "/figures/", width, scheme)
        assert page.evaluate("document.querySelectorAll('svg.figure').length") == 16
        assert page.evaluate(CROWDED) == []
        assert faults == []
    # Opened, a table has a row for each row of the query, and scrolls in its own box.
    page.get_by_text("The numbers").nth(6).click()
    assert page.locator("figure.drawn").nth(6).locator("tbody tr").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_colours_follow_the_scheme(open_page: Any, address: str) -> None:
    look = """() => {
      const paint = (selector, property) => getComputedStyle(document.querySelector(selector))[property];
      return [paint(".figure rect.c0", "fill"), paint(".figure text", "fill"), paint("body", "backgroundColor")];
    }"""
    seen = [open_page(address + "/figures/", 390, scheme)[0].evaluate(look) for scheme in ("light", "dark")]
    assert all(light != dark for light, dark in zip(*seen, strict=True))
