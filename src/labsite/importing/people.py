"""People of other systems as pages of the team."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from labsite.importing.conversion import free
from labsite.importing.records import Record
from labsite.importing.values import (
    NAMES,
    PATTERNS,
    alias,
    date_of,
    first_of,
    mappings_of,
    number_of,
    renamed,
    text_of,
    texts_of,
)
from labsite.pages.profiles import SITES, parse_identifier
from labsite.text.spellings import slug_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from labsite.importing.records import Place, Source
    from labsite.importing.tree import Tree

_LONGEST_ROLE = 40  #: characters of a heading that can be a role's name
_LONGEST_STORY = 300  #: characters of a line about an alumnus
_LONGEST_WORD = 80  #: characters of an interest
_IN_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]+)[)\]]")
#: A name in Latin letters, behind the name in letters of another script.
_ROMANISED = re.compile(r"[A-Z][\w'-]+(?:,? [A-Z][\w.'-]*)+", re.ASCII)
_SITES = {site.name: site for site in SITES}
#: Names of links that stand among the other fields.
_LINKS = {n for names in NAMES["profiles"].values() for n in names} | _SITES.keys()
_LINKS = (_LINKS | {"email", "homepage", "gitlab", "youtube"}) - {"link"}


def make_person(
    tree: Tree, source: Source, roles: Mapping[str, str] | None = None
) -> Record | None:
    """Return the person that a page or a record describes.

    :param roles: what the old site calls its roles
    """
    values, place = source.fields, source.place
    known = renamed(values, "person")
    written = _written_name(known) or re.sub(r"[-_]", " ", source.name).title()
    name, others = _names(written)
    slug = slug_of(name)
    if not slug:
        tree.note(place, f"'{name}' has no letters for an address; left out")
        return None
    title = text_of(values, "title")
    said = text_of(known, "position") or (title if title != written else "")
    group = "" if PATTERNS["generic"].search(source.section) else source.section
    groups = ", ".join(filter(None, [*texts_of(known.get("group")), group]))
    groups = groups.replace("_", " ")
    position = (roles or {}).get(said.lower(), said)
    dates = _dates(known, position, groups)
    role, label = _role(position, groups, str(dates.get("degree", "")))
    aliases = texts_of(known.get("aliases"))
    aliases = [a for a in aliases if a.casefold() != name.casefold() and "/" not in a]
    shown = slug_of(position)
    usual = shown in {role, slug_of(label)} or PATTERNS["usual"].search(shown)
    front = {"name": name, **others, "aliases": aliases, "role": role}
    front["position"] = "" if usual or "left" in dates else position
    front |= dates | _facts(known) | _profiles(tree, values, place)
    for field in filter(PATTERNS["private_fact"].search, values):
        tree.note(place, f"{name}: '{field}' is left out, as it may be private")
    photo = text_of(known, "photo")
    photo = "" if PATTERNS["no_picture"].search(photo) else photo
    return Record(
        place=place,
        slug=slug,
        front={field: value for field, value in front.items() if value},
        label=label,
        body=source.body.strip() or text_of(known, "body"),
        picture=tree.find_picture(photo, place),
    )


def _role(position: str, groups: str, degree: str) -> tuple[str, str]:
    """Return the role, and what it is called if it is the lab's own."""
    roles = (first_of("roles", re.sub("_", " ", t)) for t in (position, groups, degree))
    is_head = re.search(NAMES["roles"]["pi"], groups, re.IGNORECASE)
    role = "pi" if is_head else next(filter(None, roles), "")
    if role:
        return role, NAMES["own_roles"].get(role, "")
    text = re.sub(r"[-_]", " ", position or groups).strip()
    slug = slug_of(text)
    if not slug or PATTERNS["alumnus"].search(text) or len(text) > _LONGEST_ROLE:
        return "member", ""
    return slug, text[:1].upper() + text[1:]


def _written_name(known: Mapping[str, Any]) -> str:
    name, other = known.get("name"), ""
    if isinstance(name, dict):
        known = {**renamed(name, "person"), "name": text_of(name, "display")}
        other = text_of(name, "alternate")
    parts = (text_of(known, "given"), text_of(known, "family"))
    written = text_of(known, "name") or " ".join(filter(None, parts))
    return f"{written} ({other})" if other else written


def _names(written: str) -> tuple[str, dict[str, str]]:
    """Return a name without titles and degrees, and names in other scripts."""
    name, *more = [_IN_BRACKETS.sub("", written), *_IN_BRACKETS.findall(written)]
    romanised = [text for text in more if _ROMANISED.fullmatch(text.strip())]
    if _language(name) and romanised:
        name, more = romanised[0], [name]
    others = {_language(text): text.strip() for text in more}
    name = PATTERNS["title"].sub("", name.strip())
    words = PATTERNS["degrees"].sub("", name).split()
    foreign = [word for word in words if _language(word)]
    if foreign and len(foreign) < len(words):
        others[_language(foreign[0])] = " ".join(foreign)
        words = [word for word in words if word not in foreign]
    family, comma, given = " ".join(words).strip(" ,").partition(", ")
    name = f"{given} {family}" if comma and given else family
    return name, {f"name_{tag}": other for tag, other in others.items() if tag}


def _language(text: str) -> str:
    scripts = [unicodedata.name(c, "").partition(" ")[0] for c in text if c.isalpha()]
    return next(filter(None, map(NAMES["scripts"].get, scripts)), "")


def _dates(known: Mapping[str, Any], position: str, groups: str) -> dict[str, Any]:
    """Return when somebody came and left, the degree, and where they are now."""
    joined, left = (_date(text_of(known, name)) for name in ("joined", "left"))
    period, now = text_of(known, "period"), text_of(known, "now")
    is_alumnus = PATTERNS["alumnus"].search(f"{groups}, {position}")
    if not (is_alumnus or left or now or text_of(known, "alumnus") == "true"):
        return {"joined": joined or _date(period)}
    written = position if re.search(r"[\s\d]", position) else ""
    told = [written, text_of(known, "degree"), period, text_of(known, "story")]
    story = ", ".join(filter(None, told))
    found = parse_alumnus(story if len(story) < _LONGEST_STORY else written)
    now = re.sub(r"^(?:now\s+)?(?:at\s+)?", "", now, flags=re.IGNORECASE)
    said = {
        "joined": joined,
        "left": left or found.get("left") or "unknown",
        "now": now,
    }
    return found | {name: text for name, text in said.items() if text}


def _date(text: str) -> str:
    """Return a date as far as it is told; empty without a year."""
    year = re.search(r"\b(?:19|20)\d\d\b", text)
    return date_of(text) or (year[0] if year else "")


def parse_alumnus(text: str) -> dict[str, str]:
    """Return what a line of text says of somebody who has left.

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
    rest = re.sub(r"^[\s,;:.)\]→\u2013\u2014-]+|[\s;,]+$", "", rest)
    if rest and not PATTERNS["thesis"].search(rest):
        found["now"] = rest
    return found


def _facts(known: Mapping[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {n: text_of(known, n) for n in ("department", "office")}
    for name in ("affiliations", "interests", "mentors"):
        value = known.get(name)
        whole = name == "affiliations" and isinstance(value, str)
        texts = [str(value)] if whole else texts_of(value)
        facts[name] = texts if max(map(len, texts), default=0) <= _LONGEST_WORD else []
    return facts | {"order": number_of(known, "order")}


def _profiles(tree: Tree, values: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Return where else somebody is found, in the words of a page of the team."""
    found: dict[str, Any] = {}
    links: dict[str, str] = {}
    for written, said in _each_link(values):
        text = f"https://{said}" if said.startswith("www.") else said
        label, email = alias("profiles", written), PATTERNS["email"].search(text)
        address = text.startswith(("http://", "https://"))
        known = (s for s in SITES if s.name != "mastodon" and s.prefix.match(text))
        site = next(known, None) if address else None
        site = site or _SITES.get(label)
        identifier = parse_identifier(site, text) if site else None
        if email:
            found.setdefault("email", email[1])
        elif site and identifier:
            found.setdefault(site.name, identifier)
        elif address and label == "homepage":
            found.setdefault("homepage", text)
        elif address:
            links.setdefault(re.sub(r"[-_]", " ", label).capitalize() or "Link", text)
        elif label == "email":
            found.setdefault("contact", text.removeprefix("mailto:"))
        else:
            tree.note(place, f"{label}: '{text}' leads to no profile; left out")
    return found | {"links": links}


def _each_link(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each name of a link and what it leads to, wherever it stands."""
    mappings = [{k: v for k, v in values.items() if k.lower() in _LINKS}]
    for name in ("links", "social", "socials", "profiles", "contacts"):
        value = values.get(name)
        mappings += [value] if isinstance(value, dict) else []
        for each in mappings_of(value) if isinstance(value, list) else ():
            address = text_of(each, "url", "link", "href")
            label = text_of(each, "label", "name", "type", "icon").rpartition("/")[2]
            mappings.append({label: address} if address else each)
    for mapping in mappings:
        for name in mapping:
            text = text_of(mapping, name)
            if text and not PATTERNS["private_fact"].search(name):
                yield name.lower(), text


def one_each(people: Iterable[Record | None], tree: Tree) -> list[Record]:
    """Return everybody once, each under an address of their own."""
    kept: dict[str, Record] = {}
    names: dict[str, Record] = {}
    for person in filter(None, people):
        if names.setdefault(person.title, person) is not person:
            file = names[person.title].place.file
            tree.note(person.place, f"{person.title}: is in {file} too, which counts")
            continue
        slug = free(person.slug, kept.__contains__)
        kept[slug] = replace(person, slug=slug)
    current = [p for p in kept.values() if "left" not in p.front]
    heads = [p for p in current if p.front["role"] == "professor"]
    if len(heads) == 1 and not any(p.front["role"] == "pi" for p in current):
        kept[heads[0].slug] = as_head(heads[0])
    return list(kept.values())


def as_head(person: Record) -> Record:
    """Return a person as principal investigator."""
    return replace(person, front={**person.front, "role": "pi"}, label="")
