"""The domain of publications: their pages, references to them, and what pages show."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.domains import Domain, ObjType
from sphinx.locale import _
from sphinx.roles import XRefRole
from sphinx.util import docname_join
from sphinx.util.nodes import make_refnode
from sphinx.util.osutil import relative_uri

from labsite.site.site import SiteRecords
from labsite.sphinx.languages import current_language, page_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set

    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from labsite.model.problems import Problem
    from labsite.site.views import View
    from labsite.sphinx.items import ItemWriter
    from labsite.sphinx.record_pages import RecordPage

#: Id of the section that a paper's page consists of.
PAGE_ANCHOR = "publication"
#: What is kept for each document.
_OF_DOCUMENTS = ("views", "item_views", "pictures", "mentions", "sections")


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
    tracks_targets = True  #: by views; see :mod:`labsite.rebuild.exactness`
    dangling_warnings = {  # noqa: RUF012 -- Sphinx's way
        "ref": "there is no publication '%(target)s'; use a key of the bibliography",
        "person": "there is no person '%(target)s'; use a name of the team's pages",
    }

    #: The records by language, the site's own first.
    sites: Mapping[str, SiteRecords] = MappingProxyType({"en": SiteRecords()})
    digest: str = ""  #: of the records of this build; that of the last is in ``data``
    problems: tuple[Problem, ...] = ()  #: of the data files, as this build read them
    #: Write the items of lists without nodes, by language, if the builder makes pages.
    item_writers: Mapping[str, ItemWriter] = MappingProxyType({})
    fills_items: bool = True  #: whether nodes fill the items of documents' lists
    pages: Mapping[str, RecordPage] = MappingProxyType({})  #: by docname

    @property
    def site(self) -> SiteRecords:
        """The records, as pages in the present language show them."""
        return self._site_in(current_language())

    def _site_in(self, language: str) -> SiteRecords:
        return self.sites.get(language) or next(iter(self.sites.values()))

    def _digest(self, docname: str, view: View) -> str:
        """Digest a part of the records as a document shows it."""
        return view.digest(self._site_in(page_language(self.env.config, docname)))

    @property
    def item_writer(self) -> ItemWriter | None:
        """Writes the items of lists in the present language."""
        return self.item_writers.get(current_language())

    @property
    def views(self) -> dict[str, dict[View, str]]:
        """For each document, the parts of the records it shows, with their digests."""
        views: dict[str, dict[View, str]] = self.data["views"]
        return views

    @property
    def item_views(self) -> dict[str, dict[View, str]]:
        """The same of what a page shows only from when it is written: lists' items."""
        views: dict[str, dict[View, str]] = self.data["item_views"]
        return views

    def note_view(self, docname: str, view: View) -> None:
        """Note that a document shows a part of the records."""
        self.views.setdefault(docname, {})[view] = self._digest(docname, view)

    def note_items(self, docname: str, view: View) -> None:
        """Note that a document has a list, whose items are put in when it is written.

        See :mod:`labsite.sphinx.items`.
        """
        self.item_views.setdefault(docname, {})[view] = self._digest(docname, view)

    def renew_items(self) -> list[str]:
        """Return the documents to write because items have changed; note the new ones.

        To be called when documents have been read, since that notes theirs.
        """
        changed = []
        for docname, views in self.item_views.items():
            renewed = {view: self._digest(docname, view) for view in views}
            if renewed != views:
                self.item_views[docname] = renewed
                changed.append(docname)
        return changed

    def outdated_documents(self) -> list[str]:
        """Return the documents that show what has changed since they were read."""
        return [
            docname
            for docname, views in self.views.items()
            if any(self._digest(docname, v) != digest for v, digest in views.items())
        ]

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
        """Link to a paper; or to a person, a document or a file."""
        if typ == "file":
            uri = relative_uri(builder.get_target_uri(fromdocname), target)
            result = nodes.reference("", "", contnode, internal=True, refuri=uri)
        elif typ == "page" and target == fromdocname:
            # A page does not refer to itself. Sphinx takes any node; only its type
            # annotation asks for a reference.
            plain = nodes.inline("", "", contnode, classes=node["classes"])
            return cast("nodes.reference", plain)
        elif typ == "page":
            result = self.link(builder, fromdocname, target, contnode)
        elif typ == "person":
            person = self.site.people_by_name.get(target)
            if person is None:
                return None
            if not node.get("refexplicit"):
                contnode = nodes.inline(person.name, person.name)
            result = make_refnode(builder, fromdocname, person.docname, "", contnode)
        else:
            found = self._refer(fromdocname, builder, target, node, contnode)
            if found is None:
                return None
            result = found
        result["classes"] += node["classes"]
        return result

    def _refer(
        self,
        fromdocname: str,
        builder: Builder,
        key: str,
        node: pending_xref,
        contnode: Element,
    ) -> nodes.reference | None:
        publication = self.site.library.by_key.get(key)
        if publication is None:
            # Sphinx warns of what nobody resolves, in nitpicky builds.
            return None
        docname = self.site.docname(publication)
        if not node.get("refexplicit"):
            title = str(publication.title)
            contnode = nodes.inline(title, title, classes=["pub", "pub-ref"])
        return self.link(builder, fromdocname, docname, contnode)

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
            return cast("nodes.reference", nodes.inline("", "", contnode))
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
        if target not in self.site.library.by_key:
            return []
        found = self.resolve_xref(
            env, fromdocname, builder, "ref", target, node, contnode
        )
        return [("pub:ref", found)] if found else []

    def get_objects(self) -> Iterable[tuple[str, str, str, str, str, int]]:
        """Yield every publication, for the inventory and the search index."""
        for publication in self.site.library.publications:
            docname = self.site.docname(publication)
            yield (
                publication.key,
                str(publication.title),
                "publication",
                docname,
                PAGE_ANCHOR,
                1,
            )


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
