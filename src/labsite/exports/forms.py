"""The forms of publications in citations, from ``forms.toml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from labsite.bibtex.fields import FIELDS, Datatype
from labsite.bibtex.reporting import find_field
from labsite.model.records import Kind, Publication
from labsite.model.tables import read_table

_TABLE = read_table(__file__, "forms.toml")
#: biblatex's keys -> English.
KEYS = {key: said for keys in _TABLE["keys"].values() for key, said in keys.items()}
#: Class of schema.org -> CSL's variable -> a property that not every work has.
PROPERTIES = _TABLE["properties"]
#: Kinds of papers at meetings.
MEETINGS = {Kind.CONFERENCE, Kind.WORKSHOP, Kind.DEMO}


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form of publications, with its types in each format (``forms.toml``)."""

    csl: str
    ris: str
    schema: str = "CreativeWork"
    types: str = ""  #: types of entries with this form
    kinds: str = ""  #: kinds of entries with this form, for other types
    container: str = "anything"  #: the type of work that it is a part of
    container_schema: str = ""  #: the class of the container in schema.org
    fields: tuple[str, ...] = ()  #: with the container's title, in order of preference
    #: CSL's variable -> the tag, if it differs from the usual one in such works.
    ris_tags: Mapping[str, str] = field(default_factory=dict)
    highwire_tags: Mapping[str, str] = field(default_factory=dict)


FORMS = {
    name: Form(
        csl=name, **row, **_TABLE["container"].get(row.get("container", "anything"), {})
    )
    for name, row in _TABLE["forms"].items()
}
_TYPES = {t: form for form in FORMS.values() for t in form.types.split()}
_KINDS = {kind: form for form in FORMS.values() for kind in form.kinds.split()}


def form_of(publication: Publication) -> Form:
    """Return the form of a publication: by its type, else by its kind and venue."""
    if publication.kind is Kind.PREPRINT:
        return FORMS["article"]
    text = publication.text
    special = f"article-{(text('entrysubtype') or '').lower()}"
    found = _TYPES.get(publication.entry_type) or _KINDS.get(publication.kind)
    name = found.csl if found else "document"
    if not found and text("journal", "booktitle"):
        name = "article-journal" if text("journal") else "paper-conference"
    elif name == "article-journal" and special in FORMS:
        name = special
    elif name == "chapter" and publication.kind in MEETINGS:
        name = "paper-conference"
    elif name == "manuscript" and (
        text("eventtitle", "venue") or publication.date("eventdate")
    ):
        name = "speech"
    elif publication.entry_type == "book" and text("booktitle") != text("title"):
        # Not a title that it inherits from the series of volumes.
        name = "chapter" if find_field(publication.source, "booktitle") else name
    return FORMS[name]


def names_of(form: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the names in another format, such as "ris", of variables and of roles."""
    names: tuple[dict[str, str], dict[str, str]] = {}, {}
    for row in FIELDS.values():
        if row.csl and (name := getattr(row, form)):
            is_role = row.datatype is Datatype.NAMES
            names[is_role][row.name if is_role else row.csl] = name
    return names


def tagged_people(
    publication: Publication, tags: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Return the tag of the role and the name of everybody; else of the creators."""
    people = [(tag, c) for role, tag in tags.items() for c in publication.people(role)]
    # Directors of a film, for example.
    people = people or [(tags["author"], c) for c in publication.creators]
    return [(tag, creator.inverted_name) for tag, creator in people]


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
