"""People of other systems as pages of the team."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from labsite.importing.records import OldPerson
from labsite.importing.tree import date_of, mappings_of, slug_of, text_of, texts_of
from labsite.pages.profiles import SITES, parse_identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from labsite.importing.tree import Tree

#: What says a role, the most telling first; what no row says is a role of the lab's own.
_ROLES = (
    (r"\bpis?\b|principal[ -]?investigator|(?:lab|group) (?:head|leader|director)", "pi"),
    (r"post-?doc", "postdoc"),
    (r"integrated|m\.?s\.?[/ -]+(?:and )?ph\.?d|master.{0,12}(?:ph\.?d|doctor)", "msphd"),
    (r"ph\.?-?d|doctoral|doctorate", "phd"),
    (r"under-?grad|bachelor|\bb\.?(?:sc?|a)\b", "undergraduate"),
    (r"\bm\.?sc?\b|\bm\.?eng|master|\bms\b", "ms"),
    (r"\bintern", "intern"),
    (r"visit", "visitor"),
    (r"professor|faculty|lecturer|reader", "professor"),
    (r"staff|admin|manager|engineer|programmer|technic|assistant|coordinator|"
     r"scientist|developer", "staff"),
)  # fmt: skip
_ALUMNUS = re.compile(r"\balum|former|\bpast\b|graduated|previous|ancien|ehemalig|졸업", re.IGNORECASE)
#: Positions that say no more than the role.
_USUAL = {
    "principal-investigator", "phd-student", "ph-d-student", "phd", "postdoc", "ms-student",
    "postdoctoral-researcher", "master-student", "masters-student", "professor", "alumni",
    "undergraduate-student", "alumnus", "student", "intern", "staff", "visitor",
}  # fmt: skip
_OWN_ROLES = {"undergraduate": "Undergraduate student"}
_TITLES = re.compile(r"^(?:(?:assistant |associate )?prof(?:essor)?\.?|dr\.?|mr\.?|ms\.?|mrs\.?)\s+", re.IGNORECASE)
_DEGREES = re.compile(r",?\s+(?:ph\.?\s?d\.?|m\.?d\.?|m\.?sc?\.?|d\.?phil\.?|esq\.?)(?=,|\s|$)", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]+)[)\]]")
_SCRIPTS = (("HANGUL", "ko"), ("HIRAGANA", "ja"), ("KATAKANA", "ja"), ("CJK", "zh"))
_EMAIL = re.compile(r"(?:mailto:)?([\w.+-]+@[\w-]+(?:\.[\w-]+)+)", re.ASCII)
#: "Ph.D. 2024, Engineer at Example", "MS, 2019-2021; now at Example".
_DEGREE = re.compile(r"\b(ph\.?\s?d|m\.?sc?|m\.?eng|b\.?sc?|b\.?a|post-?doc\w*|master'?s?|bachelor'?s?)\b\.?", re.IGNORECASE)
_YEARS = re.compile(r"(?:((?:19|20)\d\d)(?:[-./]\d\d?)?\s*(?:-|–|—|to)\s*)?\b((?:19|20)\d\d)(?:[-./](\d\d?))?\b")
_NOW = re.compile(r"(?:\bnow\b|\bcurrently\b|\bnext\b|→|->|⟶|\bcurrent(?: position)?\b)\s*:?\s*(?:at\s+)?(.+)", re.IGNORECASE)
_LABELS = {"google-scholar": "scholar", "google_scholar": "scholar", "scholar_userid": "scholar",
           "x": "twitter", "orcid_id": "orcid", "github_username": "github",
           "linkedin_username": "linkedin", "twitter_username": "twitter", "home-page": "homepage",
           "website": "homepage", "web": "homepage", "url": "homepage", "homepage": "homepage",
           "home": "homepage", "personal": "homepage", "link": "homepage", "blog": "Blog"}  # fmt: skip
_SITES = {site.name: site for site in SITES}
_PRIVATE = {"phone", "tel", "telephone", "mobile", "birthday", "birthdate", "address"}
_PHOTO_FOLDERS = ("images", "images/team", "images/people", "assets/img", "assets/img/people",
                  "assets/img/team", "assets/images", "img", "static/img", "assets/media")  # fmt: skip


def role_of(*texts: str) -> tuple[str, str]:
    """Return the role that the first of the texts says, and its name if it is new."""
    for pattern, role in _ROLES:
        if any(re.search(pattern, text.replace("_", " "), re.IGNORECASE) for text in texts[:2]):
            return role, _OWN_ROLES.get(role, "")
    text = next((t for t in texts if t and not _ALUMNUS.search(t)), "")
    slug = slug_of(text)
    words = text.replace("-", " ").replace("_", " ").strip()
    return (slug, words[:1].upper() + words[1:]) if slug and len(text) <= 40 else ("", "")


def make_person(
    tree: Tree,
    values: Mapping[str, Any],
    file: str,
    *,
    line: int = 1,
    slug: str = "",
    group: str = "",
    body: str = "",
    addresses: tuple[str, ...] = (),
    roles: Mapping[str, str] | None = None,
) -> tuple[OldPerson, dict[str, str]] | None:
    """Return the person that a mapping describes, and roles that are the lab's own.

    :param group: under which heading or in which file the person stands
    :param roles: what the old site calls its roles
    """
    written = _name(values)
    if not written:
        return None
    name, others = _names(written)
    slug = slug_of(slug) or slug_of(name)
    if not slug:
        tree.note(file, f"'{name}' has no Latin letters for an address; left out", line)
        return None
    said = text_of(values, "role", "position", "job", "job_title")
    if not said and text_of(values, "name", "first_name"):
        said = text_of(values, "title", "degree_program")
    groups = ", ".join(texts_of(values.get("user_groups"))) or ", ".join(filter(None, (text_of(values, "group", "category", "team", "type"), group)))
    position = (roles or {}).get(said.lower(), "") or said
    role, label = role_of(groups if re.search(r"principal|\bpi\b", groups, re.IGNORECASE) else position or groups, "" if position else groups, groups)
    front: dict[str, object] = {"name": name, **others}
    aliases = [a for a in texts_of(values.get("aliases")) if a.casefold() != name.casefold() and "/" not in a]
    if aliases:
        front["aliases"] = aliases
    dates = _dates(values, position, groups)
    degree = str(dates.get("degree", ""))
    front["role"] = role or (role_of(degree)[0] if degree else "") or "member"
    if position and slug_of(position) not in {role, slug_of(label), *_USUAL}:
        front["position"] = position
    front |= dates
    if "left" in front:
        front.pop("position", None)
    front |= _facts(values)
    front |= _profiles(tree, values, file, line)
    photo = _photo(values)
    path = tree.find_file(photo, *_PHOTO_FOLDERS) if photo else None
    if photo and path is None:
        tree.note(file, f"{name}: the photograph '{photo}' is not there", line)
    for field in sorted(_PRIVATE & set(values)):
        tree.note(file, f"{name}: '{field}' is left out, as it may be private", line)
    text = body.strip() or text_of(values, "bio", "description", "about", "biography", "blurb")
    person = OldPerson(file=file, line=line, addresses=addresses, slug=slug, values=front, body=text, photo=path)
    return person, {role: label} if label else {}


def _name(values: Mapping[str, Any]) -> str:
    value = values.get("name")
    if isinstance(value, dict):
        return text_of(value, "display") or f"{text_of(value, 'given', 'first')} {text_of(value, 'family', 'last')}".strip()
    split = f"{text_of(values, 'first_name', 'firstname', 'given_name')} {text_of(values, 'last_name', 'lastname', 'family_name')}".strip()
    return text_of(values, "name", "title", "full_name", "display_name") or split


def _names(written: str) -> tuple[str, dict[str, str]]:
    """Return a name without titles and degrees, and names in other scripts."""
    others = {}
    for inner in _IN_BRACKETS.findall(written):
        language = _language(inner)
        if language:
            others[f"name_{language}"] = inner.strip()
    name = _DEGREES.sub("", _TITLES.sub("", _IN_BRACKETS.sub("", written).strip()))
    words = name.split()
    foreign = [w for w in words if _language(w)]
    if foreign and len(foreign) < len(words):
        others[f"name_{_language(foreign[0])}"] = " ".join(foreign)
        words = [w for w in words if w not in foreign]
    family, comma, given = " ".join(words).strip(" ,").partition(", ")
    return (f"{given} {family}" if comma and given else family), others


def _language(text: str) -> str:
    names = {unicodedata.name(c, "").partition(" ")[0] for c in text if c.isalpha()}
    return next((tag for script, tag in _SCRIPTS if script in names), "")


def _dates(values: Mapping[str, Any], position: str, groups: str) -> dict[str, object]:
    """Return when somebody came and left, the degree, and where they are now."""
    found: dict[str, object] = {}
    joined = date_or_year(text_of(values, "joined", "start", "start_date", "startdate", "since", "from", "date_start", "period", "years"))
    left = date_or_year(text_of(values, "left", "end", "end_date", "enddate", "graduated", "graduation", "until", "to", "date_end"))
    now = text_of(values, "now", "current", "currently", "next", "current_position", "placement", "destination", "where_now")
    is_alumnus = bool(_ALUMNUS.search(f"{groups}, {position}, {text_of(values, 'status')}")) or text_of(values, "alumni", "is_alumni", "alumnus").lower() in {"true", "yes", "1"}
    if joined:
        found["joined"] = joined
    if not (is_alumnus or left or (now and not found)):
        return found
    written = position if re.search(r"[\s\d]", position) else ""
    told = ", ".join(filter(None, (written, *(text_of(values, n) for n in ("degree", "duration", "period", "years", "info", "note", "subtitle", "description")))))
    story = parse_alumnus(told if len(told) < 300 else position)
    found |= {k: v for k, v in story.items() if k not in found}
    found["left"] = left or story.get("left") or "unknown"
    if now:
        found["now"] = re.sub(r"^(?:now\s+)?(?:at\s+)?", "", now, flags=re.IGNORECASE)
    degree = text_of(values, "degree")
    if degree and len(degree) < 20 and not re.search(r"\d", degree):
        found["degree"] = _degree(degree)
    return found


def _degree(text: str) -> str:
    bare = re.sub(r"[.\s]", "", text)
    return {"phd": "PhD", "ms": "MS", "msc": "MSc", "bs": "BS", "bsc": "BSc"}.get(bare.lower(), text)


def date_or_year(text: str) -> str:
    """Return a date as far as it is told; empty without a year."""
    year = re.search(r"\b(?:19|20)\d\d\b", text)
    return date_of(text) or (year[0] if year else "")


def parse_alumnus(text: str) -> dict[str, object]:
    """Return what a line of text says of somebody who has left."""
    found: dict[str, object] = {}
    degree, years, now = _DEGREE.search(text), _YEARS.search(text), _NOW.search(text)
    if degree and not re.match(r"post", degree[0], re.IGNORECASE):
        found["degree"] = _degree(degree[0])
    if years:
        month = int(years[3]) if years[3] else 0
        found["left"] = f"{years[2]}-{month:02}" if 0 < month <= 12 else years[2]
        if years[1]:
            found["joined"] = years[1]
    rest = now[1] if now else text[years.end() :] if years else ""
    rest = re.sub(r"^[\s,;:.)\]→–—-]+|[\s;,]+$", "", rest)
    if rest and not re.search(r"thesis|dissertation|advis|supervis", rest, re.IGNORECASE):
        found["now"] = rest
    return found


def _facts(values: Mapping[str, Any]) -> dict[str, object]:
    facts: dict[str, object] = {}
    affiliations = [text_of(o, "name") for o in mappings_of(values.get("organizations") or values.get("affiliations"))]
    affiliations += texts_of(values.get("affiliation"))
    if any(affiliations):
        facts["affiliations"] = [a for a in affiliations if a]
    for name, names in (("department", ("department",)), ("office", ("office", "room"))):
        text = text_of(values, *names)
        if text:
            facts[name] = text
    interests = texts_of(values.get("interests") or values.get("research_interests"))
    if interests and max(map(len, interests)) < 80:
        facts["interests"] = interests
    mentors = texts_of(values.get("mentors") or values.get("advisors") or values.get("advisor"))
    if mentors:
        facts["mentors"] = mentors
    order = text_of(values, "order", "weight", "rank", "importance")
    if re.fullmatch(r"-?\d{1,6}", order):
        facts["order"] = int(order)
    return facts


def _profiles(tree: Tree, values: Mapping[str, Any], file: str, line: int) -> dict[str, object]:
    """Return where else somebody is found, in the words of a page of the team."""
    found: dict[str, object] = {}
    links: dict[str, str] = {}
    for label, text in _each_link(values):
        label = _LABELS.get(label, label)
        email = _EMAIL.fullmatch(text)
        if email:
            found.setdefault("email", email[1])
            continue
        site = next((s for s in SITES if s.name != "mastodon" and s.prefix.match(text) and parse_identifier(s, text)), _SITES.get(label))
        if site and (identifier := parse_identifier(site, text)):
            found.setdefault(site.name, identifier)
        elif text.startswith(("http://", "https://")) and label in {"homepage", "icon"}:
            found.setdefault("homepage", text)
        elif text.startswith(("http://", "https://")):
            links.setdefault(label.replace("-", " ").capitalize(), text)
        elif label in _SITES or label in {"homepage", "email"} and " " in text:
            tree.note(file, f"'{text}' is no profile at {label}", line)
    return {**found, **({"links": links} if links else {})}


def _each_link(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("links", "social", "profiles", "socials", "contacts"):
        value = values.get(name)
        for each in value if isinstance(value, list) else []:
            if isinstance(each, dict):
                address = text_of(each, "url", "link", "href")
                label = text_of(each, "label", "name", "type", "icon").lower().removeprefix("brands/").removeprefix("academicons/")
                yield from [(label, address)] if address else _plain(each)
        yield from _plain(value if isinstance(value, dict) else {})
    known = {*_SITES, *_LABELS, "email", "e-mail", "mail", "semantic_scholar", "gitlab", "youtube"}
    yield from _plain({k: v for k, v in values.items() if k.lower() in known})


def _plain(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    names = (name for name in values if name.lower() not in _PRIVATE)
    return ((n.lower(), text_of(values, n)) for n in names if text_of(values, n))


def _photo(values: Mapping[str, Any]) -> str:
    profile = values.get("profile")
    inner = profile if isinstance(profile, dict) else {}
    image = values.get("image")
    inner = image if isinstance(image, dict) else inner
    return text_of(values, "image", "img", "photo", "avatar", "picture", "portrait", "headshot") or text_of(inner, "image", "path", "filename", "src")


def one_each(
    made: Iterable[tuple[OldPerson, dict[str, str]] | None], tree: Tree
) -> tuple[list[OldPerson], dict[str, str]]:
    """Return people of whom two records tell once, each under an address of their own."""
    people: dict[str, OldPerson] = {}
    roles: dict[str, str] = {}
    for person, labels in filter(None, made):
        name = str(person.values["name"])
        same = next((p for p in people.values() if p.values["name"] == name), None)
        if same:
            tree.note(person.file, f"{name}: is in {same.file} too; that one counts", person.line)
            continue
        numbered = (f"{person.slug}-{n}" for n in range(2, len(people) + 3))
        slug = next(s for s in (person.slug, *numbered) if s not in people)
        people[slug] = replace(person, slug=slug)
        roles |= labels
    has_pi = any(p.values["role"] == "pi" for p in people.values())
    professors = [
        slug
        for slug, p in people.items()
        if p.values["role"] == "professor" and "left" not in p.values
    ]
    if len(professors) == 1 and not has_pi:
        only = people[professors[0]]
        people[professors[0]] = replace(only, values={**only.values, "role": "pi"})
    return list(people.values()), roles
