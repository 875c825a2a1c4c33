"""One formula in four languages: the same value in Python, JavaScript, SQL and SymPy, in and beyond the fitted range."""

from __future__ import annotations

import json
import math
import random
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sympy

from scalinglaws.catalog import Catalog
from scalinglaws.formulas.evaluation import Compiled, EvaluationError, Formula
from scalinglaws.formulas.expression import Binary, Number, Symbol, flat_name, symbols
from scalinglaws.formulas.sql_source import NotInSql
from scalinglaws.records.resolution import ResolvedLaw
from sympy_reference import sympy_value

ROOT = Path(__file__).resolve().parents[1]
CATALOG = Catalog.load()
LAWS = {law.id: law for law in CATALOG.laws() if law.formula is not None}
POINTS = 6

#: Reads modules and points on standard input, writes the values that the modules give.
_RUNNER = """
let text = "";
for await (const chunk of process.stdin) text += chunk;
const results = [];
for (const each of JSON.parse(text)) {
  const module = await import("data:text/javascript," + encodeURIComponent(each.source));
  results.push(each.points.map((values) => {
    try { return String(module.law(values)); } catch (error) { return `error: ${error.message}`; }
  }));
}
process.stdout.write(JSON.stringify(results));
"""


def draw(law: ResolvedLaw, fit: Any, generator: random.Random) -> dict[str, float]:
    """One point: inside the fitted range for the first half of the draws, up to two decades beyond for the rest."""
    values: dict[str, float] = {}
    members = {**law.fixed_members, **(fit.members if fit else {})}
    for name, variable in law.record.variables.items():
        names = [name]
        for each in variable.over:
            names = [flat_name(name, [member], variable.flat) for member in members.get(each, ("1", "2"))]
        for flat in names:
            low, high = (fit.record.fitted if fit else {}).get(flat) or variable.fitted or (1.0, 1000.0)
            if variable.domain == "fraction":
                values[flat] = generator.uniform(max(low, 0.02), min(high, 0.98)) if low < high else 0.5
                continue
            if variable.domain == "real":
                values[flat] = generator.uniform(-3, 3)
                continue
            low = low if low > 0 else high * 1e-3
            beyond = generator.choice((0.0, 0.0, 0.0, 1.0, 2.0))
            values[flat] = math.exp(generator.uniform(math.log(low), math.log(high) + beyond))
    return values


class Case(NamedTuple):
    name: str
    law: ResolvedLaw
    compiled: Compiled
    points: list[dict[str, float]]


def cases() -> list[Case]:
    """Every law with every complete fit, or with the coefficients of its worked example, and points to try."""
    found = []
    for law in LAWS.values():
        assert law.formula is not None
        constants = {name: each.value for name, each in law.record.constants.items()}
        settings: list[tuple[str, Any, dict[str, float]]] = [
            (fit.id, fit, dict(fit.values)) for fit in law.fits if not fit.not_stated
        ]
        if not settings:
            example = next((check for check in law.record.checks if check.coefficients), None)
            if law.coefficients and example is None:
                continue
            own = {**(law.fit(example.fit).values if example and example.fit else {})}  # type: ignore[union-attr]
            settings = [(law.id, None, {**own, **(example.coefficients if example else {})})]
        for name, fit, coefficients in settings:
            members = {**law.fixed_members, **(fit.members if fit else {})}
            compiled = Compiled(law.formula, members)
            generator = random.Random(name)
            points = [{**constants, **coefficients, **draw(law, fit, generator)} for _ in range(POINTS)]
            points += [
                {**constants, **coefficients, **check.inputs, **check.coefficients}
                for check in law.record.checks
                if check.fit is None or (fit is not None and law.fit(check.fit) is fit)
            ]
            points = [point for point in points if set(compiled.arguments) <= set(point)]
            found.append(Case(name, law, compiled, points))
    return found


CASES = cases()


def value(compiled: Compiled, point: dict[str, float]) -> float | None:
    try:
        return float(compiled({name: point[name] for name in compiled.arguments}))
    except EvaluationError:
        return None


def tolerance(compiled: Compiled) -> float:
    # A difference of logarithms of the gamma function loses digits, and so does a root that is searched for.
    lossy = compiled.formula.implicit or "lgamma" in compiled.source()
    return 1e-9 if lossy else 1e-12


def close(one: float, other: float, compiled: Compiled, point: dict[str, float]) -> bool:
    # Subtracting terms of size s leaves an error of about s times the precision, whatever the language.
    size = max([abs(other), *(abs(point[name]) for name in compiled.arguments if abs(point[name]) < 1e3)])
    return math.isclose(one, other, rel_tol=tolerance(compiled), abs_tol=1e-15 * size)


def test_most_laws_are_tried_at_several_points() -> None:
    tried = {name for name, _, compiled, points in CASES if sum(value(compiled, p) is not None for p in points) >= 3}
    assert len(tried) > 0.75 * len(CASES)
    assert len({name.rsplit("/", 1)[0] if name.count("/") > 1 else name for name in tried}) > 150


def test_javascript_gives_the_same_values() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not here")
    modules = [{"source": compiled.javascript(), "points": points} for _, _, compiled, points in CASES]
    done = subprocess.run(
        [node, "--input-type=module", "-e", _RUNNER],
        input=json.dumps(modules),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    compared = 0
    for (name, _, compiled, points), results in zip(CASES, json.loads(done.stdout), strict=True):
        for point, result in zip(points, results, strict=True):
            expected = value(compiled, point)
            if expected is None:
                assert result.startswith("error") or not math.isfinite(float(result)), (name, point, result)
                continue
            assert not result.startswith("error"), (name, point, result)
            assert close(float(result), expected, compiled, point), (name, point, result, expected)
            compared += 1
    assert compared > 1000


def test_javascript_takes_an_indexed_symbol_whole() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not here")
    law = LAWS["ye2024/multi-domain"]
    assert law.formula is not None
    compiled = Compiled(law.formula, law.fixed_members)
    members = law.fixed_members["domains"]
    flat = {"c": 1.0, "k": 2.0} | {f"t_{m}": 0.1 * i for i, m in enumerate(members)} | {f"r_{m}": 0.2 for m in members}
    whole = {"c": 1.0, "k": 2.0, "t": [0.1 * i for i in range(len(members))], "r": [0.2] * len(members)}
    modules = [{"source": compiled.javascript(), "points": [flat, whole]}]
    done = subprocess.run(
        [node, "--input-type=module", "-e", _RUNNER],
        input=json.dumps(modules),
        capture_output=True,
        text=True,
        check=True,
    )
    first, second = (float(each) for each in json.loads(done.stdout)[0])
    assert first == second == pytest.approx(value(compiled, flat), rel=1e-14)


def test_sql_gives_the_same_values() -> None:
    connection = sqlite3.connect(":memory:")
    compared = 0
    for name, _, compiled, points in CASES:
        try:
            expression = compiled.sql()
        except NotInSql as error:
            assert compiled.formula.implicit or "lgamma" in str(error) or "case alone" in str(error)
            continue
        for point in points:
            expected = value(compiled, point)
            if expected is None:
                continue
            columns = ", ".join(f'? AS "{symbol}"' for symbol in compiled.arguments) or "1 AS one"
            result = connection.execute(
                f"SELECT {expression} FROM (SELECT {columns})", [point[symbol] for symbol in compiled.arguments]
            ).fetchone()[0]
            if result is None:
                # SQLite has no infinity on the way: a power that overflows is NULL there.
                continue
            size = 4 if "ln(" in expression else 1
            assert math.isclose(result, expected, rel_tol=size * 1e-12, abs_tol=1e-12), (name, point, result, expected)
            compared += 1
    connection.close()
    assert compared > 1000


def test_sympy_gives_the_same_values() -> None:
    compared = 0
    for name, _, compiled, points in CASES:
        if compiled.formula.implicit:
            continue
        for point in points[:2]:
            expected = value(compiled, point)
            if expected is None:
                continue
            exact: dict[str, Any] = {symbol: point[symbol] for symbol in compiled.arguments}
            for part, node in compiled.formula.where.items():
                exact[part] = float(sympy.re(sympy_value(node, exact)))
            result = float(sympy.re(sympy_value(compiled.formula.root, exact)))
            assert close(expected, result, compiled, point), (name, point, expected, result)
            compared += 1
    assert compared > 300


def test_the_output_goes_the_way_that_the_record_says() -> None:
    tried = 0
    for name, law, compiled, points in CASES:
        for symbol, way in law.record.monotone.items():
            for point in (each for each in points if symbol in each):
                more = {**point, symbol: point[symbol] + (abs(point[symbol]) / 2 or 0.1)}
                if law.record.variables[symbol].domain == "fraction" and more[symbol] > 1:
                    continue
                before, after = value(compiled, point), value(compiled, more)
                if before is None or after is None:
                    continue
                slack = 1e-12 * abs(before)
                assert after <= before + slack if way == "falling" else after >= before - slack, (name, symbol, point)
                tried += 1
    assert tried > 1000


def factors(node: Any) -> list[tuple[Any, bool]] | None:
    """Factors of a product and whether each stands in the numerator; none for anything else."""
    if isinstance(node, Binary) and node.operator in "*/":
        left, right = factors(node.left), factors(node.right)
        if left is None or right is None:
            return None
        return left + [(each, above == (node.operator == "*")) for each, above in right]
    if isinstance(node, Symbol | Number):
        return [(node, True)]
    if isinstance(node, Binary) and node.operator == "**" and isinstance(node.left, Symbol):
        return [(node, True)]
    return None


def test_a_power_law_is_homogeneous() -> None:
    tried = 0
    for name, law, compiled, points in CASES:
        if compiled.formula.implicit:
            continue
        found = factors(compiled.formula.inlined())
        if found is None:
            continue
        for symbol in law.record.variables:
            mine = [(each, above) for each, above in found if symbol in symbols(each)]
            if len(mine) != 1:
                continue
            each, above = mine[0]
            for point in (each for each in points if symbol in each):
                exponent = Compiled(Formula(root=each.right))(point) if isinstance(each, Binary) else 1.0
                if symbol in symbols(getattr(each, "right", Number(1))):
                    continue
                before, after = value(compiled, point), value(compiled, {**point, symbol: 2 * point[symbol]})
                if before and after:
                    assert after / before == pytest.approx(2.0 ** (exponent if above else -exponent), rel=1e-9), name
                    tried += 1
    assert tried > 300
