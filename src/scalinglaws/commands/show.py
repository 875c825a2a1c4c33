"""The command `show`: a paper, a law, a fit, a dataset or the accounting, told on the terminal."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from scalinglaws.commands import DONE
from scalinglaws.commands.datasets import dataset_text
from scalinglaws.commands.printing import bold, bullet, print_json, unit_text, wrap


def add_show(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    sub = command("show", run, "show everything known about a paper, law, fit or dataset")
    sub.add_argument("id", metavar="ID", help="such as hoffmann2022, hoffmann2022/parametric or .../besiroglu2024")
    sub.add_argument(
        "--as", dest="language", metavar="LANGUAGE", help="only the formula, as python, javascript, latex or sql"
    )


def run(options: argparse.Namespace) -> int:
    """Print the formula alone, or everything known."""
    from scalinglaws import library  # noqa: PLC0415

    if options.language:
        law = library.law(options.id, path=options.database)
        source = law.source(options.language)
        if options.json:
            print_json({"id": law.id, "language": options.language, "source": source})
        else:
            print(source, end="")
        return DONE
    found = library.show(options.id, path=options.database)
    if options.json:
        print_json(found)
    else:
        _SHOWN[found["kind"]](found)
    return DONE


def _show_paper(paper: dict[str, Any]) -> None:
    print(bold(f"{paper['label']}  {paper['title']}"))
    print(f"  {', '.join(paper['authors'])}")
    print(wrap(paper["insight"]))
    print(wrap(f"Good for: {paper['applicability']}"))
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
            print(bold(heading))
            for line in lines:
                print(bullet(line))


def _verdict(claim: dict[str, Any]) -> str:
    return f" - {claim['verdict']}: {claim.get('evidence', '')}" if claim.get("verdict") else ""


def _show_law(law: dict[str, Any]) -> None:
    print(bold(f"{law['id']}  {law['name']}"))
    print(wrap(law["summary"]))
    if law["expression"]:
        equals = "" if law["implicit"] else f"{law['output']['symbol']} = "
        print(f"\n    {equals}{law['expression']}")
        for name, part in law["where"].items():
            print(f"    where {name} = {part}")
        print()
    for number, step in enumerate(law["steps"], start=1):
        print(wrap(step, "     ", f"  {number}. "))
    print(f"  {law['output']['symbol']}: {law['output']['meaning']} [{unit_text(law['output']['unit'])}]")
    for each in law["variables"]:
        fitted = f", fitted {each['fitted_range'][0]:g} to {each['fitted_range'][1]:g}" if each["fitted_range"] else ""
        print(f"  {each['symbol']}: {each['meaning']} [{unit_text(each['unit'])}]{fitted}")
    for each in law["coefficients"]:
        print(f"  {each['symbol']}: {each['meaning']} (coefficient)")
    print(f"  source: {_source_line(law['source'])}")
    print(f"  modalities: {_modalities(law)}")
    print(f"  rung: {law['rung']}")
    if law["public_data"]:
        print(f"  public data: {', '.join(law['public_data'])}")
    if law["fits"]:
        print(bold("Fits") + (f" (default {law['default']})" if law["default"] else ""))
        for fit in law["fits"]:
            _show_fit(fit, indent="  ")


def _modalities(document: dict[str, Any]) -> str:
    """The modalities of a law or fit, and whose they are where the record says nothing of it."""
    whose, own = document["modalities_of"], document["modalities_of"] == document["kind"]
    return (", ".join(document["modalities"]) or "not stated") + ("" if own else f" (of the {whose})")


def _show_fit(fit: dict[str, Any], indent: str = "") -> None:
    print(f"{indent}{bold(fit['id'])}  {fit['setting']}")
    values = []
    for name, value in fit["values"].items():
        interval = fit["intervals"].get(name)
        error = fit["standard_errors"].get(name)
        spread = f" [{interval['low']:g}, {interval['high']:g}]" if interval else (f" +- {error:g}" if error else "")
        values.append(f"{name}={value!r}{spread}")
    values += [f"{name} not stated" for name in fit["not_stated"]]
    print(wrap("  ".join(values), indent + "  "))
    print(f"{indent}  {_source_line(fit['source'])}")
    if fit["modalities_of"] == "fit":
        print(f"{indent}  modalities: {_modalities(fit)}")
    for name, source in fit["sources"].items():
        if name not in fit["taken"]:
            print(f"{indent}  {name}: {_source_line(source)}")
    if fit["taken"]:
        origins = dict.fromkeys(place.partition(":")[0] for place in fit["taken"].values())
        print(wrap(f"{len(fit['taken'])} values taken from {', '.join(origins)}", indent + "  "))
    for dispute in fit["disputed_by"]:
        print(wrap(f"disputed by {dispute['paper']}: {dispute['reason']}", indent + "  "))


def _show_dataset(document: dict[str, Any]) -> None:
    print(dataset_text(document), end="")


def _show_accounting(document: dict[str, Any]) -> None:
    print("Counts")
    for each in document["counts"]:
        print(f"  {each['symbol']} = {each['expression']}")
        print(f"      {each['meaning']}; {_source_line(each['source'])}")
    print("Rules, FLOP per token")
    for each in document["rules"]:
        print(f"  {each['id']}: forward = {each['forward']}; training = {each['training']}")
        print(wrap(each["summary"], "      "))
        print(f"      {_source_line(each['source'])}")
    print("Left out")
    for text in document["left_out"]:
        print(bullet(text))


def _source_line(source: dict[str, Any]) -> str:
    via = f", via {source['via']}" if source.get("via") else ""
    return f"{source['paper']}, {source['where']}{via} [{source['basis']}, confidence {source['confidence']}]"


_SHOWN = {
    "paper": _show_paper,
    "law": _show_law,
    "fit": _show_fit,
    "dataset": _show_dataset,
    "accounting": _show_accounting,
}
