"""The site for language models, and the addresses that answers name: every link leads to a page that stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scalinglaws import library
from scalinglaws.addresses import page
from scalinglaws.catalog import Catalog
from scalinglaws.database.documents import law_document, paper_document
from scalinglaws.pages import llms
from scalinglaws.pages.front_matter import front_matter

INFO = {"title": "Toy", "survey": "survey2025", "papers": "4", "laws": "5", "edition": "1", "licence": "CC-BY-4.0"}
LINK = re.compile(r"^- \[([^\]]+)\]\(([^)]+)\): (.+)$")


def test_front_matter_is_read_from_the_head_alone() -> None:
    text = '---\nhide: [navigation]\ntitle: "A: b"\ndescription: Plain.\n---\n\ntitle: no\n'
    assert front_matter(text) == {"title": "A: b", "description": "Plain."}
    assert front_matter("# A page\n") == {}


def test_the_index_has_every_page_in_one_line(tmp_path: Path) -> None:
    pages = []
    for place, title in (
        ("index.md", "Home"),
        ("laws/a/b.md", "B [b]"),
        ("laws/index.md", "Laws"),
        ("topics/t.md", "T"),
    ):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'---\ntitle: "{title}"\ndescription: "Says\\n {title}."\n---\n', encoding="utf-8")
        pages.append(path)
    (tmp_path / "downloads").mkdir()
    (tmp_path / "downloads" / "laws.json").write_text("[]", encoding="utf-8")
    lines = llms.index(tmp_path, pages, INFO).splitlines()
    assert lines[0] == "# Toy"
    assert lines[2].startswith("> ")
    assert "- [Home](./): Says Home." in lines
    assert lines[lines.index("## Laws") + 2] == "- [B (b)](laws/a/b/): Says B [b]."
    assert lines[lines.index("## Start here") + 3] == "- [Laws](laws/): Says Laws."
    assert lines[lines.index("## Optional") + 2] == "- [T](topics/t/): Says T."
    assert "- [laws.json](downloads/laws.json): 2 bytes" in lines


def test_the_full_text_has_formulas_fits_and_sources(toy: Catalog) -> None:
    papers = {key: paper_document(toy, each) for key, each in toy.papers.items()}
    laws = {each.id: law_document(toy, each) for each in toy.laws()}
    text = llms.full(INFO, papers, laws)
    for line in (
        "formula: L = E + A/N**alpha",
        "gives L: loss [nat/token]",
        "variable N: size [parameters], fitted from 1e+06 to 1e+09",
        f"source: power2020, eq. (1) [paper, confidence high]; backed as far as: {laws['power2020/loss']['rung']}",
        "fits: those of power2020/loss",
        "  disputed by talk2023: It is not a law.",
    ):
        assert line in text.splitlines(), line
    assert "E = 1.5, A = 100.0 (standard error 3), alpha = 0.5 (0.4 to 0.6 at 95%); source: power2020, Table 1" in text
    assert "alpha = 0.4, E not stated, A not stated; source: power2020, Table 1 [recalled, confidence low]" in text
    assert "step 1: " in text
    for name in (*papers, *laws):
        assert name in text


def leads_to(site: Path, address: str) -> Path:
    """The file that an address relative to the site's root names."""
    target = site / address.partition("#")[0]
    return target / "index.html" if address.partition("#")[0].endswith("/") else target


def test_every_link_leads_somewhere_and_everything_is_linked(built_site: Path, catalog: Catalog) -> None:
    text = (built_site / "llms.txt").read_text(encoding="utf-8")
    listed = [line for line in text.splitlines() if line.startswith("- [")]
    links = [match[2] for line in listed for match in [LINK.match(line)] if match]
    assert len(links) == len(listed) == len(set(links))
    for link in links:
        assert not link.startswith(("/", "http")), link
        assert leads_to(built_site, link).is_file(), link
    assert {f"papers/{key}/" for key in catalog.papers} <= set(links)
    assert {f"laws/{law.id}/" for law in catalog.laws()} <= set(links)
    assert {"llms-full.txt", "downloads/catalog.sqlite"} <= set(links)


def test_the_full_text_holds_every_law_and_stays_small(built_site: Path, catalog: Catalog) -> None:
    text = (built_site / "llms-full.txt").read_text(encoding="utf-8")
    assert len(text.encode()) < 500_000
    headings = {line.removeprefix("### ").partition(":")[0] for line in text.splitlines() if line.startswith("### ")}
    assert headings == {law.id for law in catalog.laws()}
    for key in catalog.papers:
        assert f" ({key})\n" in text


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        ("paper", "SELECT key AS id FROM paper WHERE recorded"),
        ("law", "SELECT id FROM law"),
        ("fit", "SELECT id FROM fit"),
        ("claim", "SELECT id FROM claim"),
        ("question", "SELECT id FROM question"),
        ("topic", "SELECT id FROM topic"),
        ("dataset", "SELECT id FROM dataset"),
        ("reproduction", "SELECT id FROM document WHERE id LIKE 'reproductions/%'"),
        ("accounting", "SELECT id FROM document WHERE id = 'accounting'"),
        ("criticism", "SELECT id FROM criticism"),
        ("direction", "SELECT id FROM direction"),
    ],
)
def test_every_page_that_an_answer_names_stands(
    built_site: Path, catalog_path: Path, kind: str, statement: str
) -> None:
    rows = library.query(statement, path=catalog_path)
    texts: dict[Path, str] = {}
    for row in rows:
        address = str(page(kind, row["id"]))
        file = leads_to(built_site, address)
        assert file.is_file(), address
        anchor = address.partition("#")[2]
        if file not in texts:
            texts[file] = file.read_text(encoding="utf-8")
        assert not anchor or f'id="{anchor}"' in texts[file], address
    assert len(rows)


def test_a_kind_without_a_page_has_no_address() -> None:
    assert page("nothing", "a/b") is None
