"""The calculators of law pages: what they are told, what they draw at build time, and what they do in a browser."""

from __future__ import annotations

import json
import math
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

import scalinglaws as sl
from scalinglaws.catalog import Catalog
from scalinglaws.database.documents import law_document, paper_document
from scalinglaws.library import InputError, parse_number
from scalinglaws.pages import calculators
from scalinglaws.pages.calculators import Calculator
from scalinglaws.pages.mathematics import node_command

ROOT = Path(__file__).resolve().parents[1]
ASSETS = ROOT / "site" / "assets"
#: Words of a page's address that no symbol may be called.
RESERVED = set(re.findall(r"(\w+): ", re.findall(r"RESERVED = \{(.*?)\}", (ASSETS / "calculator.mjs").read_text())[0]))


@pytest.fixture(scope="module")
def made(catalog: Catalog) -> tuple[dict[str, Calculator], dict[str, str]]:
    laws = {law.id: law_document(catalog, law) for law in catalog.laws()}
    papers = {key: paper_document(catalog, paper) for key, paper in catalog.papers.items()}
    return calculators.all_calculators(laws, papers)


@pytest.fixture(scope="module")
def drawn(
    made: tuple[dict[str, Calculator], dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    found, _ = made
    written = calculators.write_calculators(found, tmp_path_factory.mktemp("laws"))
    return dict(zip(found, calculators.draw(written, ROOT / "site" / "render_charts.mjs", ASSETS), strict=True))


def test_every_law_but_procedures_has_a_calculator(
    made: tuple[dict[str, Calculator], dict[str, str]], catalog: Catalog
) -> None:
    found, reasons = made
    for law in catalog.laws():
        assert (law.id in found) != (law.record.kind == "procedure"), law.id
    assert all("procedure" in reason for reason in reasons.values())


def test_no_symbol_is_a_word_of_the_address(made: tuple[dict[str, Calculator], dict[str, str]]) -> None:
    assert {"fit", "along", "all"} == RESERVED
    for each in made[0].values():
        for form in each.description["forms"]:
            assert not RESERVED & set(form["arguments"])


def test_a_description_holds_what_is_stated_and_nothing_else(
    made: tuple[dict[str, Calculator], dict[str, str]],
) -> None:
    for law_id, each in made[0].items():
        document = sl.law(law_id).document
        assert [fit["whole"] for fit in each.description["fits"]] == [fit["id"] for fit in document["fits"]]
        for told, fit in zip(each.description["fits"], document["fits"], strict=True):
            assert told["values"] == fit["values"]
            assert told["complete"] == (not fit["not_stated"])
        variables = {variable["symbol"] for form in each.description["forms"] for variable in form["variables"]}
        assert set(each.description["start"]["inputs"]) <= variables, law_id


def test_the_chart_s_value_is_the_library_s(
    made: tuple[dict[str, Calculator], dict[str, str]], drawn: dict[str, Any]
) -> None:
    compared = 0
    for law_id, each in made[0].items():
        value = drawn[law_id]["value"]
        if value is None:
            continue
        start = each.description["start"]
        inputs: dict[str, Any] = dict(start["inputs"])
        assert value == pytest.approx(sl.law(law_id)(fit=start["fit"], **inputs), rel=1e-9), law_id
        compared += 1
    assert compared > 100


def test_a_chart_is_drawn_or_says_why_not(drawn: dict[str, Any]) -> None:
    for law_id, each in drawn.items():
        if each["svg"] is None:
            assert re.match(r"No (curve|value)", each["reason"]), law_id
            continue
        assert "NaN" not in each["svg"], law_id
        assert "Infinity" not in each["svg"]
        assert each["table"]
    assert "give a value for E, A, B" in drawn["aghajanyan2023/unimodal"]["reason"]
    assert "no variable" in drawn["kaplan2020/alpha-cmin-theory"]["reason"]


def test_the_fitted_range_is_solid_and_shaded_and_the_rest_dashed(drawn: dict[str, Any]) -> None:
    picture = drawn["hoffmann2022/parametric"]["svg"]
    assert picture.count('class="fitted"') == 1
    assert picture.count('class="inside"') == 6
    assert picture.count('class="beyond"') == 12


@pytest.mark.parametrize(
    "text",
    ["70e9", "70B", "1.4T", "-3", "+.5", "7.", "1E3", "7e", "1,000", "", "B", "1e999", "0x10", " 5K ", "5 K", "nan"],
)
def test_numbers_are_read_as_the_command_reads_them(text: str) -> None:
    script = f"import {{parseNumber}} from {json.dumps((ASSETS / 'numbers.mjs').as_uri())};"
    script += f"process.stdout.write(String(parseNumber({json.dumps(text)})));"
    run = [node_command(), "--input-type=module", "--eval", script]
    read = float(subprocess.run(run, capture_output=True, text=True, check=True).stdout.replace("Infinity", "inf"))
    try:
        expected = parse_number(text)
    except InputError as error:
        assert math.isnan(read) or "too large" in str(error)
    else:
        assert read == expected


LAW = "/laws/hoffmann2022/parametric/"


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_moving_a_slider_changes_the_value(open_page: Any, address: str) -> None:
    page, faults = open_page(address + LAW + "?fit=besiroglu2024&N=7e10&D=1.4e12", 390, "light")
    answer = page.locator(".answer strong")
    assert answer.inner_text() == "1.97388"
    drawing = page.locator(".calculator:not(.budget) .drawing").inner_html()
    slider = page.get_by_role("slider", name="D, training tokens")
    slider.focus()
    for _ in range(20):
        slider.press("ArrowRight")
    moved = parse_number(page.get_by_label("D training tokens", exact=False).first.input_value())
    assert moved > 1.4e12
    expected = sl.law("hoffmann2022/parametric", "besiroglu2024")(N=7e10, D=moved)
    assert float(answer.inner_text()) == pytest.approx(expected, abs=6e-6)
    assert page.locator(".calculator:not(.budget) .drawing").inner_html() != drawing
    # The chart is still in view.
    box = page.locator(".calculator:not(.budget) svg").bounding_box()
    assert box is not None
    assert box["y"] >= 0
    # The address reproduces the state.
    shown = answer.inner_text()
    again, more = open_page(page.url, 1280, "dark")
    assert again.locator(".answer strong").inner_text() == shown
    assert faults == []
    assert more == []


def _field(page: Page, symbol: str) -> Any:
    return page.locator(f'.calculator input[type="text"][id$="-{symbol}"]')


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_calculator_refuses_what_is_no_number_and_names_it(open_page: Any, address: str) -> None:
    page, _ = open_page(address + LAW, 1280, "light")
    _field(page, "N").fill("7e")
    assert "is no number; write 70e9, 70B or 1.4T" in page.locator(".calculator .fault").inner_text()
    _field(page, "N").fill("-5")
    assert page.locator(".calculator .fault").inner_text() == "N must be greater than zero"
    assert "give a value for N" in page.locator(".answer").inner_text()
    _field(page, "N").fill("70B")
    assert page.locator(".calculator .fault").count() == 0
    page.get_by_label("Fit", exact=True).select_option("tex-precise")
    expected = sl.law("hoffmann2022/parametric", "tex-precise")(N=70e9, D=parse_number(_field(page, "D").input_value()))
    assert float(page.locator(".answer strong").inner_text()) == pytest.approx(expected, abs=6e-6)


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_what_is_not_stated_is_an_empty_field_until_the_reader_fills_it(open_page: Any, address: str) -> None:
    page, faults = open_page(address + "/laws/aghajanyan2023/unimodal/", 1280, "light")
    assert [_field(page, name).input_value() for name in ("E", "A", "B")] == ["", "", ""]
    assert "give a value for E, A, B" in page.locator(".calculator .reason").inner_text()
    for name, value in (("E", "1"), ("A", "500"), ("B", "600")):
        _field(page, name).fill(value)
    assert page.locator(".calculator svg.chart").count() == 1
    assert "with your values" in page.locator(".calculator .legend").inner_text()
    assert faults == []


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_what_is_copied_runs(open_page: Any, address: str, tmp_path: Path) -> None:
    page, _ = open_page(address + LAW + "?fit=besiroglu2024&N=7e10&D=1.4e12", 1280, "light")
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    results = {}
    for name, run in (("Python", ["python", "-"]), ("JavaScript", [node_command(), "--input-type=module", "-"])):
        page.get_by_role("button", name=name, exact=True).click()
        page.wait_for_function("window.copied")
        text = page.evaluate("window.copied")
        page.evaluate("window.copied = ''")
        command = [str(ROOT / ".venv" / "bin" / "python"), "-"] if run[0] == "python" else run
        results[name] = float(subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout)
    expected = sl.law("hoffmann2022/parametric", "besiroglu2024")(N=7e10, D=1.4e12)
    assert results == pytest.approx({"Python": expected, "JavaScript": expected}, rel=1e-12)


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_without_scripts_the_chart_and_its_table_stand(address: str, chromium: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(address + LAW)
        assert page.locator(".calculator:not(.budget) svg.chart").count() == 1
        assert page.locator(".calculator:not(.budget) table.chart-values tr").count() > 5
        browser.close()
