"""Comparing laws: the same inputs in each law's units, and what takes no part with the reason."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

import scalinglaws as sl
from scalinglaws.catalog import Catalog
from scalinglaws.cli import main
from scalinglaws.database.build import build_database

#: Laws whose inputs and outputs have the same symbols and other units, conventions or meanings.
LAWS = """
  - id: {id}
    name: {id}
    summary: A law in units of its own.
    expression: {expression}
    output: {{symbol: {output}, meaning: {meaning}, unit: {{quantity: {quantity}{convention}}}, direction: lower}}
    variables:
      {symbol}: {{meaning: an input, unit: {{{unit}}}}}
    source: {{where: eq. (1), basis: paper, confidence: high}}
    checks:
      - {{inputs: {{{symbol}: 100}}, expect: {expect}, digits: 6}}
"""
COLUMNS = ("id", "expression", "output", "meaning", "quantity", "convention", "symbol", "unit", "expect")
CASES: list[tuple[Any, ...]] = [
    ("bits", "1 + 1/N", "L", "loss", "bit/token", "", "N", "quantity: parameters", 1.01),
    ("excluded", "1 + 1/N", "L", "loss", "nat/token", "", "N", "{quantity: parameters, convention: embeddings-excluded}", 1.01),
    ("unclear", "1 + 2/N", "L", "loss", "nat/token", "", "N", "{quantity: parameters, convention: embeddings-unclear}", 1.02),
    ("included", "1 + 3/N", "L_val", "validation loss", "nat/token", "", "N", "{quantity: parameters, convention: embeddings-included}", 1.03),
    ("millions", "1 + 4/N", "L", "loss", "nat/token", "", "N", "{quantity: parameters, scale: 1e6, convention: embeddings-excluded}", 1.04),
    ("anything", "1 + 5/N", "L", "loss", "nat/token", "", "N", "quantity: any", 1.05),
    ("examples", "1 + 6/N", "L", "loss", "nat/token", "", "N", "quantity: examples", 1.06),
    ("rise", "1/N", "delta_L", "rise of the loss", "nat/token", "", "N", "{quantity: parameters, convention: embeddings-excluded}", 0.01),
    ("rating", "1 - 1/N", "Elo", "strength", "Elo", "", "N", "{quantity: parameters, convention: embeddings-excluded}", 0.99),
    ("days", "1 + C/1000", "L", "loss", "nat/token", "", "C", "quantity: PF-day", 1.1),
    ("flop", "1 + C/10000000", "L", "loss", "nat/token", "", "C", "{quantity: FLOP, convention: 6ND}", 1.00001),
    ("forward", "1 + C/1000", "L", "loss", "perplexity", "", "C", "{quantity: FLOP, convention: forward-only}", 1.1),
    ("text", "1 + D/1000", "L", "loss", "nat/token", "", "D", "quantity: tokens", 1.1),
    ("letters", "1 + D/1000", "L", "loss", "nat/token", "", "D", "quantity: characters", 1.1),
    ("decimal", "log10(D)", "L", "loss", "nat/token", "", "D", "{quantity: tokens, scale: 1e9}", 2),
    ("batch", "D/2", "B_crit", "critical batch size", "tokens", "", "D", "quantity: tokens", 50),
    ("stop", "D/4", "D_stop", "where to stop", "tokens", "", "D", "quantity: tokens", 25),
    ("enough", "D/5", "D_opt", "enough tokens", "tokens", "", "D", "quantity: tokens", 20),
    ("share", "1/D", "w", "a share", "fraction", "", "D", "quantity: tokens", 0.01),
    ("part", "2/D", "c", "another share", "fraction", "", "D", "quantity: tokens", 0.02),
    ("loose", "1 + 1/D", "L", "a loss of any kind", "any", "", "D", "quantity: tokens", 1.01),
]  # fmt: skip


@pytest.fixture(scope="module")
def units_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from scalinglaws.records.files import read_contents

    contents = read_contents(Path(__file__).parent / "toy")
    name = "papers/power2020.yaml"
    head, separator, tail = contents[name].partition("claims:\n")
    laws = ""
    for case in CASES:
        values = dict(zip(COLUMNS, case, strict=True))
        values["unit"] = values["unit"].strip("{}")
        laws += LAWS.format(**values).removeprefix("\n")
    contents[name] = head + laws + separator + tail
    path = tmp_path_factory.mktemp("units") / "catalog.sqlite"
    build_database(Catalog.from_contents(contents), path)
    return path


def compare(path: Path, *names: str, **options: Any) -> sl.Comparison:
    return sl.compare([f"power2020/{name}" for name in names], path=path, **options)


def values(comparison: sl.Comparison) -> list[float | None]:
    return [row.value for row in comparison.rows]


def test_inputs_are_converted_for_each_law_and_outputs_into_one_unit(units_path: Path) -> None:
    found = compare(units_path, "days", "flop", C=8.64e21)
    assert values(found) == pytest.approx([1.1, 1 + 8.64e21 / 1e7])
    assert found.rows[0].steps == ["C: one PF-day is 8.64e19 FLOP"]
    assert found.inputs["C"].as_dict() == {
        "value": 8.64e21,
        "unit": {"quantity": "FLOP", "scale": 1, "convention": None},
    }
    assert compare(units_path, "days", "flop", C="100 PF-day").rows[0].value == pytest.approx(1.1)
    scaled = compare(units_path, "excluded", "millions", N="100M")
    assert values(scaled) == pytest.approx([1 + 1e-8, 1.04])
    bits = compare(units_path, "bits", "bits", N=100, unit="nat/token")
    assert values(bits) == pytest.approx([1.01 * math.log(2)])


def test_laws_that_count_in_different_ways_are_refused_until_the_caller_says(units_path: Path) -> None:
    with pytest.raises(
        sl.InputError, match="embeddings-excluded in power2020/excluded; embeddings-included in"
    ) as error:
        compare(units_path, "excluded", "included", N=100)
    assert "--count N=embeddings-excluded" in str(error.value)
    half = compare(units_path, "excluded", "included", N=100, conventions={"N": "embeddings-included"})
    assert values(half) == [None, 1.03]
    assert "assume embedding_parameters" in str(half.rows[0].reason)
    assert half.spread is None
    assert "only one row has a value" in half.warnings[0]
    stated = {"N": "100 parameters (embeddings-included)"}
    whole = compare(units_path, "excluded", "included", assumptions={"embedding_parameters": 20}, **stated)
    assert values(whole) == pytest.approx([1 + 1 / 80, 1.03])
    assert "the rows do not give the same: L (loss), L_val (validation loss)" in whole.warnings
    assert whole.spread == {"lowest": 1.0125, "highest": 1.03, "ratio": pytest.approx(1.03 / 1.0125)}


def test_an_unclear_count_is_refused_against_a_clear_one(units_path: Path) -> None:
    options: dict[str, Any] = {"N": 100, "conventions": {"N": "embeddings-included"}}
    found = compare(units_path, "included", "unclear", **options)
    assert "not said whether the embeddings are counted" in str(found.rows[1].reason)
    settled = compare(units_path, "included", "unclear", assumptions={"unclear_includes_embeddings": 1}, **options)
    assert values(settled) == [1.03, 1.02]


def test_forward_passes_count_a_third(units_path: Path) -> None:
    with pytest.raises(sl.InputError, match="not said how in power2020/days; forward-only in power2020/forward"):
        compare(units_path, "days", "forward", C=300)
    found = compare(units_path, "forward", "days", C="300 FLOP", conventions={"C": "6ND"})
    assert found.rows[0].value == pytest.approx(1.1)
    assert found.rows[1].value == pytest.approx(math.e)


def test_text_is_read_as_tokens_where_laws_differ(units_path: Path) -> None:
    found = compare(units_path, "text", "letters", D=100, assumptions={"characters_per_token": 4})
    assert values(found) == pytest.approx([1.1, 1.4])
    assert compare(units_path, "letters", D=100).rows[0].value == pytest.approx(1.1)
    refused = compare(units_path, "text", "letters", D=100)
    assert "assume characters_per_token (characters of text in one token)" in str(refused.rows[1].reason)


def test_a_bare_number_must_mean_the_same_everywhere(units_path: Path) -> None:
    with pytest.raises(sl.InputError, match="parameters in power2020/excluded; examples in power2020/examples"):
        compare(units_path, "excluded", "examples", N=100)
    found = compare(units_path, "excluded", "examples", "anything", N="100 parameters")
    assert values(found) == [1.01, None, None]
    assert "no factor leads from parameters to examples" in str(found.rows[1].reason)
    assert "only the fit's setting says" in str(found.rows[2].reason)
    bare = compare(units_path, "excluded", "anything", N=100)
    assert values(bare) == [1.01, 1.05]
    assert "stands for any quantity" in bare.rows[1].warnings[0]


def test_outputs_that_mean_something_else_are_refused(units_path: Path) -> None:
    found = compare(units_path, "excluded", "rise", "rating", N=100)
    assert values(found) == [1.01, None, None]
    assert "delta_L (rise of the loss), and L (loss) is another thing" in str(found.rows[1].reason)
    assert "no factor leads from Elo to nat/token" in str(found.rows[2].reason)
    assert found.rows[2].native == {
        "symbol": "Elo", "value": 0.99, "unit": {"quantity": "Elo", "scale": 1, "convention": None}
    }  # fmt: skip
    tokens = compare(units_path, "stop", "batch", "enough", D=100)
    assert values(tokens) == [25, None, 20]
    assert "B_crit (critical batch size), and D_stop (where to stop) is another thing" in str(tokens.rows[1].reason)
    assert values(compare(units_path, "share", "part", D=100)) == [0.01, None]
    assert values(compare(units_path, "text", "loose", D=100)) == [1.1, None]
    assert "only the fits' settings say which" in compare(units_path, "loose", D=100).warnings[1]


def test_a_difference_is_converted_by_plain_factors_only(units_path: Path) -> None:
    options: dict[str, Any] = {"N": 100, "assumptions": {"bytes_per_token": 4}}
    assert values(compare(units_path, "rise", unit="nat/byte", **options)) == [0.0025]
    assert "which only a plain factor converts" in str(
        compare(units_path, "rise", unit="perplexity", **options).rows[0].reason
    )
    assert compare(units_path, "excluded", unit="perplexity", **options).rows[0].value == pytest.approx(math.exp(1.01))


def test_every_fit_of_a_law_takes_part(units_path: Path) -> None:
    found = compare(units_path, "loss", "loss/published", N=1e8)
    assert [(row.label, row.value) for row in found.rows] == [
        ("power2020/loss/published", 1.51), ("power2020/loss/partial", None)
    ]  # fmt: skip
    assert "does not state E, A" in str(found.rows[1].reason)
    given = compare(units_path, "old-loss", N=1e8, E=1, A=10)
    assert given.rows[0].value == 1.51
    assert "E is fixed by the fit: left out" in given.rows[0].warnings
    assert given.rows[1].value == pytest.approx(1 + 10 * 1e8**-0.4)
    assert any("your own value" in each for each in given.rows[1].warnings)


def test_rows_say_why_they_are_empty(units_path: Path) -> None:
    names = ["power2020/loss/published", "curve2022/protocol", "power2020/size/published", "blend2021/mixture/two"]
    found = sl.compare([*names, "curve2022/sigmoid"], path=units_path, N=1e4, x="1 nat/token")
    assert [row.value is None for row in found.rows] == [False, True, True, True, True]
    assert "a procedure" in str(found.rows[1].reason)
    assert "no factor leads from parameters to nat/token" in str(found.rows[2].reason)
    assert "needs a value for r_web" in str(found.rows[3].reason)
    assert "no factor leads from nat/token to examples" in str(found.rows[4].reason)
    (curve,) = sl.compare(["curve2022/sigmoid"], path=units_path, x=1).rows
    assert "no fit of curve2022/sigmoid gives" in str(curve.reason)
    with pytest.raises(sl.InputError, match=r"nat/token in power2020/size; examples in curve2022/sigmoid. Give it"):
        sl.compare(["power2020/size/published", "curve2022/sigmoid"], path=units_path, x=1)
    assert found.rows[0].warnings[0] == "x is no input of this law: left out"


@pytest.mark.parametrize(
    ("names", "options", "words"),
    [
        ([], {}, "name the laws"),
        (["excluded"], {"M": 1}, "none of these laws takes M; they take N"),
        (["excluded"], {"N": "70X"}, "N: '70X' is no number"),
        (["excluded"], {"N": [1, 2]}, "N takes a single number"),
        (["excluded"], {"N": math.nan}, "N must be a finite number"),
        (["excluded"], {"N": True}, "N must be a finite number"),
        (["excluded"], {"N": 1, "conventions": {"N": "actve"}}, "did you mean active"),
        (["excluded"], {"N": 1, "conventions": {"D": "active"}}, "stated for D, which is not given"),
        (["excluded"], {"N": "1 parameters (total)", "conventions": {"N": "active"}}, "otherwise"),
        (["excluded"], {"N": 1, "assumptions": {"bytes": 1}}, "nothing can be assumed under the name 'bytes'"),
        (["excluded"], {"N": 1, "unit": "nats"}, "'nats' is no unit"),
    ],
)
def test_wrong_calls(units_path: Path, names: list[str], options: dict[str, Any], words: str) -> None:
    with pytest.raises(sl.InputError) as error:
        compare(units_path, *names, **options)
    assert words in str(error.value)


def test_an_evaluation_warns_of_scales_and_decimal_logarithms(units_path: Path) -> None:
    warnings = sl.law("power2020/decimal", path=units_path).evaluate(D=100).warnings
    assert "D counts units of 1e9 tokens" in warnings
    assert "the formula takes decimal logarithms (log10, not the natural ones) of D" in warnings
    assert "L is itself a decimal logarithm" in warnings
    assert "L is in bit/token" in sl.law("power2020/bits", path=units_path).evaluate(N=100).warnings
    assert "C counts PF-day, each 8.64e19 FLOP" in sl.law("power2020/days", path=units_path).evaluate(C=100).warnings


@pytest.mark.parametrize(
    ("arguments", "status", "out", "err"),
    [
        (["eval", "power2020/days", "C=8.64e21 FLOP"], 0, "L = 1.1 nat/token\n", ""),
        (["eval", "power2020/days", "C=100PF-day"], 0, "L = 1.1 nat/token\n", ""),
        (["eval", "power2020/forward", "C=300 FLOP (6ND)"], 0, "L = 1.1 perplexity\n", ""),
        (["eval", "power2020/excluded", "N=0.1K parameters"], 0, "L = 1.01 nat/token\n", "N counts parameters"),
        (
            ["eval", "power2020/excluded", "N=1 parameters (total)"],
            2,
            "",
            "N: power2020/excluded counts parameters (embeddings-excluded) here, not parameters (total); convert it "
            "first: scalinglaws convert '1 parameters (total)' 'parameters (embeddings-excluded)' "
            "--assume embedding_parameters=...",
        ),
        (["eval", "power2020/text", "D=9 Elo"], 2, "", "D: power2020/text counts tokens here, not Elo; no factor"),
        (["eval", "power2020/loss", "N=1", "E=1 nat/token", "A=1", "alpha=1"], 2, "", "states no unit for it"),
        (["solve", "power2020/days", "C", "L=1.1 nat/token"], 0, "C = 100 PF-day\n", ""),
        (["solve", "power2020/days", "C", "L=1.1", "--between", "1e21 FLOP", "1e22 FLOP"], 0, "C = 100 PF-day\n", ""),
        (
            ["optimize", "power2020/days", "--over", "C", "--subject-to", "C*x = y", "x=2", "y=2 PF-day"],
            0,
            "C = 8.64e+19\n",
            "",
        ),
    ],
)  # fmt: skip
def test_inputs_with_units(
    units_path: Path, arguments: list[str], status: int, out: str, err: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--database", str(units_path)]) == status
    printed = capsys.readouterr()
    assert printed.out.startswith(out)
    assert err in printed.err


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["power2020/excluded", "power2020/millions", "N=100M"], 0, "power2020/millions"),
        (["power2020/excluded", "power2020/included", "N=100"], 2, "--count N=embeddings-excluded"),
        (["power2020/excluded", "N=100", "--count", "N"], 2, "write SYMBOL=CONVENTION"),
        (["power2020/excluded", "N=100", "--count", "N=active"], 1, "no value"),
        (["power2020/excluded"], 1, "needs a value for N"),
        (["power2020/excludd", "N=100"], 2, "did you mean"),
        (["curve2022/protocol"], 1, "a procedure"),
        (["power2020/days", "C=1e3PF-day", "--unit", "Elo"], 1, "no factor leads from nat/token to Elo"),
    ],
)
def test_exit_status_of_the_command(
    units_path: Path, arguments: list[str], status: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *arguments, "--database", str(units_path)]) == status
    printed = capsys.readouterr()
    assert words in printed.out + printed.err
    assert "Traceback" not in printed.err


def test_the_table_is_aligned_and_says_shared_notes_once(units_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    laws = ["power2020/loss", "curve2022/protocol"]
    assert main(["compare", *laws, "N=1e8", "E=1", "A=10", "--database", str(units_path)]) == 0
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert lines[:5] == [
        "law                       nat/token",
        "power2020/loss/published       1.51",
        "power2020/loss/partial      1.00631",
        "curve2022/protocol                -",
        "from 1.00631 to 1.51, 1.501 times",
    ]
    assert lines[5].startswith("curve2022/protocol: a procedure")
    assert printed.err.count("is disputed by") == 1


def test_the_command_prints_json(catalog_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    laws = ["hoffmann2022/parametric", "kaplan2020/joint-nd"]
    call = ["compare", *laws, "N=70e9", "D=1.4T", "--count", "N=embeddings-included", "--json"]
    assert main([*call, "--database", str(catalog_path)]) == 0
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert list(found) == ["inputs", "unit", "rows", "spread", "warnings"]
    assert list(found["rows"][0]) == [
        "law", "fit", "value", "native", "extrapolation", "warnings", "steps", "reason"
    ]  # fmt: skip
    assert found["unit"]["quantity"] == "nat/token"
    assert found["rows"][-1]["value"] is None
    assert "embedding_parameters" in found["rows"][-1]["reason"]


def test_chinchilla_s_fits_side_by_side(catalog_path: Path) -> None:
    found = sl.compare(["hoffmann2022/parametric"], N=70e9, D=1.4e12, path=catalog_path)
    by_fit = {str(row.fit).rsplit("/", 1)[-1]: row.value for row in found.rows}
    assert by_fit["published-rounded"] == pytest.approx(1.9366, abs=5e-5)
    assert by_fit["besiroglu2024"] == pytest.approx(1.9739, abs=5e-5)
    assert by_fit["besiroglu2024-notebook"] == pytest.approx(1.9734, abs=5e-5)
    assert len(by_fit) == len(sl.law("hoffmann2022/parametric", path=catalog_path).fits)
    assert found.rows[0].extrapolation["N"]["decades_outside"] == pytest.approx(0.641, abs=1e-3)


def test_kaplan_and_hoffmann_count_parameters_differently(catalog_path: Path) -> None:
    laws = ["kaplan2020/joint-nd", "hoffmann2022/parametric/besiroglu2024"]
    with pytest.raises(sl.InputError, match="embeddings-excluded in kaplan2020/joint-nd; embeddings-included in"):
        sl.compare(laws, N=70e9, D=1.4e12, path=catalog_path)
    found = sl.compare(
        laws,
        N=70e9,
        D=1.4e12,
        conventions={"N": "embeddings-included"},
        assumptions={"embedding_parameters": 5e8},
        path=catalog_path,
    )
    kaplan = sl.law("kaplan2020/joint-nd", path=catalog_path)
    assert values(found) == pytest.approx([kaplan(N=69.5e9, D=1.4e12), 1.9739], abs=5e-5)
    assert found.rows[0].steps == ["N: the embeddings hold 5e+08 parameters (assumed)"]
    assert not any("counts parameters" in each for each in found.rows[0].warnings)
    assert any("depends on tokenizer and text" in each for each in found.warnings)


def test_nats_per_token_against_nats_per_byte(catalog_path: Path) -> None:
    laws = ["hoffmann2022/parametric/besiroglu2024", "hu2024/parametric/ultratext"]
    options: dict[str, Any] = {
        "N": 70e9,
        "D": 1.4e12,
        "conventions": {"N": "embeddings-included"},
        "path": catalog_path,
    }
    assumed = {"embedding_parameters": 5e8}
    without = sl.compare(laws, assumptions=assumed, **options)
    assert "assume bytes_per_token" in str(without.rows[1].reason)
    found = sl.compare(laws, assumptions={**assumed, "bytes_per_token": 4.2}, unit="bit/byte", **options)
    minicpm = sl.law("hu2024/parametric", fit="ultratext", path=catalog_path)
    assert values(found) == pytest.approx(
        [1.97388 / 4.2 / math.log(2), minicpm(N=69.5, D=1400) / math.log(2)], rel=1e-5
    )
    assert "D: the result counts in units of 1e9" in found.rows[1].steps


def test_optimal_size_and_optimal_data_do_not_mix(catalog_path: Path) -> None:
    laws = ["hoffmann2022/nopt/tex-precise", "hoffmann2022/dopt/tex-precise"]
    found = sl.compare(laws, C="6666.7 PF-day", path=catalog_path)
    assert found.rows[0].value == pytest.approx(4.036e10, rel=1e-3)
    assert found.rows[1].value is None
    assert "no factor leads from tokens to parameters" in str(found.rows[1].reason)


def test_every_law_can_take_part(catalog_path: Path) -> None:
    for row in sl.laws(path=catalog_path):
        law = sl.law(row["id"], path=catalog_path)
        check = next((each for each in law.document["checks"] if not each["coefficients"]), None)
        if check is None or law.expression is None:
            continue
        fit = f"{law.id}/{check['fit'].rsplit('/', 1)[-1]}" if check["fit"] else law.id
        given = {name: float(value) for name, value in check["inputs"].items()}
        inputs: dict[str, Any] = {name: texts(law, name, value) for name, value in given.items()}
        (only,) = sl.compare([fit], path=catalog_path, **inputs).rows
        assert only.value == pytest.approx(law(fit=only.fit, **given), rel=1e-9), fit


def texts(law: sl.Law, name: str, value: float) -> float | str:
    """An input in the law's own unit, spelt out where the law knows what it counts."""
    from scalinglaws.units import Unit

    variable = law.variable(name)
    if variable is None or variable["unit"]["quantity"] == "any":
        return value
    return f"{value!r} {Unit.of(variable['unit'])}"
