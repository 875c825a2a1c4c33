"""The pictures of refits: the law with its band, published fits over it, and the residuals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def picture_items(
    reproductions: Mapping[str, Mapping[str, Any]], laws_folder: Path
) -> dict[tuple[str, str, str], dict[str, Any]]:
    """What `render_charts.mjs` is to draw, by dataset, case, and `refit` or `residuals`.

    Args:
        reproductions: documents by dataset, with their results.
        laws_folder: where the descriptions of laws are.
    """
    items: dict[tuple[str, str, str], dict[str, Any]] = {}
    for dataset, document in reproductions.items():
        for case in document["cases"]:
            result = document["results"].get(case["id"], {})
            band = result.get("band")
            file = laws_folder / f"{case['law']}.json"
            if band and file.is_file():
                refit = {
                    **{name: band.get(name) for name in ("along", "at", "x", "y", "low", "high")},
                    "coefficients": result["coefficients"],
                    "against": list(result["published"]),
                }
                items[dataset, case["id"], "refit"] = {"file": str(file), "refit": refit}
            quantiles = result.get("residual_quantiles")
            if quantiles and case["on"] == "log":
                strip = {share: 100 * math.expm1(value) for share, value in quantiles.items()}
                items[dataset, case["id"], "residuals"] = {"strip": strip, "label": "Residuals in per cent"}
    return items


#: What every refit tells, and the page shows by itself.
_SHOWN = frozenset(
    """
    n dropped coefficients intervals objective r2 rmse_log starts condition flat_directions at_bounds warnings holdout
    published verdict band residual_quantiles groups count verdicts
    """.split()  # noqa: SIM905 - a list of words reads better
)


def further(result: Mapping[str, Any]) -> dict[str, Any]:
    """What a procedure tells besides."""
    return {name: value for name, value in result.items() if name not in _SHOWN}
