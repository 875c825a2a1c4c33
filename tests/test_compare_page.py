"""The compare page: the same answers as `sl.compare`, and the same refusals."""

from __future__ import annotations

import json
import math
import subprocess
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import scalinglaws as sl
from scalinglaws.pages.mathematics import node_command
from scalinglaws.units import ASSUMPTIONS, FACTORS, NotConvertible, Unit, convert
from scalinglaws.vocabulary import CONVENTIONS, QUANTITIES

ASSETS = Path(__file__).resolve().parents[1] / "site" / "assets"
ASSUMED = {
    "characters_per_token": 4.7, "bytes_per_token": 4.3, "words_per_token": 0.75, "dimensions_per_image": 3072.0,
    "flop_per_second": 1e14, "embedding_parameters": 2.5e8, "unclear_includes_embeddings": 1.0, "active_fraction": 0.25,
    "sparsity": 0.5, "batch_over_critical": 2.0,
}  # fmt: skip


def answer(value: float, source: Unit, target: Unit, assumptions: dict[str, float]) -> float | None:
    try:
        return convert(value, source, target, assumptions).value
    except NotConvertible:
        return None


def test_the_page_converts_as_the_library_does(tmp_path: Path) -> None:
    assert set(ASSUMED) == set(ASSUMPTIONS)
    quantities = [(Unit(one, 1e3), Unit(other)) for one, other in product(QUANTITIES, repeat=2)]
    ways = [None, *CONVENTIONS]
    conventions = [
        (Unit(quantity, 1.0, one), Unit(quantity, 1e6, other))
        for quantity in ("parameters", "FLOP", "PF-day", "steps", "tokens")
        for one, other in product(ways, repeat=2)
    ]
    cases = [
        (0.7 if source.quantity in ("error rate", "accuracy") else 5e9 / source.scale, source, target, assumptions)
        for source, target in [*quantities, *conventions]
        for assumptions in ({}, ASSUMED)
    ]
    told = [[value, source.as_dict(), target.as_dict(), known] for value, source, target, known in cases]
    table = tmp_path / "table.json"
    table.write_text(json.dumps({"cases": told, "factors": [factor.as_dict() for factor in FACTORS]}))
    script = f"""
        import {{ readFileSync }} from "node:fs";
        import {{ convert }} from {json.dumps((ASSETS / "units.mjs").as_uri())};
        const table = JSON.parse(readFileSync({json.dumps(str(table))}, "utf8"));
        process.stdout.write(JSON.stringify(table.cases.map(([value, source, target, known]) => {{
          try {{ return convert(value, source, target, known, table).value; }} catch {{ return null; }}
        }})));
    """
    run = [node_command(), "--input-type=module", "--eval", script]
    found = json.loads(subprocess.run(run, capture_output=True, text=True, check=True).stdout)
    answered = 0
    for (value, source, target, known), page in zip(cases, found, strict=True):
        expected = answer(value, source, target, known)
        if expected is None:
            assert page is None, (source, target)
        else:
            assert page == pytest.approx(expected, rel=1e-12), (source, target)
            answered += 1
    assert answered > 300
    assert sum(each is None for each in found) > 300


def values(page: Any) -> dict[str, str]:
    cells = page.locator(".comparison .results tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return {row[0]: row[1] for row in cells}


LAWS = ["hoffmann2022/parametric", "kaplan2020/joint-nd"]


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_the_page_gives_what_the_library_gives_and_refuses_what_it_refuses(open_page: Any, address: str) -> None:
    page, faults = open_page(address + "/compare/", 1280, "light")
    given: dict[str, Any] = {"conventions": {"N": "embeddings-included"}, "N": 70e9, "D": 1.4e12}
    expected = sl.compare(LAWS, **given)
    shown = values(page)
    assert list(shown) == [row.label for row in expected.rows]
    for row in expected.rows:
        if row.value is None:
            assert shown[row.label] == "refused"
        else:
            assert float(shown[row.label]) == pytest.approx(row.value, rel=1e-5)
    assert shown["kaplan2020/joint-nd/published"] == "refused"
    page.get_by_label("Assume embedding parameters").fill("262M")
    page.get_by_label("Assume embedding parameters").press("Tab")
    page.wait_for_function("!document.querySelector('.comparison tr.refused')")
    expected = sl.compare(LAWS, assumptions={"embedding_parameters": 262e6}, **given)
    assert expected.rows[-1].value is not None
    assert float(values(page)["kaplan2020/joint-nd/published"]) == pytest.approx(expected.rows[-1].value, rel=1e-5)
    # The address reproduces the state, and the command under the table is the same call.
    again, more = open_page(page.url, 390, "dark")
    assert values(again) == values(page)
    assert "--assume embedding_parameters=2.62e8" in again.locator(".comparison .results code").inner_text()
    assert faults == []
    assert more == []


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_mixed_conventions_are_refused_until_the_reader_says_how_the_number_is_counted(
    open_page: Any, address: str
) -> None:
    query = "?law=hoffmann2022/parametric&law=kaplan2020/joint-nd&in.N=7e10&in.D=1.4e12"
    page, _ = open_page(address + "/compare/" + query, 1280, "light")
    assert "These laws count N in different ways" in page.get_by_role("alert").inner_text()
    assert values(page) == {}
    page.get_by_label("How this N is counted").select_option("embeddings-excluded")
    page.wait_for_selector(".comparison .results tbody tr")
    assert math.isclose(
        float(values(page)["kaplan2020/joint-nd/published"]),
        sl.law("kaplan2020/joint-nd")(N=7e10, D=1.4e12),
        rel_tol=1e-5,
    )
    assert values(page)["hoffmann2022/parametric/tex-precise"] == "refused"


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_laws_that_give_other_things_are_rows_with_a_reason(open_page: Any, address: str) -> None:
    query = "?law=hoffmann2022/nopt&law=hoffmann2022/dopt&in.C=5.76e23"
    page, _ = open_page(address + "/compare/" + query, 1280, "light")
    shown = values(page)
    assert float(
        shown["hoffmann2022/nopt/besiroglu2024"].replace(
            " \N{MULTIPLICATION SIGN} 10\N{SUPERSCRIPT ONE}\N{SUPERSCRIPT ZERO}", "e10"
        )
    ) == pytest.approx(7.22487e10)
    assert {each for name, each in shown.items() if name.startswith("hoffmann2022/dopt")} == {"refused"}


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_back_gives_the_laws_and_inputs_before(open_page: Any, address: str) -> None:
    page, faults = open_page(address + "/about/", 1280, "light")
    page.goto(address + "/compare/?law=hoffmann2022/parametric&in.N=7e10&in.D=1.4e12")
    page.wait_for_selector(".comparison .results tbody tr")
    first = values(page)
    page.get_by_label("D training tokens").fill("2e12")
    page.get_by_label("D training tokens").press("Tab")
    page.wait_for_function("location.search.includes('2e12')")
    more = values(page)
    page.get_by_label("Another law").select_option("kaplan2020/n")
    page.get_by_role("button", name="Add").click()
    page.wait_for_function("location.search.includes('kaplan2020')")
    assert more != first
    page.go_back()
    page.wait_for_function("document.querySelectorAll('.comparison .chosen li').length === 1")
    assert values(page) == more
    page.go_back()
    page.wait_for_function("document.querySelector('#compare-D').value === '1.4e12'")
    assert values(page) == first
    page.go_forward()
    page.wait_for_function("document.querySelector('#compare-D').value === '2e12'")
    assert values(page) == more
    page.go_back()
    page.go_back()
    assert page.url == address + "/about/"
    assert faults == []
