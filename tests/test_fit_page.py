"""The page that fits a law to the reader's runs: its engine in node, what it refuses, and the page in a browser."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import scalinglaws as sl
from conftest import need
from scalinglaws.catalog import Catalog
from scalinglaws.database.documents import law_document, paper_document
from scalinglaws.formulas.evaluation import Compiled, Formula
from scalinglaws.pages import calculators
from scalinglaws.pages.calculators import Calculator
from scalinglaws.pages.mathematics import node_command

ROOT = Path(__file__).resolve().parents[1]
ASSETS = ROOT / "site" / "assets"
CHINCHILLA = "hoffmann2022/parametric"
MODEL_SIZE = {"map": {"N": "Model Size", "C": "Training FLOP", "L": "loss"}, "let": {"D": "C/(6*N)"}}
ANCHOR = {
    "objective": 1.018274017801e-3,
    "values": {"A": 477.826, "B": 2143.417, "E": 1.817218, "alpha": 0.347311, "beta": 0.367172},
}
HUBER = {"objective": "huber", "delta": 1e-3, "on": "log", "drop": 0}

#: Everything that the page does between the text and the numbers, for one task on standard input.
DRIVER = """
import { readFileSync } from "node:fs";
const [assets, laws] = process.argv.slice(1);
const { fit, SINGULAR, ILL_CONDITIONED } = await import(`${assets}/fitting.mjs`);
const { elsewhere, example, fitWarnings, likely, readRuns, readTable } = await import(`${assets}/runs.mjs`);
function done(task, description, law) {
  const [form] = description.forms;
  const { output, constants } = description;
  const { variables, coefficients } = form;
  const text = task.text ?? example(description, law);
  if (text === null) return { text };
  const table = readTable(text);
  const choice = task.choice ?? likely(table.header, variables, output);
  const runs = readRuns(table, { variables, output }, choice, task.options);
  const began = performance.now();
  const { kept, dropped, observed, columns } = runs;
  const result = fit({ law, coefficients, constants, columns, observed, options: task.options });
  const milliseconds = performance.now() - began;
  const limits = { singular: SINGULAR, illConditioned: ILL_CONDITIONED };
  const warnings = [...runs.warnings, ...fitWarnings(result, coefficients, limits)];
  const texts = elsewhere({ file: "runs.csv", law: description.id, ...choice, options: task.options });
  return { text, choice, kept, dropped, observed, columns, warnings, milliseconds, ...texts, ...result };
}
const answers = [];
for (const task of JSON.parse(readFileSync(0, "utf8"))) {
  const description = JSON.parse(readFileSync(new URL(`${laws}/${task.law}.json`), "utf8"));
  const { law } = await import(`${laws}/${task.law.split("/")[0]}/${description.forms[0].module}`);
  try {
    answers.push(done(task, description, law));
  } catch (error) {
    answers.push({ refused: error.message });
  }
}
process.stdout.write(JSON.stringify(answers));
"""

Fit = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def made(catalog: Catalog) -> dict[str, Calculator]:
    laws = {law.id: law_document(catalog, law) for law in catalog.laws()}
    papers = {key: paper_document(catalog, paper) for key, paper in catalog.papers.items()}
    return calculators.all_calculators(laws, papers)[0]


@pytest.fixture(scope="module")
def fit(made: dict[str, Calculator], tmp_path_factory: pytest.TempPathFactory) -> Fit:
    folder = tmp_path_factory.mktemp("laws")
    calculators.write_calculators(made, folder)

    def run(*tasks: dict[str, Any]) -> list[dict[str, Any]]:
        whole = [{"options": HUBER, "law": CHINCHILLA, **task} for task in tasks]
        command = [node_command(), "--input-type=module", "--eval", DRIVER, ASSETS.as_uri(), folder.as_uri()]
        done = subprocess.run(command, input=json.dumps(whole), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        answers: list[dict[str, Any]] = json.loads(done.stdout)
        return answers

    return run


@pytest.fixture
def chinchilla_table() -> str:
    folder = Path(os.environ.get("SCALINGLAWS_DATA", ROOT.parent / "shared" / "datasets"))
    path = folder / "chinchilla-svg" / "svg_extracted_data.csv"
    need("the table chinchilla-svg", found=path.is_file())
    return path.read_text(encoding="utf-8")


def script(source: str) -> Any:
    """What a script over the page's modules writes as JSON."""
    head = "".join(
        f"import * as {name} from {json.dumps((ASSETS / f'{name}.mjs').as_uri())};" for name in ("runs", "fitting")
    )
    run = [node_command(), "--input-type=module", "--eval", f"{head}process.stdout.write(JSON.stringify({source}));"]
    return json.loads(subprocess.run(run, capture_output=True, text=True, check=True).stdout)


def written(columns: dict[str, list[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue()


def sampled(
    law: str, values: dict[str, float], ranges: dict[str, tuple[float, float]], rows: int = 48, noise: float = 0.0
) -> dict[str, list[float]]:
    """Columns of a law at values spread by ratio over ranges."""
    draw = np.random.default_rng(3)
    columns = {
        name: [float(f"{each:.5g}") for each in low * (high / low) ** draw.random(rows)]
        for name, (low, high) in ranges.items()
    }
    found = sl.law(law)
    inputs: dict[str, Any] = {name: np.array(column) for name, column in columns.items()}
    inputs |= values
    output = np.asarray(found(**inputs)) * np.exp(noise * draw.standard_normal(rows))
    return {**columns, str(found.document["output"]["symbol"]): [float(each) for each in output]}


# What the page is told.


def test_the_description_says_which_coefficients_are_positive_and_which_laws_can_be_fitted(
    made: dict[str, Calculator], tmp_path: Path
) -> None:
    for law_id, each in made.items():
        document = sl.law(law_id).document
        declared = {one["symbol"]: one["positive"] for one in document["coefficients"]}
        (form, *_) = each.description["forms"]
        if each.description["fittable"]:
            assert {one["symbol"]: one["positive"] for one in form["coefficients"]} == declared, law_id
            assert not document["implicit"]
            assert not document["indices"]
            assert 1 <= len(declared) <= 6
            assert form["variables"]
    assert sum(each.description["fittable"] for each in made.values()) > 100
    (tmp_path / "laws").mkdir()
    calculators.write_index(made, tmp_path)
    index = json.loads((tmp_path / "laws" / "index.json").read_text())
    assert {one["id"]: one["fittable"] for one in index} == {
        law_id: each.description["fittable"] for law_id, each in made.items()
    }


@pytest.mark.parametrize(
    ("law", "exponents"),
    [
        (CHINCHILLA, {"alpha", "beta"}),
        ("kaplan2020/joint-nd", {"alpha_N", "alpha_D"}),
        ("caballero2023/bnsl-1", {"c0", "c1", "f1"}),
        ("clark2022/unified", {"a", "b", "c", "d"}),
    ],
)
def test_exponents_are_told_from_scales(made: dict[str, Calculator], law: str, exponents: set[str]) -> None:
    (form,) = made[law].description["forms"]
    assert {each["symbol"] for each in form["coefficients"] if each["exponent"]} == exponents


# The engine.


def test_the_chinchilla_fit_reaches_the_optimum(fit: Fit, chinchilla_table: str) -> None:
    options = {**HUBER, "drop": 5}
    (found,) = fit({"text": chinchilla_table, "choice": MODEL_SIZE, "options": options})
    assert found["objective"] == pytest.approx(ANCHOR["objective"], rel=1e-9)
    assert found["values"] == pytest.approx(ANCHOR["values"], rel=2e-5)
    assert found["starts"]["agree"] == found["starts"]["refined"]
    assert found["rows"] == 240
    assert found["warnings"] == []
    assert [(len(each["rows"]), each["rows"]) for each in found["dropped"]] == [(5, [1, 2, 3, 4, 5])]
    assert found["milliseconds"] < 10_000
    # The guess from the names alone is the same choice.
    (guessed,) = fit({"text": chinchilla_table, "options": options})
    assert guessed["choice"] == MODEL_SIZE
    assert guessed["objective"] == found["objective"]


@pytest.mark.parametrize(
    ("law", "values", "ranges"),
    [
        ("henighan2020/n", {"L_inf": 0.4, "x_0": 2e13, "alpha_x": 0.12}, {"x": (1e5, 1e10)}),
        (
            "kaplan2020/joint-nd",
            {"N_c": 6.4e13, "D_c": 1.8e13, "alpha_N": 0.076, "alpha_D": 0.103},
            {"N": (1e5, 1e9), "D": (2e7, 2e10)},
        ),
        (
            "caballero2023/bnsl-1",
            {"a": 0.41, "b": 2.3, "c0": 0.06, "d1": 600.0, "f1": 0.3, "c1": 0.5},
            {"x": (10.0, 1e6)},
        ),
        (
            CHINCHILLA,
            {"E": 1.69, "A": 406.4, "B": 410.7, "alpha": 0.34, "beta": 0.28},
            {"N": (7e7, 1.6e10), "D": (5e9, 5e11)},
        ),
        ("clark2022/bilinear", {"a": -0.08, "b": -0.09, "c": 0.007, "d": 1.08}, {"N": (1e7, 1e9), "E": (1, 512)}),
        ("muennighoff2023/effective-data", {"R_D_star": 15.4}, {"U_D": (1e9, 1e11), "R_D": (0.5, 60)}),
        ("lin2024a/rectified", {"B": 563.8, "D_l": 166.0, "beta": 0.455, "E": 1.07}, {"D": (1e3, 1e8)}),
    ],
)
def test_exact_runs_give_the_coefficients_back(
    fit: Fit, law: str, values: dict[str, float], ranges: dict[str, tuple[float, float]]
) -> None:
    text = written(sampled(law, values, ranges))
    tasks = [{"text": text, "law": law, "options": {**HUBER, **each}} for each in ({}, {"objective": "squares"})]
    for found in fit(*tasks):
        assert found["values"] == pytest.approx(values, rel=1e-4)
        assert found["objective"] < 1e-14
        assert found["r2"] == pytest.approx(1)


def test_no_law_ends_above_the_coefficients_that_made_its_example(fit: Fit, made: dict[str, Calculator]) -> None:
    # Where inputs reach a pole of the law, sardana2024/total-compute has as many minima as rows; the page says so.
    laws = [name for name, each in made.items() if each.description["fittable"] and name != "sardana2024/total-compute"]
    found = dict(zip(laws, fit(*({"law": law} for law in laws)), strict=True))
    tried = 0
    for law, each in found.items():
        if each.get("text") is None:
            continue
        assert "refused" not in each, law
        values = next(one for one in made[law].description["fits"] if one["complete"])["values"]
        inputs: dict[str, Any] = {name: np.array(column) for name, column in each["columns"].items()}
        size = np.abs(np.log(np.asarray(sl.law(law)(**inputs, **values)) / np.array(each["observed"])))
        truth = np.where(size <= 1e-3, size**2 / 2, 1e-3 * (size - 5e-4)).sum()
        assert each["objective"] <= truth * (1 + 1e-9), law
        tried += 1
    assert tried > 55


def test_squares_are_the_sum_of_squares_and_raw_residuals_are_raw(fit: Fit) -> None:
    draw = np.random.default_rng(0)
    size = np.exp(draw.uniform(6, 12, 40))
    height = 0.006 * np.log(size) ** 2 - 0.16 * np.log(size) + 1.2 + 0.01 * draw.standard_normal(40)
    text = written({"V": size.tolist(), "f": height.tolist()})
    options = {**HUBER, "objective": "squares", "on": "raw"}
    (found,) = fit({"text": text, "law": "tao2024/tokens-per-char", "options": options})
    expected, squares, *_ = np.polyfit(np.log(size), height, 2, full=True)
    assert [found["values"][name] for name in "abc"] == pytest.approx(expected, rel=1e-6)
    assert found["objective"] == pytest.approx(squares[0], rel=1e-9)
    assert found["r2"] == pytest.approx(1 - squares[0] / ((height - height.mean()) ** 2).sum())


def test_an_output_of_many_sizes_is_fitted_as_it_is(fit: Fit) -> None:
    values = {"m": -1.2, "s": 0.004, "q": 29.0}
    text = written(sampled("jones2021/train-test", values, {"F_train": (1e12, 1e17), "Elo": (100, 1500)}))
    options = {**HUBER, "objective": "squares", "on": "raw"}
    (found,) = fit({"text": text, "law": "jones2021/train-test", "options": options})
    assert found["values"] == pytest.approx(values, rel=1e-4)


NOISY = written(
    sampled(
        CHINCHILLA,
        {"E": 1.69, "A": 406.4, "B": 410.7, "alpha": 0.34, "beta": 0.28},
        {"N": (7e7, 1.6e10), "D": (5e9, 5e11)},
        60,
        0.01,
    )
)


def test_what_is_copied_fits_the_same(fit: Fit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = list(csv.reader(io.StringIO(NOISY)))
    body = [[n, repr(6 * float(n) * float(d)), loss] for n, d, loss in rows[1:]]
    text = "\n".join(",".join(each) for each in [["Model Size", "Training FLOP", "loss"], *body])
    (tmp_path / "runs.csv").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (found,) = fit({"text": text, "options": {**HUBER, "drop": 3}})
    command = shlex.split(found["command"].replace("\\\n", " "))
    assert command[:2] == ["scalinglaws", "fit"]
    program = str(ROOT / ".venv" / "bin" / "scalinglaws")
    done = subprocess.run([program, *command[1:], "--json"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["objective"] == pytest.approx(found["objective"], rel=1e-8)
    caught: list[Any] = []
    inside = {"sl": type("Library", (), {"fit": lambda *data, **options: caught.append((data, options))})}
    exec(found["python"].replace("import scalinglaws as sl\n", ""), inside)
    ((data, options),) = caught
    assert sl.fit(*data, **options).objective == pytest.approx(found["objective"], rel=1e-8)


# Warnings and refusals.


def test_a_design_that_does_not_tell_coefficients_apart_is_named(fit: Fit) -> None:
    values = {"E": 1.69, "A": 406.4, "B": 410.7, "alpha": 0.34, "beta": 0.28}
    columns = sampled(CHINCHILLA, values, {"N": (7e7, 1.6e10), "D": (2e10, 2.0000001e10)}, noise=0.01)
    columns["D"] = [2e10] * len(columns["D"])
    (found,) = fit({"text": written(columns)})
    assert any("D is the same in every row" in each for each in found["warnings"])
    assert any("do not tell" in each and "B" in each for each in found["warnings"])
    (reference,) = fit({"law": "hoffmann2022/approach1"})
    assert any("do not tell N_ref and C_ref apart" in each for each in reference["warnings"])


def test_few_rows_and_repeated_rows_are_named(fit: Fit) -> None:
    lines = NOISY.splitlines()
    few, twice, less = fit(
        {"text": "\n".join(lines[:9])},
        {"text": "\n".join([*lines, lines[2], lines[2]])},
        {"text": "\n".join(lines[:4])},
    )
    assert any("8 rows are few for 5 coefficients" in each for each in few["warnings"])
    assert twice["warnings"] == ["2 rows repeat an earlier one (rows 61, 62) and count twice."]
    assert less["refused"] == "3 usable rows are fewer than the 5 coefficients"


def test_rows_without_usable_numbers_are_left_out_by_reason(fit: Fit) -> None:
    bad = ["n/a,1e10,2", "1e8,,2", "1e8,1e10,-1", "0,1e10,2", "7B,1.4T,2.5", "1e8,1e10,later"]
    (found,) = fit({"text": "\n".join([*NOISY.splitlines(), *bad])})
    assert [(each["reason"], each["rows"]) for each in found["dropped"]] == [
        ("text stands in the column “N”, such as “n/a”", [61]),
        ("nothing stands in the column “D”", [62]),
        ("L is not greater than zero, and has no logarithm", [63]),
        ("N is not greater than zero", [64]),
        ("text stands in the column “L”, such as “later”", [66]),
    ]
    assert found["kept"][-1] == 65
    assert found["columns"]["N"][-1] == 7e9


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ({"text": "N,D,L\n"}, "there are no rows beneath"),
        ({"text": "1,2,3\n4,5,6"}, "the first line must name the columns"),
        ({"text": "N,N,L\n4,5,6"}, "two columns are called “N”"),
        ({"text": 'N,D,L\n4,5,"6'}, "a quotation mark is opened"),
        ({"text": "  \n"}, "there is no text yet"),
        ({"text": "a,b,L\n4,5,6"}, "N has no column and no formula"),
        ({"text": "N,D,L\nx,5,6"}, "no row is left: text stands"),
        ({"text": NOISY, "options": {**HUBER, "drop": 60}}, "dropping the 60 highest would leave none of the 60"),
        ({"text": NOISY, "options": {**HUBER, "delta": 0}}, "delta must be greater than zero"),
        ({"text": NOISY, "choice": {"map": {"N": "N", "L": "L"}, "let": {"D": "C/N"}}}, "uses C, which has no column"),
        ({"text": NOISY, "choice": {"map": {"N": "N", "L": "L"}, "let": {"D": "N^2"}}}, "write ** for powers"),
        ({"text": NOISY, "choice": {"map": {"N": "M", "L": "L", "D": "D"}, "let": {}}}, "no column is called “M”"),
    ],
)
def test_what_cannot_be_fitted_is_refused_with_the_reason(fit: Fit, task: dict[str, Any], reason: str) -> None:
    (found,) = fit(task)
    assert reason in found["refused"]


def test_rows_as_high_as_the_last_of_the_highest_go_too(fit: Fit) -> None:
    lines = NOISY.splitlines()
    (found,) = fit({"text": "\n".join([*lines, "1e8,1e10,9", "1e8,2e10,9"]), "options": {**HUBER, "drop": 1}})
    assert [each["rows"] for each in found["dropped"]] == [[61, 62]]


# Tables, names and expressions.


def test_tables_are_read_with_quotes_and_other_separators() -> None:
    texts = ['\ufeff"Model, size",b\r\n"1e9",2\r\n\r\n3', "a\tb\n1\t2", "a;b\n1;2", 'a,b\n"say ""hi""",2']
    assert script(f"{json.dumps(texts)}.map(runs.readTable)") == [
        {"header": ["Model, size", "b"], "rows": [["1e9", "2"], ["3", ""]]},
        {"header": ["a", "b"], "rows": [["1", "2"]]},
        {"header": ["a", "b"], "rows": [["1", "2"]]},
        {"header": ["a", "b"], "rows": [['say "hi"', "2"]]},
    ]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (["params", "tokens", "loss"], {"N": "params", "D": "tokens", "L": "loss"}),
        (["n", "d", "Final Loss"], {"N": "n", "D": "d", "L": "Final Loss"}),
        (["num_params", "training_tokens", "val loss"], {"N": "num_params", "D": "training_tokens", "L": "val loss"}),
        (["one", "two", "three"], {}),
    ],
)
def test_columns_are_guessed_from_their_names(
    made: dict[str, Calculator], header: list[str], expected: dict[str, str]
) -> None:
    description = made[CHINCHILLA].description
    given = [header, description["forms"][0]["variables"], description["output"]]
    assert script(f"runs.likely(...{json.dumps(given)})") == {"map": expected, "let": {}}


def test_expressions_mean_what_the_catalog_s_language_means() -> None:
    values = {"C": 5.76e23, "N": 7e10, "a": -2.5}
    texts = [
        "C/(6*N)", "-N**2", "2**-1", "2**3**2", "C/6/N", "1 - 2 - a", "exp(log(N)/2)", "min(N, C) + max(a, 1)",
        "1.5e3*log10(C)", "abs(a) + sqrt(N) - log2(N)", "-(a + 1)*-2", ".5*N",
    ]  # fmt: skip
    read = script(f"{json.dumps(texts)}.map((each) => runs.readExpression(each).evaluate({json.dumps(values)}))")
    for text, value in zip(texts, read, strict=True):
        compiled = Compiled(Formula.read(text))
        assert value == pytest.approx(compiled({name: values[name] for name in compiled.arguments}), rel=1e-14), text


@pytest.mark.parametrize(
    "text", ["", "N +", "N N", "(N", "alert(1)", "N[0]", "N.constructor", "N = 2", "log(1, 2)", "2N", "constructor(1)"]
)
def test_anything_else_is_no_expression(text: str) -> None:
    source = (
        f"(() => {{ try {{ runs.readExpression({json.dumps(text)}); }} catch (error) {{ return error.message; }} }})()"
    )
    assert script(source)


def test_column_names_are_quoted_for_the_shell_and_for_python() -> None:
    given = {
        "file": "my runs.csv", "law": CHINCHILLA, "map": {"N": 'a "b" $c `d`', "L": "loss"}, "let": {"D": "20*N"},
        "options": {"objective": "squares", "delta": 1e-3, "on": "raw", "drop": 0},
    }  # fmt: skip
    found = script(f"runs.elsewhere({json.dumps(given)})")
    assert shlex.split(found["command"].replace("\\\n", " ")) == [
        "scalinglaws", "fit", "my runs.csv", "--law", CHINCHILLA, "--map", 'N=a "b" $c `d`', "--map", "L=loss",
        "--let", "D = 20*N", "--objective", "squares", "--on", "raw",
    ]  # fmt: skip
    assert '"N": "a \\"b\\" $c `d`"' in found["python"]
    compile(found["python"], "<page>", "exec")


# The page.


def fill(page: Any, text: str) -> None:
    page.get_by_label("Table: a line of column names").fill(text)


def press(page: Any) -> None:
    page.get_by_role("button", name="Fit", exact=True).click()
    page.wait_for_selector(".fitter .results table, .fitter .fault:not(:empty)", timeout=30_000)


def shown(page: Any) -> dict[str, str]:
    rows = page.locator(".fitter .results tbody tr").evaluate_all(
        "rows => rows.map(row => [row.cells[0].textContent, row.cells[1].textContent])"
    )
    return dict(rows)


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_pasted_table_gives_coefficients_charts_and_the_same_call(open_page: Any, address: str, fit: Fit) -> None:
    rows = list(csv.reader(io.StringIO(NOISY)))
    body = [[n, repr(6 * float(n) * float(d)), loss, "x"] for n, d, loss in rows[1:]]
    text = "\n".join(",".join(each) for each in [["size of it", "Training FLOP", "final", "note"], *body])
    page, faults = open_page(address + "/fit/", 1280, "light")
    fill(page, text)
    page.get_by_label("N model parameters").select_option("size of it")
    page.get_by_label("L final training").select_option("final")
    page.get_by_label("D training tokens").select_option("formula")
    page.get_by_label("Formula for D").fill("C/(6*N)")
    page.get_by_label("Formula for D").press("Tab")
    assert page.get_by_label("C in a formula").locator("option:checked").inner_text() == "Training FLOP"
    page.get_by_label("Rows of highest output to drop").fill("2")
    press(page)
    choice = {"map": {"N": "size of it", "C": "Training FLOP", "L": "final"}, "let": {"D": "C/(6*N)"}}
    (expected,) = fit({"text": text, "choice": choice, "options": {**HUBER, "drop": 2}})
    found = shown(page)
    for name, value in expected["values"].items():
        assert float(found[name]) == pytest.approx(value, rel=1e-5)
    assert float(found["Objective"]) == pytest.approx(expected["objective"], rel=1e-8)
    assert found["Rows"] == "58 of 60"
    assert page.locator(".fitter svg.chart").count() == 2
    assert page.locator(".fitter svg.chart").first.locator("circle.dot").count() == 58
    assert page.locator("#fit-command").inner_text() == expected["command"]
    assert page.locator("#fit-python").inner_text() == expected["python"]
    assert "Fitted 58 rows" in page.locator("#fit-status").inner_text()
    page.get_by_label("Charts along").select_option("D")
    assert "against D" in page.locator(".fitter svg.chart").first.get_attribute("aria-label")
    # What is changed afterwards takes the old numbers away.
    page.get_by_label("Loss", exact=True).select_option("squares")
    assert shown(page) == {}
    assert faults == []


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_the_synthetic_example_says_that_it_is_synthetic_and_gives_its_law_back(open_page: Any, address: str) -> None:
    page, faults = open_page(address + "/fit/?law=kaplan2020/joint-nd", 390, "dark")
    page.get_by_role("button", name="Load a synthetic example").click()
    assert "60 synthetic rows" in page.locator("#fit-table-note").inner_text()
    press(page)
    assert float(shown(page)["alpha_D"]) == pytest.approx(0.103, rel=0.1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # Another law, with what it needs.
    page.get_by_label("Law", exact=True).select_option("brown2024/coverage")
    page.wait_for_function("document.querySelector('#fit-formula').textContent.includes('exp(')")
    page.get_by_role("button", name="Load a synthetic example").click()
    press(page)
    assert set(shown(page)) >= {"a", "b"}
    # Back is to the law before, and the table stays.
    table = page.locator("#fit-text").input_value()
    page.go_back()
    page.wait_for_function("!document.querySelector('#fit-formula').textContent.includes('exp(')")
    assert page.get_by_label("Law", exact=True).input_value() == "kaplan2020/joint-nd"
    assert page.locator("#fit-text").input_value() == table
    assert faults == []


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_the_page_refuses_with_the_reason_and_can_be_stopped(open_page: Any, address: str) -> None:
    page, faults = open_page(address + "/fit/", 1280, "dark")
    fault = page.locator(".fitter > .fault")
    press(page)
    assert "give a table first" in fault.inner_text()
    page.locator("#fit-text").evaluate(
        """(field, text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text", text);
          field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, cancelable: true }));
        }""",
        "N,D,L\n1e9,1e10,3\n2e9,1e10,2.9",
    )
    assert "2 rows, 3 columns" in page.locator("#fit-table-note").inner_text()
    press(page)
    assert fault.inner_text() == "Not fitted: 2 usable rows are fewer than the 5 coefficients."
    many = NOISY + "".join(NOISY.split("\n", 1)[1] for _ in range(400))
    whole = {"name": "many runs.csv", "mimeType": "text/csv", "buffer": many.encode()}
    page.get_by_label("From a file").set_input_files(files=[whole])
    page.wait_for_function("document.querySelector('#fit-table-note').textContent.startsWith('24060 rows')")
    assert '"many runs.csv"' in page.locator("#fit-command").inner_text()
    page.get_by_role("button", name="Fit", exact=True).click()
    page.get_by_role("button", name="Stop").click()
    assert "Stopped" in page.locator("#fit-status").inner_text()
    page.wait_for_timeout(300)
    assert shown(page) == {}
    assert faults == []


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_without_scripts_the_page_says_what_it_does(address: str, chromium: str, built_site: Path) -> None:
    from playwright.sync_api import sync_playwright

    assert (built_site / "fit" / "index.html").is_file()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(address + "/fit/")
        text = page.locator(".fitter").inner_text()
        assert "needs JavaScript" in text
        assert "scalinglaws fit runs.csv" in text
        assert "sl.fit(" in text
        assert not page.locator(".fitter form").is_visible()
        browser.close()


def test_the_form_s_own_limits_are_numbers() -> None:
    assert script("[fitting.AGREE, fitting.SINGULAR, fitting.ILL_CONDITIONED]") == [1e-4, 1e7, 1e4]
    assert math.isclose(script("fitting.random(1)()"), script("fitting.random(1)()"))
