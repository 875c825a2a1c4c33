"""Searches: read or refused, filtered, ranked; laws by signature; and no text becomes SQL or FTS5."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import scalinglaws as sl
from scalinglaws.catalog import Catalog
from scalinglaws.database.access import FileReader, QueryError, open_database
from scalinglaws.database.full_text import FULL_TEXT
from scalinglaws.database.spelling import fold
from scalinglaws.finding.query import FIELDS, KINDS, Filter, Match, Search, Term, looked_up, match, parse
from scalinglaws.finding.ranking import nearest_words, search

Connection = FileReader


@pytest.fixture(scope="module")
def real(catalog_path: Path) -> Iterator[Connection]:
    connection = open_database(catalog_path)
    yield connection
    connection.close()


def ids(connection: Connection, text: str, limit: int = 1000) -> list[str]:
    return [each["id"] for each in search(connection, text, limit)]


def word(text: str) -> tuple[Term, ...]:
    return (Term((text,)),)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("two words", Search((word("two"), (Term(("words",), open=True),)))),
        ('"two words"', Search(((Term(("two", "words"), quoted=True),),))),
        ("“two words”", Search(((Term(("two", "words"), quoted=True),),))),
        ("one-word N", Search(((Term(("one", "word")),), word("N")))),
        ("a OR b OR c d", Search(((*word("a"), *word("b"), *word("c")), word("d")))),
        ("x -y", Search((word("x"),), word("y"))),
        ('x -"y z"', Search((word("x"),), (Term(("y", "z"), quoted=True),))),
        ("has:Code", Search(filters=(Filter("has", "code"),))),
        ("-has:code", Search(filters=(Filter("has", "code", excluded=True),))),
        ('Author:"Hoffmann, J"', Search(filters=(Filter("author", "Hoffmann, J"),))),
        ("year:2022", Search(filters=(Filter("year", "2022", span=(2022, 2022)),))),
        ("year:>2022", Search(filters=(Filter("year", ">2022", span=(2023, None)),))),
        ("year:<=2022", Search(filters=(Filter("year", "<=2022", span=(None, 2022)),))),
        ("year:2020..2023", Search(filters=(Filter("year", "2020..2023", span=(2020, 2023)),))),
        ("year:..2023", Search(filters=(Filter("year", "..2023", span=(None, 2023)),))),
        ("rung:>=refit", Search(filters=(Filter("rung", ">=refit", span=(5, None)),))),
        ("Title: of 1", Search((word("Title"), word("of"), word("1")))),
        ("3:4", Search(((Term(("3", "4"), open=False),),))),
        ("arXiv:2203.15556v2", Search(((Term(("2203", "15556"), open=True),),))),
        ("https://arxiv.org/abs/2203.15556", Search(((Term(("2203", "15556"), open=True),),))),
        ("https://x.org 1", Search(((Term(("https", "x", "org")),), word("1")))),
        ("a - b ( & 1", Search((word("a"), word("b"), word("1")))),
    ],
)
def test_what_is_read(text: str, read: Search) -> None:
    assert parse(text) == read


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "at least one word"),
        ("***", "at least one word"),
        ('"two', "opened and not closed"),
        ("has:", "needs a value right behind it"),
        ("has: code", "needs a value right behind it"),
        ('paper:" "', "needs a value"),
        ("hass:code", r"did you mean has.*The fields are kind, paper"),
        ("hass:code", "in quotes"),
        ("has:cod", "did you mean code"),
        ("kind:laws", "did you mean law"),
        ("basis:recaled", "did you mean recalled"),
        ("rung:>=refitt", "did you mean refit"),
        ("year:22", "year: takes 2022, >2022"),
        ("year:2020..x", "no year 'x'"),
        ("year:..", "needs a value"),
        ("year:2023..2020", "ends before it begins"),
        ("rung:refit..cited", "ends before it begins"),
        ("OR a", "between two words"),
        ("a OR", "between two words"),
        ("a OR OR b", "between two words"),
        ("a OR has:code", "joins no filters"),
        ("has:code OR a", "between two words"),
        ("a -b OR c", "nothing left out"),
        ("a OR -b", "nothing left out"),
        ("want:D want:N", "stands once"),
        ("a " * 65, "at most 64 words"),
        ("a" * 5000, "at most 4000 characters"),
    ],
)
def test_what_is_refused_says_why(text: str, words: str) -> None:
    with pytest.raises(QueryError, match=words):
        parse(text)


#: Pieces of the language of searches, of SQL and of FTS5, beside any text.
PIECES = st.sampled_from(
    [
        '"',
        "-",
        "OR",
        "NOT",
        "AND",
        "NEAR(",
        ")",
        "*",
        "^",
        ":",
        "title:",
        "{a b}:",
        "+",
        "'",
        ";",
        "--",
        "/*",
        "\0",
        "%",
    ]
    + [f"{field}:" for field in FIELDS]
    + [example for _, example in FIELDS.values()]
    + [">", "<=", "..", ",", "2022", "refit", "loss", "\U0001e900", "\ud800", "é", "D_f", "' OR 1=1 --"]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=12).map(" ".join))
TEXTS = st.one_of(TEXTS, st.lists(PIECES, max_size=8).map("".join))


@given(TEXTS)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = parse(text)
    except QueryError as error:
        assert str(error)
        return
    synonyms = {form: ["other words", "x"] for form in looked_up(read)}
    for found in (match(read, {}), match(read, synonyms)):
        # Nothing but quoted words, our own operators, brackets and stars.
        for expression in FULL_TEXT["sqlite"].expressions(found):
            rest = re.sub(r'"\w+(?: \w+)*"', "", expression)
            assert re.fullmatch(r"(?:[()*]| |AND|OR)*", rest), expression
        for expression in FULL_TEXT["postgresql"].expressions(found):
            rest = re.sub(r"'\w+'", "", expression)
            assert re.fullmatch(r"(?:[()&| ]|<->|:\*)*", rest), expression
    assert read.groups or read.excluded or read.filters


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(TEXTS)
@example("\U0001e900 loss")
@example("author:\ud800")
@example("loss -\U0001e900")
@example("given:', want:\"")
@example("paper:x'); DROP TABLE law; --")
@example("kind:law' OR '1'='1")
def test_any_text_is_searched_or_refused(toy_connection: Connection, text: str) -> None:
    try:
        found = search(toy_connection, text, 3)
    except QueryError as error:
        assert "cannot be run" not in str(error)
        return
    assert all(set(each) == {"kind", "id", "title", "snippet"} for each in found)
    assert len(found) <= 3


@pytest.mark.parametrize(
    "text",
    ["'; DROP TABLE law; --", 'x" OR 1=1 --', "names:loss", "{names title}:loss", "loss) OR (names", "NEAR(a b)"],
)
def test_sql_and_fts5_are_words_like_any(toy_connection: Connection, text: str) -> None:
    before = toy_connection.execute("SELECT count(*) FROM law").fetchone()
    try:
        found = ids(toy_connection, text)
    except QueryError:
        found = []
    assert "talk2023" not in found
    assert toy_connection.execute("SELECT count(*) FROM law").fetchone() == before


def test_synonyms_and_common_words() -> None:
    plain = match(parse("the loss of 1"), {})
    assert plain.clauses == (((Term(("loss",)),),), ((Term(("1",)),),))
    assert match(parse("of"), {}).clauses == ((word("of"),),)
    assert match(parse('"of" 1'), {}).clauses[0] == ((Term(("of",), quoted=True),),)
    # Longest first; one's own words may stand apart, the others side by side.
    synonyms = {"mixture of experts": ["moe"], "experts": ["specialists"], "moe": ["mixture of experts"]}
    own = (Term(("Mixture",)), Term(("of",)), Term(("experts",)))
    assert match(parse("Mixture of experts 1"), synonyms).clauses[0] == (own, word("moe"))
    assert match(parse("MoE OR 1"), synonyms).clauses[0][1] == (Term(("mixture", "of", "experts")),)
    assert match(parse("1 -MoE"), synonyms).excluded == (*word("MoE"), Term(("mixture", "of", "experts")))
    assert match(parse('"MoE"'), synonyms).clauses == (((Term(("MoE",), quoted=True),),),)
    opened = Match((((Term(("D_f", "Größe"), open=True),),),))
    assert FULL_TEXT["sqlite"].expressions(opened) == ('((("D_f Größe" OR "D_f Größe"*)))', "")
    words = "'dqzqf' <-> 'grosse'"
    assert FULL_TEXT["postgresql"].expressions(opened) == (f"((({words} | {words}:*)))", "")


TOY = [
    ("kind:topic", {"data", "model", "model.small"}),
    ("kind:paper -kind:law", {"blend2021", "curve2022", "power2020", "talk2023"}),
    ("paper:ashlaw kind:law", {"power2020/loss", "power2020/size"}),
    ("paper:curve2022 -kind:law", {"curve2022", "toy-points"}),
    ("author:ash kind:paper", {"power2020"}),
    ('author:"Io Ash" kind:paper', {"power2020"}),
    ("year:2023", {"talk2023", "talk2023/metric"}),
    ("year:<2021 kind:law", {"power2020/loss", "power2020/size"}),
    ("year:2021..2022 kind:paper", {"blend2021", "curve2022"}),
    ("-year:2020..2022 kind:paper", {"talk2023"}),
    ("topic:model kind:paper", {"power2020"}),
    ("topic:model -kind:law -kind:claim", {"model", "model.small", "power2020"}),
    ('topic:"small models" kind:law', {"power2020/loss", "power2020/size"}),
    ("question:rq2", {"RQ2", "blend2021", "blend2021/mixture"}),
    ("modality:text kind:paper", {"power2020"}),
    ("modality:wording kind:paper", {"power2020"}),
    ("has:code kind:paper", {"power2020"}),
    ("has:data kind:paper", {"curve2022"}),
    ("-has:code -has:data kind:paper", {"blend2021", "talk2023"}),
    ("has:interval", {"power2020", "power2020/loss"}),
    ("has:interval rung:coefficients..", {"power2020", "power2020/loss"}),
    ("rung:<coefficients kind:law", {"curve2022/protocol", "curve2022/sigmoid"}),
    ("basis:code", {"blend2021", "blend2021/mixture"}),
    ("basis:recalled", {"power2020", "power2020/loss"}),
    ("basis:page kind:claim", {"talk2023/metric"}),
    ("given:x", {"curve2022", "curve2022/sigmoid", "power2020", "power2020/size"}),
    ("given:N want:L kind:law", {"power2020/loss"}),
    ("given:size kind:law", {"power2020/loss"}),
    ("-given:x kind:law", {"blend2021/mixture", "curve2022/protocol", "power2020/loss"}),
    ("want:score", {"curve2022", "curve2022/protocol"}),
    ("saturating", {"curve2022/sigmoid", "curve2022"}),
    ("satur kind:law", {"curve2022/sigmoid"}),
    ("L_inf", {"curve2022/sigmoid"}),
    ("SC", {"curve2022/sigmoid"}),
    ("floor -exponential", {"power2020/loss", "power2020/size", "RQ1"}),
    ("floor OR overrated kind:paper", {"talk2023"}),
    ('"two asymptotes"', {"curve2022/sigmoid"}),
    ('"asymptotes two"', set()),
    ("-loss kind:law", {"curve2022/protocol"}),
    ("t_books", {"blend2021/mixture"}),
]


@pytest.mark.parametrize(("text", "found"), TOY, ids=[text for text, _ in TOY])
def test_what_each_field_finds(toy_connection: Connection, text: str, found: set[str]) -> None:
    assert set(ids(toy_connection, text)) == found


def test_every_field_is_tried_and_explained() -> None:
    assert {parse(example).filters[0].field for _, example in FIELDS.values()} == set(FIELDS)
    assert {each.field for text, _ in TOY for each in parse(text).filters} == set(FIELDS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("topic:modl", "no topic 'modl'; did you mean model"),
        ("question:RQ3", "there are RQ1, RQ2"),
        ("modality:smell", "there are code, text"),
        ("modality:interval", "no modality 'interval'"),
        ("paper:power2021", "did you mean power2020"),
        ("author:asch", "did you mean ash"),
        ("given:Nn", "no law takes or gives 'Nn'; did you mean N"),
        ("want:voltage", "no law takes or gives 'voltage'"),
    ],
)
def test_unknown_values_get_the_nearest(toy_connection: Connection, text: str, words: str) -> None:
    with pytest.raises(QueryError, match=re.escape(words)):
        search(toy_connection, text)


def test_filters_alone_list_kind_by_kind(toy_connection: Connection) -> None:
    listed = search(toy_connection, "year:2020")
    assert [each["kind"] for each in listed] == ["paper", "law", "law", "claim"]
    assert listed[0]["snippet"] == "Loss falls as a power of size. Toys. It is a toy."
    assert len(ids(toy_connection, "year:2020", 10**30)) == 4
    assert ids(toy_connection, "year:2020", 0) == ids(toy_connection, "loss", 0) == []
    assert ids(toy_connection, "year:2020", 2) == ["power2020", "power2020/loss"]
    kinds = {row[0] for row in toy_connection.execute("SELECT DISTINCT kind FROM entry")}
    assert kinds == set(KINDS)


def test_words_that_nothing_holds_get_the_nearest(toy_connection: Connection) -> None:
    assert ids(toy_connection, "Ashlow loss") == []
    assert nearest_words(toy_connection, "Ashlow loss") == "ashlaw loss"
    assert nearest_words(toy_connection, "ashlaw saturating") is None
    assert nearest_words(toy_connection, "kind:law zzzz") is None


def laws(path: Path, given: str, want: str | None) -> list[tuple[str, str | None, str, bool]]:
    found = sl.laws(given=[each for each in given.split(",") if each], want=want, path=path)
    ways = [(each["id"], each["signature"]) for each in found]
    return [(law, way["match"], way["gives"], way["solved"]) for law, way in ways]


def test_laws_by_signature(toy_path: Path) -> None:
    loss, size, curve = "power2020/loss", "power2020/size", "curve2022/sigmoid"
    assert laws(toy_path, "N", "L") == [(loss, "exact", "L", False)]
    assert laws(toy_path, "x", None) == [(curve, "exact", "L", False), (size, "exact", "N", False)]
    # Solved for a variable a law takes its output; the law that gives it as it stands comes first.
    assert laws(toy_path, "L", "N") == [(loss, "exact", "N", True)]
    assert laws(toy_path, "x", "N") == [(size, "exact", "N", False)]
    assert laws(toy_path, "", "N") == [(size, None, "N", False), (loss, None, "N", True)]
    # In any order, less of it or more; by meaning and in other case.
    assert laws(toy_path, "x,N", "L") == laws(toy_path, "N,x", "L")
    assert laws(toy_path, "N,x", "L") == [(curve, "fewer", "L", False), (loss, "fewer", "L", False)]
    assert laws(toy_path, "parameters", "loss") == [(loss, "exact", "L", False), (size, "exact", "x", True)]
    assert laws(toy_path, "n", "l") == laws(toy_path, "N", "L")
    shown = sl.laws(given=["loss"], want="n", path=toy_path)[0]["signature"]
    assert shown == {"match": "exact", "gives": "N", "solved": False, "given": {"loss": "x"}, "also_takes": []}
    with pytest.raises(sl.UnknownName, match="no law takes or gives 'Nn'"):
        sl.laws(given=["Nn"], path=toy_path)
    assert "signature" not in sl.laws(path=toy_path)[0]


def test_papers_by_signature_take_all_that_is_given(toy_path: Path) -> None:
    assert [each["key"] for each in sl.papers(given=["N"], want="L", path=toy_path)] == ["power2020"]
    assert sl.papers(given=["N", "x"], want="L", path=toy_path) == []


def test_a_search_by_signature_finds_what_laws_finds(real: Connection, catalog_path: Path) -> None:
    for given_, want in (("C,U", "D"), ("N,D", "L"), ("D,N,L", None), ("", "N_opt"), ("compute", "parameters")):
        text = " ".join(filter(None, ["kind:law", given_ and f"given:{given_}", want and f"want:{want}"]))
        found = sl.laws(given=[each for each in given_.split(",") if each], want=want, path=catalog_path)
        assert ids(real, text) == [each["id"] for each in found], text
        assert found
        ranks = [each["signature"]["match"] for each in found]
        assert ranks == sorted(ranks, key=("exact", "fewer", "more", None).index)


def test_laws_of_size_and_tokens_by_any_way_to_say_it(catalog_path: Path) -> None:
    exact = [way for way in laws(catalog_path, "N,D", "L") if way[1] == "exact" and not way[3]]
    assert ("hoffmann2022/parametric", "exact", "L", False) in exact
    assert {law for law, *_ in exact} >= {law for law, how, *_ in laws(catalog_path, "D,N", "L") if how == "exact"}
    optima = {law for law, how, _, solved in laws(catalog_path, "C", "N") if how == "exact" and not solved}
    assert {"hoffmann2022/nopt", "kaplan2020/nopt"} <= optima
    assert laws(catalog_path, "c_min", "n_opt") == [("kaplan2020/nopt", "exact", "N_opt", False)]
    assert laws(catalog_path, "C", "D")[0][0].startswith("hoffmann2022/")


def test_every_entry_is_found_first_by_its_id(real: Connection) -> None:
    for kind, name in real.execute("SELECT kind, id FROM entry WHERE kind IN ('paper', 'law')").fetchall():
        assert search(real, name, 1)[0]["id"] == name, (kind, name)
    for name, target in real.execute("SELECT name, target FROM alias").fetchall():
        assert search(real, name, 1)[0]["id"] == target, name
        assert search(real, name.upper(), 1)[0]["id"] == target, name


def test_every_paper_is_found_first_by_title_label_and_arxiv_id(real: Connection) -> None:
    rows = real.execute("SELECT key, title, label, arxiv FROM paper WHERE recorded").fetchall()
    assert rows
    for key, title, label, arxiv in rows:
        for name in filter(None, [title, label, arxiv, arxiv and f"arXiv:{arxiv}"]):
            assert search(real, name, 1)[0]["id"] == key, name


def test_every_fit_leads_to_its_law(real: Connection) -> None:
    for fit, law in real.execute("SELECT id, law FROM fit").fetchall():
        assert search(real, fit, 1)[0]["id"] == law, fit


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Chinchilla", "hoffmann2022"),
        ("chinchilla law", "hoffmann2022"),
        ("chinchilla parametric", "hoffmann2022/parametric"),
        ("alpha", "hoffmann2022/parametric"),
        ("\N{GREEK SMALL LETTER ALPHA}", "hoffmann2022/parametric"),
        ("D_f", "zhang2024/model-size"),
        ("MoE", "krajewski2024/granularity"),
        ("MoE kind:paper", "krajewski2024"),
        ("scaling law mixture of experts", "krajewski2024"),
        ("quantisation", "model.compression.quantization"),
        ("quantization kind:law", "dettmers2023/total-bits"),
        ("compute optimal", "hoffmann2022/nopt"),
        ("RLHF", "rl.reward"),
        ("RLHF kind:paper", "gao2022"),
        ("SFT", "RQ5"),
        ("SFT kind:paper", "zhang2024"),
        ("LR schedule", "hu2024"),
        ("besiroglu", "hoffmann2022/parametric"),
        ("besiroglu2024", "hoffmann2022/parametric"),
        ("Kaplan", "kaplan2020"),
        ("kaplan scaling laws", "kaplan2020"),
        ("repeated data", "muennighoff2023/dataconstrained"),
        ("vision transformer", "zhai2022/double-saturation"),
        ("RQ1", "RQ1"),
        ("chinchilla-svg", "chinchilla-svg"),
        ("the cost of training and inference", "sardana2024"),
    ],
)
def test_well_known_searches(real: Connection, text: str, first: str) -> None:
    assert ids(real, text, 3)[0] == first, ids(real, text, 3)


def test_spellings_fold_alike() -> None:
    assert fold("Mixture-of-Experts") == fold("mixture of  EXPERTS") == "mixture of experts"
    assert fold("Dupré, É.") == "dupre e"
    assert fold("hoffmann2022/parametric") == "hoffmann2022 parametric"


def test_synthetic_laws_go_in_as_real_ones_do(toy_path: Path, tmp_path: Path) -> None:
    import bench_search

    path = tmp_path / "large.sqlite"
    shutil.copy(toy_path, path)
    bench_search.enlarge(path, 300)
    connection = open_database(path)
    try:
        assert connection.execute("SELECT count(*) FROM entry WHERE kind = 'law'").fetchone() == (305,)
        # The best known of those with the symbol.
        assert ids(connection, "alpha", 1) == ["power2020/loss"]
        assert len(ids(connection, "given:D,N want:L kind:law")) == 301
        middle, longest = bench_search.median(connection, ["loss", "kind:law"], 1)
        assert 0 < middle <= longest
    finally:
        connection.close()


def test_a_table_of_synonyms_is_in_the_database(real: Connection, catalog: Catalog) -> None:
    forms = {row[0] for row in real.execute("SELECT form FROM synonym")}
    assert {fold(form) for group in catalog.glossary.synonyms for form in group} <= forms
