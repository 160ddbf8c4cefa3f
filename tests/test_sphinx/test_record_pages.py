"""Pages that are made from records, and no documents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sphinx.util.inventory import InventoryFile
from tests.test_sphinx.conftest import Site

if TYPE_CHECKING:
    from tests.test_sphinx.conftest import Built

PAGE = "publications/doe2023memory"
REFERENCES = """\
# Example Lab

{doc}`The year </publications/year/2024>`, {doc}`publications/doe2023memory` and
{any}`roe2024graphs`.

```{toctree}
research/graphs
research/memory
publications/index
```
"""
BY_HAND = "---\norphan: true\n---\n# Written by hand\n"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("records") / "site")
    site.write("index.md", REFERENCES)
    site.write("publications/poe2022other.md", BY_HAND)
    site.write("_templates/labsite-paper.html", "<h1>{{ title }}</h1> {{ paper.key }}")
    site.edit("publications.bib", "{GPU} Graphs", r"{GPU} \& < \emph{Now}")
    return site


@pytest.fixture(scope="module")
def built(lab: Site) -> Built:
    return lab.build(conf={"templates_path": ["_templates"]})


def test_the_source_folder_gets_no_files(lab: Site, built: Built) -> None:
    assert built.warnings == ""
    pages = {path.name for path in (lab.source / "publications").rglob("*")}
    assert pages == {"index.md", "poe2022other.md"}


def test_prose_refers_to_pages_as_to_documents(built: Built) -> None:
    links = {a["href"]: a.get_text() for a in built.html("index").select("p a")}
    assert links["publications/year/2024.html"] == "The year"
    assert links[f"{PAGE}.html"].startswith("Memory in")
    assert "publications/roe2024graphs.html" in links


def test_a_document_stands_in_the_place_of_such_a_page(built: Built) -> None:
    assert "Written by hand" in built.html("publications/poe2022other").text


def test_a_site_has_its_own_template(built: Built) -> None:
    assert "doe2023memory" in built.html(PAGE).text
    assert built.html(PAGE).select(".labsite-bibtex") == []


def test_a_title_is_markup_in_the_page_and_text_in_its_head(built: Built) -> None:
    page = built.html("publications/roe2024graphs")
    assert page.h1
    assert page.title
    assert page.h1.decode_contents() == "GPU &amp; &lt; <em>Now</em>"
    assert page.title.text.startswith("GPU & < Now \N{EM DASH}")
    preview = page.select_one("meta[property='og:title']")
    assert preview
    assert preview["content"] == "GPU & < Now"


def test_other_sites_find_papers_in_the_inventory(built: Built) -> None:
    found = InventoryFile.loads((built.folder / "objects.inv").read_bytes(), uri="")
    paper = found["pub:publication", "doe2023memory"]
    assert paper.uri == f"{PAGE}.html#publication"


def test_builders_without_such_pages_lead_to_the_site(lab: Site) -> None:
    text = lab.build("text")
    assert text.warnings == ""
    latex = lab.build("latex")
    assert latex.warnings == ""
    tex = "".join(path.read_text("utf-8") for path in latex.folder.glob("*.tex"))
    assert f"https://lab.example/{PAGE}.html" in tex


def test_links_of_papers_are_checked_at_their_entries(lab: Site) -> None:
    built = lab.build("linkcheck", conf={"linkcheck_ignore": [".*"]})
    lines = (built.folder / "output.json").read_text("utf-8").splitlines()
    found = {each["uri"]: each for each in map(json.loads, lines)}
    paper = found["https://doi.org/10.1234/5"]
    assert (paper["filename"], paper["lineno"]) == ("publications.bib", 3)
    assert not any(uri.startswith("https://lab.example") for uri in found)


@pytest.mark.parametrize(
    "earlier", ["Publications/Index", "old/nul", "old//page", "/a"]
)
def test_a_redirect_takes_the_place_of_no_page_on_any_file_system(
    site: Site, earlier: str
) -> None:
    redirects = {"old/page": "index", earlier: "publications/index"}
    built = site.build(conf={"labsite_redirects": redirects})
    assert f"cannot lead from '{earlier}'" in built.warnings
    assert "old/page" not in built.warnings
    assert built.html("publications/index").select(".labsite-publications")
    old = built.html("old/page")
    assert old.select_one('meta[http-equiv="refresh"]')
    (canonical,) = old.select('link[rel="canonical"]')
    assert canonical["href"] == "https://lab.example/"


@pytest.mark.parametrize("field", ["abstract", "note"])
def test_an_address_in_a_text_of_a_paper_is_a_link(site: Site, field: str) -> None:
    text = f"{field} = {{\\url{{https://a.example/}}, in $O(n)$}},"
    site.edit("publications.bib", "month     = feb,", f"month = feb, {text}")
    page = site.build().html("publications/roe2024graphs")
    assert page.select_one('a[href="https://a.example/"]')


def test_two_processes_write_the_pages_of_many_papers(site: Site) -> None:
    entries = "".join(
        f"@misc{{roe2020paper{n}, author = {{Roe, Jane}}, title = {{Paper {n}}},\n"
        f"  year = 2020, keywords = {{graphs}}}}\n"
        for n in range(600)
    )
    site.write("publications.bib", entries)
    site.write("index.md", "# Home\n\n```{toctree}\n:glob:\n\n*/*\n```\n")
    built = site.build(jobs=2)
    assert len(list(built.folder.glob("publications/roe2020paper*.html"))) == 600


def test_a_page_is_written_where_no_document_is(site: Site) -> None:
    site.write("index.md", "# Home\n")
    for name in ("research/graphs.md", "research/memory.md", "publications/index.md"):
        site.write(name, "---\ntitle: Page\norphan: true\n---\n")
    site.build()
    site.edit("publications.bib", "Another Paper", "Another Title")
    built = site.build()
    assert not built.read | built.written & {"index", "publications/index"}
    assert "Another Title" in built.titles("publications/year/2022")
