"""People of other systems as pages of the team, and their names in papers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from labsite.importing import records
from labsite.importing.markup import without_lists
from labsite.importing.records import NAMES, PATTERNS, Record, Values
from labsite.pages.profiles import SITES
from labsite.text.names import given_name_first
from labsite.text.spellings import slug_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from labsite.importing.records import Source
    from labsite.importing.tree import Tree

_LONGEST_ROLE = 40  #: characters of a heading that can be a role's name
_LONGEST_STORY = 300  #: characters of a line about an alumnus
_IN_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]+)[)\]]")
_NAME = re.compile("name_[a-z]{2,3}")  #: a field with a name in another script
#: A name in Latin letters, behind the name in another script.
_ROMANISED = re.compile(r"[A-Z][\w'-]+(?:,? [A-Z][\w.'-]*)+", re.ASCII)
_SITES = {site.name for site in SITES}
#: Fields of a person that are links.
_LINKS = {n for names in NAMES["profiles"].values() for n in names} | _SITES
_LINKS = (_LINKS | {"email", "homepage", "gitlab", "youtube"}) - {"link"}


def make_person(tree: Tree, source: Source) -> Record | None:
    """Return the person that a page or a record describes."""
    values = source.fields
    known = values.renamed("person")
    written = _find_name(known) or re.sub(r"[-_]", " ", source.name).title()
    name, others = _split_scripts(written)
    others.setdefault("name_ko", known.text("name_ko"))
    slug = slug_of(name)
    if not slug:
        tree.note(source, f"'{name}' has no letters for an address; left out")
        return None
    title, described = values.text("title"), values.text("description")
    position = known.text("position") or (title if title != written else "")
    if not position and len(described) <= 2 * _LONGEST_ROLE:
        position = described if records.match_first("roles", described) else ""
    types = tree.types.get(position.lower(), Values())
    position = types.text("description", "text") or position
    for field in filter(PATTERNS["private_fact"].search, values):
        tree.note(source, f"{name}: '{field}' is left out, as it may be private")
    whole, photo = known.text("affiliations"), known.text("photo")
    photo = "" if PATTERNS["no_picture"].search(photo) else photo
    front = {
        "name": name,
        **others,
        **{tag: values.text(tag) for tag in values if _NAME.fullmatch(tag)},
        "aliases": [a for a in known.texts("aliases") if a != name and "/" not in a],
        **_find_place(known, position, source.section),
        **{field: known.text(field) for field in ("department", "office")},
        "affiliations": [whole] if whole else known.texts("affiliations"),
        **{field: known.texts(field) for field in ("interests", "mentors")},
        "order": known.number("order"),
        **_find_profiles(tree, source),
    }
    return Record(
        source=source,
        slug=slug,
        front={field: value for field, value in front.items() if value},
        body=without_lists(source.body).strip() or known.text("body"),
        picture=tree.find_picture(photo, source),
    )


def _find_place(known: Values, position: str, section: str) -> dict[str, str]:
    """Return a person's role, position and dates."""
    named = map(records.significant, (*known.texts("group"), section))
    groups = ", ".join(filter(None, named))
    dates = _find_dates(known, position, groups)
    role, shown = (
        _find_role(position, groups, dates.get("degree", "")),
        slug_of(position),
    )
    usual = shown == role or PATTERNS["usual"].search(shown)
    position = "" if usual or "left" in dates else position
    return {"role": role, "position": position, **dates}


def _find_role(position: str, groups: str, degree: str) -> str:
    texts = (position, groups, degree)
    roles = [records.match_first("roles", text.replace("_", " ")) for text in texts]
    # "Ph.D." among the postdocs is no student.
    is_degree = PATTERNS["degree"].fullmatch(position)
    if roles[1] == "pi" or (is_degree and roles[1] not in {"", "graduate-student"}):
        return roles[1]
    text = position or groups
    is_own = len(text) <= _LONGEST_ROLE and not PATTERNS["alumnus"].search(text)
    own = slug_of(text) if is_own else ""
    return next(filter(None, (*roles, own)), "member")


def _find_name(known: Values) -> str:
    name, other = known.get("name"), ""
    if isinstance(name, dict):
        name = Values(name)
        known = Values(name.renamed("person") | {"name": name.text("display")})
        other = name.text("alternate")
    parts = (known.text("given"), known.text("family"))
    written = known.text("name") or " ".join(filter(None, parts))
    return f"{written} ({other})" if other else written


def _split_scripts(written: str) -> tuple[str, dict[str, str]]:
    """Return a name without titles and degrees, and names in other scripts."""
    name = PATTERNS["title"].sub("", _IN_BRACKETS.sub("", written).strip())
    name = PATTERNS["degrees"].sub("", name)
    more = [text.strip() for text in _IN_BRACKETS.findall(written)]
    latin = without_scripts(name)
    if _find_language(latin):
        latin = next(filter(_ROMANISED.fullmatch, more), latin)
    foreign = " ".join(filter(_find_language, name.split()))
    others = {_find_language(text): text for text in (*more, foreign)}
    own = {f"name_{tag}": text for tag, text in others.items() if tag and text != latin}
    return given_name_first(latin.strip(" ,")), own


def without_scripts(name: str) -> str:
    """Return a name without the words in other scripts that repeat it."""
    words = [word for word in name.split() if not _find_language(word)]
    return " ".join(words) or name


def convert_marks(names: Iterable[str]) -> tuple[list[str], str]:
    """Return names without marks, and the marks as annotations.

    Of several marks an asterisk is of equal contribution; a mark that one name alone
    has is of correspondence.
    """
    bare: list[str] = []
    marks: dict[str, list[int]] = {}
    for position, name in enumerate(names, start=1):
        found = PATTERNS["symbol"].findall(" ".join(PATTERNS["mark"].findall(name)))
        for mark in {PATTERNS["asterisk"].sub("*", symbol) for symbol in found}:
            marks.setdefault(mark, []).append(position)
        bare.append(PATTERNS["mark"].sub("", name).strip())
    annotations = []
    for mark, positions in marks.items():
        is_first = mark == "*" or ("*" not in marks and mark != "✉")
        word = "equal" if is_first and len(positions) > 1 else "corresponding"
        annotations += [(position, word) for position in positions]
    return bare, "; ".join(f"{p}={w}" for p, w in sorted(annotations))


def _find_language(text: str) -> str:
    scripts = [unicodedata.name(c, "").partition(" ")[0] for c in text if c.isalpha()]
    return next(filter(None, map(NAMES["scripts"].get, scripts)), "")


def _find_dates(known: Values, position: str, groups: str) -> dict[str, str]:
    """Return the dates of joining and leaving, the degree, and what came after."""
    joined, left, period = map(known.date, ("joined", "left", "period"))
    now = re.sub(r"^(?i:now\s+)?(?i:at\s+)?", "", known.text("now"))
    is_alumnus = PATTERNS["alumnus"].search(f"{groups}, {position}")
    if not (is_alumnus or left or now or known.text("alumnus") == "true"):
        return {"joined": joined or period}
    written = position if re.search(r"[\s\d]", position) else ""
    told = (written, *(known.text(n) for n in ("degree", "period", "story")))
    story = ", ".join(filter(None, dict.fromkeys(told)))
    found = _parse_story(story if len(story) < _LONGEST_STORY else written)
    given = {"joined": joined, "left": left, "now": now}
    return {"left": "unknown"} | found | {n: text for n, text in given.items() if text}


def _parse_story(text: str) -> dict[str, str]:
    """Return what a line says about an alumnus.

    Such lines are "Ph.D. 2024, Engineer at Example", "MS, 2019-2021; now at Example".
    """
    found: dict[str, str] = {}
    degree, years, now = (PATTERNS[n].search(text) for n in ("degree", "years", "now"))
    if degree:
        plain = re.sub(r"[.\s]", "", degree[1]).lower()
        found["degree"] = NAMES["degrees"].get(plain, degree[1])
    if years:
        found["left"] = f"{years[2]}-{years[3]}" if years[3] else years[2]
        found |= {"joined": years[1]} if years[1] else {}
    rest = now[1] if now else text[years.end() :] if years else ""
    before = text[: degree.start()] if degree else ""
    if not re.search(r"\w", rest) and re.search(r"\w(?:,| at | @) ?\w", before):
        rest = before  # as in "Engineer at Example, PhD 2021"
    rest = re.sub(r"^[\s,;:.)\]→\u2013\u2014-]+|[\s;,]+$", "", rest)
    if rest and not PATTERNS["thesis"].search(rest):
        found["now"] = rest
    return found


def _find_profiles(tree: Tree, source: Source) -> dict[str, Any]:
    """Return a person's links as fields of a page of the team."""
    found: dict[str, Any] = {"links": {}}
    for written, target in _find_links(source.fields):
        text = f"https://{target}" if target.startswith("www.") else target
        label = records.rename("profiles", written)
        email = PATTERNS["email"].search(text)
        is_address = text.startswith(("http://", "https://"))
        known = (s.name for s in SITES if s.name != "mastodon" and s.prefix.match(text))
        name = next(known, label) if is_address else label
        if email:
            found.setdefault("email", email[1])
        elif name in _SITES or (is_address and name == "homepage"):
            found.setdefault(name, text)
        elif is_address:
            title = re.sub(r"[-_]", " ", label).capitalize() or "Link"
            found["links"].setdefault(title, text)
        elif name == "email" and text[0] not in "/#":
            found.setdefault("contact", text.removeprefix("mailto:"))
        else:
            note = f"{label}: '{text}' is not the address of a profile; left out"
            tree.note(source, note)
    return found


def _find_links(values: Values) -> Iterator[tuple[str, str]]:
    """Yield the name and the target of each link, in any of the usual fields."""
    mappings = [Values((k, v) for k, v in values.items() if k.lower() in _LINKS)]
    for name in ("links", "social", "socials", "profiles"):
        mappings.append(values.mapping(name))
        for each in values.mappings(name) if not mappings[-1] else ():
            address = each.text("url", "link", "href")
            label = each.text("label", "name", "type", "icon").rpartition("/")[2]
            mappings.append(Values({label: address}) if address else each)
    for mapping in mappings:
        for name in mapping:
            text = re.sub(r"<[^<>]*>", "", mapping.text(name))
            if text and not PATTERNS["private_fact"].search(name):
                yield name.lower(), text


def deduplicate(people: Iterable[Record | None], tree: Tree) -> list[Record]:
    """Return each person once, with the fields of all records and a unique slug.

    Records of one name are of one person, unless they are in one file or folder.
    """
    merged: dict[str, Record] = {}
    for person in filter(None, people):
        first = merged.get(person.slug)
        if not first or first.title != person.title or first.origin == person.origin:
            slug = records.free_name(person.slug, merged.__contains__)
            merged[slug] = replace(person, slug=slug)
            continue
        told = first if first.front["role"] != "member" else person
        merged[person.slug] = replace(
            told,
            front={**person.front, **first.front, "role": told.front["role"]},
            body=first.body or person.body,
            picture=first.picture or person.picture,
        )
        message = f"{person.title}: is in {first.source.file} too; merged"
        tree.note(person.source, message)
    return list(merged.values())
