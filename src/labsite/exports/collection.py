"""What an export is made from: a list of publications and the site it stands on."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    written: dict[tuple[str, str], tuple[Publication, str]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Refuse an address to which nothing can be appended."""
        if self.base_url is None:
            return
        absolute = self.base_url.startswith(("https://", "http://"))
        if not absolute or not self.base_url.endswith("/"):
            msg = f"'{self.base_url}' is not an address of a site; write https://…/"
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
        """Return what *write* makes of each publication.

        It is made once for all lists of the site, since a publication is in the list of
        everything, in those of its topics and in those of its authors.

        :param form: names what *write* makes
        """
        known = self.site.written
        for publication in self.publications:
            made = known.get((form, publication.key))
            if made is None or made[0] is not publication:
                known[form, publication.key] = (
                    publication,
                    write(publication, self.site),
                )
        return [known[form, publication.key][1] for publication in self.publications]
