"""A broken law with two breaks on losses that fall, rise and fall again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scalinglaws.datasets import Dataset
from scalinglaws.fitting.fit import Fitted, fit
from scalinglaws.reproduction.results import of_fit
from scalinglaws.reproduction.tidy import Columns, Procedure, tidy

#: The law with n breaks at n = 2.
FORMULA = "y = a + b*x**(-c0)*(1 + (x/d1)**(1/f1))**(-c1*f1)*(1 + (x/d2)**(1/f2))**(-c2*f2)"
#: Starts with a rise between 70 and 200, where the loss turns.
_STARTS = {
    "a": (0.1, 1.0, 3.0),
    "b": (12.0, 20.0, 40.0),
    "c0": (0.3, 0.5),
    "d1": (70.0, 100.0),
    "c1": (-1.5, -1.0),
    "f1": (0.1, 0.15),
    "d2": (170.0, 200.0),
    "c2": (1.0, 1.5),
    "f2": (0.1, 0.15),
}
#: A loss has a floor of nothing at least; without it a and b grow beyond measure against each other. Breaks are held
#: sharp: wide ones overlap, and then slopes without end that cancel each other fit better still and foretell nothing.
_BOUNDS = {
    "a": (0.0, 1e9),
    "b": (0.0, 1e9),
    "d1": (8.0, 512.0),
    "d2": (8.0, 512.0),
    "f1": (0.01, 0.2),
    "f2": (0.01, 0.2),
}
#: Fits to the widths up to here, told by the rest: well beyond the peak of the loss at 208, and just up to it.
_CUTS = (300, 250, 208)


def _fit(columns: Columns, case: Mapping[str, Any], holdout: str | None = None, bootstrap: int = 0) -> Fitted:
    return fit(
        columns,
        formula=FORMULA,
        map=case["map"],
        objective=case["objective"],
        on=case["on"],
        bounds=_BOUNDS,
        initialisation=_STARTS,
        starts=case["starts"],
        holdout=holdout,
        bootstrap=bootstrap,
    )


def two_breaks(dataset: Dataset, case: Mapping[str, Any]) -> dict[str, Any]:
    """One fit to all rows, and one for each cut that predicts the wider models; the source states no values."""
    columns = tidy(dataset, case["table"])
    found = _fit(columns, case, bootstrap=case["bootstrap"])
    holdouts = {f"x > {cut}": _fit(columns, case, f"x > {cut}").holdout for cut in _CUTS}
    first = next(iter(holdouts))
    return {
        **of_fit(found),
        "formula": FORMULA,
        "holdout": {"condition": first, **(holdouts[first] or {})},
        "holdouts": holdouts,
        "published": {},
        "verdict": "new-values",
    }


PROCEDURES: dict[str, Procedure] = {"two-breaks": two_breaks}
