"""The forms of publications in citations, from ``forms.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.bibtex.fields import FIELDS, Datatype
from labsite.model.records import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from labsite.model.records import Publication

_TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
#: biblatex's keys for types of works -> English.
GENRES: Mapping[str, str] = _TABLE["genres"]
_SUBTYPES = {"magazine", "newspaper"}
#: Kinds of papers at meetings.
MEETINGS = {Kind.CONFERENCE, Kind.WORKSHOP, Kind.DEMO}


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """A work that publications are a part of, or come from."""

    schema: str | None = None  #: its class in schema.org
    fields: tuple[str, ...] = ()  #: with its title, in the order of preference
    #: CSL's variable -> the tag, if it differs from the usual one.
    ris: Mapping[str, str] = field(default_factory=dict)
    highwire: Mapping[str, str] = field(default_factory=dict)


_WITHIN = {name: Within(**row) for name, row in _TABLE["within"].items()}
_NOTHING = Within()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of publications, with its types in each format."""

    csl: str
    ris: str
    schema: str = "CreativeWork"
    within: str = ""  #: name of the work that it is a part of
    types: str = ""  #: types of entries with this form
    kinds: str = ""  #: kinds of entries with this form, for other types

    @property
    def whole(self) -> Within:
        """The work that publications of this form are a part of."""
        return _WITHIN.get(self.within, _NOTHING)


FORMS = {name: Form(csl=name, **row) for name, row in _TABLE["forms"].items()}
_TYPES = {t: form for form in FORMS.values() for t in form.types.split()}
_KINDS = {kind: form for form in FORMS.values() for kind in form.kinds.split()}


def form_of(publication: Publication) -> Form:
    """Return the form of a publication: by its type, else by its kind and venue."""
    if publication.kind is Kind.PREPRINT:
        return FORMS["article"]
    found = _TYPES.get(publication.entry_type)
    if found is None:
        return _KINDS.get(publication.kind) or FORMS[_by_venue(publication)]
    if found.csl == "article-journal":
        subtype = (publication.text("entrysubtype") or "").lower()
        return FORMS[f"article-{subtype}"] if subtype in _SUBTYPES else found
    if found.csl == "manuscript" and _is_talk(publication):
        return FORMS["speech"]
    if found.csl == "chapter" and publication.kind in MEETINGS:
        return FORMS["paper-conference"]
    if publication.entry_type == "book" and _is_in_book(publication):
        return FORMS["chapter"]
    return found


def _by_venue(publication: Publication) -> str:
    if publication.text("journal"):
        return "article-journal"
    return "paper-conference" if publication.text("booktitle") else "document"


def _is_talk(publication: Publication) -> bool:
    """Tell whether an ``@unpublished`` names the meeting at which it was presented."""
    return bool(publication.text("eventtitle", "venue") or publication.date("eventdate"))


def _is_in_book(publication: Publication) -> bool:
    """Tell whether a ``@book`` has the title of another book in ``booktitle``."""
    own = {field.name for field in publication.source.fields}
    title = publication.text("title")
    return "booktitle" in own and publication.text("booktitle") != title


def names_of(form: str, *, people: bool = False) -> dict[str, str]:
    """Return the names of the variables of single fields in another format.

    :param form: "ris", "highwire" or "schema", as in the table of fields
    :param people: return those of name lists instead, by the fields' names
    """
    named = ((f, getattr(f, form)) for f in FIELDS.values() if f.csl)
    return {
        f.name if people else f.csl or "": name
        for f, name in named
        if name and people is (f.datatype is Datatype.NAMES)
    }


def tagged(
    item: Mapping[str, str], tags: Mapping[str, str], special: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield tag and text of an item's variables; of those with one tag, the first.

    :param tags: CSL's variable -> its tag; *special* goes before it: "" for none
    """
    written = {""}
    for variable, tag in {**tags, **special}.items():
        text = item.get(variable)
        if text and tag not in written:
            written.add(tag)
            yield tag, text
