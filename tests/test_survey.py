"""The survey as printed: every cell of its tables, every reference."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from scalinglaws.catalog import Catalog
from scalinglaws.database.access import open_database

ROOT = Path(__file__).resolve().parents[1]
SURVEY = ROOT.parent / "shared" / "survey" / "survey.txt"

#: First cells of each table's head, and how many rows the survey prints.
HEADS = {
    1: ("Category | Choshen", 9),
    2: ("Taxonomy Node |", 5),
    3: ("Modality | Paper", 7),
    4: ("Paper | Key insights", 3),
    5: ("Paper | Key insights", 4),
    6: ("Paper | Key insights", 6),
    7: ("Paper | Key insights", 3),
    8: ("Paper | Key insights", 3),
    9: ("Paper | Category |", 53),
    10: ("Paper | Dependent", 40),
    11: ("Paper | Training code", 45),
}


@pytest.fixture(scope="module")
def lines() -> list[str]:
    if not SURVEY.is_file():
        pytest.skip("the survey's text is not here")
    return SURVEY.read_text(encoding="utf-8").split("\n")


@pytest.fixture
def connection(catalog_path: Path) -> sqlite3.Connection:
    return open_database(catalog_path)


def printed(lines: list[str], number: int) -> list[list[str]]:
    head, _ = HEADS[number]
    starts = [index for index, line in enumerate(lines) if line.startswith(head)]
    start = starts[number - 4] if head == "Paper | Key insights" else starts[0]
    width = lines[start].count("|")
    rows = []
    for line in lines[start + 2 :]:
        if "|" not in line or line.startswith("Paper |"):
            break
        # LaTeX's rules between rows are no text of the cells.
        cells = [re.sub(r"^\\cdashline\d-\d\s*", "", cell.strip()) for cell in line.split("|")]
        rows.append((cells + [""] * width)[:width])
    return rows


@pytest.mark.parametrize("number", HEADS)
def test_a_table_gives_the_printed_cells_back(connection: sqlite3.Connection, lines: list[str], number: int) -> None:
    rows = [list(row[1:]) for row in connection.execute(f"SELECT * FROM survey_table_{number}")]
    connection.close()
    assert len(rows) == HEADS[number][1]
    assert rows == printed(lines, number)


def test_the_references_are_the_survey_s(catalog: Catalog, lines: list[str]) -> None:
    start = lines.index("References")
    labels = []
    for line in lines[start + 1 :]:
        match = re.match(r"- (.+? \(\d{4}[abc]?\)) ", line)
        if match is None:
            break
        labels.append(match.group(1))
    assert [each.label for each in catalog.survey.references] == labels
    assert len(labels) == 60
    assert all(each.paper in catalog.references for each in catalog.survey.references)


def test_appendix_c_counts_as_printed_and_as_they_are(connection: sqlite3.Connection) -> None:
    count = connection.execute(
        "SELECT count(*), sum(github_link = 'Link'), sum(training_code = 'N'), sum(analysis_code = 'N') "
        "FROM survey_table_11"
    ).fetchone()
    distinct = connection.execute(
        "SELECT count(*), sum(survey_link), sum(survey_training = 'N'), sum(survey_analysis = 'N') "
        "FROM code WHERE survey_training IS NOT NULL"
    ).fetchone()
    connection.close()
    # Hoffmann et al. stand twice: 45 rows, 44 papers.
    assert count == (45, 22, 29, 27)
    assert distinct == (44, 22, 28, 26)


def test_rows_name_the_paper_that_their_label_cites(catalog: Catalog) -> None:
    for number, table in catalog.survey.tables.items():
        if number in ("1", "2"):
            continue
        column = table.columns.index("paper")
        for row in table.rows:
            assert row.paper is not None
            assert catalog.label(row.paper) == row.cells[column]


def test_every_numbered_equation_stands_with_one_law(connection: sqlite3.Connection) -> None:
    numbers = [row[0] for row in connection.execute("SELECT number FROM equation WHERE number IS NOT NULL ORDER BY 1")]
    connection.close()
    assert numbers == list(range(1, 21))


def test_the_inline_formulas_stand(connection: sqlite3.Connection) -> None:
    found = [
        row[0]
        for row in connection.execute("SELECT source_where FROM equation WHERE number IS NULL AND relation <> 'absent'")
    ]
    connection.close()
    assert {"§3 RQ2", "§3 RQ4", "§3 RQ8", "B.7"} <= set(found)
    # Two of coverage and size in RQ4; best-of-n, learning, strength and size in B.7.
    assert found.count("§3 RQ4") == 2
    assert found.count("B.7") == 4


def test_a_form_that_differs_says_how(catalog: Catalog) -> None:
    for law in catalog.laws():
        form = law.record.survey
        if form is None or form.relation == "same":
            continue
        assert form.difference, law.id
        if form.relation == "differs":
            assert form.expression or form.latex, law.id


def test_every_section_is_treated_somewhere(catalog: Catalog, lines: list[str]) -> None:
    topics = {section for topic in catalog.taxonomy.topics.values() for section in topic.sections}
    questions = {question.section for question in catalog.questions.questions.values()}
    appendix = {match.group(1) for line in lines if (match := re.match(r"(B\.\d) ", line))}
    assert appendix == {f"B.{number}" for number in range(1, 10)}
    assert appendix <= topics
    assert questions == {f"3 RQ{number}" for number in range(1, 9)}


def test_every_reference_has_a_record(catalog: Catalog) -> None:
    assert [each.paper for each in catalog.survey.references if each.paper not in catalog.papers] == []
