"""Pages at earlier addresses that lead to where their content is now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labsite.model.problems import Rule
from labsite.sphinx.domain import get_domain
from labsite.sphinx.logging import warn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from labsite.model.records import Publication
    from labsite.site.site import SiteRecords

_TEMPLATE = "labsite-redirect.html"


def add_redirects(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield a page for each redirect."""
    for pagename, publication in find_redirects(get_domain(app.env).site):
        docname = get_domain(app.env).site.docname(publication)
        target = app.builder.get_relative_uri(pagename, docname)
        yield pagename, {"title": str(publication.title), "target": target}, _TEMPLATE
    for pagename, docname in app.config.labsite_redirects.items():
        if not _is_possible(pagename, docname, app.env):
            message = (
                "labsite_redirects cannot lead from '%s' to '%s'; the first is a path "
                "without '/' at its beginning that is no document of the site, the "
                "second is a document"
            )
            warn(Rule.BAD_QUERY, message, pagename, docname)
            continue
        title = app.env.titles[docname].astext()
        target = app.builder.get_relative_uri(pagename, docname)
        yield pagename, {"title": title, "target": target}, _TEMPLATE


def redirected_pages(config: Config, env: BuildEnvironment) -> Iterator[str]:
    """Yield the page of every redirect, of earlier keys and of the configuration."""
    yield from (pagename for pagename, _ in find_redirects(get_domain(env).site))
    for pagename, docname in config.labsite_redirects.items():
        if _is_possible(pagename, docname, env):
            yield pagename


def _is_possible(pagename: str, docname: str, env: BuildEnvironment) -> bool:
    leads_out = pagename.startswith("/") or ".." in pagename.split("/")
    return docname in env.titles and pagename not in env.found_docs and not leads_out


def find_redirects(site: SiteRecords) -> Iterator[tuple[str, Publication]]:
    """Yield the page of each earlier key (biblatex's ``ids``) and what it leads to."""
    for publication in site.library.publications:
        for alias in publication.aliases:
            pagename = site.alias_pagename(alias)
            if pagename:
                yield pagename, publication
