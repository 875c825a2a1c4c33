"""Where the record files are, their texts, and one hash over all of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

#: The files that stand directly in the catalog.
SINGLE_NAMES = (
    "references.bib", "taxonomy.yaml", "questions.yaml", "survey.yaml", "discussion.yaml", "fitting.yaml",
    "accounting.yaml", "glossary.yaml",
)  # fmt: skip


def catalog_root() -> Traversable:
    """Where the records are: `$SCALINGLAWS_CATALOG`, else those installed with the package, else the checkout's."""
    named = os.environ.get("SCALINGLAWS_CATALOG")
    if named:
        return Path(named)
    installed = files("scalinglaws") / "catalog_records"
    if (installed / "references.bib").is_file():
        return installed
    return Path(__file__).resolve().parents[3] / "catalog"


def _files(root: Traversable, folder: str, suffix: str) -> Iterator[tuple[str, str]]:
    """Name and text of every record file in a folder of the catalog, by name."""
    place = root / folder
    if not place.is_dir():
        return
    for entry in sorted(place.iterdir(), key=lambda each: each.name):
        if entry.name.endswith(suffix):
            yield f"{folder}/{entry.name}", entry.read_text(encoding="utf-8")


def content_hash(contents: Mapping[str, str]) -> str:
    """A SHA-256 over names and texts of record files: the same records give the same hash."""
    digest = hashlib.sha256()
    for name in sorted(contents):
        text = contents[name].encode()
        digest.update(f"{name}\0{len(text)}\0".encode())
        digest.update(text)
    return digest.hexdigest()


def read_contents(root: Traversable) -> dict[str, str]:
    """Every record file of a catalog folder, by its name in the folder."""
    contents = {}
    for name in SINGLE_NAMES:
        entry = root / name
        if entry.is_file():
            contents[name] = entry.read_text(encoding="utf-8")
    for folder, suffix in (
        ("papers", ".yaml"),
        ("datasets", ".yaml"),
        ("reproductions", ".yaml"),
        ("reproductions/results", ".json"),
        ("queries", ".sql"),
    ):
        contents |= dict(_files(root, folder, suffix))
    return contents


def query_contents(root: Traversable) -> dict[str, str]:
    """The named queries' files alone, by their names in the folder: all else need not be read for one of them."""
    return dict(_files(root, "queries", ".sql"))


def checkout_root() -> Path | None:
    """The root of the checkout this package runs from, or none when it is installed."""
    root = Path(__file__).resolve().parents[3]
    return root if (root / "mkdocs.yml").is_file() and (root / "catalog").is_dir() else None
