"""The same pages without the engine: what it made of a site, as plain MyST Markdown.

Each document, and each page made from a record, becomes a page with the same headings,
paragraphs, list items, code blocks and tables of contents. Its text is the same; links,
drawings and styles are not kept, so that what a page costs here is the least that such
a text can cost.

This runs in a process of its own: one that has read ten thousand doctrees is large, and
the system counts its size to the peak of any that it starts.
"""

from __future__ import annotations

import pickle
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document
from sphinx import addnodes

from labsite.checks import load
from labsite.exports.bibtex import render_entry
from labsite.model.records import Publication
from labsite.site.configuration import read_settings
from labsite.site.groups import Group
from labsite.sphinx.items import fill_lists
from labsite.sphinx.languages import set_language
from labsite.sphinx.lists import group_page
from labsite.sphinx.nodes import publication_facts, publication_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.site.site import SiteRecords

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#&|~$^@%]")
_LIST_START = re.compile(r"^(\d+)([.)])|^([-+:=(!])")
_SETTINGS = get_default_settings()
_ORPHAN = "---\norphan: true\n---\n\n"


def to_markdown(document: nodes.document) -> str:
    """Return a document that Sphinx has read as plain Markdown."""
    return "\n\n".join(_blocks(document, 0)) + "\n"


def find_children(document: nodes.document) -> set[str]:
    """Return the documents in the tables of contents of a document."""
    toctrees = document.findall(addnodes.toctree)
    return {name for toctree in toctrees for name in toctree["includefiles"]}


def _blocks(node: nodes.Node, level: int) -> Iterator[str]:
    """Yield the blocks of Markdown that a node becomes, *level* headings deep."""
    if isinstance(node, nodes.title):
        yield f"{'#' * max(level, 1)} {_text(node)}"
    elif isinstance(node, addnodes.toctree):
        children = (f"/{name}" for name in node["includefiles"])
        yield "\n".join(["```{toctree}", ":hidden:", "", *children, "```"])
    elif isinstance(node, nodes.literal_block):
        language = "bibtex" if node.get("language") == "bibtex" else "text"
        yield f"````{language}\n{node.astext()}\n````"
    elif isinstance(node, nodes.list_item):
        item = "\n\n".join(block for n in node.children for block in _blocks(n, level))
        yield "- " + item.replace("\n", "\n  ").replace("\n  \n", "\n\n")
    elif isinstance(node, nodes.Invisible | nodes.image):
        return
    elif isinstance(node, nodes.TextElement):
        text = _text(node)
        if text:
            yield text
    else:
        deeper = level + isinstance(node, nodes.section)
        for child in node.children:
            yield from _blocks(child, deeper)


def _text(node: nodes.Element) -> str:
    """Return a node's text on one line, with nothing in it that Markdown would read."""
    escaped = _MARKUP.sub(r"\\\g<0>", " ".join(node.astext().split()))
    return _LIST_START.sub(r"\1\\\2\3", escaped)


def record_documents(site: SiteRecords) -> Iterator[tuple[str, nodes.document]]:
    """Yield name and content of every page that is made from a record."""
    for docname, record in site.pages.items():
        document = new_document(docname, _SETTINGS)
        if isinstance(record, Group):
            document += group_page(record, site)
        else:
            document += _paper(record, site)
        fill_lists(document, site)
        yield docname, document


def _paper(paper: Publication, site: SiteRecords) -> nodes.section:
    result = nodes.section("", nodes.title("", str(paper.title)))
    result += list(publication_facts(paper, site))
    if paper.abstract:
        result += nodes.section("", nodes.title("", "Abstract"), _words(paper.abstract))
    entry = render_entry(paper)
    cite = nodes.section("", nodes.title("", "Cite this paper"))
    cite += nodes.literal_block(entry, entry, language="bibtex")
    related = nodes.section("", nodes.title("", "Related papers"))
    related += publication_list(site.index.find_related(paper))
    result += [cite, related]
    return result


def _words(text: object) -> nodes.paragraph:
    return nodes.paragraph("", str(text))


def convert(doctrees: Path, target: Path, root: str, site: SiteRecords) -> None:
    """Write every document under *doctrees*, and the records' pages, under *target*.

    :param root: the document that all others belong to
    :param site: the records that the documents were made from
    """
    listed = {root}
    texts: dict[Path, str] = {}
    for path in sorted(doctrees.rglob("*.doctree")):
        # Our own build wrote it.
        document = cast("nodes.document", pickle.loads(path.read_bytes()))  # noqa: S301
        listed |= find_children(document)
        fill_lists(document, site)
        texts[path.relative_to(doctrees)] = to_markdown(document)
    for docname, document in record_documents(site):
        texts[Path(f"{docname}.md")] = to_markdown(document)
    for name, text in texts.items():
        page = target / name.with_suffix(".md")
        front_matter = "" if name.with_suffix("").as_posix() in listed else _ORPHAN
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(front_matter + text, encoding="utf-8")


if __name__ == "__main__":
    doctrees, target, source, root = sys.argv[1:]
    records = load(read_settings(Path(source))).site
    set_language(records.language)
    convert(Path(doctrees), Path(target), root, records)
