"""How far a long calculation has come: told on the terminal after two seconds, and nowhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
_PATIENCE = 2.0
_BETWEEN = 0.2


def told(parts: Iterable[T], what: str, total: int, size: int = 1) -> Iterator[T]:
    """The parts one by one, with a line on stderr if they take long and stderr is a terminal.

    Args:
        parts: what is worked through.
        what: what each of them is, in the plural.
        total: how many there are, counted in units of which each part holds `size`.
        size: units in a part.
    """
    began = last = time.monotonic()
    shown = False
    for number, part in enumerate(parts):
        now = time.monotonic()
        if now - began > _PATIENCE and now - last > _BETWEEN and sys.stderr.isatty():
            last, shown = now, True
            print(f"\r{min(number * size, total)} of {total} {what}", end="", file=sys.stderr, flush=True)
        yield part
    if shown:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
