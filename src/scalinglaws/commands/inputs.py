"""What several commands take alike: pairs such as `N=70e9`, and the assumptions of conversions."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from scalinglaws.library import Law

Given = TypeVar("Given", str, float | str)

#: What the library's calls name their own arguments, so that no input can be called so.
NO_SYMBOLS = frozenset(
    {"self", "fit", "draws", "symbol", "between", "over", "subject_to", "lets", "highest"}
    | {"laws", "conventions", "assumptions", "unit", "path"}
)


def pairs(texts: Sequence[str], what: str, example: str) -> dict[str, str]:
    """Texts `NAME=VALUE` by name.

    Args:
        texts: as they stand on the command line.
        what: what one of them is, for the message.
        example: what to write instead, for the message.

    Raises:
        InputError: if one is no pair, or a name stands twice.
    """
    from scalinglaws.library import InputError  # noqa: PLC0415

    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals or not name:
            raise InputError(f"'{text}' is no {what}; write {example}")
        if name in found:
            raise InputError(f"{name} is given twice")
        found[name] = value.strip()
    return found


def numbers(texts: Sequence[str], what: str, example: str) -> dict[str, float]:
    """Texts `NAME=VALUE` as numbers by name; see `pairs`."""
    from scalinglaws.library import parse_number  # noqa: PLC0415

    return _read(pairs(texts, what, example), lambda _, text: parse_number(text))


def input_texts(options: argparse.Namespace) -> dict[str, str]:
    """The inputs as written, by symbol."""
    return symbols_only(pairs(options.inputs, "input", "SYMBOL=VALUE, as in N=70e9 or C='1e3 PF-day'"))


def parse_inputs(law: Law, options: argparse.Namespace) -> dict[str, float]:
    """The inputs in the law's own units, by symbol."""
    return read_inputs(law, input_texts(options))


def symbols_only(given: dict[str, Given]) -> dict[str, Given]:
    """The inputs themselves.

    Raises:
        InputError: if one is called as no symbol can be.
    """
    from scalinglaws.library import InputError  # noqa: PLC0415

    for name in given:
        if name in NO_SYMBOLS:
            raise InputError(f"no law has a symbol called '{name}'")
    return given


def read_inputs(law: Law, given: Mapping[str, float | str]) -> dict[str, float]:
    """Inputs in the law's own units, by symbol.

    Args:
        law: the law that takes them.
        given: by symbol, a number in the law's own unit, or a text such as `70B` or `1e3 PF-day`.
    """
    from scalinglaws.library import parse_input  # noqa: PLC0415

    return _read(given, lambda name, each: parse_input(law, name, each) if isinstance(each, str) else each)


def _read(given: Mapping[str, Given], read: Callable[[str, Given], float]) -> dict[str, float]:
    """Each as a number; what is wrong with one is told with its name."""
    from scalinglaws.library import InputError  # noqa: PLC0415

    found: dict[str, float] = {}
    for name, each in given.items():
        try:
            found[name] = read(name, each)
        except InputError as error:
            raise InputError(f"{name}: {error}") from None
    return found


def add_assume(sub: argparse.ArgumentParser) -> None:
    """Add the option `--assume` to a command."""
    sub.add_argument(
        "--assume",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a number that the conversion needs, such as bytes_per_token=4.3; a refusal names it",
    )


def assumptions(options: argparse.Namespace) -> dict[str, float]:
    """What `--assume` gives, by name."""
    return numbers(options.assume, "assumption", "NAME=VALUE, as in bytes_per_token=4.3")
