"""References as CSL-JSON, which citation managers and pandoc read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scalinglaws.records.reading import Reference

#: CSL's types of items by BibTeX's; a work that is only on arXiv is an `article` there, any other a `document`.
_TYPES = {
    "article": "article-journal",
    "book": "book",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "mastersthesis": "thesis",
    "phdthesis": "thesis",
    "techreport": "report",
}


def csl_items(references: Iterable[Reference]) -> list[dict[str, Any]]:
    """The references as CSL-JSON items, in their order.

    Args:
        references: as read from BibTeX, names as `family, given`.
    """
    return [{name: value for name, value in _item(each).items() if value} for each in references]


def _item(reference: Reference) -> dict[str, Any]:
    arxiv = reference.eprint
    return {
        "id": reference.key,
        "type": _TYPES.get(reference.kind, "article" if arxiv else "document"),
        "title": reference.title,
        "author": [_name(each) for each in reference.authors],
        "issued": {"date-parts": [[reference.year]]} if reference.year else None,
        "container-title": reference.venue,
        "DOI": reference.doi,
        "URL": reference.url or (f"https://arxiv.org/abs/{arxiv}" if arxiv else None),
        "archive": "arXiv" if arxiv else None,
        "number": f"arXiv:{arxiv}" if arxiv else None,
    }


def _name(author: str) -> dict[str, str]:
    family, comma, given = author.partition(", ")
    return {"family": family, "given": given} if comma else {"literal": author}
