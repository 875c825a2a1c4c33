"""The home page: one budget under four answers, the shares of the ladder, and the ways in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

import scalinglaws as sl
from scalinglaws.catalog import Catalog
from scalinglaws.database.documents import law_document
from scalinglaws.pages import budget
from scalinglaws.units import Unit, convert

ROOT = Path(__file__).resolve().parents[1]


def split(answer: budget.Answer, compute: float) -> tuple[float, float]:
    """The best size and the tokens left for it, by the library."""
    law = sl.law(answer.law, fit=answer.fit)
    (variable,) = law.document["variables"]
    unit = Unit(variable["unit"]["quantity"], variable["unit"]["scale"])
    inputs: dict[str, Any] = {variable["symbol"]: convert(compute, "FLOP", unit).value}
    size = float(law(**inputs))
    return size, compute / 6 / size


def loss(size: float, tokens: float) -> float:
    return float(sl.law(budget.JUDGE[0], fit=budget.JUDGE[1])(N=size, D=tokens))


def cells(page: Any) -> list[list[str]]:
    found = page.locator(".budget tbody tr").all()
    return [[cell.inner_text() for cell in row.locator("td").all()] for row in found]


def test_the_answers_are_named_in_the_catalog(catalog: Catalog) -> None:
    laws = {law.id: law_document(catalog, law) for law in catalog.laws()}
    told = budget.description(laws)
    assert [each["law"] for each in told["answers"]] == [each.law for each in budget.ANSWERS]
    for each in told["answers"]:
        known = next(fit for fit in laws[each["law"]]["fits"] if fit["id"].endswith(f"/{each['fit']}"))
        assert each["values"] == known["values"]
    assert told["judge"]["values"] == sl.law(budget.JUDGE[0]).choose(budget.JUDGE[1])["values"]  # type: ignore[index]


def test_without_a_script_the_table_has_the_library_s_numbers(built_site: Path) -> None:
    text = (built_site / "index.html").read_text(encoding="utf-8")
    table = re.findall(r'<tr><th scope="row">.*?</tr>', text[text.index('class="answers"') :], re.S)[:4]
    ratios = [float(re.findall(r"<strong>([\d.]+)</strong>", row)[0]) for row in table]
    splits = [split(each, budget.BUDGET) for each in budget.ANSWERS]
    assert ratios == pytest.approx([tokens / size for size, tokens in splits], rel=5e-3)


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_another_budget_has_other_answers(open_page: Any, address: str) -> None:
    page, faults = open_page(address + "/", 1280, "light")
    field = page.get_by_label("Your training compute")
    field.fill("1e21")
    expect(page.locator(".budget .note")).to_contain_text("within what Hoffmann et al. fitted")
    shown = cells(page)
    for row, answer in zip(shown, budget.ANSWERS, strict=True):
        size, tokens = split(answer, 1e21)
        assert float(row[1]) == pytest.approx(tokens / size, rel=5e-3)
        assert float(row[0].split(" ")[0]) * 1e9 == pytest.approx(size, rel=5e-3)
    # What is wasted: the same loss costs the judge that much less.
    wasted = float(shown[0][2].removesuffix(" %")) / 100
    reached = loss(*split(budget.ANSWERS[0], 1e21))
    for share, dearer in ((wasted - 0.006, True), (wasted + 0.006, False)):
        assert (loss(*split(budget.ANSWERS[2], 1e21 * (1 - share))) < reached) is dearer
    before = page.locator(".budget svg").get_attribute("aria-label")
    slider = page.get_by_role("slider", name="Training compute")
    slider.press("ArrowRight")
    assert field.input_value() == "1.02e21"
    assert page.locator(".budget svg").get_attribute("aria-label") != before
    assert faults == []


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_what_is_no_budget_is_refused_and_the_answers_stay(open_page: Any, address: str) -> None:
    page, _ = open_page(address + "/", 390, "light")
    before = cells(page)
    field = page.get_by_label("Your training compute")
    for text, reason in (("much", "write a number"), ("1e30", "from 10¹⁸"), ("", "write a number")):
        field.fill(text)
        expect(page.locator(".budget .note")).to_contain_text(reason)
        assert field.get_attribute("aria-invalid") == "true"
        assert cells(page) == before


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_the_field_on_the_page_searches_the_site(open_page: Any, address: str) -> None:
    page, _ = open_page(address + "/", 390, "light")
    page.get_by_role("searchbox", name="Find a law, a paper").fill("quantization")
    page.get_by_role("button", name="Find", exact=True).click()
    page.wait_for_function("document.querySelector('.md-search-result__list').textContent.includes('Quantization')")
    assert page.locator(".md-search__input").input_value() == "quantization"


def test_the_ladder_counts_every_law_once_and_leads_to_them(built_site: Path, catalog: Catalog) -> None:
    text = (built_site / "index.html").read_text(encoding="utf-8")
    rungs = re.findall(r'explore/\?rung=(\w+)".*?class="count">(\d+)<', text, re.S)
    assert dict(rungs) == {row["rung"]: str(row["stand_on_it"]) for row in sl.query(name="laws-by-rung")}
    assert sum(int(count) for _, count in rungs) == sum(1 for _ in catalog.laws())
