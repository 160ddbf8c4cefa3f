"""The fields of an entry under their canonical names, own and inherited ones."""

from __future__ import annotations

import re
from collections.abc import Mapping

from labsite.bibtex.fields import WHOLE_TYPES, canonical_name, known_field
from labsite.bibtex.parser import Entry
from labsite.bibtex.reporting import find_field, problem
from labsite.model.problems import Problem, Rule, quote
from labsite.model.rich_text import RichText
from labsite.model.sources import FieldSource
from labsite.text.latex import decode, decode_plain
from labsite.text.names import split_names
from labsite.text.values import parse_tokens

#: A date is inherited as a whole, unless both entries have the same year.
_DATE_FIELDS = {"date", "year", "month", "day"}
#: Limits against entries that would make each other ever longer.
_MAX_PARENT = 5000  #: characters of an entry that others inherit from
_MAX_STEPS = 10  #: generations
_MAX_XDATA = 10  #: entries in one ``xdata`` field
_BOOKS = {"book", "mvbook"}
_PARTS_OF_BOOKS = {"inbook", "bookinbook", "suppbook"}
#: The beginning of a parent's type -> the prefix of its titles in a child.
_PREFIXES = {"mv": "main", "periodical": "journal", "": "book"}
#: Fields that entries for biblatex have and entries for BibTeX do not.
_BIBLATEX_FIELDS = {"date", "journaltitle", "location"}
#: Fields of papers that have no volume and no pages yet, as Wiley writes them.
_UNKNOWN = re.compile(r"(?:volume|number|pages)=(?:n/a(?:--?n/a)?|no--?no)")
_TITLES = ("title", "subtitle", "titleaddon")
#: A reference to one field of an ``@xdata`` entry (biblatex manual, 3.14).
_REFERENCE = re.compile(
    r"xdata\s*=\s*([^\s,{}]+?)-([A-Za-z]+)(?:-(\d{1,4}))?", re.IGNORECASE
)


class EntryFields:
    """The fields of an entry, and the list for its problems."""

    def __init__(self, entry: Entry, problems: list[Problem]) -> None:
        self.entry = entry
        self.problems = problems
        self._inherits = True
        self.has_parents = False
        self.lacks_fields = entry.cut_short
        self.fields: dict[str, str] = {}
        #: Whether "and" separates the items of lists: in BibTeX's files it does so in
        #: names only, as in the publisher "Springer Science and Business Media".
        self.for_biblatex = False
        names: set[str] = set()
        # ACM writes the publisher's "address" and the meeting's "location".
        has_address = any(f.name == "address" and f.value for f in entry.source.fields)
        # Neither BibTeX nor biblatex has "place": it counts where it stands alone.
        for field in sorted(entry.source.fields, key=lambda f: f.name == "place"):
            if field.name in names:
                message = "the entry has this field twice; delete one, the first counts"
                self.report(Rule.DUPLICATE_FIELD, message, field)
            elif field.value and not _UNKNOWN.fullmatch(f"{field.name}={field.value}"):
                is_meeting = has_address and field.name == "location"
                name = "venue" if is_meeting else canonical_name(field.name)
                self.fields.setdefault(name, field.value)
                self.for_biblatex |= field.name in _BIBLATEX_FIELDS and not is_meeting
            names.add(field.name)

    def report(
        self, rule: Rule, message: str, field: FieldSource | str | None = None
    ) -> None:
        """Add a problem of the entry, or of one of its fields."""
        own = find_field(self.entry.source, field) if isinstance(field, str) else field
        if field:
            message = f"{own.name if own else field}: {message}"
        self.problems.append(problem(self.entry, rule, message, own))

    def get(self, name: str) -> str:
        """Return the undecoded value of a field, "" if it is missing."""
        return self.fields.get(name, "")

    def rich(self, name: str) -> RichText | None:
        """Return the decoded value of a field, ``None`` if it is blank."""
        rich = decode(self.get(name))
        return rich if str(rich).strip() else None

    def plain(self, name: str) -> str | None:
        """Return the value of a field as plain Unicode, ``None`` if it is blank."""
        return decode_plain(self.get(name)) or None

    def is_undefined(self, name: str) -> bool:
        """Return whether a field may begin with an undefined macro."""
        field, key = find_field(self.entry.source, name), self.entry.key
        keys = (p.key for p in self.problems if p.rule is Rule.UNDEFINED_MACRO)
        return bool(field and field.verbatim[0] not in '{"0123456789' and key in keys)

    def inherit(self, entries: Mapping[str, EntryFields], steps: int = 0) -> None:
        """Add missing fields from the *entries* in ``xdata`` and ``crossref``."""
        if not self._inherits or steps > _MAX_STEPS:
            return
        self._inherits = False
        for key in parse_tokens(self.get("xdata"))[:_MAX_XDATA]:
            if parent := self._find_parent("xdata", key, entries, steps):
                for name, value in parent.fields.items():
                    if name != "ids":
                        self.fields.setdefault(name, value)
        for name, value in list(self.fields.items()):
            if "xdata" in value[: value.find("=")].lower():
                self._resolve_references(name, value, entries, steps)
        key = self.get("crossref")
        if key and (parent := self._find_parent("crossref", key, entries, steps)):
            own = self.get("date") or self.get("year")
            types = parent.entry.entry_type, self.entry.entry_type
            # A parent's booktitle goes before its title, as in BibTeX's styles.
            for name in sorted(parent.fields, key=_TITLES.__contains__):
                if name not in _DATE_FIELDS or own in {"", parent.get("year")}:
                    for target in _targets(name, *types):
                        self.fields.setdefault(target, parent.fields[name])

    def _find_parent(
        self, field: str, key: str, entries: Mapping[str, EntryFields], steps: int
    ) -> EntryFields | None:
        self.has_parents = True
        parent = entries.get(key.lower())
        if parent is None or parent is self:
            message = f"there is no entry {quote(key)}; write the key of another one"
        else:
            parent.inherit(entries, steps + 1)
            if sum(map(len, parent.fields.values())) <= _MAX_PARENT:
                self.for_biblatex |= parent.for_biblatex
                return parent
            message = f"'{key}' is too long to inherit from; write its fields here"
        self.report(Rule.UNKNOWN_CROSSREF, message, field)
        self.lacks_fields = True
        return None

    def _resolve_references(
        self, name: str, value: str, entries: Mapping[str, EntryFields], steps: int
    ) -> None:
        """Replace the references in a field by the fields or names they refer to."""
        items: list[str] = []
        for item in split_names(value):
            found = _REFERENCE.fullmatch(item)
            parent = found and self._find_parent(name, found[1], entries, steps)
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
    """Return the names of a parent's field in a child (biblatex manual, appendix B)."""
    if name in _TITLES:
        is_part = child not in WHOLE_TYPES or parent.startswith("mv")
        if parent not in WHOLE_TYPES or not is_part:
            return (name,)
        prefix = next(p for kind, p in _PREFIXES.items() if parent.startswith(kind))
        return (canonical_name(prefix + name),)
    if name == "author" and parent in _BOOKS and child in _PARTS_OF_BOOKS:
        return ("author", "bookauthor")
    known = known_field(name)
    return () if known and not known.inherited else (name,)
