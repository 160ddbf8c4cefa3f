"""Citations lead to the paper's page, or to the bibliography of the same page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.test_sphinx.conftest import Site

PAGE = """---
orphan: true
---
# Cited

{cite:t}`roe2024graphs,doe2023memory` and {footcite}`doe2023memory`.
"""
FOOTNOTES = "\n```{footbibliography}\n```\n"
BIBLIOGRAPHY = "\n```{bibliography}\n:filter: docname in docnames\n```\n"


def test_a_citation_leads_to_the_page_of_the_paper(site: Site) -> None:
    site.write("cited.md", PAGE + FOOTNOTES)
    built = site.build()
    assert built.warnings == ""
    citation = built.html("cited").select_one(".bibtex-citation")
    assert citation
    links = [(link.text, link["href"]) for link in citation.select("a")]
    assert [href for _, href in links] == [
        "publications/roe2024graphs.html",
        "publications/doe2023memory.html",
    ]
    assert citation.text == "Roe and Doe (2024), Doe (2023)"
    footnote = built.html("cited").select_one(".footnote p")
    assert footnote
    assert footnote.text.startswith("John Doe. ")


def test_a_citation_leads_to_the_bibliography_of_its_page(site: Site) -> None:
    site.write("cited.md", PAGE + FOOTNOTES + BIBLIOGRAPHY)
    for other in ("before", "later"):
        site.write(f"{other}.md", PAGE + FOOTNOTES)
    built = site.build()
    assert built.warnings == ""
    for other in ("before", "later"):
        link = built.html(other).select_one(".bibtex-citation a")
        assert link
        assert link["href"] == "publications/roe2024graphs.html"
    page = built.html("cited")
    (first, second) = page.select(".bibtex-citation a")
    # ARIA has no role for entries of a bibliography any more.
    entries = page.select("[role=list] > div.citation[role=listitem]")
    ids = [entry["id"] for entry in entries]
    assert [first["href"], second["href"]] == [f"#{name}" for name in ids]


def test_a_suffix_with_a_comma_is_cited(site: Site) -> None:
    name = "family=King, given=M, suffix={Jr., PhD}"
    site.edit("publications.bib", "author   = {Doe, John}", f"author = {{{name}}}")
    site.write("cited.md", PAGE)
    built = site.build()
    assert built.warnings == ""
    assert "King" in built.html("cited").select(".bibtex-citation")[0].text


def test_an_east_asian_name_is_one_word(site: Site) -> None:
    site.edit("publications.bib", "author   = {Doe, John}", "author = {홍 길동}")
    site.write("cited.md", PAGE + BIBLIOGRAPHY)
    assert "홍길동" in site.build().html("cited").text


def test_a_bibliography_shows_the_text_of_latex(site: Site) -> None:
    title = r"\emph{Fast} \textsc{Sorts} in $O(n)$, 95\% of {GPU}s"
    site.edit("publications.bib", "{{GPU} Graphs}", f"{{{title}}}")
    site.write("cited.md", PAGE + FOOTNOTES + BIBLIOGRAPHY)
    (entry, _other) = site.build().html("cited").select("div.citation p")
    assert "Fast Sorts in O(n), 95% of GPUs." in entry.text.replace("\n", "")
    assert "Fast" in [emphasis.text for emphasis in entry.select("em")]
