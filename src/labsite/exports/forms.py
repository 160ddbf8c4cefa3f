"""What a publication is, in words common to all formats."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from labsite.model.records import Kind

if TYPE_CHECKING:
    from labsite.model.records import Publication

_JOURNAL = ("journal", "booktitle")
_BOOK = ("booktitle", "journal")


class Form(Enum):
    """What a publication is to someone who cites it.

    CSL's types are those of its specification 1.0.2, appendix III; RIS has those that
    reference managers read, schema.org classes of creative works.
    """

    ARTICLE = "article-journal", "JOUR", "ScholarlyArticle", _JOURNAL
    MAGAZINE = "article-magazine", "MGZN", "ScholarlyArticle", _JOURNAL
    NEWSPAPER = "article-newspaper", "NEWS", "NewsArticle", _JOURNAL
    PAPER = "paper-conference", "CONF", "ScholarlyArticle", _BOOK
    CHAPTER = "chapter", "CHAP", "Chapter", _BOOK
    ENTRY = "entry-encyclopedia", "ENCYC", "Chapter", _BOOK
    PREPRINT = "article", "UNPB", "ScholarlyArticle", ()
    BOOK = "book", "BOOK", "Book", ()
    THESIS = "thesis", "THES", "Thesis", ()
    REPORT = "report", "RPRT", "Report", ()
    PATENT = "patent", "PAT", "CreativeWork", ()
    SOFTWARE = "software", "COMP", "CreativeWork", ()
    DATASET = "dataset", "DATA", "Dataset", ()
    STANDARD = "standard", "STAND", "CreativeWork", ()
    MANUSCRIPT = "manuscript", "MANSCPT", "ScholarlyArticle", ()
    WEBPAGE = "webpage", "ELEC", "CreativeWork", ()
    OTHER = "document", "GEN", "ScholarlyArticle", ()

    def __init__(
        self, csl: str, ris: str, schema: str, containers: tuple[str, ...]
    ) -> None:
        self.csl = csl
        self.ris = ris
        self.schema = schema
        #: Fields of which the first holds what the publication is a part of.
        self.containers = containers

    @property
    def in_journal(self) -> bool:
        """Whether it is a part of a periodical."""
        return self.containers is _JOURNAL


_BY_TYPE = {
    **dict.fromkeys(("article", "review", "suppperiodical"), Form.ARTICLE),
    **dict.fromkeys(("inproceedings", "conference"), Form.PAPER),
    **dict.fromkeys(("inbook", "incollection", "suppbook", "suppcollection"),
                    Form.CHAPTER),
    "inreference": Form.ENTRY,
    **dict.fromkeys(
        ("book", "mvbook", "bookinbook", "booklet", "manual", "collection", "reference",
         "mvcollection", "mvreference", "proceedings", "mvproceedings"),
        Form.BOOK,
    ),
    **dict.fromkeys(("phdthesis", "mastersthesis", "thesis"), Form.THESIS),
    **dict.fromkeys(("report", "techreport"), Form.REPORT),
    "patent": Form.PATENT,
    "software": Form.SOFTWARE,
    "dataset": Form.DATASET,
    "standard": Form.STANDARD,
    "unpublished": Form.MANUSCRIPT,
    **dict.fromkeys(("online", "electronic", "www", "webpage", "web_page"),
                    Form.WEBPAGE),
}  # fmt: skip
_MEETINGS = {Kind.CONFERENCE, Kind.WORKSHOP, Kind.DEMO}
#: For entries whose type says nothing: what they say to be.
_BY_KIND = {
    **dict.fromkeys(_MEETINGS, Form.PAPER),
    Kind.JOURNAL: Form.ARTICLE,
    Kind.BOOK: Form.BOOK,
    Kind.THESIS: Form.THESIS,
    Kind.REPORT: Form.REPORT,
    Kind.PATENT: Form.PATENT,
    Kind.SOFTWARE: Form.SOFTWARE,
}
_BY_SUBTYPE = {"magazine": Form.MAGAZINE, "newspaper": Form.NEWSPAPER}
#: biblatex's words for sorts of works (its manual, 4.9.2.13), in English.
_GENRES = {
    "phdthesis": "PhD thesis",
    "mastersthesis": "Master's thesis",
    "mathesis": "Master's thesis",
    "bathesis": "Bachelor's thesis",
    "candthesis": "Candidate thesis",
    "techreport": "Technical report",
    "resreport": "Research report",
    "software": "Computer software",
    "datacd": "CD-ROM",
    "audiocd": "Audio CD",
    "patent": "Patent",
    "patreq": "Patent request",
}
_COUNTRIES = {"de": "German", "eu": "European", "fr": "French", "uk": "British",
              "us": "U.S."}  # fmt: skip


def form(publication: Publication) -> Form:
    """Return what the publication is to someone who cites it.

    Its type says so. Where the type says nothing, the field of its venue and the kind
    do; a paper of a meeting that appeared in a journal is cited by the journal.
    """
    if publication.kind is Kind.PREPRINT:
        return Form.PREPRINT
    found = _BY_TYPE.get(publication.entry_type, Form.OTHER)
    if found is Form.ARTICLE:
        subtype = (publication.text("entrysubtype") or "").lower()
        return _BY_SUBTYPE.get(subtype, found)
    if found is Form.CHAPTER and publication.kind in _MEETINGS:
        return Form.PAPER
    if publication.entry_type == "book" and _is_in_book(publication):
        return Form.CHAPTER
    if found is Form.OTHER:
        return _BY_KIND.get(publication.kind) or _by_venue(publication)
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
    return f"{whole}: {name}" if whole and name and whole != name else name


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
    for country, name in _COUNTRIES.items():
        stem = said.removesuffix(country)
        if stem in {"patent", "patreq"} and stem != said:
            return f"{name} {_GENRES[stem].lower()}"
    return _GENRES.get(said.lower(), said)
