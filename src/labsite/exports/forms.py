"""What a publication is, and its venue to it, in words common to all formats."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from labsite.exports.facts import text
from labsite.model.records import Kind

if TYPE_CHECKING:
    from labsite.model.records import Publication


class Form(StrEnum):
    """What a publication is to someone who cites it."""

    ARTICLE = "article"  #: in a journal
    PAPER = "paper"  #: in proceedings
    PREPRINT = "preprint"
    CHAPTER = "chapter"
    BOOK = "book"
    THESIS = "thesis"
    REPORT = "report"
    PATENT = "patent"
    SOFTWARE = "software"
    DATASET = "dataset"
    OTHER = "other"


class Container(StrEnum):
    """What a publication's venue is to it."""

    JOURNAL = "journal"
    PROCEEDINGS = "proceedings"
    BOOK = "book"
    ARCHIVE = "archive"
    INSTITUTION = "institution"
    PUBLISHER = "publisher"

    @property
    def holds(self) -> bool:
        """Whether the publication is a part of it, as an article is of a journal."""
        return self in {Container.JOURNAL, Container.PROCEEDINGS, Container.BOOK}


#: Fields a venue may come from, in the order in which the reader looks for it.
_CONTAINERS = {
    "booktitle": Container.PROCEEDINGS,
    "journal": Container.JOURNAL,
    "school": Container.INSTITUTION,
    "institution": Container.INSTITUTION,
}
_MEETINGS = {Kind.CONFERENCE, Kind.WORKSHOP, Kind.DEMO}
#: Kinds that are what they are wherever they appeared.
_FORMS_BY_KIND = {
    Kind.THESIS: Form.THESIS,
    Kind.REPORT: Form.REPORT,
    Kind.PATENT: Form.PATENT,
    Kind.SOFTWARE: Form.SOFTWARE,
}
_FORMS_BY_CONTAINER = {
    Container.JOURNAL: Form.ARTICLE,
    Container.PROCEEDINGS: Form.PAPER,
    Container.BOOK: Form.CHAPTER,
    Container.ARCHIVE: Form.PREPRINT,
}
#: For entries that do not say where they appeared.
_FORMS_ALONE = {
    **dict.fromkeys(_MEETINGS, Form.PAPER),
    Kind.JOURNAL: Form.ARTICLE,
    Kind.PREPRINT: Form.PREPRINT,
    Kind.BOOK: Form.BOOK,
}
_CHAPTER_TYPES = {"inbook", "incollection"}
_THESIS_TYPES = {
    "phdthesis": "PhD thesis",
    "mastersthesis": "Master's thesis",
    "mathesis": "Master's thesis",
}


def form(publication: Publication) -> Form:
    """Return what the publication is to someone who cites it."""
    if publication.entry_type == "dataset":
        return Form.DATASET
    if publication.kind in _FORMS_BY_KIND:
        return _FORMS_BY_KIND[publication.kind]
    found = container(publication)
    if found in _FORMS_BY_CONTAINER:
        return _FORMS_BY_CONTAINER[found]
    if publication.entry_type in _CHAPTER_TYPES:
        return Form.CHAPTER
    return _FORMS_ALONE.get(publication.kind, Form.OTHER)


def container(publication: Publication) -> Container | None:
    """Return what the venue is to the publication, ``None`` if there is no venue.

    The field decides, not the kind: a conference that publishes in a journal (entry
    type ``@article``) is cited by that journal.
    """
    if publication.venue is None:
        return None
    if publication.kind is Kind.PREPRINT:
        return Container.ARCHIVE
    for name, found in _CONTAINERS.items():
        if _has(publication, name):
            in_book = name == "booktitle" and publication.kind is Kind.BOOK
            return Container.BOOK if in_book else found
    if _has(publication, "howpublished") and publication.kind in _MEETINGS:
        return Container.PROCEEDINGS
    return Container.PUBLISHER


def _has(publication: Publication, name: str) -> bool:
    """Tell whether a field says something; braces alone say nothing."""
    return bool((publication.field(name) or "").strip("{} "))


def publisher(publication: Publication) -> str | None:
    """Return who published it: a publisher, an archive, a university."""
    found = container(publication)
    if publication.venue and found and not found.holds:
        return publication.venue.name
    return text(publication, "publisher")


def thesis_type(publication: Publication) -> str | None:
    """Return what sort of thesis it is, in English unless the entry says otherwise."""
    if publication.kind is not Kind.THESIS:
        return None
    said = text(publication, "type")
    return _THESIS_TYPES.get(said or publication.entry_type, said)
