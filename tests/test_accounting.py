"""Parameters and FLOP from a shape: the record's own numbers, the refusals, and one formula in two languages."""

from __future__ import annotations

import json
import math
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scalinglaws as sl
from conftest import need
from scalinglaws import library
from scalinglaws.accounting import accounting, flops
from scalinglaws.amounts import percent, power, short
from scalinglaws.catalog import Catalog
from scalinglaws.cli import main
from scalinglaws.database import access
from scalinglaws.database.access import DatabaseError, open_database
from scalinglaws.database.documents import accounting_document
from scalinglaws.formulas import expression
from scalinglaws.library import InputError, UnknownName
from scalinglaws.pages.flops import counts_module
from scalinglaws.problems import InvalidRecords
from scalinglaws.records.accounting import published_value
from scalinglaws.tally import Accountant, rule_symbol

ROOT = Path(__file__).resolve().parents[1]
RECORD = Catalog.load(ROOT / "catalog").accounting
DOCUMENT = accounting_document(Catalog.load(ROOT / "catalog"))
ACCOUNTANT = Accountant(DOCUMENT)
SMALL: dict[str, Any] = {"layers": 2, "width": 64, "heads": 4, "vocabulary": 100, "context": 32}

#: The fifty models of Table A9 of Hoffmann et al.: millions of parameters, width, feed-forward, key size, heads, layers.
TABLE_A9 = """
44 512 2048 64 8 8|57 576 2304 64 9 9|74 640 2560 64 10 10|90 640 2560 64 10 13|106 640 2560 64 10 16
117 768 3072 64 12 12|140 768 3072 64 12 15|163 768 3072 64 12 18|175 896 3584 64 14 14|196 896 3584 64 14 16
217 896 3584 64 14 18|251 1024 4096 64 16 16|278 1024 4096 64 16 18|306 1024 4096 64 16 20|425 1280 5120 128 10 18
489 1280 5120 128 10 21|509 1408 5632 128 11 18|552 1280 5120 128 10 24|587 1408 5632 128 11 21
632 1536 6144 128 12 19|664 1408 5632 128 11 24|724 1536 6144 128 12 22|816 1536 6144 128 12 25
893 1792 7168 128 14 20|1018 1792 7168 128 14 23|1143 1792 7168 128 14 26|1266 2048 8192 128 16 22
1424 2176 8704 128 17 22|1429 2048 8192 128 16 25|1593 2048 8192 128 16 28|1609 2176 8704 128 17 25
1731 2304 9216 128 18 24|1794 2176 8704 128 17 28|2007 2304 9216 128 18 28|2283 2304 9216 128 18 32
2298 2560 10240 128 20 26|2639 2560 10240 128 20 30|2980 2560 10240 128 20 34|3530 2688 10752 128 22 36
3802 2816 11264 128 22 36|4084 2944 11776 128 22 36|4516 3072 12288 128 24 36|6796 3584 14336 128 28 40
9293 4096 16384 128 32 42|11452 4352 17408 128 32 47|12295 4608 18432 128 36 44|12569 4608 18432 128 32 47
13735 4864 19456 128 32 47|14940 4992 19968 128 32 49|16183 5120 20480 128 40 47
"""


@pytest.fixture(autouse=True)
def _real_catalog(catalog_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "default_path", lambda: catalog_path)


def training(**shape: Any) -> dict[str, float]:
    return ACCOUNTANT.tally(ACCOUNTANT.complete({**SMALL, **shape})).training


def sizes(**shape: Any) -> dict[str, float]:
    return ACCOUNTANT.tally(ACCOUNTANT.complete({**SMALL, **shape})).sizes


def test_every_convention_the_field_uses_for_size_is_counted() -> None:
    assert list(ACCOUNTANT.conventions) == ["embeddings-included", "embeddings-excluded", "active", "total"]


@pytest.mark.parametrize("name", RECORD.counts)
def test_every_part_of_a_count_is_explained(name: str) -> None:
    known = {*RECORD.symbols, *RECORD.counts}
    assert set(expression.symbols(expression.parse(RECORD.counts[name].expression))) <= known
    used = [node for each, node in ACCOUNTANT.counts.items() if each != name]
    used += [node for rule in ACCOUNTANT.rules.values() for node in rule]
    shown = RECORD.counts[name].unit.convention is not None
    assert shown or any(name in expression.symbols(node) for node in used)


@pytest.mark.parametrize("name", RECORD.symbols)
def test_every_symbol_of_a_shape_matters(name: str) -> None:
    if name == "tokens":
        assert training(tokens=5) == training(tokens=6)
        return
    one, other = {"experts": 4}, {"experts": 4}
    if RECORD.symbols[name].values == "switch":
        one[name], other[name] = 0, 1
    else:
        one[name], other[name] = (
            4 if name != "experts" else 2,
            8 if name not in ("kv_heads", "experts_per_token") else 2,
        )
    assert (training(**one), sizes(**one)) != (training(**other), sizes(**other))


@pytest.mark.parametrize("name", RECORD.models)
def test_printed_sizes_and_flop_are_given_back(name: str) -> None:
    model = RECORD.models[name]
    shape = ACCOUNTANT.complete(model.shape)
    assert model.published
    for each in model.published:
        value = published_value(each.of, shape, ACCOUNTANT.tally(shape))
        assert value == pytest.approx(each.value, rel=each.tolerance)


def test_all_fifty_sizes_of_hoffmann_et_al_are_given_back() -> None:
    rows = [[float(part) for part in row.split()] for row in TABLE_A9.strip().replace("\n", "|").split("|")]
    assert len(rows) == 50
    for millions, width, feed_forward, key_size, heads, layers in rows:
        found = sizes(
            layers=layers, width=width, heads=heads, key_size=key_size, feed_forward=feed_forward,
            vocabulary=32000, context=2048, relative_positions=1,
        )["embeddings-included"]  # fmt: skip
        assert found == pytest.approx(1e6 * millions, rel=0.0013 if millions > 500 else 0.009)


def test_printed_ratios_are_given_back() -> None:
    for check in RECORD.checks:
        tally = ACCOUNTANT.tally(ACCOUNTANT.complete(RECORD.models[check.model].shape))
        assert float(f"{tally.training[check.rule] / tally.training[check.against]:.{check.digits}g}") == check.expect


def test_the_terms_of_the_papers_by_hand() -> None:
    # Two layers of width 4 with one head, ten words, a context of eight.
    tally = ACCOUNTANT.tally(ACCOUNTANT.complete({"layers": 2, "width": 4, "heads": 1, "vocabulary": 10, "context": 8}))
    body = 12 * 2 * 4**2
    assert tally.sizes["embeddings-excluded"] == body
    assert tally.sizes["embeddings-included"] == body + 40
    assert tally.forward["kaplan"] == 2 * body + 2 * 2 * 8 * 4
    layer = 2 * 3 * 4 * 4 + 2 * 8 * 4 + 3 * 8 + 2 * 8 * 4 + 2 * 4 * 4 + 2 * (4 * 16 + 4 * 16)
    assert tally.forward["hoffmann-layers"] == 2 * layer
    assert tally.forward["hoffmann"] == 2 * layer + 2 * 2 * 10 * 4
    assert tally.training["hoffmann"] == 3 * tally.forward["hoffmann"]


SHAPES = st.fixed_dictionaries(
    {
        "layers": st.integers(1, 200),
        "width": st.integers(1, 64).map(lambda n: 128 * n),
        "heads": st.sampled_from([1, 2, 4, 8, 16, 32, 64, 128]),
        "vocabulary": st.integers(1, 300_000),
        "context": st.integers(1, 200_000),
        "gated": st.integers(0, 1),
        "tied": st.integers(0, 1),
        "experts": st.integers(3, 64),
        "experts_per_token": st.integers(1, 2),
        "relative_positions": st.integers(0, 1),
        "learned_positions": st.integers(0, 1),
    }
)


@settings(max_examples=60, deadline=None)
@given(SHAPES)
def test_what_holds_for_every_shape(shape: dict[str, int]) -> None:
    tally = ACCOUNTANT.tally(ACCOUNTANT.complete(shape))
    deeper = ACCOUNTANT.tally(ACCOUNTANT.complete({**shape, "layers": shape["layers"] + 1}))
    assert all(deeper.sizes[name] > each for name, each in tally.sizes.items())
    assert all(deeper.training[name] > each for name, each in tally.training.items())
    assert tally.sizes["active"] < tally.sizes["total"] == tally.sizes["embeddings-included"]
    assert tally.sizes["embeddings-excluded"] < tally.sizes["total"]
    assert tally.training["six-n"] == 6 * tally.sizes["active"]
    assert all(value == pytest.approx(3 * tally.forward[name], rel=1e-12) for name, value in tally.training.items())
    assert tally.training["six-n-excluded"] < tally.training["kaplan"]
    assert tally.training["hoffmann-layers"] < tally.training["hoffmann"]
    longer = ACCOUNTANT.tally(ACCOUNTANT.complete({**shape, "context": shape["context"] + 1, "learned_positions": 0}))
    assert longer.training["kaplan"] > tally.training["kaplan"]


def test_a_dense_model_has_one_size_under_three_names() -> None:
    found = sizes()
    assert found["embeddings-included"] == found["active"] == found["total"]


def test_pitfalls_of_counting() -> None:
    width, layers = SMALL["width"], SMALL["layers"]
    base = sizes(feed_forward=256)
    assert sizes(feed_forward=256, gated=1)["total"] - base["total"] == layers * width * 256
    assert base["total"] - sizes(feed_forward=256, kv_heads=1)["total"] == layers * width * 16 * 2 * 3
    assert sizes(feed_forward=256, tied=0)["total"] - base["total"] == SMALL["vocabulary"] * width
    assert sizes(feed_forward=256, tied=0)["embeddings-excluded"] == base["embeddings-excluded"]
    assert sizes(feed_forward=256, heads=4, key_size=32)["total"] - base["total"] == layers * 4 * width * 64


def random_shapes(count: int) -> list[dict[str, float]]:
    generator = random.Random(7)
    shapes: list[dict[str, float]] = [dict(each.shape) for each in RECORD.models.values()]
    for _ in range(count):
        shape = {name: generator.randint(1, 300) for name in RECORD.symbols}
        shape |= {name: generator.randint(0, 1) for name, each in RECORD.symbols.items() if each.values == "switch"}
        shape["kv_heads"] = generator.randint(1, int(shape["heads"]))
        shape["experts_per_token"] = generator.randint(1, int(shape["experts"]))
        shapes.append(dict(shape))
    return shapes


def javascript(source: str, code: str, given: Any) -> Any:
    node = shutil.which("node")
    need("node", found=node is not None)
    done = subprocess.run(
        [str(node), "--input-type=module", "-e", f"{source}\n{code}"],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


_READ = 'let text = ""; for await (const chunk of process.stdin) text += chunk;\n'


def test_javascript_counts_the_same() -> None:
    shapes = random_shapes(60)
    code = _READ + "process.stdout.write(JSON.stringify(JSON.parse(text).map(tally)));"
    for shape, found in zip(shapes, javascript(ACCOUNTANT.javascript(), code, shapes), strict=True):
        complete = ACCOUNTANT.complete(shape)
        tally = ACCOUNTANT.tally(complete)
        expected = {**complete, **tally.counts}
        expected |= {rule_symbol("forward", name): value for name, value in tally.forward.items()}
        expected |= {rule_symbol("training", name): value for name, value in tally.training.items()}
        for name, value in expected.items():
            assert math.isclose(found[name], value, rel_tol=1e-14), (shape, name)
        cautions = [text for index, (_, text) in enumerate(ACCOUNTANT.cautions) if found[f"caution_{index}"]]
        assert cautions == tally.cautions


def test_the_form_of_the_page_reads_and_refuses_like_the_command(tmp_path: Path) -> None:
    for name in ("flops.mjs", "numbers.mjs"):
        shutil.copyfile(ROOT / "site" / "assets" / name, tmp_path / name)
    (tmp_path / "flops-counts.mjs").write_text(counts_module(DOCUMENT), encoding="utf-8")
    texts = {name: str(value) for name, value in SMALL.items()}
    cases = [
        {**texts, "tokens": "1.4T"},
        {**texts, "heads": "3"},
        {**texts, "layers": ""},
        {**texts, "layers": "many"},
        {**texts, "layers": "2.5"},
        {**texts, "gated": "2"},
        {**texts, "experts_per_token": "2"},
    ]
    code = _READ + (
        "process.stdout.write(JSON.stringify(JSON.parse(text).map((each) => "
        "{ try { return count(each); } catch (error) { return `${error.symbol}: ${error.message}`; } })));"
    )
    good, *bad = javascript(f'import {{ count }} from "{tmp_path.as_uri()}/flops.mjs";', code, cases)
    assert good["N_total"] == sizes()["total"]
    assert good["tokens"] == 1.4e12
    assert [each.split(":")[0] for each in bad] == [
        "key_size", "layers", "layers", "layers", "gated", "experts_per_token",
    ]  # fmt: skip
    assert bad[0].endswith("key size, width/heads if left out, here 21.3333, must be a whole number from 1")


REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({}, "the shape needs a value for layers (layers, each of attention and a feed-forward network), width"),
    ({**SMALL, "widht": 3}, "a shape has no 'widht'; did you mean width?"),
    ({**SMALL, "zzz": 3}, "a shape has no 'zzz'; it takes layers, width"),
    ({**SMALL, "layers": 0}, "layers is a whole number from 1, not 0"),
    ({**SMALL, "layers": -2}, "layers is a whole number from 1, not -2"),
    ({**SMALL, "layers": 2.5}, "layers is a whole number from 1, not 2.5"),
    ({**SMALL, "layers": math.nan}, "layers takes a finite number, not nan"),
    ({**SMALL, "layers": math.inf}, "layers takes a finite number, not inf"),
    ({**SMALL, "layers": "2"}, "layers takes a number, not '2'"),
    ({**SMALL, "layers": True}, "layers takes a number, not True"),
    ({**SMALL, "layers": 1e30}, "layers is at most 9007199254740992, not 1e+30"),
    ({**SMALL, "layers": 10**400}, "layers takes a finite number, not inf"),
    ({**SMALL, "gated": 2}, "gated is 1 for yes or 0 for no, not 2"),
    ({**SMALL, "heads": 3}, "key_size is width/heads if left out, here 21.3333 and no whole number; give key_size"),
    ({**SMALL, "experts": 2, "experts_per_token": 4}, "experts_per_token must not exceed experts: 4 against 2"),
    ({**SMALL, "kv_heads": 8}, "kv_heads must not exceed heads: 8 against 4"),
]


@pytest.mark.parametrize(("shape", "message"), REFUSALS, ids=[message[:40] for _, message in REFUSALS])
def test_impossible_shapes_are_refused(shape: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as error:
        flops(**shape)
    assert str(error.value).startswith(message)


def test_unknown_models_are_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match=r"no known model 'chinchila-70b'; did you mean chinchilla-70b"):
        flops("chinchila-70b")
    with pytest.raises(UnknownName, match="there are gpt2-124m"):
        flops("zzzzzz")


def test_a_known_model_in_python() -> None:
    count = sl.flops("chinchilla-70b")
    assert isinstance(count, sl.FlopCount)
    assert count.parameters["embeddings-included"] == pytest.approx(70e9, rel=0.005)
    assert count.training_flop["six-n"] == 6 * count.parameters["active"] * 1.4e12
    assert next(iter(count.differences)) == "six-n"
    assert count.differences["six-n"] == 0
    assert count.differences["kaplan"] == pytest.approx(
        count.flop_per_token["kaplan"] / count.flop_per_token["six-n"] - 1
    )
    assert json.loads(json.dumps(count.as_dict()))["shape"]["key_size"] == 128
    assert sl.flops("chinchilla-70b", tokens=2.8e12).training_flop["six-n"] == 2 * count.training_flop["six-n"]


def test_without_tokens_there_is_no_whole_training() -> None:
    assert sl.flops(**SMALL).training_flop == {}
    assert sl.flops(**SMALL).model is None


def test_a_switch_may_be_true_and_a_number_numpy_s() -> None:
    assert sl.flops(**SMALL, gated=True) == sl.flops(**SMALL, gated=1)
    assert sl.flops(**{**SMALL, "layers": np.int64(2)}) == sl.flops(**SMALL)


def test_cautions_come_with_the_shapes_they_are_about() -> None:
    assert sl.flops("chinchilla-70b").warnings == []
    warnings = " ".join(sl.flops("mixtral-8x7b").warnings)
    assert "dense models" in warnings
    assert "grouped heads" in warnings
    assert any("tenth of the parameters" in each for each in sl.flops("gpt2-124m").warnings)


def test_the_database_answers_the_same(catalog_path: Path) -> None:
    connection = open_database(catalog_path)
    rows = connection.execute("SELECT model, convention, quantity, value, in_all, printed FROM model_count").fetchall()
    assert len(rows) == len(RECORD.models) * (len(ACCOUNTANT.conventions) + len(ACCOUNTANT.rules))
    for model, by, quantity, value, in_all, printed in rows:
        count = sl.flops(model)
        assert value == (count.parameters if quantity == "parameters" else count.flop_per_token)[by]
        assert in_all == count.training_flop.get(by)
        assert printed == next((each.value for each in RECORD.models[model].published if each.of == by), None)
    formulas = connection.execute("SELECT id FROM counting_formula ORDER BY position").fetchall()
    assert [row[0] for row in formulas][: len(RECORD.counts)] == list(RECORD.counts)
    assert connection.execute("SELECT count(*) FROM model_shape").fetchone()[0] == len(RECORD.models)
    connection.close()


def test_a_database_without_formulas_says_what_to_do(tmp_path: Path, catalog_path: Path) -> None:
    old = tmp_path / "old.sqlite"
    shutil.copyfile(catalog_path, old)
    with sqlite3.connect(old) as connection:
        connection.execute("DELETE FROM document WHERE kind = 'accounting'")
    with pytest.raises(DatabaseError, match="run scalinglaws build"):
        accounting(path=old)


def test_counting_needs_neither_records_nor_arrays(catalog_path: Path) -> None:
    code = (
        "import sys; from scalinglaws.cli import main; "
        f"main(['flops', 'chinchilla-70b', '--database', {str(catalog_path)!r}]); "
        "print([name for name in ('pydantic', 'yaml', 'numpy', 'scipy', 'sqlalchemy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flops", "chinchilla-70b"]) == 0
    text = capsys.readouterr().out
    assert "embeddings-excluded  69.79B" in text
    assert "5.885e23" in text
    assert "+1.5 %" in text
    assert max(len(line) for line in text.splitlines()) <= 120


def test_the_command_takes_a_shape_in_any_order(capsys: pytest.CaptureFixture[str]) -> None:
    shape = ["layers=80", "width=8192", "heads=64", "vocabulary=32000", "context=2048", "relative_positions=1"]
    assert main(["flops", *shape, "--json", "tokens=1.4T"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["model"] is None
    assert found["training_flop"] == sl.flops("chinchilla-70b").training_flop
    assert main(["flops", "chinchilla-70b", "--json", "tokens=1T"]) == 0
    assert json.loads(capsys.readouterr().out)["shape"]["tokens"] == 1e12


def test_the_command_lists_models_and_symbols(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flops", "--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(RECORD.models)
    assert main(["flops", "--list", "--json"]) == 0
    assert {each["id"] for each in json.loads(capsys.readouterr().out)} == set(RECORD.models)
    with pytest.raises(SystemExit):
        main(["flops", "--help"])
    text = capsys.readouterr().out
    assert all(f"\n  {name}" in text and each.meaning in text for name, each in RECORD.symbols.items())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name a known model"),
        (["chinchila"], "did you mean chinchilla-70b?"),
        (["chinchilla-70b", "layers"], "'layers' is no part of a shape"),
        (["chinchilla-70b", "layers=many"], "layers: 'many' is no number"),
        (["chinchilla-70b", "layers=0"], "layers is a whole number from 1"),
        (["chinchilla-70b", "layers=1", "layers=2"], "layers is given twice"),
        (["layers=80", "model=3"], "a shape has no 'model'"),
        (["chinchilla-70b", "--list"], "--list takes no model"),
    ],
)
def test_the_command_refuses(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flops", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_the_formulas_can_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "accounting"]) == 0
    text = capsys.readouterr().out
    assert all(each.expression in text for each in RECORD.counts.values())
    with pytest.raises(UnknownName, match="flops counts with its formulas"):
        library.law("accounting")


@pytest.mark.parametrize(
    ("value", "text"),
    [(70.055e9, "70.06B"), (1.4e12, "1.4T"), (512, "512"), (1e3, "1K"), (2.5e15, "2.500e15"), (124.3e6, "124.3M")],
)
def test_sizes_are_short(value: float, text: str) -> None:
    assert short(value) == text


def test_flop_and_differences_are_short() -> None:
    assert power(5.8847e23) == "5.885e23"
    assert [percent(each) for each in (0.0154, -0.2, 0.0, -1e-9)] == ["+1.5 %", "-20.0 %", "0.0 %", "0.0 %"]


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_the_form_counts_as_one_types(open_page: Any, address: str) -> None:
    page, faults = open_page(address + "/flops/", 390, "dark")
    result, fault = page.locator(".shape .result"), page.locator(".shape .fault")
    assert "7.006 \N{MULTIPLICATION SIGN} 10¹⁰" in result.inner_text()
    page.get_by_label("Start from").select_option("mixtral-8x7b")
    assert "1.288 \N{MULTIPLICATION SIGN} 10¹⁰" in result.inner_text()
    assert "dense models" in result.inner_text()
    page.get_by_label("experts per token", exact=True).fill("9")
    assert fault.inner_text() == "experts per token must not exceed experts."
    assert page.get_by_label("experts per token", exact=True).get_attribute("aria-invalid") == "true"
    page.get_by_label("experts per token", exact=True).fill("8")
    assert fault.inner_text() == ""
    assert result.inner_text().count("4.67 \N{MULTIPLICATION SIGN} 10¹⁰") == 3
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults == []


def test_the_page_is_whole_without_its_form(built_site: Path) -> None:
    text = (built_site / "flops" / "index.html").read_text(encoding="utf-8")
    for model in DOCUMENT["models"]:
        assert f">{model['name']}</span></td>\n<td>{short(model['sizes']['embeddings-included'])}</td>" in text
    assert all(f'id="{name}"' in text for name in (*RECORD.rules, *RECORD.models))


#: text replaced in the toy record, its replacement, field, words of the message or the repair
FAULTS = [
    ("expression: 2*width**2", "expression: 2*widht**2", "counts.M.expression", "did you mean width"),
    ("expression: 2*width**2", "expression: 2.5*width**2", "counts.M.expression", "the number 2.5"),
    ("expression: layers*M", "expression: layers*N", "counts.N.expression", "'N' is not declared above"),
    ("expression: layers*M", "expression: layers^M", "counts.N.expression", "write ** for a power"),
    ("training: 3*forward", "training: 3*backward", "rules.six-n.training", "did you mean forward"),
    ("  heads: {", "  exp: {", "symbols.exp", "is no symbol"),
    ("default: \"1\", at_most: width", "default: width2", "symbols.heads.default", "did you mean width"),
    ("at_most: width", "at_most: widht", "symbols.heads.at_most", "did you mean width"),
    ("  M: {meaning", "  width: {meaning", "counts.width", "stands under symbols too"),
    ("when: 1 if layers > 3", "when: 1 if depth > 3", "cautions[0].when", "'depth' is not declared above"),
    ("source: {paper: power2020, where: eq. (1)", "source: {where: eq. (1)", "counts.M.source.paper", "names no paper"),
    ("source: {paper: power2020, where: eq. (2)", "source: {paper: powr2020, where: eq. (2)", "counts.N.source.paper", "did you mean power2020"),
    ("basis: code, via: repository", "basis: code", "rules.six-n.source.via", "name it in via"),
    ("shape: {layers: 2,", "shape: {", "models.small.shape", "needs a value for layers"),
    ("shape: {layers: 2,", "shape: {layers: 2.5,", "models.small.shape", "whole number from 1"),
    ("value: 400", "value: 500", "models.small.published[0].value", "the formulas give 400"),
    ("of: total", "of: totl", "models.small.published[0].of", "did you mean total"),
    (", tokens: 100", "", "models.small.published[1]", "add tokens"),
    ("expect: 0.333", "expect: 0.334", "checks[0].expect", "the formulas give 0.333333"),
    ("model: small,", "model: smal,", "checks[0].model", "did you mean small"),
    ("against: six-n", "against: six-m", "checks[0].against", "did you mean six-n"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "field", "words"), FAULTS, ids=[f"{each[2]} {each[3]}"[:60] for each in FAULTS])
def test_faults_in_the_record_are_named(
    toy_contents: dict[str, str], old: str, new: str, field: str, words: str
) -> None:
    text = toy_contents["accounting.yaml"]
    assert text.count(old) == 1, old
    with pytest.raises(InvalidRecords) as error:
        Catalog.from_contents({**toy_contents, "accounting.yaml": text.replace(old, new)})
    found = [each for each in error.value.problems if each.file == "accounting.yaml" and each.field == field]
    assert any(words in f"{each.message} {each.repair}" for each in found), error.value.problems
