"""What every tool answers with: a short text and data within bounds, with the sources of the numbers in them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scalinglaws import library
from scalinglaws.addresses import page
from scalinglaws.pages.citation import citation, number_id

#: An answer holds at most about so many characters of JSON, so that it does not fill a model's context,
CHARACTERS = 24_000
#: and a cell of a table so many.
CELL = 2_000

_SOURCES = " UNION ALL ".join(
    f"SELECT s.id, '{kind}' AS kind, s.source_paper AS paper, p.label, s.source_where AS place, s.source_via AS via, "  # noqa: S608
    f"s.basis, s.confidence, {values} AS values_sha256 FROM {kind} s JOIN paper p ON p.key = s.source_paper"
    for kind, values in (("fit", "s.values_sha256"), ("law", "NULL"), ("claim", "NULL"))
)


@dataclass(frozen=True)
class Answer:
    """What a tool says.

    Attributes:
        text: for a model whose client hands on nothing else: all that matters, in a few lines.
        data: the same in full, as plain JSON values.
    """

    text: str
    data: dict[str, Any]


def facts() -> dict[str, str]:
    """The facts of the edition in use, by name."""
    return {row["key"]: row["value"] for row in library.query("SELECT key, value FROM info")}


def length(value: Any) -> int:
    """How many characters a value takes as JSON."""
    return len(json.dumps(value, ensure_ascii=False))


def plain(value: Any) -> Any:
    """The value in what JSON has: bytes as hexadecimal digits, numbers that are not finite as words."""
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def portion(
    entries: Sequence[Any], start: int, most: int | None = None, told_as: Callable[[Any], Any] = plain
) -> tuple[list[Any], int | None]:
    """The entries from `start` on that an answer has room for, and where to go on if there are more.

    Args:
        entries: all of them.
        start: the first to take.
        most: take no more than so many.
        told_as: makes of one what stands in the answer.

    Raises:
        InputError: if there is none so far on.
    """
    if start and start >= len(entries):
        raise library.InputError(f"there are only {len(entries)} entries, counted from 0: none is at {start}")
    end = len(entries) if most is None else min(len(entries), start + most)
    kept: list[Any] = []
    room = CHARACTERS
    for entry in map(told_as, entries[start:end]):
        room -= length(entry)
        if kept and room < 0:
            break
        kept.append(entry)
    following = start + len(kept)
    return kept, following if following < len(entries) else None


def shortened(document: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """A document without its longest parts, if it is too long, and what was cut."""
    kept, cut = dict(document), {}
    while length(kept) > CHARACTERS and kept:
        longest = max(kept, key=lambda name: length(kept[name]))
        value = kept.pop(longest)
        what = f"{len(value)} entries, " if isinstance(value, list | dict) else ""
        cut[longest] = f"{what}{length(value)} characters"
    return kept, cut


def sources(names: Iterable[str]) -> list[dict[str, Any]]:
    """Where each of these fits, laws and claims stands, in that order; what is none of them is passed over."""
    known = {row["id"]: row for row in library.query(_SOURCES)}
    edition = facts()["edition"]
    return [_source(known[name], edition) for name in dict.fromkeys(names) if name in known]


def _source(row: Mapping[str, Any], edition: str) -> dict[str, Any]:
    fit = {"id": row["id"], "values_sha256": row["values_sha256"], "source": {"where": row["place"]}}
    cite = f"{row['id']}, The Scaling Laws Catalog, edition {edition}; from {row['label']}, {row['place']}."
    found = {
        "id": row["id"],
        "paper": row["paper"],
        "where": row["place"],
        "via": row["via"],
        "basis": row["basis"],
        "confidence": row["confidence"],
        "values_sha256": row["values_sha256"],
        "page": page(row["kind"], row["id"]),
        "cite": citation(fit, row["label"], edition) if row["values_sha256"] else cite,
    }
    return {name: each for name, each in found.items() if each is not None}


def own_sources(fit: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The sources of those values of a fit that have one of their own, each with the ids of its values.

    Args:
        fit: the fit's document.
    """
    shared: dict[str, dict[str, Any]] = {}
    for symbol, source in fit["sources"].items():
        if symbol in fit["values"]:
            stated = {name: each for name, each in source.items() if each is not None}
            entry = shared.setdefault(json.dumps(stated), {"id": fit["id"], "values": [], **stated})
            entry["values"].append(number_id(fit["id"], symbol))
    return list(shared.values())


def source_line(source: Mapping[str, Any]) -> str:
    """A source in one line; what was recalled is marked."""
    head = source.get("cite") or f"{', '.join(source['values'])} from {source['paper']}, {source['where']}."
    mark = " (no source was seen: do not give it as verified)" if source["basis"] == "recalled" else ""
    via = f", via {source['via']}" if source.get("via") else ""
    place = f"; page {source['page']}" if source.get("page") else ""
    return f"source: {head} Basis {source['basis']}{mark}, confidence {source['confidence']}{via}{place}"


def told(
    lines: Sequence[str],
    data: Mapping[str, Any],
    warnings: Sequence[str] = (),
    stated: Sequence[Mapping[str, Any]] | None = None,
) -> Answer:
    """An answer: the warnings and sources follow its lines in the text, the sources and the edition stand in its data.

    Args:
        lines: what it says.
        data: the same as values.
        warnings: what the reader must be told; it stands in the data already.
        stated: the sources of the numbers, as `sources` gives them; none where each entry has its own.
    """
    text = "\n".join(
        [*lines, *(f"warning, to pass on: {each}" for each in warnings), *(source_line(each) for each in stated or ())]
    )
    # With room for the lines beside a document that just fits.
    most = CHARACTERS + CHARACTERS // 4
    if len(text) > most:
        text = f"{text[:most]} ... (the rest of this text is in the structured answer)"
    added = {"edition": facts()["edition"], **({} if stated is None else {"sources": list(stated)})}
    return Answer(text, {**plain(data), **added})
