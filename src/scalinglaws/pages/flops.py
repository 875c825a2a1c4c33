"""What the page on parameters and FLOP computes with, and how it writes numbers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from scalinglaws.amounts import percent, short
from scalinglaws.tally import Accountant, rule_symbol


def counts_module(document: Mapping[str, Any]) -> str:
    """An ES module for the page: `tally(values)`, and `accounting`, which describes symbols, counts and models.

    Args:
        document: the catalog's document `accounting`.
    """
    described = {
        "symbols": [
            {key: each[key] for key in ("symbol", "values", "default", "optional", "at_most")}
            for each in document["symbols"]
        ],
        "sizes": [
            {"symbol": each["symbol"], "convention": each["unit"]["convention"], "meaning": each["meaning"]}
            for each in document["counts"]
            if each["unit"]["convention"]
        ],
        "rules": [
            {
                "name": each["name"],
                "forward": rule_symbol("forward", each["id"]),
                "training": rule_symbol("training", each["id"]),
            }
            for each in document["rules"]
        ],
        "cautions": [each["text"] for each in document["cautions"]],
        "models": {each["id"]: each["shape"] for each in document["models"]},
    }
    comment = "Parameters and FLOP of a Transformer, from accounting.yaml of the Scaling Laws Catalog."
    source = Accountant(document).javascript(comment)
    return f"{source}\nexport const accounting = {json.dumps(described, ensure_ascii=False, indent=1)};\n"


#: Filters of the page's template.
FILTERS: Mapping[str, Callable[[float], object]] = {
    "short": short,
    "four_digits": lambda value: float(f"{value:.4g}"),
    "percent": lambda fraction: percent(fraction).replace("-", "\N{MINUS SIGN}").replace(" ", "\N{NO-BREAK SPACE}"),
}
