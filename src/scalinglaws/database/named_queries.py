"""Named queries: the SQL behind the site's tables, one file each under `catalog/queries/`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_HEAD = re.compile(r"^-- (title|answers|formerly): (.+)$", re.M)
_PARAMETER_LINE = re.compile(r"^-- parameter:(.*)$", re.M)
_PARAMETER = re.compile(r" ([a-z][a-z0-9_]*) = ?(.*?): (\S.*)")
_NUMBER = re.compile(r"-?\d+(?P<part>(\.\d+)?([eE][-+]?\d+)?)")
#: A placeholder, or first what may hold a colon without being one: a string, a quoted name, a comment, a cast.
_PLACEHOLDER = re.compile(
    r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\[[^\]]*\]|--[^\n]*|/\*.*?\*/|::\w+|(?P<dollars>\$\w*\$).*?(?P=dollars)"
    r"|[:@$](?P<name>[A-Za-z_]\w*)",
    re.S,
)
#: What `scalinglaws.query` calls its own arguments.
_RESERVED = {"statement", "parameters", "name", "path"}

Value = int | float | str


@dataclass(frozen=True)
class QueryParameter:
    """What a named query can be asked with; its type is that of its default."""

    name: str
    default: Value
    meaning: str

    def __str__(self) -> str:
        return f"{self.name}={self.default} ({self.meaning})"

    def read(self, given: object) -> Value:
        """A value for it, as a number where it takes one.

        Raises:
            ValueError: for text where it takes a number; the message says what it takes.
        """
        if isinstance(self.default, str):
            return str(given)
        kind, what = (int, "a whole number") if isinstance(self.default, int) else (float, "a number")
        try:
            number = float(str(given))
            if kind(number) == number:
                return kind(number)
        except (ValueError, OverflowError):
            pass
        raise ValueError(f"{self.name} takes {what}, not '{given}' ({self.meaning}; {self.default} by default)")


@dataclass(frozen=True)
class NamedQuery:
    """A query with the question that it answers.

    Attributes:
        name: what it is called by.
        title: it in a few words.
        answers: the question that it answers.
        sql: the SELECT, with `:name` where a parameter stands.
        parameters: what it can be asked with.
        formerly: names that it also answers to, since it took others in.
    """

    name: str
    title: str
    answers: str
    sql: str
    parameters: tuple[QueryParameter, ...] = ()
    formerly: tuple[str, ...] = ()

    @property
    def defaults(self) -> dict[str, Value]:
        """What its parameters are where nothing is given."""
        return {each.name: each.default for each in self.parameters}

    @property
    def statement(self) -> str:
        """The SELECT with its defaults written into it, which runs as it is."""
        return self.written(lambda each: literal(each.default))

    def written(self, text: Callable[[QueryParameter], str]) -> str:
        """The SELECT with other SQL in the place of each parameter.

        Args:
            text: gives it.
        """
        texts = {each.name: text(each) for each in self.parameters}
        return _PLACEHOLDER.sub(lambda match: texts[match["name"]] if match["name"] else match[0], self.sql)

    def values(self, given: Mapping[str, object]) -> dict[str, Value]:
        """A value for each parameter: what is given, else its default.

        Raises:
            ValueError: for one that it does not take, or text where it takes a number; the message says what it takes.
        """
        unknown = [name for name in given if name not in self.defaults]
        if unknown:
            takes = "; ".join(str(each) for each in self.parameters) or "none"
            raise ValueError(f"the query {self.name} has no parameter '{unknown[0]}'; its parameters: {takes}")
        return {each.name: each.read(given.get(each.name, each.default)) for each in self.parameters}


def placeholders(sql: str) -> list[str]:
    """Names of the placeholders of a statement, such as `since` for `:since`, in the order of their first use."""
    return list(dict.fromkeys(match["name"] for match in _PLACEHOLDER.finditer(sql) if match["name"]))


def positional(sql: str, values: Mapping[str, Value]) -> tuple[str, tuple[Value, ...]]:
    """A statement with `?` for each of its placeholders, which every database knows, and the values in turn.

    Args:
        sql: the statement.
        values: by name, of all its placeholders.
    """
    names = [match["name"] for match in _PLACEHOLDER.finditer(sql) if match["name"]]
    marked = _PLACEHOLDER.sub(lambda match: "?" if match["name"] else match[0], sql)
    return marked, tuple(values[name] for name in names)


def number_or_text(text: str) -> Value:
    """What a text says as a number, if it is one, else itself."""
    number = _NUMBER.fullmatch(text)
    if number is None:
        return text
    return float(text) if number["part"] else int(text)


def literal(value: Value) -> str:
    """A value as SQL."""
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def read_queries(contents: Mapping[str, str]) -> dict[str, NamedQuery]:
    """The queries by name, from the texts of their files.

    Raises:
        ValueError: when a file lacks its `-- title:` or `-- answers:` line, its parameters are not those of the SQL, or
            two queries answer to one name.
    """
    queries = {}
    for file, text in sorted(contents.items()):
        name = file.removeprefix("queries/").removesuffix(".sql")
        head = dict(_HEAD.findall(text))
        if not {"title", "answers"} <= set(head):
            raise ValueError(f"{file} must begin with the lines '-- title: ...' and '-- answers: ...'")
        sql = re.sub(r"^--.*\n?", "", text, flags=re.M).strip().removesuffix(";")
        parameters = tuple(_parameter(file, line) for line in _PARAMETER_LINE.findall(text))
        declared, used = [each.name for each in parameters], placeholders(sql)
        if sorted(declared) != sorted(used):
            raise ValueError(
                f"{file} declares the parameters {', '.join(declared) or 'none'}, "
                f"and its SQL uses {', '.join(used) or 'none'}: each must stand once in both"
            )
        formerly = tuple(re.findall(r"[\w-]+", head.get("formerly", "")))
        queries[name] = NamedQuery(name, head["title"], head["answers"], sql, parameters, formerly)
    names = [*queries, *(former for each in queries.values() for former in each.formerly)]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"two queries answer to the name {name}; keep one")
    return queries


def find_query(queries: Mapping[str, NamedQuery], name: str) -> NamedQuery | None:
    """The query of a name, or of a former one; none if there is none."""
    return queries.get(name) or next((each for each in queries.values() if name in each.formerly), None)


def _parameter(file: str, line: str) -> QueryParameter:
    match = _PARAMETER.fullmatch(line.rstrip())
    if match is None:
        raise ValueError(f"{file}: write '-- parameter: since = 2020: first year', not '-- parameter:{line}'")
    name, default, meaning = match.groups()
    if name in _RESERVED:
        raise ValueError(f"{file}: a parameter cannot be called {name}, as scalinglaws.query calls an argument so")
    return QueryParameter(name, number_or_text(default), meaning)
