"""Bad records are refused with file, field and repair; every fault in one run."""

from __future__ import annotations

import pytest

from scalinglaws.catalog import Catalog
from scalinglaws.problems import InvalidRecords, Problem
from scalinglaws.records.validation import agrees

POWER, BLEND, CURVE = "papers/power2020.yaml", "papers/blend2021.yaml", "papers/curve2022.yaml"


def problems_of(contents: dict[str, str]) -> list[Problem]:
    with pytest.raises(InvalidRecords) as error:
        Catalog.from_contents(contents)
    return error.value.problems


def test_the_toy_catalog_is_sound(toy: Catalog) -> None:
    assert list(toy.papers) == ["blend2021", "curve2022", "power2020", "talk2023"]
    assert toy.law("power2020/old-loss").id == "power2020/loss"


#: file, text replaced, its replacement, field, words of the message or the repair
FAULTS = [
    (POWER, "insight: Loss", "colour: red\ninsight: Loss", "colour", "unknown field 'colour'"),
    (POWER, "insight: Loss falls as a power of size.\n", "", "insight", "missing"),
    (POWER, 'arxiv: "2001.00001"', "arxiv: 2001.00001", "arxiv", "put it in quotes"),
    (POWER, "key: power2020", "key: power2021", "key", "is not the file's name"),
    (POWER, "category: pre-training", "category: pretraining", "category", "did you mean pre-training"),
    (POWER, "modalities: [code]", "modalities: [coda]", "laws[0].fits[1].modalities[0]", "did you mean code"),
    (POWER, "modalities: [text, code]", "modalities: [text]", "laws[0].fits[1].modalities[0]", "not among the paper's"),
    (POWER, "questions: [RQ1]", "questions: [RQ9]", "questions[0]", "not in questions.yaml"),
    (POWER, "{topic: model.small", "{topic: model.smal", "topics[0].topic", "did you mean model.small"),
    (POWER, "quantity: nat/token}, direction: lower}\n    variables:\n      N", "quantity: nats/token}, direction: lower}\n    variables:\n      N", "laws[0].output.unit.quantity", "did you mean nat/token"),
    (POWER, "E + A/N**alpha", "E + A/N**alfa", "laws[0].expression", "'alfa' is not declared"),
    (POWER, "E + A/N**alpha", "E + A/N", "laws[0].coefficients.alpha", "declared and not used"),
    (POWER, "E + A/N**alpha", "1.69 + E + A/N**alpha", "laws[0].expression", "make it a coefficient"),
    (POWER, "E + A/N**alpha", "__import__('os')", "laws[0].expression", "not part of the language"),
    (POWER, "expression: A*N**(-alpha)", "expression: A.N", "laws[0].survey.expression", "not part of the language"),
    (POWER, "E + A/N**alpha", "E + A/N^alpha", "laws[0].expression", "write ** for a power"),
    (POWER, "N: {meaning: size, unit", "exp: {meaning: size, unit", "laws[0].variables.exp", "is no symbol"),
    (POWER, "{E: 1.5, A: 100, alpha: 0.5}", "{E: 1.5, A: 100}", "laws[0].fits[0].values", "alpha is neither given nor not_stated"),
    (POWER, "{E: 1.5, A: 100, alpha: 0.5}", "{E: 1.5, A: .nan, alpha: 0.5}", "laws[0].fits[0].values.A", "finite number"),
    (POWER, "{E: 1.5, A: 100, alpha: 0.5}", "{E: 1.5, A: '100', alpha: 0.5}", "laws[0].fits[0].values.A", "without quotes"),
    (POWER, "{E: 1.5, A: 100, alpha: 0.5}", "{E: 1.5, E: 1.6, A: 100, alpha: 0.5}", "laws[0].fits[0].values.E", "stands twice"),
    (POWER, "{E: 1.5, A: 100, alpha: 0.5}", "{E: 1.5, A: -100, alpha: 0.5}", "laws[0].fits[0].values.A", "declared positive"),
    (POWER, "{E: 1.5, A: 100, alpha: 0.5}", "{E: 1.5, A: 100, alpha: 0.5, B: 1}", "laws[0].fits[0].values.B", "no coefficient of this law"),
    (POWER, "not_stated: [E, A]", "not_stated: [E, A, alpha]", "laws[0].fits[1].values.alpha", "stated twice"),
    (POWER, "{alpha: [0.4, 0.6]}", "{alpha: [0.6, 0.4]}", "laws[0].fits[0].intervals[0].values.alpha", "swapped"),
    (POWER, "expect: 2.5", "expect: 2.6", "laws[0].checks[0].expect", "the law gives 2.5"),
    (POWER, "expect: 2.5, digits: 12", "expect: 2.5", "laws[0].checks[0]", "digits or a tolerance"),
    (POWER, "inputs: {N: 1e4}", "inputs: {M: 1e4}", "laws[0].checks[0].inputs", "no value for N"),
    (POWER, "inputs: {N: 1e4}", "inputs: {N: -1e4}", "laws[0].checks[0].inputs.N", "outside its domain, positive"),
    (BLEND, "r_web: 0, r_books: 1", "r_web: 0, r_books: 2", "laws[0].checks[0].inputs.r_books", "outside its domain, fraction"),
    (POWER, "fit: published, inputs: {N: 1e4}", "fit: publishd, inputs: {N: 1e4}", "laws[0].checks[0].fit", "did you mean published"),
    (POWER, "follows: loss", "follows: los", "laws[1].follows", "did you mean loss"),
    (POWER, "laws: [loss]", "laws: [lozz]", "claims[0].laws[0]", "no law 'lozz'"),
    (POWER, "{paper: talk2023", "{paper: talk2024", "laws[0].fits[0].disputed_by[0].paper", "no entry 'talk2024'"),
    (POWER, "{paper: survey2025", "{paper: survey", "laws[0].survey.source.paper", "did you mean survey2025"),
    ("survey.yaml", "cells: [Ash (2020), 1M - 1B]", "cells: [Ash (2020)]", "tables.1.rows[0].cells", "1 cells"),
    ("survey.yaml", "{paper: power2020, cells", "{paper: powr2020, cells", "tables.1.rows[0].paper", "did you mean power2020"),
    ("survey.yaml", "{paper: power2020, label", "{paper: powr2020, label", "references[0].paper", "did you mean power2020"),
    (POWER, "basis: recalled, confidence: low", "basis: recaled, confidence: low", "laws[0].fits[1].source.basis", "did you mean recalled"),
    (BLEND, "via: repository, confidence: high}\n    fits", "confidence: high}\n    fits", "laws[0].source.via", "nothing says what was seen"),
    (BLEND, "t[j]*r[j] for j in domains", "t[j]*r[j] for j in domain", "laws[0].expression", "no index set 'domain'"),
    (BLEND, "t[j]*r[j]", "t[j]*r", "laws[0].expression", "without brackets"),
    (BLEND, "members: {domains: [web, books]}", "members: {}", "laws[0].fits[0].members", "the members of domains are not given"),
    (BLEND, "t_books: 0", "t_book: 0", "laws[0].fits[0].values", "t_books is neither given"),
    (BLEND, "taken: {c: mixture/two}", "taken: {c: mixture/four}", "laws[0].fits[1].taken.c", "gives no value"),
    (CURVE, "    bracket: [L_inf, L0]\n", "", "laws[0].bracket", "needs a bracket"),
    (CURVE, "bracket: [L_inf, L0]", "bracket: [L_0, L0]", "laws[0].bracket[0]", "not declared"),
    (CURVE, "L0: 1, alpha: 1", "L0: 0.05, alpha: 1", "laws[0].checks[0]", "bracket for L is empty"),
    (CURVE, "    steps: [Hold out the largest runs., Fit the rest., Score on the held-out runs.]\n", "", "laws[1].steps", "a procedure has steps"),
    ("papers/talk2023.yaml", "why_no_laws: It is a critique and fits nothing.\n", "", "", "does not say why"),
    ("taxonomy.yaml", "parent: model,", "parent: modl,", "topics.model.small.parent", "did you mean model"),
    ("questions.yaml", "topics: [model]", "topics: [modle]", "questions.RQ1.topics[0]", "did you mean model"),
    ("questions.yaml", "papers: [power2020], laws", "papers: [powr2020], laws", "questions.RQ1.known[0]", "did you mean power2020"),
    ("questions.yaml", "evidence: [power2020/loss]", "evidence: [power2020/lozz]", "questions.RQ1", "no law 'power2020/lozz'"),
    ("discussion.yaml", "papers: [talk2023]", "papers: [talk2022]", "criticisms.toys", "did you mean talk2023"),
    ("fitting.yaml", "code: huber", "code: hubr", "attributions[0].code", "did you mean huber"),
    ("references.bib", "@misc{talk2023", "@misc{talk2022", "key", "references.bib has no entry 'talk2023'"),
    ("references.bib", "  year = {2023},\n", "", "talk2023", "lacks a year"),
    ("references.bib", "  title = {Laws", " title = {Laws", "", "not in canonical form"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "field", "words"), FAULTS, ids=[f"{f[3]}-{f[4]}"[:60] for f in FAULTS])
def test_a_fault_is_named_with_its_field_and_repair(
    toy_contents: dict[str, str], file: str, old: str, new: str, field: str, words: str
) -> None:
    assert old in toy_contents[file]
    toy_contents[file] = toy_contents[file].replace(old, new)
    found = [each for each in problems_of(toy_contents) if each.field == field]
    assert any(words in f"{each.message} {each.repair}" for each in found), problems_of(toy_contents)


def test_all_faults_of_all_files_come_in_one_run(toy_contents: dict[str, str]) -> None:
    text = toy_contents[POWER]
    text = text.replace("insight: Loss", "colour: red\ninsight: Loss").replace("A/N**alpha", "A/N**alfa", 1)
    toy_contents[POWER] = text.replace("{E: 1.5, A: 100, alpha: 0.5}", "{E: .nan, A: 100}")
    toy_contents[BLEND] = toy_contents[BLEND].replace("quantity: fraction", "quantity: fractoin")
    toy_contents["papers/talk2023.yaml"] = "key: talk2023\nkey: talk2023\n"
    found = {(each.file, each.field) for each in problems_of(toy_contents)}
    assert found >= {
        (POWER, "colour"),
        (POWER, "laws[0].expression"),
        (POWER, "laws[0].fits[0].values.E"),
        (POWER, "laws[0].fits[0].values"),
        (BLEND, "laws[0].variables.r.unit.quantity"),
        ("papers/talk2023.yaml", "key"),
    }


def test_lines_point_at_the_field(toy_contents: dict[str, str]) -> None:
    text = toy_contents[POWER] = toy_contents[POWER].replace("expect: 2.5", "expect: 2.6")
    (problem,) = problems_of(toy_contents)
    assert "expect: 2.6" in text.splitlines()[(problem.line or 0) - 1]


def test_laws_that_follow_in_a_circle(toy_contents: dict[str, str]) -> None:
    text = toy_contents[POWER].replace("  - id: size\n", "  - id: more\n    name: m\n    summary: s\n    expression: y\n    follows: size\n    output: {symbol: z, meaning: m, unit: {quantity: any}, direction: varies}\n    variables: {y: {meaning: m, unit: {quantity: any}}}\n    source: {where: w, basis: derived, confidence: low}\n  - id: size\n")  # fmt: skip
    toy_contents[POWER] = text.replace("    follows: loss\n", "    follows: more\n")
    assert any("circle" in each.message for each in problems_of(toy_contents))


def test_a_missing_file_is_named(toy_contents: dict[str, str]) -> None:
    del toy_contents["taxonomy.yaml"]
    assert any(each.file == "taxonomy.yaml" for each in problems_of(toy_contents))


@pytest.mark.parametrize(
    ("value", "expect", "digits", "tolerance", "agree"),
    [
        (1.93664547056, 1.93664547056, 12, None, True),
        (1.93664547, 1.93664547056, 12, None, False),
        (2.4, 2.0, 1, None, True),
        (2.6, 2.0, 1, None, False),
        (0.0, 0.0, 12, None, True),
        (99.6, 100.0, 3, None, True),
        (99.4, 100.0, 3, None, False),
        (10.4, 10.0, None, 0.5, True),
        (10.6, 10.0, None, 0.5, False),
    ],
)
def test_agreement(value: float, expect: float, digits: int | None, tolerance: float | None, agree: bool) -> None:
    assert agrees(value, expect, digits, tolerance) is agree
