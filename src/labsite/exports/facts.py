"""What the formats ask of a record beyond what it says itself.

Every format has its own notation for names, pages or languages; what they are must not
differ between formats, so it is found here once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.text.values import parse_address

if TYPE_CHECKING:
    from labsite.exports.collection import Site
    from labsite.model.records import Creator, Publication

#: Links that lead to the publication itself: as the entry has it, then the most
#: lasting first. The DOI has a place of its own in every format.
_OWN_LINKS = ("url", "html", "doi", "arxiv", "eprint")


def is_body(creator: Creator) -> bool:
    """Tell whether a creator is a body: one in braces, or of several words in one."""
    whole = not (creator.given or creator.particle or creator.suffix)
    return whole and (creator.literal or " " in creator.family)


def family_name(creator: Creator) -> str:
    """Return the family name with its particle, as in "van der Berg"."""
    return " ".join(filter(None, (creator.particle, creator.family)))


def inverted_name(creator: Creator) -> str:
    """Return the name as RIS defines it and Scholar reads it: Family, Given, Suffix."""
    parts = (family_name(creator), creator.given, creator.suffix)
    return ", ".join(filter(None, parts))


def page_text(publication: Publication) -> str | None:
    """Return all ranges of pages, with a hyphen each."""
    return ", ".join("-".join(ends) for ends in publication.pages) or None


def first_and_last(publication: Publication) -> tuple[str | None, str | None]:
    """Return the first page and the last one, of whatever ranges lie between."""
    pages = [page for ends in publication.pages for page in ends]
    return pages[0] if pages else None, pages[-1] if len(pages) > 1 else None


def language(publication: Publication, site: Site) -> str | None:
    """Return the language tag of the publication.

    That is the site's unless the entry names one; a name that is no language known
    here is no reason to claim the site's.
    """
    if publication.language or publication.field("langid", "language"):
        return publication.language
    return site.language


def own_url(publication: Publication, site: Site) -> str | None:
    """Return where the publication itself is found; its page here if nowhere else."""
    known = {link.name: link.url for link in publication.links}
    said = parse_address(publication.field("url") or "")
    places = [said, *(known.get(name) for name in _OWN_LINKS)]
    places.append(site.publication_path(publication))
    found = (site.find_url(place) for place in places if place)
    return next(filter(None, found), None)
