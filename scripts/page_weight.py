"""What a page weighs: every file of its first view, as many bytes as a static host sends."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Response


def page_weight(browser: Browser, address: str, *, search: bool = False) -> dict[str, int]:
    """Open a page with an empty cache and weigh what it loads before the reader does anything.

    Args:
        browser: one that Playwright has launched.
        address: a page on a server that compresses, such as `site_server`.
        search: whether the search is then opened.

    Returns:
        bytes of the body as sent, by path: page, styles, scripts and workers, fonts, images and data.
    """
    sizes: dict[str, int] = {}

    def weigh(response: Response) -> None:
        sizes[urlsplit(response.url).path] = int(response.headers.get("content-length", 0))

    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.on("response", weigh)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    if search:
        with page.expect_response("**/search_index.json"):
            page.locator(".md-search__input").click()
    context.close()
    return sizes
