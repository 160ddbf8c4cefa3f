"""All records of a site, and what is computed from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

from labsite.model.dates import PartialDate
from labsite.model.digests import digest_text
from labsite.model.records import Library, NewsItem, Person, Publication, Topic
from labsite.model.repository import is_plain_name
from labsite.pictures.pictures import Pictures
from labsite.site.authorship import HonourGiven, Identities, find_honours
from labsite.site.groups import (
    EVERYTHING,
    Group,
    divide,
    find_groups,
    in_chunks,
    paper_slugs,
)
from labsite.site.query import PublicationIndex, Query
from labsite.site.settings import NEWS, PUBLICATIONS, TOPICS, Settings

_NEVER = PartialDate(9999)
#: The fewest items on the first page of news.
_FRESH_NEWS = 100


@dataclass(frozen=True, eq=False)
class SiteRecords:
    """The records of a site, and what is computed from them."""

    settings: Settings = field(default_factory=Settings)
    library: Library = field(default_factory=Library)
    topics: tuple[Topic, ...] = ()
    people: tuple[Person, ...] = ()
    news: tuple[NewsItem, ...] = ()  #: newest first
    pictures: Pictures = field(default_factory=Pictures)
    today: PartialDate = _NEVER  #: the day of the build
    language: str = "en"
    #: The topics in other languages, by language.
    translated: Mapping[str, tuple[Topic, ...]] = field(default_factory=dict)

    @cached_property
    def topics_by_slug(self) -> Mapping[str, Topic]:
        """Every topic under its slug."""
        return {topic.slug: topic for topic in self.topics}

    @cached_property
    def by_language(self) -> Mapping[str, SiteRecords]:
        """The records as shown in each language, this one first."""
        found = {self.language: self}
        for language, topics in self.translated.items():
            tag = language.replace("_", "-")  # as of zh_CN
            people = tuple(
                replace(p, **{n: v for code, n, v in p.translations if code == tag})
                for p in self.people
            )
            found[language] = replace(
                self, language=language, topics=topics, people=people, translated={}
            )
        return found

    @cached_property
    def identities(self) -> Identities:
        """The matching of author names to people."""
        return Identities(self.people)

    @cached_property
    def authors(self) -> Mapping[str, tuple[Person, ...]]:
        """The people of the lab who wrote each publication, in order, by its key."""
        found = {}
        for paper in self.library.publications:
            people = filter(None, map(self.identities.resolve, paper.creators))
            found[paper.key] = tuple({p.slug: p for p in people}.values())
        return found

    def rank_authors(
        self, papers: Iterable[Publication]
    ) -> tuple[tuple[Person, int], ...]:
        """Return the people of the lab who wrote *papers*, and how many of them each.

        They are in descending order of that number, then by name.
        """
        people = [author for paper in papers for author in self.authors[paper.key]]
        counts = Counter(person.slug for person in people)
        found = {person.slug: person for person in people}.values()
        ranked = sorted(
            found, key=lambda p: (-counts[p.slug], p.name.casefold(), p.slug)
        )
        return tuple((person, counts[person.slug]) for person in ranked)

    def members_on(self, topic: str) -> tuple[tuple[Person, int], ...]:
        """Return the members with papers on a topic, ranked as :meth:`rank_authors`."""
        ranked = self.rank_authors(self.select(Query(topic=topic)))
        return tuple(pair for pair in ranked if not pair[0].has_left(self.today))

    @cached_property
    def people_by_name(self) -> Mapping[str, Person]:
        """Every person by slug, and by name and aliases that nobody shares."""
        named = [(name, p) for p in self.people for name in {p.name, *p.aliases}]
        shared = Counter(name for name, _person in named)
        known = {name: person for name, person in named if shared[name] == 1}
        return known | {person.slug: person for person in self.people}

    @cached_property
    def people_by_page(self) -> Mapping[str, Person]:
        """Every person by the document of the person's page."""
        return {person.docname: person for person in self.people}

    def select(self, query: Query) -> tuple[Publication, ...]:
        """Return the publications of *query* in the order of the library."""
        return self.index.select(query)

    @cached_property
    def index(self) -> PublicationIndex:
        """The publications by their traits."""
        return PublicationIndex(self.library.publications, self.authors)

    def papers_of(self, person: Person) -> tuple[Publication, ...]:
        """Return the papers of *person* in the order of the library."""
        return self.select(Query(person=person.slug))

    def complete(self, query: Query) -> Query:
        """Return *query* with a person's slug in place of the name."""
        person = self.people_by_name.get(query.person or "")
        return query._replace(person=person.slug) if person else query

    @cached_property
    def slugs(self) -> Mapping[str, str]:
        """The file name without suffix of each key's page."""
        return paper_slugs([p.key for p in self.library.publications])

    @cached_property
    def exported(self) -> Mapping[Query, Group]:
        """The groups with exports: all papers, those of each topic and each person."""
        found = [EVERYTHING]
        for t in self.topics:
            parts, path = f"{PUBLICATIONS}/topic/{t.slug}", f"{TOPICS}/{t.slug}"
            found.append(Group(Query(topic=t.slug), t.docname, parts, t.title, path))
        for p in self.people:
            parts, page = f"{PUBLICATIONS}/person/{p.slug}", p.docname
            found.append(Group(Query(person=p.slug), page, parts, p.name, page))
        return {group.query: group for group in found}

    @cached_property
    def whole_groups(self) -> tuple[Group, ...]:
        """The groups with a generated page that are no parts of others."""
        return tuple(find_groups(self.library, self.index))

    @cached_property
    def groups(self) -> Mapping[str, Group]:
        """Every group with a generated page, by its document."""
        parts = (part for parts in self.parts.values() for part in parts)
        return {group.docname: group for group in (*self.whole_groups, *parts)}

    @property
    def pages(self) -> Mapping[str, Publication | Group]:
        """What has a generated page, by document: every group and publication."""
        papers = self.library.publications
        return {**self.groups, **{self.docname(paper): paper for paper in papers}}

    @cached_property
    def parts(self) -> Mapping[Query, list[Group]]:
        """The parts of lists longer than ``split_lists_above``, newest first."""
        lists = [*self.exported.values(), *self.whole_groups]
        found: dict[Query, list[Group]] = {}
        for group in lists:  # which grows by the parts
            parts = divide(group, self.index, self.settings.split_lists_above)
            if parts:
                found[group.query] = parts
            lists += parts
        return found

    @cached_property
    def news_pages(self) -> Mapping[str, list[NewsItem]]:
        """The news by the document that shows them, newest first.

        With more than ``split_lists_above`` items, earlier years have their own.
        """
        first, most = list[NewsItem](), self.settings.split_lists_above
        found, several = {f"{NEWS}/index": first}, len(self.news) > most
        for year, members in groupby(self.news, key=lambda item: item.issued.year):
            items = [*members]
            for number, part in in_chunks(items, most):
                name = f"{year}-{number}" if len(part) < len(items) else str(year)
                if several and len(first) >= min(_FRESH_NEWS, most):
                    found[f"{NEWS}/{name}"] = [*part]
                else:
                    first += part
        return found

    @cached_property
    def page_of_news(self) -> Mapping[str, str]:
        """The document that shows an item, by the item's slug."""
        pages = self.news_pages.items()
        return {item.slug: page for page, items in pages for item in items}

    def earlier_pages(self) -> Iterator[tuple[str, Publication]]:
        """Yield the page of each earlier key (biblatex's "ids"), and its paper."""
        for paper in self.library.publications:
            for alias in filter(is_plain_name, paper.aliases):
                yield f"{PUBLICATIONS}/{alias}", paper

    @cached_property
    def venues(self) -> Mapping[str, Group]:
        """The group of each venue, by the venue's label."""
        return {g.title: g for g in self.whole_groups if g.query.venue}

    def docname(self, publication: Publication) -> str:
        """Return the document of *publication*'s page."""
        return f"{PUBLICATIONS}/{self.slugs[publication.key]}"

    def is_forthcoming(self, publication: Publication) -> bool:
        """Return whether *publication* appears after the day of the build.

        The entry may say so; else the known parts of its date are compared.
        """
        return publication.forthcoming or not publication.issued.has_come(self.today)

    def appearance(self, publication: Publication) -> str:
        """Return a digest of all that a list shows of *publication*."""
        return self._digests[publication.key][0]

    def digest(self, publication: Publication) -> str:
        """Return a digest of the whole entry of *publication*."""
        return self._digests[publication.key][1]

    @cached_property
    def _digests(self) -> Mapping[str, tuple[str, str]]:
        found = {}
        for p in self.library.publications:
            people = map(self.identities.resolve, p.creators)
            authors = (person.docname if person else "" for person in people)
            venue = [self.venues[p.venue.label].docname] if p.venue else []
            shown = (p, self.pictures.of(p), self.awards[p.key], self.is_forthcoming(p))
            # An unknown language is not in the record, but the site's own is not shown.
            language = p.field("langid", "language") or ""
            shown_digest = digest_text(
                *map(repr, shown), self.docname(p), language, *venue, *authors
            )
            fields = [(field.name, field.verbatim) for field in p.source.fields]
            whole = map(repr, (p.abstract, p.fields, fields))
            found[p.key] = (shown_digest, digest_text(shown_digest, *whole))
        return found

    @cached_property
    def awards(self) -> Mapping[str, list[str]]:
        """The awards of each publication by its key: its own, and those of people."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for honour in self.honours:
            for paper in honour.papers:
                own = honour.name.casefold() == (paper.award or "").casefold()
                place = 0 if own else len(found[paper.key])
                found[paper.key].insert(place, honour.name)
        return found

    @cached_property
    def honours(self) -> tuple[HonourGiven, ...]:
        """All awards, newest first; a shared award once."""
        return find_honours(self.people, self.library)
