"""The public names and signatures change only on purpose: they are pinned in public_api.txt."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import update_public_api

ROOT = Path(__file__).resolve().parents[1]

SAMPLE = '''
from __future__ import annotations
from dataclasses import dataclass, field

@dataclass(frozen=True)
class Point:
    x: float
    tags: list[str] = field(default_factory=list)

    def moved(self, by: float = 1.0, *, back: bool = False) -> Point: ...

    @property
    def size(self) -> float: ...

    def _hidden(self) -> None: ...

class Wrong(ValueError):
    """It is wrong.

    Attributes:
        reason: why.
    """

def ask(*names: str, **values: int) -> dict[str, int]: ...

__all__ = ["Point", "Wrong", "ask"]
'''

PINNED = """class Point
  __init__(x: float, tags: list[str] = ...)
  moved(by: float = 1.0, *, back: bool = False) -> Point
  size: float
  tags: list[str]
  x: float
class Wrong(ValueError)
  reason: as its docstring says
ask(*names: str, **values: int) -> dict[str, int]
"""


def described(source: str) -> str:
    module = ModuleType("sample")
    with pytest.MonkeyPatch.context() as patch:
        # A data class looks its module up.
        patch.setitem(sys.modules, "sample", module)
        exec(source, module.__dict__)
        return update_public_api.public_api(module)


def test_public_names_are_those_that_are_pinned() -> None:
    script = ROOT / "scripts" / "update_public_api.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_names_signatures_and_members_are_described() -> None:
    assert described(SAMPLE) == PINNED
    for old, new in (
        ("by: float = 1.0", "by: float = 2.0"),
        ("back: bool", "backward: bool"),
        ("    x: float\n", "    x: int\n"),
        ("def size", "def extent"),
        ("**values", "**others"),
        ("(ValueError)", "(KeyError)"),
        ("        reason: why", "        cause: why"),
    ):
        assert old in SAMPLE
        assert described(SAMPLE.replace(old, new)) != PINNED, new
    assert described(SAMPLE.replace("_hidden", "_unseen")) == PINNED
