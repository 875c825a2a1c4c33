"""Tables and procedures of single datasets, for recipes that name them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from scalinglaws.datasets import Dataset
from scalinglaws.library import UnknownName

Columns = dict[str, Any]
#: Makes a table of a dataset's files.
Shape = Callable[[Dataset], Columns]
#: Runs a case that no recipe says; gives its result, with a `verdict`.
Procedure = Callable[[Dataset, Mapping[str, Any]], dict[str, Any]]


def _module(dataset: str) -> ModuleType | None:
    name = f"scalinglaws.reproduction.by_dataset.{dataset.replace('-', '_')}"
    return import_module(name) if find_spec(name) else None


def tidy(dataset: Dataset, name: str | None) -> Columns:
    """One table of a dataset: a file as it is, or one that its module makes (`TABLES`).

    Args:
        dataset: the data.
        name: a file's name, or that of a table of the module; by default the first file.

    Raises:
        UnknownName: neither has that name.
        DatasetError: the data cannot be had.
    """
    made: dict[str, Shape] = getattr(_module(dataset.id), "TABLES", {})
    return made[name](dataset) if name in made else dict(dataset.table(name))


def procedure(dataset: str, name: str) -> Procedure:
    """A procedure of a dataset's module (`PROCEDURES`).

    Raises:
        UnknownName: it has none of that name.
    """
    known: dict[str, Procedure] = getattr(_module(dataset), "PROCEDURES", {})
    if name not in known:
        raise UnknownName(f"{dataset} has no procedure '{name}'; it has {', '.join(known) or 'none'}")
    return known[name]
