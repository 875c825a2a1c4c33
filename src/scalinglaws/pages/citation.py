"""What a reader copies: the ids of numbers with their source, a report of an error, and the site's own metadata."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from scalinglaws.database.value_hash import SHORT
from scalinglaws.exports.files import ExportFile
from scalinglaws.exports.metadata import distribution, schema_org

_CONTEXT = "https://schema.org"


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


def dataset(info: Mapping[str, str], files: Sequence[ExportFile]) -> str:
    """The catalog as schema.org's Dataset, with every file to download.

    Args:
        info: the `info` table.
        files: those of the export beside the page.
    """
    downloads = [{"@type": "DataDownload", **distribution(each)} for each in files]
    about = schema_org(info)
    return linked_data({"@type": "Dataset", **about, "creditText": info["citation"], "distribution": downloads})
