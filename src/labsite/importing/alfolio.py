"""al-folio: a Jekyll theme with a bibliography in BibTeX."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from labsite.importing import jekyll
from labsite.importing.papers import read_entries
from labsite.importing.people import make_person, one_each, with_role
from labsite.importing.records import OldSite, Place
from labsite.importing.tree import mappings_of, text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.importing.records import OldPerson
    from labsite.importing.tree import Tree

NAME = "al-folio"
_BODY = re.compile(
    r"\b(?:lab|laboratory|group|institute|center|centre|team)\b", re.IGNORECASE
)
_PAGES = r"_pages/[^/]+\.(?:md|markdown|html)|index\.(?:md|html)|about\.md"


def recognises(tree: Tree) -> bool:
    """Tell whether the tree is a site of this system."""
    return bool(tree.find(r"_config\.ya?ml") and tree.find(r"_bibliography/.*\.bib"))


def read(tree: Tree) -> OldSite:
    """Return all that the site has."""
    papers, macros = read_entries(tree, tree.find(r"_bibliography/.*\.bib"))
    profiles = list(_each_profile(tree))
    found = [*jekyll.people(tree), *(_profile(tree, *p) for p in profiles)]
    people = one_each(found, tree)
    contents = {text_of(profile, "content") for profile, _file in profiles}
    pages = jekyll.pages(tree, _PAGES)
    return OldSite(
        papers=tuple(replace(p, folder="assets/pdf") for p in papers),
        macros=macros,
        people=tuple(_with_owner(tree, people)),
        topics=tuple(jekyll.topics(tree)),
        news=tuple(jekyll.news(tree)),
        pages=tuple(
            p for p in pages if p.place.file.rpartition("/")[2] not in contents
        ),
        **jekyll.settings(tree),
    )


def _each_profile(tree: Tree) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the profiles of pages, whose texts are pages of their own."""
    for file in tree.find(r"_pages/[^/]+\.(?:md|markdown)"):
        for profile in mappings_of(tree.page(file).values.get("profiles")):
            yield profile, file


def _profile(tree: Tree, profile: dict[str, Any], file: str) -> OldPerson | None:
    content = text_of(profile, "content")
    about = next(
        (tree.page(f) for f in tree.find(re.escape(f"_pages/{content}"))), None
    )
    body, values = (about.body, about.values) if about else ("", {})
    heading = re.match(r"\s*(?:#+\s+(.+)|\*\*(.+?)\*\*)", body)
    said = (heading[1] or heading[2]) if heading else ""
    bare = content.rpartition(".")[0].removeprefix("about_").replace("_", " ").title()
    name = text_of(profile, "name") or text_of(values, "title", "name") or said or bare
    body = body[heading.end() :] if heading and said == name else body
    place = Place(file=about.file if about else file)
    return make_person(tree, {**profile, "name": name}, place, body=body)


def _with_owner(tree: Tree, people: list[OldPerson]) -> list[OldPerson]:
    """Return the people, whose site it is as principal investigator, if it is one's."""
    values = jekyll.configuration(tree)
    name, scholar = jekyll.owner(values), values.get("scholar")
    families = texts_of(scholar.get("last_name") if isinstance(scholar, dict) else None)
    if any(person.values["role"] == "pi" for person in people):
        return people
    for person in people:
        own = str(person.values["name"])
        known = person.values["role"] == "member" and own.rpartition(" ")[2] in families
        if own == name or known:
            rest = [other for other in people if other is not person]
            return [with_role(person, "pi"), *rest]
    if not name or _BODY.search(name) or name == "You R. Name":
        return people
    about = next((tree.page(f).values for f in tree.find(r"_pages/about\.md")), {})
    given = {k: v for k, v in values.items() if k.endswith("_username") or "_id" in k}
    for _file, data in tree.data_files("socials?"):
        given |= data if isinstance(data, dict) else {}
    given |= {"name": name, "role": "pi", "profile": about.get("profile")}
    made = make_person(tree, given, Place(file="_config.yml"))
    return [made, *people] if made else people
