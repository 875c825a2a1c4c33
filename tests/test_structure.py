"""The house keeps its shape: imports run one way, locks hold no addresses, generated files are fresh."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from scalinglaws.records.files import read_contents
from scalinglaws.records.reading import read_yaml

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "scalinglaws"

#: Lowest first: a module imports only from rows above its own.
LAYERS = [
    [
        "problems",
        "vocabulary",
        "formulas.expression",
        "records.files",
        "database.named_queries",
        "data_formats",
        "database.value_hash",
        "amounts",
    ],
    ["formulas", "records", "database", "finding", "exports"],
    ["extras", "database.row_display", "database.schema", "database.spelling", "addresses"],
    ["formulas.infix", "formulas.latex", "records.models", "formulas.roots", "formulas.calculus", "units"],
    ["formulas.python_source", "formulas.javascript_source", "formulas.sql_source"],
    ["formulas.evaluation", "records.reading", "database.tables"],
    ["formulas.solution", "formulas.optimum", "tally", "formulas.uncertainty", "formulas.dimensions", "formulas.roles"],
    ["records.draft", "records.resolution"],
    ["records.accounting", "records.reproduction", "records.dataset"],
    ["records.validation"],
    ["catalog"],
    ["ladder"],
    ["database.documents", "database.entries"],
    ["database.rows"],
    ["database.build"],
    ["database.access"],
    ["database.server"],
    ["database.server_build"],
    ["finding.query", "finding.signatures"],
    ["finding.filters", "database.full_text"],
    ["finding.ranking"],
    ["library"],
    ["datasets"],
    ["fitting", "fitting.conditions", "fitting.objective", "fitting.derivatives", "fitting.spans", "progress"],
    ["fitting.table", "fitting.starts", "fitting.search"],
    ["fitting.optimizers", "fitting.diagnostics"],
    ["fitting.fit"],
    ["fitting.sweep"],
    ["reproduction", "reproduction.verdicts", "reproduction.tidy", "reproduction.results", "reproduction.by_dataset"],
    [
        "reproduction.by_dataset.datablations_muennighoff",
        "reproduction.by_dataset.distillation_busbridge",
        "reproduction.by_dataset.routed_lm",
        "reproduction.by_dataset.misfitting",
        "reproduction.by_dataset.double_descent_nakkiran",
        "reproduction.by_dataset.revisiting_alabdulmohsin",
        "reproduction.by_dataset.mixing_ye",
        "reproduction.by_dataset.regmix",
        "reproduction.by_dataset.ftsl_lin",
        "reproduction.by_dataset.coverage_brown",
    ],
    ["reproduction.refit"],
    ["reproduction.library"],
    ["comparison", "accounting"],
    ["exports.bibliography", "exports.files", "exports.tables"],
    ["exports.metadata"],
    ["exports.datasette"],
    ["exports.export"],
    ["pages", "pages.mathematics", "pages.explanations", "pages.citation", "pages.budget", "pages.svg"],
    ["pages.front_matter"],
    ["pages.calculators", "pages.console", "pages.figures", "pages.flops", "pages.llms", "pages.reproductions"],
    ["pages.generator"],
    ["commands"],
    ["commands.printing", "commands.inputs"],
    [
        "commands.lists",
        "commands.datasets",
        "commands.evaluate",
        "commands.calculate",
        "commands.compare",
        "commands.convert",
        "commands.flops",
        "commands.fit",
        "commands.reproduce",
        "commands.query",
        "commands.search",
        "commands.check",
        "commands.build",
        "commands.export",
    ],
    ["commands.show"],
    ["assistants", "assistants.answers"],
    ["assistants.tools"],
    ["assistants.server"],
    ["commands.mcp"],
    ["cli"],
]


def modules() -> dict[str, Path]:
    found = {}
    for path in SOURCE.rglob("*.py"):
        name = path.relative_to(SOURCE).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        if name != "__init__":
            found[name] = path
    return found


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("scalinglaws"):
            inside = node.module.removeprefix("scalinglaws").removeprefix(".")
            names |= {inside} if inside else {alias.name for alias in node.names}
    return names & set(modules())


def test_every_module_has_its_layer() -> None:
    assert sorted(name for layer in LAYERS for name in layer) == sorted(modules())


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_run_one_way(name: str) -> None:
    level = next(number for number, layer in enumerate(LAYERS) if name in layer)
    allowed = {each for layer in LAYERS[:level] for each in layer}
    assert imports(modules()[name]) - {name} <= allowed


def test_generated_schemas_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "update_schemas.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_bibliography_is_in_canonical_form() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "format_references.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


CONTENTS = read_contents(ROOT / "catalog")


@pytest.mark.parametrize("name", [name for name in CONTENTS if name.endswith(".yaml")])
def test_records_meet_the_schema_that_editors_read(name: str) -> None:
    text = CONTENTS[name]
    folder = name.rpartition("/")[0]
    by_folder = {"papers": "paper", "datasets": "dataset", "reproductions": "reproduction"}
    schema_name = by_folder.get(folder, name.removesuffix(".yaml"))
    depth = "../../" if folder else "../"
    assert text.startswith(f"# yaml-language-server: $schema={depth}schemas/{schema_name}.schema.json\n")
    schema = json.loads((ROOT / "schemas" / f"{schema_name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(read_yaml(name, text).value)


def test_every_field_of_the_schemas_is_explained() -> None:
    for path in (ROOT / "schemas").glob("*.schema.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))
        for name, part in {"": schema, **schema["$defs"]}.items():
            for field, value in part.get("properties", {}).items():
                assert value.get("description"), f"{path.name} {name}.{field}"


def test_lock_files_hold_no_addresses() -> None:
    locks = [folder / "package-lock.json" for folder in (ROOT / "site", ROOT / "scripts" / "lighthouse")]
    for path in (ROOT / "requirements" / "all.txt", *locks):
        # Where to thank the authors of a package is no place to install it from.
        text = re.sub(r'"funding": (\[.*?\]|\{.*?\}|".*?")', "", path.read_text(encoding="utf-8"), flags=re.S)
        assert "://" not in text, path
        assert '"resolved"' not in text
    assert "--hash=sha256:" in (ROOT / "requirements" / "all.txt").read_text(encoding="utf-8")


def test_the_site_is_built_outside_the_folder_of_its_sources() -> None:
    text = re.sub(r"!\S+", "", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    config = yaml.safe_load(text)
    assert config["site_dir"] == "build/site"
    assert config["docs_dir"] == "build/docs"
    assert config["plugins"] == ["search"]


def test_the_top_level_is_what_was_asked_for() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    folders = {name.split("/")[0] for name in listed if "/" in name}
    assert folders == {"catalog", "schemas", "scripts", "site", "tests", "src", "requirements", ".ci"}
