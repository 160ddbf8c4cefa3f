"""What an export is made from: a list of publications and the site it stands on."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from labsite.model.records import Publication, Topic

#: RFC 3986, section 2.2: these delimit, so only what is neither reserved nor unreserved
#: is escaped. An address that is escaped already stays as it is, thanks to the "%".
_RESERVED = ":/?#[]@!$&'()*+,;=%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What exports need to know of the site.

    :raises ValueError: if *base_url* is no absolute address of a folder, since every
        export holds absolute addresses
    """

    title: str
    base_url: str | None = None  #: absolute, ending in "/"; None if there is no site
    publication_path: Callable[[Publication], str] = field(
        default=lambda publication: publication.key
    )  #: gives the address of a publication's page, relative to *base_url*
    language: str = "en"  #: an IETF language tag
    description: str | None = None
    topics: tuple[Topic, ...] = ()
    #: What was written of a publication in a form, for other lists that have it too.
    written: dict[tuple[str, int], tuple[Publication, str]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Refuse an address to which nothing can be appended."""
        url = self.base_url
        if url is not None and not re.fullmatch(r"https?://.+/", url):
            msg = f"'{url}' is not an address of a site; write https://…/"
            raise ValueError(msg)

    def absolute_url(self, address: str) -> str:
        """Return *address*, absolute or relative to the site's root, as a full URI."""
        return _absolute(self.base_url or "", address)

    def find_url(self, address: str) -> str | None:
        """Return *address* as a full URI; ``None`` if it stands on no site."""
        absolute = self.base_url or "://" in address
        return self.absolute_url(address) if absolute else None

    def publication_url(self, publication: Publication) -> str:
        """Return the absolute address of a publication's page."""
        return self.absolute_url(self.publication_path(publication))

    def topic_title(self, slug: str) -> str:
        """Return the title of a topic, or *slug* itself if no topic has it."""
        return next((t.title for t in self.topics if t.slug == slug), slug)

    def language_of(self, publication: Publication) -> str | None:
        """Return the language tag of a publication: the site's unless it names one.

        A name that is no language known here is no reason to claim the site's.
        """
        named = publication.language or publication.field("langid", "language")
        return publication.language if named else self.language


@lru_cache(maxsize=2**15)  # every format asks for the same addresses
def _absolute(base: str, address: str) -> str:
    return urljoin(base, quote(address, safe=_RESERVED))


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A list of publications that is exported as a whole."""

    title: str  #: what the list is called, e.g. "Publications" or a topic's title
    path: str  #: its exports' address on the site without suffix, e.g. "publications"
    page: str  #: the address on the site of the page that shows the list
    publications: Sequence[Publication]  #: in the order of :mod:`labsite.site.query`
    site: Site

    def write_items(
        self, form: str, write: Callable[[Publication, Site], str]
    ) -> list[str]:
        """Return what *write* makes of each publication, once for all lists it is in.

        :param form: names what *write* makes
        """
        written = self.site.written
        for publication in self.publications:
            # The publication is kept, so that no other one gets its id.
            if (form, id(publication)) not in written:
                text = write(publication, self.site)
                written[form, id(publication)] = (publication, text)
        return [written[form, id(publication)][1] for publication in self.publications]


def dump(value: object) -> str:
    """Return *value* as JSON on one line (RFC 8259), its names in order."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def dump_array(texts: Iterable[str]) -> str:
    """Return an array of values that are JSON already, each on a line of its own."""
    lines = ",\n".join(texts)
    return f"[\n{lines}\n]" if lines else "[]"
