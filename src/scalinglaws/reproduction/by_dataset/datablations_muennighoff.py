"""How well the runs on repeated data tell the two decay constants: the objective with one of them held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scalinglaws import library
from scalinglaws.datasets import Dataset
from scalinglaws.fitting.fit import fit
from scalinglaws.reproduction.tidy import Procedure
from scalinglaws.reproduction.verdicts import AS_GOOD, verdict

#: Values of R_D_star at which the objective is told, the published one among them.
HELD = (2.0, 4.0, 6.0, 8.0, 10.0, 15.387756, 20.0, 30.0, 50.0, 95.0, 200.0, 500.0, 1e3, 1e4)
#: Decay constants with which nothing decays.
ENDLESS = 1e9


def profile(dataset: Dataset, case: Mapping[str, Any]) -> dict[str, Any]:
    """The best R_N_star and the objective for values of R_D_star.

    The verdict is the usual one on the published pair, by the lowest objective met with; `as_good` are the values held
    within 1 % of it, and `without_decay` tells how the law does that counts repeats and excess in full.
    """
    table = dataset.table(case["table"])
    law = library.law(case["law"])
    shared = {name: case[name] for name in ("map", "let", "where", "objective", "delta", "on")}
    bounds = {name: tuple(ends) for name, ends in case["bounds"].items()}
    found = fit(table, law.id, **shared, bounds=bounds, fixed=case["fixed"])
    bounds.pop("R_D_star", None)
    points = []
    for held in HELD:
        one = fit(table, law.id, **shared, bounds=bounds, fixed={**case["fixed"], "R_D_star": held})
        point = {"R_D_star": held, "R_N_star": one.coefficients["R_N_star"], "objective": one.objective}
        points.append({**point, "ratio": one.objective / found.objective})
    chosen = law.choose(case["against"][0])
    assert chosen is not None
    published = {**found.at(chosen["values"]), "fit": chosen["id"], "inside": {}}
    end, height = found.search_from(chosen["values"])
    moved = max(abs(end[name] / chosen["values"][name] - 1) for name in found.free)
    published["ratio"] = (published["objective"] or float("inf")) / found.objective
    published["settles"] = {"moved": moved, "ratio": height / found.objective}
    published["verdict"] = verdict(published, quirk=False)
    as_good = [point["R_D_star"] for point in points if point["ratio"] <= AS_GOOD]
    return {
        "n": found.n,
        "objective": found.objective,
        "r2": found.r2,
        "rmse_log": found.rmse_log,
        "at": {name: found.coefficients[name] for name in found.free},
        "profile": points,
        "as_good": {"low": min(as_good), "high": max(as_good)},
        "without_decay": found.at({"R_D_star": ENDLESS, "R_N_star": ENDLESS}),
        "published": {case["against"][0]: published},
        "verdict": published["verdict"],
    }


PROCEDURES: dict[str, Procedure] = {"profile": profile}
