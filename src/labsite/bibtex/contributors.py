"""The people of an entry, by role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.bibtex.entry_types import CONTAINER_TYPES, is_needed
from labsite.bibtex.fields import FIELDS, Datatype, canonical_name
from labsite.model.problems import Rule
from labsite.model.records import Contributors
from labsite.text.names import annotate, parse_annotations, parse_creators

if TYPE_CHECKING:
    from labsite.bibtex.inheritance import EntryFields

_NAME_LISTS = [
    f.name for f in FIELDS.values() if f.datatype is Datatype.NAMES and f.is_read
]


def read_contributors(entry: EntryFields) -> tuple[Contributors, ...]:
    """Return everybody whom the entry names, each role once."""
    found: dict[str, Contributors] = {}
    for field in _NAME_LISTS:
        if field not in entry.fields:
            continue
        read = _read_names(entry, field)
        before = found.get(read.role)
        if before:
            names, more = before.names + read.names, before.more or read.more
            read = Contributors(role=read.role, names=names, more=more)
        if read.names:
            found[read.role] = read
    return tuple(found.values())


def read_creators(
    entry: EntryFields, contributors: tuple[Contributors, ...]
) -> Contributors:
    """Return the authors, or the editors where they are the creators."""
    by_role = {people.role: people for people in contributors}
    if "author" in by_role:
        return by_role["author"]
    own = {canonical_name(field.name) for field in entry.entry.source.fields}
    # The editors of a volume are not the authors of a paper in it.
    role = entry.get("editortype").lower() or "editor"
    if "editor" in own and role in by_role:
        return by_role[role]
    entry_type = entry.entry.entry_type
    if "author" not in entry.fields and entry_type not in CONTAINER_TYPES:
        needed = is_needed(entry_type, "author")
        rule = Rule.MISSING_FIELD if needed else Rule.INCOMPLETE_ENTRY
        entry.report(rule, "no author; add author = {Family, Given}")
    return Contributors(role="author", names=())


def _read_names(entry: EntryFields, field: str) -> Contributors:
    def report(message: str) -> None:
        entry.report(Rule.BAD_NAME, message, field)

    names, more = parse_creators(entry.fields[field], report)

    def annotations(name: str) -> dict[int, tuple[str, ...]]:
        def report_annotation(message: str) -> None:
            entry.report(Rule.BAD_ANNOTATION, message, name)

        return parse_annotations(entry.get(name), len(names), report_annotation)

    # Named annotations (biblatex's manual, 3.7) tie an author to a person.
    identifiers = annotations(f"{field}+an:orcid") | annotations(f"{field}+an:id")
    names = annotate(names, annotations(f"{field}+an"), identifiers)
    role = field
    if field.startswith("editor"):
        role = entry.get(f"{field}type").strip().lower() or "editor"
    return Contributors(role=role, names=names, more=more)
