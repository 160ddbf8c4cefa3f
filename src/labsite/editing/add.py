"""From what a member has of a paper to a file with its entry, or to why not."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from labsite.bibtex.reader import read_library
from labsite.bibtex.writer import render_field
from labsite.checks import check_entries
from labsite.checks.near_misses import check_near_misses
from labsite.editing.duplicates import Duplicate, find_duplicate, gains
from labsite.editing.importing import IncompleteError, make_entry
from labsite.editing.insertion import insert_entry
from labsite.editing.keys import is_key
from labsite.model.problems import Rule
from labsite.text.names import parse_creator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labsite.editing.house_style import HouseStyle
    from labsite.editing.importing import NewEntry
    from labsite.editing.insertion import Inserted
    from labsite.model.dates import PartialDate
    from labsite.model.records import Creator, Publication

#: Rules of which the notes of the new entry speak.
_SAID = {Rule.UNKNOWN_VENUE, Rule.AND_OTHERS, Rule.SHOUTING_TITLE}
#: What problems call the record.
PASTE = "standard input"
#: "@article{," of ACM and "@article{" with no key at all.
_NO_KEY = re.compile(r"(@[ \t]*\w+\s*[{(])\s*(?:,|(?=[A-Za-z][\w+-]*\s*=))")
_NUMBER = re.compile(r"\d{4}")
_BEGINNING = re.compile(
    r"@[ \t]*(?!(?:string|comment|preamble)\b)[A-Za-z]+\s*[{(]", re.IGNORECASE
)


class NotAddedError(Exception):
    """Nothing was added; the message says why, for the member."""


class DuplicateError(NotAddedError):
    """The paper is there already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A file with the new entry, and what to tell the member."""

    file: str
    before: bytes
    after: bytes
    publication: Publication
    notes: tuple[str, ...]


def add_paper(
    bibtex: str,
    house: HouseStyle,
    files: Sequence[tuple[str, bytes]],
    *,
    topics: Sequence[str],
    today: PartialDate,
    key: str | None = None,
) -> Added:
    """Put the paper that *bibtex* describes into the first of the files.

    :param files: name and content of each file of the bibliography
    :param topics: tokens of topics
    :param today: the day, by which a check may ask for what is overdue
    :param key: the citation key, if the house rule is not to make it
    :raises NotAddedError: if that cannot be done, or has been done before
    """
    if key is not None:
        _check_key(key, house)
    record = read_record(bibtex, house)
    try:
        new = make_entry(record, house, topics, key)
    except IncompleteError as error:
        msg = f"{error}; add it to what you paste"
        raise NotAddedError(msg) from error
    duplicate = find_duplicate(record, house.library)
    if duplicate and duplicate.certain:
        raise DuplicateError(_say_duplicate(duplicate, new))
    target, before = files[0]
    inserted = insert_entry(files, target, new)
    doubts = [_say_doubt(duplicate)] if duplicate else []
    return Added(
        file=target,
        before=before,
        after=inserted.after,
        publication=inserted.publication,
        notes=(*new.notes, *doubts, *_problems(inserted, house, today)),
    )


def _say_doubt(duplicate: Duplicate) -> str:
    return (
        f"{_place(duplicate.publication)} {duplicate.reason} and another DOI; "
        "if it is the same paper, remove one of the two"
    )


def read_record(bibtex: str, house: HouseStyle) -> Publication:
    """Return the one publication in *bibtex*, which may use the house's macros.

    :raises NotAddedError: if there is none, several, or one that cannot be read
    """
    if not _BEGINNING.search(bibtex):
        msg = "there is no entry in what was pasted; it begins with '@type{key,'"
        raise NotAddedError(msg)
    text = _NO_KEY.sub(r"\1record,", bibtex.replace("\r\n", "\n").replace("\r", "\n"))
    library = read_library([("macros", house.macro_definitions), (PASTE, text)])
    if not library.publications:
        problems = [p for p in library.problems if p.file == PASTE]
        msg = "\n".join(map(str, problems)) or "there is no publication in it"
        raise NotAddedError(msg)
    if library.entries > 1:
        msg = f"{library.entries} entries were pasted; paste one at a time"
        raise NotAddedError(msg)
    record = library.publications[0]
    return replace(record, creators=tuple(map(_without_number, record.creators)))


def _without_number(creator: Creator) -> Creator:
    """Return a name without the number by which DBLP tells namesakes apart."""
    if creator.given and _NUMBER.fullmatch(creator.family):
        return parse_creator(creator.given, lambda _: None) or creator
    return creator


def _check_key(key: str, house: HouseStyle) -> None:
    if not is_key(key):
        msg = f"'{key}' is no key; use letters, digits, '-', '_', '.' and ':'"
        raise NotAddedError(msg)
    if key.lower() in house.keys:
        msg = f"the key '{key}' is taken; choose another, or leave --key out"
        raise NotAddedError(msg)


def _say_duplicate(duplicate: Duplicate, new: NewEntry) -> str:
    known = duplicate.publication
    message = f"{_place(known)} {duplicate.reason}; nothing was added"
    missing = gains(known, new)
    if not missing:
        return message
    lines = "\n".join(f"  {render_field(*field)}," for field in missing)
    return f"{message}. That entry lacks what this record has; add to it:\n{lines}"


def _place(publication: Publication) -> str:
    source = publication.source
    return f"{publication.key} ({source.file}:{source.line})"


def _problems(inserted: Inserted, house: HouseStyle, today: PartialDate) -> list[str]:
    """Return what the checks will say of the new entry, in words."""
    library, publication = inserted.library, inserted.publication
    found = [*library.problems, *check_entries(library, today, own=True)]
    found += check_near_misses([publication], house.identities)
    own = [p for p in found if p.key == publication.key and p.rule not in _SAID]
    return [problem.message for problem in own]
