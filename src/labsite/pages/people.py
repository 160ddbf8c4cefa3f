"""Read people from the front matter of the pages in a folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from labsite.model.dates import PartialDate
from labsite.model.problems import Problem, Rule, quote
from labsite.model.records import Honour, Person, Role
from labsite.model.sources import PageSource
from labsite.pages.front_matter import Fields, read_records
from labsite.pages.profiles import SITES, read_profiles
from labsite.text.spellings import fold

#: The fields of a person that need no rule of their own, and how each is read.
_READERS: Mapping[str, Callable[[Fields, str], Any]] = {
    **dict.fromkeys(("aliases", "distinct_from", "mentors"), Fields.texts),
    **dict.fromkeys(
        ("position", "department", "degree", "now", "office", "contact", "photo"),
        Fields.text,
    ),
    "interests": Fields.phrases,
    "order": Fields.number,
}
#: Fields that a page has in other languages too, as ``name_ko``.
_TRANSLATED = {"name", "position", "department", "degree", "now", "interests"}
_FIELDS = (
    "name", "names", "name_ko", "role", "joined", "left", "affiliation", "affiliations",
    "email", "awards", "homepage", "links", *(site.name for site in SITES), *_READERS,
)  # fmt: skip
_HONOUR_EXAMPLE = "name: Best Paper Award"
_SUFFIXES = {"Jr", "Sr", "II", "III", "IV"}  #: of names, after a comma
#: A language tag (RFC 5646), after "name_" or as a key of ``names``.
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,8})*")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_ALUMNUS_WORDS = {"alumni", "alumnus", "alumna", "alum", "former"}
#: Values of ``left`` for an unknown date, and for members.
_LEFT, _NOT_LEFT = {"true", "yes", "unknown"}, {"false", "no"}


class DeclaredRole(NamedTuple):
    """A role in ``labsite_roles``: a new one, or changes of a :class:`Role`."""

    name: str | None = None  #: in singular
    plural: str | None = None
    after: str | None = None  #: the role before it; "" for the first place


def read_people(
    folder: Path, docname: str, roles: Mapping[str, DeclaredRole] | None = None
) -> tuple[tuple[Person, ...], list[Problem]]:
    """Return the people in *folder*, by file name, and problems.

    Every page but the index is a person, also if its front matter cannot be read. The
    name defaults to the file's, the role to "member".

    :param docname: the folder in document names, e.g. "team"
    :param roles: the roles that the site declares
    """
    known = role_order(roles or {})
    people, problems = read_records(
        folder, docname, lambda fields, source: _read_person(fields, source, known)
    )
    return tuple(people), [*problems, *_shared_names(people)]


def role_order(declared: Mapping[str, DeclaredRole]) -> tuple[str, ...]:
    """Return all roles in the order of the team page."""
    order = [role.value for role in Role]
    for name, role in declared.items():
        if name in order:
            if role.after is None:
                continue
            order.remove(name)
        places: dict[str | None, int]
        places = {other: place for place, other in enumerate(["", *order])}
        order.insert(places.get(role.after, len(order)), name)
    return tuple(order)


def order_people(
    people: Iterable[Person],
    today: PartialDate,
    roles: Mapping[str, DeclaredRole] | None = None,
) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    """Return the members and the alumni of *today* in the order of the team page.

    Members are sorted by role, ``order`` and the date of joining; alumni by ``order``
    and, newest first, the dates of leaving and joining. Unknown dates are last.

    :param roles: the roles that the site declares; undeclared ones come last
    """
    places = {role: place for place, role in enumerate(role_order(roles or {}))}
    named = sorted(people, key=lambda person: (person.name.casefold(), person.slug))
    members = [person for person in named if not person.has_left(today)]
    alumni = [person for person in named if person.has_left(today)]
    members.sort(
        key=lambda p: (
            places.get(p.role, len(places)), p.role, p.order, not p.joined, p.joined
        )
    )  # fmt: skip
    alumni.sort(key=lambda p: (p.left or PartialDate(), p.joined), reverse=True)
    alumni.sort(key=lambda p: p.order)
    return tuple(members), tuple(alumni)


def _read_person(
    fields: Fields, source: PageSource, roles: tuple[str, ...]
) -> Iterator[Person]:
    """Yield the person, if the page has front matter."""
    if not fields.values and fields.document.readable:
        message = "no fields; begin the page with '---', 'name: …', 'role: …' and '---'"
        fields.report(Rule.MISSING_FIELD, message)
        return
    translated = {key: found for key in fields.values if (found := _divide(key))}
    fields.check_keys((*_FIELDS, *translated))
    others = [
        (language, field, value)
        for key, (field, language) in translated.items()
        if (value := _READERS.get(field, Fields.text)(fields, key))
    ]
    awards = sorted(_honours(fields), key=lambda given: given.issued, reverse=True)
    name, role = _name(fields), _role(fields, roles)
    joined, left = fields.date("joined") or PartialDate(), _left(fields)
    _check_dates(fields, joined, left)
    yield Person(
        slug=source.slug,
        name=name or source.slug.replace("-", " ").title(),
        role=role,
        docname=source.docname,
        names=(
            *((language, name) for language, field, name in others if field == "name"),
            *fields.pairs("names", "ko: …"),
        ),
        translations=tuple(each for each in others if each[1] != "name"),
        affiliations=fields.texts("affiliation") + fields.texts("affiliations"),
        joined=joined,
        left=left,
        links=tuple(read_profiles(fields)),
        email=_email(fields),
        awards=tuple(awards),
        source=source,
        **{key: read(fields, key) for key, read in _READERS.items()},
    )


def _name(fields: Fields) -> str | None:
    name = fields.required("name", "write 'name: …'")
    family, comma, given = (name or "").partition(", ")
    if comma and given.rstrip(".") not in _SUFFIXES:
        message = f"the family name is first; write '{given} {family}'"
        fields.report(Rule.BAD_NAME, message, "name")
    return name


def _divide(key: str) -> tuple[str, str] | None:
    """Return the field and the language of a key such as ``name_ko``."""
    field, _, language = key.partition("_")
    if field in _TRANSLATED and _LANGUAGE.fullmatch(language):
        return field, language.replace("_", "-")
    return None


def _role(fields: Fields, known: tuple[str, ...]) -> str:
    """Return the role, also if it is unknown."""
    choices = ", ".join(known)
    text = fields.required("role", f"write 'role:' and one of {choices}") or ""
    text = text.lower()
    if text and text not in known:
        remedy = f"write one of {choices}, or declare it in labsite_roles"
        if text in _ALUMNUS_WORDS:
            remedy = "write the role until then, and 'left: 2026-02' or 'left: unknown'"
        message = f"there is no role {quote(text)}; {remedy}"
        fields.report(Rule.UNKNOWN_ROLE, message, "role")
    return text or Role.MEMBER


def _email(fields: Fields) -> str | None:
    text = fields.text("email")
    if text and not _EMAIL.fullmatch(text):
        message = f"{quote(text)} is not an address; write a@example.org, or 'contact:'"
        fields.report(Rule.BAD_VALUE, f"{message} for other words", "email")
        return None
    return text


def _left(fields: Fields) -> PartialDate | None:
    text = (fields.text("left") or "no").lower()
    if text in _NOT_LEFT:
        return None
    if text in _LEFT:
        return PartialDate()
    # A date that cannot be read still means that the person has left.
    return fields.date("left") or PartialDate()


def _check_dates(fields: Fields, joined: PartialDate, left: PartialDate | None) -> None:
    if left is None:
        if fields.values.get("now"):
            message = "only alumni have this field; add 'left: 2026-02' or"
            fields.report(Rule.MISSING_FIELD, f"{message} 'left: unknown'", "now")
        return
    known = min(len(joined.parts), len(left.parts))
    if left.parts[:known] < joined.parts[:known]:
        message = f"{left.isoformat()} is before {joined.isoformat()}, the date in "
        fields.report(Rule.BAD_DATE, f"{message}'joined'; correct one", "left")


def _honours(fields: Fields) -> Iterator[Honour]:
    for each in fields.mappings("awards", _HONOUR_EXAMPLE):
        each.check_keys(("name", "date", "by", "papers"))
        name = each.required("name", f"write '- {_HONOUR_EXAMPLE}'")
        issued, by = each.date("date") or PartialDate(), each.text("by")
        papers, line = each.texts("papers"), each.line("papers")
        if name:
            yield Honour(name=name, issued=issued, by=by, papers=papers, line=line)


def _shared_names(people: Iterable[Person]) -> Iterator[Problem]:
    """Report spellings shared by people of different names.

    People of the same name are told apart in the papers.
    """
    owners: dict[str, Person] = {}
    for person in people:
        file, lines = person.source.file, dict(person.source.lines)
        for spelling in (person.name, *person.aliases):
            owner = owners.setdefault(fold(spelling), person)
            if fold(owner.name) != fold(person.name):
                key = "name" if spelling == person.name else "aliases"
                message = (
                    f"{key}: '{spelling}' is {owner.name} in {owner.source.file}; a "
                    "spelling belongs to one person: remove it from one of them"
                )
                yield Problem(Rule.DUPLICATE_NAME, message, file, lines.get(key, 1))
