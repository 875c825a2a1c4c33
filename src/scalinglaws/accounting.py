"""What Python users call to count a model's parameters and FLOP by every convention of the field."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from scalinglaws.database import access
from scalinglaws.database.access import DatabaseError
from scalinglaws.library import InputError, UnknownName, connect
from scalinglaws.tally import Accountant, ShapeError


@dataclass(frozen=True)
class FlopCount:
    """Parameters and FLOP of one shape by every convention.

    Attributes:
        model: id of the known model, or none.
        shape: every symbol of the shape, those that were left out by default.
        parameters: number of parameters, by convention.
        forward_flop_per_token: FLOP of the forward pass per token, by rule.
        flop_per_token: FLOP of training (forward and backward) per token, by rule.
        training_flop: FLOP of the whole training, by rule; empty where the tokens are not known.
        differences: how far each rule lies from the first, as a fraction of the first.
        warnings: what to beware of with this shape.
    """

    model: str | None
    shape: dict[str, float]
    parameters: dict[str, float]
    forward_flop_per_token: dict[str, float]
    flop_per_token: dict[str, float]
    training_flop: dict[str, float]
    differences: dict[str, float]
    warnings: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The counts as `flops --json` prints them."""
        return {
            "model": self.model,
            "shape": self.shape,
            "parameters": self.parameters,
            "forward_flop_per_token": self.forward_flop_per_token,
            "flop_per_token": self.flop_per_token,
            "training_flop": self.training_flop,
            "differences": self.differences,
            "warnings": self.warnings,
        }


def accounting(*, path: str | os.PathLike[str] | None = None) -> dict[str, Any]:
    """Everything known about counting: symbols, formulas, rules, known models, each with its source.

    Args:
        path: a database file or a server's URL, if not the default one.

    Raises:
        DatabaseError: if the database was built before there was any.
    """
    found = access.document(connect(path), "accounting")
    if found is None:
        raise DatabaseError("the database holds no formulas for counting FLOP; run scalinglaws build")
    return found


def flops(model: str | None = None, *, path: str | os.PathLike[str] | None = None, **shape: float) -> FlopCount:
    """Parameters and FLOP of a decoder-only Transformer, by every convention of the field.

    Biases, norms and activation functions are left out everywhere.

    Args:
        model: id of a known model, such as `chinchilla-70b`; what is given besides takes the place of its own.
        path: a database file or a server's URL, if not the default one.
        **shape: numbers by symbol: `layers`, `width`, `heads`, `vocabulary`, `context`, and where they are not the
            usual ones `key_size`, `kv_heads`, `feed_forward`, `gated`, `tied`, `experts`, `experts_per_token`,
            `relative_positions`, `learned_positions`; `tokens` for the FLOP of the whole training.

    Raises:
        UnknownName: no known model has that id; the message gives the nearest.
        InputError: for a symbol that is unknown or missing, and a number that is impossible.
    """
    document = accounting(path=path)
    given: dict[str, Any] = dict(shape)
    if model is not None:
        given = {**_known(document, model)["shape"], **shape}
    accountant = Accountant(document)
    try:
        complete = accountant.complete(given)
    except ShapeError as error:
        raise InputError(str(error)) from None
    tally = accountant.tally(complete)
    first = next(iter(tally.training.values()))
    tokens = complete.get("tokens")
    return FlopCount(
        model=model,
        shape=complete,
        parameters=tally.sizes,
        forward_flop_per_token=tally.forward,
        flop_per_token=tally.training,
        training_flop={} if tokens is None else {name: tokens * each for name, each in tally.training.items()},
        differences={name: each / first - 1 for name, each in tally.training.items()},
        warnings=tally.cautions,
    )


def _known(document: dict[str, Any], model: str) -> dict[str, Any]:
    known: dict[str, dict[str, Any]] = {each["id"]: each for each in document["models"]}
    if model not in known:
        close = get_close_matches(model, known, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(known)}"
        raise UnknownName(f"no known model '{model}'; {hint}")
    return known[model]
