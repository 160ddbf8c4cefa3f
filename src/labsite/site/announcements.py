"""What an item of news says in plain words, and its place on the page of news."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labsite.model.digests import digest_text
from labsite.model.records import Kind
from labsite.text.latex import decode
from labsite.text.markup import Role, plain_text

if TYPE_CHECKING:
    from labsite.model.records import NewsItem, Publication
    from labsite.site.site import SiteRecords

_SAFE_SLUG = re.compile(r"[A-Za-z0-9_.-]+")
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")
_KEYS = re.compile(r"(?:\{([^{}]*)\}\s*)?([^\s,{}]+)\s*(?:\{([^{}]*)\})?")
#: Authors whom a citation names; more of them are "et al.".
_NAMED_AUTHORS = 2


def anchor(item: NewsItem) -> str:
    """Return the id of an item on the page of news: stable, and only that item's."""
    if _SAFE_SLUG.fullmatch(item.slug):
        return f"news-{item.slug}"
    safe = _UNSAFE.sub("-", item.slug).strip("-")
    return f"news-{safe}-{digest_text(item.slug)[:8]}"


def announcement(publication: Publication) -> str:
    """Return how the news goes on after the title of a paper that was accepted.

    A meeting has a year: "at HPCA 2026"; a journal is only named: "by IEEE CAL".
    """
    venue, year = publication.venue, publication.issued.year
    if venue is None:
        return " has been accepted."
    if publication.kind is Kind.JOURNAL:
        return f" has been accepted by {venue.label}."
    dated = f" {year}" if year and str(year) not in venue.label else ""
    return f" has been accepted at {venue.label}{dated}."


def news_text(item: NewsItem, site: SiteRecords) -> str:
    """Return the text of an item without markup, for feeds."""
    if item.drafted:
        known = site.library.by_key
        papers = [known[key] for key in item.papers if key in known]
        return " ".join(f"{paper.title}{announcement(paper)}" for paper in papers)
    return plain_text(item.text, lambda role: _say(role, site))


def _say(role: Role, site: SiteRecords) -> str:
    """Return the words that stand on the page where the role is."""
    name = role.name
    if name == "math":
        return str(decode(f"${role.content}$"))
    if name.partition(":")[0] in {"cite", "footcite"}:
        return _cite(role, site)
    if role.title:
        return role.title
    publication = site.library.by_key.get(role.target)
    if name == "pub:ref" and publication:
        return str(publication.title)
    person = site.people_by_name.get(role.target)
    return person.name if name == "person" and person else role.target


def _cite(role: Role, site: SiteRecords) -> str:
    """Return a citation by author and year, as the pages have it."""
    textual = role.name.partition(":")[2] in {"t", "ts", "ct", "cts"}
    cited = []
    for before, key, after in _KEYS.findall(role.content):
        publication = site.library.by_key.get(key)
        if publication is None:
            cited.append(key)
            continue
        who, year = _authors(publication), str(publication.issued.year or "n.d.")
        note = f", {after}" if after else ""
        said = f"{who} ({year}{note})" if textual else f"{who}, {year}{note}"
        cited.append(f"{before} {said}" if before else said)
    return ", ".join(cited) if textual else f"({'; '.join(cited)})"


def _authors(publication: Publication) -> str:
    names = [
        " ".join(filter(None, (creator.particle, creator.family)))
        for creator in publication.creators
    ]
    if len(names) > _NAMED_AUTHORS:
        return f"{names[0]} et al."
    return " and ".join(names) or str(publication.title)
