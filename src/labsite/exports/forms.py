"""What a publication is to someone who cites it: the table ``forms.toml``."""

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
#: biblatex's words for sorts of works -> English.
GENRES: Mapping[str, str] = _TABLE["genres"]
_SUBTYPES = {"magazine", "newspaper"}
#: What papers are presented at.
MEETINGS = {Kind.CONFERENCE, Kind.WORKSHOP, Kind.DEMO}


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """A sort of work that publications are a part of, or come from."""

    schema: str | None = None  #: the class in schema.org
    fields: tuple[str, ...] = ()  #: of which the first has its title
    #: CSL's variable -> the tag, where it is not the usual one.
    ris: Mapping[str, str] = field(default_factory=dict)
    highwire: Mapping[str, str] = field(default_factory=dict)


_WITHIN = {name: Within(**row) for name, row in _TABLE["within"].items()}
_NOTHING = Within()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A sort of publication, in the words of each format."""

    csl: str
    ris: str
    schema: str = "CreativeWork"
    within: str = ""  #: what publications of this sort are a part of
    types: str = ""  #: of entries
    kinds: str = ""  #: of entries whose type says nothing

    @property
    def whole(self) -> Within:
        """What publications of this sort are a part of."""
        return _WITHIN.get(self.within, _NOTHING)


FORMS = {name: Form(csl=name, **row) for name, row in _TABLE["forms"].items()}
_TYPES = {t: form for form in FORMS.values() for t in form.types.split()}
_KINDS = {kind: form for form in FORMS.values() for kind in form.kinds.split()}


def form_of(publication: Publication) -> Form:
    """Return what the publication is to someone who cites it.

    Its type says so. Where the type says nothing, the field of its venue and the kind
    do; a paper of a meeting that appeared in a journal is cited by the journal.
    """
    if publication.kind is Kind.PREPRINT:
        return FORMS["article"]
    found = _TYPES.get(publication.entry_type)
    if found is None:
        return _KINDS.get(publication.kind) or FORMS[_by_venue(publication)]
    if found.csl == "article-journal":
        subtype = (publication.text("entrysubtype") or "").lower()
        return FORMS[f"article-{subtype}"] if subtype in _SUBTYPES else found
    if found.csl == "chapter" and publication.kind in MEETINGS:
        return FORMS["paper-conference"]
    if publication.entry_type == "book" and _is_in_book(publication):
        return FORMS["chapter"]
    return found


def _by_venue(publication: Publication) -> str:
    if publication.text("journal"):
        return "article-journal"
    return "paper-conference" if publication.text("booktitle") else "document"


def _is_in_book(publication: Publication) -> bool:
    """Tell whether a ``@book`` itself names another book as the one that it is in."""
    own = {field.name for field in publication.source.fields}
    title = publication.text("title")
    return "booktitle" in own and publication.text("booktitle") != title


def names_of(form: str, *, people: bool = False) -> dict[str, str]:
    """Return what CSL's variables of single fields are called in another format.

    :param form: "ris", "highwire" or "schema", as in the table of fields
    :param people: those of name lists, under the fields' names, and no others
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
