"""The index that the search's script reads: compact, from the records.

Names, venues and topics stand once in tables of their own; a paper has their numbers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from labsite.site.news import anchor, news_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from labsite.model.records import NewsItem, Person, Publication
    from labsite.site.site import SiteRecords

#: Where the index is, from the site's root.
INDEX_PATH = "search.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a page that somebody wrote."""

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


def render_index(
    site: SiteRecords, uri: Callable[[str], str], sections: Iterable[Section]
) -> str:
    """Return the index as JSON.

    :param uri: from a document to its address from the site's root
    """
    names, venues, topics = _Table(), _Table(), _Table()
    papers = []
    for paper in site.library.publications:
        venue = (paper.venue.label, paper.venue.name) if paper.venue else None
        papers.append(
            [
                str(paper.title),
                uri(site.docname(paper)),
                paper.issued.year,
                [names.number(creator.name) for creator in paper.creators],
                -1 if venue is None else venues.number(venue),
                [topics.number(title) for title in _topic_titles(paper, site)],
            ]
        )
    index = {
        "names": names.values,
        "venues": venues.values,
        "topics": topics.values,
        "papers": papers,
        "people": [_person(person, uri) for person in site.people],
        "news": [_news(item, site, uri) for item in site.news],
        "pages": [[s.title, s.address, s.heading, s.text] for s in sections],
    }
    return json.dumps(index, ensure_ascii=False, separators=(",", ":")) + "\n"


def _topic_titles(paper: Publication, site: SiteRecords) -> Iterable[str]:
    known = (site.topics_by_slug.get(slug) for slug in paper.topics)
    return (topic.title for topic in known if topic)


def _person(person: Person, uri: Callable[[str], str]) -> list[str]:
    """Return name and address, what to show, and other words to be found by."""
    shown = (*dict(person.names).values(), person.position, ", ".join(person.interests))
    return [
        person.name,
        uri(person.docname),
        " · ".join(part for part in shown if part),
        " ".join(person.aliases),
    ]


def _news(item: NewsItem, site: SiteRecords, uri: Callable[[str], str]) -> list[str]:
    address = f"{uri(f'{site.news_dir}/index')}#{anchor(item)}"
    return [news_text(item, site), address, item.issued.isoformat()]
