"""Packages that only some uses need, and that are installed as extras of this one."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class MissingPackage(ImportError):
    """A package that this use needs is not installed; the message says how to get it."""


def package(name: str, use: str, extra: str) -> Any:
    """A package of an extra, imported.

    Args:
        name: of the module.
        use: what needs it, to begin a sentence with.
        extra: the extra that brings it.

    Raises:
        MissingPackage: if it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingPackage(
            f"{use} needs the package {name.partition('.')[0]}: pip install 'scalinglaws[{extra}]'"
        ) from error
