"""The index of the search, made from the records.

It is a script, because browsers fetch nothing from a folder without a server. The index
of many papers is in parts; the first has the newest papers and everything else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sphinx.locale import _

from labsite.pages.people import has_left
from labsite.site.news import anchor, news_text
from labsite.sphinx.people import role_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from labsite.model.records import NewsItem, Person, Publication
    from labsite.site.site import SiteRecords

#: Paths of the first part of the index and of further ones, from the site's root.
INDEX_PATH = "search-index.js"
FURTHER_PATH = "search-index-{number}.js"
#: Maximum number of papers and of items of news in a part, about 100 KiB with gzip.
_PART = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section of a page, or the page of a list."""

    title: str  #: of the page
    address: str  #: from the site's root, with the fragment
    heading: str  #: empty for the top of the page
    text: str  #: plain


def read_synonyms(text: str) -> list[list[str]]:
    """Return groups of words and phrases with the same meaning.

    :param text: a group in each line, by comma; ``#`` begins a comment
    """
    lines = (line.partition("#")[0] for line in text.splitlines())
    groups = ([w.strip() for w in line.split(",") if w.strip()] for line in lines)
    return [group for group in groups if len(group) > 1]


def render_index(
    site: SiteRecords,
    uri: Callable[[str], str],
    sections: Iterable[Section],
    synonyms: Sequence[Sequence[str]] = (),
) -> Iterator[tuple[str, str]]:
    """Yield path and text of each part of the index.

    :param uri: returns the address of a document, relative to the site's root
    """
    written = list(sections)
    people = {uri(person.docname): person for person in site.people}
    about: dict[str, list[str]] = {}
    for section in written:
        about.setdefault(section.address.partition("#")[0], []).append(section.text)
    first: dict[str, Any] = {
        "synonyms": synonyms,
        "people": [
            _person(person, address, site, " ".join(about.get(address, ())))
            for address, person in people.items()
        ],
        "pages": [
            [s.title, s.address, s.heading, s.text]
            for s in written
            if s.address.partition("#")[0] not in people
        ],
    }
    papers, news = site.library.publications, site.news
    starts = range(0, max(len(papers), len(news), 1), _PART)
    for number, start in enumerate(starts):
        chosen = slice(start, start + _PART)
        part = dict(first) if number == 0 else {}
        part |= _part(papers[chosen], news[chosen], site, uri)
        if number + 1 < len(starts):
            part["next"] = _path(number + 1)
        text = json.dumps(part, ensure_ascii=False, separators=(",", ":"))
        yield _path(number), f"labsiteSearch.add({text});\n"


def _path(number: int) -> str:
    return FURTHER_PATH.format(number=number + 1) if number else INDEX_PATH


def _part(
    publications: Sequence[Publication],
    news: Sequence[NewsItem],
    site: SiteRecords,
    uri: Callable[[str], str],
) -> dict[str, Any]:
    return {
        "papers": [_paper(paper, site, uri) for paper in publications],
        "news": [_news(item, site, uri) for item in news],
    }


def _paper(
    paper: Publication, site: SiteRecords, uri: Callable[[str], str]
) -> list[Any]:
    topics = map(site.topics_by_slug.get, paper.topics)
    return [
        str(paper.title),
        uri(site.docname(paper)),
        paper.issued.year,
        [creator.name for creator in paper.creators],
        [paper.venue.label, paper.venue.name] if paper.venue else [],
        [topic.title for topic in topics if topic],
        " ".join(dict.fromkeys(_identifiers(paper))),
        " ".join(_further_words(paper, site)),
    ]


def _identifiers(paper: Publication) -> Iterator[str]:
    """Yield keys, DOIs and arXiv numbers of all versions of a paper."""
    yield from (paper.key, *paper.aliases)
    for version in (paper, *paper.versions):
        yield from filter(None, (version.doi, version.arxiv))


def _further_words(paper: Publication, site: SiteRecords) -> Iterable[str]:
    """Return other words that find a paper, such as "best paper" or "code"."""
    titles = dict.fromkeys(str(version.title) for version in paper.versions)
    return (
        paper.kind.value,
        *site.awards(paper),
        *dict.fromkeys(link.label for link in paper.links),
        *(title for title in titles if title != str(paper.title)),
        paper.text("summary") or "",
    )


def _person(person: Person, address: str, site: SiteRecords, text: str) -> list[str]:
    """Return name, address, role, interests, other names, and the page's text."""
    roles = (
        (_("Alumni"), person.degree, person.now)
        if has_left(person, site.today)
        else (person.position, role_labels(person.role, site)[0])
    )
    return [
        person.name,
        address,
        " · ".join(part for part in dict.fromkeys(roles) if part),
        ", ".join(person.interests),
        ", ".join((*dict(person.names).values(), *person.aliases)),
        text,
    ]


def _news(item: NewsItem, site: SiteRecords, uri: Callable[[str], str]) -> list[str]:
    address = f"{uri(site.news_page(item))}#{anchor(item)}"
    return [news_text(item, site), address, item.issued.isoformat()]
