"""The input of exports: a list of publications, and its site."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple
from urllib.parse import quote, urljoin

from labsite.model.records import Publication, Topic

#: Characters that are not escaped: the reserved ones of RFC 3986, 2.2, and "%", so that
#: escaped addresses do not change.
_RESERVED = ":/?#[]@!$&'()*+,;=%"


@dataclass(frozen=True, kw_only=True)
class Site:
    """The site of exported publications."""

    title: str
    base_url: str | None = None  #: with "/" at its end; None if there is no site
    publication_path: Callable[[Publication], str] = field(
        default=lambda publication: publication.key
    )  #: returns the address of a publication's page, relative to *base_url*
    language: str = "en"  #: an IETF language tag
    topics: tuple[Topic, ...] = ()
    #: Returns what a function makes of a publication for an export of this name, now
    #: or earlier: publications are often in several lists.
    keep: Callable[[Publication, str, Callable[[], str]], str] = field(
        default=lambda _publication, _name, make: make(), repr=False, compare=False
    )

    def absolute_url(self, address: str) -> str:
        """Return the URI of an absolute or relative address."""
        return urljoin(self.base_url or "", quote(address, safe=_RESERVED))

    def find_url(self, address: str) -> str | None:
        """Return the URI of an address; ``None`` if it is relative without a site."""
        absolute = self.base_url or "://" in address
        return self.absolute_url(address) if absolute else None

    def publication_url(self, publication: Publication) -> str:
        """Return the absolute address of a publication's page."""
        return self.absolute_url(self.publication_path(publication))

    def topic_title(self, slug: str) -> str:
        """Return the title of a topic, or *slug* itself if no topic has it."""
        return next((t.title for t in self.topics if t.slug == slug), slug)


class Collection(NamedTuple):
    """A list of publications to export."""

    title: str  #: e.g. "Publications" or a topic's title
    path: str  #: of its exports on the site, without suffix, e.g. "publications"
    page: str  #: the path of its page on the site
    publications: Sequence[Publication]  #: in the order of :mod:`labsite.site.query`
    site: Site

    def write_items(
        self, form: str, write: Callable[[Publication, Site], str]
    ) -> list[str]:
        """Return each publication as *write* exports it in this form."""
        site, papers = self.site, self.publications
        return [site.keep(p, form, partial(write, p, site)) for p in papers]


def dump(value: object) -> str:
    """Return *value* as JSON in one line, with sorted names."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def dump_array(texts: Iterable[str]) -> str:
    """Return a JSON array of values in JSON, one in each line."""
    lines = ",\n".join(texts)
    return f"[\n{lines}\n]" if lines else "[]"
