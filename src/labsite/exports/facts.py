"""What the formats ask of a record beyond what it says itself.

Every format has its own notation for pages, names or languages; what they are must not
differ between formats, so it is found here once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.text.latex import decode_plain

if TYPE_CHECKING:
    from labsite.exports.collection import Site
    from labsite.model.records import Creator, Publication

_RANGE = re.compile(r"\s*(?:--+|[\u2012-\u2015])\s*")
_HYPHENATED_NUMBERS = re.compile(r"(\d+)\s*-\s*(\d+)")
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")

#: Links that lead to the publication itself, the most lasting first.
_OWN_LINKS = ("doi", "url", "html", "arxiv")


def text(publication: Publication, *names: str) -> str | None:
    """Return the first of the named fields that is there, as plain Unicode."""
    found = publication.field(*names)
    return (decode_plain(found) or None) if found else None


def pages(publication: Publication) -> tuple[str, ...]:
    """Return the first and the last page; one alone if it is not a range."""
    found = text(publication, "pages")
    if not found:
        return ()
    numbers = _HYPHENATED_NUMBERS.fullmatch(found)
    # A single hyphen may belong to a page's own number, as in "A-12".
    parts = list(numbers.groups()) if numbers else _RANGE.split(found, maxsplit=1)
    return tuple(filter(None, parts))


def role(publication: Publication) -> str:
    """Return what its creators are: "author" or, where no author is, "editor"."""
    return "author" if publication.field("author") else "editor"


def is_body(creator: Creator) -> bool:
    """Tell whether a creator is a body: a name of several words that has no parts.

    BibTeX splits a person's name at its spaces, so only one in braces stays whole.
    """
    whole = not (creator.given or creator.particle or creator.suffix)
    return whole and " " in creator.family


def family_name(creator: Creator) -> str:
    """Return the family name with its particle, as in "van der Berg"."""
    return " ".join(filter(None, (creator.particle, creator.family)))


def inverted_name(creator: Creator) -> str:
    """Return the name as RIS defines it and Scholar reads it: Family, Given, Suffix."""
    parts = (family_name(creator), creator.given, creator.suffix)
    return ", ".join(filter(None, parts))


def language(publication: Publication, site: Site) -> str | None:
    """Return the language tag of the publication.

    That is the site's unless the entry names one; a name that is no tag, such as
    biblatex's "korean", is no reason to claim the site's.
    """
    said = text(publication, "langid", "language")
    if said is None:
        return site.language
    return said if _LANGUAGE_TAG.fullmatch(said) else None


def own_url(publication: Publication, site: Site) -> str | None:
    """Return where the publication itself is found; its page here if nowhere else."""
    known = {link.name: link.url for link in publication.links}
    places = [known[name] for name in _OWN_LINKS if name in known]
    places.append(site.publication_path(publication))
    return next(filter(None, map(site.find_url, places)), None)
