"""The Scaling Laws Catalog: look up a neural scaling law, see where each number comes from, compute with it.

>>> import scalinglaws as sl
>>> law = sl.law("hoffmann2022/parametric", fit="published-rounded")
>>> round(law(N=70e9, D=1.4e12), 4)
1.9366
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scalinglaws.accounting import FlopCount, flops
    from scalinglaws.catalog import Catalog
    from scalinglaws.comparison import Comparison, compare
    from scalinglaws.database.access import DatabaseError, QueryError, Rows
    from scalinglaws.database.named_queries import NamedQuery
    from scalinglaws.datasets import Dataset, DatasetError, dataset
    from scalinglaws.extras import MissingPackage
    from scalinglaws.fitting.fit import Fitted, fit
    from scalinglaws.fitting.sweep import fit_each
    from scalinglaws.formulas.evaluation import EvaluationError
    from scalinglaws.library import (
        AmbiguousFit,
        Evaluation,
        InputError,
        Law,
        Optimization,
        SolvedFor,
        UnknownName,
        law,
        laws,
        papers,
        queries,
        query,
        search,
        show,
    )
    from scalinglaws.reproduction.library import Reproduced, reproduce
    from scalinglaws.units import Conversion, NotConvertible, convert

__version__ = "0.1.0"
#: The day of this edition, which exports bear; it changes with the version, here and in CITATION.cff.
EDITION_DATE = "2026-11-25"

__all__ = [
    "AmbiguousFit",
    "Catalog",
    "Comparison",
    "Conversion",
    "DatabaseError",
    "Dataset",
    "DatasetError",
    "Evaluation",
    "EvaluationError",
    "Fitted",
    "FlopCount",
    "InputError",
    "Law",
    "MissingPackage",
    "NamedQuery",
    "NotConvertible",
    "Optimization",
    "QueryError",
    "Reproduced",
    "Rows",
    "SolvedFor",
    "UnknownName",
    "__version__",
    "compare",
    "convert",
    "dataset",
    "fit",
    "fit_each",
    "flops",
    "law",
    "laws",
    "papers",
    "queries",
    "query",
    "reproduce",
    "search",
    "show",
]


#: Modules of the names that are not in `library`.
_HOMES = {
    "Catalog": "catalog",
    "Comparison": "comparison",
    "Conversion": "units",
    "DatabaseError": "database.access",
    "Dataset": "datasets",
    "DatasetError": "datasets",
    "EvaluationError": "formulas.evaluation",
    "Fitted": "fitting.fit",
    "FlopCount": "accounting",
    "MissingPackage": "extras",
    "NamedQuery": "database.named_queries",
    "NotConvertible": "units",
    "QueryError": "database.access",
    "Reproduced": "reproduction.library",
    "Rows": "database.access",
    "compare": "comparison",
    "convert": "units",
    "dataset": "datasets",
    "fit": "fitting.fit",
    "fit_each": "fitting.sweep",
    "flops": "accounting",
    "reproduce": "reproduction.library",
}


def __getattr__(name: str) -> Any:
    # Imported on first use: `import scalinglaws` itself costs nothing.
    from importlib import import_module  # noqa: PLC0415

    if name not in __all__:
        raise AttributeError(f"module 'scalinglaws' has no attribute '{name}'")
    return getattr(import_module(f"scalinglaws.{_HOMES.get(name, 'library')}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
