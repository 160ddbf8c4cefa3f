"""What a list shows of a publication, made once for all the lists that show it.

A paper is on some ten lists: of its year, venue, topics and authors, of the papers that
are related to it, and of everything. As nodes in each of them it would be read, looked
through by every transform, stored and written ten times. So a doctree has only the
publication's key (:class:`~labsite.sphinx.nodes.publication_item`). The writer of
HTML puts in a text that is made once; for whatever else reads a doctree, such as other
builders and Sphinx's own search, the items are filled with nodes.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri

from labsite.sphinx import mathml
from labsite.sphinx.domain import get_domain
from labsite.sphinx.nodes import publication_content, publication_item
from labsite.sphinx.pictures import picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.writers.html5 import HTML5Translator

    from labsite.model.records import Publication
    from labsite.site.site import SiteRecords

#: Stands for the way from a page to the site's root. Readers of files take it out, and
#: what a YAML escape brings in comes out as that way, which harms nobody.
_ROOT = "\ufdd0"
#: The builders that make a page of each document; others join them, or pack them up.
PAGE_BUILDERS = {"html", "dirhtml"}


def register_items(app: Sphinx) -> None:
    """Announce the node, and what fills it or writes it."""
    app.add_node(publication_item, html=(visit_item, depart_item))
    app.add_post_transform(ItemTransform)
    app.connect("env-updated", choose_writer)
    app.connect("html-page-context", prepare_items)


def choose_writer(app: Sphinx, env: BuildEnvironment) -> None:
    """Let the writer put in the items, if nothing else is to read them."""
    builder = app.builder
    if not isinstance(builder, StandaloneHTMLBuilder) or builder.search:
        return
    # Another renderer may need a script, which Sphinx loads for formulas it has seen.
    formulas = builder.math_renderer_name == mathml.RENDERER_NAME
    if formulas and builder.name in PAGE_BUILDERS:
        domain = get_domain(env)
        domain.item_writer = ItemWriter(builder, domain.site)


def prepare_items(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Make all items before there are other processes, if most pages are due.

    Sphinx writes the first page by itself, and the others in portions, each in a new
    process, which would otherwise make again whatever items it shows.
    """
    domain = get_domain(app.env)
    many = len(domain.due) > len(domain.site.library.publications)
    if domain.item_writer and many and app.parallel > 1:
        domain.item_writer.prepare()


class ItemTransform(SphinxPostTransform):
    """Fill the items of lists with nodes, unless the writer puts them in."""

    # Before ReferencesResolver at 10, which resolves what is put in.
    default_priority = 5

    def run(self, **_kwargs: Any) -> None:  # noqa: ANN401 -- Sphinx's signature
        """Put them in, to be resolved and written like what a page says itself."""
        domain = get_domain(self.env)
        if domain.item_writer is None:
            fill_lists(self.document, domain.site)


def fill_lists(document: nodes.document, site: SiteRecords) -> None:
    """Put nodes into the items of all lists of a document."""
    for item in document.findall(publication_item):
        item.extend(_content(item["key"], item["owner"], site))


class ItemWriter:
    """Makes the HTML of items, once for each publication wherever that is possible."""

    def __init__(self, builder: StandaloneHTMLBuilder, site: SiteRecords) -> None:
        self._builder = builder
        self._site = site
        self._made: dict[str, tuple[str, frozenset[str]]] = {}
        self._complete = False

    def html(self, item: nodes.Element, docname: str) -> str:
        """Return what stands in the list item *item* of a document."""
        key, owner = item["key"], item["owner"]
        if owner:
            text, _targets = self._make(key, owner, docname)
        else:
            text, targets = self._make_once(key)
            # A page does not link to itself, so that what it shows is its own.
            if docname in targets:
                text, _targets = self._make(key, owner, docname)
        way = relative_uri(self._builder.get_target_uri(docname), "").removeprefix("./")
        return text.replace(_ROOT, way)

    def prepare(self) -> None:
        """Make the items of all publications, unless that has been done."""
        if not self._complete:
            for publication in self._site.library.publications:
                self._make_once(publication.key)
            self._complete = True

    def _make_once(self, key: str) -> tuple[str, frozenset[str]]:
        if key not in self._made:
            self._made[key] = self._make(key)
        return self._made[key]

    def _make(
        self, key: str, owner: str = "", docname: str | None = None
    ) -> tuple[str, frozenset[str]]:
        """Return the HTML, and the documents to which it links.

        :param docname: the document to which it must not
        """
        # A node of its own, since what is put in must not stay in the doctree.
        item = publication_item("", *_content(key, owner, self._site))
        references = list(item.findall(addnodes.pending_xref))
        for reference in references:
            reference.replace_self(self._resolve(reference, docname))
        for image in item.findall(picture):
            image["folder"] = _ROOT + self._builder.imagedir
        translator = self._translator
        translator.body = []
        for child in item.children:
            child.walkabout(translator)
        targets = (r["reftarget"] for r in references if r["reftype"] == "page")
        return "".join(translator.body), frozenset(targets)

    @cached_property
    def _translator(self) -> HTML5Translator:
        document = new_document("", self._builder.docsettings)
        translator = self._builder.create_translator(document, self._builder)
        return cast("HTML5Translator", translator)

    def _resolve(self, reference: nodes.Element, docname: str | None) -> nodes.Element:
        """Return a reference to an address from the site's root."""
        content, classes = reference.children[0], reference["classes"]
        kind, target = reference["reftype"], reference["reftarget"]
        if kind == "page" and target == docname:
            return nodes.inline("", "", content, classes=classes)
        if kind == "ref":
            target = self._site.docname(self._site.library.by_key[target])
        uri = target if kind == "file" else self._builder.get_target_uri(target)
        return nodes.reference(
            "", "", content, internal=True, refuri=_ROOT + uri, classes=classes
        )


def _content(key: str, owner: str, site: SiteRecords) -> list[nodes.Node]:
    publication = site.library.by_key[key]
    return publication_content(publication, site, site.people_by_name.get(owner))


def visit_item(self: HTML5Translator, node: nodes.Element) -> None:
    """Open a list item that carries what a filter asks for; write all it has."""
    domain = get_domain(self.builder.env)
    attributes = dict(_attributes(domain.site.library.by_key[node["key"]]))
    self.body.append(self.starttag(node, "li", "", False, **attributes))
    if domain.item_writer is not None:
        self.body.append(domain.item_writer.html(node, self.builder.current_docname))


def depart_item(self: HTML5Translator, node: nodes.Element) -> None:
    """Close the list item."""
    self.body.append("</li>\n")


def _attributes(publication: Publication) -> Iterator[tuple[str, str]]:
    yield "data-key", publication.key
    yield "data-kind", publication.kind.value
    yield "data-year", str(publication.issued.year or "")
    yield "data-topics", " ".join(publication.topics)
