"""The site is served to tests, benchmarks and readers at home as a static host sends it."""

from __future__ import annotations

import gzip
import urllib.request
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from site_server import serving, site_server

PAGE = "<p>laws</p>" * 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "laws").mkdir()
    (tmp_path / "laws" / "index.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "404.html").write_text("our own", encoding="utf-8")
    for name in ("a.mjs", "b.wasm", "c.sqlite", "d.woff2"):
        (tmp_path / name).write_bytes(b"bytes")
    return tmp_path


@pytest.fixture
def port(folder: Path) -> Iterator[int]:
    with serving(site_server(folder, max_age=60)) as address:
        yield int(address.rpartition(":")[2])


def get(port: int, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def test_text_is_compressed_for_whoever_takes_it(port: int) -> None:
    response, body = get(port, "/laws/", Accept_Encoding="gzip, br")
    assert (response.status, response.headers["Content-Encoding"]) == (200, "gzip")
    assert response.headers["Content-Length"] == str(len(body))
    assert gzip.decompress(body).decode() == PAGE
    plain, whole = get(port, "/laws/?a=b")
    assert (plain.headers["Content-Encoding"], whole.decode()) == (None, PAGE)
    assert len(body) < len(whole)


@pytest.mark.parametrize(
    ("path", "kind", "compressed"),
    [
        ("/a.mjs", "text/javascript; charset=utf-8", True),
        ("/b.wasm", "application/wasm", True),
        ("/c.sqlite", "application/vnd.sqlite3", False),
        ("/d.woff2", "font/woff2", False),
    ],
)
def test_types_are_those_that_browsers_need(port: int, path: str, kind: str, *, compressed: bool) -> None:
    response, _ = get(port, path, Accept_Encoding="gzip")
    assert (response.headers["Content-Type"], "Content-Encoding" in response.headers) == (kind, compressed)


@pytest.mark.parametrize("path", ["/none", "/none/", "/", "/a.mjs/", "/laws/none.html", "/../conftest.py"])
def test_what_is_missing_gets_the_site_s_own_page(port: int, path: str) -> None:
    response, body = get(port, path)
    assert (response.status, body) == (404, b"our own")
    assert response.headers["Content-Type"].startswith("text/html")


def test_a_folder_without_its_slash_is_sent_on(port: int) -> None:
    response, _ = get(port, "/laws?fit=x")
    assert (response.status, response.headers["Location"]) == (301, "/laws/?fit=x")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/laws?fit=x") as page:
        assert page.read().decode() == PAGE


def test_what_a_browser_has_is_not_sent_again_until_it_changes(port: int, folder: Path) -> None:
    tag = get(port, "/a.mjs")[0].headers["ETag"]
    assert get(port, "/a.mjs")[0].headers["Cache-Control"] == "max-age=60"
    response, body = get(port, "/a.mjs", If_None_Match=tag)
    assert (response.status, body) == (304, b"")
    (folder / "a.mjs").write_bytes(b"other")
    assert get(port, "/a.mjs", If_None_Match=tag)[1] == b"other"


def test_without_a_page_of_its_own_what_is_missing_is_still_missing(port: int, folder: Path) -> None:
    (folder / "404.html").unlink()
    response, body = get(port, "/none")
    assert (response.status, body) == (404, b"")
