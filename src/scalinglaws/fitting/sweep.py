"""The same fit on many tables, through joblib: on this machine's cores, or on a cluster by its Dask backend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scalinglaws.fitting.fit import Fitted, fit


def fit_each(
    tables: Mapping[str, Any], law: str | None = None, *, jobs: int | None = None, **choices: Any
) -> dict[str, Fitted]:
    """Fit a law, or a formula, to each of several tables.

    Where they run is joblib's to say: under `joblib.parallel_config(backend="dask")` the fits go to the cluster of the
    active Dask client, which needs the package installed on its workers.

    Args:
        tables: each as `fit` takes it, by name.
        law: a law's id; or give `formula=`.
        jobs: how many run at once; by default as joblib is configured, one after another if it is not.
        choices: everything else that `fit` takes, the same for all.

    Returns:
        the fits by the tables' names, without the rows (see `Fitted.session`).

    Raises:
        InputError: when one of the fits cannot be made; the message begins with the table's name.
    """
    from joblib import Parallel, delayed  # noqa: PLC0415 - heavy

    found = Parallel(n_jobs=jobs)(delayed(_fit_one)(name, table, law, choices) for name, table in tables.items())
    return dict(zip(tables, found, strict=True))


def _fit_one(name: str, table: Any, law: str | None, choices: Mapping[str, Any]) -> Fitted:
    from scalinglaws.library import InputError  # noqa: PLC0415

    try:
        return fit(table, law, **choices)
    except InputError as error:
        raise InputError(f"{name}: {error}") from None
