"""Named queries: the SQL behind the site's tables, one file each under `catalog/queries/`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_HEAD = re.compile(r"^-- (title|answers): (.+)$", re.M)


@dataclass(frozen=True)
class NamedQuery:
    """A query with the question that it answers."""

    name: str
    title: str
    answers: str
    sql: str


def read_queries(contents: Mapping[str, str]) -> dict[str, NamedQuery]:
    """The queries by name, from the texts of their files.

    Raises:
        ValueError: when a file lacks its `-- title:` or `-- answers:` line.
    """
    queries = {}
    for file, text in sorted(contents.items()):
        name = file.removeprefix("queries/").removesuffix(".sql")
        head = dict(_HEAD.findall(text))
        if set(head) != {"title", "answers"}:
            raise ValueError(f"{file} must begin with the lines '-- title: ...' and '-- answers: ...'")
        sql = re.sub(r"^--.*\n?", "", text, flags=re.M).strip().removesuffix(";")
        queries[name] = NamedQuery(name, head["title"], head["answers"], sql)
    return queries
