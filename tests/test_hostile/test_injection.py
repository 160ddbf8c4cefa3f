"""Whatever a field of a record holds, it comes out as text in every output."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import rispy
from bs4 import BeautifulSoup
from lxml import etree
from sphinx.util.inventory import InventoryFile

from labsite.bibtex.reader import read_library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from tests.conftest import TwinSites

_OWN = "https://aisys.snu.ac.kr"  # html_baseurl in conf.py
_ADDRESSES = {"href", "src", "srcset", "action", "formaction", "xlink:href", "data"}


def output(site: Path) -> Path:
    return site / "_build/html"


@cache
def pages(site: Path) -> list[BeautifulSoup]:
    """Return every page, as a browser would read it."""
    return [
        BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
        for path in sorted(output(site).rglob("*.html"))
        if "_static" not in path.relative_to(output(site)).parts
    ]


def place(address: str) -> str:
    """Return the scheme and the host of an address as a browser takes them."""
    bare = re.sub(r"[\x00-\x20]", "", address).replace("\\", "/")
    parts = urlsplit(bare)
    return f"{parts.scheme.lower()}://{parts.netloc}" if bare[:2] != "//" else bare


def shapes(site: Path) -> set[tuple[str, ...]]:
    """Return what the pages consist of: elements, attributes, hosts and scripts."""
    found: set[tuple[str, ...]] = set()
    for page in pages(site):
        for element in page.find_all(True):
            found.add((element.name,))
            for name, value in element.attrs.items():
                found.add((element.name, name))
                if name in _ADDRESSES:
                    found.add((element.name, name, place(str(value))))
                elif name == "style":
                    found.add((element.name, name, str(value)))
            if element.name in {"script", "style"} and not element.get("type"):
                parent = getattr(element.parent, "name", "")
                found.add((element.name, parent, str(element.string)))
    return found


def test_no_page_has_more_than_its_harmless_twin(twin_sites: TwinSites) -> None:
    assert shapes(twin_sites.hostile) - shapes(twin_sites.benign) == set()


def test_the_papers_are_shown_with_what_they_are_called(twin_sites: TwinSites) -> None:
    texts = [page.get_text() for page in pages(twin_sites.hostile)]
    for number in range(6):  # those that mean nothing to LaTeX
        payload = twin_sites.payloads[number].replace("№", str(number))
        for start in (f"Paper {number} ", f"T{number} ", f"P{number} "):
            assert any(start + payload in text for text in texts), start + payload


def test_structured_data_say_text(twin_sites: TwinSites) -> None:
    count = 0
    for page in pages(twin_sites.hostile):
        for script in page.select('script[type="application/ld+json"]'):
            for name, value in leaves(json.loads(str(script.string))):
                count += 1
                if name in {"url", "@id", "sameAs", "image", "item"}:
                    assert place(value).startswith("https://"), (name, value)
                    assert "evil.example" not in place(value)
    assert count


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 -- JSON
    """Yield the texts in a JSON value, each with the name of its member."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, name)
    elif isinstance(value, str):
        yield name, value


@pytest.mark.parametrize("name", ["publications.atom", "news.atom", "sitemap.xml"])
def test_feeds_have_no_more_elements_and_hosts(
    twin_sites: TwinSites, name: str
) -> None:
    def parts(site: Path) -> set[tuple[str, ...]]:
        root = etree.parse(output(site) / name).getroot()
        found: set[tuple[str, ...]] = set()
        for element in root.iter(etree.Element):
            found.add((str(element.tag), element.get("type", "")))
            if href := element.get("href"):
                found.add((str(element.tag), place(href)))
        return found

    assert parts(twin_sites.hostile) - parts(twin_sites.benign) == set()


def test_references_are_as_many_and_of_the_same_fields(twin_sites: TwinSites) -> None:
    def references(site: Path) -> list[dict[str, Any]]:
        text = (output(site) / "publications.ris").read_text(encoding="utf-8")
        found: list[dict[str, Any]] = rispy.loads(text)
        return found

    hostile, benign = map(references, (twin_sites.hostile, twin_sites.benign))
    assert len(hostile) == len(benign) == len(twin_sites.payloads)
    assert {name for r in hostile for name in r} <= {name for r in benign for name in r}


@pytest.mark.parametrize("name", ["publications.json", "publications.csl.json"])
def test_data_lead_nowhere_else(twin_sites: TwinSites, name: str) -> None:
    def hosts(site: Path) -> set[str]:
        data = json.loads((output(site) / name).read_text(encoding="utf-8"))
        named = leaves(data)
        return {place(v) for n, v in named if n.lower() in {"url", "pdf"}}

    assert hosts(twin_sites.hostile) <= hosts(twin_sites.benign) | {_OWN, "://"}


def test_the_exported_bibliography_has_the_same_papers(twin_sites: TwinSites) -> None:
    text = (output(twin_sites.hostile) / "publications.bib").read_text(encoding="utf-8")
    found = {p.key for p in read_library([("export.bib", text)]).publications}
    assert found == {f"paper{n}" for n in range(len(twin_sites.payloads))}


def test_the_search_index_leads_to_the_same_pages(twin_sites: TwinSites) -> None:
    def index(site: Path) -> set[str]:
        text = (output(site) / "search-index.js").read_text(encoding="utf-8")
        part = json.loads(text.removeprefix("labsiteSearch.add(").removesuffix(");\n"))
        kinds = ("papers", "people", "pages", "news")
        return {row[1].partition("#")[0] for kind in kinds for row in part[kind]}

    assert len(index(twin_sites.benign)) > len(twin_sites.payloads)
    assert index(twin_sites.hostile) <= index(twin_sites.benign)


def test_the_inventory_names_the_same_pages(twin_sites: TwinSites) -> None:
    def targets(site: Path) -> set[str]:
        data = (output(site) / "objects.inv").read_bytes()
        objects = InventoryFile.loads(data, uri="").data.values()
        return {
            item.uri.partition("#")[0] for each in objects for item in each.values()
        }

    assert targets(twin_sites.hostile) == targets(twin_sites.benign)


def test_no_file_is_written_elsewhere(twin_sites: TwinSites) -> None:
    written = {p.name for p in twin_sites.hostile.parent.iterdir()}
    assert written == {"hostile", "benign"}
    assert not list(output(twin_sites.hostile).rglob("conf.py"))
