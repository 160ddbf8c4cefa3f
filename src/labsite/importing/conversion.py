"""From what is found in an old site to the files of a new one."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from labsite.bibtex.fields import is_link_field
from labsite.bibtex.reader import read_library
from labsite.bibtex.writer import content
from labsite.editing.fix import fix_files
from labsite.importing.documents import Conversion, add_lists, add_news, place_pages
from labsite.importing.papers import bibliography, merge, tidy
from labsite.importing.places import Places
from labsite.importing.records import Place, Record
from labsite.importing.tree import PICTURES
from labsite.importing.values import slug_of, texts_of
from labsite.model.records import Person
from labsite.model.sources import PageSource
from labsite.site.authorship import Identities
from labsite.text.values import parse_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from labsite.importing.records import OldSite, Paper
    from labsite.importing.tree import Tree

BIBFILE = "publications.bib"
TOPICS_FIELD = "topics"
_FEWEST = 2  #: papers that make a word of theirs a topic
_MOST_TOPICS = 12  #: that are made of words of papers


def convert(old: OldSite, tree: Tree) -> Conversion:
    """Return the files of a site with all that has been found."""
    made = Conversion(old, tree, Places(tree=tree, site=old.address))
    papers = [_with_files(made, tidy(paper)) for paper in merge(old.papers, tree)]
    made.topics = _find_topics(old, papers)
    papers = [_with_topics(paper, made.topics) for paper in papers]
    _add_bibliography(made, papers)
    for paper in papers:
        made.places.lead(paper.place, f"publications/{paper.key}")
    for section, records in (("research", made.topics), ("team", old.people)):
        for record in records:
            made.places.lead(record.place, f"{section}/{record.slug}")
    for item in old.news:
        made.places.lead(item.place, "news/index")
    sections = place_pages(made)
    for person in _with_aliases(made):
        _add_person(made, person)
    for topic in made.topics:
        _add_topic(made, topic)
    for item in old.news:
        add_news(made, item)
    add_lists(made, sections)
    papers_of_site = (f"publications/{p.key}" for p in made.library.publications)
    made.redirects = made.places.redirects({*made.pages, *papers_of_site})
    return made


def _with_files(made: Conversion, paper: Paper) -> Paper:
    """Return a paper with its files where they will be, without those that are lost."""
    fields = dict(paper.fields)
    for name, value in paper.fields.items():
        text = re.sub(r"\\([_%&#~])", r"\1", content(value) or "").strip()
        if name == "preview":
            new = made.places.copy(text, "previews", paper.folder, stem=paper.key)
            known = new and f".{new.rpartition('.')[2]}" in PICTURES
            new = new.removeprefix("previews/") if new and known else None
        elif not is_link_field(name):
            continue
        elif "://" in text:
            new = parse_address(text)
        else:
            new = made.places.copy(text, "_static/papers", paper.folder)
        if new is None:
            message = f"{paper.key}: {name}: '{text[:80]}' leads nowhere; left out"
            made.tree.note(paper.place, message)
            del fields[name]
        elif "://" not in text:
            fields[name] = f"{{{new}}}"
    return replace(paper, fields=fields)


def _find_topics(old: OldSite, papers: Sequence[Paper]) -> list[Record]:
    """Return the pages of topics; without any, of the words that papers share."""
    topics = {topic.slug: topic for topic in reversed(old.topics) if topic.slug}
    if topics:
        return list(reversed(topics.values()))
    words = {slug_of(word): word for paper in papers for word in paper.topics}
    counts = Counter(slug for p in papers for slug in {*map(slug_of, p.topics)} if slug)
    common = (s for s, n in counts.most_common(_MOST_TOPICS) if n >= _FEWEST)
    titles = {slug: words[slug][:1].upper() + words[slug][1:] for slug in common}
    return [
        Record(place=Place(file=""), slug=slug, front={"title": title}, words=(slug,))
        for slug, title in titles.items()
    ]


def _with_topics(paper: Paper, topics: Iterable[Record]) -> Paper:
    words = {*map(slug_of, (*paper.topics, paper.key))}
    mine = [t.slug for t in topics if words & {*map(slug_of, (t.slug, *t.words))}]
    fields = {n: v for n, v in paper.fields.items() if n != TOPICS_FIELD}
    fields |= {TOPICS_FIELD: f"{{{', '.join(mine)}}}"} if mine else {}
    return replace(paper, fields=fields)


def _add_bibliography(made: Conversion, papers: Iterable[Paper]) -> None:
    text = bibliography(papers, made.old.macros)
    made.bibliography = fix_files([(BIBFILE, text.encode())])[0].after.decode()
    made.library = read_library([(BIBFILE, made.bibliography)], TOPICS_FIELD)
    for publication in made.library.publications:
        for identifier in filter(None, (publication.doi, publication.arxiv)):
            made.places.papers[identifier.lower()] = publication.key


def _with_aliases(made: Conversion) -> Iterator[Record]:
    """Yield people, with the spellings that differ from one name in initials only."""
    identities = Identities(
        Person(
            slug=person.slug,
            name=person.title,
            role="",
            docname="",
            aliases=tuple(texts_of(person.front.get("aliases"))),
            source=PageSource(file=""),
        )
        for person in made.old.people
    )
    creators = (c for p in made.library.publications for c in p.creators)
    found: dict[str, list[str]] = {}
    for name in sorted({c.name for c in creators if not identities.resolve(c)}):
        near = identities.near_to(name)
        initials = all(len(word) <= 1 for word in re.split(r"[\s.-]+", name)[:-1])
        initials = initials or identities.differ_in_initials(name, near)
        if len(near) == 1 and initials:
            found.setdefault(near[0].slug, []).append(name)
    for person in made.old.people:
        spellings = found.get(person.slug, [])
        if spellings:
            message = f"{person.title}: taken for {', '.join(spellings)} in papers"
            made.tree.note(person.place, f"{message}; look whether all are")
        aliases = [*texts_of(person.front.get("aliases")), *spellings]
        yield replace(person, front={**person.front, "aliases": aliases})


def _add_person(made: Conversion, person: Record) -> None:
    front = dict(person.front)
    if person.picture:
        front["photo"] = f"{person.slug}{person.picture.suffix.lower()}"
        made.places.copies[f"team/{front['photo']}"] = person.picture
    made.add(f"team/{person.slug}", replace(person, front=front))


def _add_topic(made: Conversion, topic: Record) -> None:
    if topic.picture:
        path = topic.picture.relative_to(made.tree.root).as_posix()
        words = re.sub(r"[\[\]]", "", topic.title)
        topic = replace(topic, body=f"![{words}](/{path})\n\n{topic.body}")
    known = any(topic.slug in paper.topics for paper in made.library.publications)
    papers = f"## Publications\n\n```{{publications}}\n:topic: {topic.slug}\n```"
    made.add(f"research/{topic.slug}", topic, papers if known else "")
