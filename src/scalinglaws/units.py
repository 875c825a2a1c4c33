"""Units and conventions of counting: read as people write them, and converted by named factors.

A unit is the catalog's triple of quantity, scale and convention, from the closed lists of `vocabulary`. Every way from
one to another stands in `FACTORS` as data. What only holds for one tokenizer, model or accelerator enters as an
assumption that the caller states; without it the conversion is refused and the refusal names it.
"""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from scalinglaws.vocabulary import CONVENTIONS, QUANTITIES, nearest

_TEXT_PIECES = ("character", "byte", "word")
_COMPUTE = ("FLOP", "PF-day", "TPU-core-day", "GPU-hour")


class UnitError(ValueError):
    """A text, unit, value or assumption that means nothing; the message says what to write instead."""


class NotConvertible(ValueError):
    """No conversion leads from one unit to the other.

    Attributes:
        reason: why not, and what assumption would make it possible.
        missing: names of the assumptions that would; empty if none can.
    """

    def __init__(self, source: object, target: object, reason: str, missing: Sequence[str] = ()) -> None:
        self.reason = reason
        self.missing = tuple(missing)
        super().__init__(f"{source} cannot be converted into {target}: {reason}")


@dataclass(frozen=True)
class Unit:
    """What is counted, in multiples of what, and how.

    Raises:
        UnitError: for a quantity or convention outside the closed lists, or an impossible scale.
    """

    quantity: str
    scale: float = 1.0
    convention: str | None = None

    def __post_init__(self) -> None:
        if self.quantity not in QUANTITIES:
            raise UnitError(f"'{self.quantity}' is no unit; {_hint(self.quantity)}")
        if self.convention is not None and self.convention not in CONVENTIONS:
            hint = nearest(self.convention, CONVENTIONS) or f"choose one of {', '.join(CONVENTIONS)}"
            raise UnitError(f"'{self.convention}' is no convention; {hint}")
        if not (math.isfinite(self.scale) and self.scale > 0):
            raise UnitError(f"the scale of a unit is greater than zero, not {self.scale:g}")

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Unit:
        """The unit that a law's document holds."""
        return cls(document["quantity"], float(document["scale"]), document["convention"])

    def __str__(self) -> str:
        scale = f"{_digits(self.scale)} " if self.scale != 1 else ""
        return f"{scale}{self.quantity}" + (f" ({self.convention})" if self.convention else "")

    @property
    def plain(self) -> Unit:
        """The unit a bare number is read in: scale 1, and FLOP for PF-days."""
        return Unit("FLOP" if self.quantity == "PF-day" else self.quantity, 1.0, self.convention)

    def counted(self, convention: str | None) -> Unit:
        """The same unit, counted by a convention."""
        return Unit(self.quantity, self.scale, convention)

    def as_dict(self) -> dict[str, Any]:
        """The unit in its three fields, as in a law's document."""
        return {"quantity": self.quantity, "scale": self.scale, "convention": self.convention}


@dataclass(frozen=True)
class Amount:
    """A number with its unit."""

    value: float
    unit: Unit

    def __str__(self) -> str:
        return f"{_digits(self.value)} {'x ' if self.unit.scale != 1 else ''}{self.unit}"

    def as_dict(self) -> dict[str, Any]:
        """The number beside its unit's fields."""
        return {"value": self.value, "unit": self.unit.as_dict()}


@dataclass(frozen=True)
class Conversion:
    """A value in another unit.

    Attributes:
        value: the number in `unit`.
        unit: the unit asked for.
        steps: a sentence for each factor used, in order.
    """

    value: float
    unit: Unit
    steps: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The conversion as `convert --json` prints it."""
        return {"value": self.value, "unit": self.unit.as_dict(), "steps": list(self.steps)}


@dataclass(frozen=True)
class Assumption:
    """A number that holds for one tokenizer, model or machine, and that only the caller can know."""

    meaning: str
    allowed: str = "greater than zero"


#: Every assumption a conversion can ask for.
ASSUMPTIONS: Mapping[str, Assumption] = MappingProxyType(
    {
        "characters_per_token": Assumption("characters of text in one token"),
        "bytes_per_token": Assumption("bytes of text in one token"),
        "words_per_token": Assumption("words of text in one token"),
        "dimensions_per_image": Assumption("dimensions of one image, such as 3072 for 32x32 in colour"),
        "flop_per_second": Assumption("FLOP that the GPU or TPU core sustains each second"),
        "embedding_parameters": Assumption("parameters of the embeddings", "zero or greater"),
        "unclear_includes_embeddings": Assumption("1 if the unclear count holds the embeddings, 0 if not", "0 or 1"),
        "active_fraction": Assumption("share of all parameters used for one token", "above 0 and at most 1"),
        "sparsity": Assumption("share of all parameters that pruning removed", "at least 0 and below 1"),
        "batch_over_critical": Assumption("batch size over the critical batch size"),
    }
)

_ALLOWED: Mapping[str, Callable[[float], bool]] = {
    "greater than zero": lambda x: x > 0,
    "zero or greater": lambda x: x >= 0,
    "0 or 1": lambda x: x in (0, 1),
    "above 0 and at most 1": lambda x: 0 < x <= 1,
    "at least 0 and below 1": lambda x: 0 <= x < 1,
}


@dataclass(frozen=True)
class Factor:
    """One way from a unit to another; it is walked backwards too.

    Attributes:
        source: a quantity, or a convention where `among` names quantities (none: no convention).
        target: where it leads, of the same kind.
        operation: how a value in `source` becomes one in `target`: `times` or `over` the amount, `plus` it, or `exp`,
            `complement` (one minus the value) or `square`.
        text: what the factor says, as a sentence; `{x}` stands for the assumption's value.
        number: the amount, or what multiplies the assumption's part of it.
        assumption: the assumption in the amount, if any.
        form: how the assumption x enters: `x`, `1 - x`, `1 + x` or `1 + 1/x`.
        among: the quantities whose conventions it relates; empty for a factor between quantities.
        when: it holds only where this assumption has this value.
    """

    source: str | None
    target: str | None
    operation: str
    text: str
    number: float = 1.0
    assumption: str | None = None
    form: str = "x"
    among: tuple[str, ...] = ()
    when: tuple[str, float] | None = None

    @property
    def needs(self) -> tuple[str, ...]:
        """Names of the assumptions it takes."""
        return tuple(name for name in (self.when and self.when[0], self.assumption) if name)

    def as_dict(self) -> dict[str, Any]:
        """The factor as plain values, for pages and scripts that convert by the same table."""
        return asdict(self)


def _unclear(source: str | None) -> list[Factor]:
    said = source or "a count without a convention"
    return [
        Factor(
            source,
            f"embeddings-{which}",
            "times",
            f"{said} is taken as embeddings-{which} (assumed)",
            among=("parameters",),
            when=("unclear_includes_embeddings", value),
        )
        for which, value in (("included", 1.0), ("excluded", 0.0))
    ]


FACTORS: tuple[Factor, ...] = (
    Factor("PF-day", "FLOP", "times", "one PF-day is 8.64e19 FLOP", 8.64e19),
    *(
        Factor(
            device,
            "FLOP",
            "times",
            f"one {device} is {seconds:g} seconds at {{x:g}} FLOP per second (assumed)",
            seconds,
            "flop_per_second",
        )
        for device, seconds in (("GPU-hour", 3600.0), ("TPU-core-day", 86400.0))
    ),
    *(
        Factor("tokens", f"{piece}s", "times", f"one token is {{x:g}} {piece}s (assumed)", 1.0, f"{piece}s_per_token")
        for piece in _TEXT_PIECES
    ),
    Factor("bytes", "bits", "times", "one byte is 8 bits", 8.0),
    *(
        Factor(f"bit/{per}", f"nat/{per}", "times", "one bit is ln 2 = 0.693147 nat", math.log(2))
        for per in ("token", *_TEXT_PIECES, "image", "dimension")
    ),
    *(
        Factor(
            f"{amount}/token",
            f"{amount}/{piece}",
            "over",
            f"one token is {{x:g}} {piece}s (assumed)",
            1.0,
            f"{piece}s_per_token",
        )
        for amount in ("nat", "bit")
        for piece in _TEXT_PIECES
    ),
    *(
        Factor(
            f"{amount}/image",
            f"{amount}/dimension",
            "over",
            "one image has {x:g} dimensions (assumed)",
            1.0,
            "dimensions_per_image",
        )
        for amount in ("nat", "bit")
    ),
    Factor("nat/token", "perplexity", "exp", "perplexity is the exponential of the loss in nats per token"),
    Factor("error rate", "accuracy", "complement", "accuracy is one minus the error rate"),
    Factor("root KL", "KL divergence", "square", "the divergence is the square of its root"),
    Factor(
        "embeddings-excluded",
        "embeddings-included",
        "plus",
        "the embeddings hold {x:g} parameters (assumed)",
        1.0,
        "embedding_parameters",
        among=("parameters",),
    ),
    Factor(
        "total",
        "embeddings-included",
        "times",
        "a total counts every parameter, those of the embeddings too",
        among=("parameters",),
    ),
    Factor(
        "active",
        "total",
        "over",
        "a share of {x:g} of all parameters is active (assumed)",
        1.0,
        "active_fraction",
        among=("parameters",),
    ),
    Factor(
        "nonzero",
        "total",
        "over",
        "pruning removed a share of {x:g} of all parameters (assumed)",
        1.0,
        "sparsity",
        "1 - x",
        among=("parameters",),
    ),
    *_unclear("embeddings-unclear"),
    *_unclear(None),
    Factor("6ND", None, "times", "6ND is taken for the whole training compute", among=_COMPUTE),
    Factor(
        "forward-only",
        None,
        "times",
        "training computes 3 times the forward pass, the backward pass being twice as much",
        3.0,
        among=_COMPUTE,
    ),
    Factor(
        "batch-adjusted",
        None,
        "times",
        "at {x:g} times the critical batch size training takes 1 + {x:g} times the least compute (assumed)",
        1.0,
        "batch_over_critical",
        "1 + x",
        among=_COMPUTE,
    ),
    Factor(
        "batch-adjusted",
        None,
        "times",
        "at {x:g} times the critical batch size training takes 1 + 1/{x:g} times the fewest steps (assumed)",
        1.0,
        "batch_over_critical",
        "1 + 1/x",
        among=("steps",),
    ),
)

_FORMS: Mapping[str, Callable[[float], float]] = {
    "x": lambda x: x,
    "1 - x": lambda x: 1 - x,
    "1 + x": lambda x: 1 + x,
    "1 + 1/x": lambda x: 1 + 1 / x,
}


def _square(value: float) -> float:
    if value < 0:
        raise ValueError("a root is not negative")
    return value * value


#: Each operation with its inverse, of a value and the factor's amount.
_OPERATIONS: Mapping[str, tuple[Callable[[float, float], float], Callable[[float, float], float]]] = {
    "times": (lambda value, amount: value * amount, lambda value, amount: value / amount),
    "over": (lambda value, amount: value / amount, lambda value, amount: value * amount),
    "plus": (lambda value, amount: value + amount, lambda value, amount: value - amount),
    "exp": (lambda value, _: math.exp(value), lambda value, _: math.log(value)),
    "complement": (lambda value, _: 1 - value, lambda value, _: 1 - value),
    "square": (lambda value, _: _square(value), lambda value, _: math.sqrt(value)),
}

#: A factor, and whether it is walked forward.
Step = tuple[Factor, bool]


def convert(
    value: float, source: Unit | str, target: Unit | str, assumptions: Mapping[str, float] | None = None
) -> Conversion:
    """A value in another unit, with every factor used.

    Args:
        value: the number in `source`.
        source: a unit, or its text, such as `1e9 parameters (embeddings-included)`.
        target: the unit wanted.
        assumptions: values by the names of `ASSUMPTIONS`, for factors that hold for one tokenizer, model or machine.

    Raises:
        NotConvertible: when the two measure different things, or an assumption is missing; it says which.
        UnitError: for a text that is no unit, a value that is not finite, or an impossible assumption.
    """
    source = parse_unit(source) if isinstance(source, str) else source
    target = parse_unit(target) if isinstance(target, str) else target
    known = check_assumptions(assumptions or {})
    if not math.isfinite(value):
        raise UnitError(f"the value to convert must be a finite number, not {value}")
    route = _route(source, target, known)
    if source == target:
        return Conversion(float(value), target, ())
    steps = [f"the source counts in units of {_digits(source.scale)}"] if source.scale not in (1, target.scale) else []
    result = value * source.scale if source.scale != target.scale or route else float(value)
    for step in route:
        result = _walked(step, result, known, (source, target))
        steps.append(_sentence(step[0], known))
    if source.scale != target.scale or route:
        result /= target.scale
    if target.scale not in (1, source.scale):
        steps.append(f"the result counts in units of {_digits(target.scale)}")
    if not math.isfinite(result):
        raise NotConvertible(source, target, f"{value:g} is out of the range of numbers there")
    return Conversion(result, target, tuple(steps))


def related(one: str, other: str) -> bool:
    """Whether factors lead from one quantity to the other, whatever they assume."""
    return _path(one, other, [factor for factor in FACTORS if not factor.among], None) is not None


def counts_alike(one: Unit, other: Unit) -> bool:
    """Whether two units of related quantities count by the same convention, or by two that mean the same."""
    quantity = "FLOP" if one.quantity in _COMPUTE else one.quantity
    try:
        return convert(1.0, Unit(quantity, 1.0, one.convention), Unit(quantity, 1.0, other.convention)).value == 1
    except NotConvertible:
        return False


def check_assumptions(assumptions: Mapping[str, float]) -> dict[str, float]:
    """The assumptions as floats.

    Raises:
        UnitError: for a name that is none of `ASSUMPTIONS`, or a value that it cannot have.
    """
    for name, value in assumptions.items():
        if name not in ASSUMPTIONS:
            hint = nearest(name, ASSUMPTIONS) or f"there are {', '.join(ASSUMPTIONS)}"
            raise UnitError(f"nothing can be assumed under the name '{name}'; {hint}")
        allowed = ASSUMPTIONS[name].allowed
        if not math.isfinite(value) or not _ALLOWED[allowed](value):
            raise UnitError(f"{name} ({ASSUMPTIONS[name].meaning}) must be {allowed}, not {value:g}")
    return {name: float(value) for name, value in assumptions.items()}


def _walked(step: Step, value: float, known: Mapping[str, float], ends: tuple[Unit, Unit]) -> float:
    factor, forward = step
    amount = factor.number * (_FORMS[factor.form](known[factor.assumption]) if factor.assumption else 1.0)
    there, back = _OPERATIONS[factor.operation]
    try:
        result = (there if forward else back)(value, amount)
    except (ArithmeticError, ValueError):
        raise NotConvertible(*ends, f"{value:g} has no counterpart: {_sentence(factor, known)}") from None
    if factor.operation == "plus" and value > 0 >= result:
        raise NotConvertible(*ends, f"{_sentence(factor, known)}, and only {value:g} are counted")
    return result


def _sentence(factor: Factor, known: Mapping[str, float]) -> str:
    return factor.text.format(x=known[factor.assumption]) if factor.assumption else factor.text


def _path(
    start: str | None, goal: str | None, factors: Sequence[Factor], known: Mapping[str, float] | None
) -> list[Step] | None:
    """The shortest way through the factors; with `known`, only through those whose `when` it meets."""
    reached: dict[str | None, list[Step]] = {start: []}
    queue = deque([start])
    while queue:
        at = queue.popleft()
        if at == goal:
            return reached[at]
        for factor in factors:
            if known is not None and factor.when and known.get(factor.when[0]) != factor.when[1]:
                continue
            for here, there, way in (
                (factor.source, factor.target, True),
                (factor.target, factor.source, False),
            ):
                if here == at and there not in reached:
                    reached[there] = [*reached[at], (factor, way)]
                    queue.append(there)
    return None


def _route(source: Unit, target: Unit, known: Mapping[str, float]) -> list[Step]:
    """Factors from unit to unit: between the quantities first, then between the conventions."""
    quantities = [factor for factor in FACTORS if not factor.among]
    conventions = [factor for factor in FACTORS if target.quantity in factor.among]
    first = _path(source.quantity, target.quantity, quantities, known)
    if first is None:
        raise NotConvertible(source, target, _gulf(source, target))
    if {"GPU-hour", "TPU-core-day"} <= {factor.source for factor, _ in first}:
        raise NotConvertible(source, target, "each device has a rate of its own: convert into FLOP first, then back")
    second = _path(source.convention, target.convention, conventions, known)
    possible = _path(source.convention, target.convention, conventions, None) if second is None else second
    if possible is None:
        raise NotConvertible(source, target, _gulf(source, target))
    route = [*first, *possible]
    missing = list(dict.fromkeys(name for factor, _ in route for name in factor.needs if name not in known))
    if missing:
        wanted = " and ".join(f"{name} ({ASSUMPTIONS[name].meaning})" for name in missing)
        unclear = (
            "it is not said whether the embeddings are counted; " if "unclear_includes_embeddings" in missing else ""
        )
        raise NotConvertible(source, target, f"{unclear}assume {wanted}", missing)
    return route


def _gulf(source: Unit, target: Unit) -> str:
    """Why no factor leads from one unit to the other."""
    if "any" in (source.quantity, target.quantity):
        return "what 'any' stands for only the fit's setting says"
    if not related(source.quantity, target.quantity):
        return f"no factor leads from {source.quantity} to {target.quantity}"
    if "dense-equivalent" in (source.convention, target.convention):
        return "a dense-equivalent count belongs to another model, to which no factor leads"
    return f"no factor leads from {source.convention or 'no convention'} to {target.convention or 'no convention'}"


_SUFFIXES = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
_DIGITS = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_NUMBER = re.compile(rf"({_DIGITS})([KMBT]?)")
_AMOUNT = re.compile(rf"({_DIGITS}(?:[KMBT](?![A-Za-z]))?)\s*(.*)", re.DOTALL)
_UNIT = re.compile(rf"(?:({_DIGITS}[KMBT]?)\s+)?([^()]+?)\s*(?:\(([^()]*)\))?")
_PREFIXED = re.compile(r"([kMGTPEZY])(FLOPs?|B|bytes?)")
_PREFIXES = {"k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18, "Z": 1e21, "Y": 1e24}


def _normal(name: str) -> str:
    """A unit's name in one spelling: small letters, hyphens for spaces, no plurals."""
    parts = re.sub(r"\s+per\s+", "/", name.strip().lower()).split("/")
    return "/".join(re.sub(r"[\s-]+", "-", part.strip()).removesuffix("s") for part in parts)


_SPELLINGS = {_normal(quantity): quantity for quantity in QUANTITIES} | {
    "param": "parameters",
    "char": "characters",
    "clas": "classes",
    "pflop/s-day": "PF-day",
    "petaflop/s-day": "PF-day",
    "usd": "dollar",
    "$": "dollar",
    "ppl": "perplexity",
    "bpb": "bit/byte",
    "bpc": "bit/character",
}


def _digits(value: float) -> str:
    return f"{value:g}".replace("e+0", "e").replace("e+", "e")


def _hint(name: str) -> str:
    return nearest(name, QUANTITIES) or "write one such as parameters, tokens, FLOP, PF-day or nat/token"


def is_number(text: str) -> bool:
    """Whether a text is a number without a unit."""
    return _NUMBER.fullmatch(text.strip()) is not None


def parse_number(text: str) -> float:
    """A number as people write it: `70e9`, `70B`, `1.4T`.

    Raises:
        UnitError: if it is none, or not finite.
    """
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise UnitError(f"'{text}' is no number; write 70e9, 70B or 1.4T")
    value = float(match.group(1)) * _SUFFIXES.get(match.group(2), 1.0)
    if not math.isfinite(value):
        raise UnitError(f"'{text}' is too large")
    return value


def parse_unit(text: str) -> Unit:
    """A unit as people write it: `tokens`, `1e9 parameters (embeddings-included)`, `nats per token`, `EFLOP`.

    Raises:
        UnitError: if it is none; the message gives the nearest.
    """
    match = _UNIT.fullmatch(text.strip())
    if match is None:
        raise UnitError(f"'{text}' is no unit; {_hint(text)}")
    scale, name, convention = match.groups()
    prefixed = _PREFIXED.fullmatch(name)
    factor = _PREFIXES[prefixed.group(1)] if prefixed else 1.0
    stem = ("bytes" if prefixed.group(2)[0].lower() == "b" else "FLOP") if prefixed else name
    quantity = _SPELLINGS.get(_normal(stem))
    if quantity is None:
        raise UnitError(f"'{name}' is no unit; {_hint(name)}")
    return Unit(quantity, factor * (parse_number(scale) if scale else 1.0), (convention or "").strip() or None)


def parse_quantity(text: str) -> Amount:
    """A number with its unit as people write it: `1e3 PF-day`, `70B parameters`, `2.1 bit/byte`, `1e3PF-day`.

    Raises:
        UnitError: if the number, the unit or the convention is none.
    """
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise UnitError(f"'{text}' is no number; write 70e9, 70B or '1e3 PF-day'")
    number, unit = match.groups()
    if not unit:
        raise UnitError(f"'{text}' has no unit; write one after the number, as in '1e3 PF-day'")
    try:
        return Amount(parse_number(number), parse_unit(unit))
    except UnitError as error:
        raise UnitError(f"'{text}' is no number with a unit: {error}") from None


_UNUSUAL_CONVENTIONS = frozenset(
    {"embeddings-excluded", "active", "total", "nonzero", "dense-equivalent", "batch-adjusted", "forward-only"}
)
_UNUSUAL_QUANTITIES = frozenset({"PF-day", "TPU-core-day", "GPU-hour", "characters", "bytes", "words"})


def unusual(unit: Unit) -> str | None:
    """How a unit departs from plain parameters, tokens, FLOP and nats per token; none if it does not."""
    per_other = "/" in unit.quantity and unit.quantity != "nat/token"
    if (
        unit.scale == 1
        and unit.convention not in _UNUSUAL_CONVENTIONS
        and unit.quantity not in _UNUSUAL_QUANTITIES
        and not per_other
    ):
        return None
    explained = ", each 8.64e19 FLOP" if unit.quantity == "PF-day" else ""
    return f"{'units of ' if unit.scale != 1 else ''}{unit}{explained}"
