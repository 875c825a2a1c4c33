"""One budget under several published sets of coefficients: what the home page shows before it says anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scalinglaws.database.documents import fit_values
from scalinglaws.units import Unit, convert

#: Gopher's training compute in FLOP: the row of Table 3 of hoffmann2022 that is one in units of Gopher's.
BUDGET = 5.76e23
#: The law and the fit by which a share of the budget counts as wasted: the one that others confirmed.
JUDGE = ("hoffmann2022/parametric", "besiroglu2024")


@dataclass(frozen=True)
class Answer:
    """A law of the best size for a budget, with a fit of it, in the words of the page.

    Attributes:
        law: its one variable is compute.
        fit: one of its fits.
        label: a few words for the chart.
        words: where the coefficients come from.
        judged: whether its sizes mean what the judge's do, so that the judge can price them.
    """

    law: str
    fit: str
    label: str
    words: str
    judged: bool = True


ANSWERS = (
    Answer("hoffmann2022/nopt", "published-rounded", "rounded", "as Hoffmann et al. print them, to two digits"),
    Answer("hoffmann2022/nopt", "tex-precise", "unrounded", "the same fit, unrounded"),
    Answer(
        "hoffmann2022/nopt",
        "besiroglu2024",
        "refitted",
        "refitted by Besiroglu et al. to the points of the paper's own figure",
    ),
    Answer(
        "kaplan2020/nopt",
        "published",
        "Kaplan et al.",
        "Kaplan et al., two years before; parameters without embeddings",
        judged=False,
    ),
)


def description(laws: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What `budget.mjs` computes with: coefficients and modules of the answers and of the judge.

    Args:
        laws: documents by law id.
    """
    answers = []
    for each in ANSWERS:
        law = laws[each.law]
        (variable,) = law["variables"]
        unit = variable["unit"]
        answers.append(
            {
                "law": each.law,
                "fit": each.fit,
                "label": each.label,
                "words": each.words,
                "judged": each.judged,
                "module": f"laws/{each.law}.mjs",
                "values": fit_values(law, each.fit),
                "symbol": variable["symbol"],
                "per_flop": convert(1.0, "FLOP", Unit(unit["quantity"], unit["scale"])).value,
            }
        )
    judge, fit = JUDGE
    (compute,) = laws[ANSWERS[0].law]["variables"]
    return {
        "budget": BUDGET,
        "range": compute["fitted_range"],
        "answers": answers,
        "judge": {"module": f"laws/{judge}.mjs", "fit": fit, "values": fit_values(laws[judge], fit)},
    }
