"""Benchmarks as ratios in one run: ours against hand-written NumPy, and whole commands in seconds."""

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from scalinglaws.evaluation import Compiled, Formula

POINTS = 1_000_000
REPEATS = 7


def best(run: Callable[[], Any], repeats: int = REPEATS) -> float:
    """The shortest of several runs, in seconds."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


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
    return 0


if __name__ == "__main__":
    sys.exit(main())
