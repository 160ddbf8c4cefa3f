"""Items of lists: the HTML of each is made once for all lists that show it.

A paper is on some ten lists. A doctree has only its key
(:class:`~labsite.sphinx.nodes.publication_item`), and the HTML writer inserts text that
is made once. For other builders and Sphinx's search, a transform adds the nodes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from typing import Any, TypeVar, cast

from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator

from labsite.model.store import recall, remember, stamp
from labsite.rebuild.last_build import get_state, record_path
from labsite.rebuild.outputs import share
from labsite.site.site import SiteRecords
from labsite.sphinx.directives import record_content
from labsite.sphinx.domain import get_domain
from labsite.sphinx.languages import (
    current_language,
    page_language,
    set_language,
    temporary_language,
)
from labsite.sphinx.lists import list_features
from labsite.sphinx.mathml import RENDERER_NAME
from labsite.sphinx.nodes import (
    publication_facts,
    publication_heading,
    publication_item,
)
from labsite.sphinx.pictures import picture

T = TypeVar("T")
#: Placeholder for the path from a page to the site's root. Text of files cannot contain
#: it: readers remove it.
_ROOT = "\ufdd0"
#: What the HTML writer adds to links. No style or script asks for these classes.
_EXTRA_CLASSES = re.compile(
    ' class="reference (?:in|ex)ternal"| reference (?:in|ex)ternal(?=")'
)
#: A link of the domain, and its replacements on the page to which it leads: as text,
#: and as the name of the author whose page it is.
_LINK = re.compile(f'<a( class="[^"]*")? href="{_ROOT}([^"]*)"([^>]*)>(.*?)</a>')
_PLAIN = r"<span\1\3>\4</span>"
_RECORD = "items.pickle"
_OWNER = r'<strong class="labsite-self">\4</strong>'


def prepare_items(app: Sphinx, *_arguments: object) -> None:
    """Make all items before other processes start, each of which would make them.

    Sphinx writes the first page in this process and the rest in others.
    """
    writer, papers = get_writer(app.env), get_domain(app.env).site.library.publications
    if writer and app.parallel > 1 and len(writer.kept) < len(papers):
        keys = [paper.key for paper in papers]
        for made in share(writer.make_items, keys, app.parallel):
            writer.kept.update(made)


def shared_state(builder: StandaloneHTMLBuilder) -> tuple[str, ...]:
    """Return what all pages depend on, such as the drawings of topics."""
    topics = get_domain(builder.env).site.topics
    drawings = [stamp(builder.srcdir / t.image) for t in topics if t.image]
    state = get_state(builder.env).frame, builder.build_info.config_hash
    return *state, repr(drawings)


def get_writer(env: BuildEnvironment) -> ItemWriter | None:
    """Return the writer of items, if the builder makes pages."""
    return cast("ItemWriter | None", get_domain(env).item_writer)


class ItemTransform(SphinxPostTransform):
    """Fill the items of lists with nodes, unless the writer inserts them."""

    # Before ReferencesResolver at 10, which resolves their references.
    default_priority = 5

    def run(self, **_kwargs: Any) -> None:  # noqa: ANN401 -- Sphinx's signature
        """Fill the items of a document."""
        writer = get_writer(self.env)
        # References lead to pages in the language of the document.
        set_language(page_language(self.config, self.env.docname))
        if not (writer and writer.inserts):
            fill_lists(self.document, get_domain(self.env).site)


def fill_lists(document: nodes.document, site: SiteRecords) -> None:
    """Add to a document the items of all lists, and what follows from records."""
    enclosed = cache(lambda view: view.content(site)[1])
    for place in list(document.findall(record_content)):
        place.replace_self(enclosed(place["view"])[place["part"]].deepcopy())
    for item in document.findall(publication_item):
        paper = site.library.by_key[item["key"]]
        item.extend(publication_heading(paper, site))
        item.extend(publication_facts(paper, site))


class ItemWriter:
    """Makes HTML of nodes for any page; its internal links begin with ``_ROOT``."""

    def __init__(self, builder: StandaloneHTMLBuilder) -> None:
        self._builder = builder
        self._domain = get_domain(builder.env)

    @property
    def inserts(self) -> bool:
        """Whether nobody else reads items."""
        # Sphinx loads the script of another renderer only for formulas it has written.
        ours = self._builder.math_renderer_name == RENDERER_NAME
        return ours and not self._builder.search

    def item(self, key: str) -> str:
        """Return an item of a list."""
        return self.part(publication_heading, key) + self.part(publication_facts, key)

    def content(self, place: nodes.Element) -> str:
        """Return what follows from records in a place of the current page."""
        domain = self._domain
        shown = domain.data["views"][self._builder.current_docname]
        written, part = shown[place["view"]][1], f"part {place['part']}"
        return self.keep(written, part, lambda: self.make([domain.content_of(place)]))

    def make_items(self, keys: Sequence[str]) -> dict[tuple[str, ...], Any]:
        """Make items in the site's own language, in a process of their own."""
        with temporary_language(self._builder.config.language):
            for key in keys:
                self.item(key)
        return self.kept

    @cached_property
    def kept(self) -> dict[tuple[str, ...], Any]:
        """What was made of records, in this build or an earlier one of the same state.

        The first parts of a name are a digest of the records and the language.
        """
        record = record_path(self._builder, _RECORD)
        return recall(record, repr(shared_state(self._builder))) or {}

    def keep(self, made_from: str, what: str, make: Callable[[], T]) -> T:
        """Return what is made of records with this digest; make it once."""
        name = made_from, current_language(), what
        if name not in self.kept:
            self.kept[name] = make()
        return cast("T", self.kept[name])

    def save(self) -> None:
        """Store for the next build what was made of the records that there are."""
        site, views = self._domain.site, self._domain.data["views"].values()
        papers = site.library.publications
        known = {*map(site.appearance, papers), *map(site.digest, papers)}
        known.update(written for shown in views for _read, written in shown.values())
        kept = {name: made for name, made in self.kept.items() if name[0] in known}
        state = repr(shared_state(self._builder))
        remember(record_path(self._builder, _RECORD), state, kept)

    def part(self, show: Callable[..., Iterable[nodes.Node]], key: str) -> str:
        """Return what *show* makes of a paper, for a list or the paper's page."""
        site = self._domain.site
        paper = site.library.by_key[key]
        made_from, what = site.appearance(paper), show.__name__
        return self.keep(made_from, what, lambda: self.make(show(paper, site)))

    def make(self, content: Iterable[nodes.Node]) -> str:
        """Return the HTML of nodes, all of whose references are of the domain."""
        builder = self._builder
        root = nodes.TextElement("", "", *content)  # which links may be in
        for node in list(root.findall(addnodes.pending_xref)):
            text = cast("nodes.Element", node.children[0])
            arguments = node["reftype"], node["reftarget"], node, text
            found = self._domain.resolve_xref(builder.env, "index", builder, *arguments)
            link = cast("nodes.reference", found)
            link["refuri"] = _ROOT + link["refuri"]
            if not text["classes"]:
                text.replace_self(text.children)  # an element that says nothing
            node.replace_self(link)
        for image in root.findall(picture):
            image["folder"] = _ROOT + builder.imagedir
        translator = self._translator
        before, translator.body = translator.body, []  # a list calls this for its items
        for child in root.children:
            child.walkabout(translator)
        made, translator.body = "".join(translator.body), before
        return _EXTRA_CLASSES.sub("", made)

    def place(self, html: str) -> str:
        """Return HTML for the current page, without links from the page to itself.

        On a person's page the name stands out in place of links.
        """
        docname = self._builder.current_docname
        uri = self._builder.get_target_uri(docname)
        if f'"{_ROOT}{uri}"' in html:
            own = _OWNER if docname in self._domain.site.people_by_page else _PLAIN
            html = _LINK.sub(lambda a: a.expand(own) if a[2] == uri else a[0], html)
        *folders, name = uri.split("/")
        # The shortest links to what is in the same folder, then in those above it.
        for depth in range(len(folders) if name else 0, 0, -1):
            up = "../" * (len(folders) - depth)
            html = html.replace(f'"{_ROOT}{"/".join(folders[:depth])}/', f'"{up}')
        return html.replace(_ROOT, relative_uri(uri, "").removeprefix("./"))

    @cached_property
    def _translator(self) -> HTML5Translator:
        document = new_document("", self._builder.docsettings)
        translator = self._builder.create_translator(document, self._builder)
        return cast("HTML5Translator", translator)


def visit_item(self: HTML5Translator, node: nodes.Element) -> None:
    """Start a list item with attributes for the filter; insert its HTML."""
    env, key = self.builder.env, node["key"]
    paper = get_domain(env).site.library.by_key[key]
    has = list_features(paper)
    attributes = {
        "data-key": key,
        "data-kind": paper.kind.value,
        "data-year": str(paper.issued.year or ""),
        "data-topics": ",".join(paper.topics),
        **({"data-has": " ".join(has)} if has else {}),
    }
    self.body.append(self.starttag(node, "li", "", False, **attributes))
    writer = None if node.children else get_writer(env)
    if writer:
        self.body.append(writer.place(writer.item(key)))


def visit_content(self: HTML5Translator, node: nodes.Element) -> None:
    """Write content that follows from records."""
    if writer := get_writer(self.builder.env):
        self.body.append(writer.place(writer.content(node)))
    raise nodes.SkipNode
