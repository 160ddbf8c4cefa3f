"""Add papers to a bibliography, or explain why they are not added."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import chain

from labsite.bibtex.parser import BibtexText
from labsite.bibtex.reader import read_library
from labsite.checks import check_entries
from labsite.checks.names import check_authors
from labsite.editing.house_style import HouseStyle, clean_creator
from labsite.editing.identifiers import lacking, work_of
from labsite.editing.insertion import insert_entries
from labsite.editing.new_entry import NewEntry, make_entry
from labsite.editing.source import Change
from labsite.model.dates import PartialDate
from labsite.model.problems import LabsiteError, Rule, Severity
from labsite.model.records import Publication
from labsite.site.identity import SHARED, Work, Works, is_published_later

#: The name of the records in messages.
PASTE = "standard input"


class Status(Enum):
    """The outcome for one paper."""

    ADDED = "added"
    WRONG = "added, with an error that 'labsite check' finds"
    KNOWN = "in the bibliography already, in this version or another"
    REFUSED = "not added"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one paper."""

    status: Status
    message: str = ""  #: why it was not added
    publication: Publication | None = None  #: the new entry
    notes: tuple[str, ...] = ()
    papers: int = 1  #: how many papers have this outcome


def add_papers(
    records: Iterable[Publication],
    house: HouseStyle,
    files: Sequence[tuple[str, bytes]],
    *,
    topics: Sequence[str],
    today: PartialDate,
    key: str | None = None,
) -> tuple[Change, list[Outcome]]:
    """Insert new papers into the first file; return also the outcome for each paper.

    :param topics: their tokens, the same for each paper
    :param today: the day of the check of new entries
    :param key: the citation key of the only paper; without it, one is generated
    :raises LabsiteError: if the key is invalid or taken
    """
    if key is not None:
        house.check_new_key(key)
    known = Works(map(work_of, house.library.every_version))
    planned = [_plan(record, known, house, topics, key) for record in records]
    new = {each.key: each for each in planned if isinstance(each, NewEntry)}
    outcomes = [each for each in planned if isinstance(each, Outcome)]
    file, data = files[0]
    if not new:
        return Change(file=file, before=data, after=data), outcomes
    texts = {key: each.text for key, each in new.items()}
    after, library = insert_entries(files, file, texts, house.library.topics_field)
    entered = [p for p in library.every_version if p.key in new]
    added = []
    for publication in entered:
        # What many entries have in common is reported for one of them.
        alone = replace(library, publications=(publication,))
        problems = [*library.problems, *check_entries(alone, today, own=True)]
        problems += check_authors([publication], house.identities)
        found = [p for p in problems if p.key == publication.key]
        wrong = any(p.severity is Severity.ERROR for p in found)
        notes = (*new[publication.key].notes, *(p.message for p in found))
        status = Status.WRONG if wrong else Status.ADDED
        added.append(Outcome(status=status, publication=publication, notes=notes))
    return Change(file=file, before=data, after=after), [*added, *outcomes]


def _plan(
    record: Publication,
    known: Works,
    house: HouseStyle,
    topics: Sequence[str],
    key: str | None,
) -> NewEntry | Outcome:
    """Return the new entry of a paper, which *known* gets too, or why it has none."""
    name = f"'{record.title}'" if str(record.title) else record.key
    try:
        new = make_entry(record, house, topics, key)
    except LabsiteError as error:
        return Outcome(status=Status.REFUSED, message=f"{name}: {error}")
    work = Work(replace(work_of(record).publication, key=new.key))
    similar = chain(known.find(work, paper=True), known.find(work))
    if surest := next(similar, None):
        is_known, said = _compare(work, *surest)
        if is_known:
            return Outcome(status=Status.KNOWN, message=f"{name}: {said}")
        new = replace(new, notes=(*new.notes, said))
    known.add(work)
    house.keys.add(new.key.lower())
    return new


def _compare(work: Work, what: str, other: Work) -> tuple[bool, str]:
    """Return whether a paper is not added for an entry like it, and what to do.

    The same title with another DOI is another version, such as the journal version of a
    conference paper. The same title with another name before the colon may be a version
    too, but the papers of a series may also differ in that name alone.
    """
    entry, kin, read = other.publication, work.shares_author(other), work.publication
    parts = ("labsite", "publish", entry.key, read.doi or read.arxiv)
    command = f"type\n  {shlex.join(filter(None, parts))}"
    said = f"{entry.key} {SHARED[what]}"
    if what in {"doi", "arxiv"} and work.title != other.title:
        titles = f"'{entry.title}', not '{read.title}'"
        said += f", and another title: {titles}"
    if what == "title" and not kin:
        said += ", but no author"
    same = work.is_same_paper(other)
    if not same and (what != "title" or not kin):
        doubt = "look at the two: if they are versions of one work,"
        return False, f"{said}; {doubt} {command}"
    said += "; nothing was added"
    if is_published_later(read, entry):
        return True, f"{said}. That entry is the preprint; to publish it, {command}"
    if same:
        return True, f"{said}{lacking(other, work)}"
    other_paper = "If it is another paper, add it with a title that says so"
    return True, f"{said}. If this is another version of it, {command}\n{other_paper}"


def read_records(
    bibtex: str, house: HouseStyle, name: str = PASTE
) -> tuple[list[Publication], list[Outcome]]:
    """Return the publications in *bibtex*, and the outcome for what cannot be read.

    The text, called *name* in messages, may use the macros of the house.
    """
    own = BibtexText()
    own.add_file(bibtex, name)
    macros = (
        (v, n) for v, n in house.library.macros if n.lower() not in own.definitions
    )
    strings = "".join(f"@string{{{n} = {{{value}}}}}\n" for value, n in macros)
    library = read_library([("macros", strings), (name, bibtex)])
    # An entry that a brace closes early has lost the fields behind it.
    broken = {entry.key for entry in own.entries if entry.cut_short}
    records = [
        replace(record, creators=tuple(map(clean_creator, record.creators)))
        for record in sorted(library.every_version, key=lambda p: p.source.line)
        if record.key not in broken
    ]
    lost = library.entries - len(records)
    if records and not lost:
        return records, []
    keys = {record.key for record in records}
    # What else is wrong follows from these.
    reasons = {Rule.SYNTAX, Rule.DUPLICATE_KEY}
    found = [p for p in library.problems if p.file == name]
    problems = [p for p in found if p.rule in reasons or p.key not in keys]
    message = "\n".join(map(str, problems)) or "there is no publication in it"
    unread = Outcome(status=Status.REFUSED, message=message, papers=max(lost, 1))
    return records, [unread]
