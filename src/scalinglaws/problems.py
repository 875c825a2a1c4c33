"""What is wrong with a record: the file, the line, the field, and how to repair it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to repair."""

    file: str
    field: str
    message: str
    repair: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        field = f" [{self.field}]" if self.field else ""
        return f"{place}{field} {self.message}" + (f" - {self.repair}" if self.repair else "")

    def as_dict(self) -> dict[str, Any]:
        """The problem as plain values, for `--json`."""
        return asdict(self)


class InvalidRecords(ValueError):
    """The records do not make a catalog; `problems` lists everything found, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(set(problems))
        count = len(self.problems)
        noun = "problem" if count == 1 else "problems"
        super().__init__(f"{count} {noun} in the records:\n" + "\n".join(f"  {each}" for each in self.problems))
