"""What must hold inside `datasets/ID.yaml`, and between it, the papers and the laws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scalinglaws.formulas import expression
from scalinglaws.formulas.expression import FormulaError
from scalinglaws.vocabulary import UNREAD_FORMATS, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scalinglaws.problems import Problem
    from scalinglaws.records.draft import Draft
    from scalinglaws.records.models import DataColumn, Dataset
    from scalinglaws.records.reading import Document
    from scalinglaws.records.resolution import Resolver

Path = tuple[str | int, ...]


def columns_of(record: Dataset, file: str) -> list[DataColumn]:
    """The columns of one file, in their order."""
    return [each for each in record.columns if not each.files or file in each.files]


def dataset_problems(draft: Draft, resolver: Resolver) -> Iterator[Problem]:
    """Every problem in what could be read of the datasets."""
    for name, record in draft.datasets.items():
        document = draft.documents[name]
        yield from _names(draft, resolver, record, document)
        yield from _files(record, document)
        yield from _columns(record, document)
        yield from _variables(record, document)


def _names(draft: Draft, resolver: Resolver, record: Dataset, document: Document) -> Iterator[Problem]:
    stem = document.name.rsplit("/", 1)[-1].removesuffix(".yaml")
    if stem != record.id:
        yield document.problem(("id",), f"the id '{record.id}' is not the file's name '{stem}'", "rename one")
    if record.id in draft.papers or record.id == "accounting":
        yield document.problem(("id",), f"'{record.id}' is another record's id", "rename it")
    for index, key in enumerate(record.papers):
        if key not in draft.references:
            repair = nearest(key, draft.references) or "add the BibTeX entry"
            yield document.problem(("papers", index), f"references.bib has no entry '{key}'", repair)
    for index, law in enumerate(record.laws):
        if resolver.law_id("", law) is None:
            yield document.problem(("laws", index), f"no law '{law}'", nearest(law, list(resolver.laws)))
    if record.licence.name == "none found" and record.licence.redistributable == "yes":
        message = "no licence was found, and copies may be passed on"
        yield document.problem(("licence", "redistributable"), message, "write no, or name the licence")


def _files(record: Dataset, document: Document) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, file in enumerate(record.files):
        place: Path = ("files", index)
        named: list[tuple[Path, str]] = [((*place, "name"), file.name)]
        if file.derived is not None and file.derived.name is not None:
            named.append(((*place, "derived", "name"), file.derived.name))
        for path, name in named:
            if name in seen:
                yield document.problem(path, f"the name '{name}' stands twice", "rename one")
            seen.add(name)
        if file.commit not in file.url:
            message = f"the address does not hold the commit {file.commit}"
            yield document.problem((*place, "url"), message, "pin it: what a branch names may change")
        if file.format in UNREAD_FORMATS:
            if file.derived is None:
                message = f"the format is '{file.format}', which the catalog does not read, and nothing is derived"
                yield document.problem(place, message, "describe the CSV of its rows under derived")
        elif file.derived is not None and file.derived.name is None:
            yield document.problem((*place, "derived"), "the CSV has no name of its own", "name it")
        elif file.sha256 is None or file.bytes is None:
            message = "the file is to be fetched, and its SHA-256 or size is not given"
            yield document.problem(place, message, "give sha256 and bytes of the upstream file")


def _columns(record: Dataset, document: Document) -> Iterator[Problem]:
    files = [file.name for file in record.files]
    for index, column in enumerate(record.columns):
        for number, name in enumerate(column.files):
            if name not in files:
                yield document.problem(("columns", index, "files", number), f"no file '{name}'", nearest(name, files))
    for number, file in enumerate(files):
        columns = columns_of(record, file)
        if not columns:
            yield document.problem(("files", number), f"no column of '{file}' is explained", "add it under columns")
        names = [column.name for column in columns]
        for column in columns:
            place = ("columns", record.columns.index(column))
            if names.count(column.name) > 1:
                yield document.problem(place, f"'{file}' has two columns '{column.name}'", "give each its files")
            if column.computed is not None:
                known = [each.name for each in columns if each.unit is not None and each.computed is None]
                yield from _expression(column.computed, (*place, "computed"), known, document)
                if column.unit is None:
                    yield document.problem(place, "a computed column has no unit", "add it")


def _variables(record: Dataset, document: Document) -> Iterator[Problem]:
    columns = {each.name: each for each in columns_of(record, record.files[0].name)}
    for symbol, column in record.variables.items():
        path = ("variables", symbol)
        yield from _symbol(symbol, path, document)
        if column not in columns:
            message = f"{record.files[0].name} has no column '{column}'"
            yield document.problem(path, message, nearest(column, list(columns)))
        elif columns[column].unit is None:
            yield document.problem(path, f"the column '{column}' holds text", "map a column with a unit")
    known = list(record.variables)
    for symbol, text in record.let.items():
        yield from _symbol(symbol, ("let", symbol), document)
        if symbol in known:
            yield document.problem(("let", symbol), f"the symbol '{symbol}' stands under variables too", "rename one")
        yield from _expression(text, ("let", symbol), known, document)
        known.append(symbol)


def _symbol(name: str, path: Path, document: Document) -> Iterator[Problem]:
    if not expression.is_symbol(name):
        yield document.problem(path, f"'{name}' is no symbol", "begin with a letter; no reserved word")


def _expression(text: str, path: Path, known: Iterable[str], document: Document) -> Iterator[Problem]:
    try:
        node = expression.parse(text)
    except FormulaError as error:
        yield document.problem(path, str(error), "see the formula language in CONTRIBUTING.md")
        return
    names = list(known)
    for name in expression.symbols(node):
        if name not in names:
            yield document.problem(path, f"the symbol '{name}' is not declared above", nearest(name, names))
