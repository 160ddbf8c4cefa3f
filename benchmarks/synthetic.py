"""A bibliography of any size, made from a real one.

Titles, names and venues of the real entries are recombined by a seeded generator, so
that the result is of the same shape, is the same in every run and raises no warning.
The real entries stay in it, because pages cite them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from difflib import get_close_matches
from random import Random
from typing import TYPE_CHECKING

from labsite.bibtex.parser import BibtexText
from labsite.bibtex.reader import read_library

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from labsite.bibtex.parser import Entry

SEED = 2026
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun",
           "jul", "aug", "sep", "oct", "nov", "dec")  # fmt: skip
_SPAN = 20 * 12  #: months over which new entries are spread
_MIDDLE = re.compile(r" (?=(?:by|for|from|in|of|on|through|to|using|via|with) )")
#: Fields that a new entry takes over as they are.
_KEPT = ("booktitle", "journal", "entrysubtype", "award", "note", "author+an")
#: Fields whose value is an address.
_LINKS = ("url", "pdf", "code", "artifact", "slides", "poster", "video")


@dataclass(frozen=True, slots=True)
class Bibliography:
    """A BibTeX file in parts."""

    head: str  #: comments and macros before the first entry
    entries: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole file."""
        return self.head + "\n".join(f"{entry}\n" for entry in self.entries)

    def change_title(self, position: int, addition: str) -> Bibliography:
        """Return the bibliography with *addition* at the end of one entry's title.

        :raises ValueError: if the entry's title is not on a line of its own
        """
        pattern = re.compile(r"^(\s*title\s*=\s*\{.*)(\},?)$", re.MULTILINE)
        changed, found = pattern.subn(rf"\1{addition}\2", self.entries[position], 1)
        if not found:
            msg = f"cannot find the title of entry {position + 1}"
            raise ValueError(msg)
        entries = (*self.entries[:position], changed, *self.entries[position + 1 :])
        return replace(self, entries=entries)

    def add_first(self, entry: str) -> Bibliography:
        """Return the bibliography with one more entry at the head."""
        return replace(self, entries=(entry, *self.entries))


def key_of(entry: str) -> str:
    """Return the citation key of an entry's text."""
    return entry.partition("{")[2].partition(",")[0].strip()


def parse(text: str) -> Bibliography:
    """Return the parts of a BibTeX file, without text between entries."""
    sources = [entry.source.text for entry in _read(text)]
    head = text[: text.index(sources[0])] if sources else text
    return Bibliography(head, tuple(sources))


def grow(text: str, size: int, maker: EntryMaker) -> Bibliography:
    """Return the bibliography in *text* with new entries up to *size*.

    They are in the engine's order, newest first, as the house rules ask.

    :raises ValueError: if there are more entries already
    """
    real = parse(text)
    if size < len(real.entries):
        msg = f"{size} entries are fewer than the {len(real.entries)} there are"
        raise ValueError(msg)
    made = [maker.make() for _ in range(size - len(real.entries))]
    grown = replace(real, entries=(*real.entries, *made))
    ordered = read_library([("publications.bib", grown.text)]).publications
    return replace(grown, entries=tuple(p.source.text for p in ordered))


class EntryMaker:
    """Makes entries that the bibliography in *text* does not have.

    :param size: for how many entries there are to be authors
    """

    def __init__(self, text: str, size: int) -> None:
        self._random = Random(SEED)  # noqa: S311 -- not for security
        entries = _read(text)
        self._real = [(entry.entry_type, fields_of(entry)) for entry in entries]
        # A house rule asks for the DOI where any paper of the venue has one.
        self._venues_with_doi = {_venue(f) for _, f in self._real if "doi" in f}
        self._newest = max(_months(fields) for _, fields in self._real)
        self._keys = {entry.key.casefold() for entry in entries}
        titles = [_bare(fields["title"]) for _, fields in self._real]
        self._heads = [head for head, colon, _ in map(_split, titles) if colon]
        rests = [tuple(_MIDDLE.split(rest, 1)) for _, _, rest in map(_split, titles)]
        self._beginnings = [rest[0] for rest in rests if _is_balanced(rest[0])]
        self._endings = [r[1] for r in rests if len(r) > 1 and _is_balanced(r[1])]
        self._titles = set(map(_letters, titles))
        counts = Counter(n for _, fields in self._real for n in _names(fields))
        names = [name for name, _ in counts.most_common()]
        # As in a department: more papers have more authors, and more who lead groups.
        self._seniors = names[: max(10, size // 40)]
        self._people = _more_names(names, max(len(names), size // 2), self._random)

    def make(self, newer: int = 0) -> str:
        """Return the text of a new entry.

        :param newer: months by which it is newer than every real one; 0 for any date
            of many years
        """
        entry_type, model = self._random.choice(self._real)
        title = self._title()
        authors = self._authors(len(_names(model)))
        months = self._newest + (newer or -self._random.randrange(_SPAN))
        key = self._key(authors[0], months // 12, title)
        fields = {"author": f"{{{' and '.join(authors)}}}", "title": f"{{{title}}}"}
        fields |= {name: model[name] for name in _KEPT if name in model}
        fields |= {"year": f"{{{months // 12}}}", "month": _MONTHS[months % 12]}
        fields |= dict(self._identifiers(model, key, months))
        fields["keywords"] = self._random.choice(self._real)[1]["keywords"]
        lines = [f"  {name} = {value}," for name, value in fields.items()]
        return "\n".join([f"@{entry_type}{{{key},", *lines, "}"])

    def _title(self) -> str:
        title = ""
        while not title or _letters(title) in self._titles:
            beginning = self._random.choice(self._beginnings)
            title = f"{beginning} {self._random.choice(self._endings)}"
            if self._random.random() < len(self._heads) / len(self._real):
                title = f"{self._random.choice(self._heads)}: {title}"
        self._titles.add(_letters(title))
        return title

    def _authors(self, number: int) -> list[str]:
        authors = self._random.sample(self._people, number)
        senior = self._random.choice(self._seniors)
        return [*(name for name in authors[:-1] if name != senior), senior]

    def _key(self, author: str, year: int, title: str) -> str:
        words = (author.partition(",")[0], str(year), title.partition(" ")[0])
        base = _letters("".join(words))
        key, number = base, 1
        while key in self._keys:
            number += 1
            key = f"{base}-{number}"
        self._keys.add(key)
        return key

    def _identifiers(
        self, model: Mapping[str, str], key: str, months: int
    ) -> Iterator[tuple[str, str]]:
        if _venue(model) in self._venues_with_doi:
            # A prefix kept for examples, so that no stranger's paper is named.
            yield "doi", f"{{10.5555/{key}}}"
        if "eprint" in model:
            number = self._random.randrange(100_000)
            stamp = f"{months // 12 % 100:02}{months % 12 + 1:02}"
            yield "eprint", f"{{{stamp}.{number:05}}}"
            yield "archiveprefix", "{arXiv}"
        for name in _LINKS:
            if name in model:
                yield name, f"{{https://example.org/{key}/{name}}}"


def fields_of(entry: Entry) -> dict[str, str]:
    """Return an entry's fields as they are written, braces and all."""
    return {field.name: field.verbatim for field in entry.source.fields}


def _read(text: str) -> list[Entry]:
    found = BibtexText()
    found.add_file(text, "publications.bib")
    return found.entries


def _months(fields: Mapping[str, str]) -> int:
    month = fields.get("month", "jan")
    return 12 * int(_bare(fields["year"])) + _MONTHS.index(month)


def _venue(fields: Mapping[str, str]) -> str:
    return fields.get("booktitle") or fields.get("journal", "")


def _bare(value: str) -> str:
    return value[1:-1]


def _names(fields: Mapping[str, str]) -> list[str]:
    return _bare(fields["author"]).split(" and ")


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _split(title: str) -> tuple[str, str, str]:
    """Return the text before ": ", the colon, and the rest; the rest alone if none."""
    head, colon, rest = title.partition(": ")
    return (head, colon, rest) if colon and _is_balanced(head) else ("", "", title)


def _is_balanced(text: str) -> bool:
    return text.count("{") == text.count("}") and text.count("$") % 2 == 0


def _more_names(names: Sequence[str], number: int, random: Random) -> list[str]:
    """Return *names* and new ones up to *number*, or as many as can be made."""
    given_names = defaultdict(list)
    for name in names:
        family, _, given = name.partition(", ")
        given_names[family].append(given)
    families = list(given_names)
    all_given = sorted({g for each in given_names.values() for g in each})
    result = list(names)
    for _attempt in range(20 * number):
        if len(result) >= number:
            break
        family, given = random.choice(families), random.choice(all_given)
        if _is_somebody_new(given, given_names[family]):
            given_names[family].append(given)
            result.append(f"{family}, {given}")
    return result


def _is_somebody_new(given: str, others: Iterable[str]) -> bool:
    """Return whether a given name is unlike all others in the same family."""
    return "." not in given and not get_close_matches(given, list(others), 1, 0.75)
