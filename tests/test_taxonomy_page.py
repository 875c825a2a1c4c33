"""The taxonomy as a tree to open, to narrow down and to walk by keyboard; question pages that calculate."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from scalinglaws.catalog import Catalog


def test_the_tree_holds_every_topic_with_its_papers(built_site: Path, catalog: Catalog) -> None:
    text = (built_site / "taxonomy" / "index.html").read_text(encoding="utf-8")
    tree = text[text.index('class="topic-tree"') : text.index("</section>")]
    assert re.findall(r'<li id="topic-([\w.-]+)"', tree) == list(catalog.taxonomy.topics)
    for key, record in catalog.papers.items():
        assert tree.count(f'href="../papers/{key}/"') == len(record.topics)


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_the_tree_narrows_down_and_opens(open_page: Any, address: str, catalog: Catalog) -> None:
    topics = catalog.taxonomy.topics
    page, faults = open_page(address + "/taxonomy/", 390, "dark")
    tree = page.locator(".topic-tree")
    hidden = tree.get_by_text("Fewer bits a number")
    expect(hidden).not_to_be_visible()
    page.get_by_label("Topics and papers with the words").fill("fewer bits")
    expect(hidden).to_be_visible()
    assert f"of {len(topics)} topics" in page.locator(".tree-controls .note").inner_text()
    assert tree.locator("summary:visible").count() < len(topics)
    page.get_by_label("Topics and papers with the words").fill("")
    expect(hidden).not_to_be_visible()
    page.get_by_role("button", name="Open all").click()
    assert tree.locator("summary:visible").count() == len(topics)
    page.get_by_role("button", name="Close all").click()
    assert tree.locator("summary:visible").count() == sum(each.parent is None for each in topics.values())
    assert faults == []


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_arrows_walk_the_tree(open_page: Any, address: str) -> None:
    page, _ = open_page(address + "/taxonomy/", 1280, "light")

    def here() -> str:
        return str(page.evaluate("document.activeElement.closest('li').id"))

    page.locator("summary", has_text="Model scaling").focus()
    page.keyboard.press("ArrowRight")
    assert here() == "topic-model.pretraining"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert here() == "topic-model.pretraining.language"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert here() == "topic-model.pretraining"
    page.keyboard.press("ArrowDown")
    assert here() == "topic-model.multimodal"
    page.keyboard.press("End")
    assert here() == "topic-methodology"
    page.keyboard.press("Home")
    assert here() == "topic-model"


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_an_address_with_a_topic_opens_the_way_to_it(open_page: Any, address: str) -> None:
    page, _ = open_page(address + "/taxonomy/#topic-model.pretraining.vision", 390, "light")
    expect(page.locator("#topic-model\\.pretraining\\.vision > details > p").first).to_be_visible()


def test_a_question_leads_with_its_guideline(built_site: Path, catalog: Catalog) -> None:
    for name, question in catalog.questions.questions.items():
        page = built_site / "questions" / name.lower() / "index.html"
        heads = re.findall(r"<h2[^>]*>(.*?)<", page.read_text(encoding="utf-8"))
        wanted = ["Guideline", "What is known", "Where the evidence conflicts", "The laws to calculate with", "Papers"]
        assert [each for each in heads if each in wanted] == wanted, name
        assert question.evidence


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_question_calculates_and_leaves_its_address_alone(open_page: Any, address: str) -> None:
    page, faults = open_page(address + "/questions/rq1/", 1280, "light")
    folded = page.locator("details.calculate").nth(1)
    assert folded.locator(".controls").count() == 0
    folded.locator("summary").first.click()
    field = folded.locator("input[type=text]").first
    field.fill("1e21")
    expect(folded.locator(".answer strong")).to_have_text(re.compile(r"\d"))
    assert page.evaluate("location.search") == ""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    folded.get_by_role("button", name="a link").click()
    expect(folded.locator(".copies .note")).to_have_text("Copied: a link.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{address}/laws/hoffmann2022/nopt/?")
    assert "C=1e21" in copied
    page.goto(copied)
    expect(page.get_by_label("C training compute").first).to_have_value("1e21")
    assert faults == []
