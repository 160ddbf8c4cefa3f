"""From what a member has of papers to a file with their entries, or to why not."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from labsite.bibtex.keys import is_key
from labsite.bibtex.reader import read_library
from labsite.checks import check_entries
from labsite.checks.names import check_near_misses
from labsite.editing.duplicates import Duplicate, Known, find_duplicate, gains
from labsite.editing.importing import NewEntry, make_entry
from labsite.editing.insertion import insert_entries
from labsite.editing.source import Change
from labsite.model.problems import LabsiteError, Rule, Severity
from labsite.text.names import parse_creator, parse_creators

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from labsite.editing.house_style import HouseStyle
    from labsite.model.dates import PartialDate
    from labsite.model.problems import Problem
    from labsite.model.records import Creator, Publication

#: Rules of which the notes of the new entry speak.
_SAID = {Rule.UNKNOWN_VENUE, Rule.AND_OTHERS, Rule.SHOUTING_TITLE}
#: What problems call the record.
PASTE = "standard input"
#: Marks of footnotes at a name, some of which publishers write as mathematics, and the
#: number by which DBLP tells namesakes apart, in the place of a family name.
_MARKS = re.compile(
    r"\$[^$]*\$|[*#^\u2020\u2021\u00a7\u00b6\u2217]|(?<=\D)\d+(?=,|$)|^\d{4}, "
)
_LIST = 3  #: parts between commas that are more than a name, or a name and "Jr"
#: Those that mean equal contribution where several names have one, the surest first.
_EQUAL_MARKS = "*\u2217\u2020"


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A new entry, and what to tell the member."""

    publication: Publication
    notes: tuple[str, ...]
    wrong: bool  #: whether 'labsite check' finds an error in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A paper that was not added, and why."""

    message: str
    known: bool  #: whether it is there already, in this version or another


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch(Change):
    """A file with new entries, and what has become of each paper."""

    added: tuple[Added, ...]
    left: tuple[Left, ...]


def add_papers(
    records: Iterable[Publication],
    house: HouseStyle,
    files: Sequence[tuple[str, bytes]],
    *,
    topics: Sequence[str],
    today: PartialDate,
    key: str | None = None,
) -> Batch:
    """Put papers that are not there yet into the first of the files.

    :param records: from :func:`read_records`
    :param files: name and content of each file of the bibliography
    :param topics: tokens of topics, the same for each paper
    :param today: the day, by which a check may ask for what is overdue
    :param key: the citation key of the one paper, if the house rule is not to make it
    :raises LabsiteError: if the key cannot be
    """
    if key is not None:
        _check_key(key, house)
    known = [Known.of(publication) for publication in house.library.every_version]
    plan = [_plan(record, known, house, topics, key) for record in records]
    left = tuple(each for each in plan if isinstance(each, Left))
    new = [each for each in plan if isinstance(each, NewEntry)]
    file, before = files[0]
    if not new:
        return Batch(file=file, before=before, after=before, added=(), left=left)
    inserted = insert_entries(files, file, {each.key: each.text for each in new})
    library = inserted.library
    problems = [*library.problems, *check_entries(library, today, own=True)]
    problems += check_near_misses(inserted.publications, house.identities)
    pairs = zip(inserted.publications, new, strict=True)
    added = tuple(_report(publication, each, problems) for publication, each in pairs)
    return Batch(file=file, before=before, after=inserted.after, added=added, left=left)


def _plan(
    record: Publication,
    known: list[Known],
    house: HouseStyle,
    topics: Sequence[str],
    key: str | None,
) -> NewEntry | Left:
    """Return a paper's new entry, which is known from then on, or why it has none."""
    name = f"'{record.title}'" if str(record.title) else record.key
    try:
        new = make_entry(record, house, topics, key)
    except LabsiteError as error:
        return Left(message=f"{name}: {error}", known=False)
    duplicate = find_duplicate(record, known)
    if duplicate and duplicate.certain:
        return Left(message=f"{name}: {_say_duplicate(duplicate, new)}", known=True)
    if duplicate:
        doubt = (
            f"{duplicate.reason}; look at the two: if they are versions of one work, "
            f"type\n  labsite publish {duplicate.publication.key} {new.key}"
        )
        new = replace(new, notes=(*new.notes, doubt))
    known.append(Known.of(replace(record, key=new.key)))
    house.keys.add(new.key.lower())
    return new


def _report(
    publication: Publication, new: NewEntry, problems: Sequence[Problem]
) -> Added:
    own = [p for p in problems if p.key == publication.key]
    said = [p.message for p in own if p.rule not in _SAID]
    wrong = any(p.severity is Severity.ERROR for p in own)
    return Added(publication=publication, notes=(*new.notes, *said), wrong=wrong)


def read_records(
    bibtex: str, house: HouseStyle
) -> tuple[list[Publication], list[Left]]:
    """Return the publications in *bibtex*, which may use the house's macros.

    :returns: and what could not be read of it, for the member
    """
    library = read_library([("macros", house.macro_definitions), (PASTE, bibtex)])
    read = sorted(library.every_version, key=lambda p: p.source.line)
    records = [
        replace(each, creators=_clean_names(_split_names(each))) for each in read
    ]
    lost = library.entries - len(records)
    keys = {record.key for record in records}
    problems = [p for p in library.problems if p.file == PASTE and p.key not in keys]
    message = "\n".join(map(str, problems)) or "there is no publication in it"
    left = [Left(message=message, known=False)] if lost or not records else []
    return records, left


def _split_names(record: Publication) -> Publication:
    """Return a record whose names some tool has joined by other signs than "and"."""
    text = dict(record.fields).get("author", "")
    sign = ";" if ";" in text else ","
    parts = [part.strip() for part in text.split(sign) if part.strip()]
    if re.search(r"\sand\s|[{}&]", text) or (sign == "," and len(parts) < _LIST):
        return record
    if sign == "," and not all(" " in part for part in parts):
        if len(parts) % 2:
            return record
        pairs = zip(parts[::2], parts[1::2], strict=True)
        parts = [f"{family}, {given}" for family, given in pairs]
    creators, _ = parse_creators(" and ".join(parts), lambda _: None)
    return replace(record, creators=creators)


def _clean_names(record: Publication) -> tuple[Creator, ...]:
    """Return the creators without marks; one mark at several is equal contribution."""
    marked = [set(_MARKS.findall(creator.name)) for creator in record.creators]
    counted = Counter(mark for marks in marked for mark in marks)
    equal = next((m for m in _EQUAL_MARKS if counted[m] > 1), None)
    return tuple(
        replace(_clean_name(creator), annotations=("equal",))
        if equal in marks and not creator.annotations
        else _clean_name(creator)
        for creator, marks in zip(record.creators, marked, strict=True)
    )


def _clean_name(creator: Creator) -> Creator:
    """Return a name without the marks of footnotes that publishers leave in it."""
    parts = (creator.family_name, creator.suffix, creator.given)
    written = ", ".join(filter(None, parts))  # as BibTeX has it
    plain = _MARKS.sub("", written)
    if creator.literal or plain == written:
        return creator
    return parse_creator(plain, lambda _: None) or creator


def _check_key(key: str, house: HouseStyle) -> None:
    if not is_key(key):
        msg = f"'{key}' is not a key; use letters, digits, '-', '_', '.' and ':'"
        raise LabsiteError(msg)
    if key.lower() in house.keys:
        msg = f"the key '{key}' is taken; choose another, or leave --key out"
        raise LabsiteError(msg)


def _say_duplicate(duplicate: Duplicate, new: NewEntry) -> str:
    """Return why a paper was not added, and the command that adds what is missing."""
    known = duplicate.publication
    values = {name: value.strip("{}") for name, value in new.fields}
    paper = values.get("doi") or values.get("eprint") or ""
    command = f"labsite publish {known.key} {paper}".rstrip()
    message = f"{duplicate.reason}; nothing was added"
    if duplicate.published:
        return (
            f"{message}. That entry is the preprint; to publish it, type\n  {command}"
        )
    if duplicate.version:
        return (
            f"{message}. If this is another version of it, type\n  {command}\n"
            "If it is another paper, add it with a title that says so"
        )
    missing = ", ".join(name for name, _ in gains(known, new))
    if not missing:
        return message
    return (
        f"{message}. That entry lacks {missing}, which this record has; to write it "
        f"there, type\n  {command}"
    )
