"""Reads record files: YAML 1.2 and BibTeX into typed records, with every problem named by file, line and field."""

from __future__ import annotations

import re
import typing
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from scalinglaws.problems import Problem
from scalinglaws.records.models import Record
from scalinglaws.vocabulary import nearest

R = TypeVar("R", bound=Record)

#: A record is a page or two; a file beyond these limits is not one.
MAX_FILE_BYTES = 2_000_000
MAX_VALUES = 200_000
_MAX_NESTING = 50

_BaseLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Yaml12Loader(_BaseLoader):  # type: ignore[misc]
    """PyYAML's safe loader with the core schema of YAML 1.2: `7e7` is a number, `no` and dates are text."""

    yaml_implicit_resolvers: typing.ClassVar[dict[str, Any]] = {}


for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        "-+0123456789.",
    ),
):
    _Yaml12Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}",
        re.compile(f"^(?:{_pattern})$"),
        [*_first] if _tag != "null" else ["~", "n", "N", ""],
    )


def _construct_int(loader: Any, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node))
    return int(text, 0) if text.startswith(("0o", "0x")) else int(text)


def _construct_float(loader: Any, node: yaml.ScalarNode) -> float:
    text = str(loader.construct_scalar(node)).lower()
    return float(text.replace(".", "") if text.endswith(("inf", "nan")) else text)


_Yaml12Loader.add_constructor("tag:yaml.org,2002:int", _construct_int)
_Yaml12Loader.add_constructor("tag:yaml.org,2002:float", _construct_float)


@dataclass
class Document:
    """A YAML file as plain values, and the line on which each value stands."""

    name: str
    value: Any
    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Sequence[str | int]) -> int | None:
        """The line of a value, or of the nearest value above it."""
        place = tuple(path)
        while place not in self.lines:
            if not place:
                return None
            place = place[:-1]
        return self.lines[place]

    def problem(self, path: Sequence[str | int], message: str, repair: str = "") -> Problem:
        """A problem at a value of this file."""
        return Problem(self.name, field_path(path), message, repair, self.line(path))


def field_path(path: Sequence[str | int]) -> str:
    """`("laws", 0, "values", "A")` as `laws[0].values.A`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else str(part))
    return text


def read_yaml(name: str, text: str) -> Document:
    """Read one YAML 1.2 document; what cannot be read becomes a problem, not an exception."""
    document = Document(name, None)
    if len(text.encode()) > MAX_FILE_BYTES:
        document.problems.append(Problem(name, "", f"the file is over {MAX_FILE_BYTES} bytes", "split it"))
        return document
    loader = _Yaml12Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            document.problems.append(Problem(name, "", "the file is empty", "see catalog/README.md for a record"))
            return document
        _survey(node, document)
        if not document.problems:
            document.value = loader.construct_document(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        detail = getattr(error, "problem", None) or str(error)
        document.problems.append(
            Problem(
                name,
                "",
                f"cannot be read as YAML: {detail}",
                "mend the syntax",
                mark.line + 1 if mark else None,
            )
        )
    except (RecursionError, ValueError, TypeError) as error:
        document.problems.append(Problem(name, "", f"cannot be read as YAML: {error}", "mend the syntax"))
    finally:
        loader.dispose()
    return document


def _survey(root: yaml.Node, document: Document) -> None:
    """Note the line of every value; refuse duplicate keys and anchors that blow up."""
    count = 0

    def visit(node: yaml.Node, path: tuple[str | int, ...]) -> None:
        nonlocal count
        count += 1
        if count > MAX_VALUES or len(path) > _MAX_NESTING:
            raise ValueError("it holds too many values, or nests too deeply")
        document.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key_node, value_node in node.value:
                key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
                here = (*path, key)
                if not isinstance(key_node, yaml.ScalarNode):
                    raise ValueError(f"a key on line {key_node.start_mark.line + 1} is not plain text")
                document.lines[here] = key_node.start_mark.line + 1
                if key in seen:
                    document.problems.append(document.problem(here, f"the key '{key}' stands twice", "keep one"))
                seen.add(key)
                visit(value_node, here)
        elif isinstance(node, yaml.SequenceNode):
            for index, child in enumerate(node.value):
                visit(child, (*path, index))

    visit(root, ())


def parse_record(document: Document, model: type[R]) -> tuple[R | None, list[Problem]]:
    """Turn a document into a record.

    Where a fault does not hide the rest (an unknown field, a number that is none), a record with a stand-in is
    still returned beside the problems, so that one run finds all there is to repair.
    """
    if document.problems:
        return None, list(document.problems)
    if not isinstance(document.value, dict):
        return None, [document.problem((), "the file must hold named fields", "see catalog/README.md for a record")]
    problems: list[Problem] = []
    value = document.value
    for _ in range(4):
        try:
            return model.model_validate(value), problems
        except ValidationError as error:
            mended = _copy(value)
            whole = True
            for fault in error.errors():
                path = _real_path(value, fault["loc"])
                problems.append(_problem(document, model, path, fault))
                whole = _stand_in(mended, path, fault) and whole
            if not whole:
                return None, problems
            value = mended
    return None, problems


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_copy(each) for each in value]
    return value


def _real_path(value: Any, location: Sequence[str | int]) -> tuple[str | int, ...]:
    """Pydantic's location without the markers (`[key]`, union members) that are no part of the document."""
    path: list[str | int] = []
    for part in location:
        if isinstance(value, dict) and (part in value or part == location[-1]):
            path.append(part)
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            path.append(part)
            value = value[part]
    return tuple(path)


_REPAIRS = {
    "missing": "add it",
    "finite_number": "give a finite number, or list the coefficient under not_stated",
    "float_type": "give a number without quotes",
    "int_type": "give a whole number without quotes",
    "string_type": "put it in quotes",
    "bool_type": "write true or false",
    "list_type": "give a list",
    "dict_type": "give named fields",
}


def _problem(document: Document, model: type[Record], path: Sequence[str | int], fault: Any) -> Problem:
    kind = fault["type"]
    message = str(fault["msg"])
    repair = _REPAIRS.get(kind, "")
    if kind == "extra_forbidden":
        known = _fields_at(model, path[:-1])
        message = f"unknown field '{path[-1]}'"
        repair = nearest(str(path[-1]), known) or f"remove it, or use one of: {', '.join(known)}"
    elif kind == "missing":
        message = f"the field '{path[-1] if path else ''}' is missing"
    elif kind == "string_pattern_mismatch":
        message = f"'{fault['input']}' does not have the form {fault['ctx']['pattern']}"
    elif kind == "string_type":
        message = f"{fault['input']!r} is not text"
    return document.problem(path, message, repair)


def _fields_at(model: type[Record], path: Sequence[str | int]) -> list[str]:
    """The fields that the record part at `path` may have."""
    here: Any = model
    for part in path:
        candidates = _record_types(here)
        if isinstance(part, int) or not candidates or part not in candidates[0].model_fields:
            continue
        here = candidates[0].model_fields[part].annotation
    candidates = _record_types(here)
    return list(candidates[0].model_fields) if candidates else []


def _record_types(annotation: Any) -> list[type[Record]]:
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return [annotation]
    return [found for part in typing.get_args(annotation) for found in _record_types(part)]


def _stand_in(value: Any, path: Sequence[str | int], fault: Any) -> bool:
    """Replace a faulty value so that the rest can be checked too; false where that cannot be done."""
    if not path:
        return False
    for part in path[:-1]:
        value = value[part]
    last = path[-1]
    kind = fault["type"]
    if kind == "extra_forbidden":
        del value[last]
    elif kind in ("finite_number", "float_type"):
        value[last] = 1.0
    elif kind == "string_type" and isinstance(fault["input"], int | float):
        value[last] = str(fault["input"])
    elif kind == "vocabulary":
        value[last] = fault["ctx"]["first"]
    elif kind == "string_pattern_mismatch" and last == "arxiv":
        del value[last]
    else:
        return False
    return True


@dataclass(frozen=True)
class Reference:
    """Bibliographic facts of one work, from references.bib."""

    key: str
    kind: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    venue: str | None
    eprint: str | None
    doi: str | None
    url: str | None
    bibtex: str

    @property
    def label(self) -> str:
        """A citation by surname and year, such as `Hoffmann et al. (2022)`."""
        surnames = [author.split(",")[0] for author in self.authors]
        names = surnames[0] if surnames else self.key
        if len(surnames) == 2:
            names = f"{surnames[0]} and {surnames[1]}"
        elif len(surnames) > 2:
            names = f"{surnames[0]} et al."
        return f"{names} ({self.year})" if self.year else names


_FIELD_ORDER = ("title", "author", "year", "journal", "booktitle", "publisher", "volume", "pages", "eprint")


def read_references(name: str, text: str) -> tuple[dict[str, Reference], list[Problem]]:
    """Read references.bib with bibtexparser 2, which keeps what it cannot read apart and raises nothing."""
    from bibtexparser.entrypoint import parse_string  # noqa: PLC0415 - heavy, and needed only while a catalog is built
    from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors  # noqa: PLC0415

    raw = parse_string(text)
    decoded = parse_string(text, append_middleware=[SeparateCoAuthors(), LatexDecodingMiddleware()])
    problems = []
    for block in raw.failed_blocks:
        line = (block.start_line or 0) + 1
        what = type(block).__name__
        if what == "DuplicateBlockKeyBlock":
            message, repair = f"the key '{getattr(block, 'key', '?')}' stands twice", "keep one entry"
        elif what == "DuplicateFieldKeyBlock":
            message, repair = "a field stands twice in one entry", "keep one"
        else:
            message, repair = (
                f"an entry cannot be read: {getattr(block, 'error', what)}",
                "mend its braces and commas",
            )
        problems.append(Problem(name, "", message, repair, line))
    originals = {entry.key: entry for entry in raw.entries}
    references = {}
    for entry in decoded.entries:
        values = {each.key: each.value for each in entry.fields}
        authors = tuple(_plain(author) for author in values.get("author", []))
        year = str(values.get("year", ""))
        line = (entry.start_line or 0) + 1
        # A document without author or date says so in a note.
        wanted = ("title",) if "note" in values else ("title", "author", "year")
        missing = [each for each in wanted if each not in values]
        problems += [Problem(name, entry.key, f"the entry lacks a {each}", "add it", line) for each in missing]
        references[entry.key] = Reference(
            key=entry.key,
            kind=entry.entry_type,
            title=_plain(values.get("title", "")),
            authors=authors,
            year=int(year) if year.isdigit() else None,
            venue=_plain(values.get("journal") or values.get("booktitle") or values.get("publisher") or "") or None,
            eprint=values.get("eprint"),
            doi=values.get("doi"),
            url=values.get("url"),
            bibtex=_format_entry(originals[entry.key]),
        )
    return references, problems


def _plain(value: str) -> str:
    """Text of a BibTeX value: no braces, single spaces; a braced name stays whole."""
    return " ".join(value.replace("{", "").replace("}", "").split())


def _format_entry(entry: Any) -> str:
    values = {each.key: " ".join(str(each.value).split()) for each in entry.fields}
    order = [key for key in _FIELD_ORDER if key in values] + sorted(set(values) - set(_FIELD_ORDER))
    body = "".join(f"  {key} = {{{values[key]}}},\n" for key in order)
    return f"@{entry.entry_type}{{{entry.key},\n{body}}}\n"


def canonical_bibtex(text: str) -> str:
    """The canonical form of references.bib: entries by key, fields in one order, one value a line."""
    from bibtexparser.entrypoint import parse_string  # noqa: PLC0415

    library = parse_string(text)
    head = "".join(
        f"{line}\n"
        for line in text.splitlines()[: next((i for i, t in enumerate(text.splitlines()) if t.startswith("@")), 0)]
    )
    return head + "\n".join(_format_entry(entry) for entry in sorted(library.entries, key=lambda entry: entry.key))
