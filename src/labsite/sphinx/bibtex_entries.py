"""Our records as pybtex entries, for sphinxcontrib-bibtex.

The entries carry what was decoded already, so that a citation, a bibliography and a
publication list say a name or a title in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from docutils import nodes
from pybtex.database import BibliographyData, Entry, Person, RichFieldProxyDict
from pybtex.richtext import Tag, Text
from pybtex_docutils import Backend

from labsite.model.rich_text import RichText, Style
from labsite.text.latex import decode
from labsite.text.mathml import complaint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from labsite.model.records import Creator, Publication

#: pybtex's names of our styles, as far as its docutils back end knows them.
_TAGS = {
    Style.EMPHASIS: "em",
    Style.STRONG: "strong",
    Style.LITERAL: "tt",
    Style.SUPERSCRIPT: "sup",
    Style.SUBSCRIPT: "sub",
    Style.MATH: "math",
}
Backend.tags["math"] = nodes.math
_NAME_FIELDS = {"author", "editor"}


class RecordBibliography(BibliographyData):  # type: ignore[misc]  # no types
    """The publications as pybtex's data, each under all of its keys."""

    def __init__(self, publications: Iterable[Publication] = ()) -> None:
        super().__init__()
        self.entries = RecordEntries(publications)

    def __reduce__(self) -> tuple[type[RecordBibliography], tuple[()]]:
        """Leave the entries out of Sphinx's environment: each build fills them in."""
        return RecordBibliography, ()


class RecordEntries(Mapping[str, "RecordEntry"]):
    """Entries that are made when somebody asks: prose cites few of all."""

    def __init__(self, publications: Iterable[Publication]) -> None:
        self._publications = {
            key: publication
            for publication in publications
            for key in (publication.key, *publication.aliases)
        }
        self._made: dict[str, RecordEntry] = {}

    def __getitem__(self, key: str) -> RecordEntry:
        if key not in self._made:
            entry = RecordEntry(self._publications[key])
            entry.key = key
            self._made[key] = entry
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._publications)

    def __len__(self) -> int:
        return len(self._publications)


class RecordEntry(Entry):  # type: ignore[misc]  # pybtex carries no types
    """An entry whose rich fields are the record's, not decoded anew by pybtex."""

    def __init__(self, publication: Publication) -> None:
        people = [RecordPerson(creator) for creator in publication.creators]
        fields = {k: v for k, v in publication.fields if k not in _NAME_FIELDS}
        issued = publication.issued
        fields["year"] = str(issued.year) if issued else "n.d."
        if publication.venue and "journal" not in fields | {"booktitle": ""}:
            fields.setdefault("booktitle", publication.venue.name)
        super().__init__(publication.entry_type, fields, {"author": people})

    @property
    def rich_fields(self) -> RichFieldProxyDict:
        """The fields as rich text, each decoded when it is asked for."""
        return _RichFields(self.fields)


class _RichFields(RichFieldProxyDict):  # type: ignore[misc]  # pybtex carries no types
    def __getitem__(self, name: str) -> Text:
        return to_pybtex(decode(self._fields[name]))


class RecordPerson(Person):  # type: ignore[misc]  # pybtex carries no types
    """A person whose parts are decoded already."""

    def __init__(self, creator: Creator) -> None:
        super().__init__()
        self.first_names = [creator.given] if creator.given else []
        self.prelast_names = [creator.particle] if creator.particle else []
        self.last_names = [creator.family]
        self.lineage_names = [creator.suffix] if creator.suffix else []

    @property
    def rich_first_names(self) -> list[Text]:
        """The given names."""
        return [Text(name) for name in self.first_names]

    @property
    def rich_prelast_names(self) -> list[Text]:
        """The particles."""
        return [Text(name) for name in self.prelast_names]

    @property
    def rich_last_names(self) -> list[Text]:
        """The family names."""
        return [Text(name) for name in self.last_names]

    @property
    def rich_lineage_names(self) -> list[Text]:
        """The suffixes."""
        return [Text(name) for name in self.lineage_names]


def to_pybtex(rich: RichText) -> Text:
    """Return *rich* as pybtex's rich text; what cannot be drawn in plain Unicode."""
    parts = []
    for span in rich.spans:
        drawn = span.style is not Style.MATH or not complaint(span.text)
        tag = _TAGS.get(span.style) if drawn else None
        parts.append(Tag(tag, span.text) if tag else str(span))
    return Text(*parts)
