"""People: the pages of one folder, whose front matter says who somebody is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.model.dates import PartialDate
from labsite.model.problems import Problem, Rule, quote
from labsite.model.records import DeclaredRole, Honour, Person, Role
from labsite.pages.front_matter import Fields, read_records
from labsite.pages.profiles import SITES, read_profiles
from labsite.text.spellings import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from labsite.model.sources import PageSource

_FIELDS = (
    "name", "names", "name_ko", "aliases", "distinct_from", "role", "position",
    "department", "affiliation", "affiliations", "mentors", "order", "joined", "left",
    "degree", "now", "interests", "homepage", *(site.name for site in SITES), "links",
    "office", "contact", "email", "photo", "awards",
)  # fmt: skip
_MEANT = {
    "title": "position",
    "mail": "email",
    "e-mail": "email",
    "advisor": "mentors",
    "mentor": "mentors",
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
#: A language's tag (RFC 5646), behind "name_" or as a key of ``names``.
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,8})*")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_ALUMNUS_WORDS = {"alumni", "alumnus", "alumna", "alum", "former"}
#: Values of ``left`` for somebody who has left on a date that is not known, and who
#: has not.
_LEFT, _NOT_LEFT = {"true", "yes", "unknown"}, {"false", "no"}
_BEGINNING = "begin the page with '---', 'name: …', 'role: …' and '---'"


def read_people(
    folder: Path, docname: str, roles: Mapping[str, DeclaredRole] | None = None
) -> tuple[tuple[Person, ...], list[Problem]]:
    """Return the people in *folder*, by file name, and what is wrong.

    Every page but the index whose front matter can be read is a person: without a
    name the file's name is the person's, and whoever has no role is a member.

    :param docname: the folder as the start of a Sphinx document name, e.g. "team"
    :param roles: what the site says of roles
    """
    known = role_order(roles or {})
    people, problems = read_records(
        folder, docname, lambda fields, source: _read_person(fields, source, known)
    )
    return tuple(people), [*problems, *_shared_names(people)]


def has_left(person: Person, today: PartialDate) -> bool:
    """Tell whether *person* has left by *today*.

    A date counts in the parts it has: whoever leaves in a month has left from its
    first day on.
    """
    left = person.left
    return left is not None and left.parts <= today.parts[: len(left.parts)]


def role_order(declared: Mapping[str, DeclaredRole]) -> tuple[str, ...]:
    """Return the roles in the order of the team page, those of the site among them."""
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
    """Return the members and the alumni of *today*, each in the order of the team page.

    Members stand by role, then by ``order``, then by the date they joined, oldest first
    and unknown ones last. Alumni stand by ``order``, then by the date they left, newest
    first and unknown ones last; where that says nothing, whoever joined later left
    later. Names decide between equals.

    :param roles: what the site says of roles; one that nobody declared comes last
    """
    places = {role: place for place, role in enumerate(role_order(roles or {}))}
    named = sorted(people, key=lambda person: (person.name.casefold(), person.slug))
    members = [person for person in named if not has_left(person, today)]
    alumni = [person for person in named if has_left(person, today)]
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
    """Yield the person, unless the page has no front matter that can be read."""
    if not fields.document.readable:
        return
    languages = [key for key in fields.values if _is_name_field(key)]
    fields.check_keys((*_FIELDS, *languages), _MEANT)
    name, role = _name(fields), _role(fields, roles)
    joined, left = fields.date("joined") or PartialDate(), _left(fields)
    _check_dates(fields, joined, left)
    if not fields.values:
        return
    yield Person(
        slug=source.slug,
        name=name or source.slug.replace("-", " ").title(),
        role=role,
        docname=source.docname,
        names=tuple(_names(fields, languages)),
        aliases=fields.texts("aliases"),
        distinct_from=fields.texts("distinct_from"),
        position=fields.text("position"),
        department=fields.text("department"),
        affiliations=fields.texts("affiliation") + fields.texts("affiliations"),
        mentors=fields.texts("mentors"),
        order=fields.number("order"),
        joined=joined,
        left=left,
        degree=fields.text("degree"),
        now=fields.text("now"),
        interests=fields.phrases("interests"),
        links=tuple(read_profiles(fields)),
        office=fields.text("office"),
        contact=fields.text("contact"),
        email=_email(fields),
        photo=fields.text("photo"),
        awards=tuple(_honours(fields)),
        source=source,
    )


def _name(fields: Fields) -> str | None:
    name = fields.text("name")
    if name is None and not fields.values.get("name"):
        remedy = "write 'name: …'" if fields.values else _BEGINNING
        fields.report(Rule.MISSING_FIELD, f"no name; {remedy}")
    family, comma, given = (name or "").partition(", ")
    if comma and given.rstrip(".") not in _SUFFIXES:
        message = f"name: only papers turn a name round; write '{given} {family}'"
        fields.report(Rule.BAD_NAME, message, "name")
    return name


def _is_name_field(key: str) -> bool:
    prefix, _, language = key.partition("_")
    return prefix == "name" and bool(_LANGUAGE.fullmatch(language))


def _names(fields: Fields, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the names in other scripts, each with its language."""
    for key in keys:
        name = fields.text(key)
        if name:
            yield key.partition("_")[2].replace("_", "-"), name
    for language, name in fields.pairs("names", "ko: …"):
        yield language, name


def _role(fields: Fields, known: tuple[str, ...]) -> str:
    """Return the role, as it is written if no such role is known."""
    text, choices = (fields.text("role") or "").lower(), ", ".join(known)
    if not text and fields.values and not fields.values.get("role"):
        fields.report(
            Rule.MISSING_FIELD, f"no role; write 'role:' and one of {choices}"
        )
    if text and text not in known:
        remedy = f"write one of {choices}, or declare it in labsite_roles"
        if text in _ALUMNUS_WORDS:
            remedy += ", the role until then, and 'left: 2026-02' or 'left: true'"
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
    # Somebody who left on a date that cannot be read has left all the same.
    return fields.date("left") or PartialDate()


def _check_dates(fields: Fields, joined: PartialDate, left: PartialDate | None) -> None:
    if left is None:
        if fields.values.get("now"):
            message = "this is where somebody went who has left; add 'left: 2026-02' or"
            fields.report(Rule.MISSING_FIELD, f"{message} 'left: true'", "now")
        return
    known = min(len(joined.parts), len(left.parts))
    if left.parts[:known] < joined.parts[:known]:
        message = f"{left.isoformat()} is before {joined.isoformat()}, the date in "
        fields.report(Rule.BAD_DATE, f"{message}'joined'; correct one", "left")


def _honours(fields: Fields) -> list[Honour]:
    honours = []
    for each in fields.mappings("awards", _HONOUR_EXAMPLE):
        each.check_keys(_HONOUR_FIELDS)
        name, issued = each.text("name"), each.date("date")
        if name is None:
            each.report(Rule.MISSING_FIELD, f"no name; write '- {_HONOUR_EXAMPLE}'")
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
    """Yield a problem for each spelling that two people of different names claim.

    Two people may have one name; the papers then say which of them is meant.
    """
    owners: dict[str, Person] = {}
    for person in people:
        lines = dict(person.source.lines)
        claims = [(person.name, "name")]
        claims += [(alias, "aliases") for alias in person.aliases]
        for spelling, key in claims:
            owner = owners.setdefault(fold(spelling), person)
            if fold(owner.name) != fold(person.name):
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
