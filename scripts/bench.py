"""Benchmarks as ratios in one run: ours against hand-written NumPy, and whole commands in seconds."""

import csv
import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench_load import loading
from bench_queries import answering
from bench_search import searches
from scalinglaws.formulas.evaluation import Compiled, Formula
from timing import REPEATS, best

POINTS = 1_000_000


def best_in_turn(one: Callable[[], Any], other: Callable[[], Any]) -> tuple[float, float]:
    """The shortest of several runs of each, taken in turn so that both meet the same machine."""
    times = [(best(one, 1), best(other, 1)) for _ in range(4 * REPEATS)]
    return min(each[0] for each in times), min(each[1] for each in times)


def laws() -> dict[str, tuple[Compiled, dict[str, Any], Callable[[], Any]]]:
    """Laws with values, each beside the same formula written by hand."""
    rng = np.random.default_rng(0)
    n, d = 10 ** rng.uniform(7, 11, POINTS), 10 ** rng.uniform(9, 13, POINTS)
    power = {"E": 1.69, "A": 406.4, "B": 410.7, "alpha": 0.34, "beta": 0.28, "N": n, "D": d}
    broken = {"a": 0.1, "b": 5.0, "c0": 0.1, "c1": 0.2, "d1": 1e9, "f1": 0.5, "c2": 0.3, "d2": 1e10, "f2": 0.4, "x": n}
    formula = "a + b*x**(-c0)*prod((1 + (x/d[i])**(1/f[i]))**(-c[i]*f[i]) for i in breaks)"

    def by_hand() -> Any:
        first = (1 + (n / 1e9) ** (1 / 0.5)) ** (-0.2 * 0.5)
        return 0.1 + 5.0 * n**-0.1 * (first * (1 + (n / 1e10) ** (1 / 0.4)) ** (-0.3 * 0.4))

    unique, repeats = d / 5, rng.uniform(0, 20, POINTS)
    constrained = {**power, "R_star": 15.39, "U": unique, "R": repeats}

    def data_by_hand() -> Any:
        return 1.69 + 406.4 / n**0.34 + 410.7 / (unique + unique * 15.39 * (1 - np.exp(-repeats / 15.39))) ** 0.28

    return {
        "data-constrained law": (
            Compiled(Formula.read("E + A/N**alpha + B/D_eff**beta", {"D_eff": "U + U*R_star*(1 - exp(-R/R_star))"})),
            constrained,
            data_by_hand,
        ),
        "power law": (
            Compiled(Formula.read("E + A/N**alpha + B/D**beta")),
            power,
            lambda: 1.69 + 406.4 / n**0.34 + 410.7 / d**0.28,
        ),
        "broken law, two breaks": (Compiled(Formula.read(formula), {"breaks": ["1", "2"]}), broken, by_hand),
    }


def call_many(law: Compiled, values: dict[str, float], count: int = 10_000) -> float:
    """Seconds for one evaluation at one point."""

    def run() -> None:
        for _ in range(count):
            law(values)

    return best(run) / count


FITTED = "L = E + A/N**alpha + B/D**beta"
DELTA = 1e-3


def runs() -> tuple[dict[str, Any], str]:
    """The table of Chinchilla's runs if it is there, else one like it, and which of them it is."""
    folder = Path(os.environ.get("SCALINGLAWS_DATA", Path(__file__).resolve().parents[2] / "shared" / "datasets"))
    file = folder / "chinchilla-svg" / "svg_extracted_data.csv"
    if file.is_file():
        with file.open(encoding="utf-8", newline="") as lines:
            rows = sorted(csv.DictReader(lines), key=lambda row: -float(row["loss"]))[5:]
        size, flops, loss = (
            np.array([float(row[name]) for row in rows]) for name in ("Model Size", "Training FLOP", "loss")
        )
        return {"N": size, "D": flops / (6 * size), "L": loss}, "Chinchilla"
    rng = np.random.default_rng(0)
    size, tokens = 10 ** rng.uniform(7.5, 10, 240), 10 ** rng.uniform(9, 11.5, 240)
    loss = (1.8 + 480 / size**0.35 + 2100 / tokens**0.37) * np.exp(0.01 * rng.standard_t(3, 240))
    return {"N": size, "D": tokens, "L": loss}, "synthetic"


def scipy_fit(data: dict[str, Any], weights: Any, start: Any) -> tuple[float, Any]:
    """One start of L-BFGS-B with analytic slopes and tight tolerances, in the form that the literature uses."""
    from scipy.optimize import minimize  # noqa: PLC0415 - heavy

    size, tokens, loss = np.log(data["N"]), np.log(data["D"]), np.log(data["L"])

    def height(point: Any) -> tuple[float, Any]:
        floor, a, alpha, b, beta = point
        terms = np.stack([np.full_like(size, floor), a - alpha * size, b - beta * tokens])
        top = terms.max(0)
        parts = np.exp(terms - top)
        total = parts.sum(0)
        residual = top + np.log(total) - loss
        extent = np.abs(residual)
        value = np.where(extent <= DELTA, 0.5 * residual**2, DELTA * (extent - 0.5 * DELTA)) * weights
        pull = np.clip(residual, -DELTA, DELTA) * weights
        shares = parts / total * pull
        slope = [
            shares[0].sum(),
            shares[1].sum(),
            -(shares[1] * size).sum(),
            shares[2].sum(),
            -(shares[2] * tokens).sum(),
        ]
        return 1e4 * float(value.sum()), 1e4 * np.array(slope)

    options = {"maxiter": 5000, "maxfun": 20000, "ftol": 1e-15, "gtol": 1e-9}
    done = minimize(height, start, jac=True, method="L-BFGS-B", options=options)
    return float(done.fun) / 1e4, done.x


def fits() -> None:
    """The fit of five coefficients and its bootstrap, against SciPy from many starts and from the optimum."""
    from scalinglaws.fitting.fit import fit  # noqa: PLC0415 - heavy

    data, name = runs()
    grid = list(itertools.product((-1, 0, 1), (0, 10, 20), (0, 0.5, 1), (0, 10, 20), (0, 0.5, 1)))
    sample = [grid[number] for number in np.random.default_rng(0).permutation(len(grid))[:40]]
    ones = np.ones(len(data["L"]))
    fit(data, formula=FITTED)
    # By the processor's time: both run on one core, and neighbours on the machine would blur the ratio.
    clock = time.process_time
    ours = best(partial(fit, data, formula=FITTED), clock=clock)
    ends: list[tuple[float, Any]] = []

    def all_starts() -> None:
        ends[:] = [scipy_fit(data, ones, np.array(start, dtype=float)) for start in sample]

    many = 4500 / len(sample) * best(all_starts, 1, clock)
    found = fit(data, formula=FITTED)
    lowest = min(end[0] for end in ends)
    near = sum(end[0] < found.objective * (1 + 1e-6) for end in ends)
    print(f"{f'fit, {name}, ms (SciPy: 4,500 starts)':<44}{ours * 1e3:>12.1f}{many * 1e3:>12.0f}{ours / many:>8.5f}")
    print(f"{'  objective over the best of 40 SciPy starts':<44}{found.objective / lowest - 1:>12.1e}")
    print(f"{'  starts within 1e-6 of the optimum':<44}{found.starts['agreeing']:>12d}{near:>9d}/40")
    ours = best(partial(fit, data, formula=FITTED, bootstrap=1000), 3, clock) - ours
    values = found.coefficients
    start = np.array([np.log(values["E"]), np.log(values["A"]), values["alpha"], np.log(values["B"]), values["beta"]])
    rng = np.random.default_rng(0)

    def refits() -> None:
        for _ in range(50):
            scipy_fit(data, np.bincount(rng.integers(0, len(ones), len(ones)), minlength=len(ones)), start)

    warm = 20 * best(refits, 1, clock)
    print(f"{'1,000 bootstrap refits, s (SciPy: warm starts)':<44}{ours:>12.2f}{warm:>12.2f}{ours / warm:>8.3f}")


def curves() -> dict[str, tuple[str, dict[str, Any], dict[str, tuple[float, float]]]]:
    """Laws that are harder to fit: formula, noisy data, and the range of each coefficient for SciPy's starts."""
    rng = np.random.default_rng(1)
    x = 10 ** rng.uniform(1, 8, 120)
    noise = np.exp(0.005 * rng.standard_normal(120))

    def broken(breaks: int) -> tuple[str, dict[str, Any], dict[str, tuple[float, float]]]:
        text, value = "a + b*x**(-c0)", 5 * x**-0.1
        spans = {"a": (0.0, 0.1), "b": (1.0, 10.0), "c0": (0.0, 0.5)}
        for number in range(1, breaks + 1):
            text += f"*(1 + (x/d{number})**(1/f{number}))**(-c{number}*f{number})"
            value = value * (1 + (x / 10 ** (2 * number)) ** (1 / 0.3)) ** (-0.2 * number * 0.3)
            spans |= {f"d{number}": (10.0, 1e8), f"f{number}": (0.1, 1.0), f"c{number}": (0.0, 1.0)}
        return text, {"x": x, "y": (0.05 + value) * noise}, spans

    size, experts = 10 ** rng.uniform(7, 9, 58), 2.0 ** rng.integers(0, 10, 58)
    hat = 1 / (1 / (experts - 1 + 1 / (1 / 2.0 - 1 / 300)) + 1 / 300)
    logs = -0.083 * np.log10(size) - 0.118 * np.log10(hat) + 0.0099 * np.log10(size) * np.log10(hat) + 1.11
    loss = 10**logs * np.exp(0.005 * rng.standard_normal(58))
    inside = "log10(1/(1/(E - 1 + 1/(1/E_start - 1/E_max)) + 1/E_max))"
    routed = f"10**(a*log10(N) + b*{inside} + c*log10(N)*{inside} + d)"
    spans = {"a": (-0.2, 0.0), "b": (-0.2, 0.0), "c": (0.0, 0.02), "d": (0.5, 1.5)}
    spans |= {"E_start": (1.0, 4.0), "E_max": (50.0, 1000.0)}
    return {
        "broken law, one break": broken(1),
        "broken law, three breaks": broken(3),
        "routed law": (routed, {"N": size, "E": experts, "y": loss}, spans),
    }


def scipy_squares(law: Compiled, data: dict[str, Any], names: list[str], starts: list[list[float]]) -> float:
    """The best sum of squared log residuals that SciPy reaches from some starts, by differences."""
    from scipy.optimize import least_squares  # noqa: PLC0415 - heavy

    variables = {key: value for key, value in data.items() if key != "y"}
    logs = np.log(data["y"])

    def residual(point: Any) -> Any:
        with np.errstate(all="ignore"):
            gap = np.log(law({**variables, **dict(zip(names, point.tolist(), strict=True))})) - logs
        return np.where(np.isfinite(gap), gap, 1e3)

    return min(2 * float(least_squares(residual, start, x_scale="jac", max_nfev=2000).cost) for start in starts)


def harder_fits() -> None:
    """Squares of the log residuals from eight starts, against SciPy's least squares from eight."""
    from scalinglaws.fitting.fit import fit  # noqa: PLC0415 - heavy

    clock = time.process_time
    for name, (text, data, spans) in curves().items():
        law = Compiled(Formula.read(text))
        rng = np.random.default_rng(0)
        starts = [[rng.uniform(*ends) for ends in spans.values()] for _ in range(8)]
        run = partial(fit, data, formula=f"y = {text}", objective="squares", starts=8)
        began = clock()
        lowest = scipy_squares(law, data, list(spans), starts)
        reference = clock() - began
        ours = best(run, 3, clock)
        what = f"fit, {name}, eight starts, ms"
        print(f"{what:<44}{ours * 1e3:>12.0f}{reference * 1e3:>12.0f}{ours / reference:>8.3f}")
        print(f"{'  objective over the best of SciPy starts':<44}{run().objective / lowest:>12.4f}")


def main() -> int:
    """Print the table."""
    print(f"{'what':<44}{'ours':>12}{'reference':>12}{'ratio':>8}")
    for name, (law, values, hand) in laws().items():
        ours, reference = best_in_turn(partial(law, values), hand)
        print(f"{name + ', 1e6 points, ms':<44}{ours * 1e3:>12.1f}{reference * 1e3:>12.1f}{ours / reference:>8.3f}")
        single = {key: float(value[0]) if isinstance(value, np.ndarray) else value for key, value in values.items()}
        print(f"{name + ', one point, us':<44}{call_many(law, single) * 1e6:>12.2f}")
    bare = best(partial(subprocess.run, [sys.executable, "-c", "pass"], check=True))
    for arguments in (
        ["--help"],
        ["show", "hoffmann2022/parametric"],
        ["eval", "hoffmann2022/nopt/tex-precise", "C=1e21"],
    ):
        command = [sys.executable, "-m", "scalinglaws.cli", *arguments]
        whole = best(partial(subprocess.run, command, check=True, capture_output=True))
        what = f"scalinglaws {arguments[0]}, s (bare python)"
        print(f"{what:<44}{whole:>12.3f}{bare:>12.3f}{whole / bare:>8.1f}")
    fits()
    harder_fits()
    answering()
    searches()
    loading()
    return 0


if __name__ == "__main__":
    sys.exit(main())
