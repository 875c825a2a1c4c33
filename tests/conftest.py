"""Fixtures: the toy catalog for the code, the real one for the records, and what of the machine tests need."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from postgresql_cluster import cluster, empty_url, reader, real_url, toy_url
from scalinglaws import library
from scalinglaws.catalog import Catalog
from scalinglaws.database.access import FileReader, open_database
from scalinglaws.database.build import build_database
from scalinglaws.exports.export import Exported, export
from scalinglaws.records.files import read_contents

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["cluster", "empty_url", "reader", "real_url", "toy_url"]

ROOT = Path(__file__).resolve().parents[1]
TOY = Path(__file__).resolve().parent / "toy"

if str(ROOT / "scripts") not in sys.path:
    sys.path.insert(0, str(ROOT / "scripts"))


def need(what: str, *, found: bool) -> None:
    """Skip by name where the machine lacks something; in CI that is a failure."""
    if not found:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{what} is missing, and CI must have it")
        pytest.skip(f"{what} is missing")


@pytest.fixture
def toy_contents() -> dict[str, str]:
    return read_contents(TOY)


@pytest.fixture(scope="session")
def toy() -> Catalog:
    return Catalog.load(TOY)


@pytest.fixture(scope="session")
def toy_path(toy: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("toy") / "catalog.sqlite"
    build_database(toy, path)
    return path


@pytest.fixture
def toy_connection(toy_path: Path) -> Iterator[FileReader]:
    connection = open_database(toy_path)
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return Catalog.load(ROOT / "catalog")


@pytest.fixture(scope="session")
def catalog_path(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("real") / "catalog.sqlite"
    build_database(catalog, path)
    return path


@pytest.fixture(scope="session")
def exported(catalog_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return export(tmp_path_factory.mktemp("exported") / "out", path=catalog_path)


@pytest.fixture(scope="session", autouse=True)
def _close_connections() -> Iterator[None]:
    yield
    for connection in library._connections.values():
        connection.close()


@pytest.fixture
def chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    need("Chromium", found=path is not None)
    return str(path)


@pytest.fixture
def built_site() -> Path:
    site = ROOT / "build" / "site"
    need("the built site (make site)", found=(site / "index.html").is_file())
    return site


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    from site_server import serving, site_server

    with serving(site_server(ROOT / "build" / "site")) as place:
        yield place


@pytest.fixture
def browser(chromium: str) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        yield browser
        browser.close()


@pytest.fixture
def open_page(built_site: Path, browser: Browser) -> object:
    def open_at(url: str, width: int, scheme: str) -> tuple[Page, list[str]]:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        faults: list[str] = []
        origin = "/".join(url.split("/")[:3])
        page.on(
            "console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "request",
            lambda request: None if request.url.startswith((origin, "data:")) else faults.append(request.url),
        )
        page.goto(url)
        page.wait_for_load_state("networkidle")
        return page, faults

    return open_at


@pytest.fixture(scope="session")
def shared_data() -> Iterator[Path | None]:
    """The folder with the public data: `SCALINGLAWS_DATA`, else ../shared/datasets; none if the user's cache has it."""
    from platformdirs import user_cache_path

    named = os.environ.get("SCALINGLAWS_DATA")
    folder = Path(named).expanduser() if named else ROOT.parent / "shared" / "datasets"
    cache = user_cache_path("scalinglaws") / "datasets"
    need("public data (SCALINGLAWS_DATA, ../shared/datasets or the cache)", found=folder.is_dir() or cache.is_dir())
    with pytest.MonkeyPatch.context() as patch:
        if folder.is_dir():
            patch.setenv("SCALINGLAWS_DATA", str(folder))
        yield folder if folder.is_dir() else None


def rows(connection: sqlite3.Connection, statement: str) -> list[Any]:
    return connection.execute(statement).fetchall()
