"""The language of a search: words, phrases, what is left out, and filters; parsed, with no database in sight."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from scalinglaws.database.access import QueryError
from scalinglaws.database.spelling import fold, words_of
from scalinglaws.ladder import RUNGS
from scalinglaws.vocabulary import BASIS, nearest

#: What a search finds, in the order in which filters alone list it.
KINDS = ("paper", "law", "claim", "dataset", "question", "topic", "criticism", "direction")
HAS = ("code", "data", "interval", "reproduction")
#: Fields of filters: what each takes, and an example.
FIELDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "kind": (f"what it is: {', '.join(KINDS)}", "kind:law"),
        "paper": ("what a paper holds, by key or alias, and laws with values from it", "paper:hoffmann2022"),
        "author": ("by an author of the paper", "author:hoffmann"),
        "year": ("year of the paper: one, a range such as 2020.., or a bound such as >2022", "year:2020..2023"),
        "topic": ("of a topic of the taxonomy, or one beneath it", "topic:model.pretraining"),
        "question": ("that bears on a research question", "question:RQ1"),
        "modality": ("of papers on a modality", "modality:vision"),
        "has": (f"with {', '.join(HAS[:-1])} or {HAS[-1]}", "has:code"),
        "rung": (f"rung of the law's ladder: {', '.join(RUNGS)}; or a range", "rung:refit.."),
        "basis": (f"whose form, values or statement rest on: {', '.join(BASIS)}", "basis:recalled"),
        "given": ("laws that take these variables, by symbol or meaning", "given:C,U"),
        "want": ("laws that give this, or can be solved for it", "want:D"),
    }
)
#: Words too common to ask of every entry; they count within quotes, in terms, and where nothing else is asked.
_COMMON = frozenset(
    "a an and are as at by do does for from how in is of on or that the to under what when which why with".split()  # noqa: SIM905 - a list of words reads better
)
_MOST_CHARACTERS, _MOST_WORDS = 4000, 64
#: Words of the longest synonym.
_LONGEST = 6

_TOKEN = re.compile(r'(?P<minus>-)?(?:(?P<field>[^\W\d_]+):(?=\S))?(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+))')
_ADDRESS = re.compile(
    r"https?://(?:www\.)?(?:arxiv\.org/(?:abs|pdf)/|(?:dx\.)?doi\.org/)|\barxiv:\s*(?=\d)|\bdoi:(?=10\.)", re.I
)
_VERSION = re.compile(r"\b(\d{4}\.\d{4,5})v\d+\b")
_OR = "OR stands between two words or phrases, as in chinchilla OR kaplan; it joins no filters and nothing left out"
_BOUND = re.compile(r"(?P<sign>[<>]=?)(?P<value>.+)|(?P<low>.*?)\.\.(?P<high>.*)")


@dataclass(frozen=True)
class Term:
    """A word, or words that stand side by side."""

    words: tuple[str, ...]
    #: As quoted: found word by word as it stands, without synonyms.
    quoted: bool = False
    #: Whether its beginning is enough.
    open: bool = False

    @property
    def folded(self) -> str:
        """Its text as spellings compare."""
        return fold(" ".join(self.words))


@dataclass(frozen=True)
class Filter:
    """A condition on what is found."""

    field: str
    #: As written; of a list of codes the code.
    value: str
    excluded: bool = False
    #: For a year or a rung: the lowest and the highest, none without bound; a rung by its number.
    span: tuple[int | None, int | None] | None = None


@dataclass(frozen=True)
class Search:
    """A search as read: every group must be found by one of its terms, and what is excluded must not."""

    groups: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()

    @property
    def names(self) -> list[str]:
        """What it may name as a whole, such as an id or a title: all its words, or each side of OR."""
        if len(self.groups) == 1:
            return [term.folded for term in self.groups[0]]
        return (
            [" ".join(group[0].folded for group in self.groups)] if all(len(each) == 1 for each in self.groups) else []
        )


Phrase = Term
#: Phrases that must all be found.
Alternative = tuple[Phrase, ...]


@dataclass(frozen=True)
class Match:
    """What to look for, synonyms among it: of each clause one alternative, and none of what is excluded."""

    clauses: tuple[tuple[Alternative, ...], ...] = ()
    excluded: tuple[Phrase, ...] = ()


def parse(text: str) -> Search:
    """Read a search.

    Words are looked for in any order; `"words in quotes"` side by side; `OR` joins the words beside it; `-word` leaves
    out; `field:value` filters (see `FIELDS`), and `-field:value` leaves out.

    Args:
        text: what the user wrote.

    Raises:
        QueryError: where it cannot be read, or a field, or a value of a closed list, is unknown; with the nearest ones.
    """
    if len(text) > _MOST_CHARACTERS:
        raise QueryError(f"a search takes at most {_MOST_CHARACTERS} characters, not {len(text)}")
    text = text.encode("utf-8", "replace").decode().translate({ord(each): '"' for each in "“”„«»"})
    if text.count('"') % 2:
        raise QueryError('a quote is opened and not closed; write "words side by side"')
    text = _VERSION.sub(r"\1", _ADDRESS.sub("", text))
    groups: list[list[Term]] = []
    excluded: list[Term] = []
    filters: list[Filter] = []
    #: Whether OR stands before what comes, and whether it may.
    joining = may_join = False
    for minus, field, value, quoted in _tokens(text):
        if value == "OR" and not (minus or field or quoted):
            if not may_join or joining:
                raise QueryError(_OR)
            joining = True
            continue
        words = () if _is_filter(field, value) else words_of(f"{field}:{value}" if field else value)
        if joining and (minus or not words):
            raise QueryError(_OR)
        if _is_filter(field, value):
            filters.append(_filter(field, value, excluded=minus))
        elif words and minus:
            excluded.append(Term(words, quoted))
        elif words and joining:
            groups[-1].append(Term(words, quoted))
        elif words:
            groups.append([Term(words, quoted)])
        joining, may_join = False, bool(words) and not minus
    if joining:
        raise QueryError(_OR)
    return _checked(Search(tuple(map(tuple, groups)), tuple(excluded), tuple(filters)))


def _is_filter(field: str, value: str) -> bool:
    # An address is no filter.
    return bool(field) and (field.lower() in FIELDS or not value.startswith("//"))


def _tokens(text: str) -> Iterator[tuple[bool, str, str, bool]]:
    """Of each token whether it has a minus, its field, its value, and whether that is quoted."""
    for found in _TOKEN.finditer(text):
        bare = found["bare"]
        name = bare.removesuffix(":").lower() if bare and bare.endswith(":") and not found["field"] else ""
        if name in FIELDS:
            raise QueryError(f"{name}: needs a value right behind it, as in {FIELDS[name][1]}")
        value = found["quoted"] if bare is None else bare
        yield bool(found["minus"]), found["field"] or "", value, bare is None


def _checked(search: Search) -> Search:
    if not (search.groups or search.excluded or search.filters):
        raise QueryError(f"give at least one word to search for, or a filter such as {FIELDS['has'][1]}")
    count = sum(len(term.words) for group in (*search.groups, search.excluded) for term in group)
    if count > _MOST_WORDS or len(search.filters) > _MOST_WORDS:
        raise QueryError(f"a search takes at most {_MOST_WORDS} words, and as many filters")
    if sum(each.field == "want" and not each.excluded for each in search.filters) > 1:
        raise QueryError("want: stands once; a law gives one thing")
    last = search.groups[-1][-1] if search.groups else None
    if last is None or last.quoted or len(last.words[-1]) < 3:
        return search
    group = (*search.groups[-1][:-1], Term(last.words, open=True))
    return Search((*search.groups[:-1], group), search.excluded, search.filters)


def _filter(field: str, value: str, *, excluded: bool) -> Filter:
    name = field.lower()
    if name not in FIELDS:
        close = nearest(name, tuple(FIELDS))
        raise QueryError(
            f"a search has no field '{field}:'; {close}{' ' if close else ''}The fields are {', '.join(FIELDS)}; "
            "put words that hold a colon in quotes"
        )
    value = value.strip()
    if not fold(value):
        raise QueryError(f"{name}: needs a value, as in {FIELDS[name][1]}")
    if name == "year":
        return Filter(name, value, excluded, _span(name, value, _year))
    if name == "rung":
        return Filter(name, value, excluded, _span(name, value, _rung))
    lists: Mapping[str, Sequence[str]] = {"kind": KINDS, "has": HAS, "basis": tuple(BASIS)}
    if name in lists:
        value = _one_of(name, value, lists[name])
    return Filter(name, value, excluded)


def _one_of(name: str, value: str, choices: Sequence[str]) -> str:
    if value.lower() in choices:
        return value.lower()
    close = nearest(value.lower(), tuple(choices))
    raise QueryError(f"{name}: takes {', '.join(choices)}, not '{value}'{close and f'; {close}'}")


def _year(text: str) -> int:
    if not re.fullmatch(r"[12][0-9]{3}", text):
        raise QueryError(f"no year '{text}'; year: takes 2022, >2022, >=2022, <2022, <=2022 or 2020..2023")
    return int(text)


def _rung(text: str) -> int:
    return list(RUNGS).index(_one_of("rung", text, tuple(RUNGS)))


def _span(name: str, value: str, read: Callable[[str], int]) -> tuple[int | None, int | None]:
    found = _BOUND.fullmatch(value)
    if found is None:
        return read(value), read(value)
    if found["sign"]:
        end, beyond = read(found["value"].strip()), len(found["sign"]) == 1
        return (end + beyond, None) if found["sign"][0] == ">" else (None, end - beyond)
    low, high = (read(each.strip()) if each.strip() else None for each in (found["low"], found["high"]))
    if low is not None and high is not None and low > high:
        raise QueryError(f"{name}:{value} ends before it begins; write the lower end first")
    return low, high


def looked_up(search: Search) -> set[str]:
    """Every run of its words that may have synonyms, as spellings compare."""
    forms = {term.folded for group in (*search.groups, search.excluded) for term in group if not term.quoted}
    for run in _runs(search):
        forms |= {_text(run[i:j]) for i in range(len(run)) for j in range(i + 1, min(i + _LONGEST, len(run)) + 1)}
    return forms


def match(search: Search, synonyms: Mapping[str, Iterable[str]]) -> Match:
    """What to look for.

    Args:
        search: the search as read.
        synonyms: other ways to say what `looked_up` names, by that.
    """
    clauses = [
        tuple(each for term in group for each in _alternatives((term,), synonyms))
        for group in search.groups
        if len(group) > 1 or group[0].quoted
    ]
    clauses += [clause for run in _runs(search) for clause in _clauses(run, synonyms)]
    clauses = list(dict.fromkeys(clauses))
    wanted = tuple(clause for clause in clauses if not _common(clause))
    excluded = (each for term in search.excluded for each in _alternatives((term,), synonyms))
    return Match(wanted or tuple(clauses), tuple(phrase for each in excluded for phrase in each))


def _runs(search: Search) -> list[list[Term]]:
    """Single words that follow one another, in which a synonym of several words may stand."""
    runs: list[list[Term]] = [[]]
    for group in search.groups:
        if len(group) == 1 and not group[0].quoted:
            runs[-1].append(group[0])
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _text(terms: Iterable[Term]) -> str:
    return " ".join(term.folded for term in terms)


def _clauses(run: list[Term], synonyms: Mapping[str, Iterable[str]]) -> Iterator[tuple[Alternative, ...]]:
    """The clauses of a run, the longest synonyms first."""
    start = 0
    while start < len(run):
        ends = range(min(start + _LONGEST, len(run)), start, -1)
        end = next((end for end in ends if _text(run[start:end]) in synonyms), start + 1)
        yield _alternatives(tuple(run[start:end]), synonyms)
        start = end


def _alternatives(terms: Alternative, synonyms: Mapping[str, Iterable[str]]) -> tuple[Alternative, ...]:
    if any(term.quoted for term in terms):
        return (terms,)
    text = _text(terms)
    # What holds one's own words is found by them.
    forms = [form for form in synonyms.get(text, ()) if not set(text.split()) <= set(form.split())]
    # A word with synonyms is a whole word.
    own = tuple(Term(term.words) for term in terms) if forms else terms
    return (own, *((Term(tuple(form.split())),) for form in forms))


def _common(clause: tuple[Alternative, ...]) -> bool:
    if len(clause) > 1 or len(clause[0]) > 1 or len(clause[0][0].words) > 1 or clause[0][0].quoted:
        return False
    word = clause[0][0].words[0]
    # A is a symbol.
    return (word if len(word) == 1 else word.lower()) in _COMMON
