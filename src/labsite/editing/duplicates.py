"""Find the identifiers of a record in any of its fields, and the entry of its paper."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from labsite.bibtex.links import PUBLISHERS
from labsite.bibtex.reporting import place_of
from labsite.site import identity
from labsite.text.spellings import letters
from labsite.text.values import parse_arxiv, parse_doi, without_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labsite.model.records import Publication

#: arXiv's own DOIs (https://info.arxiv.org/help/doi.html).
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
#: A DOI in the address of a paper, and the suffixes of publishers.
_DOI_PATH = re.compile(r"/(10\.\d{4,9}/[^?#\s]+)")
_BEHIND = re.compile(
    r"(?:/(?:full|abstract|epdf|pdf|meta)){1,3}$|(?:(?<=\d)v\d+)?(?:\.full)?(?:\.pdf)?$"
)
#: Fields with addresses of the paper itself.
_OF_PAPER = ("url", "html", "website", "pdf")
#: Hosts of indexes.
_INDEXES = {"api.semanticscholar.org", "www.semanticscholar.org", "dblp.org",
            "scholar.google.com", "ui.adsabs.harvard.edu", "www.scopus.com",
            "www.webofscience.com"}  # fmt: skip
_SAID = {
    "doi": "has the same DOI",
    "arxiv": "has the same arXiv identifier",
    "title": "has the same title",
    "main": "has the same authors and, but for its first words, the same title",
    "name": "has the same name before the colon of its title",
}
#: A name that somebody coined has a capital or a digit behind its first letter.
_COINED = re.compile(r"^[^\W_][^\s]*[A-Z0-9]\S*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifiers:
    """The identifiers of a paper."""

    doi: str | None  #: the publisher's, bare
    arxiv: str | None  #: bare, without a version
    redundant: frozenset[str] = frozenset()  #: link fields that repeat them
    address: str = ""  #: of the paper's page, without identifiers


def parse_identifier(text: str) -> Identifiers | None:
    """Parse a DOI or an arXiv identifier, bare or as an address."""
    text = text.strip()
    path = unquote(urlsplit(text).path).replace("\\", "") if _host(text) else ""
    match = _DOI_PATH.search(path)
    in_path = _BEHIND.sub("", match[1], count=1) if match else ""
    doi = parse_doi(text) or parse_doi(in_path)
    arxiv = arxiv_of_doi(doi) or parse_arxiv(text)
    if arxiv:
        return Identifiers(doi=None, arxiv=without_version(arxiv))
    return Identifiers(doi=doi, arxiv=None) if doi else None


def find_identifiers(record: Publication) -> Identifiers:
    """Return the identifiers of a record, and its redundant links.

    Links to indexes are redundant too.
    """
    links = {n: value for n, value in record.fields if n in _OF_PAPER}
    parsed = {name: parse_identifier(address) for name, address in links.items()}
    # Springer's BibTeX has the DOI as the key alone.
    texts = (record.doi, record.arxiv, record.key if "/" in record.key else "")
    given = [parse_identifier(text) for text in texts if text]
    found = [each for each in (*given, *parsed.values()) if each]
    doi = next((each.doi for each in found if each.doi), None)
    useless = _INDEXES | (PUBLISHERS if doi else set())
    redundant = (
        name for name in links if parsed[name] or _host(links[name]) in useless
    )
    return Identifiers(
        doi=doi,
        arxiv=next((each.arxiv for each in found if each.arxiv), None),
        redundant=frozenset(redundant),
    )


def arxiv_of_doi(doi: str | None) -> str | None:
    """Return the arXiv identifier in a DOI of arXiv's own."""
    match = _ARXIV_DOI.fullmatch(doi or "")
    return parse_arxiv(match[1]) if match else None


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class SameWork:
    """An entry of the same work."""

    publication: Publication
    reason: str  #: the place of the entry, and what both have in common
    certain: bool  #: whether the work is the same without doubt
    version: bool  #: whether the record is another version of the paper
    published: bool  #: whether the record is of the published paper of a preprint


@dataclass(frozen=True, slots=True)
class Known:
    """An entry with the features that identify its paper."""

    publication: Publication
    title: str  #: its letters
    families: frozenset[str]  #: of the authors
    features: frozenset[tuple[object, ...]]  #: a word of :data:`_SAID`, and values

    @classmethod
    def of(cls, publication: Publication) -> Known:
        """Return the features of an entry, with identifiers from its addresses."""
        found = find_identifiers(publication)
        whole = replace(publication, doi=found.doi, arxiv=found.arxiv)
        people, title = identity.families(publication), str(publication.title)
        name, rest = identity.divide_title(title)
        title, main = letters(title), letters(rest or title)
        coined = letters(name) if _COINED.search(name) else ""
        features: set[tuple[object, ...]] = {*identity.identities(whole)}
        features |= {("title", title)} if title else set()
        texts = filter(identity.is_telling, {title, main})
        features |= {("main", people, text) for text in texts}
        features |= {("name", person, coined) for person in people if coined}
        return cls(whole, title, people, frozenset(features))

    def shares(self, other: Known) -> str:
        """Return the surest feature that both have in common, or ""."""
        shared = {what for what, *_ in self.features & other.features}
        return next((what for what in _SAID if what in shared), "")

    def is_same_paper(self, other: Known) -> bool:
        """Return whether both are of one paper, or one is the preprint of the other."""
        what = self.shares(other)
        same_kind = self.publication.kind is other.publication.kind
        if what in {"", "name"} and same_kind:
            return False
        told = what if what in {"doi", "arxiv"} else "title"
        return identity.is_one_paper(self.publication, other.publication, told)


def find_same_work(record: Publication, known: Sequence[Known]) -> SameWork | None:
    """Return the entry of *known* that is of the same work as *record*.

    The same title with another DOI is another version, such as the journal version of a
    conference paper. The same title and authors with another name before the colon may
    be a version too, since preprints get names when they are published; but the papers
    of a series may also differ in that name alone.
    """
    new = Known.of(record)
    found: dict[str, Known] = {}
    for other in known:
        what = new.shares(other)
        if what:
            found.setdefault(what, other)
    what = next((what for what in _SAID if what in found), "")
    return _compare(new, found[what], what) if what else None


def _compare(new: Known, other: Known, what: str) -> SameWork:
    record, entry = new.publication, other.publication
    reason = f"{place_of(entry)} {_SAID[what]}"
    title, known = str(record.title), str(entry.title)
    if what in {"doi", "arxiv"} and new.title != other.title:
        reason += f", and another title: '{known}', not '{title}'"
    published = identity.is_published_later(record, entry)
    certain = what != "title" or bool(new.families & other.families)
    if not certain:
        reason += ", but no author"
    if what == "name":
        certain = False
    elif what == "main":
        same = {text for _, *_, text in new.features & other.features}
        certain = published and not same.isdisjoint({new.title, other.title})
    return SameWork(
        publication=entry,
        reason=reason,
        certain=certain,
        version=not new.is_same_paper(other),
        published=published,
    )
