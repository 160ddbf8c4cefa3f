"""People of other systems as pages of the team."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from labsite.importing.records import OldPerson
from labsite.importing.tree import (
    NAMES,
    alias,
    date_of,
    mappings_of,
    renamed,
    slug_of,
    text_of,
    texts_of,
)
from labsite.pages.profiles import SITES, parse_identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from labsite.importing.records import Place
    from labsite.importing.tree import Tree

_ALUMNUS = re.compile(
    r"\balum|former|\bpast\b|graduated|previous|ancien|ehemalig|졸업", re.IGNORECASE
)
_LONGEST_ROLE = 40  #: characters of a heading that can be a role's name
_LONGEST_STORY = 300  #: characters of a line about an alumnus
_LONGEST_WORD = 80  #: characters of an interest, or of a degree
#: Positions that say no more than the role.
_USUAL = re.compile(
    r"principal-investigator|(?:ph-?d|ms|masters?|undergraduate)?-?student|ph-?d|"
    r"postdoc(?:toral-researcher)?|professor|alumn\w+|intern|staff|visitor"
)
_TITLE = re.compile(
    r"^(?:(?:assistant |associate )?prof(?:essor)?|dr|mr|ms|mrs)\.?\s+", re.IGNORECASE
)
_DEGREES = re.compile(
    r",?\s+(?:ph\.?\s?d|m\.?d|m\.?sc?|d\.?phil|esq)\.?(?=,|\s|$)", re.IGNORECASE
)
_IN_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]+)[)\]]")
_SCRIPTS = {"HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja", "CJK": "zh"}
_EMAIL = re.compile(r"(?:mailto:)?([\w.+-]+@[\w-]+(?:\.[\w-]+)+)", re.ASCII)
#: "Ph.D. 2024, Engineer at Example", "MS, 2019-2021; now at Example".
_DEGREE = re.compile(
    r"\b(ph\.?\s?d|m\.?sc?|m\.?eng|b\.?sc?|b\.?a|master'?s?|bachelor'?s?)\b\.?",
    re.IGNORECASE,
)
_YEARS = re.compile(
    r"(?:((?:19|20)\d\d)(?:[-./]\d\d?)?\s*(?:-|\u2013|\u2014|to)\s*)?"
    r"\b((?:19|20)\d\d)(?:[-./](0\d|1[0-2]))?\b"
)
_NOW = re.compile(
    r"(?:\b(?:now|currently|next|current(?: position)?)\b|→|->|⟶)\s*:?\s*"
    r"(?:at\s+)?(.+)",
    re.IGNORECASE,
)
_SITES = {site.name: site for site in SITES}
_PRIVATE = {"phone", "tel", "telephone", "mobile", "birthday", "birthdate", "address"}
_PHOTO_FOLDERS = ("images", "images/team", "assets/img", "assets/img/people",
                  "assets/img/team", "assets/images", "img", "static/img")  # fmt: skip


def make_person(
    tree: Tree,
    values: Mapping[str, Any],
    place: Place,
    *,
    slug: str = "",
    group: str = "",
    body: str = "",
    roles: Mapping[str, str] | None = None,
) -> OldPerson | None:
    """Return the person that a mapping describes.

    :param group: under which heading or in which file the person stands
    :param roles: what the old site calls its roles
    """
    known = renamed(values, "person")
    written = _written_name(known)
    if not written:
        return None
    name, others = _names(written)
    slug = slug_of(slug) or slug_of(name)
    if not slug:
        tree.note(place, f"'{name}' has no Latin letters for an address; left out")
        return None
    said = text_of(known, "position")
    if not said and values.get("title") not in {None, written}:
        said = text_of(values, "title", "degree_program")
    groups = ", ".join([*texts_of(known.get("group")), *([group] if group else [])])
    position = (roles or {}).get(said.lower(), said)
    dates = _dates(known, position, groups)
    role, label = _role(position, groups, str(dates.get("degree", "")))
    front: dict[str, object] = {"name": name, **others}
    aliases = texts_of(known.get("aliases"))
    aliases = [a for a in aliases if a.casefold() != name.casefold() and "/" not in a]
    front |= {"aliases": aliases} if aliases else {}
    front["role"] = role
    shown = slug_of(position)
    if shown not in {"", role, slug_of(label)} and not _USUAL.fullmatch(shown):
        front |= {} if "left" in dates else {"position": position}
    front |= dates | _facts(known) | _profiles(tree, values, place)
    for private in sorted(_PRIVATE & set(values)):
        tree.note(place, f"{name}: '{private}' is left out, as it may be private")
    return OldPerson(
        place=place,
        slug=slug,
        values=front,
        role_label=label,
        body=body.strip() or text_of(known, "body"),
        photo=tree.find_picture(_photo(known, values), place, *_PHOTO_FOLDERS),
    )


def _role(position: str, groups: str, degree: str) -> tuple[str, str]:
    """Return the role, and what it is called if it is the lab's own."""
    first = groups if re.search(r"principal|\bpi\b", groups, re.IGNORECASE) else ""
    for text in filter(None, (first, position, groups, degree)):
        for role, pattern in NAMES["roles"].items():
            if re.search(pattern, text.replace("_", " "), re.IGNORECASE):
                return role, NAMES["own_roles"].get(role, "")
    text = position or groups
    slug = slug_of(text)
    if not slug or _ALUMNUS.search(text) or len(text) > _LONGEST_ROLE:
        return "member", ""
    words = re.sub(r"[-_]", " ", text).strip()
    return slug, words[:1].upper() + words[1:]


def _written_name(known: Mapping[str, Any]) -> str:
    name = known.get("name")
    if isinstance(name, dict):
        known = {**renamed(name, "person"), "name": text_of(name, "display")}
    parts = (text_of(known, "given"), text_of(known, "family"))
    return text_of(known, "name") or " ".join(filter(None, parts))


def _names(written: str) -> tuple[str, dict[str, str]]:
    """Return a name without titles and degrees, and names in other scripts."""
    others = {_language(n): n.strip() for n in _IN_BRACKETS.findall(written)}
    name = _IN_BRACKETS.sub("", written).strip()
    words = _DEGREES.sub("", _TITLE.sub("", name)).split()
    foreign = [word for word in words if _language(word)]
    if foreign and len(foreign) < len(words):
        others[_language(foreign[0])] = " ".join(foreign)
        words = [word for word in words if word not in foreign]
    family, comma, given = " ".join(words).strip(" ,").partition(", ")
    name = f"{given} {family}" if comma and given else family
    return name, {f"name_{tag}": other for tag, other in others.items() if tag}


def _language(text: str) -> str:
    scripts = [unicodedata.name(c, "").partition(" ")[0] for c in text if c.isalpha()]
    return next((_SCRIPTS[script] for script in scripts if script in _SCRIPTS), "")


def _dates(known: Mapping[str, Any], position: str, groups: str) -> dict[str, object]:
    """Return when somebody came and left, the degree, and where they are now."""
    joined, left = (_date(text_of(known, name)) for name in ("joined", "left"))
    found: dict[str, object] = {"joined": joined} if joined else {}
    now = text_of(known, "now")
    is_alumnus = _ALUMNUS.search(f"{groups}, {position}")
    if not (is_alumnus or left or now or text_of(known, "alumnus") == "true"):
        return found
    degree, story = text_of(known, "degree"), text_of(known, "story")
    written = position if re.search(r"[\s\d]", position) else ""
    told = ", ".join(filter(None, (written, degree, story)))
    found = parse_alumnus(told if len(told) < _LONGEST_STORY else written) | found
    found["left"] = left or found.get("left") or "unknown"
    now = re.sub(r"^(?:now\s+)?(?:at\s+)?", "", now, flags=re.IGNORECASE)
    return found | ({"now": now} if now else {})


def _date(text: str) -> str:
    """Return a date as far as it is told; empty without a year."""
    year = re.search(r"\b(?:19|20)\d\d\b", text)
    return date_of(text) or (year[0] if year else "")


def parse_alumnus(text: str) -> dict[str, object]:
    """Return what a line of text says of somebody who has left."""
    found: dict[str, object] = {}
    degree, years, now = (p.search(text) for p in (_DEGREE, _YEARS, _NOW))
    if degree:
        bare = re.sub(r"[.\s]", "", degree[1])
        usual = {"phd": "PhD", "ms": "MS", "msc": "MSc", "bs": "BS", "bsc": "BSc"}
        found["degree"] = usual.get(bare.lower(), degree[1])
    if years:
        found["left"] = f"{years[2]}-{years[3]}" if years[3] else years[2]
        found |= {"joined": years[1]} if years[1] else {}
    rest = now[1] if now else text[years.end() :] if years else ""
    rest = re.sub(r"^[\s,;:.)\]→\u2013\u2014-]+|[\s;,]+$", "", rest)
    if rest and not re.search(
        r"thesis|dissertation|advis|supervis", rest, re.IGNORECASE
    ):
        found["now"] = rest
    return found


def _facts(known: Mapping[str, Any]) -> dict[str, object]:
    facts: dict[str, object] = {}
    for name in ("affiliations", "interests", "mentors"):
        value = known.get(name)
        whole = name == "affiliations" and isinstance(value, str)
        texts = [str(value)] if whole else texts_of(value)
        if texts and max(map(len, texts)) <= _LONGEST_WORD:
            facts[name] = texts
    facts |= {n: text_of(known, n) for n in ("department", "office") if known.get(n)}
    order = text_of(known, "order")
    return facts | ({"order": int(order)} if re.fullmatch(r"-?\d{1,6}", order) else {})


def _profiles(tree: Tree, values: Mapping[str, Any], place: Place) -> dict[str, object]:
    """Return where else somebody is found, in the words of a page of the team."""
    found: dict[str, object] = {}
    links: dict[str, str] = {}
    for written, text in _each_link(values):
        label = alias("profiles", written)
        address = text.startswith(("http://", "https://"))
        email = _EMAIL.fullmatch(text)
        sites = [
            s for s in SITES if address and s.prefix.pattern and s.prefix.match(text)
        ]
        site = next((s for s in sites if s.name != "mastodon"), _SITES.get(label))
        identifier = parse_identifier(site, text) if site else None
        if email:
            found.setdefault("email", email[1])
        elif site and identifier:
            found.setdefault(site.name, identifier)
        elif address and label == "homepage":
            found.setdefault("homepage", text)
        elif address:
            links.setdefault(re.sub(r"[-_]", " ", label).capitalize() or "Link", text)
        elif label in _SITES:
            tree.note(place, f"'{text}' is no profile at {label}")
    return found | ({"links": links} if links else {})


def _each_link(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each name of a link and what it leads to, wherever it stands."""
    named = {n for names in NAMES["profiles"].values() for n in names} | _SITES.keys()
    named = (named | {"email", "homepage", "gitlab", "youtube"}) - {"link"}
    mappings = [{k: v for k, v in values.items() if k.lower() in named}]
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
            if text and name.lower() not in _PRIVATE:
                yield name.lower(), text


def _photo(known: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    nested = [known.get("photo"), values.get("profile")]
    inner = next((value for value in nested if isinstance(value, dict)), {})
    return text_of(known, "photo") or text_of(inner, "image", "path", "filename", "src")


def one_each(people: Iterable[OldPerson | None], tree: Tree) -> list[OldPerson]:
    """Return everybody once, each under an address of their own."""
    kept: dict[str, OldPerson] = {}
    names: dict[object, OldPerson] = {}
    for person in filter(None, people):
        name = person.values["name"]
        if names.setdefault(name, person) is not person:
            file = names[name].place.file
            tree.note(person.place, f"{name}: is in {file} too; that one counts")
            continue
        numbered = (f"{person.slug}-{n}" for n in range(2, len(kept) + 3))
        slug = next(s for s in (person.slug, *numbered) if s not in kept)
        kept[slug] = replace(person, slug=slug)
    current = [p for p in kept.values() if "left" not in p.values]
    heads = [p for p in current if p.values["role"] == "professor"]
    if len(heads) == 1 and not any(p.values["role"] == "pi" for p in current):
        kept[heads[0].slug] = with_role(heads[0], "pi")
    return list(kept.values())


def with_role(person: OldPerson, role: str) -> OldPerson:
    """Return a person with another role."""
    return replace(person, values={**person.values, "role": role}, role_label="")
