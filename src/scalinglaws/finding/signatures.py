"""Laws found by what they take and what they give, as functions are found by their signatures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from scalinglaws.database.access import QueryError, Reader
from scalinglaws.database.spelling import fold
from scalinglaws.vocabulary import QUANTITIES, nearest


class Values(dict[str, Any]):
    """Values of a statement's parameters by name; `add` gives each its name."""

    def add(self, value: Any) -> str:
        """Keep a value; returns what stands for it in the statement."""
        name = f"p{len(self)}"
        self[name] = value
        return f":{name}"

    def add_all(self, values: Iterable[Any]) -> str:
        """Keep several, for what stands after IN."""
        return f"({', '.join(map(self.add, values))})"


@dataclass(frozen=True)
class Sought:
    """A variable or an output that is looked for: by its symbol, and by what it means."""

    text: str
    symbols: tuple[str, ...] = ()
    quantities: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def holds(self, values: Values, owner: str, prefix: str = "") -> str:
        """A condition that something is meant.

        Args:
            values: takes the parameters.
            owner: the alias of the table, which has `symbol`, `quantity` and `meaning`.
            prefix: before the names of these columns, such as `output_`.
        """
        column = f"{owner}.{prefix}"
        base = f"{self.text}_"
        # D also stands for D_f: the symbol with an index.
        parts = [f"substr({column}symbol, 1, {len(base)}) = {values.add(base)}"]
        if self.symbols:
            parts.append(f"{column}symbol IN {values.add_all(self.symbols)}")
        if self.quantities:
            parts.append(f"{column}quantity IN {values.add_all(self.quantities)}")
        if self.words:
            begun = [f"' ' || lower({column}meaning) LIKE {values.add(f'% {word}%')}" for word in self.words]
            parts.append(f"({' AND '.join(begun)})")
        return f"({' OR '.join(parts)})"

    def level(self, values: Values, owner: str, prefix: str = "") -> str:
        """How well something is meant: 0 by the symbol itself, 1 by what it means, null if it is not."""
        exact = values.add(self.symbols[0] if self.symbols else self.text)
        held = self.holds(values, owner, prefix)
        return f"CASE WHEN {owner}.{prefix}symbol = {exact} THEN 0 WHEN {held} THEN 1 END"


@cache
def _quantities() -> dict[str, str]:
    return {fold(each): each for each in QUANTITIES}


def _symbols(connection: Reader) -> set[str]:
    rows = connection.rows("SELECT symbol FROM variable UNION SELECT output_symbol FROM law")
    return {str(row[0]) for row in rows}


def sought(connection: Reader, text: str) -> Sought:
    """What a user means by a symbol or by words such as `parameters`, `compute` or `unique tokens`.

    A symbol is taken as written, else in other case if only one is spelt so; the glossary says which quantities stand
    behind N, D and C.

    Args:
        connection: the database.
        text: what the user wrote.

    Raises:
        QueryError: if no law takes or gives such a thing; the message names the nearest.
    """
    text, folded = text.strip(), fold(text)
    as_written = connection.rows(
        "SELECT 1 FROM variable WHERE symbol = :text UNION ALL SELECT 1 FROM law WHERE output_symbol = :text LIMIT 1",
        {"text": text},
    )
    # All symbols are looked at only where this one is none.
    known = {text} if as_written else _symbols(connection)
    spelt = [text] if as_written else sorted(each for each in known if each.lower() == text.lower())
    symbols = spelt if len(spelt) == 1 else []
    named = (_quantities().get(each) for each in (folded, f"{folded}s"))
    quantities = [each for each in named if each]
    for name, also, listed in connection.rows(
        "SELECT id, symbols, quantities FROM glossary_term WHERE symbols IS NOT NULL ORDER BY id"
    ):
        concept = json.loads(also)
        if folded == fold(name) or {*symbols, text} & set(concept):
            symbols += [each for each in concept if each not in symbols]
            quantities += json.loads(listed or "[]")
    found = Sought(text, tuple(symbols), tuple(dict.fromkeys(quantities)))
    if symbols or quantities or any(each.startswith(f"{text}_") for each in known):
        return found
    if len(spelt) > 1:
        raise QueryError(f"'{text}' may be {' or '.join(spelt)}: write one as it is spelt")
    found = Sought(text, words=tuple(folded.split()))
    values = Values()
    statement = (
        f"SELECT 1 FROM variable v WHERE {found.holds(values, 'v')} "  # noqa: S608 - values are bound
        f"UNION ALL SELECT 1 FROM law l WHERE {found.holds(values, 'l', 'output_')} LIMIT 1"
    )
    if folded and connection.rows(statement, values):
        return found
    close = nearest(text, sorted({*known, *QUANTITIES}))
    raise QueryError(f"no law takes or gives '{text}'; {close or 'write a symbol such as N, or a word such as tokens'}")


@dataclass(frozen=True)
class Signature:
    """What is given, and what is wanted."""

    given: tuple[Sought, ...] = ()
    want: Sought | None = None

    def holds(self, values: Values, *, fewer: bool = True) -> str:
        """A condition that a law `l` has the signature: by its output, or solved for one of its variables.

        Args:
            values: takes the parameters.
            fewer: whether a law that takes some of what is given, and nothing else, counts too.
        """
        direct = self._takes(values, solved=False, fewer=fewer)
        if self.want is None:
            return direct
        output, unknown = self.want.holds(values, "l", "output_"), self.want.holds(values, "w")
        solved = self._takes(values, solved=True, fewer=fewer)
        return (
            f"(({output} AND {direct}) OR (l.kind = 'formula' AND EXISTS (SELECT 1 FROM variable w "  # noqa: S608
            f"WHERE w.law = l.id AND w.index_sets IS NULL AND {unknown} AND {solved})))"
        )

    def _takes(self, values: Values, *, solved: bool, fewer: bool) -> str:
        """A condition on what a law takes; solved for the variable `w`, it takes its output in place of that."""
        if not self.given:
            return "TRUE"
        inputs = f"SELECT 1 FROM variable v WHERE v.law = l.id{' AND v.symbol <> w.symbol' if solved else ''}"  # noqa: S608
        variables = [one.holds(values, "v") for one in self.given]
        outputs = [one.holds(values, "l", "output_") for one in self.given] if solved else ["FALSE"] * len(variables)
        taken = " AND ".join(
            f"({output} OR EXISTS ({inputs} AND {variable}))"
            for variable, output in zip(variables, outputs, strict=True)
        )
        if not fewer:
            return f"({taken})"
        some = f"({' OR '.join(outputs)})" if solved else f"EXISTS ({inputs})"
        only = f"{some} AND NOT EXISTS ({inputs} AND NOT ({' OR '.join(variables)}))"
        return f"(({taken}) OR ({only}))"


def signature_of(connection: Reader, given: Iterable[str], want: str | None) -> Signature:
    """What a user means by what is given and what is wanted; see `sought`."""
    meant = tuple(sought(connection, each) for each in given)
    return Signature(meant, sought(connection, want) if want is not None else None)


@dataclass(frozen=True)
class Fitting:
    """How a law has a signature."""

    law: str
    #: `exact` if it takes just what is given, `fewer` if only some of it, `more` if it takes other variables too.
    #: None if nothing is given.
    match: str | None
    gives: str
    solved: bool
    #: Symbols of the law by what was given for them.
    given: Mapping[str, str]
    #: What it takes besides.
    also: tuple[str, ...]
    #: How far symbols differ from those asked for.
    distance: int

    @property
    def order(self) -> tuple[Any, ...]:
        """Best first."""
        return (
            (None, "exact", "fewer", "more").index(self.match),
            self.solved,
            self.distance,
            len(self.also),
            self.law,
        )

    def as_dict(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "match": self.match,
            "gives": self.gives,
            "solved": self.solved,
            "given": dict(self.given),
            "also_takes": list(self.also),
        }


@dataclass(frozen=True)
class _Part:
    """A symbol of a law: how well it is each of what is given, and what is wanted; none where it is not."""

    symbol: str
    output: bool
    #: Whether the law can be solved for it.
    unknown: bool
    given: Sequence[int | None]
    want: int | None


def fittings(connection: Reader, signature: Signature, laws: str, values: Values) -> list[Fitting]:
    """How laws have a signature, each the best way it can, best first.

    Args:
        connection: the database.
        signature: what is given and wanted.
        laws: a statement that gives the ids of laws for which `holds` is true.
        values: its parameters.
    """
    values = Values(values)
    columns = {}
    for owner, prefix in (("v", ""), ("l", "output_")):
        levels = [one.level(values, owner, prefix) for one in signature.given]
        levels.append(signature.want.level(values, owner, prefix) if signature.want else "0")
        columns[owner] = ", ".join(levels)
    rows = connection.rows(
        f"WITH found AS MATERIALIZED ({laws}) "  # noqa: S608 - values are bound
        f"SELECT v.law, v.symbol, FALSE, l.kind = 'formula' AND v.index_sets IS NULL, {columns['v']} "
        "FROM variable v JOIN law l ON l.id = v.law WHERE l.id IN (SELECT * FROM found) "
        f"UNION ALL SELECT l.id, l.output_symbol, TRUE, FALSE, {columns['l']} FROM law l "
        "WHERE l.id IN (SELECT * FROM found) ORDER BY 1, 3, 2",
        values,
    )
    parts: dict[str, list[_Part]] = {}
    for row in rows:
        law, symbol, output, unknown = row[:4]
        parts.setdefault(law, []).append(_Part(symbol, bool(output), bool(unknown), row[4:-1], row[-1]))
    best = [min(_ways(signature, law, each), key=lambda way: way.order) for law, each in parts.items()]
    return sorted(best, key=lambda way: way.order)


def _ways(signature: Signature, law: str, parts: list[_Part]) -> Iterator[Fitting]:
    """Every way in which a law gives what is wanted: by its output, or solved for a variable."""
    for gives in parts:
        if gives.want is None or not (gives.output or (gives.unknown and signature.want)):
            continue
        inputs = [each for each in parts if each is not gives and (not each.output or not gives.output)]
        taken = _assign(signature, inputs)
        also = tuple(each.symbol for number, each in enumerate(inputs) if number not in taken.values())
        names = {signature.given[one].text: inputs[number].symbol for one, number in taken.items()}
        distance = gives.want + sum(inputs[number].given[one] or 0 for one, number in taken.items())
        every = len(taken) == len(signature.given)
        match = ("more" if also else "exact" if every else "fewer") if signature.given else None
        yield Fitting(law, match, gives.symbol, not gives.output, names, also, distance)


def _assign(signature: Signature, inputs: list[_Part]) -> dict[int, int]:
    """Which input each of what is given is, by their places: symbols first, then meanings."""
    taken: dict[int, int] = {}
    for level in (0, 1):
        for one in range(len(signature.given)):
            free = (at for at, each in enumerate(inputs) if each.given[one] == level and at not in taken.values())
            found = next(free, None) if one not in taken else None
            if found is not None:
                taken[one] = found
    return taken
