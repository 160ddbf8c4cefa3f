"""al-folio: a Jekyll theme with a bibliography in BibTeX (github.com/alshedivat)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from labsite.importing import jekyll
from labsite.importing.papers import read_entries
from labsite.importing.people import make_person, one_each
from labsite.importing.records import OldSite
from labsite.importing.tree import mappings_of, text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.importing.records import OldPerson
    from labsite.importing.tree import Tree

NAME = "al-folio"
_BODY = re.compile(r"\b(?:lab|laboratory|group|institute|center|centre|team)\b", re.IGNORECASE)
_FOLDERS = ("assets/pdf", "assets/img/publication_preview", "assets/bibliography")


def recognises(tree: Tree) -> bool:
    """Tell whether the tree is a site of this system."""
    return bool(tree.find(r"_config\.ya?ml") and tree.find(r"_bibliography/.*\.bib"))


def read(tree: Tree) -> OldSite:
    """Return all that the site has."""
    papers, macros = read_entries(tree, tree.find(r"_bibliography/.*\.bib"))
    people, roles = jekyll.people(tree)
    profiles, more = one_each(_profiles(tree), tree)
    names = {p.values["name"] for p in people}
    people += [p for p in profiles if p.values["name"] not in names]
    people = _with_owner(tree, people)
    contents = {text_of(e, "content") for _f, e in _each_profile(tree)}
    pages = [
        p
        for p in jekyll.pages(tree, r"_pages/[^/]+\.(?:md|markdown|html)|index\.(?:md|html)|about\.md")
        if p.file.rpartition("/")[2] not in contents
    ]
    return OldSite(
        system=NAME,
        papers=tuple(replace(p, folder=_FOLDERS[0]) for p in papers),
        macros=tuple(macros.items()),
        people=tuple(people),
        roles=roles | more,
        topics=tuple(jekyll.topics(tree)),
        news=tuple(jekyll.news(tree)),
        pages=tuple(pages),
        **jekyll.settings(tree),
    )


def _with_owner(tree: Tree, people: list[OldPerson]) -> list[OldPerson]:
    """Return the people with the one whose site it is as principal investigator."""
    configuration = tree.data(tree.find(r"_config\.ya?ml")[0])
    values = configuration if isinstance(configuration, dict) else {}
    words = (text_of(values, n) for n in ("first_name", "middle_name", "last_name"))
    name = " ".join(filter(None, words))
    scholar = values.get("scholar")
    families = texts_of(scholar.get("last_name") if isinstance(scholar, dict) else None)
    if any(p.values["role"] == "pi" for p in people):
        return people
    for person in people:
        own = str(person.values["name"])
        if own == name or (person.values["role"] == "member" and own.split()[-1] in families):
            rest = [p for p in people if p is not person]
            return [replace(person, values={**person.values, "role": "pi"}), *rest]
    if not name or _BODY.search(name) or name == "You R. Name":
        return people
    about = next((tree.page(f).values for f in tree.find(r"_pages/about\.md")), {})
    social = [data for _file, data in tree.data_files("socials?") if isinstance(data, dict)]
    given = {**values, **(social[0] if social else {}), "name": name, "role": "pi"}
    for unwanted in ("title", "description", "url", "links", "image"):
        given.pop(unwanted, None)
    made = make_person(tree, {**given, "profile": about.get("profile")}, "_config.yml")
    return [made[0], *people] if made else people


def _each_profile(tree: Tree) -> Iterator[tuple[str, dict[str, object]]]:
    for file in tree.find(r"_pages/[^/]+\.(?:md|markdown)"):
        values = tree.page(file).values
        for profile in mappings_of(values.get("profiles")):
            yield file, profile


def _profiles(tree: Tree) -> Iterator[tuple[OldPerson, dict[str, str]] | None]:
    """Yield the people of pages with the layout "profiles", whose text is elsewhere."""
    for file, profile in _each_profile(tree):
        content = text_of(profile, "content")
        about = tree.page(f"_pages/{content}") if tree.find(re.escape(f"_pages/{content}")) else None
        body = about.body if about else ""
        heading = re.match(r"\s*#+\s+(.+)|\s*\*\*(.+?)\*\*", body)
        said = (heading[1] or heading[2]) if heading else ""
        bare = content.rpartition(".")[0].removeprefix("about_").replace("_", " ").title()
        name = text_of(profile, "name") or (text_of(about.values, "title", "name") if about else "") or said or bare
        if not name:
            tree.note(file, "a profile has no name; left out")
            continue
        body = body[heading.end() :] if heading and said == name else body
        yield make_person(tree, {**profile, "name": name}, about.file if about else file, body=body)
