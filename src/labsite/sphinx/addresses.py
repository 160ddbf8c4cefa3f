"""Addresses of a site: sitemap, robots.txt, redirects, and links to check.

The sitemap's format: https://www.sitemaps.org/protocol.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.builders.linkcheck import CheckExternalLinksBuilder, Hyperlink
from sphinx.environment import BuildEnvironment

from labsite.exports import Site
from labsite.model.digests import digest_text
from labsite.model.problems import Rule
from labsite.model.records import Publication
from labsite.model.repository import wrong_name
from labsite.site.site import SiteRecords
from labsite.sphinx.domain import get_domain, page_title
from labsite.sphinx.languages import language_tag, versions
from labsite.sphinx.logging import warn

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"  # for the same page in another language
_SITEMAP = "sitemap.xml"
#: Stands in for the site's address where ``html_baseurl`` gives none. The top-level
#: domain is reserved, so that no link leads to a stranger (RFC 2606).
_UNKNOWN_ADDRESS = "https://site.invalid/"


def page_address(builder: Builder, docname: str) -> str:
    """Return the absolute address of a page, or "" if that of the site is unknown.

    The address of the home page is that of the site.
    """
    config = builder.config
    path = "" if docname == config.root_doc else builder.get_target_uri(docname)
    return f"{config.html_baseurl}{path}" if config.html_baseurl else ""


def alternates(builder: Builder, docname: str) -> Iterator[tuple[str, str]]:
    """Yield language and address of each version of a page that is translated.

    "x-default" is the site's own language, for readers of any other language
    (https://developers.google.com/search/docs/specialty/international/localized-versions).
    """
    same = [each[:2] for each in versions(builder.env, docname) if each[2]]
    if builder.config.html_baseurl and len(same) > 1:
        for code, page in [*same, ("x-default", same[0][1])]:
            yield language_tag(code), page_address(builder, page)


def plan_redirects(
    builder: StandaloneHTMLBuilder, redirects: Mapping[str, tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Yield path and content of each of :func:`find_redirects`."""
    for pagename, (docname, title) in redirects.items():
        context = {
            "title": title,
            "target": builder.get_relative_uri(pagename, docname),
            "canonical": page_address(builder, docname),
            "language": language_tag(builder.config.language),
        }
        path = builder.get_output_path(pagename).relative_to(builder.outdir).as_posix()
        yield path, builder.templates.render("labsite-redirect.html", context)


def find_redirects(builder: Builder) -> dict[str, tuple[str, str]]:
    """Return for the page of each redirect the document it leads to, and its title."""
    domain = get_domain(builder.env)
    titles = {name: title.astext() for name, title in builder.env.titles.items()}
    titles |= {name: page_title(page) for name, page in domain.pages.items()}
    # What differs from a page in case alone has its place on some file systems.
    taken = {docname.casefold() for docname in titles}
    found: dict[str, tuple[str, str]] = {}
    for pair in builder.config.labsite_redirects.items():
        (pagename, docname), fault = map(str, pair), ""
        if docname not in titles:
            fault = "the site has no such page; write the path of a page"
        elif wrong_name(Path(pagename)) or {"", ".."} & {*pagename.split("/")}:
            fault = "write a path without '/' at its beginning, as 'lecture/index'"
        elif pagename.casefold() in taken:
            fault = "the first is a page or a redirect already; remove one of them"
        if fault:
            message = "labsite_redirects cannot lead from '%s' to '%s': %s"
            warn(Rule.BAD_QUERY, message, pagename, docname, fault)
        else:
            found[pagename] = docname, titles[docname]
            taken.add(pagename.casefold())
    for name, paper in domain.site.earlier_pages():
        if name.casefold() not in taken:
            found[name] = domain.site.docname(paper), str(paper.title)
            taken.add(name.casefold())
    return found


def plan_sitemap(builder: StandaloneHTMLBuilder) -> Iterator[tuple[str, str]]:
    """Yield path and content of the sitemap, and of what names it to crawlers.

    There is none where the site's own address is not known (RFC 9309).
    """
    if not builder.config.html_baseurl:
        return
    root = ET.Element("urlset", {"xmlns": _NAMESPACE, "xmlns:xhtml": _XHTML})
    for docname in sorted({*builder.env.found_docs, *get_domain(builder.env).pages}):
        url = ET.SubElement(root, "url")
        ET.SubElement(url, "loc").text = page_address(builder, docname)
        for code, other in alternates(builder, docname):
            ET.SubElement(url, "xhtml:link", rel="alternate", hreflang=code, href=other)
    yield _SITEMAP, ET.tostring(root, encoding="utf-8", xml_declaration=True).decode()
    sitemap = builder.config.html_baseurl + _SITEMAP
    yield "robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n"


@lru_cache(maxsize=4)  # of the builder, hence of one build; its languages
def make_site(builder: StandaloneHTMLBuilder, records: SiteRecords) -> Site:
    """Return what exports need to know of the site that is being built."""
    topics = digest_text(repr([(t.slug, t.title) for t in records.topics]))

    def keep(paper: Publication, name: str, make: Callable[[], str]) -> str:
        writer: Any = get_domain(builder.env).item_writer
        return str(writer.keep(records.digest(paper), f"{name} {topics}", make))

    return Site(
        title=builder.config.html_title,
        base_url=builder.config.html_baseurl or _UNKNOWN_ADDRESS,
        publication_path=lambda p: builder.get_target_uri(records.docname(p)),
        language=language_tag(builder.config.language),
        topics=records.topics,
        keep=keep,
    )


def check_links(app: Sphinx, env: BuildEnvironment) -> None:
    """Add the links of papers, whose pages are not documents, with their entries."""
    builder, site = app.builder, get_domain(env).site
    if not isinstance(builder, CheckExternalLinksBuilder):
        return
    for paper in site.library.publications:
        docname, source = site.docname(paper), paper.source
        # There is no public way to name the file of a page that is not a document.
        app.project._docname_to_path[docname] = Path(source.file)  # noqa: SLF001 -- see above
        for link in paper.links:
            if "://" in link.url:
                uri = app.emit_firstresult("linkcheck-process-uri", link.url)
                place = docname, app.srcdir / source.file, source.line
                found = Hyperlink(uri or link.url, *place)
                builder.hyperlinks.setdefault(found.uri, found)
