"""The command `fit`: its options, and how a fit is told on the terminal."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from scalinglaws.commands import DONE
from scalinglaws.commands.printing import warn

if TYPE_CHECKING:
    from scalinglaws.fitting.fit import Fitted

_EXAMPLES = """
examples:
  scalinglaws fit runs.csv --formula "L = E + A/N**alpha + B/D**beta"
  scalinglaws fit runs.csv --law hoffmann2022/parametric --map N="Model Size" --map C="Training FLOP" --map L=loss \\
    --let "D = C/(6*N)" --drop-highest 5 --bootstrap 1000
"""


def add_fit(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    sub = command("fit", run, "fit a law or a formula to a table of runs")
    sub.epilog = _EXAMPLES
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.add_argument("data", metavar="DATA", help="a CSV or Parquet file")
    which = sub.add_mutually_exclusive_group(required=True)
    which.add_argument("--law", metavar="LAW", help="a law of the catalog")
    which.add_argument("--formula", metavar="'L = ...'", help="left of = the output; names not in the table are fitted")
    rows = sub.add_argument_group("which rows and columns")
    rows.add_argument("--map", action="append", default=[], metavar="SYMBOL=COLUMN", help="the column of a symbol")
    rows.add_argument("--let", action="append", default=[], metavar="'D = C/(6*N)'", help="a symbol from others")
    rows.add_argument("--where", action="append", default=[], metavar="COND", help="fit only rows such as 'C < 1e21'")
    rows.add_argument("--holdout", metavar="COND", help="predict such rows instead of fitting them")
    rows.add_argument("--drop-highest", type=int, default=0, metavar="K", help="leave out the K highest outputs")
    rows.add_argument("--weights", metavar="COLUMN", help="weights of the rows")
    how = sub.add_argument_group("how to fit")
    how.add_argument("--objective", default="huber", metavar="huber|squares|absolute", help="summed over rows (huber)")
    how.add_argument("--delta", default="1e-3", metavar="1e-3", help="Huber's threshold")
    how.add_argument("--on", default="log", metavar="log|raw", help="residuals of the logarithm or not (log)")
    how.add_argument("--fix", action="append", default=[], metavar="SYMBOL=VALUE", help="hold a coefficient")
    how.add_argument("--tie", action="append", default=[], metavar="'beta = alpha'", help="a coefficient from others")
    how.add_argument(
        "--bound", action="append", default=[], metavar="SYMBOL=LOW,HIGH", help="keep a coefficient within"
    )
    how.add_argument(
        "--optimizer", default="newton", metavar="NAME", help="newton, bfgs, l-bfgs, least-squares, adam or adagrad"
    )
    how.add_argument("--initialisation", default="data", metavar="NAME", help="data, grid or random")
    how.add_argument("--starts", type=int, default=12, metavar="12", help="starts followed to the end")
    how.add_argument("--seed", type=int, default=0, metavar="0", help="of everything random")
    ask = sub.add_argument_group("how far to trust it")
    ask.add_argument("--bootstrap", type=int, default=0, metavar="1000", help="intervals from so many resamplings")
    ask.add_argument("--profile", action="append", default=[], metavar="SYMBOL", help="profile of a coefficient")
    ask.add_argument("--cross-validate", type=int, default=0, metavar="5", help="predict each of so many folds")
    ask.add_argument("--sensitivity", action="store_true", help="fit again under other choices")
    ask.add_argument(
        "--instead", action="append", default=[], metavar="N=COLUMN", help="with it, also a symbol from another column"
    )


def run(options: argparse.Namespace) -> int:
    """Fit and print."""
    from scalinglaws.fitting.fit import fit  # noqa: PLC0415 - heavy
    from scalinglaws.library import parse_number  # noqa: PLC0415

    found = fit(
        options.data,
        options.law,
        formula=options.formula,
        map=_pairs(options.map, "--map", "N=COLUMN"),
        let=_pairs(options.let, "--let", "D = C/(6*N)"),
        where=options.where,
        holdout=options.holdout,
        drop_highest=options.drop_highest,
        objective=options.objective,
        delta=parse_number(options.delta),
        on=options.on,
        fixed={name: parse_number(text) for name, text in _pairs(options.fix, "--fix", "E=1.69").items()},
        tied=_pairs(options.tie, "--tie", "beta = alpha"),
        bounds={name: _ends(name, text) for name, text in _pairs(options.bound, "--bound", "E=0,3").items()},
        weights=options.weights,
        optimizer=options.optimizer,
        initialisation=options.initialisation,
        starts=options.starts,
        bootstrap=options.bootstrap,
        seed=options.seed,
        profile=options.profile,
        cross_validate=options.cross_validate,
        sensitivity=options.sensitivity or bool(options.instead),
        instead=_pairs(options.instead, "--instead", "N=COLUMN"),
        path=options.database,
    )
    if options.json:
        print(json.dumps(found.as_dict(), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print("\n".join(told(found)))
        warn(found.warnings)
    return DONE


def _pairs(texts: Sequence[str], option: str, example: str) -> dict[str, str]:
    from scalinglaws.library import InputError  # noqa: PLC0415

    pairs: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        name, value = name.strip(), value.strip().strip("'\"")
        if not equals or not name or not value:
            raise InputError(f"{option} takes a pair such as '{example}', not '{text}'")
        if name in pairs:
            raise InputError(f"{option} says {name} twice")
        pairs[name] = value
    return pairs


def _ends(name: str, text: str) -> tuple[float, float]:
    from scalinglaws.library import InputError, parse_number  # noqa: PLC0415

    low, comma, high = text.partition(",")
    if not comma:
        raise InputError(f"--bound takes both ends, as in {name}=0,3, not '{text}'")
    return (
        parse_number(low) if low.strip() else float("-inf"),
        parse_number(high) if high.strip() else float("inf"),
    )


def told(found: Fitted) -> list[str]:
    """The fit in lines for a terminal."""
    lines = [f"{found.law or 'your formula'}: {found.formula}", f"{found.n} rows, {_method(found.settings)}", ""]
    width = max(len(name) for name in found.coefficients)
    for name, value in found.coefficients.items():
        ends = found.intervals.get(name)
        spread = f"   95 % from {ends['low']:.6g} to {ends['high']:.6g}" if ends else ""
        lines.append(f"  {name:<{width}}  {value:.8g}{spread}")
    lines += ["", f"objective {found.objective:.12g}"]
    if found.r2 is not None:
        lines[-1] += f", R2 {found.r2:.6f}"
    if found.rmse_log is not None:
        lines[-1] += f", off by {found.rmse_log:.2%} on average (root mean square of the log)"
    starts = found.starts
    lines.append(
        f"{starts['agreeing']} of {starts['count']} starts agree; condition {found.identifiability['condition']:.2g}"
    )
    if found.holdout:
        off = found.holdout["rmse_log"]
        lines.append(
            f"{found.holdout['n']} rows held out: off by "
            + (f"{off:.2%}" if off is not None else f"{found.holdout['rmse']:.6g}")
        )
    if found.cross_validation:
        off = found.cross_validation["rmse_log"]
        shown = f"{off:.2%}" if off is not None else f"{found.cross_validation['rmse']:.6g}"
        lines.append(f"{found.cross_validation['folds']} folds predicted in turn: off by {shown}")
    for name, profile in found.profiles.items():
        low, high = ("unbounded" if end is None else f"{end:.6g}" for end in (profile["low"], profile["high"]))
        lines.append(f"profile of {name}: 95 % from {low} to {high}")
    if found.sensitivity:
        lines += ["", *_table(found)]
    lines.append(f"{found.seconds:.2f} s")
    return lines


def _method(settings: dict[str, Any]) -> str:
    delta = f" with delta {settings['delta']:g}" if settings["delta"] else ""
    return f"{settings['objective']}{delta} on the {settings['on']} residuals, by {settings['optimizer']}"


def _table(found: Fitted) -> list[str]:
    names = list(found.sensitivity[0]["coefficients"])
    rows = [["choice", *names]]
    rows += [[each["choice"], *(f"{each['coefficients'][name]:.5g}" for name in names)] for each in found.sensitivity]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]
