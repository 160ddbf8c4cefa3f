"""What a list shows of a publication, made once for all the lists that show it.

A paper is on some ten lists: of its year, venue, topics and authors, of the papers that
are related to it, and of everything. As nodes in each of them it would be read, looked
through by every transform, stored and written ten times. So a doctree has only the
publication's key (:class:`~labsite.sphinx.nodes.publication_item`). The writer of
HTML puts in a text that is made once; for whatever else reads a doctree, such as other
builders and Sphinx's own search, the items are filled with nodes.
"""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri

from labsite.rebuild.last_build import PAGE_BUILDERS
from labsite.rebuild.state import get_state
from labsite.sphinx.domain import get_domain
from labsite.sphinx.languages import current_language, speaking
from labsite.sphinx.mathml import RENDERER_NAME
from labsite.sphinx.nodes import (
    filterable_list,
    project_links,
    publication_content,
    publication_facts,
    publication_heading,
    publication_item,
)
from labsite.sphinx.pictures import picture

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.writers.html5 import HTML5Translator

    from labsite.model.records import Person, Publication
    from labsite.site.site import SiteRecords

#: Stands for the way from a page to the site's root. Readers of files take it out, and
#: what a YAML escape brings in comes out as that way, which harms nobody.
_ROOT = "\ufdd0"


#: A link of the domain's own as the writer of HTML writes it, what stands in its place
#: on the page to which it leads, and what on that of an author.
_LINK = r'<a class="([^"]*) reference internal" href="%s">(<span>(.*?)</span>)</a>'
_PLAIN = r'<span class="\1">\2</span>'
_OWNER = r'<strong class="\1 labsite-self">\3</strong>'


def register_items(app: Sphinx) -> None:
    """Announce the nodes, and what fills or writes them."""
    app.add_node(publication_item, html=(visit_item, depart_item))
    app.add_node(filterable_list, html=(visit_filterable_list, depart_filterable_list))
    app.add_post_transform(ItemTransform)
    app.connect("env-updated", choose_writer)
    app.connect("html-page-context", prepare_items)


def choose_writer(app: Sphinx, env: BuildEnvironment) -> None:
    """Let the writer put in the items, if nothing else is to read them."""
    builder, domain = app.builder, get_domain(env)
    domain.item_writers, domain.fills_items = {}, True
    if not isinstance(builder, StandaloneHTMLBuilder):
        return
    if builder.name in PAGE_BUILDERS:
        domain.item_writers = {
            language: ItemWriter(builder, site)
            for language, site in domain.sites.items()
        }
        # Another renderer may need a script, which Sphinx loads for formulas it saw.
        formulas = builder.math_renderer_name == RENDERER_NAME
        domain.fills_items = builder.search or not formulas


def prepare_items(app: Sphinx, *_arguments: object) -> None:
    """Make all items before there are other processes, which would make them each.

    Sphinx writes the first page by itself, and the others in other processes.
    """
    if app.parallel > 1 and get_state(app.env).last is None:
        with speaking(app.config.language):
            writer = get_writer(app.env)
            if writer:
                writer.prepare()


def get_writer(env: BuildEnvironment) -> ItemWriter | None:
    """Return what writes items in the present language, if the builder makes pages."""
    writer = get_domain(env).item_writers.get(current_language())
    return cast("ItemWriter | None", writer)


class ItemTransform(SphinxPostTransform):
    """Fill the items of lists with nodes, unless the writer puts them in."""

    # Before ReferencesResolver at 10, which resolves what is put in.
    default_priority = 5

    def run(self, **_kwargs: Any) -> None:  # noqa: ANN401 -- Sphinx's signature
        """Put them in, to be resolved and written like what a page says itself."""
        domain = get_domain(self.env)
        if domain.fills_items:
            fill_lists(self.document, domain.site)


def fill_lists(document: nodes.document, site: SiteRecords) -> None:
    """Put nodes into the items of all lists of a document."""
    for item in document.findall(publication_item):
        item.extend(_content(item["key"], item["owner"], site))


class FragmentWriter:
    """Makes HTML from nodes, which any page may show."""

    def __init__(self, builder: StandaloneHTMLBuilder, site: SiteRecords) -> None:
        self._builder = builder
        self._site = site

    def make(self, content: Iterable[nodes.Node]) -> str:
        """Return the HTML of nodes, whose references are the domain's own.

        Addresses in it begin with :data:`_ROOT`, for the way to the site's root.
        """
        # A node of its own, since what is put in must not stay in the doctree.
        document = new_document("", self._builder.docsettings)
        document += list(content)
        for reference in list(document.findall(addnodes.pending_xref)):
            reference.replace_self(self._resolve(reference))
        for image in document.findall(picture):
            image["folder"] = _ROOT + self._builder.imagedir
        translator = self._translator
        translator.body = []
        for child in document.children:
            child.walkabout(translator)
        return "".join(translator.body)

    def place(self, html: str, docname: str, owner: Person | None = None) -> str:
        """Return HTML as a page shows it: a page does not link to itself.

        :param owner: whose page it is; the name stands out where it would be a link
        """
        uri = self._builder.get_target_uri(docname)
        if f'"{_ROOT}{uri}"' in html:
            own = _LINK % re.escape(_ROOT + uri)
            html = re.sub(own, _OWNER if owner else _PLAIN, html)
        folder, _, name = uri.rpartition("/")
        if folder and name:  # the shortest way to what stands beside the page
            html = html.replace(f'"{_ROOT}{folder}/', '"')
        return html.replace(_ROOT, relative_uri(uri, "").removeprefix("./"))

    @cached_property
    def _translator(self) -> HTML5Translator:
        document = new_document("", self._builder.docsettings)
        translator = self._builder.create_translator(document, self._builder)
        return cast("HTML5Translator", translator)

    def _resolve(self, reference: nodes.Element) -> nodes.Element:
        """Return a reference to an address from the site's root."""
        content, classes = reference.children[0], reference["classes"]
        kind, target = reference["reftype"], reference["reftarget"]
        if kind == "ref":
            target = self._site.docname(self._site.library.by_key[target])
        uri = target if kind == "file" else self._builder.get_target_uri(target)
        return nodes.reference(
            "", "", content, internal=True, refuri=_ROOT + uri, classes=classes
        )


class ItemWriter(FragmentWriter):
    """Makes the HTML of items, once for each publication."""

    def __init__(self, builder: StandaloneHTMLBuilder, site: SiteRecords) -> None:
        super().__init__(builder, site)
        self._items: dict[str, str] = {}
        self._facts: dict[str, str] = {}

    def item(self, item: nodes.Element, docname: str) -> str:
        """Return what stands in the list item *item* of a document."""
        owner = self._site.people_by_name.get(item["owner"])
        return self.place(self._item(item["key"]), docname, owner)

    def prepare(self) -> None:
        """Make the items of all publications."""
        for publication in self._site.library.publications:
            self._item(publication.key)

    def facts(self, key: str) -> str:
        """Return what an item and a paper's own page say below the title."""
        if key not in self._facts:
            publication = self._site.library.by_key[key]
            self._facts[key] = self.make(publication_facts(publication, self._site))
        return self._facts[key]

    def _item(self, key: str) -> str:
        if key not in self._items:
            publication = self._site.library.by_key[key]
            title = self.make(publication_heading(publication, self._site))
            self._items[key] = title + self.facts(key)
        return self._items[key]


def _content(key: str, owner: str, site: SiteRecords) -> list[nodes.Node]:
    publication = site.library.by_key[key]
    return publication_content(publication, site, site.people_by_name.get(owner))


def visit_item(self: HTML5Translator, node: nodes.Element) -> None:
    """Open a list item that carries what a filter asks for; write all it has."""
    domain = get_domain(self.builder.env)
    attributes = dict(_attributes(domain.site.library.by_key[node["key"]]))
    self.body.append(self.starttag(node, "li", "", False, **attributes))
    writer = None if node.children else get_writer(self.builder.env)
    if writer:
        self.body.append(writer.item(node, self.builder.current_docname))


def depart_item(self: HTML5Translator, node: nodes.Element) -> None:
    """Close the list item."""
    self.body.append("</li>\n")


def visit_filterable_list(self: HTML5Translator, node: nodes.Element) -> None:
    """Open the part of a page that a script may filter."""
    attributes = {
        f"data-{name}": json.dumps(node[name], ensure_ascii=False)
        for name in ("topics", "kinds")
    }
    self.body.append(self.starttag(node, "div", "\n", False, **attributes))


def depart_filterable_list(self: HTML5Translator, node: nodes.Element) -> None:
    """Close it."""
    self.body.append("</div>\n")


def _attributes(publication: Publication) -> Iterator[tuple[str, str]]:
    yield "data-key", publication.key
    yield "data-kind", publication.kind.value
    yield "data-year", str(publication.issued.year or "")
    yield "data-topics", " ".join(publication.topics)
    has = ["code"] if project_links(publication) else []
    has += ["award"] if publication.award else []
    if has:
        yield "data-has", " ".join(has)
