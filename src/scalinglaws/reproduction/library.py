"""What Python users call to repeat a reproduction: `sl.reproduce`."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scalinglaws import datasets
from scalinglaws.database import access
from scalinglaws.library import UnknownName, connect
from scalinglaws.reproduction.refit import reproduce as refit
from scalinglaws.vocabulary import nearest

#: Numbers that another machine may give differently by so much, relatively; more where resampled rows, or a valley
#: that is nearly flat, let the last bits decide.
TOLERANCE = 1e-4
_LOOSE = {"intervals": 0.25, "band": 0.05, "settles": 0.1, "condition": 0.5}
#: How the search went says nothing of what came of it.
_HOW = frozenset({"starts", "warnings", "flat_directions"})


@dataclass(frozen=True)
class Reproduced:
    """A dataset's reproductions, run again.

    Attributes:
        dataset: the data.
        cases: what came of each case, by its id.
        differs: where that is not what the catalog has committed; empty where all agrees.
    """

    dataset: str
    cases: dict[str, Any]
    differs: list[str]

    def as_dict(self) -> dict[str, Any]:
        """As `reproduce --json` prints it."""
        return {"dataset": self.dataset, "cases": self.cases, "differs": self.differs}


def names(path: str | os.PathLike[str] | None = None) -> list[str]:
    """The datasets with a reproduction."""
    rows = connect(path).rows("SELECT id FROM document WHERE kind = 'reproduction' ORDER BY id")
    return [str(row[0]).removeprefix("reproductions/") for row in rows]


def reproduce(dataset: str, *, path: str | os.PathLike[str] | None = None) -> Reproduced:
    """Refit the published laws of a dataset and hold the result against what is committed.

    Args:
        dataset: its id.
        path: a database file or a server's URL, if not the default one.

    Raises:
        UnknownName: no reproduction has that name; the message gives the nearest.
        DatasetError: the data cannot be had.
    """
    recipe = access.document(connect(path), f"reproductions/{dataset}")
    if recipe is None:
        known = names(path)
        hint = nearest(dataset, known) or f"there are {', '.join(known)}"
        raise UnknownName(f"no reproduction is called '{dataset}'; {hint}")
    found = refit(recipe, datasets.dataset(dataset, path=path), path=path)["cases"]
    return Reproduced(dataset, found, list(differences(recipe["results"], found)))


def reproduce_all(
    names_of: list[str] | None = None, *, jobs: int | None = None, path: str | os.PathLike[str] | None = None
) -> Iterator[Reproduced]:
    """Reproductions one after the other, or several at once through joblib, each as soon as it and those before it are.

    Args:
        names_of: which datasets; all of them if left out.
        jobs: how many at once; by default as joblib is configured.
        path: a database file or a server's URL, if not the default one.
    """
    from joblib import Parallel, delayed  # noqa: PLC0415 - heavy

    wanted = names(path) if names_of is None else names_of
    run = Parallel(n_jobs=jobs, return_as="generator")
    yield from run(delayed(reproduce)(name, path=path) for name in wanted)


def differences(committed: Any, found: Any, place: str = "", tolerance: float = TOLERANCE) -> Iterator[str]:
    """Where two results are not the same, numbers within the tolerance."""
    if isinstance(committed, dict) and isinstance(found, dict):
        for name in sorted((committed.keys() ^ found.keys()) - _HOW):
            yield f"{place}{name} is {'gone' if name in committed else 'new'}"
        for name in sorted((committed.keys() & found.keys()) - _HOW):
            yield from differences(committed[name], found[name], f"{place}{name}.", _LOOSE.get(name, tolerance))
        return
    if isinstance(committed, list) and isinstance(found, list) and len(committed) == len(found):
        for number, (one, other) in enumerate(zip(committed, found, strict=True)):
            yield from differences(one, other, f"{place}{number}.", tolerance)
        return
    numbers = isinstance(committed, float | int) and isinstance(found, float | int)
    if numbers and math.isclose(committed, found, rel_tol=tolerance, abs_tol=1e-9):
        return
    if committed != found:
        yield f"{place.rstrip('.')}: {committed} is committed, {found} came out"
