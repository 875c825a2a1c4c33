"""Units: every way there and back, by named factors, and what is refused for want of an assumption."""

from __future__ import annotations

import json
import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scalinglaws as sl
from scalinglaws import units
from scalinglaws.cli import main
from scalinglaws.units import ASSUMPTIONS, FACTORS, NotConvertible, Unit, UnitError, convert, parse_quantity, parse_unit
from scalinglaws.vocabulary import CONVENTIONS, QUANTITIES

KNOWN = {
    "characters_per_token": 4.5,
    "bytes_per_token": 4.7,
    "words_per_token": 0.75,
    "dimensions_per_image": 3072.0,
    "flop_per_second": 2e14,
    "embedding_parameters": 3.0,
    "unclear_includes_embeddings": 0.0,
    "active_fraction": 0.25,
    "sparsity": 0.8,
    "batch_over_critical": 0.5,
}
LOSSES = [name for name in QUANTITIES if "/token" in name or "/byte" in name or "/character" in name or "/word" in name]
FAMILIES = [
    [Unit(name) for name in (*LOSSES, "perplexity")],
    [Unit(name) for name in ("tokens", "characters", "bytes", "words", "bits")],
    [
        Unit(name, scale, convention)
        for name in ("FLOP", "PF-day", "GPU-hour")
        for scale, convention in ((1.0, None), (1e18, "6ND"), (1.0, "forward-only"), (1.0, "batch-adjusted"))
    ],
    [
        Unit("parameters", scale, convention)
        for scale in (1.0, 1e9)
        for convention in (
            None,
            "embeddings-included",
            "embeddings-excluded",
            "embeddings-unclear",
            "active",
            "total",
            "nonzero",
        )
    ],
    [Unit("steps"), Unit("steps", 1e3, "batch-adjusted")],
    [Unit(f"{amount}/{per}") for amount in ("nat", "bit") for per in ("image", "dimension")],
    [Unit("error rate"), Unit("accuracy")],
    [Unit("root KL"), Unit("KL divergence")],
]
three = st.sampled_from(FAMILIES).flatmap(lambda family: st.tuples(*[st.sampled_from(family)] * 3))


def started(unit: Unit, share: float) -> float:
    """A value that every unit of the family can take: 0.2 to 0.9, and above all embeddings for parameters."""
    if unit.quantity == "perplexity":
        return 1 + share
    return share * (1e12 / unit.scale if unit.quantity == "parameters" else 1)


@given(three, st.floats(0.2, 0.9))
@settings(max_examples=300, deadline=None)
def test_conversions_return_and_compose(ends: tuple[Unit, Unit, Unit], share: float) -> None:
    first, second, third = ends
    value = started(first, share)
    there = convert(value, first, second, KNOWN)
    assert convert(there.value, second, first, KNOWN).value == pytest.approx(value, rel=1e-9)
    onward = convert(there.value, second, third, KNOWN)
    assert onward.value == pytest.approx(convert(value, first, third, KNOWN).value, rel=1e-9)
    assert there.unit == second
    assert bool(there.steps) == (first != second)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_every_quantity_converts_to_itself_and_back_from_its_text(quantity: str) -> None:
    for convention in (None, *CONVENTIONS):
        unit = Unit(quantity, 1e6, convention)
        assert convert(0.3, unit, unit).as_dict() == {"value": 0.3, "unit": unit.as_dict(), "steps": []}
        assert parse_unit(str(unit)) == unit
        assert parse_quantity(f"0.3 {unit}").unit == unit


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (1e3, "PF-day", "FLOP", 8.64e22),
        (2, "1e9 tokens", "tokens", 2e9),
        (1, "bit/token", "nat/token", math.log(2)),
        (3, "nat/token", "perplexity", math.exp(3)),
        (9.4, "nat/token", "nat/byte", 2.0),
        (2, "bit/byte", "bit/token", 9.4),
        (100, "tokens", "words", 75),
        (94, "bytes", "characters", 90),
        (3072, "nat/image", "nat/dimension", 1),
        (1, "GPU-hour", "FLOP", 7.2e17),
        (1, "TPU-core-day", "PF-day", 0.2),
        (0.3, "error rate", "accuracy", 0.7),
        (3, "root KL", "KL divergence", 9),
        (1, "FLOP (forward-only)", "FLOP (6ND)", 3),
        (1, "FLOP (batch-adjusted)", "FLOP", 1.5),
        (1, "steps (batch-adjusted)", "steps", 3),
        (10, "parameters (embeddings-excluded)", "parameters (embeddings-included)", 13),
        (10, "parameters (embeddings-unclear)", "parameters (total)", 13),
        (10, "parameters (active)", "parameters (total)", 40),
        (10, "parameters (total)", "parameters (nonzero)", 2),
    ],
)
def test_known_conversions(value: float, source: str, target: str, expected: float) -> None:
    assert sl.convert(value, source, target, KNOWN).value == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("factor", FACTORS, ids=lambda each: f"{each.source}-{each.target}")
def test_every_factor_needs_what_it_names_and_says_it(factor: units.Factor) -> None:
    quantity = factor.among[0] if factor.among else None
    source, target = (
        Unit(quantity, 1.0, end) if quantity else Unit(str(end)) for end in (factor.source, factor.target)
    )
    known = {**KNOWN, **({factor.when[0]: factor.when[1]} if factor.when else {})}
    assert len(convert(10.0, source, target, known).steps) == 1
    for name in factor.needs:
        with pytest.raises(NotConvertible) as error:
            convert(10.0, source, target, {key: value for key, value in known.items() if key != name})
        assert error.value.missing == (name,)
        assert f"assume {name} ({ASSUMPTIONS[name].meaning})" in error.value.reason
    assert json.loads(json.dumps(factor.as_dict()))["operation"] == factor.operation


def test_every_assumption_serves_a_factor() -> None:
    assert {name for factor in FACTORS for name in factor.needs} == set(ASSUMPTIONS) == set(KNOWN)
    ends = {end for factor in FACTORS for end in (factor.source, factor.target)} - {None}
    assert ends <= {*QUANTITIES, *CONVENTIONS}


def test_what_has_no_factor_is_refused_whatever_is_assumed() -> None:
    for one, other in product(("any", "Elo", "score", "reward", "dollar", "dimensionless"), ("nat/token", "FLOP")):
        with pytest.raises(NotConvertible) as error:
            convert(1.0, Unit(one), Unit(other), KNOWN)
        assert error.value.missing == ()


@pytest.mark.parametrize(
    ("value", "source", "target", "words"),
    [
        (1, "tokens", "parameters", "no factor leads from tokens to parameters"),
        (1, "any", "tokens", "only the fit's setting says"),
        (1, "Elo", "Elo (relative)", "from no convention to relative"),
        (1, "FLOP (dense-equivalent)", "FLOP", "another model"),
        (1, "GPU-hour", "TPU-core-day", "convert into FLOP first"),
        (0, "perplexity", "nat/token", "0 has no counterpart"),
        (1e4, "nat/token", "perplexity", "has no counterpart"),
        (-1, "root KL", "KL divergence", "has no counterpart"),
        (1e305, "PF-day", "FLOP", "out of the range"),
        (2, "parameters (total)", "parameters (embeddings-excluded)", "only 2 are counted"),
    ],
)
def test_refusals_say_why(value: float, source: str, target: str, words: str) -> None:
    with pytest.raises(NotConvertible, match="cannot be converted into") as error:
        convert(value, source, target, KNOWN)
    assert words in error.value.reason
    assert error.value.missing == ()


def test_what_is_unclear_is_settled_only_by_the_caller() -> None:
    with pytest.raises(NotConvertible, match="not said whether the embeddings are counted"):
        convert(1e9, "parameters (embeddings-unclear)", "parameters (embeddings-included)")
    for included, expected in ((1, 1e9), (0, 1.1e9)):
        assumed = {"unclear_includes_embeddings": included, "embedding_parameters": 1e8}
        found = convert(1e9, "parameters", "parameters (embeddings-included)", assumed)
        assert found.value == expected
        assert "without a convention is taken as" in found.steps[0]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("byte_per_token", 4.0, "did you mean bytes_per_token"),
        ("bytes_per_token", 0.0, "must be greater than zero"),
        ("bytes_per_token", math.inf, "must be greater than zero"),
        ("active_fraction", 1.5, "above 0 and at most 1"),
        ("sparsity", 1.0, "at least 0 and below 1"),
        ("embedding_parameters", -1.0, "zero or greater"),
        ("unclear_includes_embeddings", 0.5, "0 or 1"),
    ],
)
def test_impossible_assumptions(name: str, value: float, words: str) -> None:
    with pytest.raises(UnitError, match=words):
        convert(1.0, "tokens", "tokens", {name: value})


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1e3 PF-day", 1e3, Unit("PF-day")),
        ("1e3PF-days", 1e3, Unit("PF-day")),
        ("2 petaFLOP/s-days", 2, Unit("PF-day")),
        ("70B parameters", 70e9, Unit("parameters")),
        ("70B params (active)", 70e9, Unit("parameters", 1, "active")),
        ("2.1 bit/byte", 2.1, Unit("bit/byte")),
        ("2.1 bits per byte", 2.1, Unit("bit/byte")),
        ("2.1 bpb", 2.1, Unit("bit/byte")),
        ("1.4T tokens", 1.4e12, Unit("tokens")),
        ("1.4 1e12 tokens", 1.4, Unit("tokens", 1e12)),
        ("5 EFLOP", 5, Unit("FLOP", 1e18)),
        ("5e18 FLOPs", 5e18, Unit("FLOP")),
        ("2TB", 2, Unit("bytes", 1e12)),
        ("3 GPU hours", 3, Unit("GPU-hour")),
        ("10TPU-core-days", 10, Unit("TPU-core-day")),
        ("9 $", 9, Unit("dollar")),
    ],
)
def test_quantities_as_people_write_them(text: str, value: float, unit: Unit) -> None:
    found = parse_quantity(text)
    assert (found.value, found.unit) == (value, unit)
    assert parse_unit(str(found.unit)) == unit


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("7B", "has no unit"),
        ("tokens", "is no number"),
        ("", "is no number"),
        ("1e3 tokns", "did you mean tokens"),
        ("1e3 parameters (included)", "did you mean embeddings-included"),
        ("1e999 tokens", "too large"),
        ("1 0 tokens", "greater than zero"),
        ("1 FLOP/s", "is no unit"),
        ("1 tokens (total", "is no unit"),
    ],
)
def test_texts_that_are_no_quantity(text: str, words: str) -> None:
    with pytest.raises(UnitError) as error:
        parse_quantity(text)
    assert words in str(error.value)


def test_values_must_be_finite() -> None:
    with pytest.raises(UnitError, match="finite"):
        convert(math.nan, "tokens", "tokens")


def test_plain_units_are_not_remarked_on() -> None:
    for quantity in ("parameters", "tokens", "FLOP", "nat/token", "examples", "accuracy"):
        assert units.unusual(Unit(quantity)) is None
    assert units.unusual(Unit("FLOP", 1.0, "6ND")) is None
    assert units.unusual(Unit("PF-day", 1.0, "6ND")) == "PF-day (6ND), each 8.64e19 FLOP"
    assert units.unusual(Unit("tokens", 1e9)) == "units of 1e9 tokens"
    for unit in (Unit("characters"), Unit("bit/token"), Unit("nat/byte"), Unit("parameters", 1.0, "active")):
        assert units.unusual(unit) == str(unit)


@pytest.mark.parametrize(
    ("arguments", "status", "out", "err"),
    [
        (["1e3 PF-day", "FLOP"], 0, "8.64e+22 FLOP\n  one PF-day is 8.64e19 FLOP\n", ""),
        (["100 GPU-hour", "FLOP", "--assume", "flop_per_second=4e14"], 0, "1.44e+20 FLOP\n", ""),
        (["100 GPU-hour", "FLOP"], 2, "", "assume flop_per_second (FLOP that"),
        (["1 Elo", "nat/token"], 1, "", "no factor leads"),
        (["1e3", "FLOP"], 2, "", "has no unit"),
        (["1 tokens", "wrods"], 2, "", "did you mean words"),
        (["1 tokens", "bytes", "--assume", "bytes_per_token"], 2, "", "write NAME=VALUE"),
        (["1 tokens", "bytes", "--assume", "bytes_per_token=four"], 2, "", "bytes_per_token: 'four' is no number"),
    ],
)
def test_the_command(arguments: list[str], status: int, out: str, err: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", *arguments]) == status
    printed = capsys.readouterr()
    assert printed.out.startswith(out)
    assert err in printed.err


def test_the_command_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", "2 bit/byte", "nat/token", "--assume", "bytes_per_token=4", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["given", "value", "unit", "steps"]
    assert found["given"] == {"value": 2.0, "unit": {"quantity": "bit/byte", "scale": 1.0, "convention": None}}
    assert found["value"] == pytest.approx(8 * math.log(2))
    assert len(found["steps"]) == 2
