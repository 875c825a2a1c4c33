"""Reading record files: YAML 1.2, BibTeX, and faults by file, line and field."""

from __future__ import annotations

import math

import pytest

from scalinglaws.records.models import Questions
from scalinglaws.records.reading import canonical_bibtex, field_path, parse_record, read_references, read_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7e7", 7e7),
        ("7.0e7", 7e7),
        (".5", 0.5),
        ("1e-3", 1e-3),
        ("12", 12),
        ("0x10", 16),
        ("-3", -3),
        ("no", "no"),
        ("off", "off"),
        ("N", "N"),
        ("yes", "yes"),
        ("true", True),
        ("null", None),
        ("~", None),
        ("", None),
        ("12:30", "12:30"),
        ("2024-07-28", "2024-07-28"),
        ("2203.15556", 2203.15556),
        ("'2203.15556'", "2203.15556"),
        ("1_000", "1_000"),
        (".inf", math.inf),
        ("-.inf", -math.inf),
    ],
)
def test_yaml_is_read_as_version_1_2(text: str, value: object) -> None:
    document = read_yaml("x.yaml", f"key: {text}\n")
    assert document.problems == []
    assert document.value == {"key": value}
    assert type(document.value["key"]) is type(value)


def test_nan_is_read_so_that_the_model_can_refuse_it() -> None:
    assert math.isnan(read_yaml("x.yaml", "a: .nan").value["a"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\nb:\n  c: 2\n  c: 3\n", "x.yaml:4 [b.c] the key 'c' stands twice"),
        ("a: [1", "cannot be read as YAML"),
        ("a: !!python/object/apply:os.system [true]", "cannot be read as YAML"),
        ("", "the file is empty"),
        ("[a]: 1", "is not plain text"),
        ("a: 1\n---\nb: 2", "cannot be read as YAML"),
        ("a: &x [*x]", "cannot be read as YAML"),
        (
            "a: &a [1,1,1,1,1,1,1,1,1]\n"
            + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(8)),
            "too many values",
        ),
        ("a: " + "[" * 80 + "]" * 80, "nests too deeply"),
    ],
)
def test_faulty_yaml_becomes_a_problem(text: str, words: str) -> None:
    document = read_yaml("x.yaml", text)
    assert any(words in str(problem) for problem in document.problems), document.problems


def test_every_shape_fault_is_named_in_one_run() -> None:
    text = "questions:\n  RQ1: {title: 3, asks: a, section: '3', colour: red}\n  RQ2: {title: t, section: '3'}\n"
    _, problems = parse_record(read_yaml("questions.yaml", text), Questions)
    found = {problem.field: problem for problem in problems}
    assert "unknown field 'colour'" in found["questions.RQ1.colour"].message
    assert found["questions.RQ1.title"].repair == "put it in quotes"
    assert found["questions.RQ2.asks"].message == "the field 'asks' is missing"
    assert found["questions.RQ2.asks"].line == 3


def test_unknown_fields_get_the_nearest_name() -> None:
    text = "questions: {RQ1: {titel: t, asks: a, section: '3'}}"
    _, problems = parse_record(read_yaml("questions.yaml", text), Questions)
    assert any("did you mean title?" in problem.repair for problem in problems)


def test_field_paths() -> None:
    assert field_path(("laws", 0, "values", "A")) == "laws[0].values.A"


BIB = "@misc{b2020,\n  title = {B},\n  author = {Bell, Ada and {The Group}},\n  year = {2020},\n}\n"


def test_references_keep_braced_names_whole() -> None:
    references, problems = read_references("r.bib", BIB)
    assert problems == []
    assert references["b2020"].authors == ("Bell, Ada", "The Group")
    assert references["b2020"].label == "Bell and The Group (2020)"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BIB + BIB, "'b2020' stands twice"),
        ("@misc{c2020,\n  title = {C},\n  title = {D},\n author={X}, year={2020}}\n", "a field stands twice"),
        ("@misc{c2020,\n  title = {C\n}\n\n" + BIB, "cannot be read"),
        ("@misc{c2020,\n  title = {C},\n  year = {2020},\n}\n", "lacks a author"),
    ],
)
def test_bibtex_faults_are_named(text: str, words: str) -> None:
    _, problems = read_references("r.bib", text)
    assert any(words in problem.message for problem in problems), problems


def test_canonical_form_sorts_and_is_stable() -> None:
    other = (
        BIB.replace("b2020", "a2019").replace("  year = {2020},\n", "").replace("  title", "  year = {2019},\n  title")
    )
    text = canonical_bibtex("% head\n\n" + BIB + "\n" + other)
    assert text.index("a2019") < text.index("b2020")
    assert text.startswith("% head")
    assert canonical_bibtex(text) == text
