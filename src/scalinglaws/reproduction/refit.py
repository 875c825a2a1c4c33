"""Runs the cases of a reproduction: the recipe on the data, and every published fit held against what comes of it."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from scalinglaws import library
from scalinglaws.datasets import Dataset
from scalinglaws.fitting.fit import Fitted, fit
from scalinglaws.library import InputError, Law
from scalinglaws.reproduction.results import of_fit, together
from scalinglaws.reproduction.tidy import procedure, tidy
from scalinglaws.reproduction.verdicts import verdict

#: Points of the band that a page draws.
_BAND = 33
_QUANTILES = (0, 5, 25, 50, 75, 95, 100)
_DIGITS = 10


def reproduce(
    recipe: Mapping[str, Any], dataset: Dataset, *, path: str | os.PathLike[str] | None = None
) -> dict[str, Any]:
    """The result of a reproduction: one entry a case, as it is committed.

    Args:
        recipe: the reproduction's document.
        dataset: its data.
        path: a database file or a server's URL, if not the default one.

    Raises:
        DatasetError: the data cannot be had.
        InputError: a case cannot be fitted.
    """
    with library.reading(path):
        cases = {case["id"]: _rounded(_case(case, dataset)) for case in recipe["cases"]}
    return {"dataset": dataset.id, "cases": cases}


def _case(case: Mapping[str, Any], dataset: Dataset) -> dict[str, Any]:
    if case["procedure"] is not None:
        return procedure(dataset.id, case["procedure"])(dataset, case)
    columns = tidy(dataset, case["table"])
    law = library.law(case["law"])
    return _by_group(case, law, columns) if case["by"] else _one(case, law, columns, case["against"])


def _settings(case: Mapping[str, Any], law: Law) -> dict[str, Any]:
    fixed = dict(case["fixed"])
    if case["fixed_from"]:
        held = library.law(case["fixed_from"]).choose()
        assert held is not None
        named = [each["symbol"] for each in law.document["coefficients"]]
        fixed |= {name: value for name, value in held["values"].items() if name in named}
    return {
        "law": case["law"],
        "map": case["map"],
        "let": case["let"],
        "where": case["where"],
        "drop_highest": case["drop_highest"],
        "objective": case["objective"],
        "delta": case["delta"] or 1e-3,
        "on": case["on"],
        "fixed": fixed,
        "tied": case["tied"],
        "bounds": {name: tuple(ends) for name, ends in case["bounds"].items()},
        "weights": case["weights"],
        "starts": case["starts"],
    }


def _one(case: Mapping[str, Any], law: Law, columns: Mapping[str, Any], against: Sequence[str]) -> dict[str, Any]:
    """One refit with everything that is held against it."""
    settings = _settings(case, law)
    found = fit(columns, **settings, bootstrap=case["bootstrap"])
    result = of_fit(found)
    if case["holdout"]:
        apart = fit(columns, **settings, holdout=case["holdout"])
        result["holdout"] = {"condition": case["holdout"], **(apart.holdout or {})}
    result["published"] = {name: _held_against(found, case, law, name) for name in against}
    first = next(iter(result["published"].values()), None)
    result["verdict"] = first["verdict"] if first else "new-values"
    result["band"] = found.band(_BAND)
    quantiles = np.nanpercentile(found.residuals, _QUANTILES)
    result["residual_quantiles"] = dict(zip(map(str, _QUANTILES), quantiles.tolist(), strict=True))
    return result


def _held_against(found: Fitted, case: Mapping[str, Any], law: Law, name: str) -> dict[str, Any]:
    """A published fit on the rows of a refit, with its verdict."""
    chosen = law.choose(name)
    assert chosen is not None
    published = chosen["values"]
    missing = [each for each in found.free if each not in published]
    if missing:
        raise InputError(f"{chosen['id']} states no {', '.join(missing)}: it cannot be held against a refit")
    held = [name for name, value in found.settings["fixed"].items() if published.get(name, value) != value]
    if held:
        raise InputError(
            f"{chosen['id']} has another {', '.join(held)} than the recipe holds: give it a case of its own"
        )
    told: dict[str, Any] = {**found.at(published), "fit": chosen["id"]}
    told["ratio"] = told["objective"] / found.objective if told["objective"] is not None else None
    told["inside"] = {
        each: found.intervals[each]["low"] <= published[each] <= found.intervals[each]["high"]
        for each in found.free
        if each in found.intervals
    }
    if told["ratio"] is not None:
        end, height = found.search_from(published)
        moved = max(abs(end[each] - published[each]) / max(abs(published[each]), 1e-12) for each in found.free)
        told["settles"] = {"moved": moved, "ratio": height / found.objective}
    told["verdict"] = verdict(told, quirk=case["quirk"] is not None)
    return told


def _by_group(case: Mapping[str, Any], law: Law, columns: Mapping[str, Any]) -> dict[str, Any]:
    """One refit for each value of a column."""
    groups: dict[str, Any] = {}
    values = columns[case["by"]]
    for value in dict.fromkeys(values.tolist()):
        chosen = values == value
        part = {name: column[chosen] for name, column in columns.items()}
        name = f"{value:g}" if isinstance(value, float) else str(value)
        against = [case["against"][name]] if name in case["against"] else []
        told = _one(case, law, part, against)
        told.pop("band")
        told.pop("residual_quantiles")
        groups[name] = told
    return together(groups)


def _rounded(value: Any) -> Any:
    """Numbers to ten digits, so that another machine's last bits do not show."""
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else None
    return value
