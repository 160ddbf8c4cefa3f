"""Readers of other systems, after what ``layouts.toml`` says of each."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from labsite.importing.citations import read_papers
from labsite.importing.pages import (
    read_news,
    read_pages,
    read_profiles,
    read_topics,
)
from labsite.importing.people import as_head, make_person, one_each
from labsite.importing.records import OldSite, Place, Record
from labsite.importing.tree import (
    PATTERNS,
    mappings_of,
    read_table,
    renamed,
    slug_of,
    text_of,
    texts_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from labsite.importing.tree import Tree

_TABLE = read_table("layouts.toml")


def read(tree: Tree) -> OldSite | None:
    """Return all that is found in an old site; ``None`` if no system is recognised."""
    for system, row in _TABLE["systems"].items():
        if all(tree.find(_expanded(mark)) for mark in row["marks"]):
            like = _TABLE["systems"].get(row.get("like"), {})
            patterns = {k: v for k, v in (like | row).items() if isinstance(v, str)}
            return _read(tree, system, {k: _expanded(v) for k, v in patterns.items()})
    return None


def _expanded(pattern: str) -> str:
    for name, words in _TABLE["words"].items():
        pattern = pattern.replace(f"{{{name}}}", words)
    return _expanded(pattern) if "{PEOPLE}" in pattern else pattern


def _read(tree: Tree, system: str, layout: Mapping[str, str]) -> OldSite:
    settings = _settings(tree, layout)
    people = one_each(_people(tree, layout), tree)
    papers, macros = read_papers(tree, layout, people)
    domains = [tree.text(file).strip() for file in tree.find(layout.get("domain", ""))]
    base = text_of(settings, "baseurl").rstrip("/")
    url = base if "://" in base else f"{text_of(settings, 'url').rstrip('/')}{base}"
    name = text_of(settings, "title", "name")
    return OldSite(
        system=system,
        name=_owner(settings) if name in {"", "blank"} else name,
        description=text_of(settings, "description", "subtitle"),
        address=url if url.startswith("http") else "",
        domain=domains[0] if domains else "",
        papers=tuple(papers),
        macros=macros,
        people=tuple(_with_owner(tree, layout, settings, people)),
        topics=tuple(read_topics(tree, layout)),
        news=tuple(read_news(tree, layout)),
        pages=tuple(read_pages(tree, layout)),
    )


def _settings(tree: Tree, layout: Mapping[str, str]) -> dict[str, Any]:
    """Return what the configuration says, whatever stands within it last."""
    found: dict[str, Any] = {}
    for source in tree.sources(layout.get("settings", "")):
        values = source.fields
        nested = [v for v in values.values() if isinstance(v, dict)]
        nested += [v for each in nested for v in each.values() if isinstance(v, dict)]
        for each in (*reversed(nested), values):
            found |= {k.lower(): v for k, v in each.items() if v}
    return found


def _people(tree: Tree, layout: Mapping[str, str]) -> Iterator[Record | None]:
    roles = {
        key.lower(): text_of(value, "description", "text")
        for source in tree.sources(layout.get("types", ""))
        for key, value in source.fields.items()
        if isinstance(value, dict) and text_of(value, "description", "text")
    }
    for source in tree.sources(layout.get("people", "")):
        values, name = source.values, source.name
        known = renamed(values, "person").keys() - {"name", "aliases"}
        told = source.body.strip() or known
        if not told or re.search(r"template|example", name) or "widget" in values:
            tree.note(source.place, f"{name}: says nothing of a person; left out")
            continue
        group = source.section if PATTERNS["groups"].search(source.section) else ""
        shown = f"author/{slug_of(text_of(values, 'name', 'title')) or name}"
        shown_at = (shown,) if source.section.startswith("author") else ()
        place = replace(source.place, addresses=(*source.place.addresses, *shown_at))
        yield make_person(
            tree, values, place, slug=name, group=group, body=source.body, roles=roles
        )
    for source in tree.sources(layout.get("people_data", "")):
        group = source.name if PATTERNS["role_file"].search(source.name) else ""
        for values, heading in _people_in(source.values, group):
            place = tree.place_of(source.place.file, text_of(values, "name", "title"))
            yield make_person(tree, values, place, group=heading, roles=roles)
    for profile, file in read_profiles(tree, layout):
        yield _profile(tree, profile, file)


def _people_in(data: object, group: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield each mapping with a name, and the headings under which it stands."""
    for item in data if isinstance(data, list) else ():
        yield from _people_in(item, group)
    if not isinstance(data, dict):
        return
    lists = {k for k, v in data.items() if isinstance(v, list) and mappings_of(v)}
    lists -= {
        "links",
        "social",
        "profiles",
        "education",
        "affiliations",
        "organizations",
    }
    title = text_of(data, "first_name", "title", "group", "role") or data.get("name")
    if title and not lists:
        yield data, group
        return
    for key, value in data.items():
        if key in lists:
            heading = title if key in {"members", "people", "list", "items"} else key
            yield from _people_in(value, f"{group} {heading}".strip())
        elif isinstance(value, dict):
            named = {} if value.get("name") or mappings_of(value) else {"name": key}
            yield from _people_in({**named, **value}, group)


def _profile(tree: Tree, profile: Mapping[str, Any], file: str) -> Record | None:
    """Return the person of a profile, whose text is a page of its own."""
    content = text_of(profile, "content")
    about = next(tree.sources(rf"_pages/{re.escape(content or '/')}"), None)
    body, values = (about.body, about.values) if about else ("", {})
    heading = re.match(r"\s*(?:#+\s+(.+)|\*\*(.+?)\*\*)", body)
    said = (heading[1] or heading[2]) if heading else ""
    bare = content.rpartition(".")[0].removeprefix("about_").replace("_", " ").title()
    name = text_of(profile, "name") or text_of(values, "title", "name") or said or bare
    body = body[heading.end() :] if heading and said == name else body
    place = Place(file=about.place.file if about else file)
    return make_person(tree, {**profile, "name": name}, place, body=body)


def _owner(settings: Mapping[str, Any]) -> str:
    """Return the name of the person whose site it is."""
    parts = (text_of(settings, n) for n in ("first_name", "middle_name", "last_name"))
    return " ".join(filter(None, parts))


def _with_owner(
    tree: Tree,
    layout: Mapping[str, str],
    settings: Mapping[str, Any],
    people: list[Record],
) -> list[Record]:
    """Return the people, whose site it is as principal investigator, if it is one's."""
    name, scholar = _owner(settings), settings.get("scholar")
    families = texts_of(scholar.get("last_name") if isinstance(scholar, dict) else None)
    if any(person.front["role"] == "pi" for person in people):
        return people
    for person in people:
        own = person.front["role"] == "member" and person.title.split()[-1] in families
        if person.title == name or own:
            return [
                as_head(person),
                *(other for other in people if other is not person),
            ]
    if not name or PATTERNS["lab"].search(name) or name == "You R. Name":
        return people
    given = {k: v for k, v in settings.items() if re.search(r"_username$|_id$", k)}
    for source in tree.sources(layout.get("socials", "")):
        given |= source.fields
    about = next(tree.sources(r"_pages/about\.md"), None)
    given |= {"name": name, "role": "pi"} | (
        {"profile": about.values.get("profile")} if about else {}
    )
    made = make_person(tree, given, Place(file="_config.yml"))
    return [made, *people] if made else people
