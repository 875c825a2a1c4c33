"""The command `scalinglaws`: browse, evaluate, query, check and build."""

from __future__ import annotations

import argparse
import json
import os
import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

DONE, NO_ANSWER, WRONG_CALL = 0, 1, 2

_EXAMPLES = """
examples:
  scalinglaws search chinchilla
  scalinglaws show hoffmann2022/parametric
  scalinglaws eval hoffmann2022/parametric/published-rounded N=70e9 D=1.4e12
  scalinglaws compare hoffmann2022/parametric N=70e9 D=1.4e12
  scalinglaws convert "1e3 PF-day" FLOP
  scalinglaws flops chinchilla-70b
  scalinglaws fit runs.csv --formula "L = E + A/N**alpha + B/D**beta"
  scalinglaws laws --given N,D --want L
  scalinglaws datasets chinchilla-svg --fetch
  scalinglaws query "SELECT id, name FROM law LIMIT 5"
  scalinglaws query --name disputed-fits

exit status: 0 done, 1 the question has no answer, 2 the call is wrong
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with a call in one line, and where to read on."""

    #: What the help says besides, looked up only when it is asked for.
    more_help: Callable[[], str] | None = None

    def format_help(self) -> str:
        return super().format_help() + (self.more_help() if self.more_help else "")

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}\nsee {self.prog} --help", file=sys.stderr)
        raise SystemExit(WRONG_CALL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    # Inputs may stand after options too, which argparse alone does not allow.
    if any("=" not in each or each.startswith("-") for each in rest) or (rest and not hasattr(options, "inputs")):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if rest:
        options.inputs = [*options.inputs, *rest]
    if options.command is None:
        parser.print_help()
        return DONE
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except BrokenPipeError:
        # The reader (`head`, say) has enough; leave quietly.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        print("scalinglaws: stopped", file=sys.stderr)
        return 130
    except Exception as error:
        status = _status(error)
        if status is None:
            raise
        print(f"scalinglaws: {error}", file=sys.stderr)
        return status


def _status(error: Exception) -> int | None:
    """The exit status for an error that the user can act on; none for a fault of ours."""
    from scalinglaws.database import DatabaseError, QueryError  # noqa: PLC0415
    from scalinglaws.evaluation import EvaluationError  # noqa: PLC0415
    from scalinglaws.library import AmbiguousFit, InputError, UnknownName  # noqa: PLC0415
    from scalinglaws.units import NotConvertible, UnitError  # noqa: PLC0415

    if isinstance(error, AmbiguousFit | InputError | UnknownName | QueryError | UnitError):
        return WRONG_CALL
    if isinstance(error, NotConvertible):
        # A missing assumption is a missing input; without one that would help there is no answer.
        return WRONG_CALL if error.missing else NO_ANSWER
    if isinstance(error, EvaluationError | DatabaseError):
        return NO_ANSWER
    # By name: their modules are loaded only where they are needed.
    if type(error).__name__ in ("InvalidRecords", "DatasetError") or isinstance(error, OSError):
        return NO_ANSWER
    return None


def _parser() -> argparse.ArgumentParser:
    from scalinglaws import __version__  # noqa: PLC0415

    parser = _Parser(
        prog="scalinglaws",
        description="Look up neural scaling laws, see where each number comes from, and compute with them.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"scalinglaws {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str, *, reads: bool = True) -> Any:
        sub = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        sub.set_defaults(run=run)
        sub.add_argument("--json", action="store_true", help="print one JSON document")
        if reads:
            sub.add_argument("--database", type=Path, metavar="PATH", help="read this database")
        return sub

    for name, run, text in (("papers", _papers, "list papers"), ("laws", _laws, "list laws")):
        sub = command(name, run, text)
        sub.add_argument("--question", metavar="RQ1", help="that bear on this research question")
        sub.add_argument("--topic", metavar="TOPIC", help="of this topic or one beneath it")
        sub.add_argument("--given", metavar="N,D", default="", help="whose law takes these variables")
        sub.add_argument("--want", metavar="L", help="whose law gives this, or can be solved for it")
        sub.add_argument("--has", choices=("code", "data", "interval", "reproduction"), help="that have this")

    # Loaded for this one command's options alone, and light: data is imported where it is asked for.
    from scalinglaws.datasets_command import add_datasets  # noqa: PLC0415

    add_datasets(command)

    sub = command("show", _show, "show everything known about a paper, law, fit or dataset")
    sub.add_argument("id", metavar="ID", help="such as hoffmann2022, hoffmann2022/parametric or .../besiroglu2024")
    sub.add_argument(
        "--as", dest="language", metavar="LANGUAGE", help="only the formula, as python, javascript, latex or sql"
    )

    sub = command("eval", _eval, "evaluate a law")
    sub.add_argument("law", metavar="LAW[/FIT]", help="such as hoffmann2022/parametric/published-rounded")
    sub.add_argument("inputs", nargs="*", metavar="SYMBOL=VALUE", help="such as N=70e9 D=1.4T")
    sub.add_argument("--fit", metavar="FIT", help="the fit to use")
    sub.add_argument("--draws", type=int, default=0, metavar="1000", help="draw coefficients for the interval")

    _add_calculations(command)
    sub = command("query", _query, "run one SELECT over the survey database")
    sub.add_argument("statement", nargs="?", metavar="SQL", help="the SELECT; - reads it from standard input")
    sub.add_argument("--name", metavar="NAME", help="run this named query instead, such as disputed-fits")
    sub.add_argument("--list", action="store_true", help="list the named queries")
    sub.add_argument("--format", choices=("table", "csv", "json", "markdown"), help="how to print the rows")
    sub.add_argument("--limit", type=int, default=None, metavar="N", help="print at most so many rows")

    sub = command("search", _search, "find papers, laws and claims by words")
    sub.add_argument("words", nargs="+", metavar="WORD")
    sub.add_argument("--limit", type=int, default=20, metavar="N", help="at most so many (20)")

    sub = command("check", _check, "check the records, or single files as if they stood in the catalog", reads=False)
    sub.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="record files or a catalog folder")

    sub = command("build", _build, "build the database from the records", reads=False)
    sub.add_argument(
        "--database-url", metavar="URL", help="sqlite:///PATH; the checkout's build/catalog.sqlite by default"
    )
    sub.add_argument("--out", type=Path, metavar="DIR", help="folder for catalog.sqlite")
    return parser


def _add_calculations(command: Callable[..., argparse.ArgumentParser]) -> None:
    sub = command("solve", _solve, "find the variable that gives a stated output")
    sub.add_argument("law", metavar="LAW[/FIT]", help="such as hoffmann2022/parametric/besiroglu2024")
    sub.add_argument("symbol", metavar="SYMBOL", help="the variable to find, such as D")
    sub.add_argument("inputs", nargs="*", metavar="SYMBOL=VALUE", help="the output and the rest: L=2.0 N=7e9")
    sub.add_argument("--fit", metavar="FIT", help="the fit to use")
    sub.add_argument("--between", nargs=2, metavar=("LOW", "HIGH"), help="where to look")

    sub = command("optimize", _optimize, "find the best values of some variables under a constraint")
    sub.add_argument("law", metavar="LAW[/FIT]", help="such as hoffmann2022/parametric/besiroglu2024")
    sub.add_argument("inputs", nargs="*", metavar="SYMBOL=VALUE", help="what is given: C=5.76e23")
    sub.add_argument("--over", metavar="N,D", required=True, help="what is free")
    sub.add_argument("--subject-to", metavar="EQUATION", help="such as '6*N*D = C'")
    sub.add_argument("--let", action="append", default=[], metavar="'N = ...'", help="a variable in terms of others")
    sub.add_argument("--fit", metavar="FIT", help="the fit to use")
    which = sub.add_mutually_exclusive_group()
    which.add_argument("--lowest", dest="highest", action="store_false", default=None, help="look for the lowest value")
    which.add_argument("--highest", dest="highest", action="store_true", help="look for the highest value")

    sub = command("compare", _compare, "put the same inputs through several laws and fits")
    sub.add_argument("law", metavar="LAW[/FIT]", help="such as hoffmann2022/parametric; without a fit, all its fits")
    sub.add_argument(
        "inputs", nargs="*", metavar="LAW[/FIT] | SYMBOL=VALUE", help="more laws, and inputs: N=70e9 C='1e3 PF-day'"
    )
    sub.add_argument(
        "--count", action="append", default=[], metavar="SYMBOL=CONVENTION", help="how one is counted: N=active"
    )
    sub.add_argument("--unit", metavar="UNIT", help="the unit of the values, such as nat/token")
    _add_assume(sub)

    sub = command("convert", _convert, "convert a number into another unit or convention", reads=False)
    sub.add_argument("amount", metavar="'NUMBER UNIT'", help="such as '1e3 PF-day' or '70B parameters (total)'")
    sub.add_argument("unit", metavar="UNIT", help="such as FLOP or 'parameters (active)'")
    _add_assume(sub)

    sub = command("flops", _flops, "count a model's parameters and FLOP by every convention, from its shape")
    sub.add_argument("model", nargs="?", metavar="MODEL", help="a known model, such as chinchilla-70b")
    sub.add_argument("inputs", nargs="*", metavar="SYMBOL=VALUE", help="the shape: layers=80 width=8192 tokens=1.4T")
    sub.add_argument("--list", action="store_true", help="list the known models")
    assert isinstance(sub, _Parser)
    sub.more_help = _flops_symbols

    # Loaded for this one command's options alone, and light: the engine itself is imported where it runs.
    from scalinglaws.fit_command import add_fit  # noqa: PLC0415
    from scalinglaws.reproduce_command import add_reproduce  # noqa: PLC0415

    add_fit(command)
    add_reproduce(command)


def _add_assume(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "--assume",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a number that the conversion needs, such as bytes_per_token=4.3; a refusal names it",
    )


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _bold(text: str) -> str:
    return f"\033[1m{text}\033[0m" if sys.stdout.isatty() and "NO_COLOR" not in os.environ else text


def _wrap(text: str, indent: str = "  ") -> str:
    return textwrap.fill(text, width=100, initial_indent=indent, subsequent_indent=indent)


def _filters(options: argparse.Namespace) -> dict[str, Any]:
    return {
        "question": options.question,
        "topic": options.topic,
        "given": [name.strip() for name in options.given.split(",") if name.strip()],
        "want": options.want,
        "has": options.has,
        "path": options.database,
    }


def _papers(options: argparse.Namespace) -> int:
    from scalinglaws import library  # noqa: PLC0415

    found = library.papers(**_filters(options))
    if options.json:
        _print_json(found)
    else:
        for each in found:
            print(f"{_bold(each['key'])}  {each['label']}  {each['title']}  [{_plural(each['laws'], 'law')}]")
    return _found(found, "paper")


def _laws(options: argparse.Namespace) -> int:
    from scalinglaws import library  # noqa: PLC0415

    found = library.laws(**_filters(options))
    if options.json:
        _print_json(found)
    else:
        for each in found:
            print(f"{_bold(each['id'])}  {each['name']}")
            takes = f" of {each['variables']}" if each["variables"] else ""
            print(
                f"    {each['output']}{takes}: {each['expression'] or 'a procedure'}  [{_plural(each['fits'], 'fit')}]"
            )
    return _found(found, "law")


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _found(rows: Sequence[Any], noun: str) -> int:
    if rows:
        return DONE
    print(f"scalinglaws: no {noun} fits these filters", file=sys.stderr)
    return NO_ANSWER


def _show(options: argparse.Namespace) -> int:
    from scalinglaws import library  # noqa: PLC0415

    if options.language:
        law = library.law(options.id, path=options.database)
        source = law.source(options.language)
        if options.json:
            _print_json({"id": law.id, "language": options.language, "source": source})
        else:
            print(source, end="")
        return DONE
    found = library.show(options.id, path=options.database)
    if options.json:
        _print_json(found)
    else:
        shown = {"paper": _show_paper, "law": _show_law, "fit": _show_fit, "accounting": _show_accounting}
        {**shown, "dataset": _show_dataset}[found["kind"]](found)
    return DONE


def _source_line(source: dict[str, Any]) -> str:
    via = f", via {source['via']}" if source.get("via") else ""
    return f"{source['paper']}, {source['where']}{via} [{source['basis']}, confidence {source['confidence']}]"


def _unit_text(unit: dict[str, Any] | None) -> str:
    from scalinglaws.units import Unit  # noqa: PLC0415

    return str(Unit.of(unit)) if unit else ""


def _show_paper(paper: dict[str, Any]) -> None:
    print(_bold(f"{paper['label']}  {paper['title']}"))
    print(f"  {', '.join(paper['authors'])}")
    print(_wrap(paper["insight"]))
    print(_wrap(f"Good for: {paper['applicability']}"))
    for heading, lines in (
        ("Laws", paper["laws"] or [paper.get("why_no_laws", "none")]),
        (
            "Claims",
            [f"{each['statement']} [{each['source']['basis']}]" + _verdict(each) for each in paper["claims"]],
        ),
        ("Caveats", [each["text"] for each in paper["caveats"]]),
        ("Public data", paper["public_data"]),
    ):
        if lines:
            print(_bold(heading))
            for line in lines:
                print(textwrap.fill(line, width=100, initial_indent="  - ", subsequent_indent="    "))


def _verdict(claim: dict[str, Any]) -> str:
    return f" - {claim['verdict']}: {claim.get('evidence', '')}" if claim.get("verdict") else ""


def _show_law(law: dict[str, Any]) -> None:
    print(_bold(f"{law['id']}  {law['name']}"))
    print(_wrap(law["summary"]))
    if law["expression"]:
        equals = "" if law["implicit"] else f"{law['output']['symbol']} = "
        print(f"\n    {equals}{law['expression']}")
        for name, part in law["where"].items():
            print(f"    where {name} = {part}")
        print()
    for number, step in enumerate(law["steps"], start=1):
        print(textwrap.fill(step, width=100, initial_indent=f"  {number}. ", subsequent_indent="     "))
    print(f"  {law['output']['symbol']}: {law['output']['meaning']} [{_unit_text(law['output']['unit'])}]")
    for each in law["variables"]:
        fitted = f", fitted {each['fitted_range'][0]:g} to {each['fitted_range'][1]:g}" if each["fitted_range"] else ""
        print(f"  {each['symbol']}: {each['meaning']} [{_unit_text(each['unit'])}]{fitted}")
    for each in law["coefficients"]:
        print(f"  {each['symbol']}: {each['meaning']} (coefficient)")
    print(f"  source: {_source_line(law['source'])}")
    print(f"  rung: {law['rung']}")
    if law["public_data"]:
        print(f"  public data: {', '.join(law['public_data'])}")
    if law["fits"]:
        print(_bold("Fits") + (f" (default {law['default']})" if law["default"] else ""))
        for fit in law["fits"]:
            _show_fit(fit, indent="  ")


def _show_fit(fit: dict[str, Any], indent: str = "") -> None:
    print(f"{indent}{_bold(fit['id'])}  {fit['setting']}")
    values = []
    for name, value in fit["values"].items():
        interval = fit["intervals"].get(name)
        error = fit["standard_errors"].get(name)
        spread = f" [{interval['low']:g}, {interval['high']:g}]" if interval else (f" +- {error:g}" if error else "")
        values.append(f"{name}={value!r}{spread}")
    values += [f"{name} not stated" for name in fit["not_stated"]]
    print(textwrap.fill("  ".join(values), width=100, initial_indent=indent + "  ", subsequent_indent=indent + "  "))
    print(f"{indent}  {_source_line(fit['source'])}")
    for name, source in fit["sources"].items():
        if name not in fit["taken"]:
            print(f"{indent}  {name}: {_source_line(source)}")
    if fit["taken"]:
        origins = dict.fromkeys(place.partition(":")[0] for place in fit["taken"].values())
        print(_wrap(f"{len(fit['taken'])} values taken from {', '.join(origins)}", indent + "  "))
    for dispute in fit["disputed_by"]:
        print(_wrap(f"disputed by {dispute['paper']}: {dispute['reason']}", indent + "  "))


def _pairs(texts: Sequence[str], what: str, example: str) -> dict[str, str]:
    """Texts `NAME=VALUE` by name."""
    from scalinglaws.library import InputError  # noqa: PLC0415

    pairs: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals or not name:
            raise InputError(f"'{text}' is no {what}; write {example}")
        if name in pairs:
            raise InputError(f"{name} is given twice")
        pairs[name] = value.strip()
    return pairs


def _input_texts(options: argparse.Namespace) -> dict[str, str]:
    return _pairs(options.inputs, "input", "SYMBOL=VALUE, as in N=70e9 or C='1e3 PF-day'")


def _parse_inputs(law: Any, options: argparse.Namespace) -> dict[str, float]:
    """The inputs in the law's own units."""
    from scalinglaws.library import InputError, parse_input  # noqa: PLC0415

    inputs: dict[str, float] = {}
    for name, text in _input_texts(options).items():
        try:
            inputs[name] = parse_input(law, name, text)
        except InputError as error:
            raise InputError(f"{name}: {error}") from None
    return inputs


def _assumptions(options: argparse.Namespace) -> dict[str, float]:
    return _numbers(options.assume, "assumption", "NAME=VALUE, as in bytes_per_token=4.3")


def _numbers(texts: Sequence[str], what: str, example: str) -> dict[str, float]:
    """Texts `NAME=VALUE` as numbers by name."""
    from scalinglaws.library import InputError, parse_number  # noqa: PLC0415

    numbers: dict[str, float] = {}
    for name, text in _pairs(texts, what, example).items():
        try:
            numbers[name] = parse_number(text)
        except InputError as error:
            raise InputError(f"{name}: {error}") from None
    return numbers


def _eval(options: argparse.Namespace) -> int:
    from scalinglaws import library  # noqa: PLC0415

    law = library.law(options.law, path=options.database)
    result = law.evaluate(options.fit, options.draws, **_parse_inputs(law, options))
    if options.json:
        _print_json(result.as_dict())
        return DONE
    unit = _unit_text(result.output["unit"])
    print(f"{result.output['symbol']} = {result.value:.10g} {unit}".rstrip())
    if result.interval:
        for name, ends in (("the law's curve", result.interval), ("a new run", result.interval["prediction"])):
            if ends:
                print(f"  {result.interval['level']:.0%} interval of {name}: {ends['low']:.6g} to {ends['high']:.6g}")
        print(f"  from {result.interval['method']}")
    _warn(result.warnings)
    return DONE


def _warn(warnings: Sequence[str]) -> None:
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)


def _solve(options: argparse.Namespace) -> int:
    from scalinglaws import library  # noqa: PLC0415

    law = library.law(options.law, path=options.database)
    between = None
    if options.between:
        low, high = (library.parse_input(law, options.symbol, each) for each in options.between)
        between = (low, high)
    result = law.solution(options.symbol, options.fit, between, **_parse_inputs(law, options))
    if options.json:
        _print_json(result.as_dict())
        return DONE
    print(f"{result.symbol} = {result.value:.10g} {_unit_text(result.unit)}".rstrip())
    _warn(result.warnings)
    return DONE


def _optimize(options: argparse.Namespace) -> int:
    from scalinglaws import library  # noqa: PLC0415

    lets = {}
    for text in options.let:
        name, equals, formula = text.partition("=")
        if not equals or not name.strip():
            raise library.InputError(f"'{text}' defines nothing; write 'N = 516*d**2*n'")
        lets[name.strip()] = formula.strip()
    law = library.law(options.law, path=options.database)
    result = law.optimize(
        [name.strip() for name in options.over.split(",") if name.strip()],
        options.subject_to,
        fit=options.fit,
        lets=lets,
        highest=options.highest,
        **_parse_inputs(law, options),
    )
    if options.json:
        _print_json(result.as_dict())
        return DONE
    for name, value in {**result.optimum, **result.variables}.items():
        if name not in result.given:
            print(f"{name} = {value:.10g}")
    for name, value in result.ratios.items():
        print(f"{name} = {value:.10g}")
    print(f"{result.output['symbol']} = {result.output['value']:.10g} {_unit_text(result.output['unit'])}".rstrip())
    _warn(result.warnings)
    return DONE


def _convert(options: argparse.Namespace) -> int:
    from scalinglaws import units  # noqa: PLC0415

    given = units.parse_quantity(options.amount)
    result = units.convert(given.value, given.unit, units.parse_unit(options.unit), _assumptions(options))
    if options.json:
        _print_json({"given": given.as_dict(), **result.as_dict()})
        return DONE
    print(f"{result.value:.10g} {result.unit}")
    for step in result.steps:
        print(f"  {step}")
    return DONE


def _compare(options: argparse.Namespace) -> int:
    from scalinglaws import comparison  # noqa: PLC0415

    laws = [options.law, *(each for each in options.inputs if "=" not in each)]
    options.inputs = [each for each in options.inputs if "=" in each]
    result = comparison.compare(
        laws,
        conventions=_pairs(options.count, "convention", "SYMBOL=CONVENTION, as in N=embeddings-included"),
        assumptions=_assumptions(options),
        unit=options.unit,
        path=options.database,
        **_input_texts(options),
    )
    if options.json:
        _print_json(result.as_dict())
        return DONE if result.answered else NO_ANSWER
    cells = [("law", str(result.unit) if result.unit else "no value")]
    cells += [(row.label, "-" if row.value is None else f"{row.value:.6g}") for row in result.rows]
    left, right = (max(len(cell[side]) for cell in cells) for side in (0, 1))
    for number, (label, value) in enumerate(cells):
        line = f"{label:<{left}}  {value:>{right}}"
        print(_bold(line) if number == 0 else line)
    if result.spread:
        times = f", {result.spread['ratio']:.4g} times" if result.spread["ratio"] else ""
        print(f"from {result.spread['lowest']:.6g} to {result.spread['highest']:.6g}{times}")
    reasons = [(row, row.reason or "; ".join(row.steps)) for row in result.rows if row.reason or row.steps]
    for note in _said_once(reasons, result.rows):
        print(_wrap(note, ""))
    warnings = [(row, warning) for row in result.answered for warning in row.warnings]
    _warn(_said_once(warnings, result.rows) + result.warnings)
    return DONE if result.answered else NO_ANSWER


def _said_once(notes: Sequence[tuple[Any, str]], rows: Sequence[Any]) -> list[str]:
    """Notes on rows of a comparison, each behind its row's label; what several fits of a law share is said once."""
    sharing: dict[tuple[str, str], list[Any]] = {}
    for row, text in notes:
        sharing.setdefault((row.law, text), []).append(row)
    said = []
    for (law, text), same in sharing.items():
        others = [row.label.removeprefix(f"{law}/") for row in same[1:]]
        whole = len(same) > 1 and len(same) == sum(row.law == law for row in rows)
        label = f"{law}, every fit" if whole else ", ".join([same[0].label, *others])
        said.append(text if text.startswith((same[0].label, str(same[0].fit))) else f"{label}: {text}")
    return said


def _flops(options: argparse.Namespace) -> int:
    from scalinglaws import accounting, flops_report, library  # noqa: PLC0415

    document = accounting.accounting(path=options.database)
    if options.list:
        if options.model is not None or options.inputs:
            raise library.InputError("--list takes no model and no shape")
        models = [{key: each[key] for key in ("id", "name", "shape", "sizes")} for each in document["models"]]
        _print_json(models) if options.json else print(flops_report.models_text(document), end="")
        return DONE
    model, inputs = options.model, list(options.inputs)
    if model is not None and "=" in model:
        model, inputs = None, [model, *inputs]
    if model is None and not inputs:
        raise library.InputError("name a known model (flops --list), or give a shape: layers=80 width=8192 ...")
    shape = _numbers(inputs, "part of a shape", "SYMBOL=VALUE, as in layers=80")
    for name in ("model", "path"):
        if name in shape:
            raise library.InputError(f"a shape has no '{name}'; see scalinglaws flops --help")
    count = accounting.flops(model, path=options.database, **shape)
    if options.json:
        _print_json(count.as_dict())
        return DONE
    print(flops_report.count_text(document, count), end="")
    _warn(count.warnings)
    return DONE


def _flops_symbols() -> str:
    from scalinglaws import accounting, database, flops_report  # noqa: PLC0415

    try:
        return flops_report.symbols_text(accounting.accounting())
    except database.DatabaseError:
        return ""


def _show_dataset(document: dict[str, Any]) -> None:
    from scalinglaws import datasets_command  # noqa: PLC0415

    print(datasets_command.dataset_text(document), end="")


def _show_accounting(document: dict[str, Any]) -> None:
    from scalinglaws import flops_report  # noqa: PLC0415

    print(flops_report.formulas_text(document), end="")


def _query(options: argparse.Namespace) -> int:
    from scalinglaws import database, library  # noqa: PLC0415

    asked = [each for each in (options.statement, options.name, options.list or None) if each is not None]
    if len(asked) != 1:
        raise library.InputError("give a SELECT, or --name NAME, or --list: one of them")
    if options.limit is not None and options.limit < 1:
        raise library.InputError(f"--limit must be at least 1, not {options.limit}")
    limit = options.limit if options.limit is not None else database.MAX_ROWS
    style = options.format or ("json" if options.json else "table")
    if options.list:
        return _list_queries(style, limit)
    if options.name is not None:
        statement = library.named_query(options.name).sql
    else:
        statement = sys.stdin.read() if options.statement == "-" else options.statement
    rows = database.run_query(library.connect(options.database), statement, max_rows=min(limit, database.MAX_ROWS))
    _print_rows(rows, style)
    if rows.truncated:
        print(f"scalinglaws: only the first {len(rows)} rows are shown", file=sys.stderr)
    return DONE


def _list_queries(style: str, limit: int) -> int:
    from scalinglaws import database, library  # noqa: PLC0415

    queries = list(library.named_queries().values())
    if style == "table":
        for each in queries[:limit]:
            print(f"{_bold(each.name)}  {each.title}\n{_wrap(each.answers, '    ')}")
    else:
        listed = tuple((each.name, each.title, each.answers) for each in queries[:limit])
        _print_rows(database.Rows(("name", "title", "answers"), listed), style)
    if len(queries) > limit:
        print(f"scalinglaws: only the first {limit} queries are shown", file=sys.stderr)
    return DONE


def _print_rows(rows: Any, style: str) -> None:
    if style == "json":
        _print_json(list(rows))
    elif style == "csv":
        import csv  # noqa: PLC0415

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(rows.columns)
        writer.writerows(rows.rows)
    elif style == "markdown":
        print("| " + " | ".join(rows.columns) + " |")
        print("|" + " --- |" * len(rows.columns))
        for row in rows.rows:
            print("| " + " | ".join(_cell(value).replace("|", "\\|") for value in row) + " |")
    else:
        cells = [list(rows.columns), *([_cell(value) for value in row] for row in rows.rows)]
        widths = [min(max(len(row[i]) for row in cells), 60) for i in range(len(rows.columns))]
        for number, row in enumerate(cells):
            line = "  ".join(_clip(value, width).ljust(width) for value, width in zip(row, widths, strict=True))
            print(_bold(line.rstrip()) if number == 0 else line.rstrip())


def _cell(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split())


def _clip(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."


def _search(options: argparse.Namespace) -> int:
    from scalinglaws import library  # noqa: PLC0415

    if options.limit < 1:
        raise library.InputError(f"--limit must be at least 1, not {options.limit}")
    found = library.search(" ".join(options.words), options.limit, path=options.database)
    if options.json:
        _print_json(found)
    else:
        for each in found:
            print(f"{each['kind']:<9}{_bold(each['id'])}  {each['title'] or each['snippet']}")
    return _found(found, "entry")


def _check(options: argparse.Namespace) -> int:
    from scalinglaws.catalog import Catalog  # noqa: PLC0415
    from scalinglaws.catalog_files import catalog_root, read_contents  # noqa: PLC0415
    from scalinglaws.problems import InvalidRecords, Problem  # noqa: PLC0415

    folders = [path for path in options.paths if path.is_dir()]
    contents = read_contents(folders[0] if folders else catalog_root())
    problems: list[Problem] = []
    named: set[str] = set()
    for path in options.paths:
        if path.is_dir():
            continue
        folder = "datasets" if path.parent.name == "datasets" else "papers"
        name = path.name if path.name in contents else f"{folder}/{path.name}"
        named.add(name)
        try:
            contents[name] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(str(path), "", f"cannot be read: {error}", "name a record file in UTF-8"))
    try:
        catalog = Catalog.from_contents(contents)
        count = f"{_plural(len(catalog.papers), 'paper')}, {_plural(sum(1 for _ in catalog.laws()), 'law')}"
    except InvalidRecords as error:
        problems += [each for each in error.problems if not named or folders or each.file in named]
        others = len(error.problems) - len([each for each in error.problems if each in problems])
        count = f"the other files have {_plural(others, 'problem')} of their own" if others else ""
    if options.json:
        _print_json({"valid": not problems, "problems": [each.as_dict() for each in problems]})
    else:
        for each in problems:
            print(each)
        summary = f"{_plural(len(problems), 'problem')} found" if problems else "no problems found"
        print(f"{summary}{f' ({count})' if count else ''}", file=sys.stderr if problems else sys.stdout)
    return NO_ANSWER if problems else DONE


def _build(options: argparse.Namespace) -> int:
    from scalinglaws.build import build_database  # noqa: PLC0415
    from scalinglaws.catalog import Catalog  # noqa: PLC0415
    from scalinglaws.catalog_files import checkout_root  # noqa: PLC0415
    from scalinglaws.library import InputError  # noqa: PLC0415

    if options.database_url and options.out:
        raise InputError("give --database-url or --out, not both")
    if options.database_url:
        if not options.database_url.startswith("sqlite:///") or len(options.database_url) == len("sqlite:///"):
            raise InputError(f"'{options.database_url}' is not supported; write sqlite:///PATH")
        path = Path(options.database_url.removeprefix("sqlite:///"))
    else:
        folder = options.out or (checkout_root() or Path.cwd()) / "build"
        path = folder / "catalog.sqlite"
    catalog = Catalog.load()
    build_database(catalog, path)
    summary = {
        "database": str(path),
        "papers": len(catalog.papers),
        "laws": sum(1 for _ in catalog.laws()),
        "records_sha256": catalog.hash,
    }
    if options.json:
        _print_json(summary)
    else:
        print(
            f"built {path}: {_plural(len(catalog.papers), 'paper')}, {_plural(sum(1 for _ in catalog.laws()), 'law')}"
        )
    return DONE


if __name__ == "__main__":
    sys.exit(main())
