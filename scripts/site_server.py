"""The built site on localhost as a static host sends it: compressed, with its own page for what is missing."""

from __future__ import annotations

import functools
import gzip
import io
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".map": "application/json",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".bib": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".sqlite": "application/vnd.sqlite3",
}
#: Hosts compress what is text, and WebAssembly; the rest is compressed already, or a download.
COMPRESSED = {ending for ending, kind in TYPES.items() if ending not in {".png", ".woff2", ".sqlite"}}


@functools.lru_cache(maxsize=2048)
def compressed_bytes(file: Path, changed: int) -> bytes:  # noqa: ARG001 - part of the cache's key
    """The bytes of a file by gzip's usual level, kept in memory until its time of change is another."""
    return gzip.compress(file.read_bytes(), compresslevel=6, mtime=0)


class SiteHandler(SimpleHTTPRequestHandler):
    """Answers GET and HEAD from a folder.

    Args:
        max_age: for how many seconds a browser may keep an answer without asking again.
    """

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: Any, directory: str, max_age: int) -> None:
        self.max_age = max_age
        super().__init__(*arguments, directory=directory)

    def log_message(self, *_: object) -> None:
        """Say nothing: whoever serves also builds or tests, and reads that."""

    def send_head(self) -> io.BytesIO:
        """Send status and headers; the body is returned."""
        place = self.translate_path(self.path)
        file, status = Path(place), HTTPStatus.OK
        if file.is_dir():
            address, mark, query = self.path.partition("?")
            if not address.endswith("/"):
                return self.answer(HTTPStatus.MOVED_PERMANENTLY, {"Location": f"{address}/{mark}{query}"})
        # Path drops the slash, and with it what tells a folder's page from a file's address written wrong.
        if place.endswith("/"):
            file /= "index.html"
        if not file.is_file():
            file, status = Path(self.directory) / "404.html", HTTPStatus.NOT_FOUND
            if not file.is_file():
                return self.answer(status, {})
        compressed = file.suffix in COMPRESSED and "gzip" in self.headers.get("Accept-Encoding", "")
        changed = file.stat().st_mtime_ns
        tag = f'"{changed:x}{"-gzip" if compressed else ""}"'
        headers = {"ETag": tag, "Cache-Control": f"max-age={self.max_age}", "Vary": "Accept-Encoding"}
        if status == HTTPStatus.OK and self.headers.get("If-None-Match") == tag:
            return self.answer(HTTPStatus.NOT_MODIFIED, headers)
        headers["Content-Type"] = TYPES.get(file.suffix, "application/octet-stream")
        if compressed:
            headers["Content-Encoding"] = "gzip"
        return self.answer(status, headers, compressed_bytes(file, changed) if compressed else file.read_bytes())

    def answer(self, status: HTTPStatus, headers: dict[str, str], body: bytes = b"") -> io.BytesIO:
        """Send a status and headers; the body is returned, for `do_GET` to send."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)


class SiteServer(ThreadingHTTPServer):
    """Answers several requests at once."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Leave unsaid that a browser hung up, or that a new build took the file away."""
        if not isinstance(sys.exception(), ConnectionError | FileNotFoundError):
            super().handle_error(request, client_address)


def site_server(folder: Path, port: int = 0, *, max_age: int = 600) -> SiteServer:
    """A server of a folder on 127.0.0.1, bound and not yet serving.

    Args:
        folder: the built site.
        port: where; any free one if 0.
        max_age: for how many seconds a browser may keep an answer; ten minutes are common on static hosts.

    Raises:
        OSError: if the port is taken.
    """
    return SiteServer(("127.0.0.1", port), functools.partial(SiteHandler, directory=str(folder), max_age=max_age))


@contextmanager
def serving(server: SiteServer) -> Iterator[str]:
    """Let a server answer for as long as the block runs; its address, without a slash at the end."""
    with server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
