"""People: the pages of one folder, whose front matter says who somebody is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.model.dates import PartialDate
from labsite.model.problems import Problem, Rule
from labsite.model.records import (
    Honour,
    PageSource,
    Person,
    Role,
)
from labsite.pages.front_matter import Fields, read_page, record_pages
from labsite.pages.profiles import SITES, read_profiles
from labsite.text.spellings import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_FIELDS = (
    "name", "name_ko", "aliases", "distinct_from", "role", "position", "joined", "left",
    "degree", "now", "interests", "homepage", *(site.name for site in SITES), "office",
    "contact", "photo", "awards",
)  # fmt: skip
_MEANT = {
    "title": "position",
    "email": "contact",
    "mail": "contact",
    "website": "homepage",
    "url": "homepage",
    "web": "homepage",
    "image": "photo",
    "picture": "photo",
    "korean": "name_ko",
    "korean_name": "name_ko",
    "start": "joined",
    "end": "left",
    "graduated": "left",
    "google_scholar": "scholar",
}
_HONOUR_FIELDS = ("name", "date", "by", "papers")
_HONOUR_EXAMPLE = "name: Best Paper Award"
_SUFFIXES = {"Jr", "Sr", "II", "III", "IV"}  #: what may follow a name after a comma
_ROLES = tuple(role.value for role in Role)
_ALUMNUS_WORDS = {"alumni", "alumnus", "alumna", "alum", "former"}
#: Values of ``left`` for somebody who has left on a date that is not known, and who
#: has not.
_LEFT, _NOT_LEFT = {"true", "yes", "unknown"}, {"false", "no"}
_BEGINNING = "begin the page with '---', 'name: …', 'role: …' and '---'"


def read_people(folder: Path, docname: str) -> tuple[tuple[Person, ...], list[Problem]]:
    """Return the people in *folder*, by file name, and what is wrong.

    Every page but the index is a person. One without a name or a role that can be
    read is left out and reported; nobody else is affected.

    :param docname: the folder as the start of a Sphinx document name, e.g. "team"
    """
    people: list[Person] = []
    problems: list[Problem] = []
    for path in record_pages(folder):
        document, source = read_page(path, f"{docname}/{path.name}")
        if document.readable:
            fields = Fields(document, document.value)
            person = _read_person(fields, source, path, f"{docname}/{path.stem}")
            people += [person] if person else []
        problems += document.problems
    problems += _shared_names(people)
    return tuple(people), problems


def has_left(person: Person, today: PartialDate) -> bool:
    """Tell whether *person* has left by *today*.

    A date counts in the parts it has: whoever leaves in a month has left from its
    first day on.
    """
    left = person.left
    return left is not None and left.parts <= today.parts[: len(left.parts)]


def order_people(
    people: Iterable[Person], today: PartialDate
) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    """Return the members and the alumni of *today*, each in the order of the team page.

    Members stand by role, then by the date they joined, oldest first and unknown ones
    last. Alumni stand by the date they left, newest first and unknown ones last; where
    that says nothing, whoever joined later left later. Names decide between equals.
    """
    named = sorted(people, key=lambda person: (person.name.casefold(), person.slug))
    members = [person for person in named if not has_left(person, today)]
    alumni = [person for person in named if has_left(person, today)]
    members.sort(key=lambda p: (_ROLES.index(p.role), not p.joined, p.joined))
    alumni.sort(key=lambda p: (p.left or PartialDate(), p.joined), reverse=True)
    return tuple(members), tuple(alumni)


def _read_person(
    fields: Fields, source: PageSource, path: Path, docname: str
) -> Person | None:
    fields.check_keys(_FIELDS, _MEANT)
    name, role = _name(fields), _role(fields)
    joined, left = fields.date("joined") or PartialDate(), _left(fields)
    _check_dates(fields, joined, left)
    if name is None or role is None:
        return None
    return Person(
        slug=path.stem,
        name=name,
        role=role,
        docname=docname,
        name_ko=fields.text("name_ko"),
        aliases=fields.texts("aliases"),
        distinct_from=fields.texts("distinct_from"),
        position=fields.text("position"),
        joined=joined,
        left=left,
        degree=fields.text("degree"),
        now=fields.text("now"),
        interests=fields.texts("interests"),
        links=tuple(read_profiles(fields)),
        office=fields.text("office"),
        contact=fields.text("contact"),
        photo=fields.text("photo"),
        awards=tuple(_honours(fields)),
        source=source,
    )


def _name(fields: Fields) -> str | None:
    name = fields.text("name")
    if name is None and not fields.values.get("name"):
        remedy = "write 'name: …'" if fields.values else _BEGINNING
        fields.complain(Rule.MISSING_FIELD, f"no name; {remedy}")
    family, comma, given = (name or "").partition(", ")
    if comma and given.rstrip(".") not in _SUFFIXES:
        message = f"name: only papers turn a name round; write '{given} {family}'"
        fields.complain(Rule.BAD_NAME, message, "name")
    return name


def _role(fields: Fields) -> Role | None:
    text = fields.text("role")
    if text is None:
        if fields.values and not fields.values.get("role"):
            message = f"no role; write 'role:' and one of {', '.join(_ROLES)}"
            fields.complain(Rule.MISSING_FIELD, message)
        return None
    if text.lower() in _ROLES:
        return Role(text.lower())
    remedy = f"write one of {', '.join(_ROLES)}"
    if text.lower() in _ALUMNUS_WORDS:
        remedy = f"{remedy}, the role until then, and 'left: 2026-02' or 'left: true'"
    message = f"there is no role '{text}'; {remedy}"
    fields.complain(Rule.UNKNOWN_ROLE, message, "role")
    return None


def _left(fields: Fields) -> PartialDate | None:
    text = (fields.text("left") or "no").lower()
    if text in _NOT_LEFT:
        return None
    if text in _LEFT:
        return PartialDate()
    # Somebody who left on a date that cannot be read has left all the same.
    return fields.date("left") or PartialDate()


def _check_dates(fields: Fields, joined: PartialDate, left: PartialDate | None) -> None:
    if left is None:
        if fields.values.get("now"):
            message = "this is where somebody went who has left; add 'left: 2026-02' or"
            fields.complain(Rule.MISSING_FIELD, f"{message} 'left: true'", "now")
        return
    known = min(len(joined.parts), len(left.parts))
    if left.parts[:known] < joined.parts[:known]:
        message = f"{left.isoformat()} is before {joined.isoformat()}, the date in "
        fields.complain(Rule.BAD_DATE, f"{message}'joined'; correct one", "left")


def _honours(fields: Fields) -> list[Honour]:
    honours = []
    for each in fields.mappings("awards", _HONOUR_EXAMPLE):
        each.check_keys(_HONOUR_FIELDS)
        name, issued = each.text("name"), each.date("date")
        if name is None:
            each.complain(Rule.MISSING_FIELD, f"no name; write '- {_HONOUR_EXAMPLE}'")
            continue
        honours.append(
            Honour(
                name=name,
                issued=issued or PartialDate(),
                by=each.text("by"),
                papers=each.texts("papers"),
                line=each.line("papers"),
            )
        )
    return sorted(honours, key=lambda honour: honour.issued, reverse=True)


def _shared_names(people: Iterable[Person]) -> Iterator[Problem]:
    """Yield a problem for each spelling that two people claim."""
    owners: dict[str, Person] = {}
    for person in people:
        lines = dict(person.source.lines)
        claims = [(person.name, "name")]
        claims += [(alias, "aliases") for alias in person.aliases]
        for spelling, key in claims:
            owner = owners.setdefault(fold(spelling), person)
            if owner is not person:
                message = (
                    f"{key}: '{spelling}' is {owner.name} in {owner.source.file}; "
                    "a spelling belongs to one person: remove it from one of them"
                )
                yield Problem(
                    rule=Rule.DUPLICATE_NAME,
                    message=message,
                    file=person.source.file,
                    line=lines.get(key, 1),
                )
