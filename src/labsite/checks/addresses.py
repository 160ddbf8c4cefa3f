"""Links: pages that a visitor may see, and files that are there."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from labsite.bibtex.fields import NAMED_LINK_PREFIX
from labsite.bibtex.reporting import MOST, problem
from labsite.model.problems import Rule, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.model.problems import Problem
    from labsite.model.records import Link, Publication
    from labsite.site.published_files import SiteFiles

#: Pages for whoever works on a document, and machines of a network of one's own.
_PRIVATE = re.compile(
    r"https?://(?:docs\.google\.com/[^?#]*/edit|(?:www\.)?overleaf\.com/project/|"
    r"github\.com/[^/?#]+/[^/?#]+/edit/|"
    r"(?:localhost|127\.0\.0\.1|10\.[\d.]+|192\.168\.[\d.]+)(?:[:/]|$))",
    re.IGNORECASE,
)


def check_links(publication: Publication) -> Iterator[Problem]:
    """Ask for links that lead every visitor to something to read."""
    private = (link for link in publication.links if _PRIVATE.match(link.url))
    for link in islice(private, MOST):
        name = _field_name(publication, link)
        message = f"{name}: {quote(link.url)} is not for visitors; share a copy"
        yield problem(publication, Rule.PRIVATE_LINK, message, name)


def check_files(publication: Publication, files: SiteFiles) -> Iterator[Problem]:
    """Ask for the files of the site that an entry links to."""
    yield from islice(_missing_files(publication, files), MOST)


def _missing_files(publication: Publication, files: SiteFiles) -> Iterator[Problem]:
    for link in publication.links:
        path = unquote(urlsplit(link.url).path)
        if "://" in link.url or files.serves(path):
            continue
        name = _field_name(publication, link)
        place = f"{next(iter(files.static), '_static')}/papers/"
        remedy = f"put the file into {place} and write {name} = {{{place}…}}"
        message = f"{name}: there is no file {quote(path)}; {remedy}, or https://…"
        if files.holds(path):
            message = (
                f"{name}: {quote(path)} does not become a part of the site; {remedy}"
            )
        yield problem(publication, Rule.MISSING_FILE, message, name)


def _field_name(publication: Publication, link: Link) -> str:
    names = {field.name for field in publication.source.fields}
    return link.name if link.name in names else f"{NAMED_LINK_PREFIX}{link.name}"
