"""The built site: every address, no request elsewhere, and real pages in a real browser."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from scalinglaws.catalog import Catalog
from scalinglaws.database.access import open_database
from scalinglaws.exports.export import Exported
from scalinglaws.pages import mathematics
from scalinglaws.pages.generator import Site, escape_markdown, number, plain_number, write_site_sources

ROOT = Path(__file__).resolve().parents[1]
AXE = ROOT / "site" / "node_modules" / "axe-core" / "axe.min.js"
#: Into so many parts `make test-all` divides the pages.
PARTS = 8
PAGES = {
    "home": "/",
    "glossary": "/glossary/",
    "missing": "/404.html",
    "paper": "/papers/hoffmann2022/",
    "law": "/laws/hoffmann2022/parametric/",
    "implicit law": "/laws/alabdulmohsin2022/m4/",
    "question": "/questions/rq1/",
    "topic": "/topics/model.pretraining/",
    "taxonomy": "/taxonomy/",
    "laws": "/laws/",
    "papers": "/papers/",
    "explore": "/explore/",
    "public data": "/datasets/",
    "dataset": "/datasets/sparse-frantar/",
    "reproducibility": "/reproducibility/",
    "downloads": "/downloads/",
    "python": "/python/",
    "console": "/sql/?name=laws-by-rung",
    "about": "/about/",
    "house": "/house/",
    "fitting": "/fitting/",
    "flops": "/flops/",
    "figures": "/figures/",
    "fit": "/fit/",
    "criticisms": "/criticisms/",
    "directions": "/directions/",
    "surveys": "/surveys/",
    "compare": "/compare/",
    "reproduction": "/reproducibility/chinchilla-svg/",
    "survey": "/survey/",
    "survey table": "/survey/table-9/",
}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.69, "1.69"),
        (406.4, "406.4"),
        (70e9, "7 \N{MULTIPLICATION SIGN} 10^10^"),
        (1e9, "10^9^"),
        (2085.4342, "2085.4342"),
        (-0.5, "\N{MINUS SIGN}0.5"),
        (1e-8, "10^\N{MINUS SIGN}8^"),
        (3.5e-5, "3.5 \N{MULTIPLICATION SIGN} 10^\N{MINUS SIGN}5^"),
        (0.0, "0"),
        (8.64e19, "8.64 \N{MULTIPLICATION SIGN} 10^19^"),
        (None, ""),
    ],
)
def test_numbers_are_shown_whole(value: float | None, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (70e9, "7e10"),
        (0.35, "0.35"),
        (169.0, "169"),
        (1.4e12, "1.4e12"),
        (1e-8, "1e-8"),
        (-0.5, "-0.5"),
        (0.0, "0"),
        (200.0, "200"),
    ],
)
def test_numbers_to_type_read_back_as_themselves(value: float, text: str) -> None:
    assert plain_number(value) == text
    assert float(text) == value


def test_text_from_records_is_never_markup() -> None:
    assert escape_markdown("a*b_c <b> [x] $y$ `z` | # \\") == (
        "a\\*b\\_c &lt;b&gt; \\[x\\] &#36;y&#36; \\`z\\` &#124; \\# \\\\"
    )


def test_mathematics_is_found_outside_code() -> None:
    page = "`$no$` $a$ and \\$5\n\n$$\nb\n$$\n\n```text\n$no$\n```\n"
    assert mathematics.formulas_in(page) == {("a", False), ("b", True)}


def test_katex_refuses_by_name_and_keeps_what_was(tmp_path: Path) -> None:
    cache = tmp_path / "math.json"
    mathematics.render([("x^2", False)], ROOT / "site" / "render_math.mjs", cache)
    before = cache.read_text(encoding="utf-8")
    with pytest.raises(mathematics.MathematicsError, match=r"KaTeX refuses 1 formula"):
        mathematics.render([(r"\frac{a", True)], ROOT / "site" / "render_math.mjs", cache)
    assert cache.read_text(encoding="utf-8") == before


def test_pages_are_the_same_for_the_same_records(
    catalog: Catalog, catalog_path: Path, exported: Exported, tmp_path: Path
) -> None:
    texts = []
    for name in ("one", "two"):
        site = Site(catalog, catalog_path, exported, ROOT / "site", tmp_path / name)
        pages = site.write()
        texts.append([page.read_text(encoding="utf-8") for page in pages])
        site.connection.close()
    assert texts[0] == texts[1]


def test_every_address_of_the_contract_stands(built_site: Path, catalog: Catalog) -> None:
    wanted = {"", "taxonomy", "reproducibility", "fitting", "fit", "flops", "criticisms", "directions", "surveys"}
    wanted |= {"figures", "glossary", "downloads", "sql", "about", "papers", "laws", "explore", "questions", "topics"}
    wanted |= {"python"}
    wanted |= {"datasets"} | {f"datasets/{name}" for name in catalog.datasets}
    wanted |= {f"papers/{key}" for key in catalog.papers}
    wanted |= {f"laws/{law.id}" for law in catalog.laws()}
    wanted |= {f"questions/{name.lower()}" for name in catalog.questions.questions}
    wanted |= {f"topics/{name}" for name in catalog.taxonomy.topics}
    for address in sorted(wanted):
        assert (built_site / address / "index.html").is_file(), address


def test_the_built_site_belongs_to_these_records(built_site: Path, catalog: Catalog) -> None:
    connection = open_database(built_site / "downloads" / "catalog.sqlite")
    found = connection.execute("SELECT value FROM info WHERE key = 'records_sha256'").fetchone()[0]
    connection.close()
    assert found == catalog.hash


def test_pages_load_nothing_from_elsewhere(built_site: Path) -> None:
    loads = re.compile(r'<(?:script|img|iframe|link)[^>]+(?:src|href)="(?:https?:)?//')
    for page in built_site.rglob("*.html"):
        assert not loads.search(page.read_text(encoding="utf-8")), page


def test_no_template_leaves_traces(built_site: Path) -> None:
    for page in built_site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for trace in ("{{", "{%", "Undefined", "$$"):
            assert trace not in re.sub(r"<(script|pre|code|annotation)\b.*?</\1>", "", text, flags=re.S), page


def faults_of(page: Page, width: int) -> list[str]:
    """What is wrong with an open page: it scrolls sideways, or breaks a rule of WCAG 2.1 AA."""
    wide = False
    try:
        # The drawer slides away when the page grows; only what stays is a fault.
        page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width, timeout=3000)
    except PlaywrightTimeout:
        wide = True
    page.add_script_tag(path=str(AXE))
    found = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']}).then(result => result.violations.map("
        "each => each.id + ': ' + each.nodes.slice(0, 3).map(node => node.html.slice(0, 120)).join(' ; ')))"
    )
    return [*found, *([f"wider than {width} px"] if wide else [])]


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("kind", PAGES)
def test_a_page_of_each_kind(open_page: object, address: str, kind: str, width: int, scheme: str) -> None:
    page, faults = open_page(address + PAGES[kind], width, scheme)  # type: ignore[operator]
    assert faults == []
    assert faults_of(page, width) == []


def darken(page: Page) -> None:
    """Turn a light page dark by its own switch, which the theme's script may not be listening to yet."""
    for _ in range(5):
        page.locator("form[data-md-component=palette] label:visible").click()
        try:
            page.wait_for_function("document.body.dataset.mdColorScheme === 'slate'", timeout=3000)
        except PlaywrightTimeout:
            continue
        return
    raise AssertionError(f"{page.url} does not turn dark")


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.parametrize(
    "part", [pytest.param(part, marks=pytest.mark.xdist_group(f"browser {part % 2}")) for part in range(PARTS)]
)
def test_every_page(open_page: object, address: str, built_site: Path, part: int) -> None:
    wrong = {}
    for file in sorted(built_site.rglob("index.html"))[part::PARTS]:
        at = file.parent.relative_to(built_site).as_posix()
        page, faults = open_page(address + ("/" if at == "." else f"/{at}/"), 390, "light")  # type: ignore[operator]
        found = faults_of(page, 390)
        # The same page turns dark, by its own switch, and wide: half the loading.
        darken(page)
        page.set_viewport_size({"width": 1280, "height": 900})
        found = [*found, *faults_of(page, 1280), *faults]
        page.context.close()
        if found:
            wrong[at] = found
    assert wrong == {}


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("words", ["Chinchilla", "Besiroglu", "kaplan2020", "quantization"])
def test_search_finds(open_page: object, address: str, words: str) -> None:
    page, _ = open_page(address + "/", 1280, "light")  # type: ignore[operator]
    field = page.locator(".md-search__input")
    results = page.locator(".md-search-result__list")
    # The search worker starts on its own time and misses what was typed before: type again until it answers.
    for _ in range(15):
        field.click()
        field.fill("")
        field.press_sequentially(words)
        try:
            # Each letter typed asks anew: wait for the answer to the whole of the words, not to their beginning.
            page.wait_for_function(
                "words => document.querySelector('.md-search-result__list').textContent.toLowerCase().includes(words)",
                arg=words.lower(),
                timeout=4000,
            )
            break
        except PlaywrightTimeout:
            page.reload()
            page.wait_for_load_state("networkidle")
    assert words.lower() in str(results.text_content()).lower()


def test_a_failed_build_leaves_the_previous_pages(
    catalog: Catalog, catalog_path: Path, exported: Exported, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    shutil.copytree(ROOT / "site", source, ignore=shutil.ignore_patterns("node_modules"))
    (source / "node_modules").symlink_to(ROOT / "site" / "node_modules")
    docs, cache = tmp_path / "docs", tmp_path / "math.json"
    write_site_sources(catalog, catalog_path, exported, source, docs, cache)
    before = {path: path.read_bytes() for path in docs.rglob("*.md")}
    (source / "pages" / "broken.md").write_text(
        "---\ntitle: Broken\ndescription: A formula.\n---\n\n$\\frac{a$\n", encoding="utf-8"
    )
    with pytest.raises(mathematics.MathematicsError):
        write_site_sources(catalog, catalog_path, exported, source, docs, cache)
    assert {path: path.read_bytes() for path in docs.rglob("*.md")} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["docs", "math.json", "source"]
