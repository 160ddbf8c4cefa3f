"""What a publication is, in words common to all formats: the table ``forms.toml``."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.model.records import Kind

if TYPE_CHECKING:
    from labsite.model.records import Publication

_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_BOOK = ("booktitle", "journal")
_SUBTYPES = {"magazine", "newspaper"}
_MEETINGS = {Kind.CONFERENCE, Kind.WORKSHOP, Kind.DEMO}


class Form(StrEnum):
    """What a publication is to someone who cites it, in CSL's words."""

    ARTICLE = "article-journal"
    MAGAZINE = "article-magazine"
    NEWSPAPER = "article-newspaper"
    PAPER = "paper-conference"
    CHAPTER = "chapter"
    ENTRY = "entry-encyclopedia"
    PREPRINT = "article"
    BOOK = "book"
    THESIS = "thesis"
    REPORT = "report"
    PATENT = "patent"
    SOFTWARE = "software"
    DATASET = "dataset"
    STANDARD = "standard"
    MANUSCRIPT = "manuscript"
    WEBPAGE = "webpage"
    OTHER = "document"

    @property
    def ris(self) -> str:
        """RIS's type of reference."""
        return _WORDS[self][0]

    @property
    def schema(self) -> str:
        """The class in schema.org."""
        return _WORDS[self][1]

    @property
    def containers(self) -> tuple[str, ...]:
        """The fields of which the first names what it is a part of."""
        return _WORDS[self][2:]

    @property
    def in_journal(self) -> bool:
        """Whether it is a part of a periodical."""
        return self.containers[:1] == ("journal",)


def _inverted(name: str) -> dict[str, Form]:
    return {w: Form(csl) for csl, words in _TABLE[name].items() for w in words.split()}


_WORDS: dict[Form, tuple[str, ...]] = {
    Form(csl): tuple(words) for csl, words in _TABLE["forms"].items()
}
_TYPES, _KINDS = _inverted("types"), _inverted("kinds")


def form(publication: Publication) -> Form:
    """Return what the publication is to someone who cites it.

    Its type says so. Where the type says nothing, the field of its venue and the kind
    do; a paper of a meeting that appeared in a journal is cited by the journal.
    """
    if publication.kind is Kind.PREPRINT:
        return Form.PREPRINT
    found = _TYPES.get(publication.entry_type, Form.OTHER)
    if found is Form.ARTICLE:
        subtype = (publication.text("entrysubtype") or "").lower()
        return Form(f"article-{subtype}") if subtype in _SUBTYPES else found
    if found is Form.CHAPTER and publication.kind in _MEETINGS:
        return Form.PAPER
    if publication.entry_type == "book" and _is_in_book(publication):
        return Form.CHAPTER
    if found is Form.OTHER:
        return _KINDS.get(publication.kind) or _by_venue(publication)
    return found


def _by_venue(publication: Publication) -> Form:
    if publication.text("journal"):
        return Form.ARTICLE
    return Form.PAPER if publication.text("booktitle") else Form.OTHER


def _is_in_book(publication: Publication) -> bool:
    """Tell whether a ``@book`` itself names another book as the one that it is in."""
    own = {field.name for field in publication.source.fields}
    title = publication.text("title")
    return "booktitle" in own and publication.text("booktitle") != title


def container(publication: Publication) -> str | None:
    """Return the title of what the publication is a part of: a journal, a book."""
    found = form(publication)
    in_book = publication.entry_type == "bookinbook"
    name = publication.text(*(_BOOK if in_book else found.containers))
    if found.in_journal and name == publication.text("journal"):
        return publication.text("fjournal") or name
    if name is None and found is Form.PAPER and publication.kind in _MEETINGS:
        return publication.text("howpublished")
    whole = publication.text("maintitle") if found.containers else None
    return f"{whole}: {name}" if whole and name and whole != name else name or whole


def short_container(publication: Publication) -> str | None:
    """Return the container's short name."""
    if not container(publication):
        return None
    if publication.text("fjournal"):
        return publication.text("shortjournal", "journal")
    return publication.venue.short if publication.venue else None


def publisher(publication: Publication) -> str | None:
    """Return who published it: a publisher, an archive, a university, a holder."""
    found = form(publication)
    if found is Form.PREPRINT:
        return publication.venue.name if publication.venue else None
    if found is Form.PATENT and (holders := publication.people("holder")):
        return "; ".join(creator.name for creator in holders.names)
    fields = ["publisher", "organization", "institution", "school", "howpublished"]
    if found in {Form.THESIS, Form.REPORT}:
        fields = ["school", "institution", *fields]
    name = publication.text(*fields)
    # An address is where it is, and a container is named already.
    known = name == container(publication) == publication.text("howpublished")
    return None if name and (known or "://" in name) else name


def genre(publication: Publication) -> str | None:
    """Return what sort of thesis, report or patent it is, if that says more."""
    said = publication.text("type")
    if form(publication) is Form.THESIS:
        said = said or publication.entry_type
    if not said or said == "thesis":
        return None
    known: str | None = _TABLE["genres"].get(said.lower())
    return known or said
