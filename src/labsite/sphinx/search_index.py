"""The index that the search's script reads: compact, from the records.

It is a script, since browsers fetch nothing from a folder that no server serves. Names,
venues and topics stand once in tables of their own; a paper has their numbers. Where
there are many papers the index is in parts, the newest papers and all else first.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sphinx.locale import _

from labsite.pages.people import has_left
from labsite.site.news import anchor, news_text
from labsite.sphinx.people import role_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from labsite.model.records import NewsItem, Person, Publication
    from labsite.site.site import SiteRecords

#: Where the first part of the index is, from the site's root, and where further ones.
INDEX_PATH = "search-index.js"
FURTHER_PATH = "search-index-{number}.js"
#: How many papers and items of news a part has at most: some 100 KiB with gzip.
_PART = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a page that somebody wrote, or a list."""

    title: str  #: of the page
    address: str  #: from the site's root, with the fragment
    heading: str  #: empty for what stands under the title itself
    text: str  #: plain


@dataclass(slots=True)
class _Table:
    """Values that are said once and then meant by their numbers."""

    values: list[Any] = field(default_factory=list)
    _numbers: dict[Any, int] = field(default_factory=dict)

    def number(self, value: object) -> int:
        """Return the place of *value* in :attr:`values`, where it now is."""
        if value not in self._numbers:
            self._numbers[value] = len(self.values)
            self.values.append(value)
        return self._numbers[value]


def read_synonyms(text: str) -> list[list[str]]:
    """Return the groups of words and phrases that mean the same.

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
    """Yield the address and text of each part of the index.

    :param uri: from a document to its address from the site's root
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
    names, venues, topics = _Table(), _Table(), _Table()
    papers = []
    for paper in publications:
        venue = (paper.venue.label, paper.venue.name) if paper.venue else None
        papers.append(
            [
                str(paper.title),
                uri(site.docname(paper)),
                paper.issued.year,
                [names.number(creator.name) for creator in paper.creators],
                -1 if venue is None else venues.number(venue),
                [topics.number(title) for title in _topic_titles(paper, site)],
                " ".join(dict.fromkeys(_identifiers(paper))),
                " ".join(_further_words(paper, site)),
            ]
        )
    return {
        "names": names.values,
        "venues": venues.values,
        "topics": topics.values,
        "papers": papers,
        "news": [_news(item, site, uri) for item in news],
    }


def _topic_titles(paper: Publication, site: SiteRecords) -> Iterable[str]:
    known = (site.topics_by_slug.get(slug) for slug in paper.topics)
    return (topic.title for topic in known if topic)


def _identifiers(paper: Publication) -> Iterator[str]:
    """Yield keys, DOIs and arXiv numbers of the work, in all its versions."""
    yield from (paper.key, *paper.aliases)
    for version in (paper, *paper.versions):
        yield from filter(None, (version.doi, version.arxiv))


def _further_words(paper: Publication, site: SiteRecords) -> Iterable[str]:
    """Return what else a paper is found by, such as "best paper" or "code"."""
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
