"""The search: an index of records and pages, and the page of results.

With the theme ``labsite`` it replaces Sphinx's search. The index is a script, since
browsers fetch nothing from a folder without a server. That of many papers is in parts;
the first has the newest papers and everything else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.locale import _

from labsite.model.files import read_text
from labsite.model.records import NewsItem, Person, Publication
from labsite.model.repository import leads_outside
from labsite.rebuild.last_build import makes_pages
from labsite.site.configuration import THEME
from labsite.site.news import anchor, news_text
from labsite.site.site import SiteRecords
from labsite.sphinx.directives import record_content
from labsite.sphinx.domain import PublicationDomain, get_domain, page_title
from labsite.sphinx.languages import load_translations
from labsite.sphinx.mentions import prose, text_of
from labsite.sphinx.nodes import publication_item
from labsite.sphinx.people import role_labels
from labsite.theme import FOLDER

#: Of a section, or of a page with a list: title of the page, address from the
#: site's root, heading (empty for the top of the page), and text.
Section = tuple[str, str, str, str]

#: Paths of the first part of the index and of further ones, from the site's root.
_INDEX_PATH = "search-index.js"
_FURTHER_PATH = "search-index-{}.js"
#: The file of synonyms: that of the theme, and that of the site beside ``conf.py``.
SYNONYMS = "synonyms.txt"
#: Maximum number of papers and of items of news in a part, about 100 KiB with gzip.
_PART = 2000
#: Nodes without text, messages, which Sphinx removes later, and what the index contains
#: as records.
_LEFT_OUT = (
    publication_item,
    addnodes.toctree,
    nodes.title,
    nodes.section,
    nodes.raw,
    nodes.system_message,
    nodes.Invisible,
)
#: Classes of lists made from records, which the index already contains.
_RECORDS = {
    *("labsite-chart", "labsite-groups", "labsite-names", "labsite-news"),
    *("labsite-people", "labsite-timeline-year"),
}


def add_results_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the page of results in each language; the inventory has the last one's."""
    folders = (*app.config.labsite_languages, "") if makes_pages(app.builder) else ()
    for folder in folders:
        title = load_translations(folder or app.config.language).gettext("Search")
        yield f"{folder}/search".lstrip("/"), {"title": title}, "labsite-search.html"


def plan_index(builder: StandaloneHTMLBuilder) -> Iterator[tuple[str, str]]:
    """Yield path and text of each part of the index, which our theme alone has."""
    if builder.config.html_theme != THEME:
        return
    synonyms = (FOLDER / SYNONYMS).read_text("utf-8")
    own = Path(builder.confdir, SYNONYMS)
    if own.is_file() and not leads_outside(own):
        synonyms += f"\n{read_text(own, SYNONYMS)[0]}"
    site, uri = get_domain(builder.env).site, builder.get_target_uri
    yield from render_index(site, uri, _read_sections(builder.env, uri), synonyms)


def render_index(
    site: SiteRecords,
    uri: Callable[[str], str],
    sections: Iterable[Section],
    synonyms: str = "",
) -> Iterator[tuple[str, str]]:
    """Yield path and text of each part of the index.

    :param uri: returns the address of a document, relative to the site's root
    :param synonyms: words and phrases with the same meaning in each line, by comma;
        ``#`` begins a comment
    """
    texts: dict[str, list[str]] = {uri(person.docname): [] for person in site.people}
    pages = []
    for section in sections:
        own = texts.get(section[1].partition("#")[0])
        pages.append(section) if own is None else own.append(section[3])
    lines = (line.partition("#")[0].split(",") for line in synonyms.splitlines())
    groups = ([word.strip() for word in line if word.strip()] for line in lines)
    part: dict[str, Any] = {
        "languages": [site.settings.language, *site.settings.languages],
        "synonyms": [group for group in groups if len(group) > 1],
        "people": [
            _person(person, address, site, " ".join(text))
            for person, (address, text) in zip(site.people, texts.items(), strict=True)
        ],
        "pages": pages,
    }
    papers = [_paper(paper, site, uri) for paper in site.library.publications]
    news = [_item(item, site, uri) for item in site.news]
    path, most = _INDEX_PATH, max(len(papers), len(news), 1)
    for start in range(0, most, _PART):
        end = start + _PART
        part |= {"papers": papers[start:end], "news": news[start:end]}
        further = _FURTHER_PATH.format(end // _PART + 1)
        if end < most:
            part["next"] = further
        text = json.dumps(part, ensure_ascii=False, separators=(",", ":"))
        yield path, f"labsiteSearch.add({text});\n"
        part, path = {}, further


def _item(
    item: NewsItem, site: SiteRecords, uri: Callable[[str], str]
) -> tuple[str, str, str]:
    """Return text, address and date of an item of news."""
    address = f"{uri(site.page_of_news[item.slug])}#{anchor(item)}"
    return news_text(item, site, _), address, item.issued.isoformat()


def _paper(
    paper: Publication, site: SiteRecords, uri: Callable[[str], str]
) -> list[Any]:
    """Return the values by which a paper is found, with those of all its versions."""
    topics = map(site.topics_by_slug.get, paper.topics)
    versions = (paper, *paper.versions)
    numbers = (number for v in versions for number in (v.doi, v.arxiv) if number)
    titles = dict.fromkeys(str(version.title) for version in versions)
    title, *further_titles = titles
    labels = (paper.kind.value.capitalize(), *(link.label for link in paper.links))
    words = (
        *dict.fromkeys(word for label in labels for word in (label, _(label))),
        *site.awards[paper.key],
        *further_titles,
        paper.text("summary") or "",
    )
    return [
        title,
        uri(site.docname(paper)),
        paper.issued.year,
        [creator.name for creator in paper.creators],
        [paper.venue.label, paper.venue.name] if paper.venue else [],
        [topic.title for topic in topics if topic],
        " ".join(dict.fromkeys((paper.key, *paper.aliases, *numbers))),
        " ".join(words),
    ]


def _person(
    person: Person, address: str, site: SiteRecords, text: str
) -> Sequence[str]:
    """Return name, address, role, interests, other names, and the page's text."""
    roles = (
        (_("Alumni"), person.degree, person.now)
        if person.has_left(site.today)
        else (person.position, role_labels(person.role, site)[0])
    )
    return (
        person.name,
        address,
        " · ".join(part for part in dict.fromkeys(roles) if part),
        ", ".join(person.interests),
        ", ".join((*dict(person.names).values(), *person.aliases)),
        text,
    )


# ---- The text of written pages ----


def note_sections(app: Sphinx, doctree: nodes.document) -> None:
    """Store the sections of a document that has been read, with the keys of citations.

    Loading every document again for the index would double the time of a build in which
    nothing has changed.
    """
    found, domain = [], get_domain(app.env)
    page = doctree.next_node(nodes.section)  # a second main heading is below it
    for section in doctree.findall(nodes.section):
        title, is_page = section.next_node(nodes.title), section is page
        fragment = "" if is_page else f"#{section['ids'][0]}"
        heading = "" if is_page or not title else _heading(title)
        found.append((fragment, heading, "\n".join(_texts(section, domain))))
    domain.data["sections"][app.env.docname] = found


def _heading(title: nodes.title) -> str:
    """Return a heading without the number of what is below it."""
    counts = [n for n in title.findall(nodes.inline) if "labsite-count" in n["classes"]]
    return title.astext().removesuffix("".join(n.astext() for n in counts)).strip()


def _read_sections(
    env: BuildEnvironment, uri: Callable[[str], str]
) -> Iterator[Section]:
    """Yield every section of all written pages, and the pages of lists."""
    domain = get_domain(env)
    site = domain.site
    for docname, sections in sorted(domain.data["sections"].items()):
        for fragment, heading, marked in sections:
            text = prose(marked)
            if text or not (docname in site.people_by_page or fragment):
                title = env.titles[docname].astext()
                yield title, uri(docname) + fragment, heading, text
    # A document takes the place of a page of a record.
    for group in (g for g in site.groups.values() if g.docname in domain.pages):
        papers = site.select(group.query)
        text = "; ".join(str(paper.title) for paper in papers[:3])
        if group.query.venue and papers[0].venue:
            text = papers[0].venue.name
        yield page_title(group), uri(group.docname), "", text


def _texts(node: nodes.Node, domain: PublicationDomain) -> Iterator[str]:
    """Yield the texts in a node, without subsections and lists of records."""
    if isinstance(node, nodes.TextElement):
        yield " ".join("".join(text_of(node, domain.site)).split())
        return
    for part in node.children:
        in_place = isinstance(part, record_content)
        child = domain.content_of(part) if in_place else part  # type: ignore[arg-type]  # it is one
        listed = isinstance(child, nodes.Element) and _RECORDS & {*child["classes"]}
        if not (listed or isinstance(child, _LEFT_OUT)):
            texts = _texts(child, domain)
            # What follows from records cites nothing.
            yield from map(prose, texts) if in_place else texts
