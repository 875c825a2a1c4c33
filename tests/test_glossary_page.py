"""The glossary: its record, its page, and terms explained in place."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import markdown
import pytest

from scalinglaws.catalog import Catalog
from scalinglaws.ladder import RUNGS
from scalinglaws.pages.explanations import explained_terms
from scalinglaws.problems import InvalidRecords
from scalinglaws.vocabulary import CODE_LISTS, VOCABULARIES

FAULTS = [
    ("also: [toy laws]", "also: [Basis]", "terms.basis", "'basis' stands under 'toy' too"),
    ("see: [basis]", "see: [baseis]", "terms.toy.see[0]", "did you mean basis"),
    ("see: [basis]", "see: [toy]", "terms.toy.see[0]", "no other term 'toy'"),
    ("topics: [model.small]", "topics: [model.smal]", "terms.toy.topics[0]", "did you mean model.small"),
    ("laws: [power2020/loss]", "laws: [power2020/los]", "terms.toy", "no law 'power2020/los'"),
    ("papers: [talk2023]", "papers: [talk2024]", "terms.toy", "no entry 'talk2024'"),
    ("[SC, saturating curve]", "[sat-curve, Sat curve]", "synonyms[0]", "the same words anyway"),
    ("quantities: [parameters]", "quantities: [parameter]", "terms.size.quantities[0]", "did you mean parameters"),
    ("codes: basis", "codes: bases", "terms.basis.codes", "did you mean basis"),
]


@pytest.mark.parametrize(("old", "new", "field", "words"), FAULTS, ids=[each[2] + each[1] for each in FAULTS])
def test_a_faulty_glossary_is_refused(toy_contents: dict[str, str], old: str, new: str, field: str, words: str) -> None:
    text = toy_contents["glossary.yaml"]
    assert old in text
    with pytest.raises(InvalidRecords) as error:
        Catalog.from_contents({**toy_contents, "glossary.yaml": text.replace(old, new)})
    found = [f"{each.message} {each.repair}" for each in error.value.problems if each.field == field]
    assert any(words in each for each in found), error.value


def test_definitions_are_plain_sentences(catalog: Catalog) -> None:
    for name, term in catalog.glossary.terms.items():
        assert term.definition.endswith("."), name
        assert 1 <= len(re.findall(r"[.?](?: |$)", term.definition)) <= 4, name
        assert not set("`*$[]") & set(term.definition), name
    named = {each.codes for each in catalog.glossary.terms.values() if each.codes}
    assert {"basis", "confidence", "convention", "verdict", "rung"} <= named
    assert set(CODE_LISTS) == {*VOCABULARIES, "rung"}


def test_the_database_has_the_glossary(catalog_path: Path, catalog: Catalog) -> None:
    from scalinglaws.database.access import open_database

    connection = open_database(catalog_path)
    terms = dict(connection.execute("SELECT id, definition FROM glossary_term"))
    laws = connection.execute(
        "SELECT count(*) FROM glossary_see JOIN law ON law.id = target WHERE glossary_see.kind = 'law'"
    )
    assert terms == {name: each.definition for name, each in catalog.glossary.terms.items()}
    assert laws.fetchone()[0] == sum(len(each.laws) for each in catalog.glossary.terms.values())
    connection.close()


@pytest.fixture
def explain(catalog: Catalog, tmp_path: Path) -> Any:
    file = tmp_path / "terms.json"
    terms = explained_terms(catalog.glossary, ["Bootstrap: a Power Law of (Sparse) Elo?"])
    file.write_text(json.dumps(terms), encoding="utf-8")

    def convert(text: str, reference: str = "\n\n[glossary]: ../glossary.md\n") -> str:
        extensions = ["tables", "attr_list", "md_in_html", "scalinglaws.pages.explanations"]
        configs = {"scalinglaws.pages.explanations": {"terms": str(file)}}
        return markdown.markdown(text + reference, extensions=extensions, extension_configs=configs)

    return convert


def terms_in(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<a class="term" href="\.\./glossary\.md#([a-z0-9-]+)" title="[^"]+">([^<]+)</a>', html)


def test_the_first_occurrence_in_prose_is_explained_and_no_other(explain: Any) -> None:
    html = explain(
        "# A power law\n\n`power law` and [a power law](x.md), then power-laws, FLOP, *a Power law*.\n\n"
        "| perplexity | x |\n| --- | --- |\n| perplexity | low perplexity |\n"
    )
    assert terms_in(html) == [("power-law", "power-laws"), ("flop", "FLOP"), ("perplexity", "perplexity")]
    assert "low <a" in html
    assert "then <a" in html


def test_text_and_order_are_kept(explain: Any) -> None:
    text = "Elo and **power law** *x* perplexity & Elo; bootstrap or best-of-n. Pass@k, 6ND, SAE."
    html = explain(text)
    stripped = re.sub(r"<[^>]+>", "", html)
    assert stripped == re.sub(r"[*]", "", text).replace("&", "&amp;")
    found = [name for name, _ in terms_in(html)]
    assert found == [
        "elo", "power-law", "perplexity", "bootstrap", "best-of-n", "pass-at-k", "six-nd", "sparse-autoencoder",
    ]  # fmt: skip


def test_words_inside_words_and_pages_that_do_not_ask_are_left_alone(explain: Any) -> None:
    assert terms_in(explain("Melodies, a/perplexity/b, sae and flops@home.")) == []
    assert "term" not in explain("A power law.", reference="")


def test_a_title_is_no_prose(explain: Any) -> None:
    html = explain("Ash (2020): Bootstrap: a Power Law of (Sparse) Elo? They find a power law.")
    assert terms_in(html) == [("power-law", "power law")]
    assert "Elo? They find a <a" in html
    # What only begins like the title is prose.
    assert [name for name, _ in terms_in(explain("Bootstrap: a power law."))] == ["bootstrap", "power-law"]


def test_no_title_of_a_work_holds_a_link_to_the_glossary(built_site: Path, catalog: Catalog) -> None:
    lists = [built_site / "papers" / "index.html", built_site / "survey" / "index.html"]
    lists += [built_site / "topics" / name / "index.html" for name in catalog.taxonomy.topics]
    seen = 0
    for page in lists:
        text = page.read_text(encoding="utf-8")
        for part in re.findall(r"<(?:td|li|p)>(?:(?!</?(?:td|li|p)\b).)*", text, re.S):
            plain = unescape(re.sub(r"<[^>]+>", "", part))
            for reference in catalog.references.values():
                if reference.title in plain:
                    seen += 1
                    before = plain.index(reference.title)
                    linked = [
                        unescape(name) for _, name in re.findall(r'class="term" href="([^"]+)"[^>]*>([^<]+)', part)
                    ]
                    assert not [name for name in linked if name in reference.title and name not in plain[:before]], part
    assert seen > 100


def test_every_code_of_a_named_list_is_on_the_page(built_site: Path, catalog: Catalog) -> None:
    page = (built_site / "glossary" / "index.html").read_text(encoding="utf-8")
    lists = {**VOCABULARIES, "rung": RUNGS}
    for name, term in catalog.glossary.terms.items():
        assert f'id="{name}"' in page
        for code in lists[term.codes] if term.codes else ():
            assert code in page, code


def test_explanations_lead_to_the_glossary(built_site: Path, catalog: Catalog) -> None:
    page = (built_site / "laws" / "hoffmann2022" / "parametric" / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'class="term" href="([^"#]+)#([^"]+)"', page)
    assert links
    assert len({name for _, name in links}) == len(links)
    for address, name in links:
        assert address == "../../../glossary/"
        assert name in catalog.glossary.terms
