"""Pages are light: what a reader's first view loads, in bytes as a static host sends them."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from page_weight import page_weight

if TYPE_CHECKING:
    from playwright.sync_api import Browser

KATEX = "/assets/katex/katex.min.css"
INDEX = "/search/search_index.json"
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_home_is_light(browser: Browser, built_site: Path, address: str) -> None:
    sizes = page_weight(browser, address + "/")
    assert {"/", "/assets/catalog.css"} <= set(sizes)
    assert all(size > 0 for size in sizes.values()), sizes
    assert sum(sizes.values()) < 150_000, sizes


def test_the_heaviest_pages_of_laws_are_light(browser: Browser, built_site: Path, address: str) -> None:
    def own(page: Path) -> int:
        description = built_site / "assets" / page.parent.relative_to(built_site).with_suffix(".json")
        parts = [page, description] if description.is_file() else [page]
        return sum(len(gzip.compress(part.read_bytes())) for part in parts)

    pages = sorted((built_site / "laws").glob("*/*/index.html"), key=own)[-3:]
    assert len(pages) == 3
    for page in pages:
        sizes = page_weight(browser, f"{address}/{page.parent.relative_to(built_site).as_posix()}/")
        assert KATEX in sizes
        assert INDEX not in sizes
        assert sum(sizes.values()) < 250_000, (page, sizes)


def test_the_index_of_the_search_comes_when_the_search_is_opened(
    browser: Browser, built_site: Path, address: str
) -> None:
    assert INDEX not in page_weight(browser, address + "/about/")
    assert INDEX in page_weight(browser, address + "/about/", search=True)
    assert INDEX in page_weight(browser, address + "/?q=chinchilla")


def test_mathematics_is_dressed_only_where_there_is_some(built_site: Path) -> None:
    for page in built_site.rglob("index.html"):
        text = page.read_text(encoding="utf-8")
        assert ('class="katex' in text) == ("katex.min.css" in text), page


def test_sqlite_for_the_browser_is_minified_and_keeps_its_licence(built_site: Path) -> None:
    module = (built_site / "assets" / "sqlite" / "index.mjs").read_text(encoding="utf-8")
    assert len(module) < 300_000
    assert "LICENSE for the sqlite3 WebAssembly/JavaScript APIs" in module
