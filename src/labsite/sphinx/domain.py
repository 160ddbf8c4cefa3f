"""The domain of publications: their pages, references to them, and what pages show."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.domains import Domain, ObjType
from sphinx.locale import _
from sphinx.roles import XRefRole
from sphinx.util import docname_join
from sphinx.util.nodes import make_refnode
from sphinx.util.osutil import relative_uri

from labsite.site.groups import Group, GroupKind
from labsite.site.site import SiteRecords
from labsite.site.views import ListView, PublicationView, View
from labsite.sphinx.languages import current_language, page_language, speaking

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Set

    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from labsite.model.problems import Problem
    from labsite.model.records import NewsItem, Publication

#: Id of the section that a paper's page consists of.
PAGE_ANCHOR = "publication"
#: What is kept for each document.
_OF_DOCUMENTS = ("views", "item_views", "pictures", "mentions", "sections")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """A page that is no document: of a paper, a group of papers or earlier news."""

    docname: str
    title: str  #: plain text
    record: Publication | Group | tuple[NewsItem, ...]  #: what it is of
    views: tuple[View, ...]  #: what it shows

    @property
    def folder(self) -> str:
        """The folder, without a slash at its end."""
        return self.docname.rpartition("/")[0]


class PublicationDomain(Domain):
    """Publications as Sphinx objects.

    The records themselves hang on the instance and are read anew in every build. What
    is kept with the environment is only which page shows which part of them, with a
    digest of that part, so that a build knows which pages are out of date.
    """

    name = "pub"
    label = "Publications"
    object_types = {"publication": ObjType(_("publication"), "ref")}  # noqa: RUF012 -- Sphinx's way
    roles = {"ref": XRefRole(warn_dangling=True, innernodeclass=nodes.inline)}  # noqa: RUF012 -- Sphinx's way
    initial_data = {  # noqa: RUF012 -- Sphinx's way
        "views": {},
        "item_views": {},  # what is shown only from when a page is written
        "digest": "",
        "mentions": {},  # of papers, in the prose of each document
        "sections": {},  # of each document, for the search
        "pictures": {},  # in the text of each document, by their files
    }
    data_version = 7
    tracks_targets = True  #: by views; see :mod:`labsite.rebuild.last_build`
    dangling_warnings = {  # noqa: RUF012 -- Sphinx's way
        "ref": "there is no publication '%(target)s'; use a key of the bibliography",
        "person": "there is no person '%(target)s'; use a name of the team's pages",
    }

    #: The records by language, the site's own first.
    sites: Mapping[str, SiteRecords] = MappingProxyType({"en": SiteRecords()})
    digest: str = ""  #: of the records of this build; that of the last is in ``data``
    problems: tuple[Problem, ...] = ()  #: of the data files, as this build read them
    #: What :mod:`labsite.sphinx.items` has, if the builder makes pages.
    item_writer: object | None = None
    fills_items: bool = True  #: whether nodes fill the items of documents' lists
    pages: Mapping[str, RecordPage] = MappingProxyType({})  #: by docname

    @property
    def site(self) -> SiteRecords:
        """The records, as pages in the present language show them."""
        return self.sites.get(current_language()) or next(iter(self.sites.values()))

    def note_view(
        self, docname: str, view: View, kind: str = "views", digest: str = ""
    ) -> None:
        """Note that a document shows a part of the records.

        :param digest: of that part, if it is known
        :param kind: "item_views" for items of lists, which are put in when the document
            is written; see :mod:`labsite.sphinx.items`
        """
        views = self.data[kind].setdefault(docname, {})
        views[view] = digest or self._digests(docname, (view,))[view]

    def _digests(self, docname: str, views: Iterable[View]) -> dict[View, str]:
        """Digest parts of the records as a document shows them."""
        with speaking(page_language(self.env.config, docname)):
            return {view: view.digest(self.site) for view in views}

    def outdated_documents(self, kind: str = "views") -> list[str]:
        """Return the documents that show what has changed since it was noted."""
        return [
            docname
            for docname, views in self.data[kind].items()
            if views != self._digests(docname, views)
        ]

    def renew_items(self) -> list[str]:
        """Return the documents to write because items have changed; note the new ones.

        To be called when documents have been read, since that notes theirs.
        """
        changed, views = self.outdated_documents("item_views"), self.data["item_views"]
        for docname in changed:
            views[docname] = self._digests(docname, views[docname])
        return changed

    def clear_doc(self, docname: str) -> None:
        """Forget what a document shows."""
        for name in _OF_DOCUMENTS:
            self.data[name].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what a reading process noted of its own documents."""
        for name in _OF_DOCUMENTS:
            for docname in docnames & otherdata[name].keys():
                self.data[name][docname] = otherdata[name][docname]

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> nodes.reference | None:
        """Link to a paper, a person, a document, a file, or what a query finds."""
        if typ in {"file", "query"}:
            if typ == "query":  # a page, and what its script is asked
                docname, _mark, asked = target.partition("?")
                target = f"{builder.get_target_uri(docname)}?{asked}"
            uri = relative_uri(builder.get_target_uri(fromdocname), target)
            result = nodes.reference("", "", contnode, internal=True, refuri=uri)
        elif typ == "page" and target == fromdocname:
            result = _plain(contnode)  # a page does not refer to itself
        else:
            found = (target, "") if typ == "page" else self._find(typ, target)
            if found is None:
                return None  # Sphinx warns of what nobody resolves, in nitpicky builds.
            docname, name = found
            if not node.get("refexplicit"):
                classes = ["pub", "pub-ref"] if typ == "ref" else []
                contnode = nodes.inline(name, name, classes=classes)
            result = self.link(builder, fromdocname, docname, contnode)
        result["classes"] += node["classes"]
        return result

    def _find(self, typ: str, target: str) -> tuple[str, str] | None:
        """Return document and name of a paper or a person."""
        if typ == "person":
            person = self.site.people_by_name.get(target)
            return (person.docname, person.name) if person else None
        paper = self.site.library.by_key.get(target)
        return (self.site.docname(paper), str(paper.title)) if paper else None

    def link(
        self, builder: Builder, fromdocname: str, docname: str, contnode: Element
    ) -> nodes.reference:
        """Link to a document, or to a page that is made from a record.

        Builders that make no such pages link to the site, or show the text alone.
        """
        if docname not in self.pages or self.item_writer:
            return make_refnode(builder, fromdocname, docname, "", contnode)
        base = builder.config.html_baseurl
        if not base or not builder.format:  # which only looks for mistakes
            return _plain(contnode)
        uri = f"{base.rstrip('/')}/{docname}.html"
        return nodes.reference("", "", contnode, internal=False, refuri=uri)

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Link an untyped reference, if it is the key of a publication."""
        found = self.resolve_xref(
            env, fromdocname, builder, "ref", target, node, contnode
        )
        return [("pub:ref", found)] if found else []

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Yield every publication, for the inventory and the search index."""
        for paper in self.site.library.publications:
            place = self.site.docname(paper), PAGE_ANCHOR
            yield paper.key, str(paper.title), "publication", *place, 1


def _plain(contnode: Element) -> nodes.reference:
    """Return text in place of a link; Sphinx takes any node, whatever it declares."""
    return cast("nodes.reference", nodes.inline("", "", contnode))


def resolve_page(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: Element
) -> nodes.reference | None:
    """Resolve a reference to a document that is a page made from a record."""
    domain = get_domain(env)
    docname = docname_join(node.get("refdoc", ""), node["reftarget"])
    if node["reftype"] != "doc" or docname not in domain.pages:
        return None
    if not node.get("refexplicit"):
        contnode = nodes.inline("", domain.pages[docname].title, classes=["doc"])
    return domain.link(app.builder, node["refdoc"], docname, contnode)


def get_domain(env: BuildEnvironment) -> PublicationDomain:
    """Return the domain that holds the records of the build."""
    return cast("PublicationDomain", env.get_domain(PublicationDomain.name))


def page_titles(env: BuildEnvironment) -> dict[str, str]:
    """Return the title, as plain text, of every document and page of a record."""
    titles = {docname: title.astext() for docname, title in env.titles.items()}
    pages = get_domain(env).pages
    return titles | {docname: page.title for docname, page in pages.items()}


def find_record_pages(site: SiteRecords) -> Iterator[RecordPage]:
    """Yield the page of each group, each publication and each part of the news."""
    for group in site.groups.values():
        yield RecordPage(
            docname=site.group_docname(group),
            record=group,
            title=group_title(group),
            views=(ListView(group.query),),
        )
    for publication in site.library.publications:
        yield RecordPage(
            docname=site.docname(publication),
            record=publication,
            title=str(publication.title),
            views=(PublicationView(publication.key),),
        )
    for docname, items in site.news_pages.items():
        title = ", ".join((_("News"), docname.rpartition("/")[2]))
        yield RecordPage(docname=docname, title=title, record=items, views=())


def group_title(group: Group) -> str:
    """Return the title of a group's page."""
    whole = _("Awards") if group.kind is GroupKind.AWARD else group.title
    return ", ".join(filter(None, (whole, part_title(group))))


def part_title(group: Group) -> str:
    """Return what tells a part of a list from the others; "" for a whole."""
    if group.query.year is None:
        return ""
    year = str(group.query.year or _("Undated"))
    return f"{year} ({group.number})" if group.number else year
