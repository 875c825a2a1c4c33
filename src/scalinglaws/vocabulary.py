"""The closed lists a record may choose from, each code with its meaning; extended by pull request only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import core_schema

BASIS = MappingProxyType(
    {
        "paper": "the paper's own text, or a faithful copy of its text or source, was seen",
        "code": "the paper's repository (or a named one) was seen",
        "page": "a note, review or summary was seen; via names it",
        "recalled": "from memory; no source was seen",
        "derived": "computed from other values recorded here",
        "refit": "fitted by this catalog",
    }
)

CONFIDENCE = MappingProxyType(
    {
        "high": "seen in the source, or confirmed by a second one",
        "medium": "one indirect source, or a reading that leaves some room",
        "low": "uncertain; verify before use",
    }
)

_LOSS = {
    f"{amount}/{per}": f"cross-entropy loss in {amount}s per {per}"
    for amount in ("nat", "bit")
    for per in ("token", "byte", "character", "word", "image", "dimension")
}

QUANTITIES = MappingProxyType(
    {
        "parameters": "model parameters; say which by the convention",
        "tokens": "tokens of text or of another tokenised modality",
        "characters": "characters of text",
        "bytes": "bytes",
        "words": "words of text",
        "examples": "training or evaluation examples",
        "images": "images",
        "classes": "classes of a classification problem",
        "steps": "optimiser updates",
        "epochs": "passes over the data",
        "samples": "samples drawn from a model",
        "experts": "experts of a mixture",
        "layers": "layers",
        "vocabulary entries": "entries of a tokenizer's vocabulary",
        "bits": "bits",
        "cells": "side of a game board, in cells",
        "fraction": "a share or probability between 0 and 1",
        "FLOP": "floating-point operations",
        "PF-day": "petaFLOP/s-days; one is 8.64e19 FLOP",
        "TPU-core-day": "days of one TPU core",
        "dollar": "US dollars",
        "GPU-hour": "hours of one GPU",
        **_LOSS,
        "perplexity": "exponential of the loss in nats",
        "accuracy": "share of correct answers, 0 to 1",
        "error rate": "share of wrong answers, 0 to 1",
        "Elo": "Elo points; 400 are a factor of ten in the odds",
        "KL divergence": "Kullback-Leibler divergence in nats",
        "root KL": "square root of a Kullback-Leibler divergence in nats",
        "reward": "reward-model score",
        "mean squared error": "mean squared error",
        "score": "a score of the paper's own making",
        "dimensionless": "a pure number, exponent or ratio",
        "any": "the law holds for any quantity here; the fit's setting says which",
    }
)

CONVENTIONS = MappingProxyType(
    {
        "embeddings-included": "all parameters, embedding matrices too",
        "embeddings-excluded": "parameters without token and position embeddings",
        "embeddings-unclear": "the paper does not say whether embeddings are counted",
        "active": "parameters used for one token",
        "total": "all parameters, used for a token or not",
        "nonzero": "parameters left after pruning",
        "forward-only": "operations of the forward pass alone",
        "6ND": "compute counted as 6 FLOP per parameter and token",
        "dense-equivalent": "size or compute of the dense model with the same loss",
        "batch-adjusted": "at a batch far from critical size: steps far above it, compute far below it",
        "relative": "measured from the strongest possible play, model or value",
    }
)

DIRECTIONS = MappingProxyType(
    {
        "lower": "lower is better",
        "higher": "higher is better",
        "neither": "neither end is better in itself",
        "varies": "depends on the quantity the fit is about",
    }
)

DOMAINS = MappingProxyType(
    {
        "positive": "greater than zero",
        "nonnegative": "zero or greater",
        "fraction": "between 0 and 1, both included",
        "real": "any finite number",
    }
)

LAW_KINDS = MappingProxyType(
    {
        "formula": "an expression that can be evaluated",
        "procedure": "steps that cannot be put as one expression",
    }
)

CODE_STATES = MappingProxyType(
    {
        "released": "public and seen",
        "partial": "some of it is public and seen",
        "none": "looked for; none was found",
        "not-stated": "nobody has looked yet, or it cannot be told",
    }
)

OPTIMIZERS = MappingProxyType(
    {
        "bfgs": "BFGS",
        "l-bfgs": "L-BFGS, with or without bounds",
        "least-squares": "non-linear least squares (Levenberg-Marquardt or trust region)",
        "linear-regression": "linear least squares, in closed form",
        "adam": "Adam",
        "adagrad": "Adagrad",
        "gradient-descent": "plain gradient descent",
        "newton": "Newton steps",
        "grid-search": "the best cell of a grid",
        "by-eye": "drawn by hand or eye",
        "not-stated": "the source does not say",
    }
)

OBJECTIVES = MappingProxyType(
    {
        "squares": "squared residuals",
        "absolute": "absolute residuals",
        "huber": "Huber's function of the residuals",
        "log-squares": "squared residuals of the logarithm",
        "not-stated": "the source does not say",
    }
)

INITIALISATIONS = MappingProxyType(
    {
        "grid": "starts on a grid",
        "random": "starts drawn at random",
        "restarts": "several restarts, the best one kept",
        "guess": "one start, guessed from the data or by hand",
        "closed-form": "no start needed",
        "not-stated": "the source does not say",
    }
)

VALIDATIONS = MappingProxyType(
    {
        "extrapolation": "held-out runs beyond the fitted scale",
        "hold-out": "held-out runs inside the fitted scale",
        "bootstrap": "refits to resampled data",
        "intervals": "confidence intervals by another method",
        "goodness-of-fit": "a goodness-of-fit figure on the fitted data",
        "by-eye": "a look at the plotted curve",
        "none": "the source says that there was none",
        "not-stated": "the source does not say",
    }
)

RELATIONS = MappingProxyType(
    {
        "same": "the survey's form is the paper's, up to the names of symbols",
        "differs": "the survey's form is another function",
        "garbled": "the survey's form cannot be read with certainty",
        "absent": "the survey gives no form",
    }
)

DATA_FORMATS = MappingProxyType(
    {
        "csv": "comma-separated values under a line of names",
        "csv.gz": "the same, compressed with gzip",
        "json-columns": "a JSON object of columns, each an object of values by row",
        "json-pairs": "a JSON object of names and numbers: two columns",
        "lines": "one value a line, without a head",
        "checkpoint-log": "tab-separated lines of checkpoint, validation file and loss",
        "run-notebook": "a notebook with losses by run name as dict literals; the name holds size and tokens",
        "parquet": "Apache Parquet; not read here",
        "figure": "a vector figure; not read here",
    }
)

#: Formats whose rows stand in a derived CSV alone.
UNREAD_FORMATS = ("parquet", "figure")

REDISTRIBUTION = MappingProxyType(
    {
        "yes": "the licence allows it",
        "no": "no licence was found, so nothing allows it",
        "not-stated": "it cannot be told",
    }
)

VERDICTS = MappingProxyType(
    {
        "reproduced": "the published values reach the objective's minimum within 1 %",
        "reproduced-with-quirk": "the same, but only with something that the paper does not say",
        "within-interval": "each published value lies in the refit's 95 % interval, though as printed they fit worse",
        "local-optimum": "a search from the published values stays there, and a lower minimum exists elsewhere",
        "not-the-minimum": "the published values have an objective up to twice the minimum, and a search leaves them",
        "not-reproduced": "the published values have more than twice the minimum's objective, or no value at all",
        "new-values": "the source states no values: these are the first",
    }
)

#: Every list above under the name that the database's `doc` table and the field reference use.
VOCABULARIES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "basis": BASIS,
        "confidence": CONFIDENCE,
        "quantity": QUANTITIES,
        "convention": CONVENTIONS,
        "direction": DIRECTIONS,
        "domain": DOMAINS,
        "law kind": LAW_KINDS,
        "code state": CODE_STATES,
        "optimizer": OPTIMIZERS,
        "objective": OBJECTIVES,
        "initialisation": INITIALISATIONS,
        "validation": VALIDATIONS,
        "survey relation": RELATIONS,
        "verdict": VERDICTS,
        "data format": DATA_FORMATS,
        "redistribution": REDISTRIBUTION,
    }
)


#: Lists that a term of the glossary may name: those above, and the rungs, which stand with the rules that reach them.
CODE_LISTS: Mapping[str, str] = MappingProxyType(
    {**{name: f"the codes of {name}" for name in VOCABULARIES}, "rung": "the rungs of the ladder of trust"}
)


def nearest(name: str, choices: Mapping[str, Any] | list[str] | set[str] | tuple[str, ...]) -> str:
    """The closest of `choices` to a name that is not among them, as the end of a message."""
    close = get_close_matches(name, list(choices), n=3, cutoff=0.5)
    if not close:
        lowered = name.lower()
        close = [choice for choice in choices if lowered and lowered in choice.lower()][:3]
    return f"did you mean {' or '.join(close)}?" if close else ""


@dataclass(frozen=True, eq=False)
class OneOf:
    """Pydantic annotation for a string that must be a code of one closed list."""

    title: str
    codes: Mapping[str, str]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Validate as a string, then look the code up."""
        from pydantic_core import core_schema  # noqa: PLC0415 - the lists alone do without Pydantic

        return core_schema.no_info_after_validator_function(self._look_up, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """An enumeration whose members editors can explain."""
        return {
            "type": "string",
            "enum": list(self.codes),
            "markdownEnumDescriptions": list(self.codes.values()),
        }

    def _look_up(self, value: str) -> str:
        if value not in self.codes:
            from pydantic_core import PydanticCustomError  # noqa: PLC0415

            hint = nearest(value, self.codes) or f"choose one of: {', '.join(self.codes)}"
            raise PydanticCustomError(
                "vocabulary",
                "'{value}' is no {title}; {hint}",
                {"value": value, "title": self.title, "hint": hint, "first": next(iter(self.codes))},
            )
        return value
