"""What a reader copies: the ids of numbers with their source, a report of an error, and the site's own metadata."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scalinglaws.value_hash import SHORT

#: Where each column of the schema.org descriptions comes from is the `info` table; this is how schema.org names types.
_CONTEXT = "https://schema.org"
_MEDIA_TYPES = {
    ".sqlite": "application/vnd.sqlite3",
    ".json": "application/json",
    ".bib": "application/x-bibtex",
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
}


def number_id(fit: str, symbol: str) -> str:
    """The permanent id of one number."""
    return f"{fit}#{symbol}"


def short_hash(fit: Mapping[str, Any]) -> str:
    """As much of a fit's value hash as is shown."""
    return str(fit["values_sha256"])[:SHORT]


def citation(fit: Mapping[str, Any], label: str, edition: str) -> str:
    """How to cite the values of a fit.

    Args:
        fit: everything known about the fit.
        label: how its source is cited in text.
        edition: of the catalog.
    """
    values = f"{fit['id']} (values sha256:{short_hash(fit)})"
    return f"{values}, The Scaling Laws Catalog, edition {edition}; from {label}, {fit['source']['where']}."


def report(fit: Mapping[str, Any], label: str, edition: str) -> str:
    """A message that reports an error in a fit, to be filled in: ids, values and source stand in it.

    Args:
        fit: everything known about the fit.
        label: how its source is cited in text.
        edition: of the catalog.
    """
    source = fit["source"]
    lines = [f"Error in {fit['id']}", ""]
    lines += [f"{number_id(fit['id'], name)} = {value!r}" for name, value in fit["values"].items()]
    lines += [f"{number_id(fit['id'], name)} is not stated" for name in fit["not_stated"]]
    lines += [
        "",
        f"Source: {label}, {source['where']}",
        f"Basis: {source['basis']}; confidence: {source['confidence']}",
        f"Values: sha256 {fit['values_sha256']}",
        f"Edition: {edition}",
        "",
        "Which number is wrong:",
        "What it should be:",
        "Where that stands:",
    ]
    return "\n".join(lines)


def linked_data(document: Mapping[str, Any]) -> str:
    """A schema.org description as JSON that may stand inside a script element of a Markdown page."""
    text = json.dumps({"@context": _CONTEXT, **document}, ensure_ascii=False, indent=1)
    # Neither the end of the script nor a formula may begin inside it.
    return text.replace("<", "\\u003c").replace("$", "\\u0024")


def website(info: Mapping[str, str], description: str) -> str:
    """The site as schema.org's WebSite."""
    return linked_data(
        {"@type": "WebSite", "name": info["title"], "description": description, "inLanguage": "en-GB", "url": "./"}
    )


def dataset(info: Mapping[str, str], description: str, files: Mapping[str, Path]) -> str:
    """The catalog as schema.org's Dataset, with every file to download.

    Args:
        info: the `info` table.
        description: what it is, in at least fifty characters, which search engines ask for.
        files: address relative to the page, and file.
    """
    distribution = [
        {
            "@type": "DataDownload",
            "name": name,
            "contentUrl": name,
            "encodingFormat": _MEDIA_TYPES.get(path.suffix, "application/octet-stream"),
            "contentSize": f"{path.stat().st_size} B",
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for name, path in files.items()
    ]
    return linked_data(
        {
            "@type": "Dataset",
            "name": info["title"],
            "description": description,
            "version": info["edition"],
            "license": "https://creativecommons.org/licenses/by/4.0/",
            "isAccessibleForFree": True,
            "keywords": ["neural scaling laws", "reproducibility", "large language models"],
            "creator": {"@type": "Organization", "name": f"{info['title']} contributors"},
            "creditText": info["citation"],
            "url": "./",
            "distribution": distribution,
        }
    )
