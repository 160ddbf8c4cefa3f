"""The fields of an entry: its own, under one name each, and those it inherits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.bibtex.entry_types import NEEDED, WHOLE_TYPES
from labsite.bibtex.fields import canonical_name, known_field
from labsite.bibtex.reporting import find_field, problem
from labsite.model.problems import Problem, Rule, quote
from labsite.text.latex import decode, decode_plain
from labsite.text.names import split_names
from labsite.text.values import parse_tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from labsite.bibtex.parser import Entry
    from labsite.model.rich_text import RichText

#: A date is inherited as one, or not at all.
_DATE_FIELDS = {"date", "year", "month"}
#: Characters of an entry that lends to others, each of which is then as long; more
#: than the proceedings of any meeting have.
_LONGEST_PARENT = 5000
#: Entries through which one may inherit: more than a paper in a book of many volumes.
_MOST_STEPS = 10
_MOST_XDATA = 10  #: entries of ``xdata`` that count in one entry
_BOOKS = {"book", "mvbook"}
_PARTS_OF_BOOKS = {"inbook", "bookinbook", "suppbook"}
#: The prefix of a work's type -> that of its titles in a part of it.
_PREFIXES = {"mv": "main", "periodical": "journal", "": "book"}
#: Fields that entries for biblatex have, and entries for BibTeX have not.
_OF_BIBLATEX = {"date", "journaltitle", "location"}
_TITLES = ("title", "subtitle", "titleaddon")
#: One field of an ``@xdata`` entry as a value (biblatex manual, 3.14).
_GRANULAR = re.compile(
    r"xdata\s*=\s*([^\s,{}]+?)-([A-Za-z]+)(?:-(\d{1,4}))?", re.IGNORECASE
)


class EntryFields:
    """What an entry says, and where to complain about it."""

    def __init__(self, entry: Entry, problems: list[Problem]) -> None:
        self.entry = entry
        self.problems = problems
        self._inherits = True
        self.fields: dict[str, str] = {}
        self._read_own_fields()
        #: Whether lists are more than text: BibTeX has none but of names, and a
        #: publisher "Springer Science and Business Media".
        self.for_biblatex = any(f.name in _OF_BIBLATEX for f in entry.source.fields)

    def report(self, rule: Rule, message: str, name: str | None = None) -> None:
        """Note a problem of the entry, at a field if one is to blame."""
        if name:
            # A field read under its synonym stands in the file under its name there.
            field = find_field(self.entry.source, name)
            message = f"{field.name if field else name}: {message}"
        self.problems.append(problem(self.entry, rule, message, name))

    def report_missing(self, name: str, message: str) -> None:
        """Note that a field is missing, by how much BibTeX needs it."""
        needed = (name,) in NEEDED.get(self.entry.entry_type, ())
        self.report(Rule.MISSING_FIELD if needed else Rule.INCOMPLETE_ENTRY, message)

    def get(self, name: str) -> str:
        """Return a field undecoded; the empty text where there is none."""
        return self.fields.get(name, "")

    def rich(self, name: str) -> RichText | None:
        """Return a field decoded, ``None`` if nothing is left of it."""
        rich = decode(self.get(name))
        return rich if str(rich).strip() else None

    def plain(self, name: str) -> str | None:
        """Return a field as plain Unicode, ``None`` if nothing is left of it."""
        return decode_plain(self.get(name)) or None

    def _read_own_fields(self) -> None:
        written: set[str] = set()
        for field in self.entry.source.fields:
            if field.name in written:
                message = "the entry has this field twice; the first one counts"
                message = f"{field.name}: {message}"
                self.problems.append(
                    problem(self.entry, Rule.DUPLICATE_FIELD, message, field)
                )
            elif field.value:
                # ACM writes "address" and "location" in one entry: the first counts.
                self.fields.setdefault(canonical_name(field.name), field.value)
            written.add(field.name)

    def inherit(self, known: Mapping[str, EntryFields], steps: int = 0) -> None:
        """Take over what is missing from the entries that the entry names for it.

        :param known: the entries by key in lower case
        :param steps: entries that already wait for what this one says
        """
        if not self._inherits or steps > _MOST_STEPS:
            return
        self._inherits = False
        for key in parse_tokens(self.get("xdata"))[:_MOST_XDATA]:
            if parent := self._find_parent("xdata", key, known, steps):
                for name, value in parent.fields.items():
                    if name != "ids":
                        self.fields.setdefault(name, value)
        for name, value in list(self.fields.items()):
            if "xdata" in value[: value.find("=")].lower():
                self._replace_granular(name, value, known, steps)
        key = self.get("crossref")
        if key and (parent := self._find_parent("crossref", key, known, steps)):
            self._take_over(parent)

    def _find_parent(
        self, field: str, key: str, known: Mapping[str, EntryFields], steps: int
    ) -> EntryFields | None:
        parent, fault = known.get(key.lower()), ""
        if parent is None or parent is self:
            fault = f"there is no entry {quote(key)}"
        else:
            parent.inherit(known, steps + 1)
            if sum(map(len, parent.fields.values())) > _LONGEST_PARENT:
                fault = f"'{key}' is too long to lend its fields; write them here"
        if fault or parent is None:
            self.report(Rule.UNKNOWN_CROSSREF, fault, field)
            return None
        self.for_biblatex |= parent.for_biblatex
        return parent

    def _take_over(self, parent: EntryFields) -> None:
        own_date = "date" in self.fields or "year" in self.fields
        types = parent.entry.entry_type, self.entry.entry_type
        # A booktitle of the parent goes before its title, as BibTeX's users write it.
        for name in sorted(parent.fields, key=_TITLES.__contains__):
            if not (own_date and name in _DATE_FIELDS):
                for target in _targets(name, *types):
                    self.fields.setdefault(target, parent.fields[name])

    def _replace_granular(
        self, name: str, value: str, known: Mapping[str, EntryFields], steps: int
    ) -> None:
        """Put a field of an ``@xdata`` entry, or of it one name, for its mention."""
        items: list[str] = []
        for item in split_names(value):
            found = _GRANULAR.fullmatch(item)
            parent = found and self._find_parent(name, found[1], known, steps)
            if found is None:
                items.append(item)
            elif parent:
                said = parent.get(canonical_name(found[2].lower()))
                number = int(found[3] or 0)
                items += split_names(said)[number - 1 : number] if number else [said]
        self.fields[name] = " and ".join(filter(None, items))
        if not self.fields[name]:
            del self.fields[name]


def _targets(name: str, parent: str, child: str) -> tuple[str, ...]:
    """Return what a parent's field becomes in a child (biblatex manual, appendix B).

    :param parent: the type of the parent; ``child`` is that of the child
    """
    if name in _TITLES and parent in WHOLE_TYPES:
        if child in WHOLE_TYPES and not parent.startswith("mv"):
            return (name,)
        prefix = next(p for kind, p in _PREFIXES.items() if parent.startswith(kind))
        return (canonical_name(prefix + name),)
    if name in _TITLES:
        return (name,)
    if name == "author" and parent in _BOOKS and child in _PARTS_OF_BOOKS:
        return ("author", "bookauthor")
    known = known_field(name)
    return () if known and not known.inherited else (name,)
