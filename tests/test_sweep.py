"""Many fits at once: one after another, on this machine's cores, and on a cluster."""

from __future__ import annotations

import pickle
from typing import Any

import joblib
import numpy as np
import pytest

import scalinglaws as sl
from scalinglaws.library import InputError


def tables(count: int) -> dict[str, dict[str, list[float]]]:
    sizes = np.geomspace(1e6, 1e10, 12)
    found = {}
    for number in range(count):
        exponent = 0.2 + 0.05 * number
        found[f"run-{number}"] = {"N": sizes.tolist(), "L": (1.5 + 40 / sizes**exponent).tolist()}
    return found


def exponents(found: dict[str, sl.Fitted]) -> list[float]:
    return [each.coefficients["alpha"] for each in found.values()]


FORMULA = "L = E + A/N**alpha"


def test_each_table_is_fitted_under_its_name() -> None:
    found = sl.fit_each(tables(3), formula=FORMULA)
    assert list(found) == ["run-0", "run-1", "run-2"]
    assert exponents(found) == pytest.approx([0.2, 0.25, 0.3], rel=1e-6)


def test_a_table_that_cannot_be_fitted_is_named() -> None:
    broken: dict[str, Any] = {**tables(1), "short": {"N": [1.0, 2.0], "L": [1.0, 2.0]}}
    with pytest.raises(InputError, match=r"^short: 2 rows are left for 3 coefficients"):
        sl.fit_each(broken, formula=FORMULA)


def test_a_fit_travels_between_processes_without_its_rows() -> None:
    found = sl.fit(tables(1)["run-0"], formula=FORMULA)
    arrived = pickle.loads(pickle.dumps(found))
    assert arrived.coefficients == found.coefficients
    assert arrived(N=1e8) == found(N=1e8)
    with pytest.raises(InputError, match="no longer has its rows"):
        arrived.at(found.coefficients)


def test_several_processes_give_the_same() -> None:
    one, two = (sl.fit_each(tables(4), formula=FORMULA, jobs=jobs) for jobs in (1, 2))
    assert exponents(one) == exponents(two)


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_gives_the_same() -> None:
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None)
    with cluster, distributed.Client(cluster), joblib.parallel_config(backend="dask"):
        spread = sl.fit_each(tables(4), formula=FORMULA)
    assert exponents(spread) == exponents(sl.fit_each(tables(4), formula=FORMULA))
