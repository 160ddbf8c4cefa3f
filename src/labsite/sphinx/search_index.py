"""The index of the search, made from the records.

It is a script, because browsers fetch nothing from a folder without a server. The index
of many papers is in parts; the first has the newest papers and everything else.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import _

from labsite.pages.people import has_left
from labsite.site.groups import GroupKind
from labsite.site.news import anchor, news_text
from labsite.sphinx.domain import get_domain, group_title, record_content
from labsite.sphinx.mentions import prose, text_of
from labsite.sphinx.nodes import publication_item
from labsite.sphinx.people import role_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder

    from labsite.model.records import NewsItem, Person, Publication
    from labsite.site.site import SiteRecords

#: Paths of the first part of the index and of further ones, from the site's root.
INDEX_PATH = "search-index.js"
FURTHER_PATH = "search-index-{number}.js"
#: Maximum number of papers and of items of news in a part, about 100 KiB with gzip.
_PART = 2000
#: A section of a page: its title, address, heading (empty at the top) and text.
Section: TypeAlias = tuple[str, str, str, str]
#: Nodes without text, and those that the index contains as records.
_LEFT_OUT = (
    publication_item,
    addnodes.toctree,
    nodes.title,
    nodes.section,
    nodes.raw,
    nodes.comment,
    nodes.Invisible,
)
#: Classes of lists made from records, which the index already contains.
_RECORDS = {"labsite-news", "labsite-people", "labsite-names", "labsite-groups"}


def note_sections(app: Sphinx, doctree: nodes.document) -> None:
    """Store the sections of a document that has been read.

    Loading every document again for the index would double the time of a build in which
    nothing has changed.
    """
    found, domain = [], get_domain(app.env)
    for section in doctree.findall(nodes.section):
        top = isinstance(section.parent, nodes.document)
        heading = None if top else section.next_node(nodes.title)
        found.append(
            (
                "" if top else f"#{section['ids'][0]}",
                heading.astext() if heading else "",
                " ".join(_words(section, domain.site)),
            )
        )
    domain.data["sections"][app.env.docname] = found


def read_sections(builder: StandaloneHTMLBuilder) -> Iterator[Section]:
    """Yield every section of all written pages, and the pages of lists."""
    env, domain = builder.env, get_domain(builder.env)
    site = domain.site
    people = {person.docname for person in site.people}
    for docname, sections in sorted(domain.data["sections"].items()):
        in_place = docname.startswith(f"{site.publications_dir}/")
        if in_place and docname != f"{site.publications_dir}/index":
            continue
        title, address = env.titles[docname].astext(), builder.get_target_uri(docname)
        for fragment, heading, text in sections:
            if text or not (docname in people or fragment):
                yield title, address + fragment, heading, text
    for group in site.groups.values():
        papers = site.select(group.query)
        venue = papers[0].venue if group.kind is GroupKind.VENUE else None
        text = venue.name if venue else "; ".join(str(p.title) for p in papers[:3])
        address = builder.get_target_uri(site.group_docname(group))
        yield group_title(group), address, "", text


def _words(node: nodes.Node, site: SiteRecords) -> Iterator[str]:
    """Yield the text of a section, without its subsections and lists of records."""
    children = node["content"] if isinstance(node, record_content) else node.children
    for child in children:
        if isinstance(child, _LEFT_OUT):
            continue
        if isinstance(child, nodes.Element) and _RECORDS & {*child["classes"]}:
            continue
        if isinstance(child, nodes.TextElement):
            yield prose("".join(text_of(child, site)))
        else:
            yield from _words(child, site)


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
    people: dict[str, list[str]] = {uri(person.docname): [] for person in site.people}
    pages = []
    for section in sections:
        page = section[1].partition("#")[0]
        if page in people:
            people[page].append(section[-1])
        else:
            pages.append(section)
    first: dict[str, Any] = {
        "synonyms": synonyms,
        "people": [_person(person, site, uri, people) for person in site.people],
        "pages": pages,
    }
    papers, news = site.library.publications, site.news
    starts = range(0, max(len(papers), len(news), 1), _PART)
    for number, start in enumerate(starts):
        chosen = slice(start, start + _PART)
        part = {} if number else first
        part["papers"] = [_paper(paper, site, uri) for paper in papers[chosen]]
        part["news"] = [_news(item, site, uri) for item in news[chosen]]
        if number + 1 < len(starts):
            part["next"] = _path(number + 1)
        text = json.dumps(part, ensure_ascii=False, separators=(",", ":"))
        yield _path(number), f"labsiteSearch.add({text});\n"


def _path(number: int) -> str:
    return FURTHER_PATH.format(number=number + 1) if number else INDEX_PATH


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


def _person(
    person: Person,
    site: SiteRecords,
    uri: Callable[[str], str],
    texts: Mapping[str, Sequence[str]],
) -> list[str]:
    """Return name, address, role, interests, other names, and the page's text."""
    roles = (
        (_("Alumni"), person.degree, person.now)
        if has_left(person, site.today)
        else (person.position, role_labels(person.role, site)[0])
    )
    address = uri(person.docname)
    return [
        person.name,
        address,
        " · ".join(part for part in dict.fromkeys(roles) if part),
        ", ".join(person.interests),
        ", ".join((*dict(person.names).values(), *person.aliases)),
        " ".join(texts[address]),
    ]


def _news(item: NewsItem, site: SiteRecords, uri: Callable[[str], str]) -> list[str]:
    address = f"{uri(site.news_page(item))}#{anchor(item)}"
    return [news_text(item, site), address, item.issued.isoformat()]
