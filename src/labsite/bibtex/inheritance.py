"""The fields of an entry: its own, under one name each, and those it inherits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.bibtex.fields import canonical_name, known_field
from labsite.bibtex.source import find_place
from labsite.model.problems import Problem, Rule, Severity, quote
from labsite.text.latex import decode, decode_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from labsite.bibtex.parser import Entry
    from labsite.model.records import FieldSource, RichText

#: A date is inherited as one, or not at all.
_DATE_FIELDS = {"date", "year", "month"}
#: Characters of an entry that lends to others, each of which is then as long; more
#: than the proceedings of any meeting have.
_LONGEST_PARENT = 5000
#: Entry types that hold what others inherit and are no publications themselves.
CONTAINER_TYPES = {"proceedings", "mvproceedings", "collection", "xdata", "set"}


class EntryFields:
    """What an entry says, and where to complain about it."""

    def __init__(
        self, entry: Entry, parents: Mapping[str, Entry], problems: list[Problem]
    ) -> None:
        self.entry = entry
        self.problems = problems
        self._written: dict[str, FieldSource] = {}
        self.fields = self._own_fields()
        self._inherit(parents)

    def complain(
        self,
        rule: Rule,
        message: str,
        field: str | FieldSource | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note a problem of the entry, at *field* if one is to blame."""
        if isinstance(field, str):
            # A field read under its synonym stands in the file under its name there.
            field = self._written.get(canonical_name(field), field)
        self.problems.append(entry_problem(self.entry, rule, message, field, severity))

    def get(self, name: str) -> str:
        """Return a field undecoded; the empty text where there is none."""
        return self.fields.get(name, "")

    def rich(self, name: str) -> RichText | None:
        """Return a field decoded, ``None`` if nothing is left of it."""
        text = self.fields.get(name)
        rich = decode(text) if text else None
        return rich if rich and str(rich).strip() else None

    def plain(self, name: str) -> str | None:
        """Return a field as plain Unicode, ``None`` if nothing is left of it."""
        text = self.fields.get(name)
        return (decode_plain(text) or None) if text else None

    def _own_fields(self) -> dict[str, str]:
        fields: dict[str, str] = {}
        written: set[str] = set()
        for field in self.entry.source.fields:
            name = canonical_name(field.name)
            self._written.setdefault(name, field)
            if field.name in written:
                message = "the entry has this field twice; the first one counts"
                self.complain(Rule.DUPLICATE_FIELD, message, field)
            elif field.value:
                # ACM writes "address" and "location" in one entry: the first counts.
                fields.setdefault(name, field.value)
            written.add(field.name)
        return fields

    def _inherit(self, parents: Mapping[str, Entry]) -> None:
        """Take over what is missing from the ``crossref`` parent, one level deep."""
        parent_key = self.fields.get("crossref")
        if parent_key is None:
            return
        parent = parents.get(parent_key.lower())
        if parent is None or parent is self.entry:
            message = f"there is no entry {quote(parent_key)}"
            self.complain(Rule.UNKNOWN_CROSSREF, message, "crossref")
            return
        if len(parent.source.text) > _LONGEST_PARENT:
            message = f"'{parent_key}' is too long to lend its fields; write them here"
            self.complain(Rule.UNKNOWN_CROSSREF, message, "crossref")
            return
        own_date = not _DATE_FIELDS.isdisjoint(self.fields)
        for field in parent.source.fields:
            name = canonical_name(field.name)
            if name == "title" and parent.entry_type in CONTAINER_TYPES | {"book"}:
                self.fields.setdefault("booktitle", field.value)
            elif _is_inherited(name, own_date=own_date) and field.value:
                self.fields.setdefault(name, field.value)


def _is_inherited(name: str, *, own_date: bool) -> bool:
    known = known_field(name)
    own = known is not None and not known.inherited
    return not own and not (own_date and name in _DATE_FIELDS)


def entry_problem(
    entry: Entry,
    rule: Rule,
    message: str,
    field: str | FieldSource | None = None,
    severity: Severity = Severity.ERROR,
) -> Problem:
    """Return a problem of *entry*, at *field* if one is to blame."""
    name = field if isinstance(field, str) or field is None else field.name
    line, column = find_place(entry.source, field)
    return Problem(
        rule=rule,
        message=f"{name}: {message}" if name else message,
        file=entry.source.file,
        line=line,
        column=column,
        key=entry.key,
        severity=severity,
    )
