"""Pages at earlier addresses that lead to where their content is now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from labsite.model.problems import Rule
from labsite.model.repository import wrong_name
from labsite.sphinx.domain import get_domain, page_titles
from labsite.sphinx.logging import warn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.builders.html import StandaloneHTMLBuilder

    from labsite.model.records import Publication
    from labsite.site.site import SiteRecords

_TEMPLATE = "labsite-redirect.html"


def plan_redirects(builder: StandaloneHTMLBuilder) -> Iterator[tuple[str, str]]:
    """Yield path and content of each redirect."""
    for pagename, (docname, title) in find_redirects(builder).items():
        context = {
            "title": title,
            "target": builder.get_relative_uri(pagename, docname),
            "language": builder.config.language,
        }
        path = builder.get_output_path(pagename).relative_to(builder.outdir)
        yield path.as_posix(), builder.templates.render(_TEMPLATE, context)


def find_redirects(builder: StandaloneHTMLBuilder) -> dict[str, tuple[str, str]]:
    """Return for the page of each redirect the document it leads to, and its title."""
    env, site = builder.env, get_domain(builder.env).site
    titles = page_titles(env)
    # What differs from a page in case alone has its place on some file systems.
    taken = {docname.casefold() for docname in titles}
    found: dict[str, tuple[str, str]] = {}
    for pagename, docname in builder.config.labsite_redirects.items():
        parts = pagename.split("/")
        wrong = ".." in parts or "" in parts or wrong_name(Path(pagename))
        if docname in titles and pagename.casefold() not in taken and not wrong:
            found[pagename] = docname, titles[docname]
            taken.add(pagename.casefold())
            continue
        message = (
            "labsite_redirects cannot lead from '%s' to '%s'; the first is a path "
            "without '/' at its beginning that is not a page of the site, in any case, "
            "or a device of Windows; the second is a page"
        )
        warn(Rule.BAD_QUERY, message, pagename, docname)
    for pagename, publication in _earlier_keys(site):
        if pagename.casefold() not in taken:  # what somebody wrote stays
            found[pagename] = site.docname(publication), str(publication.title)
            taken.add(pagename.casefold())
    return found


def _earlier_keys(site: SiteRecords) -> Iterator[tuple[str, Publication]]:
    """Yield the page of each earlier key (biblatex's ``ids``) and what it leads to."""
    for publication in site.library.publications:
        for alias in publication.aliases:
            pagename = site.alias_pagename(alias)
            if pagename:
                yield pagename, publication
