"""People of other systems as pages of the team, and their names in papers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from labsite.importing.conversion import Page
from labsite.importing.markup import replace_blocks
from labsite.importing.tree import (
    NAMES,
    PATTERNS,
    Record,
    Tree,
    Values,
    match_first,
    rename,
)
from labsite.pages.profiles import SITES
from labsite.text.names import given_name_first
from labsite.text.spellings import slug_of

_PROFILES = {site.name for site in SITES}
#: Fields that are links.
LINKS = _PROFILES.union(*NAMES["profiles"].values(), ("gitlab", "youtube")) - {"link"}
_LONGEST_ROLE = 40  #: characters of a heading that can be a role's name
_LONGEST_STORY = 300  #: characters of a line about an alumnus
_IN_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]+)[)\]]")
#: A name in Latin letters, behind the name in another script.
_ROMANIZED = re.compile(r"[A-Z][\w'-]+(?:,? [A-Z][\w.'-]*)+", re.ASCII)
_OTHER = re.compile(r"name_[a-z]{2,3}$")  #: a field with the name in another script


def make_person(tree: Tree, record: Record) -> Page | None:
    """Return the page of the person that a record describes."""
    values = record.values
    if parts := values.mapping("name"):
        values = Values({**values, **parts, "name": parts.text("display")})
    known = values.renamed("person")
    written = known.text("name") or f"{known.text('given')} {known.text('family')}"
    written = written.strip() or re.sub(r"[-_]", " ", record.name).title()
    alternate = values.text("alternate")
    name, others = split_scripts(f"{written} ({alternate})" if alternate else written)
    name = given_name_first(name)
    if not slug_of(name):
        tree.note(record, f"'{name}' has no letters for an address; left out")
        return None
    title = values.text("title")
    position = known.text("position") or (title if title != written else "")
    described, photo = values.text("description"), known.text("photo")
    if not position and match_first("roles", described[: 2 * _LONGEST_ROLE]):
        position = described
    front = {
        "name": name,
        **others,
        **{
            n: told.text(n) for told in (known, values) for n in told if _OTHER.match(n)
        },
        **{field: known.text(field) for field in ("department", "office")},
        "aliases": [a for a in known.texts("aliases") if a != name and "/" not in a],
        **_find_place(known, position, record.section),
        "affiliations": known.text("affiliations") or known.texts("affiliations"),
        **{field: known.texts(field) for field in ("interests", "mentors")},
        "order": known.number("order"),
        **_find_profiles(tree, record, values),
    }
    body = replace_blocks(record.body, lambda _: "").strip() or known.text("body")
    body = "\n\n".join((*dict.fromkeys(front.pop("files")), body)).strip()
    photo = "" if PATTERNS["no_picture"].search(photo) else photo
    return Page(
        source=record,
        docname=f"team/{slug_of(name)}",
        front={field: value for field, value in front.items() if value},
        body=body,
        picture=photo or tree.find_beside(record),
    )


def significant(heading: str) -> str:
    """Return the words of a heading that tell a group of people from others."""
    return " ".join(PATTERNS["generic"].sub(" ", heading).split())


def _find_place(known: Values, position: str, section: str) -> dict[str, str]:
    """Return a person's role, position and dates."""
    named = map(significant, (*known.texts("group"), section))
    groups = ", ".join(filter(None, named))
    position = re.sub(r"</?[a-z][^<>]*>", "", position.replace("_", " "))
    dates = _find_dates(known, position, groups)
    texts = (position, groups, dates.get("degree", ""))
    roles = [match_first("roles", text) for text in texts]
    # "Ph.D." among the postdocs is no student.
    is_degree = PATTERNS["degree"].fullmatch(position)
    if roles[1] == "pi" or (is_degree and roles[1] != "graduate-student"):
        roles.insert(0, roles[1])
    told = position or groups
    if len(told) <= _LONGEST_ROLE and not PATTERNS["alumnus"].search(told):
        roles.append(slug_of(told))  # a role of the lab's own
    role, shown = next(filter(None, roles), ""), slug_of(position)
    is_told = "left" in dates and _parse_story(position)
    usual = is_told or shown == role or PATTERNS["usual"].search(shown)
    position = "" if usual else position[:1].upper() + position[1:]
    return {"role": role, "position": position, **dates}


def split_scripts(written: str) -> tuple[str, dict[str, str]]:
    """Return a name without titles and degrees, and the names in other scripts.

    "김민수 (Minsu Kim)" and "Minsu Kim 김민수" say the same. What else is in brackets
    is left out.
    """
    bare = _IN_BRACKETS.sub("", written).strip()
    name = PATTERNS["degrees"].sub("", PATTERNS["title"].sub("", bare))
    for more in map(str.strip, _IN_BRACKETS.findall(written)):
        is_other = _find_language(name) and _ROMANIZED.fullmatch(more)
        name += f" {more}" if is_other or _find_language(more) else ""
    words: dict[str, list[str]] = {}
    for word in name.split():
        words.setdefault(_find_language(word), []).append(word)
    own = words.pop("" if "" in words else next(iter(words), ""), [])
    others = {f"name_{tag}": " ".join(more) for tag, more in words.items()}
    return " ".join(own).strip(" ,"), others


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
    written = position if re.search(r"[\s\d]", position) else ""  # not "phd"
    told = (written, *(known.text(n) for n in ("degree", "period", "story")))
    story = ", ".join(filter(None, dict.fromkeys(told)))
    found = _parse_story(story if len(story) < _LONGEST_STORY else written)
    given = {"joined": joined, "left": left, "now": now}
    return {"left": "unknown"} | found | {n: text for n, text in given.items() if text}


def _parse_story(text: str) -> dict[str, str]:
    """Return what a line says about an alumnus.

    Such lines are "Ph.D. 2024, Engineer at Example", "MS, 2019-2021; now at Example".
    """
    degree, years, now = (PATTERNS[n].search(text) for n in ("degree", "years", "now"))
    found: dict[str, str] = {}
    if degree:
        plain = re.sub(r"[.\s]", "", degree[1]).lower()
        found["degree"] = NAMES["degrees"].get(plain, degree[1])
    if years:
        found["left"] = "-".join(filter(None, years.group(2, 3)))
        found |= {"joined": years[1]} if years[1] else {}
    rest = now[1] if now else text[years.end() :] if years else ""
    before = text[: degree.start()] if degree else ""
    if not re.search(r"\w", rest) and re.search(r"\w(?:,| at | @) ?\w", before):
        rest = before  # as in "Engineer at Example, PhD 2021"
    rest = re.sub(r"^[\s,;:.)\]→\u2013\u2014-]+|[\s;,]+$", "", rest)
    if rest and not PATTERNS["thesis"].search(rest):
        found["now"] = rest
    return found


def _find_profiles(tree: Tree, record: Record, values: Values) -> dict[str, Any]:
    """Return a person's links as fields, and as "files" those to the old site's."""
    found: dict[str, Any] = {"links": {}, "files": []}
    for written, target in _find_links(values):
        text = f"https://{target}" if target.startswith("www.") else target
        label, email = rename("profiles", written), PATTERNS["email"].search(text)
        is_address = text.startswith(("http://", "https://"))
        known = (s.name for s in SITES if s.name != "mastodon" and s.prefix.match(text))
        name = next(known, label) if is_address else label
        title = re.sub(r"[-_]", " ", label[:1].upper() + label[1:]) or "Link"
        if email:
            found.setdefault("email", email[1])
        elif name in _PROFILES or (is_address and name == "homepage"):
            found.setdefault(name, text)
        elif is_address:
            found["links"].setdefault(title, text)
        elif name == "email" and text[0] not in "/#":
            found.setdefault("contact", text)
        elif tree.find_file(text, record.folder):
            found["files"].append(f"[{title}]({text.replace(' ', '%20')})")
        else:
            tree.note(record, f"{label}: '{text}' is no address of a profile; left out")
    return found


def _find_links(values: Values) -> Iterator[tuple[str, str]]:
    """Yield the name and the target of each link, in any of the usual fields."""
    links = [(name, values.text(name)) for name in values if name.lower() in LINKS]
    links += values.links("links", "social", "socials", "profiles")
    for name, written in links:
        text = written.removeprefix("mailto:")
        if text and not PATTERNS["private_fact"].search(name):
            yield re.split(r"/|\b(?:fa|ai)-", name.lower())[-1], text
