"""Citing and reporting numbers, BibTeX of a selection, descriptions for machines, missing addresses, print."""

from __future__ import annotations

import hashlib
import json
import math
import random
import re
import struct
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest

import scalinglaws as sl
from scalinglaws.catalog import Catalog
from scalinglaws.database.access import open_database
from scalinglaws.database.documents import law_document
from scalinglaws.database.value_hash import canonical_number, canonical_values, value_hash
from scalinglaws.exports.files import ExportFile
from scalinglaws.pages.citation import dataset, number_id, report
from scalinglaws.pages.mathematics import node_command

ROOT = Path(__file__).resolve().parents[1]
NUMBERS = [0.0, -0.0, 1.0, -1.5, 1e21, 1e22, 1.5e20, 123456789012345680000.0, 1e-6, 1e-7, 1.25e-7, 5e-324, 0.1, 406.4,
           2085.43, 1.7976931348623157e308, 999999999999999.9, 1e16, 8.64e19, -3.2e-11]  # fmt: skip


def test_canonical_numbers_are_those_of_ecmascript() -> None:
    draw = random.Random(0)
    numbers = [*NUMBERS, *(struct.unpack("d", draw.randbytes(8))[0] for _ in range(2000))]
    numbers = [each for each in numbers if math.isfinite(each)]
    script = (
        "process.stdout.write(JSON.stringify(JSON.parse(require('fs').readFileSync(0)).map(x => JSON.stringify(x))))"
    )
    run = subprocess.run(
        [node_command(), "-e", script], input=json.dumps(numbers), capture_output=True, text=True, check=True
    )
    assert [canonical_number(each) for each in numbers] == json.loads(run.stdout)
    with pytest.raises(ValueError, match="no form in JSON"):
        canonical_number(float("nan"))


def test_the_hash_is_over_sorted_values_alone() -> None:
    assert canonical_values({"beta": 0.37, "A": 400.0}) == '{"A":400,"beta":0.37}'
    assert value_hash({"beta": 0.37, "A": 400.0}) == hashlib.sha256(b'{"A":400,"beta":0.37}').hexdigest()
    assert value_hash({"A": 400.0, "beta": 0.37}) == value_hash({"beta": 0.37, "A": 400.0})


def test_a_fit_has_one_hash_wherever_it_is_used(catalog: Catalog, catalog_path: Path) -> None:
    connection = open_database(catalog_path)
    stored = dict(connection.execute("SELECT id, values_sha256 FROM fit"))
    connection.close()
    inherited = 0
    for law in catalog.laws():
        for fit in law_document(catalog, law)["fits"]:
            assert fit["values_sha256"] == stored[fit["id"]]
            inherited += law.parent is not None
    assert inherited > 0
    fit = sl.law("hoffmann2022/parametric", "besiroglu2024").document["fits"][2]
    assert fit["values_sha256"] == value_hash(fit["values"]) == stored["hoffmann2022/parametric/besiroglu2024"]


def test_a_report_holds_ids_values_and_source(catalog: Catalog) -> None:
    fit = law_document(catalog, catalog.law("hoffmann2022/parametric"))["fits"][2]
    text = report(fit, "Besiroglu et al. (2024)", "1")
    assert "hoffmann2022/parametric/besiroglu2024#alpha = 0.3478" in text
    assert "Source: Besiroglu et al. (2024), Table 1" in text
    assert fit["values_sha256"] in text
    assert text.endswith("Where that stands:")


def test_every_number_has_an_anchor_of_its_own(built_site: Path, catalog: Catalog) -> None:
    for law in catalog.laws():
        page = (built_site / "laws" / law.id / "index.html").read_text(encoding="utf-8")
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), law.id
        named = set(re.findall(r'<a class="cite" id="([^"]+)" href="#\1" data-id="([^"]+)"', page))
        if law.formula is None:
            continue
        for fit in law.fits:
            for symbol in (*fit.values, *fit.not_stated):
                assert (f"{fit.slug}/{symbol}", number_id(fit.id, symbol)) in named, fit.id


def test_descriptions_for_machines(built_site: Path, catalog: Catalog) -> None:
    found = {}
    for name in ("", "downloads"):
        page = (built_site / name / "index.html").read_text(encoding="utf-8")
        (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, flags=re.S)
        found[name] = json.loads(text)
    assert found[""]["@type"] == "WebSite"
    described = found["downloads"]
    assert described["@type"] == "Dataset"
    assert described["license"].startswith("https://creativecommons.org/")
    assert len(described["description"]) > 50
    files = {each["contentUrl"]: each for each in described["distribution"]}
    on_disk = {each for each in (built_site / "downloads").rglob("*") if each.is_file() and each.name != "index.html"}
    assert set(files) == {each.relative_to(built_site / "downloads").as_posix() for each in on_disk}
    assert {"catalog.sqlite", "laws.json", "references.bib", "csv/law.csv", "croissant.json", "SHA256SUMS"} <= set(
        files
    )
    page = (built_site / "downloads" / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{name}"' in page for name in files)
    for name, each in files.items():
        content = (built_site / "downloads" / name).read_bytes()
        assert each["sha256"] == hashlib.sha256(content).hexdigest()
        assert each["contentSize"] == f"{len(content)} B"


def test_a_description_ends_neither_script_nor_prose() -> None:
    info = {"title": "</script> $x$", "edition": "1", "edition_date": "2020-01-01", "citation": "c"}
    text = dataset(info, [ExportFile("x.csv", "text/csv", "<b> $y$", 2, "0" * 64)])
    assert "<" not in text
    assert "$" not in text
    described = json.loads(text)
    assert described["name"] == info["title"]
    assert described["distribution"][0]["description"] == "<b> $y$"


def test_every_page_has_a_description_of_its_own(built_site: Path) -> None:
    default = "Neural scaling laws with the source of every number, as formulas you can run."
    pages = list(built_site.rglob("*.html"))
    assert len(pages) > 300
    for page in pages:
        match = re.search(r'<meta name="description" content="([^"]*)"', page.read_text(encoding="utf-8"))
        assert match, page
        assert len(unescape(match[1])) > 20, page
        assert match[1] != default or page == built_site / "index.html", page


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_number_is_cited_by_its_id(open_page: Any, address: str) -> None:
    page, faults = open_page(address + "/laws/hoffmann2022/parametric/#besiroglu2024/alpha", 390, "light")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    assert page.locator("a.cite:target").inner_text() == "#alpha"
    assert page.locator("a.cite:target").evaluate(
        "link => link.getBoundingClientRect().top > 40 && link.getBoundingClientRect().bottom < innerHeight"
    )
    page.get_by_role("button", name="copy hoffmann2022/parametric/besiroglu2024#alpha", exact=True).click()
    page.wait_for_selector(".told:not(:empty)")
    assert page.evaluate("navigator.clipboard.readText()") == "hoffmann2022/parametric/besiroglu2024#alpha"
    fit = page.locator("details.cite-fit").nth(2)
    fit.locator("summary").click()
    assert "hoffmann2022/parametric/besiroglu2024#alpha = 0.3478" in fit.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults == []


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_bibtex_of_a_selection(open_page: Any, address: str, catalog: Catalog) -> None:
    page, faults = open_page(address + "/papers/", 1280, "dark")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copy = page.get_by_role("button", name="Copy BibTeX")
    assert copy.is_disabled()
    for key in ("kaplan2020", "hoffmann2022"):
        page.get_by_role("checkbox", name=f"Select {catalog.label(key)}", exact=True).check()
    copy.click()
    page.wait_for_function("document.querySelector('.selection [role=status]').textContent !== ''")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.count("\n@") + 1 == 2
    for key in ("kaplan2020", "hoffmann2022"):
        assert catalog.references[key].bibtex.strip() in text
    page.get_by_role("button", name="Select all").click()
    assert page.locator(".bibliography input:checked").count() == len(catalog.papers)
    assert faults == []


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_missing_address_leads_on_under_any_base_path(open_page: Any, address: str, built_site: Path) -> None:
    page, _ = open_page(address + "/404.html", 1280, "light")
    missing = (built_site / "404.html").read_text(encoding="utf-8")

    def answer(route: Any) -> None:
        file = built_site / route.request.url.removeprefix(f"{address}/some/where/").split("?")[0]
        file = file / "index.html" if file.is_dir() else file
        if file.is_file():
            route.fulfill(path=file)
        else:
            route.fulfill(body=missing, content_type="text/html")

    page.route("**/some/where/**", answer)
    page.goto(address + "/some/where/laws/hofmann2022/parametrik/")
    page.wait_for_selector("#near li a")
    assert page.locator("#near li a").first.get_attribute("href") == "/some/where/laws/hoffmann2022/parametric/"
    assert page.get_by_role("link", name="Glossary").get_attribute("href") == "/some/where/glossary/"
    page.goto(address + "/some/where/papers/chinchila/")
    page.wait_for_selector("#asked code")
    assert page.locator("#asked code").inner_text() == "papers/chinchila/"
    page.get_by_label("Words, an author").fill("Chinchilla")
    page.get_by_role("button", name="Search").click()
    assert page.url == address + "/some/where/?q=Chinchilla"


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_print_shows_the_page_and_not_its_furniture(open_page: Any, address: str) -> None:
    page, _ = open_page(address + "/laws/hoffmann2022/parametric/", 1280, "dark")
    page.set_viewport_size({"width": 700, "height": 900})
    page.emulate_media(media="print")
    for furniture in (".md-header", ".md-sidebar", ".md-footer", ".headerlink", "button.copy", ".calculator .controls"):
        assert not any(page.locator(furniture).evaluate_all("all => all.map(each => each.checkVisibility())")), (
            furniture
        )
    wide = page.evaluate(
        "[...document.querySelectorAll('.md-content table')].filter(each => each.checkVisibility()"
        " && each.getBoundingClientRect().right > innerWidth + 1).map(each => each.textContent.slice(0, 60))"
    )
    assert wide == []
    # Ink on paper, though the screen was dark; and dark again afterwards.
    scheme = "document.body.getAttribute('data-md-color-scheme')"
    page.wait_for_function(f"{scheme} === 'default'")
    page.emulate_media(media="screen")
    page.wait_for_function(f"{scheme} === 'slate'")
