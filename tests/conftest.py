"""Fixtures: the toy catalog for the code, the real one for the records, and what of the machine tests need."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scalinglaws import library
from scalinglaws.build import build_database
from scalinglaws.catalog import Catalog
from scalinglaws.catalog_files import read_contents
from scalinglaws.database import open_database

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
def toy_connection(toy_path: Path) -> Iterator[sqlite3.Connection]:
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


def rows(connection: sqlite3.Connection, statement: str) -> list[Any]:
    return connection.execute(statement).fetchall()
