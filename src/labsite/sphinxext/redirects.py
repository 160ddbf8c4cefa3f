"""Pages at earlier addresses that lead to where their content is now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labsite.problems import Rule
from labsite.sphinxext.domain import get_domain
from labsite.sphinxext.logging import warn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from labsite.records import Publication
    from labsite.site import SiteRecords

_TEMPLATE = "labsite-redirect.html"


def add_redirects(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield a page for each redirect."""
    for pagename, publication in find_redirects(get_domain(app.env).site):
        docname = get_domain(app.env).site.docname(publication)
        target = app.builder.get_relative_uri(pagename, docname)
        yield pagename, {"title": str(publication.title), "target": target}, _TEMPLATE
    for pagename, docname in app.config.labsite_redirects.items():
        title = app.env.titles.get(docname)
        if title is None or pagename in app.env.found_docs:
            message = (
                "labsite_redirects cannot lead from '%s' to '%s'; the first must not "
                "be a document of the site, the second must be one"
            )
            warn(Rule.BAD_QUERY, message, pagename, docname)
            continue
        target = app.builder.get_relative_uri(pagename, docname)
        yield pagename, {"title": title.astext(), "target": target}, _TEMPLATE


def find_redirects(site: SiteRecords) -> Iterator[tuple[str, Publication]]:
    """Yield the page of each earlier key (biblatex's ``ids``) and what it leads to."""
    for publication in site.library.publications:
        for alias in publication.aliases:
            pagename = site.alias_pagename(alias)
            if pagename:
                yield pagename, publication
