"""Docutils nodes of records: items of lists, references and text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import _
from sphinx.util.i18n import format_date

from labsite.bibtex.fields import LINK_FIELDS
from labsite.model.dates import PartialDate
from labsite.model.records import Creator, Link, Publication
from labsite.model.rich_text import RichText, Style
from labsite.pictures.pictures import THUMBNAIL
from labsite.site.site import SiteRecords
from labsite.sphinx.languages import language_class
from labsite.sphinx.pictures import record_picture
from labsite.text.formulas import find_fault
from labsite.text.values import parse_address

#: Attributes of text of records: it is not translated, and its quotes are those of the
#: metadata and the exports.
EXACT = {"translatable": False, "support_smartquotes": False}
#: Names in an item of a list, and members of the lab after them; some papers have
#: thousands of authors.
_MOST_CREATORS = 50
#: The links that make a publication a project.
_PROJECT_LINKS = {name for name, field in LINK_FIELDS.items() if field.project}
#: The mark of authors who contributed equally.
EQUAL_MARK = "*"


class publication_item(nodes.list_item):
    """A publication in a list.

    ``key`` is its citation key. It has no children: :mod:`labsite.sphinx.items` inserts
    the content when a page is written.
    """


class filterable_list(nodes.container):
    """A list that a script may filter."""


def rich_text(text: RichText, *, links: bool = False) -> list[nodes.Node]:
    """Return text with its styles as nodes.

    :param links: whether addresses become links, which a title must not have
    """
    result: list[nodes.Node] = []
    for span in text.spans:
        node: nodes.Node = nodes.Text(span.text)
        if span.style is Style.MATH and find_fault(span.text):
            # A check reports it at its line; a page shows the source.
            node = nodes.Text(str(span))
        elif span.style is not Style.TEXT:
            # docutils has a node of the same name for each style.
            node = getattr(nodes, span.style)(span.text, "", node)
        address = parse_address(span.target) if links and span.target else None
        if address:
            node = nodes.reference("", "", node, refuri=address, internal=False)
        result.append(node)
    return result


def publication_list(publications: Iterable[Publication]) -> nodes.bullet_list:
    """Return a list of publications."""
    classes = ["labsite-publication"]
    items = (publication_item(key=p.key, classes=classes) for p in publications)
    return nodes.bullet_list("", *items, classes=["labsite-publications"])


def publication_heading(
    publication: Publication, site: SiteRecords
) -> list[nodes.Node]:
    """Return the thumbnail and the title of an item."""
    title = paragraph("labsite-title", publication_reference(publication, site))
    return [*record_picture(publication, site, THUMBNAIL), title]


def publication_facts(
    publication: Publication, site: SiteRecords
) -> Iterator[nodes.paragraph]:
    """Yield a line each of authors, venue and date, awards, and links."""
    if publication.creators:
        yield paragraph("labsite-authors", *_creators(publication, site))
    yield paragraph("labsite-venue", *_venue_and_date(publication, site))
    for award in site.awards[publication.key]:
        yield paragraph("labsite-award", award)
    yield from link_line(publication.links)


def link_line(links: Iterable[Link]) -> Iterator[nodes.paragraph]:
    """Yield a line of buttons, if there are any."""
    return line("labsite-links", map(link_reference, links))


def publication_reference(
    publication: Publication, site: SiteRecords
) -> addnodes.pending_xref:
    """Return a reference to the publication's page, with its title as text."""
    content = inline(None, *rich_text(publication.title))
    return reference("ref", publication.key, content, language_class(publication, site))


def project_links(publication: Publication) -> tuple[Link, ...]:
    """Return the links to code, artifacts and data, in the order of the buttons."""
    return tuple(link for link in publication.links if link.name in _PROJECT_LINKS)


def reference(
    typ: str, target: str, content: nodes.inline | str, class_name: str | None = None
) -> addnodes.pending_xref:
    """Return a reference that the domain of publications resolves.

    :param typ: "ref" for a paper by its key, "page" for a document, with or without a
        query, or "file" for a path from the root of the built site
    """
    return addnodes.pending_xref(
        "",
        inline(None, content) if isinstance(content, str) else content,
        refdomain="pub",
        reftype=typ,
        reftarget=target,
        refexplicit=True,
        refwarn=True,
        classes=(class_name or "").split(),
    )


def link_reference(link: Link) -> nodes.Element:
    """Return a button for one of the publication's links."""
    label = _(link.label)
    if "://" not in link.url:
        return reference("file", link.url, label, "labsite-link")
    return nodes.reference("", label, refuri=link.url, classes=["labsite-link"])


def contribution_legend(
    publications: Iterable[Publication],
) -> Iterator[nodes.paragraph]:
    """Yield a line that explains the mark beside authors, if there is any."""
    if any(c.equal for publication in publications for c in publication.creators):
        mark = nodes.superscript("", EQUAL_MARK)
        yield paragraph("labsite-legend", mark, " " + _("Equal contribution"))


def format_issued(issued: PartialDate, language: str) -> str:
    """Return the date in words with the given precision: "February 2026"."""
    if not issued.month:
        return str(issued.year or "")
    instant = datetime(issued.year, issued.month, issued.day or 1, tzinfo=UTC)
    pattern = _("%-d %B %Y") if issued.day else _("%B %Y")
    return format_date(pattern, date=instant, language=language)


def _venue_and_date(
    publication: Publication, site: SiteRecords
) -> Iterator[nodes.Node | str]:
    venue, issued = publication.venue, publication.issued
    if venue:
        docname = site.venues[venue.label].docname
        labelled = venue.label != venue.name
        name_class = "labsite-venue-short" if labelled else "labsite-venue-full"
        yield reference("page", docname, venue.label, name_class)
        if labelled:
            yield " "
            yield inline("labsite-venue-full", venue.name)
    if issued:
        yield ", " if venue else ""
        yield inline("labsite-date", format_issued(issued, site.language))
    if publication.note:
        yield " · "
        yield inline("labsite-note", *rich_text(publication.note, links=True))
    if site.is_forthcoming(publication):
        yield " · "
        yield inline("labsite-forthcoming", _("To appear"))


def _creators(
    publication: Publication, site: SiteRecords
) -> Iterator[nodes.Node | str]:
    creators = publication.creators
    shown, beyond = creators[:_MOST_CREATORS], creators[_MOST_CREATORS:]
    members = (c for c in beyond if site.identities.resolve(c) is not None)
    shown += tuple(islice(members, _MOST_CREATORS))
    # Each name is an element, for the filter.
    yield from joined((_creator(creator, site) for creator in shown), ", ")
    if publication.more_creators or len(shown) < len(creators):
        yield _(", and others")


def _creator(creator: Creator, site: SiteRecords) -> nodes.Element:
    person, name = site.identities.resolve(creator), creator.name
    node = reference("page", person.docname, name) if person else inline(None, name)
    mark = nodes.superscript("", EQUAL_MARK)
    return inline(None, node, mark) if creator.equal else node


def more_reference(number: int, docname: str) -> nodes.paragraph:
    """Return a reference to the page with the rest of a list."""
    link = reference("page", docname, _("%d more") % number)
    return paragraph("labsite-more", link)


def make_section(
    anchor: str, title: str, *content: nodes.Node, number: int = 0
) -> nodes.section:
    """Return a section; its id is "section" if the anchor has no Latin letters.

    :param number: of items, which the heading shows
    """
    shown = (f"{title} ", count_mark(number)) if number else (title,)
    heading = nodes.title(title, "", *as_nodes(shown), **EXACT)
    ids = [nodes.make_id(anchor) or "section"]
    return nodes.section("", heading, *content, ids=ids)


def paragraph(class_name: str | None, *children: nodes.Node | str) -> nodes.paragraph:
    """Return a paragraph of a record's text."""
    classes = (class_name or "").split()
    return nodes.paragraph("", "", *as_nodes(children), classes=classes, **EXACT)


def line(
    class_name: str, items: Iterable[nodes.Node | str], separator: str = " "
) -> Iterator[nodes.paragraph]:
    """Yield a line of items, if there are any."""
    if shown := [*joined(items, separator)]:
        yield paragraph(class_name, *shown)


def inline(class_name: str | None, *children: nodes.Node | str) -> nodes.inline:
    """Return an inline element of a paragraph."""
    classes = (class_name or "").split()
    return nodes.inline("", "", *as_nodes(children), classes=classes)


def bullet_list(
    class_name: str, items: Iterable[Iterable[nodes.Node]], item_class: str = ""
) -> nodes.bullet_list:
    """Return a list of items, each of which is given by its content."""
    classes = item_class.split()
    listed = (nodes.list_item("", *content, classes=classes) for content in items)
    return nodes.bullet_list("", *listed, classes=[class_name])


def definition_list(
    class_name: str, items: Iterable[tuple[nodes.Node | str, Iterable[nodes.Node]]]
) -> nodes.definition_list:
    """Return a list of terms, each with its definition."""
    result = nodes.definition_list(classes=[class_name])
    for term, content in items:
        pair = nodes.term("", "", *as_nodes([term])), nodes.definition("", *content)
        result += nodes.definition_list_item("", *pair)
    return result


def count_mark(number: int) -> nodes.inline:
    """Return the number that follows the name of a list."""
    return inline("labsite-count", str(number))


def as_nodes(children: Iterable[nodes.Node | str]) -> Iterator[nodes.Node]:
    """Yield *children*, with strings as text nodes."""
    return (nodes.Text(c) if isinstance(c, str) else c for c in children)


def joined(items: Iterable[nodes.Node | str], separator: str) -> Iterator[nodes.Node]:
    """Yield *items* as nodes, with the separator between them."""
    for position, item in enumerate(as_nodes(items)):
        if position:
            yield nodes.Text(separator)
        yield item
