"""What a law's page computes with: its formula as JavaScript modules, a description of it, and the opening chart."""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scalinglaws.comparison import role
from scalinglaws.database.documents import unit_text
from scalinglaws.formulas.evaluation import Compiled, EvaluationError
from scalinglaws.formulas.expression import Binary, Call, Node, symbols, walk
from scalinglaws.library import Law, fit_warnings
from scalinglaws.pages.mathematics import node_command
from scalinglaws.units import ASSUMPTIONS, FACTORS

#: With more coefficients than these the page's search for the best ones is not to be trusted.
MOST_FITTED = 6


class ChartError(RuntimeError):
    """Charts could not be drawn at build time; the message is node's."""


@dataclass(frozen=True)
class Calculator:
    """A law as its page computes with it.

    Attributes:
        description: symbols, fits and opening state, as `chart.mjs` reads them.
        modules: file name and source of one ES module for each way the formula is written out.
    """

    description: dict[str, Any]
    modules: dict[str, str]


def calculator(document: Mapping[str, Any], label: str, bibtex: str) -> Calculator:
    """The calculator of a law.

    Args:
        document: everything known about the law.
        label: how its paper is cited in text.
        bibtex: the paper's BibTeX entry.

    Raises:
        EvaluationError: for a procedure.
    """
    law = Law(document)
    slug = law.id.split("/")[-1]
    forms: list[dict[str, Any]] = []
    modules: dict[str, str] = {}
    fits = []
    for fit in document["fits"] or [None]:
        compiled = law.compiled(fit["id"]) if fit else law.compiled()
        form = next((number for number, each in enumerate(forms) if each["arguments"] == compiled.arguments), None)
        if form is None:
            form = len(forms)
            name = f"{slug}.mjs" if form == 0 else f"{slug}.{form}.mjs"
            modules[name] = compiled.javascript(comment=f"{law.name}; {law.id} in the Scaling Laws Catalog.")
            forms.append(_form(law, compiled, name, fit))
        if fit:
            fits.append(_fit(fit, form))
    output = document["output"]
    description: dict[str, Any] = {
        "id": law.id,
        "name": law.name,
        "label": label,
        "latex": law.latex,
        "bibtex": bibtex,
        "output": {
            "symbol": output["symbol"],
            "meaning": output["meaning"],
            "unit": unit_text(output["unit"]),
            "quantity": output["unit"],
            "role": role(output),
        },
        "constants": {each["symbol"]: each["value"] for each in document["constants"]},
        "forms": forms,
        "fits": fits,
    }
    description["start"] = _start(document, description)
    description["fittable"] = _fittable(document, forms)
    return Calculator(description, modules)


def _form(law: Law, compiled: Compiled, module: str, fit: Mapping[str, Any] | None) -> dict[str, Any]:
    """One way the formula is written out: its flat symbols, and its source to copy."""
    constants = {each["symbol"] for each in law.document["constants"]}
    coefficients = {each["symbol"]: each for each in law.document["coefficients"]}
    exponents = _exponents(compiled)
    found = []
    others = []
    order = [each["symbol"] for each in law.document["variables"]]
    for name in compiled.arguments:
        variable = law.variable(name)
        if variable is not None:
            told = {
                "symbol": name,
                "meaning": variable["meaning"],
                "unit": unit_text(variable["unit"]),
                "quantity": variable["unit"],
                "range": variable["fitted_range"],
                "domain": variable["domain"],
            }
            found.append((order.index(variable["symbol"]), told))
        elif name not in constants:
            indexed = next((symbol for symbol in coefficients if name.startswith(symbol)), name)
            told = coefficients.get(name) or coefficients.get(indexed) or {"meaning": "", "positive": False}
            others.append(
                {
                    "symbol": name,
                    "meaning": told["meaning"],
                    "positive": told["positive"],
                    "exponent": name in exponents,
                }
            )
    # In the record's order, which is the reader's: the formula's own is that of first use.
    variables = [told for _, told in sorted(found, key=lambda each: each[0])]
    function = law.id.split("/")[-1].replace("-", "_")
    return {
        "module": module,
        "arguments": compiled.arguments,
        "variables": variables,
        "coefficients": others,
        "python": None if compiled.formula.implicit else law.source(fit=fit["id"] if fit else None),
        "function": function if function[0].isalpha() else f"law_{function}",
    }


def _exponents(compiled: Compiled) -> set[str]:
    """Symbols that stand in an exponent of the formula, which tells a search what size they are of."""
    found: set[str] = set()
    for node in walk(compiled.formula.inlined()):
        if isinstance(node, Binary) and node.operator == "**":
            found |= _of_size_one(node.right)
        elif isinstance(node, Call) and node.function == "exp":
            found |= _of_size_one(node.arguments[0])
    return found


def _of_size_one(exponent: Node) -> set[str]:
    """Symbols of an exponent that no logarithm makes small."""
    within = {name for part in walk(exponent) if _is_logarithm(part) for name in symbols(part)}
    return set(symbols(exponent)) - within


def _is_logarithm(node: Node) -> bool:
    return isinstance(node, Call) and node.function.startswith("log")


def _fittable(document: Mapping[str, Any], forms: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the page can fit the law to runs: one explicit formula of few coefficients, with no index sets."""
    (form, *further) = forms
    return (
        not further
        and not document["implicit"]
        and not document["indices"]
        and bool(form["variables"])
        and 1 <= len(form["coefficients"]) <= MOST_FITTED
    )


def _fit(fit: Mapping[str, Any], form: int) -> dict[str, Any]:
    return {
        "id": fit["id"].split("/")[-1],
        "whole": fit["id"],
        "setting": fit["setting"],
        "form": form,
        "values": fit["values"],
        "complete": not fit["not_stated"],
        "ranges": fit["fitted_range"],
        "warnings": fit_warnings(fit),
    }


def _start(document: Mapping[str, Any], description: Mapping[str, Any]) -> dict[str, Any]:
    """The state a page opens in: the default fit or the first complete one, in the middle of what was fitted."""
    fits = description["fits"]
    chosen = next((each for each in fits if each["id"] == document["default"]), None)
    chosen = chosen or next((each for each in fits if each["complete"]), fits[0] if fits else None)
    form = description["forms"][chosen["form"] if chosen else 0]
    checks = [
        each
        for each in document["checks"]
        if chosen is None or each["fit"] is None or each["fit"].rsplit("/", 1)[-1] == chosen["id"]
    ]
    whole = [each for each in checks if all(name["symbol"] in each["inputs"] for name in form["variables"])]
    example = next((each for each in whole if all(each["inputs"].values())), whole[0] if whole else None)
    inputs = dict(example["inputs"]) if example else {}
    ranges = {
        each["symbol"]: (chosen["ranges"] if chosen else {}).get(each["symbol"], each["range"])
        for each in form["variables"]
    }
    # Several shares must add up to one: only a worked example has them so.
    if not example or sum(each["domain"] == "fraction" for each in form["variables"]) < 2:
        inputs |= {name: _middle(*ends) for name, ends in ranges.items() if ends}
    along = next((each["symbol"] for each in form["variables"] if ranges[each["symbol"]]), None)
    return {
        "fit": chosen["id"] if chosen else None,
        "inputs": inputs,
        "along": along or next((each["symbol"] for each in form["variables"]), None),
    }


def _middle(low: float, high: float) -> float:
    """The middle of a range, by ratios where it can be, to two digits."""
    middle = math.sqrt(low * high) if low > 0 else (low + high) / 2
    return float(f"{middle:.1e}")


def write_calculators(calculators: Mapping[str, Calculator], folder: Path) -> list[dict[str, str]]:
    """Write modules and description of every law under `folder`; returns what `draw` takes, in the order given."""
    written = []
    for law_id, each in calculators.items():
        place = folder / law_id.split("/")[0]
        place.mkdir(parents=True, exist_ok=True)
        for name, source in each.modules.items():
            (place / name).write_text(source, encoding="utf-8")
        path = folder / f"{law_id}.json"
        path.write_text(json.dumps(each.description, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        written.append({"file": str(path)})
    return written


def write_index(calculators: Mapping[str, Calculator], folder: Path) -> None:
    """Write what the pages to compare and to fit read: the laws there are, and the table of conversions."""
    shown = ("id", "name", "label", "output", "fittable")
    told = [{name: each.description[name] for name in shown} for each in calculators.values()]
    tables = {
        "laws/index.json": told,
        "units.json": {
            "factors": [factor.as_dict() for factor in FACTORS],
            "assumptions": {name: each.meaning for name, each in ASSUMPTIONS.items()},
        },
    }
    for name, table in tables.items():
        (folder / name).write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def draw(items: Sequence[Mapping[str, Any]], script: Path, assets: Path) -> list[dict[str, Any]]:
    """Charts as HTML: of each item its `svg`, and what goes with it; or the `reason` why there is none.

    Args:
        items: laws as `write_calculators` gives them, refits and residuals as `render_charts.mjs` explains.
        script: the node script that draws.
        assets: the folder with `chart.mjs`.

    Raises:
        ChartError: when node fails; the message is its own.
    """
    done = subprocess.run(  # noqa: S603
        [node_command(), str(script), str(assets)],
        input=json.dumps(items),
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    if done.returncode:
        raise ChartError(f"the charts could not be drawn: {done.stderr.strip()}")
    drawn: list[dict[str, Any]] = json.loads(done.stdout)
    return drawn


def all_calculators(
    documents: Mapping[str, Mapping[str, Any]], papers: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[str, Calculator], dict[str, str]]:
    """Calculators by law, and for every law that has none the reason."""
    found, reasons = {}, {}
    for law_id, document in documents.items():
        paper = papers[document["paper"]]
        try:
            found[law_id] = calculator(document, paper["label"], paper["bibtex"])
        except EvaluationError as error:
            reasons[law_id] = str(error)
    return found, reasons
