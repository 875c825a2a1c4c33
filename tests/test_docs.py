"""What the documents say is what happens: every example runs, every command and name is mentioned."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest
import yaml

import scalinglaws as sl
from scalinglaws import EDITION_DATE
from scalinglaws.cli import _parser, main
from scalinglaws.database import access
from scalinglaws.formulas import expression
from scalinglaws.records.models import Law
from scalinglaws.records.reading import parse_record, read_yaml

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "catalog" / "README.md",
    *sorted((ROOT / "site" / "pages").rglob("*.md")),
]


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks(path: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", read(path), flags=re.S | re.M)


@pytest.fixture(autouse=True)
def _real_catalog(catalog_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "default_path", lambda: catalog_path)


def console_examples() -> list[tuple[str, str]]:
    examples = []
    for block in blocks(ROOT / "README.md", "console"):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, output = part.partition("\n")
            examples.append((command, output))
    return examples


@pytest.mark.parametrize(("command", "output"), console_examples(), ids=[c[:40] for c, _ in console_examples()])
def test_console_examples_print_what_they_show(command: str, output: str, capsys: pytest.CaptureFixture[str]) -> None:
    program, *arguments = shlex.split(command)
    assert program == "scalinglaws"
    assert main(arguments) == 0
    assert capsys.readouterr().out == output


@pytest.mark.parametrize("path", [ROOT / "README.md", ROOT / "site" / "pages" / "python.md"], ids=["README", "page"])
def test_python_examples_run(path: Path) -> None:
    session: dict[str, object] = {}
    parser = doctest.DocTestParser()
    found = blocks(path, "python")
    assert len(found) == read(path).count("```python")
    for number, block in enumerate(found):
        test = parser.get_doctest(block, session, f"{path.name} block {number}", path.name, 0)
        result = doctest.DocTestRunner(verbose=False).run(test, clear_globs=False)
        assert test.examples
        assert result.failed == 0
        session = test.globs


def test_examples_of_the_module_run() -> None:
    assert doctest.testmod(sl).failed == 0


def test_sql_and_python_of_the_downloads_page_run() -> None:
    page = ROOT / "site" / "pages" / "downloads" / "index.md"
    for statement in blocks(page, "sql"):
        assert len(sl.query(statement.strip().rstrip(";"))) > 0
    for source in blocks(page, "python"):
        exec(source, {})


def test_the_sample_law_is_a_sound_record() -> None:
    (sample,) = blocks(ROOT / "catalog" / "README.md", "yaml")
    values = yaml.dump(read_yaml("sample", sample).value[0])
    law, problems = parse_record(read_yaml("sample", values), Law)
    assert problems == []
    assert law is not None


def test_every_command_and_option_is_explained() -> None:
    parser = _parser()
    (commands,) = [action for action in parser._actions if action.dest == "command"]
    readme = read(ROOT / "README.md")
    assert isinstance(commands.choices, dict)
    for name, sub in commands.choices.items():
        assert f"`{name}`" in readme or f"scalinglaws {name}" in readme, name
        for action in sub._actions:
            assert action.help or action.metavar, f"{name} {action.dest}"


def test_every_function_of_the_language_is_documented() -> None:
    text = read(ROOT / "CONTRIBUTING.md")
    for name in (*expression.FUNCTIONS, *expression.REDUCTIONS):
        assert name in text


def test_every_public_name_has_a_docstring() -> None:
    for name in sl.__all__:
        value = getattr(sl, name)
        if name != "__version__":
            assert value.__doc__, name


def test_every_public_name_stands_on_the_python_page() -> None:
    page = read(ROOT / "site" / "pages" / "python.md")
    for name in sl.__all__:
        assert re.search(rf"`(sl\.)?{name}[`(]|sl\.{name}\(", page), name


def test_every_file_of_the_house_is_on_its_page() -> None:
    page = read(ROOT / "site" / "pages" / "house.md")
    for path in (ROOT / "src" / "scalinglaws").rglob("*.py"):
        if path.name != "__init__.py":
            name = path.relative_to(ROOT / "src" / "scalinglaws").as_posix()
            # One module a dataset: the page names their folder.
            told = name.rpartition("/")[0] + "/" if path.parent.name == "by_dataset" else name
            assert f"`{told}`" in page, name
    for folder in ("catalog", "schemas", "scripts", "site", "tests", "build"):
        assert f"`{folder}/`" in page


@pytest.mark.parametrize("path", DOCUMENTS, ids=[path.relative_to(ROOT).as_posix() for path in DOCUMENTS])
def test_relative_links_in_documents_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s{]+)\)", read(path)):
        if "://" not in target and "{{" not in target and path.parent.name != "downloads":
            assert (path.parent / target).exists(), target


def test_the_version_is_said_once() -> None:
    citation = yaml.safe_load(read(ROOT / "CITATION.cff"))
    assert str(citation["version"]) == sl.__version__
    assert str(citation["date-released"]) == EDITION_DATE
    assert 'dynamic = ["version"]' in read(ROOT / "pyproject.toml")
