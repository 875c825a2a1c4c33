"""Write schemas/ from the models and the catalog's lists; with --check, only say what is stale."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scalinglaws.catalog import Catalog
from scalinglaws.database.build import schema_sql
from scalinglaws.problems import InvalidRecords
from scalinglaws.records.files import read_contents
from scalinglaws.records.models import (
    Accounting,
    Dataset,
    Discussion,
    Fitting,
    Glossary,
    Paper,
    Questions,
    Reproduction,
    Survey,
    Taxonomy,
)

ROOT = Path(__file__).resolve().parents[1]
SCHEMAS = ROOT / "schemas"


def paper_schema(catalog: Catalog) -> dict[str, Any]:
    """The schema of a paper's record, with the catalog's own lists filled in so that an editor completes them."""
    schema = Paper.model_json_schema()
    taxonomy = catalog.taxonomy
    properties = schema["properties"]
    for field, terms in (
        ("tasks", taxonomy.tasks),
        ("modalities", taxonomy.modalities),
        ("architectures", taxonomy.architectures),
    ):
        properties[field]["items"] = _choices({name: term.title for name, term in terms.items()})
    for part in ("Law", "Fit"):
        schema["$defs"][part]["properties"]["modalities"]["items"] = properties["modalities"]["items"]
    categories = _choices({name: term.title for name, term in taxonomy.categories.items()})
    properties["category"]["anyOf"] = [categories, {"type": "null"}]
    properties["questions"]["items"] = _choices(
        {name: question.title for name, question in catalog.questions.questions.items()}
    )
    topics = {name: topic.description for name, topic in taxonomy.topics.items()}
    topic = schema["$defs"]["TopicAssignment"]["properties"]["topic"]
    topic.pop("pattern", None)
    topic.update(_choices(topics))
    return schema


def _choices(meanings: Mapping[str, str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(meanings), "markdownEnumDescriptions": list(meanings.values())}


def wanted_files() -> dict[str, str]:
    """Every file of schemas/ that is derived, with the text it should have."""
    catalog = Catalog.from_contents(read_contents(ROOT / "catalog"))
    schemas = {
        "paper": paper_schema(catalog),
        "taxonomy": Taxonomy.model_json_schema(),
        "questions": Questions.model_json_schema(),
        "survey": Survey.model_json_schema(),
        "discussion": Discussion.model_json_schema(),
        "fitting": Fitting.model_json_schema(),
        "accounting": Accounting.model_json_schema(),
        "glossary": Glossary.model_json_schema(),
        "dataset": Dataset.model_json_schema(),
        "reproduction": Reproduction.model_json_schema(),
    }
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    files = {
        f"{name}.schema.json": json.dumps({**head, **schema}, ensure_ascii=False, indent=2) + "\n"
        for name, schema in schemas.items()
    }
    return {**files, "catalog.sql": schema_sql(catalog)}


def main() -> int:
    """Write or check the files; 1 if the check finds a stale one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if a file is stale")
    check = parser.parse_args().check
    try:
        wanted = wanted_files()
    except InvalidRecords as error:
        print(error, file=sys.stderr)
        return 1
    stale = []
    for name, text in wanted.items():
        path = SCHEMAS / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, encoding="utf-8")
    if stale and check:
        print(f"stale in schemas/: {', '.join(stale)}; run scripts/update_schemas.py", file=sys.stderr)
        return 1
    for name in stale:
        print(f"wrote schemas/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
