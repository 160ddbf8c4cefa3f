"""The domain of publications: their pages, references, and views of the records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from functools import cached_property
from typing import Any, Protocol, TypeAlias, cast

from docutils import nodes
from docutils.nodes import Element
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.roles import XRefRole
from sphinx.util import docname_join
from sphinx.util.nodes import make_refnode
from sphinx.util.osutil import relative_uri

from labsite.model.records import Publication
from labsite.site.groups import Group
from labsite.site.loading import SiteFilesRead
from labsite.site.site import SiteRecords
from labsite.sphinx.languages import (
    counterpart,
    current_language,
    language_class,
    page_language,
    temporary_language,
)

#: Nodes of a document, those that are added when it is written, and their digests.
Content: TypeAlias = "tuple[list[nodes.Node], list[nodes.Node], tuple[str, str]]"
#: Id of the section on a paper's page.
PAGE_ANCHOR = "publication"
#: Data of single documents: views with digests, images by file, and texts by section.
_OF_DOCUMENTS = ("views", "pictures", "sections")


class View(Protocol):
    """Nodes that a function makes from the records for a document."""

    def content(self, site: SiteRecords) -> Content:
        """Return the nodes and their digests."""


class PublicationDomain(Domain):
    """Publications as objects of Sphinx.

    Each build reads the records anew. The environment stores only the views of the
    records that each document shows, with their digests, to find outdated documents.
    """

    name = "pub"
    label = "Publications"
    object_types = {"publication": ObjType(_("Paper"), "ref")}  # noqa: RUF012 -- Sphinx's way
    roles = {"ref": XRefRole(warn_dangling=True, innernodeclass=nodes.inline)}  # noqa: RUF012 -- Sphinx's way
    initial_data = {"digest": "", **{name: {} for name in _OF_DOCUMENTS}}  # noqa: RUF012 -- Sphinx's way
    #: Views cover the targets of references; see :mod:`labsite.rebuild.last_build`.
    tracks_targets = True
    dangling_warnings = {  # noqa: RUF012 -- Sphinx's way
        "ref": "there is no publication '%(target)s'; use a key of the bibliography",
        "person": "there is no person '%(target)s', or there are several; use a name, "
        "or a file's name, of the team",
    }

    #: The records with their digest; that of the last build is in ``data``.
    loaded = SiteFilesRead(SiteRecords(), ())
    #: See :mod:`labsite.sphinx.items`; ``None`` if the builder makes no pages.
    item_writer: object | None = None

    @property
    def site(self) -> SiteRecords:
        """The records in the current language."""
        site = self.loaded.site
        return site.by_language.get(current_language(), site)

    @cached_property
    def pages(self) -> Mapping[str, Publication | Group]:
        """What the pages show that no document replaces, by docname."""
        pages, documents = self.loaded.site.pages, self.env.found_docs
        return {name: page for name, page in pages.items() if name not in documents}

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        #: Content of pages that is made when they are written, by language and view.
        self.enclosed: dict[tuple[str, View], list[nodes.Node]] = {}
        #: New digests of all views of each document that shows changed records, and
        #: is not read.
        self.outdated: dict[str, dict[View, tuple[str, str]]] = {}

    def content_of(self, place: Element) -> nodes.Node:
        """Return the node in the place of a ``record_content`` of the current page."""
        view, part = place["view"], int(place["part"])
        if (current_language(), view) not in self.enclosed:
            self.make(view)
        return self.enclosed[current_language(), view][part]

    def make(self, view: View) -> tuple[list[nodes.Node], tuple[str, str]]:
        """Return the content of a view and its digests; keep what is enclosed."""
        content, enclosed, digest = view.content(self.site)
        self.enclosed[current_language(), view] = enclosed
        return content, digest

    def clear_doc(self, docname: str) -> None:
        """Remove the data of a document that is read again, or is gone."""
        self.outdated.pop(docname, None)
        for name in _OF_DOCUMENTS:
            self.data[name].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Add the data of the documents that another process has read."""
        for name in _OF_DOCUMENTS:
            for docname in docnames & otherdata[name].keys():
                self.data[name][docname] = otherdata[name][docname]

    def resolve_xref(  # type: ignore[override]  # or text, as Sphinx accepts
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> Element | None:
        """Return a link; :func:`labsite.sphinx.nodes.reference` explains the types."""
        result: Element
        if typ == "file":
            result = self._link_path(builder, fromdocname, target, contnode)
        elif typ == "page":
            docname, mark, query = target.partition("?")
            translation, exists = counterpart(env, docname, current_language())
            docname = translation if exists else docname
            if docname == fromdocname and not query:
                result, name = nodes.inline("", "", contnode), contnode.astext()
                if docname in self.site.people_by_page:
                    result = nodes.strong("", name, classes=["labsite-self"])
            else:
                page = f"{docname}{mark}{query}"
                result = self.link(builder, fromdocname, page, contnode)
        elif found := find_target(self.site, typ, target):
            docname, name, classes = found
            if not node.get("refexplicit"):
                contnode = nodes.inline(name, name, classes=classes.split())
            result = self.link(builder, fromdocname, docname, contnode)
        elif node.get("reported") or (
            typ == "ref" and target in self.site.library.keys
        ):
            return contnode
        else:
            return None  # Sphinx warns if no domain resolves it.
        result["classes"] += node["classes"]
        return result

    def link(
        self, builder: Builder, fromdocname: str, page: str, *content: nodes.Node
    ) -> Element:
        """Return a link to a document or a page of a record, which may have a query."""
        docname, mark, query = page.partition("?")
        if self.item_writer:
            path = builder.get_target_uri(docname)
        elif query or docname in self.pages:
            path = f"{docname}.html"
        else:
            return make_refnode(builder, fromdocname, docname, "", [*content])
        return self._link_path(builder, fromdocname, path + mark + query, *content)

    def _link_path(
        self, builder: Builder, fromdocname: str, path: str, *content: nodes.Node
    ) -> Element:
        """Return a link to a file of the site, by its path from the root.

        Builders that do not make these files link to the published site, or show the
        text alone.
        """
        base = builder.config.html_baseurl
        if self.item_writer:
            uri = relative_uri(builder.get_target_uri(fromdocname), path)
            return nodes.reference("", "", *content, internal=True, refuri=uri)
        if not base or not builder.format:
            return nodes.inline("", "", *content)
        return nodes.reference("", "", *content, internal=False, refuri=base + path)

    def resolve_any_xref(  # type: ignore[override]  # as above
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        *reference: Any,  # noqa: ANN401 -- the base's
    ) -> list[tuple[str, Element]]:
        """Return a link for an untyped reference, if it is the key of a paper."""
        found = self.resolve_xref(env, fromdocname, builder, "ref", *reference)
        return [("pub:ref", found)] if found else []

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Yield every publication, for the inventory and Sphinx's search."""
        for paper in self.site.library.publications:
            place = self.site.docname(paper), PAGE_ANCHOR
            yield paper.key, str(paper.title), "publication", *place, 1


def find_target(
    site: SiteRecords, typ: str, target: str
) -> tuple[str, str, str] | None:
    """Return the document of a person or paper, its name and the name's classes."""
    if typ == "person":
        person = site.people_by_name.get(target)
        return (person.docname, person.name, "") if person else None
    paper = site.library.by_key.get(target)
    if not paper:
        return None
    classes = f"pub pub-ref {language_class(paper, site)}"
    return site.docname(paper), str(paper.title), classes


def find_outdated(_app: Sphinx, env: BuildEnvironment, *_: Set[str]) -> Iterator[str]:
    """Digest all views anew; yield the documents that have to be read."""
    domain = get_domain(env)
    same = domain.data["digest"] == domain.loaded.digest
    for docname, before in () if same else domain.data["views"].items():
        with temporary_language(page_language(env.config, docname)):
            now = {view: domain.make(view)[1] for view in before}
        if now != before:
            domain.outdated[docname] = now
        if any(now[view][0] != before[view][0] for view in before):
            yield docname


def resolve_page(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: Element
) -> Element | None:
    """Resolve a reference to a document that is a page of a record."""
    domain = get_domain(env)
    docname = docname_join(node.get("refdoc", ""), node["reftarget"])
    if node["reftype"] != "doc" or docname not in domain.pages:
        return None
    if not node.get("refexplicit"):
        title = page_title(domain.pages[docname])
        contnode = nodes.inline("", title, classes=["doc"])
    return domain.link(app.builder, node["refdoc"], docname, contnode)


def get_domain(env: BuildEnvironment) -> PublicationDomain:
    """Return the domain that holds the records of the build."""
    return cast("PublicationDomain", env.get_domain(PublicationDomain.name))


def page_title(record: Publication | Group) -> str:
    """Return the title of the page of a paper or a group, as plain text."""
    if isinstance(record, Publication):
        return str(record.title)
    whole = _("Awards") if record.query.award else record.title
    return ", ".join(filter(None, (whole, part_title(record))))


def part_title(group: Group) -> str:
    """Return the title of a part within its list; "" for a whole list."""
    if group.query.year is None:
        return ""
    year = str(group.query.year or _("Undated"))
    return f"{year} ({group.number})" if group.number else year
